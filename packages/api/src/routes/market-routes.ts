/** Public routes: the exchange as it presents itself, and the data of its markets. */
import { CandleInterval, MarketSymbol, queryNumber, type Candle, type Trade } from '@bourse/client'
import { z } from 'zod'
import { ApiFailure } from '../http/failures.js'
import { defineRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'
import { marketScale, type MarketScale } from '../views/amounts.js'
import { candleView, depthView, tickerView, tradeView } from '../views/market-view.js'

const MarketParams = z.strictObject({ market: MarketSymbol })
const DepthQuery = z.strictObject({ limit: queryNumber(1, 5000).default(100) })
const TradesQuery = z.strictObject({ limit: queryNumber(1, 1000).default(100), beforeId: queryNumber(1, Number.MAX_SAFE_INTEGER).optional() })
/** The last millisecond that a Date can name. */
const MAX_TIME_MS = 8_640_000_000_000_000
const CandlesQuery = z.strictObject({
  interval: CandleInterval,
  fromMs: queryNumber(0, MAX_TIME_MS).optional(),
  toMs: queryNumber(0, MAX_TIME_MS).optional(),
  limit: queryNumber(1, 1000).default(500),
})

export function marketRoutes(services: GatewayServices): Route[] {
  const { exchange, history } = services
  const { marketData } = exchange
  const scaleOf = (symbol: string): MarketScale => {
    const market = exchange.catalog.marketBySymbol(symbol)
    if (market === undefined) throw new ApiFailure({ status: 404, code: 'unknown_market', message: `There is no market ${symbol}. GET /api/v1/exchange lists them.`, field: 'market' })
    return marketScale(exchange.catalog, market.id)
  }
  const ticker = (scale: MarketScale) => tickerView(marketData.ticker(scale.market.id, services.now() * 1_000), scale)

  return [
    defineRoute({ method: 'GET', path: '/exchange', access: 'public', budget: 'read', handle: () => services.presentation() }),
    defineRoute({ method: 'GET', path: '/time', access: 'public', budget: 'read', handle: () => ({ timeMs: services.now() }) }),
    defineRoute({
      method: 'GET',
      path: '/tickers',
      access: 'public',
      budget: 'read',
      handle: () => exchange.catalog.markets().map(({ id }) => ticker(marketScale(exchange.catalog, id))),
    }),
    defineRoute({
      method: 'GET',
      path: '/markets/:market/ticker',
      access: 'public',
      budget: 'read',
      params: MarketParams,
      handle: ({ params }) => ticker(scaleOf(params.market)),
    }),
    defineRoute({
      method: 'GET',
      path: '/markets/:market/depth',
      access: 'public',
      budget: 'read',
      params: MarketParams,
      query: DepthQuery,
      handle: ({ params, query }) => {
        const scale = scaleOf(params.market)
        return depthView(marketData.depth(scale.market.id, query.limit), scale)
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/markets/:market/trades',
      access: 'public',
      budget: 'read',
      params: MarketParams,
      query: TradesQuery,
      handle: ({ params, query }) => trades(scaleOf(params.market), query),
    }),
    defineRoute({
      method: 'GET',
      path: '/markets/:market/candles',
      access: 'public',
      budget: 'read',
      params: MarketParams,
      query: CandlesQuery,
      handle: ({ params, query }) => candles(scaleOf(params.market), query),
    }),
  ]

  /** The newest from memory; what is older from SQL, which has it by then. */
  async function trades(scale: MarketScale, query: z.output<typeof TradesQuery>): Promise<Trade[]> {
    const { id } = scale.market
    const recent = marketData.recentTrades(id, query.limit, query.beforeId)
    const oldest = recent.at(-1)?.tradeId ?? query.beforeId
    // Trade ids are consecutive from 1: nothing is missing when the first one is here.
    if (recent.length === query.limit || oldest === 1 || oldest === undefined) return recent.map((trade) => tradeView(trade, scale))
    const older = await history.trades({ market: id, beforeId: oldest, limit: query.limit - recent.length })
    return [...recent, ...older].map((trade) => tradeView(trade, scale))
  }

  /** From memory as long as it holds the whole answer, else from SQL with the newest candles from memory laid over. */
  async function candles(scale: MarketScale, query: z.output<typeof CandlesQuery>): Promise<Candle[]> {
    const { id } = scale.market
    const { interval, fromMs, toMs, limit } = query
    const completeFromMs = marketData.candlesCompleteFromUs(id, interval) / 1_000
    const inMemory = marketData.candles(id, { interval, limit: Infinity, fromUs: (fromMs ?? 0) * 1_000, toUs: toMs === undefined ? Infinity : toMs * 1_000 + 1 })
    const whole = completeFromMs === 0 || (fromMs === undefined ? inMemory.length >= limit : fromMs >= completeFromMs)
    const list = whole ? inMemory : await joined()
    // With a start the oldest are wanted, without one the newest.
    return (fromMs === undefined ? list.slice(-limit) : list.slice(0, limit)).map((candle) => candleView(candle, scale))

    async function joined(): Promise<typeof inMemory> {
      const rows = await history.candles({ market: id, interval, fromMs, toMs, limit })
      const firstInMemoryUs = inMemory[0]?.openTimeUs ?? Infinity
      return [...rows.filter(({ openTimeUs }) => openTimeUs < firstInMemoryUs), ...inMemory]
    }
  }
}
