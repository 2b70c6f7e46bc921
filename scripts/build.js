/** `npm run build`: installs and builds what has changed. */
import { reportProblem } from './set-up/report-problem.js'
import { setUp } from './set-up/set-up.js'

try {
  await setUp()
} catch (error) {
  reportProblem(error)
}
