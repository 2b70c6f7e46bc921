/** Fails when anything in the repository, tests and scripts included, breaks the types or the lint rules. */
import { expect } from 'chai'
import { CHECKS } from '../../scripts/checks.js'
import { ROOT, runToEnd } from '../scaffold/child-process.js'

describe('npm run check', function () {
  this.timeout(120_000)
  for (const { name, script, args } of CHECKS) {
    it(`finds nothing wrong: ${name}`, async () => {
      const { code, output } = await runToEnd({ command: process.execPath, args: [script, ...args], cwd: ROOT })
      expect(code, output).to.equal(0)
    })
  }
})
