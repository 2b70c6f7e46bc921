/** The rolling 24 h figures of one market, from its candles of one minute. */
import { candleOpenTimeUs, MINUTE_US } from './candle-interval.js'
import type { CandleSeries } from './candle-series.js'
import { mergeCandles, type Candle } from './candle.js'
import type { BestPrices } from './depth-book.js'

/** The window: the minute of `nowUs` and the 1,439 before it. */
export const TICKER_MINUTES = 1440

/** Prices in price units, volume in quantity units, quoteVolume in quote units; undefined where there is nothing to tell. */
export interface Ticker extends BestPrices {
  readonly sequence: number
  /** The instant for which the window was taken. */
  readonly timestampUs: number
  /** Of the last trade ever. */
  readonly lastPrice: bigint | undefined
  /** Of the window; undefined when nothing traded in it. */
  readonly open: bigint | undefined
  readonly high: bigint | undefined
  readonly low: bigint | undefined
  /** Last price less open. */
  readonly change: bigint | undefined
  /** The change in hundredths of a percent of the open, half rounded away from zero. */
  readonly changeBps: bigint | undefined
  readonly volume: bigint
  readonly quoteVolume: bigint
  readonly trades: number
}

/** Remembers the sum of the closed minutes, which changes once a minute, so that a read costs one merge. */
export class TickerWindow {
  private fromUs = -1
  private rows = -1
  private closed: Candle | undefined

  /** All trades of the window at `nowUs` as one candle. A clock behind the newest trade counts as being at it. */
  read(minutes: CandleSeries, nowUs: number): Candle | undefined {
    const { ring } = minutes
    if (ring.count === 0) return undefined
    const newest = minutes.candle(ring.count - 1)
    const fromUs = candleOpenTimeUs('1m', Math.max(nowUs, newest.openTimeUs)) - (TICKER_MINUTES - 1) * MINUTE_US
    if (newest.openTimeUs < fromUs) return undefined
    this.sumClosed(minutes, fromUs)
    return this.closed === undefined ? newest : mergeCandles(this.closed, newest)
  }

  private sumClosed(minutes: CandleSeries, fromUs: number): void {
    const rows = minutes.ring.dropped + minutes.ring.count
    if (fromUs === this.fromUs && rows === this.rows) return
    this.fromUs = fromUs
    this.rows = rows
    this.closed = undefined
    const last = minutes.ring.count - 2
    let index = last
    while (index >= 0 && minutes.ring.f64[minutes.ring.at(index)]! >= fromUs) index--
    for (index++; index <= last; index++) {
      const candle = minutes.candle(index)
      this.closed = this.closed === undefined ? candle : mergeCandles(this.closed, candle)
    }
  }
}

/** Puts a ticker together: the trades of its window as one candle, and what stands beside it. */
export function makeTicker(facts: { sequence: number; timestampUs: number; lastPrice: bigint | undefined; best: BestPrices; day: Candle | undefined }): Ticker {
  const { sequence, timestampUs, lastPrice, best, day } = facts
  const change = day && day.close - day.open
  return {
    sequence,
    timestampUs,
    lastPrice,
    open: day?.open,
    high: day?.high,
    low: day?.low,
    change,
    changeBps: day && change !== undefined ? divideRounded(change * 10_000n, day.open) : undefined,
    volume: day?.volume ?? 0n,
    quoteVolume: day?.quoteVolume ?? 0n,
    trades: day?.trades ?? 0,
    bid: best.bid,
    ask: best.ask,
  }
}

function divideRounded(value: bigint, divisor: bigint): bigint {
  const half = divisor / 2n
  return (value < 0n ? value - half : value + half) / divisor
}
