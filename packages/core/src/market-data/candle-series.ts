/** The newest candles of one interval of one market. */
import { candleCloseTimeUs, candleOpenTimeUs, type CandleInterval } from './candle-interval.js'
import type { Candle } from './candle.js'
import { RowRing } from './row-ring.js'
import { addToWideSum, addWideSum, readWideSum } from './wide-sum.js'

/** Candles kept in memory for each interval and market. */
export const MAX_CANDLES = 1500

/** Words of a candle row; volume and quoteVolume are wide sums of two words. */
export const CANDLE_WORDS = 10
export const OPEN_TIME = 0
export const OPEN = 1
export const HIGH = 2
export const LOW = 3
export const CLOSE = 4
export const VOLUME = 5
export const QUOTE_VOLUME = 7
export const TRADES = 9

export class CandleSeries {
  readonly ring = new RowRing(CANDLE_WORDS, MAX_CANDLES)
  /** When the newest candle ends. */
  private closeTimeUs = 0
  /** Number, counted from the first ever, of the oldest candle that changed since the last take. */
  private changedFrom = Infinity

  constructor(readonly interval: CandleInterval) {}

  /** Joins a candle of a finer interval, not older than the newest one here. */
  merge(i64: BigInt64Array, f64: Float64Array): void {
    const { ring } = this
    const timestampUs = f64[OPEN_TIME]!
    if (timestampUs >= this.closeTimeUs || ring.count === 0) {
      const at = ring.push()
      ring.i64.set(i64, at)
      ring.f64[at + OPEN_TIME] = candleOpenTimeUs(this.interval, timestampUs)
      this.closeTimeUs = candleCloseTimeUs(this.interval, ring.f64[at + OPEN_TIME]!)
    } else {
      const at = ring.at(ring.count - 1)
      const target = ring.i64
      if (i64[HIGH]! > target[at + HIGH]!) target[at + HIGH] = i64[HIGH]!
      if (i64[LOW]! < target[at + LOW]!) target[at + LOW] = i64[LOW]!
      target[at + CLOSE] = i64[CLOSE]!
      addWideSum(target, at + VOLUME, i64, VOLUME)
      addWideSum(target, at + QUOTE_VOLUME, i64, QUOTE_VOLUME)
      ring.f64[at + TRADES]! += f64[TRADES]!
    }
    this.changedFrom = Math.min(this.changedFrom, ring.dropped + ring.count - 1)
  }

  /** The newest `limit` candles that opened from `fromUs` to before `toUs`, oldest first. */
  read(limit: number, fromUs = 0, toUs = Infinity): Candle[] {
    const { ring } = this
    let end = ring.count
    while (end > 0 && ring.f64[ring.at(end - 1)]! >= toUs) end--
    let start = end
    while (start > 0 && end - start < limit && ring.f64[ring.at(start - 1)]! >= fromUs) start--
    const candles: Candle[] = []
    for (let i = start; i < end; i++) candles.push(this.candle(i))
    return candles
  }

  /** The candle at an index from 0, the oldest held. */
  candle(index: number): Candle {
    const { i64, f64 } = this.ring
    const at = this.ring.at(index)
    return {
      openTimeUs: f64[at + OPEN_TIME]!,
      open: i64[at + OPEN]!,
      high: i64[at + HIGH]!,
      low: i64[at + LOW]!,
      close: i64[at + CLOSE]!,
      volume: readWideSum(i64, at + VOLUME),
      quoteVolume: readWideSum(i64, at + QUOTE_VOLUME),
      trades: f64[at + TRADES]!,
    }
  }

  /** From this instant on no candle has been dropped; 0 while all are here. */
  completeFromUs(): number {
    return this.ring.dropped === 0 ? 0 : this.ring.f64[this.ring.at(0)]!
  }

  /** Candles that are new or changed since the last take, oldest first, as far as they are still held. */
  takeChanged(): Candle[] {
    const { ring } = this
    const candles: Candle[] = []
    for (let i = Math.max(0, this.changedFrom - ring.dropped); i < ring.count; i++) candles.push(this.candle(i))
    this.changedFrom = Infinity
    return candles
  }

  load(rows: BigInt64Array, dropped: number): void {
    this.ring.load(rows, dropped)
    if (this.ring.count > 0) this.closeTimeUs = candleCloseTimeUs(this.interval, this.candle(this.ring.count - 1).openTimeUs)
  }
}

/**
 * Trades that are not yet in any series: one candle of less than a second, so that a trade costs one
 * row and not one in each interval.
 */
export class TradeAccumulator {
  readonly i64 = new BigInt64Array(CANDLE_WORDS)
  readonly f64 = new Float64Array(this.i64.buffer)

  get empty(): boolean {
    return this.f64[TRADES] === 0
  }

  clear(): void {
    this.f64.fill(0)
  }

  add(timestampUs: number, values: BigInt64Array, priceAt: number, quantityAt: number, quoteAmountAt: number): void {
    const { i64, f64 } = this
    if (f64[TRADES] === 0) {
      f64[OPEN_TIME] = timestampUs
      i64[OPEN] = i64[HIGH] = i64[LOW] = values[priceAt]!
    } else if (values[priceAt]! > i64[HIGH]!) i64[HIGH] = values[priceAt]!
    else if (values[priceAt]! < i64[LOW]!) i64[LOW] = values[priceAt]!
    i64[CLOSE] = values[priceAt]!
    addToWideSum(i64, VOLUME, values, quantityAt)
    addToWideSum(i64, QUOTE_VOLUME, values, quoteAmountAt)
    f64[TRADES]!++
  }
}
