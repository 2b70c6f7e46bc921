/** Mocha's spec output, and a record of what passed, failed (with the error) and was skipped (with the reason printed by the test) for scripts/test.js. */
'use strict'
const { createHook } = require('node:async_hooks')
const { writeFileSync } = require('node:fs')
const { format, inspect } = require('node:util')
const Mocha = require('mocha')

const { EVENT_HOOK_BEGIN, EVENT_RUN_END, EVENT_TEST_BEGIN, EVENT_TEST_END, EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Mocha.Runner.constants
/** How long after the last test the process may still be busy. */
const LEFT_RUNNING_MS = 5_000
/** Lines of a stack that lead from what was started to who started it. */
const STACK_LINES = 12
const PRINTING = /** @type {const} */ (['log', 'info', 'warn', 'error'])

module.exports = class SummaryReporter extends Mocha.reporters.Spec {
  /** @param {import('mocha').Runner} runner @param {import('mocha').MochaOptions} options */
  constructor(runner, options) {
    super(runner, options)
    const file = options.reporterOptions?.file
    if (typeof file !== 'string') throw new Error('The reporter needs --reporter-option file=PATH.')
    const summary = { passed: 0, failed: /** @type {{ title: string, error: string }[]} */ ([]), skipped: /** @type {{ title: string, reason: string }[]} */ ([]) }
    const reasons = new Reasons()
    runner.on(EVENT_HOOK_BEGIN, (hook) => reasons.begin(hook.parent))
    runner.on(EVENT_TEST_BEGIN, (test) => reasons.begin(test))
    runner.on(EVENT_TEST_END, () => reasons.begin(undefined))
    runner.on(EVENT_TEST_PASS, () => summary.passed++)
    // A failed hook counts as a failure, too: the tests behind it did not run.
    runner.on(EVENT_TEST_FAIL, (test, error) => summary.failed.push({ title: test.fullTitle(), error: inspect(error) }))
    runner.on(EVENT_TEST_PENDING, (test) => summary.skipped.push({ title: test.fullTitle(), reason: reasons.of(test) }))
    runner.once(EVENT_RUN_END, () => {
      writeFileSync(file, JSON.stringify(summary))
      const end = setTimeout(() => endByForce(file, summary, started), LEFT_RUNNING_MS)
      end.unref()
      const started = watchStarts()
    })
  }
}

/**
 * Notes what is started from now on, and by whom: what tests left running shows itself by going on.
 *
 * @returns {Map<string, string>} kind of what was started -> the stack of the last time
 */
function watchStarts() {
  /** @type {Map<string, string>} */
  const started = new Map()
  createHook({ init: (_id, kind) => void started.set(kind, new Error(kind).stack ?? '') }).enable()
  return started
}

/**
 * Mocha waits for what tests leave running, for ever if need be.
 *
 * @param {string} file @param {object} summary @param {Map<string, string>} started
 */
function endByForce(file, summary, started) {
  const leftRunning = [...new Set(process.getActiveResourcesInfo())]
  for (const [kind, stack] of started) if (/TCP|Timeout|PROCESS|FSEVENT/.test(kind)) console.log(`Started after the last test: ${stack.split('\n').slice(0, STACK_LINES).join('\n')}`)
  writeFileSync(file, JSON.stringify({ ...summary, leftRunning }))
  process.exit()
}

/** Takes the last line that a test, or a hook of its suite, printed as the reason why it was skipped. */
class Reasons {
  /** The test that runs, or the suite whose hook runs. @type {import('mocha').Test | import('mocha').Suite | undefined} */
  #running
  /** Test or suite -> what it printed last. @type {Map<unknown, string>} */
  #lastLines = new Map()

  constructor() {
    for (const method of PRINTING) {
      const print = console[method].bind(console)
      console[method] = (...values) => {
        if (this.#running !== undefined) this.#lastLines.set(this.#running, format(...values).trim())
        print(...values)
      }
    }
  }

  /** @param {import('mocha').Test | import('mocha').Suite | undefined} running */
  begin(running) {
    this.#running = running
  }

  /** @param {import('mocha').Test} test */
  of(test) {
    const own = this.#lastLines.get(test)
    if (own !== undefined || test.parent === undefined || test.fn === undefined) return own ?? 'it is not written yet'
    for (let suite = /** @type {import('mocha').Suite | undefined} */ (test.parent); suite !== undefined; suite = suite.parent) {
      const reason = this.#lastLines.get(suite)
      if (reason !== undefined) return reason
    }
    return 'it gave no reason'
  }
}
