/** The candles of one market in every interval. */
import { CANDLE_INTERVALS, candleCloseTimeUs, candleOpenTimeUs, type CandleInterval } from './candle-interval.js'
import { CandleSeries, TradeAccumulator } from './candle-series.js'
import type { Candle } from './candle.js'

export interface ChangedCandle {
  readonly interval: CandleInterval
  readonly candle: Candle
}

export class MarketCandles {
  private readonly series: Readonly<Record<CandleInterval, CandleSeries>>
  private readonly accumulator = new TradeAccumulator()
  private secondEndsUs = 0

  constructor() {
    const series: Partial<Record<CandleInterval, CandleSeries>> = {}
    for (const interval of CANDLE_INTERVALS) series[interval] = new CandleSeries(interval)
    this.series = series as Record<CandleInterval, CandleSeries>
  }

  /** Adds a trade whose price, quantity and quote amount stand at these indexes of an int64 array. */
  add(timestampUs: number, values: BigInt64Array, priceAt: number, quantityAt: number, quoteAmountAt: number): void {
    if (timestampUs >= this.secondEndsUs) {
      this.settle()
      this.secondEndsUs = candleCloseTimeUs('1s', candleOpenTimeUs('1s', timestampUs))
    }
    this.accumulator.add(timestampUs, values, priceAt, quantityAt, quoteAmountAt)
  }

  /** The series of an interval with every trade so far in it. */
  of(interval: CandleInterval): CandleSeries {
    this.settle()
    return this.series[interval]
  }

  takeChanged(): ChangedCandle[] {
    const changed: ChangedCandle[] = []
    for (const interval of CANDLE_INTERVALS) {
      for (const candle of this.of(interval).takeChanged()) changed.push({ interval, candle })
    }
    return changed
  }

  /** Moves the trades of the present second into all series; more of the same second may follow. */
  private settle(): void {
    const { accumulator, series } = this
    if (accumulator.empty) return
    for (const interval of CANDLE_INTERVALS) series[interval].merge(accumulator.i64, accumulator.f64)
    accumulator.clear()
  }
}
