/** Markets that are held, let go, listed and changed while the exchange runs, and what the next start makes of it. */
import { expect } from 'chai'
import { createClient, type BourseClient } from '@bourse/client'
import { addMarketCommand } from '../../packages/bourse/src/cli/market-commands.js'
import { serveForTest, type ServedExchange } from './served-exchange.js'

const PASSWORD = 'correct horse battery'
const ORDER = { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '60000.00', quantity: '0.001' } as const
const withoutSimulator = (config: string): string => config.replace(/\n {2}simulator: .*\n/, '\n')
const DOGE = (config: string): string => withoutSimulator(config).replace("{ code: 'USDT', name: 'Tether' },", "{ code: 'USDT', name: 'Tether' }, { code: 'DOGE', name: 'Dogecoin', scale: 4 },").replace('markets: [', "markets: [\n    { base: 'DOGE', quote: 'USDT', tickSize: '0.0001', lotSize: '1' },")
const failure = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'it was done', (error: Error & { code?: string }) => `${error.code ?? ''} ${error.message}`)

describe('markets under the hand of an operator', function () {
  this.timeout(60_000)
  let served: ServedExchange
  let client: BourseClient
  const logIn = async (): Promise<void> => {
    client = createClient({ baseUrl: served.url })
    await client.logIn({ email: 'trader@example.com', password: PASSWORD })
  }
  before(async () => {
    served = await serveForTest()
    await served.task({ task: 'user.create', email: 'trader@example.com', password: PASSWORD, role: 'customer' })
    await served.task({ task: 'balance.credit', email: 'trader@example.com', asset: 'USDT', amount: '100000' })
    await logIn()
  })
  after(async () => {
    client.close()
    await served.remove()
  })
  const stateOf = async (market: string): Promise<string | undefined> => (await client.exchange()).markets.find(({ symbol }) => symbol === market)?.state
  const restart = async (): Promise<void> => {
    client.close()
    await served.close()
    served = await serveForTest(undefined, served)
    await logIn()
  }

  it('are held and let go, with what rests left in place', async () => {
    await client.placeOrder(ORDER)
    expect(await served.task({ task: 'market.halt', market: 'BTC-USDT', state: 'halted', reason: 'odd prices' })).to.include({ from: 'open', state: 'halted', restingOrders: 1 })
    expect(await stateOf('BTC-USDT')).to.equal('halted')
    expect(await failure(client.placeOrder(ORDER))).to.contain('market_not_open')
    expect(await served.task({ task: 'market.halt', market: 'BTC-USDT', state: 'cancel-only' })).to.include({ from: 'halted', state: 'cancel-only' })
    expect(await served.task({ task: 'market.resume', market: 'BTC-USDT' })).to.include({ from: 'cancel-only', state: 'open' })
    await client.placeOrder(ORDER)
    expect(await failure(served.task({ task: 'market.resume', market: 'BTC-USDT' }))).to.contain('is open already')
  })

  it('stay held over a restart, whatever the configuration says, and the log tells why', async () => {
    await served.task({ task: 'market.halt', market: 'ETH-USDT', state: 'halted', reason: 'chain upgrade' })
    await restart()
    expect(await stateOf('ETH-USDT')).to.equal('halted')
    expect(served.log.join('')).to.contain('ETH-USDT stays halted: an operator holds it (chain upgrade)')
    const { held, changes } = await served.task({ task: 'market.rules', market: 'ETH-USDT', apply: false, cancelBreakingOrders: false })
    expect([held, changes]).to.deep.include.members([[]])
    expect(held).to.include({ state: 'halted', before: 'open', reason: 'chain upgrade' })
    await served.task({ task: 'market.resume', market: 'ETH-USDT' })
    await restart()
    expect(await stateOf('ETH-USDT')).to.equal('open')
  })

  it('are held no longer once an auction is called', async () => {
    await served.task({ task: 'market.halt', market: 'SOL-USDT', state: 'halted' })
    await served.task({ task: 'market.auction', market: 'SOL-USDT', seconds: 3600 })
    const { held } = await served.task({ task: 'market.rules', market: 'SOL-USDT', apply: false, cancelBreakingOrders: false })
    expect(held).to.equal(undefined)
  })

  it('are listed when the configuration names them, without a restart, and a start changes nothing', async () => {
    expect(await failure(served.task({ task: 'market.add', market: 'DOGE-USDT' }))).to.contain('is not among the markets of')
    await served.project.rewrite(DOGE)
    expect((await served.task({ task: 'market.add', market: 'DOGE-USDT' }))['changes']).to.deep.equal(['+ asset DOGE, 4 decimals', '+ market DOGE-USDT, tick 0.0001, lot 1, fees 0.0008 / 0.001'])
    expect(await stateOf('DOGE-USDT')).to.equal('open')
    expect((await client.exchange()).assets.map(({ code }) => code)).to.include('DOGE')
    await client.placeOrder({ market: 'DOGE-USDT', side: 'buy', orderType: 'limit', price: '0.1', quantity: '100' })
    expect(await failure(served.task({ task: 'market.add', market: 'DOGE-USDT' }))).to.contain('is listed already')
    await restart()
    expect(served.changes).to.deep.equal([])
    expect(await stateOf('DOGE-USDT')).to.equal('open')
  })

  it('show their rules, what the configuration says otherwise, and take it in', async () => {
    await served.project.rewrite((config) => DOGE(config).replace("tickSize: '0.0001', lotSize: '1'", "tickSize: '0.0001', lotSize: '1', minNotional: '20', fees: { maker: '0', taker: '0.002' }"))
    const task = { task: 'market.rules', market: 'DOGE-USDT', cancelBreakingOrders: false } as const
    const refused = await served.task({ ...task, apply: false })
    expect(refused).to.deep.include({ applied: false, changes: [] })
    expect(String(refused['refusals'])).to.contain('1 resting order would break the new rules')
    expect(await failure(served.task({ ...task, apply: true }))).to.contain('1 resting order would break the new rules')
    await client.cancelAll({ market: 'DOGE-USDT' })
    const shown = await served.task({ ...task, apply: false })
    expect(shown).to.deep.include({ applied: false, refusals: [], changes: ['~ market DOGE-USDT', '    minNotional: 0 -> 20', '    makerFee: 0.0008 -> 0', '    takerFee: 0.001 -> 0.002'] })
    const applied = await served.task({ ...task, apply: true })
    expect(applied).to.deep.nested.include({ applied: true, 'rules.minNotional': '20.00000000' })
    expect(await failure(client.placeOrder({ market: 'DOGE-USDT', side: 'buy', orderType: 'limit', price: '0.1', quantity: '100' }))).to.contain('notional_below_minimum')
    await restart()
    expect(served.changes).to.deep.equal([])
  })

  it('refuse in words what is not there or not possible', async () => {
    expect(await failure(served.task({ task: 'market.halt', market: 'NO-SUCH', state: 'halted' }))).to.contain('There is no market NO-SUCH. This exchange has BTC-USDT')
    const place = { project: served.project.dir, data: served.data }
    const lines = await failure(addMarketCommand('XRP-USDT', { ...place, tick: '0.0001', lot: '0.1', minNotional: '5' }))
    expect(lines).to.contain("{ code: 'XRP' }").and.to.contain("{ base: 'XRP', quote: 'USDT', tickSize: '0.0001', lotSize: '0.1', minNotional: '5' }")
    expect(await failure(addMarketCommand('XRP-USDT', { ...place, tick: '1e-4' }))).to.contain('tickSize: must be a plain decimal')
    expect(await failure(addMarketCommand('XRP', place))).to.contain('write base and quote')
  })
})
