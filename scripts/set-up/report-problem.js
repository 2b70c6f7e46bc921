/** Ends a script: prints what went wrong in words, with a stack only where the cause is a mistake of ours. */
import { SetUpProblem } from './set-up.js'
import { StageFailed } from './stage.js'

/** @param {unknown} error */
export function reportProblem(error) {
  const expected = error instanceof SetUpProblem || error instanceof StageFailed
  console.error(expected ? `\n${error.message}\n` : error)
  process.exitCode = 1
}
