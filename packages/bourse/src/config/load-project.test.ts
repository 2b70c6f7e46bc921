import { expect } from 'chai'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { ConfigError } from './config-error.js'
import { loadProject, parseConfig } from './load-project.js'
import { marketTerms } from './market-terms.js'
import { defineExchange } from './schema.js'

const VALID = {
  brand: { name: 'Acme' },
  assets: [{ code: 'BTC' }, { code: 'USDT' }],
  markets: [{ base: 'BTC', quote: 'USDT', tickSize: '0.01', lotSize: '0.00001' }],
}

function problemsOf(change: Record<string, unknown>): readonly string[] {
  try {
    parseConfig('exchange.config.ts', { ...VALID, ...change })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('the configuration of an exchange', () => {
  const refused: [string, Record<string, unknown>, string][] = [
    ['a number where a decimal string belongs', { markets: [{ ...VALID.markets[0], tickSize: 0.01 }] }, 'markets[0].tickSize: '],
    ['an exponent', { markets: [{ ...VALID.markets[0], lotSize: '1e-5' }] }, 'markets[0].lotSize: must be a plain decimal'],
    ['a fee of more than a half', { fees: { maker: '0.6', taker: '0.1' } }, 'fees.maker: must be a fraction'],
    ['a rebate above the taker fee', { fees: { maker: '-0.0002', taker: '0.0001' } }, "fees: the maker's rebate must not be more than the taker fee"],
    ['a negative taker fee', { fees: { maker: '0', taker: '-0.0001' } }, 'fees.taker: must be a plain decimal'],
    ['a rebate of minus zero', { fees: { maker: '-0.0', taker: '0' } }, 'fees.maker: is zero without a sign'],
    ['a fee finer than a millionth', { fees: { maker: '0.0000001', taker: '0.1' } }, 'fees.maker: may have at most 6 decimals'],
    ['an unknown key', { colour: 'red' }, 'colour'],
    ['an asset code in lower case', { assets: [{ code: 'btc' }] }, 'assets[0].code: must be 1 to 16 characters'],
    ['an empty name', { brand: { name: ' ' } }, 'brand.name: '],
    ['something that is not a plugin', { plugins: ['evm'] }, 'plugins[0]: must be a plugin'],
    ['a port out of range', { server: { port: 70_000 } }, 'server.port: '],
  ]
  for (const [what, change, message] of refused) {
    it(`refuses ${what} and names the key`, () => {
      expect(problemsOf(change).join('\n')).to.contain(message)
    })
  }

  it('fills in every default', () => {
    const config = parseConfig('x', VALID)
    expect(config.fees).to.deep.equal({ maker: '0.001', taker: '0.001' })
    expect(config.simulator.enabled).to.equal(false)
    expect(config.server).to.deep.equal({ host: '127.0.0.1', port: 3000, enginePort: 3900 })
  })

  it('derives bounds that can never overflow', () => {
    const config = parseConfig('x', VALID)
    const terms = marketTerms(config, config.markets[0]!)
    if ('problems' in terms) throw new Error(terms.problems.join())
    expect(terms).to.include({ symbol: 'BTC-USDT', priceScale: 2, quantityScale: 5 })
    expect(terms.rules).to.include({ maxPrice: '10000000.00', maxQuantity: '2000.00000', minQuantity: '0.00001' })
  })

  it('passes bounds of notional and price on, and refuses a band of everything', () => {
    const config = parseConfig('x', { ...VALID, markets: [{ ...VALID.markets[0], maxNotional: '100000', priceBandBps: 1000, referencePrice: '64000' }] })
    const terms = marketTerms(config, config.markets[0]!)
    if ('problems' in terms) throw new Error(terms.problems.join())
    expect(terms.referencePrice).to.equal('64000')
    expect(terms.rules).to.include({ maxNotional: '100000', priceBandBps: 1000 })
    expect(problemsOf({ markets: [{ ...VALID.markets[0], priceBandBps: 10_000 }] }).join()).to.contain('markets[0].priceBandBps')
  })

  it('says which scale a quote asset needs when tick and lot are too fine for it', () => {
    const config = parseConfig('x', { ...VALID, markets: [{ ...VALID.markets[0], lotSize: '0.00000001' }] })
    expect(marketTerms(config, config.markets[0]!)).to.deep.equal({
      problems: ['market BTC-USDT: tickSize x lotSize needs 10 decimals of USDT, which has 8. Use a coarser tickSize or lotSize, or give USDT scale 10.'],
    })
  })
})

describe('a typed configuration', () => {
  it('compiles only with markets of declared assets', () => {
    const brand = { name: 'Acme' }
    const assets = [{ code: 'BTC' as const }, { code: 'USDT' as const }]
    const market = { base: 'BTC', quote: 'USDT', tickSize: '0.01', lotSize: '0.001' } as const
    expect(defineExchange({ brand, assets, markets: [market] }).markets).to.have.length(1)
    // @ts-expect-error EUR is not among the assets.
    const config = defineExchange({ brand, assets, markets: [{ ...market, quote: 'EUR' }] })
    const parsed = parseConfig('exchange.config.ts', config)
    expect(marketTerms(parsed, parsed.markets[0]!)).to.deep.equal({ problems: [`market BTC-EUR: "EUR" is not among the assets. Add { code: 'EUR' } to assets.`] })
  })
})

describe('a project folder', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'bourse-project-'))
    await mkdir(path.join(dir, 'brand'))
    await writeFile(path.join(dir, 'exchange.config.mjs'), `export default ${JSON.stringify(VALID)}`)
    await writeFile(path.join(dir, 'brand/logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    await writeFile(path.join(dir, 'brand/theme.json'), '{"light":{},"dark":{"--color-accent":"#f80"}}')
    await writeFile(path.join(dir, 'brand/texts.json'), '{"en":{"ticket.buy":"Get"}}')
  })
  afterEach(() => rm(dir, { recursive: true }))

  async function problem(): Promise<string> {
    return loadProject(dir).then(() => 'none', (error: Error) => error.message)
  }

  it('is loaded with its brand', async () => {
    const project = await loadProject(dir)
    expect(project.brand.presentation).to.deep.include({ name: 'Acme', logoUrl: '/brand/logo.svg', texts: { en: { 'ticket.buy': 'Get' } } })
    expect(project.brand.presentation.theme.dark).to.deep.equal({ '--color-accent': '#f80' })
  })

  it('is refused without a configuration, with the way to get one', async () => {
    await rm(path.join(dir, 'exchange.config.mjs'))
    expect(await problem()).to.contain('npx create-exchange')
  })

  it('is refused when the configuration does not load', async () => {
    await writeFile(path.join(dir, 'exchange.config.mjs'), 'export default {')
    expect(await problem()).to.contain('it could not be loaded')
  })

  it('is refused when the logo is missing or a theme value could load something', async () => {
    await writeFile(path.join(dir, 'brand/theme.json'), '{"dark":{"--color-bg":"url(http://a.example)"}}')
    expect(await problem()).to.contain('dark.--color-bg')
    await writeFile(path.join(dir, 'brand/theme.json'), '{}')
    await rm(path.join(dir, 'brand/logo.svg'))
    expect(await problem()).to.contain('brand.logo')
  })

  it('is refused when an asset or a market stands there twice', async () => {
    await writeFile(path.join(dir, 'exchange.config.mjs'), `export default ${JSON.stringify({ ...VALID, assets: [...VALID.assets, { code: 'BTC' }], markets: [VALID.markets[0], VALID.markets[0]] })}`)
    expect(await problem()).to.contain('assets: BTC stands there twice').and.to.contain('markets: BTC-USDT stands there twice')
  })
})
