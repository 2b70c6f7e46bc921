import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createExchange, type Surroundings } from './create-exchange.js'
import { readCommandLine } from './command-line.js'
import { InvalidAnswer } from './parse-answers.js'

describe('create-exchange', () => {
  let cwd: string
  let printed: string

  beforeEach(async () => {
    cwd = await mkdtemp(path.join(os.tmpdir(), 'create-exchange-'))
    printed = ''
  })
  afterEach(() => rm(cwd, { recursive: true }))

  function run(args: readonly string[], surroundings: Partial<Surroundings> = {}): Promise<boolean> {
    const print = (text: string): void => void (printed += `${text}\n`)
    return createExchange(readCommandLine(args, '0.1.0'), { cwd, kitVersion: '0.1.0', interactive: false, userAgent: undefined, print, ...surroundings })
  }

  async function refusal(running: Promise<unknown>): Promise<string> {
    const error: unknown = await running.then(() => undefined, (reason: unknown) => reason)
    expect(error).to.be.instanceOf(InvalidAnswer)
    return (error as InvalidAnswer).message
  }

  it('asks nothing with --yes and says exactly what is left to do', async () => {
    expect(await run(['acme', '--yes'])).to.equal(true)
    expect(printed).to.contain('Wrote 10 files')
    expect(printed).to.contain('Next:\n\n  cd acme\n  npm install\n  npm start\n\n')
  })

  it('names the commands of the package manager that runs it', async () => {
    await run(['acme', '--yes'], { userAgent: 'pnpm/12.0.0 npm/? node/v22.0.0 linux x64' })
    expect(printed).to.contain('  cd acme\n  pnpm install\n  pnpm start\n')
    expect(await readdir(path.join(cwd, 'acme'))).to.include('pnpm-workspace.yaml')
  })

  it('writes the secrets for their owner only, and keeps them out of git', async function () {
    if (process.platform === 'win32') {
      console.log('Windows has no file modes.')
      this.skip()
    }
    await run(['acme', '--yes', '--database', 'postgres://u:s3cret@127.0.0.1/d'])
    expect(((await stat(path.join(cwd, 'acme/.env'))).mode & 0o777).toString(8)).to.equal('600')
    execFileSync('git', ['add', '--all'], { cwd: path.join(cwd, 'acme') })
    const tracked = execFileSync('git', ['ls-files'], { cwd: path.join(cwd, 'acme'), encoding: 'utf8' })
    expect(tracked).to.contain('exchange.config.ts').and.not.to.contain('.env')
  })

  it('refuses a folder that holds something, and touches nothing', async () => {
    await mkdir(path.join(cwd, 'acme'))
    await writeFile(path.join(cwd, 'acme/notes.txt'), 'mine')
    expect(await refusal(run(['acme', '--yes']))).to.contain('acme is not empty: it holds notes.txt. Nothing was written.')
    expect(await readdir(path.join(cwd, 'acme'))).to.deep.equal(['notes.txt'])
  })

  it('refuses a file in the place of the folder', async () => {
    await writeFile(path.join(cwd, 'acme'), '')
    expect(await refusal(run(['acme', '--yes']))).to.contain('is a file')
  })

  it('takes a folder that is empty but for its repository', async () => {
    await mkdir(path.join(cwd, 'acme/.git'), { recursive: true })
    await run(['acme', '--yes', '--no-git'])
    expect(existsSync(path.join(cwd, 'acme/exchange.config.ts'))).to.equal(true)
  })

  it('writes into the folder where it runs', async () => {
    await run(['.', '--yes'])
    expect(existsSync(path.join(cwd, 'exchange.config.ts'))).to.equal(true)
    expect(printed).not.to.contain('cd ')
    expect((JSON.parse(await readFile(path.join(cwd, 'package.json'), 'utf8')) as { name: string }).name).to.match(/^create-exchange-/)
  })

  it('explains itself where nobody can be asked', async () => {
    const message = await refusal(run(['acme', '--name', 'Acme', '--language', 'de']))
    expect(message).to.contain('Add --yes').and.to.contain('open: --assets, --markets, --look, --appearance, --database, --simulator or --no-simulator.')
    expect(await readdir(cwd)).to.deep.equal([])
  })

  it('asks nothing when the flags answer everything', async () => {
    const flags = '--name Acme --assets BTC,EUR --markets BTC-EUR --look plum --appearance light --language es --database sqlite --no-simulator'
    await run(['acme', ...flags.split(' ')])
    expect(await readFile(path.join(cwd, 'acme/exchange.config.ts'), 'utf8')).to.contain("base: 'BTC', quote: 'EUR'")
  })

  it('refuses markets of assets that are not there', async () => {
    expect(await refusal(run(['acme', '--yes', '--markets', 'DOGE-USDT']))).to.contain('DOGE is not among the assets')
  })

  it('initialises git, but not inside a repository', async () => {
    await run(['outer', '--yes'])
    expect(existsSync(path.join(cwd, 'outer/.git'))).to.equal(true)
    await run(['outer/inner', '--yes'])
    expect(existsSync(path.join(cwd, 'outer/inner/.git'))).to.equal(false)
    await run(['without', '--yes', '--no-git'])
    expect(existsSync(path.join(cwd, 'without/.git'))).to.equal(false)
  })

  it('gives every project a market of its own', async () => {
    await run(['one', '--yes'])
    await run(['two', '--yes'])
    const [one, two] = await Promise.all(['one', 'two'].map((name) => readFile(path.join(cwd, name, 'exchange.config.ts'), 'utf8')))
    const seed = /seed: (\d+)/
    expect(seed.exec(one ?? '')?.[1]).not.to.equal(seed.exec(two ?? '')?.[1])
  })
})
