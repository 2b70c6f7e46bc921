/** Runs mocha and reports: every skip with its reason, and the counts on the last line. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { runCommand } from './set-up/run-command.js'
import { ROOT } from './set-up/set-up.js'

const ALL_TESTS = ['packages/*/src/**/*.test.{ts,tsx}', 'cli/src/**/*.test.ts', 'examples/*/*.test.ts', 'examples/*/src/**/*.test.ts', 'test/**/*.test.ts']
/** How many times as many random cases and rounds `npm run verify` runs. */
const FULL_SCALE = '5'

/**
 * @typedef {object} Summary
 * @property {number} passed
 * @property {number} failed
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
  const dir = mkdtempSync(path.join(os.tmpdir(), 'bourse-test-summary-'))
  const file = path.join(dir, 'summary.json')
  try {
    const code = await runCommand({
      command: process.execPath,
      args: [
        path.join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js'),
        ...['--reporter', path.join(ROOT, 'test', 'summary-reporter.cjs'), '--reporter-option', `file=${file}`],
        ...rest,
        ...(namesFiles ? [] : ALL_TESTS),
      ],
      cwd: ROOT,
      env: full ? { BOURSE_TEST_SCALE: process.env['BOURSE_TEST_SCALE'] ?? FULL_SCALE } : {},
    })
    return report(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined, code)
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/**
 * Prints the skips and the last line.
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
  if (failed === 0 && code !== 0) console.log(`Every test passed, but the run ended with code ${code}; the reason is above.\n`)
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`)
  return forbidden || leftRunning !== undefined || failed > 0 || passed === 0 ? 1 : code
}
