/** Generates projects from all kinds of answers and reads them with the real configuration: types first, then the loader. */
import { expect } from 'chai'
import fc from 'fast-check'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { defaultAnswers } from '../../cli/src/ask.js'
import type { Answers } from '../../cli/src/answers.js'
import { anyText } from '../../cli/src/any-text.test-data.js'
import { KNOWN_ASSETS, usualMarkets } from '../../cli/src/known-assets.js'
import { LOOK_NAMES, LOOKS } from '../../cli/src/looks.js'
import { parseAssets, parseMarkets, parseName } from '../../cli/src/parse-answers.js'
import { planProject } from '../../cli/src/plan.js'
import { writeProject } from '../../cli/src/project-folder.js'
import { readTemplate } from '../../cli/src/template-folder.js'
import { loadProject } from '../../packages/bourse/src/config/load-project.js'
import { THEME_TOKENS } from '../../packages/terminal/src/theme/tokens.js'
import { ROOT, run } from './child-process.js'

const NAMES = ['Acme', 'O\'Brien & "Sons"', 'C:\\new\\table', 'two\nlines', '{{name}} {{{x}}} {{/each}}', '${process.exit(1)}', '</script><script>alert(1)</script>', '🏦 Börse 👩‍🚀', '`backtick`', '*/ // <!--', 'a\u2028b\u2029c', 'a\u0000b\u001b[2J']
const template = readTemplate('default')

describe('generated projects', function () {
  this.timeout(60_000)
  let dir: string

  before(async () => {
    // Inside the repository, so that the configuration finds the workspace's packages.
    dir = await mkdtemp(path.join(ROOT, 'test/scaffold/.generated-'))
  })
  after(() => rm(dir, { recursive: true }))
  // Loading a project puts its .env into the environment, where the next project would find it.
  const secretKey = process.env['BOURSE_SECRET_KEY']
  afterEach(() => {
    if (secretKey === undefined) delete process.env['BOURSE_SECRET_KEY']
    else process.env['BOURSE_SECRET_KEY'] = secretKey
  })

  async function generate(folder: string, answers: Partial<Answers>): Promise<string> {
    const project = path.join(dir, folder)
    await mkdir(project, { recursive: true })
    await writeProject(project, planProject({ ...defaultAnswers({ given: {}, packageManager: 'npm' }), ...answers }, { template, kitVersion: '0.1.0', simulatorSeed: 1, secretKey: 'c2VjcmV0' }))
    return project
  }

  it('compile and mean what was asked, whatever the name', async () => {
    const random = fc.sample(anyText.filter((text) => text.toWellFormed().trim() !== '' && text.toWellFormed().trim().length <= 60), { numRuns: 20, seed: 1 })
    const names = [...NAMES, ...random].map(parseName)
    for (const [index, name] of names.entries()) {
      const project = await generate(`name-${index}`, { name })
      expect((await loadProject(project)).config.brand.name).to.equal(name)
    }
    await checkTypes(dir)
  })

  it('are accepted for every known asset, look, language and package manager', async () => {
    const assets = parseAssets(`${KNOWN_ASSETS.map(({ code }) => code).join(' ')} ACME:0 TINY:18 COIN`)
    const codes = assets.map(({ code }) => code)
    const pairs = codes.flatMap((base) => ['USDT', 'EUR', 'BTC', 'ETH', 'COIN'].filter((quote) => quote !== base).map((quote) => `${base}-${quote}`))
    const markets = [...parseMarkets(pairs.join(' '), assets), ...parseMarkets('ACME-TINY@0.00000002', assets)]
    for (const [index, look] of LOOK_NAMES.entries()) {
      const language = (['en', 'de', 'es'] as const)[index % 3] ?? 'en'
      const project = await generate(`all-${look}`, { assets, markets, look, language, simulator: index % 2 === 0, accent: '#abcdef', appearance: 'system' })
      const { config, brand } = await loadProject(project)
      expect(config.markets).to.have.lengthOf(markets.length)
      expect(brand.presentation).to.deep.include({ defaultLanguage: language, defaultAppearance: 'system' })
    }
    expect(usualMarkets(codes)).to.have.lengthOf(codes.length - 1)
  })

  it('read PostgreSQL from .env', async () => {
    const url = 'postgres://user:p%40ss#word@db.example.com:5432/exchange?sslmode=require'
    const project = await generate('postgresql', { database: { kind: 'postgresql', url } })
    const before = process.env['DATABASE_URL']
    delete process.env['DATABASE_URL']
    try {
      expect((await loadProject(project)).config.database).to.equal(url)
    } finally {
      delete process.env['DATABASE_URL']
      if (before !== undefined) process.env['DATABASE_URL'] = before
    }
  })

  it('use only tokens that the terminal knows', () => {
    const used = LOOK_NAMES.flatMap((name) => [...Object.keys(LOOKS[name].dark), ...Object.keys(LOOKS[name].light)])
    expect(used.filter((token) => !(THEME_TOKENS as readonly string[]).includes(token))).to.deep.equal([])
  })
})

/** Type-checks every generated configuration against the sources of the workspace, with the compiler options of the template. */
async function checkTypes(dir: string): Promise<void> {
  const { compilerOptions } = JSON.parse(await readFile(path.join(dir, 'name-0/tsconfig.json'), 'utf8')) as { compilerOptions: object }
  const config = { compilerOptions: { ...compilerOptions, customConditions: ['bourse-source'], types: ['node'], noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true }, include: ['*/exchange.config.ts'] }
  await writeFile(path.join(dir, 'tsconfig.json'), JSON.stringify(config))
  await run({ command: process.execPath, args: [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', dir], cwd: dir })
}
