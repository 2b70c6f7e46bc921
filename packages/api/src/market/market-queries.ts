/** What the public may ask about a market, from memory and from the history: the same for every interface. */
import type { Candle, Depth, PublicTrade } from '@bourse/core'
import type { GatewayServices } from '../services.js'
import { aggregated, type AggregateTrade } from './aggregate-trades.js'
import type { CandlesQuery } from './candles-query.js'
import { averagePrice, dayTicker, type AveragePrice, type DayTicker, type WindowTicker } from './day-ticker.js'
import { windowTicker } from './window-ticker.js'

export interface TradesQuery {
  readonly limit: number
  /** Only older ones. */
  readonly beforeId?: number | undefined
}

export interface AggregateQuery {
  readonly fromId?: number | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
  readonly limit: number
}

/** Most trades that are read for one list of aggregated trades. */
const MAX_READ_TRADES = 1_000

export class MarketQueries {
  constructor(private readonly services: Pick<GatewayServices, 'exchange' | 'history' | 'now'>) {}

  depth(market: number, limit: number): Depth {
    return this.services.exchange.marketData.depth(market, limit)
  }

  dayTicker(market: number): DayTicker {
    return dayTicker(this.services.exchange.marketData, market, this.services.now() * 1_000)
  }

  /** From the minute of an instant, at most eight days ago, to now. */
  windowTicker(market: number, fromMs: number): Promise<WindowTicker> {
    return windowTicker(this.services.exchange.marketData, (query) => this.candles(market, query), { market, fromMs, nowMs: this.services.now() })
  }

  /** Of the last five minutes. */
  averagePrice(market: number): AveragePrice {
    const { catalog, marketData } = this.services.exchange
    return averagePrice(marketData, catalog.market(market)!, this.services.now() * 1_000)
  }

  /** Newest first: the newest from memory; what is older from SQL, which has it by then. */
  async trades(market: number, { limit, beforeId }: TradesQuery): Promise<PublicTrade[]> {
    const { exchange, history } = this.services
    const recent = exchange.marketData.recentTrades(market, limit, beforeId)
    const oldest = recent.at(-1)?.tradeId ?? beforeId
    // Trade ids are consecutive from 1: nothing is missing when the first one is here.
    if (recent.length === limit || oldest === 1 || oldest === undefined) return recent
    const older = await history.trades({ market, beforeId: oldest, limit: limit - recent.length })
    return [...recent, ...older]
  }

  /** Oldest first: from an id on. */
  async tradesFrom(market: number, fromId: number, limit: number): Promise<PublicTrade[]> {
    const newest = this.services.exchange.marketData.recentTrades(market, 1)[0]?.tradeId ?? 0
    const first = Math.max(1, fromId)
    const count = Math.min(limit, newest - first + 1)
    return count <= 0 ? [] : (await this.trades(market, { beforeId: first + count, limit: count })).reverse()
  }

  /** Trades of one command, side and price as one, oldest first; without a start the newest. */
  async aggregateTrades(market: number, { fromId, fromMs, toMs, limit }: AggregateQuery): Promise<AggregateTrade[]> {
    const newest = fromId === undefined && fromMs === undefined
    const trades = await this.tradesOf(market, { fromId, fromMs, toMs })
    const together = aggregated(trades)
    // What was read may begin or end in the middle of a sum.
    const whole = trades.length < MAX_READ_TRADES || together.length === 1 ? together : newest ? together.slice(1) : together.slice(0, -1)
    return newest ? whole.slice(-limit) : whole.slice(0, limit)
  }

  private async tradesOf(market: number, { fromId, fromMs, toMs }: Omit<AggregateQuery, 'limit'>): Promise<readonly PublicTrade[]> {
    if (fromMs !== undefined || toMs !== undefined) return this.services.history.tradesWithin({ market, fromId, fromMs, toMs, limit: MAX_READ_TRADES })
    if (fromId !== undefined) return this.tradesFrom(market, fromId, MAX_READ_TRADES)
    return (await this.trades(market, { limit: MAX_READ_TRADES })).reverse()
  }

  /** From memory as long as it holds the whole answer, else from SQL with the newest candles from memory laid over. Oldest first. */
  async candles(market: number, { interval, fromMs, toMs, limit }: CandlesQuery): Promise<Candle[]> {
    const { exchange: { marketData }, history } = this.services
    const completeFromMs = marketData.candlesCompleteFromUs(market, interval) / 1_000
    const inMemory = marketData.candles(market, { interval, limit: Infinity, fromUs: (fromMs ?? 0) * 1_000, toUs: toMs === undefined ? Infinity : toMs * 1_000 + 1 })
    const whole = completeFromMs === 0 || (fromMs === undefined ? inMemory.length >= limit : fromMs >= completeFromMs)
    const list = whole ? inMemory : await joined()
    // With a start the oldest are wanted, without one the newest.
    return fromMs === undefined ? list.slice(-limit) : list.slice(0, limit)

    async function joined(): Promise<Candle[]> {
      const rows = await history.candles({ market, interval, fromMs, toMs, limit })
      const firstInMemoryUs = inMemory[0]?.openTimeUs ?? Infinity
      return [...rows.filter(({ openTimeUs }) => openTimeUs < firstInMemoryUs), ...inMemory]
    }
  }
}
