/** The figures of a window of any length up to now, from candles of a minute and of an hour. */
import { makeTicker, mergeCandles, type Candle } from '@bourse/core'
import type { TradingService } from '../services.js'
import { windowTickerOf, type WindowTicker } from './day-ticker.js'
import type { CandlesQuery } from './candles-query.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** More than the hours of any window, and than the minutes before the first of them. */
const MOST_CANDLES = 1_000
/** Eight days and a bit. */
export const LONGEST_WINDOW_MS = 200 * HOUR_MS

export interface TickerWindow {
  readonly market: number
  /** The window begins with this minute. */
  readonly fromMs: number
  readonly nowMs: number
}

/** @param candles reads them from memory at once and from SQL later, so that all that is read before the wait is of one moment. */
export async function windowTicker(marketData: TradingService['marketData'], candles: (query: CandlesQuery) => Promise<readonly Candle[]>, { market, fromMs, nowMs }: TickerWindow): Promise<WindowTicker> {
  const beginMs = Math.floor(Math.max(fromMs, nowMs - LONGEST_WINDOW_MS) / MINUTE_MS) * MINUTE_MS
  const hoursFromMs = Math.ceil(beginMs / HOUR_MS) * HOUR_MS
  const { sequence, lastPrice, bid, ask } = marketData.ticker(market, nowMs * 1_000)
  const [last] = marketData.recentTrades(market, 1)
  const parts = await Promise.all([
    beginMs < hoursFromMs ? candles({ interval: '1m', fromMs: beginMs, toMs: hoursFromMs - 1, limit: MOST_CANDLES }) : [],
    candles({ interval: '1h', fromMs: hoursFromMs, limit: MOST_CANDLES }),
  ])
  const all = parts.flat().reduce<Candle | undefined>((sum, candle) => (sum === undefined ? candle : mergeCandles(sum, candle)), undefined)
  const ticker = makeTicker({ sequence, timestampUs: nowMs * 1_000, lastPrice, best: { bid, ask }, day: all })
  return windowTickerOf(ticker, last, { openTimeUs: beginMs * 1_000, closeTimeUs: nowMs * 1_000 })
}
