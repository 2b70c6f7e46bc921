/** Publishes every package to a registry on loopback, creates an exchange with npx as anyone would, and trades in it. */
import { expect } from 'chai'
import { createClient, type BourseClient } from '@bourse/client'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { ROOT, run, runToEnd, start, type Started } from './child-process.js'
import { startLocalRegistry, type LocalRegistry } from './local-registry.js'
import { npmSandbox, type NpmSandbox } from './npm-sandbox.js'

const NAME = 'Acme "Öst" Exchange'

describe('an exchange that npx creates from published packages', function () {
  this.timeout(240_000)
  const me = { email: 'ada@example.com', password: randomBytes(12).toString('base64url') }
  let dir: string
  let work: string
  let project: string
  let registry: LocalRegistry
  let npm: NpmSandbox['npm']
  let exchange: Started | undefined

  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'bourse-scaffold-'))
    work = path.join(dir, 'work')
    project = path.join(work, 'acme')
    for (const folder of ['registry', 'npm', 'work']) await mkdir(path.join(dir, folder))
    registry = await startLocalRegistry(path.join(dir, 'registry'))
    npm = (await npmSandbox(path.join(dir, 'npm'), registry.url)).npm
  })
  after(async () => {
    await exchange?.kill()
    await registry?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  /** `npm start` on a free port. */
  async function startExchange(...flags: string[]): Promise<{ url: string; client: BourseClient }> {
    exchange = start(npm(project, 'start', '--', '--port', '0', ...flags))
    const [, url = ''] = await exchange.printed(/Open\s+(http\S+)[\s\S]*Ctrl-C/)
    return { url, client: createClient({ baseUrl: url }) }
  }

  async function editConfig(...changes: [from: string, to: string][]): Promise<void> {
    const file = path.join(project, 'exchange.config.ts')
    let config = await readFile(file, 'utf8')
    for (const [from, to] of changes) {
      expect(config).to.contain(from)
      config = config.replace(from, to)
    }
    await writeFile(file, config)
  }

  it('takes every package of the workspace from the registry', async () => {
    await run(npm(ROOT, 'publish', '--workspaces'))
    const left = (await readdir(path.join(ROOT, 'cli'))).filter((name) => name === 'templates' || name === 'LICENSE')
    expect(left, 'packing leaves nothing behind').to.deep.equal([])
  })

  it('is written by npx', async () => {
    const output = await run(npm(work, 'exec', '--yes', 'create-exchange', '--', 'acme', '--yes', '--name', NAME, '--look', 'ocean', '--accent', '#ff8800', '--language', 'de'))
    expect(output).to.contain('cd acme\n  npm install\n  npm start')
  })

  it('installs, and nothing in it comes from the repository', async () => {
    await run(npm(project, 'install'))
    const installed = await readFile(path.join(project, 'node_modules/.package-lock.json'), 'utf8')
    expect(installed).to.contain('"node_modules/@bourse/bourse"').and.not.to.contain('"link": true')
  })

  it('has a configuration that the types accept', async () => {
    await run({ command: process.execPath, args: [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project], cwd: project })
  })

  it('starts under its own brand', async () => {
    await editConfig(['historyDays: 3', 'historyDays: 1'])
    const { url, client } = await startExchange()
    const page = await (await fetch(url)).text()
    expect(/<title>(.*?)<\/title>/s.exec(page)?.[1]).to.contain('Acme &quot;Öst&quot; Exchange')
    const { brand, markets } = await client.exchange()
    expect(brand).to.deep.include({ name: NAME, defaultLanguage: 'de', defaultAppearance: 'dark' })
    expect(brand.theme.dark['--color-accent']).to.equal('#ff8800')
    expect(await (await fetch(new URL(brand.logoUrl, url))).text()).to.contain('>A</text>')
    expect(markets.map(({ symbol }) => symbol)).to.deep.equal(['BTC-USDT', 'ETH-USDT', 'SOL-USDT'])
  })

  it('lets somebody sign up, deposit and trade', async () => {
    const client = createClient({ baseUrl: urlOf(exchange) })
    await client.signUp(me)
    await client.faucet({ asset: 'USDT', amount: '20000' })
    await depositOf(client, 'USDT')
    const { order, fills } = await client.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'market', quantity: '0.02' })
    client.close()
    expect(order.status, order.reason ?? '').to.equal('filled')
    expect(fills).not.to.deep.equal([])
  })

  it('stops cleanly on Ctrl-C', async () => {
    await exchange?.pressCtrlC()
    expect(exchange?.output()).to.contain('Stopped; everything is on disk.')
  })

  it('applies what its operator changes, and shows it', async () => {
    await editConfig(
      ["name: 'Acme \"Öst\" Exchange'", "name: 'Zenith'"],
      ["taker: '0.001'", "taker: '0.002'"],
      ["{ code: 'USDT',", "{ code: 'ADA', name: 'Cardano', scale: 6 },\n    { code: 'USDT',"],
      ['markets: [', "markets: [\n    { base: 'ADA', quote: 'USDT', tickSize: '0.0001', lotSize: '0.1', minNotional: '5' },"],
    )
    const { url, client } = await startExchange()
    expect(exchange?.output()).to.contain('+ asset ADA').and.to.contain('+ market ADA-USDT').and.to.match(/~ market BTC-USDT\s+takerFee: 0\.001 -> 0\.002/)
    expect(await (await fetch(url)).text()).to.match(/<title>[^<]*Zenith/)
    const { brand, markets } = await client.exchange()
    expect(brand.name).to.equal('Zenith')
    expect(markets.find(({ symbol }) => symbol === 'ADA-USDT')?.takerFee).to.match(/^0\.0020*$/)
  })

  it('keeps people, orders and balances over the restart', async () => {
    const client = createClient({ baseUrl: urlOf(exchange) })
    await client.logIn(me)
    const { balances } = await client.balances()
    expect(Number(balances.find(({ asset }) => asset === 'BTC')?.available)).to.be.greaterThan(0)
    expect((await client.orders()).items.map(({ market, status }) => [market, status])).to.deep.equal([['BTC-USDT', 'filled']])
  })

  it('stops cleanly when npm alone is told to end', async () => {
    await exchange?.stop('SIGTERM')
    expect(exchange?.output()).to.contain('Stopped; everything is on disk.')
  })

  it('refuses a change that would destroy, and says what to do', async () => {
    await editConfig(["{ code: 'BTC', name: 'Bitcoin', scale: 8 }", "{ code: 'BTC', name: 'Bitcoin', scale: 9 }"])
    const { code, output } = await runToEnd(npm(project, 'start', '--', '--port', '0'))
    expect(code).to.equal(1)
    expect(output).to.contain('asset BTC: the scale is 8')
  })
})

/** Where the exchange said that it is. */
function urlOf(exchange: Started | undefined): string {
  const url = /Open\s+(http\S+)/.exec(exchange?.output() ?? '')?.[1]
  if (url === undefined) throw new Error('The exchange is not running.')
  return url
}

/** Resolves once some of the asset is available. */
async function depositOf(client: BourseClient, asset: string): Promise<void> {
  await client.connect()
  const arrived = (balances: readonly { asset: string; available: string }[]): boolean => balances.some((balance) => balance.asset === asset && Number(balance.available) > 0)
  let tellArrival = (): void => {}
  const arrival = new Promise<void>((resolve) => (tellArrival = resolve))
  const unsubscribe = await client.subscribe(
    { channel: 'account' },
    {
      onSnapshot: ({ balances }) => void (arrived(balances) && tellArrival()),
      onMessage: ({ data }) => void (arrived(data.balances) && tellArrival()),
    },
  )
  await arrival
  unsubscribe()
}
