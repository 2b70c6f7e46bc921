/** Order books, trades, candles and tickers. */
import type { GatewayShare, MarketScale } from '@bourse/api'
import { invalidValue, missingParameter, BinanceError } from '../binance-error.js'
import type { Parameters } from '../request/parameters.js'
import type { Symbols } from '../symbols.js'
import { symbolOf } from '../symbols.js'
import { aggregateView, bookTickerView, dayTickerView, depthView, INTERVALS, klineView, miniTickerView, tradeView, withoutGaps, type Kline } from '../views/market-views.js'
import { publicCall, type Call } from './call.js'

export function marketCalls({ services, markets }: GatewayShare, symbols: Symbols): Call[] {
  return [
    publicCall('GET /api/v3/depth', { socket: 'depth', weight: 5 }, (parameters) => {
      const scale = symbols.scale(parameters.symbol())
      return depthView(markets.depth(scale.market.id, parameters.limit(100, 5_000)), scale)
    }),
    publicCall('GET /api/v3/trades', { socket: 'trades.recent', weight: 10 }, async (parameters) => {
      const scale = symbols.scale(parameters.symbol())
      const trades = await markets.trades(scale.market.id, { limit: parameters.limit(500, 1_000) })
      return trades.reverse().map((trade) => tradeView(trade, scale))
    }),
    publicCall('GET /api/v3/historicalTrades', { socket: 'trades.historical', weight: 10 }, async (parameters) => {
      const scale = symbols.scale(parameters.symbol())
      const limit = parameters.limit(500, 1_000)
      const fromId = parameters.integer('fromId')
      const trades = fromId === undefined ? (await markets.trades(scale.market.id, { limit })).reverse() : await markets.tradesFrom(scale.market.id, fromId, limit)
      return trades.map((trade) => tradeView(trade, scale))
    }),
    publicCall('GET /api/v3/aggTrades', { socket: 'trades.aggregate', weight: 4 }, async (parameters) => {
      const scale = symbols.scale(parameters.symbol())
      const query = { fromId: parameters.integer('fromId'), fromMs: parameters.integer('startTime'), toMs: parameters.integer('endTime'), limit: parameters.limit(500, 1_000) }
      return (await markets.aggregateTrades(scale.market.id, query)).map((trade) => aggregateView(trade, scale))
    }),
    publicCall('GET /api/v3/klines', { socket: 'klines', weight: 2 }, (parameters) => klines(parameters)),
    publicCall('GET /api/v3/uiKlines', { socket: 'uiKlines', weight: 2 }, (parameters) => klines(parameters)),
    publicCall('GET /api/v3/avgPrice', { socket: 'avgPrice', weight: 2 }, (parameters) => {
      const scale = symbols.scale(parameters.symbol())
      const { minutes, price, closeTimeUs } = markets.averagePrice(scale.market.id)
      return { mins: minutes, price: scale.price(price ?? 0n), closeTime: Math.floor(closeTimeUs / 1_000) }
    }),
    publicCall('GET /api/v3/ticker/24hr', { socket: 'ticker.24hr', weight: 2 }, (parameters) => {
      const view = parameters.choice('type', ['FULL', 'MINI']) === 'MINI' ? miniTickerView : dayTickerView
      return forSymbols(parameters, symbols, (scale) => view(markets.dayTicker(scale.market.id), scale))
    }),
    publicCall('GET /api/v3/ticker/price', { socket: 'ticker.price', weight: 2 }, (parameters) =>
      forSymbols(parameters, symbols, (scale) => ({ symbol: symbolOf(scale.market.symbol), price: scale.price(services.exchange.marketData.recentTrades(scale.market.id, 1)[0]?.price ?? 0n) })),
    ),
    publicCall('GET /api/v3/ticker/bookTicker', { socket: 'ticker.book', weight: 2 }, (parameters) => forSymbols(parameters, symbols, (scale) => bookTickerView(services.exchange.marketData.best(scale.market.id), scale))),
  ]

  async function klines(parameters: Parameters): Promise<Kline[]> {
    const scale = symbols.scale(parameters.symbol())
    const interval = parameters.choice('interval', INTERVALS, new BinanceError(-1120, 'Invalid interval.'))
    if (interval === undefined) throw missingParameter('interval')
    const [fromMs, toMs, limit] = [parameters.integer('startTime'), parameters.integer('endTime'), parameters.limit(500, 1_000)]
    if (fromMs !== undefined && toMs !== undefined && fromMs > toMs) throw invalidValue('startTime')
    const candles = await markets.candles(scale.market.id, { interval, fromMs, toMs, limit })
    const untilUs = Math.min(services.now(), toMs ?? Infinity) * 1_000
    const rows = withoutGaps(candles, interval, { untilUs, limit, newest: fromMs === undefined })
    return (fromMs === undefined ? rows.slice(-limit) : rows.slice(0, limit)).map((candle) => klineView(candle, interval, scale))
  }
}

/** One object for a `symbol`, a list for `symbols` or none. */
function forSymbols(parameters: Parameters, symbols: Symbols, view: (scale: MarketScale) => object): object {
  const wanted = parameters.symbols()
  if (parameters.has('symbol')) return view(symbols.scale(wanted![0]!))
  const scales = wanted === undefined ? symbols.all() : wanted.map((symbol) => symbols.scale(symbol))
  return scales.map(view)
}
