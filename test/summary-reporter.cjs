/** Mocha's spec output, and a record of what passed, failed and was skipped (with the reason printed by the test) for scripts/test.js. */
'use strict'
const { writeFileSync } = require('node:fs')
const { format } = require('node:util')
const Mocha = require('mocha')

const { EVENT_HOOK_BEGIN, EVENT_RUN_END, EVENT_SUITE_BEGIN, EVENT_TEST_BEGIN, EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Mocha.Runner.constants
const PRINTING = /** @type {const} */ (['log', 'info', 'warn', 'error'])

module.exports = class SummaryReporter extends Mocha.reporters.Spec {
  /** @param {import('mocha').Runner} runner @param {import('mocha').MochaOptions} options */
  constructor(runner, options) {
    super(runner, options)
    const file = options.reporterOptions?.file
    if (typeof file !== 'string') throw new Error('The reporter needs --reporter-option file=PATH.')
    const summary = { passed: 0, failed: 0, skipped: /** @type {{ title: string, reason: string }[]} */ ([]) }
    const reasons = new Reasons()
    runner.on(EVENT_SUITE_BEGIN, () => reasons.forget())
    runner.on(EVENT_HOOK_BEGIN, () => reasons.forget())
    runner.on(EVENT_TEST_BEGIN, () => reasons.forget())
    runner.on(EVENT_TEST_PASS, () => summary.passed++)
    // A failed hook counts as a failure, too: the tests behind it did not run.
    runner.on(EVENT_TEST_FAIL, () => summary.failed++)
    runner.on(EVENT_TEST_PENDING, (test) => summary.skipped.push({ title: test.fullTitle(), reason: reasons.of(test) }))
    runner.once(EVENT_RUN_END, () => writeFileSync(file, JSON.stringify(summary)))
  }
}

/** Takes the last line that a test or its hook printed as the reason why it was skipped. */
class Reasons {
  /** @type {string | undefined} */
  #lastLine
  /** What a hook said goes for every test of its suite. @type {Map<import('mocha').Suite, string>} */
  #ofSuite = new Map()

  constructor() {
    for (const method of PRINTING) {
      const print = console[method].bind(console)
      console[method] = (...values) => {
        this.#lastLine = format(...values).trim()
        print(...values)
      }
    }
  }

  forget() {
    this.#lastLine = undefined
  }

  /** @param {import('mocha').Test} test */
  of(test) {
    if (this.#lastLine !== undefined && test.parent !== undefined) this.#ofSuite.set(test.parent, this.#lastLine)
    for (let suite = test.parent; suite !== undefined; suite = suite.parent) {
      const reason = this.#ofSuite.get(suite)
      if (reason !== undefined) return reason
    }
    return 'it gave no reason'
  }
}
