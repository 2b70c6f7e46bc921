/** Every stage of the benchmark runs and tells its figures; how fast it is, is nobody's business here. */
import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { STAGES } from './stages/index.js'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const SHARE = '0.002'

async function bench(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=bourse-source', '--import=tsx', MAIN, '--runs', '1', '--share', SHARE, ...args])
  return stdout
}

describe('the benchmark', () => {
  for (const { name } of STAGES) {
    it(`measures ${name} and prints a line of JSON`, async () => {
      const lines = (await bench('--json', '--only', name)).trim().split('\n')
      expect(lines).to.have.length(1)
      const figures = JSON.parse(lines[0]!) as Record<string, unknown>
      expect(figures).to.include({ name, runs: 1 })
      expect(figures.unit).to.be.a('string').that.is.not.empty
      for (const number of ['median', 'min', 'max']) expect(figures[number], number).to.be.a('number').above(0)
      if (figures.peer !== undefined) expect(figures.ratio).to.be.a('number').above(0)
    }).timeout(60_000)
  }

  it('prints a table for people', async () => {
    const { name } = STAGES[0]!
    expect(await bench('--only', name)).to.match(/^stage .*median/).and.to.contain(`\n${name} `)
  }).timeout(60_000)

  it('names the stages when asked for one that does not exist', async () => {
    const failure = await bench('--only', 'nothing').catch((error: unknown) => String(error))
    expect(failure).to.contain(`There is no stage "nothing"; there are ${STAGES[0]!.name}`)
  }).timeout(60_000)
})
