/** The exchange: a venue in this worker's memory, the simulated traders, and one visitor. */
import { createVenue, formatDecimal, type Event } from '@bourse/core'
import { createMarketSimulator, SIMULATOR_ROLES, simulatorFunding, type FundedMarket, type SimulatorClient, type SimulatorRole } from '@bourse/market-simulator'
import type { Bar, Outcome, Request, TapeTrade, View } from './messages.js'
import { createVenueClient } from './venue-client.js'

const MARKET = 'BTC-USD'
const VISITOR = 'you'
const SIMULATED: FundedMarket = { symbol: MARKET, base: 'BTC', quote: 'USD', startPrice: '64000', dailyVolatility: 0.15, typicalQuantity: '0.02', tradesPerMinute: 240 }
const DEPTH_LEVELS = 10
const BARS = 120

/** The exchange's own time: it runs `factor` times as fast as the tab's. */
const clock = { startMs: Date.now(), realMs: performance.now(), factor: 1 }
const nowMs = (): number => clock.startMs + (performance.now() - clock.realMs) * clock.factor

const venue = createVenue({
  assets: { BTC: 8, USD: 8 },
  markets: { [MARKET]: { tickSize: '0.01', lotSize: '0.00001', minNotional: '1', makerFee: '0.0008', takerFee: '0.001' } },
  clock: () => Math.floor(nowMs() * 1000),
})
const market = venue.engine.catalog.marketBySymbol(MARKET)!

openAccounts()
const simulator = createMarketSimulator({
  seed: Date.now() % 2 ** 31,
  markets: [SIMULATED],
  clients: Object.fromEntries(SIMULATOR_ROLES.map((role) => [role, createVenueClient(venue, role)])) as Record<SimulatorRole, SimulatorClient>,
  clock: { nowMs, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / clock.factor)) },
})
await simulator.start()

self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  if (data.type === 'look') self.postMessage(view(data.lastTradeId))
  else if (data.type === 'speed') setSpeed(data.factor)
  else self.postMessage(act(data))
})
self.postMessage(view(0))

function openAccounts(): void {
  const funding: Record<string, Record<string, string>> = { ...simulatorFunding([SIMULATED]), [VISITOR]: { BTC: '1', USD: '100000' } }
  for (const [account, amounts] of Object.entries(funding)) {
    venue.submit({ type: 'account.open', account, kind: 'user' })
    for (const asset of ['BTC', 'USD'] as const) {
      venue.submit({ type: 'ledger.transfer', requestId: `${account}-${asset}`, from: 'world', to: account, asset, amount: amounts[asset]! })
    }
  }
}

function setSpeed(factor: number): void {
  clock.startMs = nowMs()
  clock.realMs = performance.now()
  clock.factor = factor
}

function act(request: Exclude<Request, { type: 'look' | 'speed' }>): Outcome {
  if (request.type === 'cancel-all') {
    const result = venue.submit({ type: 'order.cancel-all', account: VISITOR, market: MARKET })
    return { type: 'outcome', ok: result.ok, text: result.ok ? `Cancelled ${result.events.length} orders.` : result.reject.code }
  }
  const { side, price, quantity } = request
  const order = { type: 'order.place', account: VISITOR, market: MARKET, side, quantity } as const
  const result = venue.submit(price === '' ? { ...order, orderType: 'market' } : { ...order, orderType: 'limit', price })
  return { type: 'outcome', ok: result.ok, text: result.ok ? describe(result.events) : `Refused: ${(result.reject.message ?? result.reject.code).replaceAll('_', ' ')}.` }
}

function describe(events: readonly Event[]): string {
  const trades = events.filter((event) => event.type === 'trade.executed')
  const filled = formatDecimal(trades.reduce((sum, { quantity }) => sum + quantity, 0n), market.quantityScale)
  const rests = events.some(({ type }) => type === 'order.rested')
  if (trades.length === 0) return rests ? 'The order rests in the book.' : 'Nothing could be traded.'
  return `Traded ${filled} BTC in ${trades.length} trade${trades.length === 1 ? '' : 's'}${rests ? '; the rest stays in the book.' : '.'}`
}

function view(lastTradeId: number): View {
  const { engine, marketData } = venue
  const account = engine.catalog.accountByName(VISITOR)!
  return {
    type: 'view',
    timeMs: nowMs(),
    commands: engine.sequence,
    trades: marketData.recentTrades(market.id, 1)[0]?.tradeId ?? 0,
    ...venue.depth(MARKET, DEPTH_LEVELS),
    tape: marketData.tradesAfter(market.id, lastTradeId).map(tapeTrade).slice(-40),
    bars: marketData.candles(market.id, { interval: '1s', limit: BARS }).map(bar),
    balances: (['BTC', 'USD'] as const).map((asset) => ({ asset, ...venue.balance(VISITOR, asset) })),
    openOrders: engine.openOrders(account).length,
  }
}

function tapeTrade(trade: { tradeId: number; price: bigint; quantity: bigint; takerSide: 'buy' | 'sell'; timestampUs: number }): TapeTrade {
  const { tradeId, price, quantity, takerSide, timestampUs } = trade
  return { tradeId, takerSide, timeMs: timestampUs / 1000, price: formatDecimal(price, market.priceScale), quantity: formatDecimal(quantity, market.quantityScale) }
}

function bar(candle: { open: bigint; high: bigint; low: bigint; close: bigint }): Bar {
  const number = (units: bigint): number => Number(units) / 10 ** market.priceScale
  return { open: number(candle.open), high: number(candle.high), low: number(candle.low), close: number(candle.close) }
}
