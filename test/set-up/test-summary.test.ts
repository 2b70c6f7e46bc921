/** The last lines of a test run: counts, skips with their reasons, exit code. */
import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ROOT, runToEnd } from '../scaffold/child-process.js'

/** `npm test` without the set-up. */
const RUN = `import { runTests } from './scripts/run-tests.js'; process.exitCode = await runTests(process.argv.slice(1))`

const TESTS = `
describe('things', () => {
  it('work', () => {})
  it('need a service', function () { console.log('No service at 127.0.0.1:1.'); this.skip() })
  describe('of a suite', () => {
    before(function () { console.log('No data here.'); this.skip() })
    it('are left out', () => {})
    it('are left out together', () => {})
  })
  it('are planned')
})
`

describe('the summary of a test run', function () {
  this.timeout(60_000)
  let dir: string

  before(async () => {
    dir = await mkdtemp(path.join(ROOT, 'test/scaffold/.generated-'))
    await writeFile(path.join(dir, 'passing.test.ts'), TESTS)
    await writeFile(path.join(dir, 'failing.test.ts'), `${TESTS}\nit('fails', () => { throw new Error('no') })\n`)
    await writeFile(path.join(dir, 'lasting.test.ts'), `it('lasts', () => again())\nfunction again(): void {\n  setTimeout(again, 100)\n}\n`)
    await writeFile(path.join(dir, 'broken.test.ts'), `import './missing.js'\n`)
  })
  after(() => rm(dir, { recursive: true }))

  async function runTests(file: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; output: string; lastLine: string | undefined }> {
    const { code, output } = await runToEnd({ command: process.execPath, args: ['--input-type=module', '--eval', RUN, path.join(dir, file)], cwd: ROOT, env: { BOURSE_NO_SKIPS: '', ...env } })
    return { code, output, lastLine: output.trimEnd().split('\n').at(-1) }
  }

  it('counts, and names every skip with its reason', async () => {
    const { code, output, lastLine } = await runTests('passing.test.ts')
    expect(lastLine).to.equal('1 passed, 0 failed, 4 skipped')
    expect(code).to.equal(0)
    expect(output).to.contain('- things need a service\n      No service at 127.0.0.1:1.')
    expect(output).to.contain('- things of a suite are left out together\n      No data here.')
    expect(output).to.contain('- things are planned\n      it is not written yet')
  })

  it('ends with an error when a test fails, and names it once more', async () => {
    const { code, output, lastLine } = await runTests('failing.test.ts')
    expect(lastLine).to.equal('1 passed, 1 failed, 4 skipped')
    expect(output.slice(output.lastIndexOf('Failed:'))).to.match(/^Failed:\n {2}- fails\n {6}Error: no\n {10}at .*failing\.test\.ts/)
    expect(code).to.equal(1)
  })

  it('ends with an error when the tests cannot be loaded', async () => {
    const { code, lastLine } = await runTests('broken.test.ts')
    expect(lastLine).to.equal('0 passed, 1 failed, 0 skipped')
    expect(code).not.to.equal(0)
  })

  it('ends with an error, and says who, when a test leaves something running', async () => {
    const { code, output, lastLine } = await runTests('lasting.test.ts')
    expect(lastLine).to.equal('1 passed, 0 failed, 0 skipped')
    expect(code).to.equal(1)
    expect(output).to.match(/still running when all were over \(.*Timeout/)
    expect(output).to.match(/Started after the last test: Error: Timeout[^]*lasting\.test\.ts/)
  })

  it('ends with an error when a skip is forbidden', async () => {
    const { code, lastLine } = await runTests('passing.test.ts', { BOURSE_NO_SKIPS: '1' })
    expect(lastLine).to.equal('1 passed, 0 failed, 4 skipped')
    expect(code).to.equal(1)
  })
})
