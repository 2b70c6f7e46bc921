/** `npm run check`: type-checks everything, tests and scripts included, and lints it. Ends with 1 when anything is wrong. */
import { CHECKS } from './checks.js'
import { reportProblem } from './set-up/report-problem.js'
import { runCommand } from './set-up/run-command.js'
import { ROOT } from './set-up/set-up.js'

try {
  for (const { name, script, args } of CHECKS) {
    console.log(`${name} ...`)
    const code = await runCommand({ command: process.execPath, args: [script, ...args], cwd: ROOT })
    if (code !== 0) process.exitCode = 1
  }
} catch (error) {
  reportProblem(error)
}
