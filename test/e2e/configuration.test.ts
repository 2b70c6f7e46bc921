/** Changes the configuration of an exchange after its launch, as an operator does. */
import { expect } from 'chai'
import { createClient } from '@bourse/client'
import { runExchange, startExchange, temporaryProject, type RunningProcess } from './running-exchange.js'

const QUIET = (config: string): string => config.replace('enabled: true', 'enabled: false')

describe('a configuration that changes after the launch', function () {
  this.timeout(120_000)
  let project: Awaited<ReturnType<typeof temporaryProject>>
  let running: RunningProcess | undefined
  beforeEach(async () => {
    project = await temporaryProject(QUIET)
    running = await startExchange({ project: project.dir, data: project.data })
  })
  afterEach(async () => {
    await running?.stop()
    running = undefined
    await project.remove()
  })

  async function restart(change: (config: string) => string, flags: readonly string[] = []): Promise<string> {
    await running?.stop()
    running = undefined
    await project.rewrite((config) => change(QUIET(config)))
    return startExchange({ project: project.dir, data: project.data, flags }).then(
      (started) => ((running = started), started.output()),
      (error: Error) => error.message,
    )
  }

  /** A person who owns USDT and has one order at 60000.01. */
  async function restOrder(): Promise<void> {
    const client = createClient({ baseUrl: running!.url })
    await client.signUp({ email: 'trader@example.com', password: 'a long enough passphrase' })
    await client.faucet({ asset: 'USDT', amount: '1000' })
    await new Promise<void>((resolve, reject) => {
      client.subscribe({ channel: 'account' }, { onSnapshot: ({ balances }) => balances.some(rich) && resolve(), onMessage: ({ data }) => data.balances.some(rich) && resolve() }).catch(reject)
    })
    await client.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '60000.01', quantity: '0.00100' })
    client.close()
  }
  const rich = ({ asset, available }: { asset: string; available: string }): boolean => asset === 'USDT' && Number(available) >= 1000

  it('applies a fee, a new asset and a new market as commands and shows the difference', async () => {
    const output = await restart((config) =>
      config
        .replace("{ maker: '0.0008', taker: '0.001' }", "{ maker: '0.0008', taker: '0.0015' }")
        .replace("{ code: 'SOL', name: 'Solana' },", "{ code: 'SOL', name: 'Solana' }, { code: 'DOGE' },")
        .replace('markets: [', "markets: [{ base: 'DOGE', quote: 'USDT', tickSize: '0.0001', lotSize: '1' },"),
    )
    expect(output).to.contain('takerFee: 0.001 -> 0.0015').and.to.contain('+ asset DOGE').and.to.contain('+ market DOGE-USDT')
    const shown = await createClient({ baseUrl: running!.url }).exchange()
    expect(shown.markets.map(({ symbol }) => symbol)).to.include('DOGE-USDT')
    expect(shown.markets.every(({ takerFee }) => takerFee === '0.001500')).to.equal(true)
  })

  it('changes the brand without touching anything else', async () => {
    const output = await restart((config) => config.replace("'Bourse Demo'", "'Ünder <b>New</b> \"Flag\"'"))
    expect(output).not.to.match(/^ {2}[+~] /m)
    const page = await (await fetch(running!.url)).text()
    expect(page).to.contain('<title>Ünder &lt;b&gt;New&lt;/b&gt; &quot;Flag&quot;</title>')
    expect((await createClient({ baseUrl: running!.url }).exchange()).brand.name).to.equal('Ünder <b>New</b> "Flag"')
  })

  it('refuses to remove what people own or trade, and says how to do it', async () => {
    await restOrder()
    const output = await restart((config) => config.replace("{ code: 'USDT', name: 'Tether' },", '').replace(/markets: \[[\s\S]*?\n {2}\],/, "markets: [{ base: 'ETH', quote: 'BTC', tickSize: '0.00001', lotSize: '0.001' }],").replace(/'USDT'\]/, "'BTC']").replace("'SOL', 'BTC']", "'SOL']"))
    expect(output).to.contain('asset USDT: it was removed, but accounts still own 1000.00000000')
    expect(output).to.contain('market BTC-USDT: it was removed while it is open')
    expect(running).to.equal(undefined)
  })

  it('refuses a coarser tick under resting orders until the operator agrees', async () => {
    await restOrder()
    const coarser = (config: string): string => config.replace("base: 'BTC', quote: 'USDT', tickSize: '0.01'", "base: 'BTC', quote: 'USDT', tickSize: '0.1', priceScale: 2")
    expect(await restart(coarser)).to.contain('market BTC-USDT: 1 resting order would break').and.to.contain('--cancel-breaking-orders')
    expect(await restart(coarser, ['--cancel-breaking-orders'])).to.contain('tickSize: 0.01 -> 0.1')
    const client = createClient({ baseUrl: running!.url })
    await client.logIn({ email: 'trader@example.com', password: 'a long enough passphrase' })
    const { items } = await client.orders()
    expect(items.map(({ status, reason }) => [status, reason])).to.deep.equal([['cancelled', 'rule_changed']])
    client.close()
  })

  it('refuses another scale of an asset', async () => {
    expect(await restart((config) => config.replace("{ code: 'ETH', name: 'Ether' }", "{ code: 'ETH', name: 'Ether', scale: 9 }"))).to.contain('asset ETH: the scale is 8 since the first start')
  })

  it('tells with "check" what the next start would change, and changes nothing', async () => {
    await running?.stop()
    running = undefined
    await project.rewrite((config) => QUIET(config).replace("taker: '0.001' }", "taker: '0.002' }"))
    const first = await runExchange(['check', '--project', project.dir, '--data', project.data])
    expect(first.output).to.contain('takerFee: 0.001 -> 0.002')
    expect((await runExchange(['check', '--project', project.dir, '--data', project.data])).output).to.equal(first.output)
  })

  it('names every wrong key of a broken configuration', async () => {
    const output = await restart((config) => config.replace("tickSize: '0.01'", 'tickSize: 0.01').replace("taker: '0.001'", "taker: '0.1%'"))
    expect(output).to.contain('markets[0].tickSize').and.to.contain('fees.taker')
  })
})
