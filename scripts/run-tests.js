/** Runs mocha, all tests in two lanes at a time, and reports: every skip with its reason, and the counts on the last line. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { runCommand } from './set-up/run-command.js'
import { ROOT } from './set-up/set-up.js'

/** What runs side by side, each lane a process with its files one after another. They take about equally long. */
const LANES = [
  ['packages/*/src/**/*.test.{ts,tsx}', 'cli/src/**/*.test.ts', 'examples/*/*.test.ts', 'test/{crash,durability,simulation}/*.test.ts'],
  ['test/!(crash|durability|simulation)/*.test.ts'],
]
/** How many times as many random cases and rounds `npm run verify` runs. */
const FULL_SCALE = '5'

/**
 * @typedef {object} Summary
 * @property {number} passed
 * @property {{ title: string, error: string }[]} failed
 * @property {{ title: string, reason: string }[]} skipped
 * @property {string[]} [leftRunning] kinds of what was still running long after the last test
 */

/**
 * @param {readonly string[]} args `--full`, files, options of mocha
 * @returns {Promise<number>} the exit code
 */
export async function runTests(args) {
  const full = args.includes('--full')
  const rest = args.filter((arg) => arg !== '--full')
  const namesFiles = rest.some((arg) => !arg.startsWith('-') && /[\\/*]|\.test\.tsx?$/.test(arg))
  const lanes = namesFiles ? [[]] : LANES
  const dir = mkdtempSync(path.join(os.tmpdir(), 'bourse-test-summary-'))
  try {
    const turns = turnsToPrint()
    const results = await Promise.all(
      lanes.map(async (files, lane) => {
        const file = path.join(dir, `${lane}.json`)
        const turn = turns.next()
        const code = await runCommand({
          command: process.execPath,
          args: [
            path.join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js'),
            ...['--reporter', path.join(ROOT, 'test', 'summary-reporter.cjs'), '--reporter-option', `file=${file}`],
            ...rest,
            ...files,
          ],
          cwd: ROOT,
          env: {
            ...(full ? { BOURSE_TEST_SCALE: process.env['BOURSE_TEST_SCALE'] ?? FULL_SCALE } : {}),
            ...(process.stdout.isTTY ? { FORCE_COLOR: process.env['FORCE_COLOR'] ?? '1' } : {}),
          },
          onOutput: turn.print,
        })
        turn.end()
        return { code, summary: existsSync(file) ? /** @type {Summary} */ (JSON.parse(readFileSync(file, 'utf8'))) : undefined }
      }),
    )
    return report(together(results.map(({ summary }) => summary)), Math.max(...results.map(({ code }) => code)))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/**
 * Lets lanes print one after another: the first at once, each other one as soon as those before it have ended.
 */
function turnsToPrint() {
  /** @type {{ waiting: Buffer[], ended: boolean }[]} */
  const lanes = []
  let first = 0
  const flush = () => {
    for (; first < lanes.length; first++) {
      const lane = lanes[first]
      for (const chunk of lane?.waiting.splice(0) ?? []) process.stdout.write(chunk)
      if (lane?.ended !== true) return
    }
  }
  return {
    next() {
      const lane = { waiting: /** @type {Buffer[]} */ ([]), ended: false }
      lanes.push(lane)
      return {
        /** @param {Buffer} chunk */
        print(chunk) {
          lane.waiting.push(chunk)
          flush()
        },
        end() {
          lane.ended = true
          flush()
        },
      }
    },
  }
}

/**
 * @param {readonly (Summary | undefined)[]} summaries of the lanes
 * @returns {Summary | undefined} undefined when a lane ended before its end
 */
function together(summaries) {
  const known = summaries.flatMap((summary) => summary ?? [])
  if (known.length < summaries.length) return undefined
  const leftRunning = known.flatMap((summary) => summary.leftRunning ?? [])
  return {
    passed: known.reduce((sum, { passed }) => sum + passed, 0),
    failed: known.flatMap(({ failed }) => failed),
    skipped: known.flatMap(({ skipped }) => skipped),
    ...(leftRunning.length > 0 ? { leftRunning } : {}),
  }
}

/**
 * Prints the skips, the failures once more, however far above they were printed first, and the last line.
 *
 * @param {Summary | undefined} summary undefined when the run ended before its end
 * @param {number} code of mocha
 */
function report(summary, code) {
  if (summary === undefined) {
    console.log(`The tests ended with code ${code} before all of them had run; the reason is above.`)
    console.log('0 passed, 1 failed, 0 skipped')
    return code === 0 ? 1 : code
  }
  const { passed, failed, skipped, leftRunning } = summary
  if (skipped.length > 0) console.log(`Skipped:\n${skipped.map(({ title, reason }) => `  - ${title}\n      ${reason}`).join('\n')}\n`)
  const forbidden = process.env['BOURSE_NO_SKIPS'] === '1' && skipped.length > 0
  if (forbidden) console.log('BOURSE_NO_SKIPS=1: skipped tests count as a failure of the run.\n')
  if (leftRunning !== undefined) console.log(`Something that the tests started was still running when all were over (${leftRunning.join(', ')}): a test does not clean up after itself. That counts as a failure of the run.\n`)
  if (failed.length > 0) console.log(`Failed:\n${failed.map(({ title, error }) => `  - ${title}\n${error.replaceAll(/^/gm, '      ')}`).join('\n')}\n`)
  if (failed.length === 0 && code !== 0) console.log(`Every test passed, but the run ended with code ${code}; the reason is above.\n`)
  console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`)
  return forbidden || leftRunning !== undefined || failed.length > 0 || passed === 0 ? 1 : code
}
