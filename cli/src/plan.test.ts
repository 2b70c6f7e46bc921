import { expect } from 'chai'
import fc from 'fast-check'
import { runInThisContext } from 'node:vm'
import type { Answers } from './answers.js'
import { anyText, RUNS } from './any-text.test-data.js'
import { defaultAnswers } from './ask.js'
import { PACKAGE_MANAGERS } from './package-manager.js'
import { packageNameFrom } from './package-name.js'
import { parseName } from './parse-answers.js'
import { planProject, type ProjectFiles } from './plan.js'
import { readTemplate } from './template-folder.js'

const template = readTemplate('default')

function plan(answers: Partial<Answers>): ProjectFiles {
  return planProject({ ...defaultAnswers({ given: {}, packageManager: 'npm' }), ...answers }, { template, kitVersion: '0.1.0', simulatorSeed: 7, secretKey: 'c2VjcmV0' })
}

function fileOf(files: ProjectFiles, name: string): string {
  const content = files.get(name)
  if (content === undefined) throw new Error(`${name} was not planned.`)
  return content
}

/** What a configuration says, by running it with stand-ins for what it imports. */
function configurationOf(files: ProjectFiles): Record<string, unknown> {
  const code = fileOf(files, 'exchange.config.ts')
    .replace(/^import .*$/m, '')
    .replace('export default', 'return')
  const run = runInThisContext(`(defineExchange, env, simulatedChain) => {${code}}`) as (...parts: unknown[]) => Record<string, unknown>
  return run(
    (config: unknown) => config,
    (name: string) => `env ${name}`,
    (options: unknown) => ({ simulatedChain: options }),
  )
}

describe('the plan of a project', () => {
  it('holds the whole project and nothing else', () => {
    expect([...plan({}).keys()].sort()).to.deep.equal(
      ['.env', '.gitignore', 'README.md', 'brand/logo.svg', 'brand/texts.json', 'brand/theme.json', 'exchange.config.ts', 'package.json', 'plugins/README.md', 'tsconfig.json'],
    )
  })

  it('is the same for the same answers', () => {
    expect(plan({ name: 'Acme' })).to.deep.equal(plan({ name: 'Acme' }))
  })

  it('carries the answers into the configuration', () => {
    const config = configurationOf(plan({ name: 'Acme', appearance: 'light', language: 'de' }))
    expect(config['brand']).to.deep.include({ name: 'Acme', defaultAppearance: 'light', defaultLanguage: 'de' })
    expect(config['assets']).to.deep.include({ code: 'BTC', name: 'Bitcoin', scale: 8 })
    expect(config['markets']).to.deep.include({ base: 'SOL', quote: 'USDT', tickSize: '0.01', lotSize: '0.001', minNotional: '5', simulation: { startPrice: '150', typicalQuantity: '8' } })
    expect(config['plugins']).to.deep.equal([{ simulatedChain: { assets: ['BTC', 'ETH', 'SOL', 'USDT'] } }])
    expect(config['simulator']).to.deep.equal({ enabled: true, seed: 7, historyDays: 3 })
    expect(config['database']).to.equal('env DATABASE_URL')
  })

  it('leaves everything about a simulated market out when there is none', () => {
    const config = configurationOf(plan({ simulator: false }))
    expect(config).not.to.have.property('simulator')
    for (const market of config['markets'] as object[]) expect(market).not.to.have.property('simulation')
  })

  it('keeps the address of PostgreSQL in .env and nowhere else', () => {
    const files = plan({ database: { kind: 'postgresql', url: 'postgres://u:s3cret@h/d' } })
    const holders = [...files].filter(([, content]) => content.includes('s3cret')).map(([name]) => name)
    expect(holders).to.deep.equal(['.env'])
    expect(fileOf(files, '.env')).to.contain('\nDATABASE_URL="postgres://u:s3cret@h/d"\n')
    expect(fileOf(files, '.gitignore').split('\n')).to.include('.env')
  })

  it('keeps the key of the project\'s secrets in .env and nowhere else', () => {
    const files = plan({})
    expect([...files].filter(([, content]) => content.includes('c2VjcmV0')).map(([name]) => name)).to.deep.equal(['.env'])
    expect(fileOf(files, '.env')).to.contain('\nBOURSE_SECRET_KEY="c2VjcmV0"\n')
  })

  it('gives a market of an unknown asset the starting price that was asked for', () => {
    const assets = [{ code: 'ACME', name: 'ACME', scale: 4 }, { code: 'USDT', name: 'Tether', scale: 8 }]
    const config = configurationOf(plan({ assets, markets: [{ base: 'ACME', quote: 'USDT', startPrice: 2.5 }] }))
    expect(config['plugins']).to.deep.equal([{ simulatedChain: { assets: [{ asset: 'ACME', decimals: 4 }, 'USDT'] } }])
    const [market] = config['markets'] as object[]
    expect(market).to.deep.include({ tickSize: '0.0001', simulation: { startPrice: '2.5', typicalQuantity: '500' } })
  })

  for (const packageManager of PACKAGE_MANAGERS) {
    it(`lets ${packageManager} run the one install script that is needed`, () => {
      const files = plan({ packageManager })
      const manifest = JSON.parse(fileOf(files, 'package.json')) as Record<string, unknown>
      const allowed = {
        npm: () => expect(manifest['allowScripts']).to.deep.equal({ 'better-sqlite3': true }),
        pnpm: () => expect(fileOf(files, 'pnpm-workspace.yaml')).to.contain('better-sqlite3: true'),
        yarn: () => expect(manifest['dependenciesMeta']).to.deep.equal({ 'better-sqlite3': { built: true } }),
        bun: () => expect(manifest['trustedDependencies']).to.deep.equal(['better-sqlite3']),
      }[packageManager]
      allowed()
      expect(fileOf(files, 'README.md')).to.contain(`${packageManager} install`)
    })
  }

  it('holds any name exactly, in code, JSON and SVG', () => {
    const names = anyText.filter((text) => text.toWellFormed().trim() !== '' && text.toWellFormed().trim().length <= 60)
    fc.assert(
      fc.property(names, (text) => {
        const name = parseName(text)
        const files = plan({ name, directory: text })
        expect((configurationOf(files)['brand'] as { name: string }).name).to.equal(name)
        expect(JSON.parse(fileOf(files, 'package.json'))).to.deep.include({ name: packageNameFrom(text), description: `The exchange ${name}` })
        expect(fileOf(files, 'brand/logo.svg').match(/<[^>]*>/g)).to.have.lengthOf(5)
        expect(fileOf(files, 'README.md').match(/^# /gm)).to.have.lengthOf(1)
      }),
      RUNS,
    )
  })
})

describe('the name of the package', () => {
  const table: [string, string][] = [
    ['acme', 'acme'],
    ['/home/me/Käse & Brot!/', 'kase-brot'],
    ['C:\\work\\Acme Exchange', 'acme-exchange'],
    ['..', 'exchange'],
    ['🏦', 'exchange'],
    ['node_modules', 'exchange'],
    ['.hidden', 'hidden'],
  ]
  for (const [directory, name] of table) {
    it(`of ${directory} is ${name}`, () => {
      expect(packageNameFrom(directory)).to.equal(name)
    })
  }

  it('is valid for any folder', () => {
    fc.assert(
      fc.property(anyText, (directory) => {
        expect(packageNameFrom(directory)).to.match(/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/)
      }),
      RUNS,
    )
  })
})
