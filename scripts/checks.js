/** The checks of `npm run check`, which the tests run as well. */
import path from 'node:path'
import { ROOT } from './set-up/set-up.js'

const tool = (/** @type {string[]} */ ...parts) => path.join(ROOT, 'node_modules', ...parts)
const TSC = tool('typescript', 'bin', 'tsc')

/** Each a script for Node that ends with 0 when all is well; run at the root. */
export const CHECKS = [
  { name: 'types of the packages', script: TSC, args: ['-b'] },
  { name: 'types of tests, scripts and examples', script: TSC, args: ['--noEmit', '-p', 'tsconfig.tests.json'] },
  { name: 'types of the terminal', script: TSC, args: ['--noEmit', '-p', 'packages/terminal'] },
  { name: 'lint', script: tool('oxlint', 'bin', 'oxlint'), args: ['--type-aware', '--deny-warnings', '.'] },
]
