/** `node scripts/take-pictures.js`: takes the pictures of docs/images anew. Needs a Chromium (CHROMIUM_PATH); pngquant makes them smaller. */
import path from 'node:path'
import { runCommand } from './set-up/run-command.js'
import { reportProblem } from './set-up/report-problem.js'
import { ROOT, setUp } from './set-up/set-up.js'

try {
  await setUp()
  process.exitCode = await runCommand({
    command: process.execPath,
    args: ['--conditions=bourse-source', '--import', 'tsx', path.join(ROOT, 'test', 'browser', 'take-pictures.ts')],
    cwd: ROOT,
  })
} catch (error) {
  reportProblem(error)
}
