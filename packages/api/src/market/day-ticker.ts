/** The figures of a rolling day and of the last minutes that a plain ticker leaves out. */
import { candleOpenTimeUs, mergeCandles, type Candle, type MarketSpec, type PublicTrade, type Ticker } from '@bourse/core'
import type { TradingService } from '../services.js'

type MarketData = TradingService['marketData']

/** A ticker with what belongs to its window. */
export interface WindowTicker extends Ticker {
  /** The window: from its first minute to now. */
  readonly openTimeUs: number
  readonly closeTimeUs: number
  /** Of the last trade ever. */
  readonly lastQuantity: bigint | undefined
  readonly lastTradeId: number | undefined
  /** Of the window; undefined when nothing traded in it. */
  readonly firstTradeId: number | undefined
}

/** That of the last 24 hours. */
export interface DayTicker extends WindowTicker {
  /** The price before the window, as far as memory reaches back. */
  readonly previousClose: bigint | undefined
}

const MINUTE_US = 60_000_000
const DAY_MINUTES = 1_440
const AVERAGE_MINUTES = 5

export function dayTicker(marketData: MarketData, market: number, nowUs: number): DayTicker {
  const ticker = marketData.ticker(market, nowUs)
  const [last] = marketData.recentTrades(market, 1)
  const openTimeUs = windowStartUs(nowUs, DAY_MINUTES)
  return {
    ...windowTickerOf(ticker, last, { openTimeUs, closeTimeUs: nowUs }),
    previousClose: marketData.candles(market, { interval: '1m', limit: 1, toUs: openTimeUs })[0]?.close,
  }
}

export function windowTickerOf(ticker: Ticker, last: PublicTrade | undefined, window: { openTimeUs: number; closeTimeUs: number }): WindowTicker {
  return {
    ...ticker,
    ...window,
    lastQuantity: last?.quantity,
    lastTradeId: last?.tradeId,
    // Trade ids are consecutive, and the trades of the window are the last ones.
    firstTradeId: last === undefined || ticker.trades === 0 ? undefined : last.tradeId - ticker.trades + 1,
  }
}

/** Volume-weighted, in price units rounded down; the last price where nothing traded. */
export interface AveragePrice {
  readonly minutes: number
  readonly price: bigint | undefined
  readonly closeTimeUs: number
}

export function averagePrice(marketData: MarketData, market: MarketSpec, nowUs: number): AveragePrice {
  const candles = marketData.candles(market.id, { interval: '1m', limit: AVERAGE_MINUTES, fromUs: windowStartUs(nowUs, AVERAGE_MINUTES) })
  const sum = candles.reduce<Candle | undefined>((all, candle) => (all === undefined ? candle : mergeCandles(all, candle)), undefined)
  const [last] = marketData.recentTrades(market.id, 1)
  return {
    minutes: AVERAGE_MINUTES,
    price: sum === undefined ? last?.price : weightedPrice(sum, market),
    closeTimeUs: last?.timestampUs ?? 0,
  }
}

/** What a unit of quantity cost on average, in price units rounded down; undefined where nothing traded. */
export function weightedPrice({ volume, quoteVolume }: Pick<Ticker, 'volume' | 'quoteVolume'>, { notionalUnit }: MarketSpec): bigint | undefined {
  return volume === 0n ? undefined : quoteVolume / (volume * notionalUnit)
}

function windowStartUs(nowUs: number, minutes: number): number {
  return candleOpenTimeUs('1m', nowUs) - (minutes - 1) * MINUTE_US
}
