/**
 * `npm test`: sets the clone up where needed, runs every test and closes with the line `N passed, N failed, N skipped`.
 *
 * `npm test -- FILES and mocha options` runs some of them; `npm run verify` (`--full`) runs all with more random
 * cases and rounds. Variables of the environment:
 * - `BOURSE_TEST_SCALE`: a whole number by which tests multiply their random cases and rounds (1, in verify 5);
 * - `BOURSE_NO_SKIPS=1`: a skipped test is a failure (what .ci/run demands);
 * - `DATABASE_URL`, `CHROMIUM_PATH`: the PostgreSQL and the browser that tests use.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { reportProblem } from './set-up/report-problem.js'
import { runCommand } from './set-up/run-command.js'
import { ROOT, setUp } from './set-up/set-up.js'

const ALL_TESTS = ['packages/*/src/**/*.test.{ts,tsx}', 'cli/src/**/*.test.ts', 'examples/*/*.test.ts', 'examples/*/src/**/*.test.ts', 'test/**/*.test.ts']
/** How many times as many random cases and rounds `npm run verify` runs. */
const FULL_SCALE = '5'

/** @typedef {{ passed: number, failed: number, skipped: { title: string, reason: string }[] }} Summary */

/** @param {readonly string[]} args @returns {Promise<number>} the exit code */
async function runTests(args) {
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
  const { passed, failed, skipped } = summary
  if (skipped.length > 0) console.log(`Skipped:\n${skipped.map(({ title, reason }) => `  - ${title}\n      ${reason}`).join('\n')}\n`)
  const forbidden = process.env['BOURSE_NO_SKIPS'] === '1' && skipped.length > 0
  if (forbidden) console.log('BOURSE_NO_SKIPS=1: skipped tests count as a failure of the run.\n')
  if (failed === 0 && code !== 0) console.log(`Every test passed, but the run ended with code ${code}; the reason is above.\n`)
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`)
  return forbidden || failed > 0 || passed === 0 ? 1 : code
}

try {
  await setUp()
  process.exitCode = await runTests(process.argv.slice(2))
} catch (error) {
  reportProblem(error)
}
