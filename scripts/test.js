/**
 * `npm test`: sets the clone up where needed, runs every test and closes with the line `N passed, N failed, N skipped`.
 *
 * All of them run in two processes side by side. `npm test -- FILES and mocha options` runs some of them; `npm run
 * verify` (`--full`) runs all with more random cases and rounds. Variables of the environment:
 * - `BOURSE_TEST_SCALE`: a whole number by which tests multiply their random cases and rounds (1, in verify 5);
 * - `BOURSE_NO_SKIPS=1`: a skipped test is a failure (what .ci/run demands);
 * - `DATABASE_URL`, `BOURSE_TEST_REDIS_URL`, `CHROMIUM_PATH`: the PostgreSQL, the Redis and the browser that tests use;
 * - `BOURSE_NODE_BINARIES`: other versions of Node that the engine must agree under, separated like a PATH.
 */
import { runTests } from './run-tests.js'
import { reportProblem } from './set-up/report-problem.js'
import { setUp } from './set-up/set-up.js'

try {
  await setUp()
  process.exitCode = await runTests(process.argv.slice(2))
} catch (error) {
  reportProblem(error)
}
