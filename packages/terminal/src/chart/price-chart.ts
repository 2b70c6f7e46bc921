/** What the terminal asks of a price chart: the one place where the charting library can be exchanged. */
import type { Candle, CandleInterval } from '@bourse/client'

/** Where a chart gets its candles from. */
export interface CandleSource {
  /** Candles before the given time (the newest when null), oldest first. */
  load(interval: CandleInterval, beforeMs: number | null): Promise<readonly Candle[]>
  /** Reports the current candle as it changes; `onGap` when some may have been missed and the chart has to load anew. */
  follow(interval: CandleInterval, onCandle: (candle: Candle) => void, onGap: () => void): () => void
}

export interface ChartSubject {
  /** Shown in the legend. */
  readonly name: string
  readonly priceDecimals: number
  readonly quantityDecimals: number
  readonly source: CandleSource
}

export const INDICATORS = ['MA', 'EMA', 'BOLL', 'VOL', 'MACD', 'RSI'] as const
export type Indicator = (typeof INDICATORS)[number]

export const CHART_STYLES = ['candles', 'line'] as const
export type ChartStyle = (typeof CHART_STYLES)[number]

export interface ChartTexts {
  readonly open: string
  readonly high: string
  readonly low: string
  readonly close: string
  readonly volume: string
  readonly change: string
}

/** One of the person's own orders, drawn as a line across the chart. */
export interface OrderLine {
  readonly orderId: number
  readonly side: 'buy' | 'sell'
  readonly price: string
  readonly label: string
}

export interface PriceChart {
  show(subject: ChartSubject, interval: CandleInterval): void
  setIndicators(indicators: readonly Indicator[]): void
  setStyle(style: ChartStyle): void
  setTexts(texts: ChartTexts): void
  setOrderLines(lines: readonly OrderLine[]): void
  /** Reads the theme's colours again. */
  restyle(): void
  scrollToNow(): void
  dispose(): void
}

export interface ChartListener {
  /** While the first candles are on their way. */
  onLoading(loading: boolean): void
  onFailure(error: unknown): void
}
