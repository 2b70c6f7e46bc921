/** One candle as a value, and how trades make it: the pure fold that memory and SQL share. */
import { candleOpenTimeUs, type CandleInterval } from './candle-interval.js'

/** Trades of one interval. Prices in price units, volume in quantity units, quoteVolume in quote units; an interval without a trade has no candle. */
export interface Candle {
  /** Start of the interval, microseconds since 1970. */
  readonly openTimeUs: number
  readonly open: bigint
  readonly high: bigint
  readonly low: bigint
  readonly close: bigint
  /** May exceed 64 bits over long intervals. */
  readonly volume: bigint
  /** May exceed 64 bits over long intervals. */
  readonly quoteVolume: bigint
  readonly trades: number
}

/** What a candle needs to know of a trade; every `trade.executed` event is one. */
export interface CandleTrade {
  readonly timestampUs: number
  readonly price: bigint
  readonly quantity: bigint
  readonly quoteAmount: bigint
}

/** The candle of an interval that holds this one trade. */
export function candleOfTrade(interval: CandleInterval, trade: CandleTrade): Candle {
  const { price } = trade
  return {
    openTimeUs: candleOpenTimeUs(interval, trade.timestampUs),
    open: price,
    high: price,
    low: price,
    close: price,
    volume: trade.quantity,
    quoteVolume: trade.quoteAmount,
    trades: 1,
  }
}

/**
 * Joins two candles of the same interval, `later` holding the later trades. Associative: trades may
 * be folded in any grouping that keeps their order.
 */
export function mergeCandles(earlier: Candle, later: Candle): Candle {
  return {
    openTimeUs: earlier.openTimeUs,
    open: earlier.open,
    high: later.high > earlier.high ? later.high : earlier.high,
    low: later.low < earlier.low ? later.low : earlier.low,
    close: later.close,
    volume: earlier.volume + later.volume,
    quoteVolume: earlier.quoteVolume + later.quoteVolume,
    trades: earlier.trades + later.trades,
  }
}

/**
 * Folds the next trade into the newest candle of an interval.
 *
 * @param newest the candle so far, undefined before the first trade.
 * @returns the same candle grown by the trade, or the first state of a new one when its open time differs.
 */
export function foldCandle(interval: CandleInterval, newest: Candle | undefined, trade: CandleTrade): Candle {
  const next = candleOfTrade(interval, trade)
  return newest !== undefined && newest.openTimeUs === next.openTimeUs ? mergeCandles(newest, next) : next
}
