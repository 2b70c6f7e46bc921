import { ApiRequestError } from '@bourse/client'
import { expect } from 'chai'
import { EngineExchange, holding } from '../test/engine-exchange.js'
import { createMarketSimulator, simulatorFunding, SIMULATOR_ROLES, type FundedMarket, type MarketSimulator, type SimulatorRole } from './index.js'

const HOUR_MS = 3_600_000
const START_MS = 1_700_000_000_000
const MARKETS: FundedMarket[] = [
  { symbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', startPrice: '60000', dailyVolatility: 0.03, typicalQuantity: '0.05', tradesPerMinute: 60 },
  { symbol: 'ETH-USDT', base: 'ETH', quote: 'USDT', startPrice: '3000', dailyVolatility: 0.035, typicalQuantity: '0.8', tradesPerMinute: 30 },
  { symbol: 'ETH-BTC', base: 'ETH', quote: 'BTC', startPrice: '0.05', dailyVolatility: 0.02, typicalQuantity: '0.8', tradesPerMinute: 6 },
]

function newExchange(): EngineExchange {
  const exchange = new EngineExchange([
    { base: 'BTC', quote: 'USDT', tickSize: '0.01', lotSize: '0.00001' },
    { base: 'ETH', quote: 'USDT', tickSize: '0.01', lotSize: '0.0001' },
    { base: 'ETH', quote: 'BTC', tickSize: '0.00001', lotSize: '0.001' },
  ])
  const funding = simulatorFunding(MARKETS)
  for (const role of SIMULATOR_ROLES) exchange.fund(role, funding[role])
  return exchange
}

interface Running {
  readonly exchange: EngineExchange
  readonly simulator: MarketSimulator
  readonly log: string[]
  /** Lets the live simulator do so many steps of a quarter of a second. */
  live(steps: number): Promise<void>
  /** Lets the simulator's sleeps pass at once from here on. */
  free(): void
}

function newSimulator(exchange = newExchange(), seed = 7): Running {
  const log: string[] = []
  const wake: (() => void)[] = []
  const clients = Object.fromEntries(SIMULATOR_ROLES.map((role) => [role, exchange.client(role)])) as Record<SimulatorRole, ReturnType<EngineExchange['client']>>
  let credit = 0
  const clock = {
    nowMs: () => exchange.nowMs,
    sleep: async () => {
      if (credit > 0) credit -= 1
      else await new Promise<void>((resolve) => wake.push(resolve))
      exchange.nowMs += 250
    },
  }
  const simulator = createMarketSimulator({ seed, markets: MARKETS, clients, clock, log: (message) => log.push(message) })
  return {
    exchange,
    simulator,
    log,
    free: () => {
      credit = Infinity
      for (const resolve of wake.splice(0)) resolve()
    },
    async live(steps) {
      credit += steps - 1
      while (wake.length === 0) await new Promise((resolve) => setImmediate(resolve))
      wake.shift()!()
      while (wake.length === 0) await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

async function history(running: Running, hours: number): Promise<void> {
  const fromMs = running.exchange.nowMs === 0 ? START_MS : running.exchange.nowMs
  await running.simulator.runHistory({ fromMs, toMs: fromMs + hours * HOUR_MS, advanceTo: (ms) => void (running.exchange.nowMs = ms) })
}

/** Ends a live simulator whose clock stands still. */
async function stop(running: Running): Promise<void> {
  const stopped = running.simulator.stop()
  running.free()
  await stopped
}

describe('the market simulator', () => {
  it('does exactly the same for the same seed, and something else for another', async () => {
    const runs = [newSimulator(), newSimulator(), newSimulator(newExchange(), 8)]
    for (const run of runs) await history(run, 2)
    const [first, second, other] = runs.map(({ exchange }) => exchange.actions.join('\n'))
    expect(first).to.equal(second)
    expect(first).not.to.equal(other)
    expect(runs[0]!.exchange.engine.stateHash()).to.equal(runs[1]!.exchange.engine.stateHash())
  })

  it('creates and loses no unit of any asset', async () => {
    const run = newSimulator()
    await history(run, 3)
    run.exchange.engine.checkInvariants()
    for (const asset of ['BTC', 'ETH', 'USDT']) {
      expect(run.exchange.sum(asset)).to.equal(0n)
      for (const role of SIMULATOR_ROLES) expect(holding(run.exchange, role, asset) >= 0n).to.equal(true)
    }
  })

  it('trades in nearly every minute of the past, in every market, at prices without jumps', async () => {
    const run = newSimulator()
    await history(run, 6)
    for (const market of MARKETS) {
      const trades = run.exchange.trades.filter((trade) => trade.market === market.symbol)
      const minutes = new Set(trades.map(({ timeMs }) => Math.ceil(timeMs / 60_000)))
      expect(minutes.size, market.symbol).to.be.greaterThan(6 * 60 * (market.tradesPerMinute > 10 ? 0.95 : 0.8))
      for (const [index, trade] of trades.entries()) {
        const before = trades[index - 1]?.price ?? trade.price
        expect(Math.abs(trade.price / before - 1), `${market.symbol} trade ${index}`).to.be.lessThan(0.02)
      }
    }
  })

  it('keeps prices of different markets consistent', async () => {
    const run = newSimulator()
    await history(run, 4)
    const last = (symbol: string): number => run.exchange.trades.findLast(({ market }) => market === symbol)!.price
    expect(last('ETH-USDT') / last('BTC-USDT') / last('ETH-BTC')).to.be.within(0.99, 1.01)
  })

  it('ends the past with a book of twenty levels a side, a few ticks apart', async () => {
    const run = newSimulator()
    await history(run, 1)
    const { bids, asks } = run.exchange.engine.depth(run.exchange.market('BTC-USDT').id, 1_000)
    expect(bids.length).to.be.greaterThan(20)
    expect(asks.length).to.be.greaterThan(20)
    expect(Number(asks[0]![0] - bids[0]![0])).to.be.within(1, 60)
  })

  it('goes on live at the last price, adopting the orders that are there', async () => {
    const past = newSimulator()
    await history(past, 1)
    const { exchange } = past
    const lastPrice = exchange.trades.findLast(({ market }) => market === 'BTC-USDT')!.price
    const before = exchange.trades.length
    const live = newSimulator(exchange, 99)
    await live.simulator.start()
    await live.live(240)
    const trades = exchange.trades.slice(before).filter(({ market }) => market === 'BTC-USDT')
    expect(trades.length).to.be.greaterThan(15)
    expect(Math.abs(trades[0]!.price / lastPrice - 1)).to.be.lessThan(0.003)
    for (const role of ['maker', 'deep-maker', 'noise']) {
      const orders = exchange.engine.openOrders(exchange.engine.catalog.accountByName(role)!, exchange.market('BTC-USDT').id)
      expect(orders.length, role).to.be.lessThan(60)
    }
    await stop(live)
  })

  it('takes every order out of a market that is paused, leaves it alone, and comes back at its new price', async () => {
    const run = newSimulator()
    await history(run, 1)
    const { exchange } = run
    await run.simulator.start()
    await run.simulator.pause('BTC-USDT')
    const market = exchange.market('BTC-USDT').id
    expect(exchange.engine.depth(market, 1)).to.deep.equal({ bids: [], asks: [] })
    await run.live(20)
    expect(exchange.engine.depth(market, 1)).to.deep.equal({ bids: [], asks: [] })
    exchange.fund('stranger', { BTC: '10', USDT: '1000000' })
    exchange.fund('friend', { BTC: '10', USDT: '1000000' })
    const order = { market: 'BTC-USDT', orderType: 'limit', price: '50000.00', quantity: '1' } as const
    await exchange.client('stranger').placeOrder({ ...order, side: 'sell' })
    await exchange.client('friend').placeOrder({ ...order, side: 'buy' })
    await run.simulator.resume('BTC-USDT')
    await run.live(20)
    const { bids, asks } = exchange.engine.depth(market, 1)
    expect(Number(bids[0]![0]) / 100).to.be.within(49_700, 50_300)
    expect(Number(asks[0]![0]) / 100).to.be.within(49_700, 50_300)
    await stop(run)
  })

  it('takes what strangers quote far from the fair price', async () => {
    const run = newSimulator()
    await history(run, 1)
    const { exchange } = run
    await run.simulator.start()
    exchange.fund('stranger', { BTC: '1', USDT: '1' })
    const fair = exchange.trades.findLast(({ market }) => market === 'BTC-USDT')!.price
    await exchange.client('stranger').placeOrder({ market: 'BTC-USDT', side: 'sell', orderType: 'limit', price: (fair * 0.97).toFixed(2), quantity: '0.3' })
    await run.live(200)
    expect(exchange.engine.openOrders(exchange.engine.catalog.accountByName('stranger')!)).to.have.length(0)
    await stop(run)
  })

  it('survives rejects, overload and broken answers, and trades on', async () => {
    const run = newSimulator()
    const codes = ['insufficient_balance', 'unknown_order', 'queue_full', 'unavailable', 'not_logged_in']
    run.exchange.fault = (_call, count) => {
      if (count % 11 !== 0) return undefined
      const code = codes[count % codes.length]!
      return count % 33 === 0 ? new TypeError('the socket broke') : new ApiRequestError(code, code, code === 'queue_full' ? 503 : 400)
    }
    run.free()
    await history(run, 0.05)
    run.exchange.fault = () => undefined
    await history(run, 1)
    expect(run.exchange.trades.length).to.be.greaterThan(100)
    expect(run.log.length).to.be.within(1, 5)
    run.exchange.engine.checkInvariants()
  })

  it('stops quoting what it has run out of instead of erring for ever', async () => {
    const exchange = new EngineExchange([{ base: 'BTC', quote: 'USDT', tickSize: '0.01', lotSize: '0.00001' }])
    for (const role of SIMULATOR_ROLES) exchange.fund(role, { BTC: '0.2', USDT: '9000' })
    const run = newSimulator(exchange)
    await history(run, 3)
    expect(run.simulator.rejects().get('insufficient_balance') ?? 0).to.be.lessThan(exchange.actions.length / 10)
    expect(run.log.join()).to.contain('leaves ETH-USDT out')
    exchange.engine.checkInvariants()
  })
})
