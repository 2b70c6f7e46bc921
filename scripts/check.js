/** `npm run check`: type-checks everything, tests and scripts included, and lints it. Ends with 1 when anything is wrong. */
import path from 'node:path'
import { reportProblem } from './set-up/report-problem.js'
import { runCommand } from './set-up/run-command.js'
import { ROOT } from './set-up/set-up.js'

const tool = (/** @type {string[]} */ ...parts) => path.join(ROOT, 'node_modules', ...parts)
const TSC = tool('typescript', 'bin', 'tsc')

const CHECKS = [
  { name: 'types of the packages', script: TSC, args: ['-b'] },
  { name: 'types of tests and scripts', script: TSC, args: ['--noEmit', '-p', 'tsconfig.tests.json'] },
  { name: 'types of the terminal', script: TSC, args: ['--noEmit', '-p', 'packages/terminal'] },
  { name: 'lint', script: tool('oxlint', 'bin', 'oxlint'), args: ['--type-aware', '--deny-warnings', '.'] },
]

const only = process.argv.slice(2)

try {
  for (const { name, script, args } of CHECKS.filter((check) => only.length === 0 || only.includes(check.name))) {
    console.log(`${name} ...`)
    const code = await runCommand({ command: process.execPath, args: [script, ...args], cwd: ROOT })
    if (code !== 0) process.exitCode = 1
  }
} catch (error) {
  reportProblem(error)
}
