/**
 * `npm start`: sets the clone up where needed, then runs the demo exchange in this very process, so that signals reach it directly.
 *
 * Everything after `--` goes to `exchange start`: `npm start -- --port 4000 --data DIR --reset`.
 */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { reportProblem } from './set-up/report-problem.js'
import { ROOT, setUp } from './set-up/set-up.js'

const command = path.join(ROOT, 'packages', 'bourse', 'bin', 'exchange.js')
const demo = path.join(ROOT, 'examples', 'demo-exchange')

try {
  await setUp()
  process.argv = [process.execPath, command, 'start', '--project', demo, ...process.argv.slice(2)]
  await import(pathToFileURL(command).href)
} catch (error) {
  reportProblem(error)
}
