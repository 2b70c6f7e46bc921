/** The price chart, drawn by klinecharts. Its numbers are for the eye only: nothing is reckoned with them. */
import { dispose, init, type Chart, type DataLoader, type KLineData, type Period } from 'klinecharts'
import type { Candle, CandleInterval } from '@bourse/client'
import { groupThousands, shorten } from '../format/amounts.js'
import { ORDER_LINE, registerOrderLine, type OrderLineData } from './klinecharts-order-line.js'
import { chartStyles } from './klinecharts-styles.js'
import type { ChartListener, ChartStyle, ChartSubject, ChartTexts, Indicator, OrderLine, PriceChart } from './price-chart.js'

const PERIODS: Record<CandleInterval, Period> = {
  '1s': { type: 'second', span: 1 },
  '1m': { type: 'minute', span: 1 },
  '3m': { type: 'minute', span: 3 },
  '5m': { type: 'minute', span: 5 },
  '15m': { type: 'minute', span: 15 },
  '30m': { type: 'minute', span: 30 },
  '1h': { type: 'hour', span: 1 },
  '2h': { type: 'hour', span: 2 },
  '4h': { type: 'hour', span: 4 },
  '6h': { type: 'hour', span: 6 },
  '8h': { type: 'hour', span: 8 },
  '12h': { type: 'hour', span: 12 },
  '1d': { type: 'day', span: 1 },
  '3d': { type: 'day', span: 3 },
  '1w': { type: 'week', span: 1 },
  '1M': { type: 'month', span: 1 },
}

/** Indicators that lie over the candles; the others get a pane of their own. */
const OVER_CANDLES: readonly Indicator[] = ['MA', 'EMA', 'BOLL']
const PARAMETERS: Partial<Record<Indicator, number[]>> = { MA: [7, 25, 99], EMA: [7, 25, 99], RSI: [14], VOL: [] }
const PANE_HEIGHT = 84
/** Labels of the time axis that stand closer to an end than this would be cut off. */
const LABEL_ROOM = 22

function toBar(candle: Candle): KLineData {
  return { timestamp: candle.openTimeMs, open: Number(candle.open), high: Number(candle.high), low: Number(candle.low), close: Number(candle.close), volume: Number(candle.volume), turnover: Number(candle.quoteVolume) }
}

export function createPriceChart(element: HTMLElement, listener: ChartListener): PriceChart {
  registerOrderLine()
  const chart = init(element, { locale: 'en-US', thousandsSeparator: { sign: ',' }, layout: { pane: { minHeight: 60 } } })
  if (chart === null) throw new Error('The chart could not be drawn here: its element has no place in the page.')
  return new KlineChart(chart, element, listener)
}

class KlineChart implements PriceChart {
  private subject: ChartSubject | undefined
  private interval: CandleInterval = '15m'
  private style: ChartStyle = 'candles'
  private texts: ChartTexts = { open: 'O', high: 'H', low: 'L', close: 'C', volume: 'V', change: '' }
  private indicators: readonly Indicator[] = []
  private orderLines: readonly OrderLine[] = []
  /** Names one load: answers to earlier ones are dropped. */
  private generation = 0
  private stopFollowing: (() => void) | undefined
  private readonly observer: ResizeObserver

  constructor(
    private readonly chart: Chart,
    private readonly element: HTMLElement,
    private readonly listener: ChartListener,
  ) {
    this.observer = new ResizeObserver(() => chart.resize())
    this.observer.observe(element)
    chart.setOffsetRightDistance(48)
    chart.overrideXAxis({ createTicks: ({ bounding, defaultTicks }) => defaultTicks.filter((tick) => tick.coord > LABEL_ROOM && tick.coord < bounding.width - LABEL_ROOM) })
    chart.setFormatter({ formatBigNumber: (value) => (Number(value) < 0 ? '-' : '') + shorten(plainNumber(Number(value), 5)) })
    this.restyle()
  }

  show(subject: ChartSubject, interval: CandleInterval): void {
    this.generation++
    this.chart.setSymbol({ ticker: subject.name, pricePrecision: subject.priceDecimals, volumePrecision: subject.quantityDecimals })
    this.chart.setPeriod(PERIODS[interval])
    this.subject = subject
    this.interval = interval
    this.restyle()
    this.reload()
  }

  setIndicators(indicators: readonly Indicator[]): void {
    for (const gone of this.indicators.filter((indicator) => !indicators.includes(indicator))) this.chart.removeIndicator({ name: gone })
    for (const fresh of indicators.filter((indicator) => !this.indicators.includes(indicator))) this.addIndicator(fresh)
    this.indicators = indicators
  }

  setStyle(style: ChartStyle): void {
    this.style = style
    this.restyle()
  }

  setTexts(texts: ChartTexts): void {
    this.texts = texts
    this.restyle()
  }

  restyle(): void {
    const { priceDecimals = 2, quantityDecimals = 5 } = this.subject ?? {}
    this.chart.setStyles(
      chartStyles({
        element: this.element,
        style: this.style,
        texts: this.texts,
        formatPrice: (price) => groupThousands(price.toFixed(priceDecimals)),
        formatVolume: (volume) => shorten(plainNumber(volume, quantityDecimals)),
      }),
    )
    this.setOrderLines(this.orderLines)
  }

  setOrderLines(lines: readonly OrderLine[]): void {
    this.orderLines = lines
    const computed = getComputedStyle(this.element)
    const token = (name: string): string => computed.getPropertyValue(name).trim()
    this.chart.removeOverlay({ name: ORDER_LINE })
    for (const { side, price, label } of lines) {
      const extendData: OrderLineData = { label, color: token(side === 'buy' ? '--color-buy-fill' : '--color-sell-fill'), textColor: token('--color-on-side'), family: token('--font-family') }
      this.chart.createOverlay({ name: ORDER_LINE, extendData, points: [{ value: Number(price) }] })
    }
  }

  scrollToNow(): void {
    this.chart.scrollToRealTime(200)
  }

  dispose(): void {
    this.generation++
    this.stopFollowing?.()
    this.observer.disconnect()
    dispose(this.element)
  }

  private addIndicator(indicator: Indicator): void {
    const calcParams = PARAMETERS[indicator]
    const create = calcParams === undefined ? { name: indicator } : { name: indicator, calcParams }
    if (OVER_CANDLES.includes(indicator)) {
      this.chart.createIndicator({ ...create, paneId: 'candle_pane' }, true)
      return
    }
    this.chart.createIndicator({ ...create, paneId: `${indicator}-pane` })
    this.chart.setPaneOptions({ id: `${indicator}-pane`, height: PANE_HEIGHT, minHeight: 48 })
  }

  private reload(): void {
    const { subject, interval } = this
    if (subject === undefined) return
    const mine = ++this.generation
    this.listener.onLoading(true)
    this.chart.setDataLoader(this.loaderFor(subject, interval, () => mine === this.generation))
  }

  private loaderFor({ source }: ChartSubject, interval: CandleInterval, current: () => boolean): DataLoader {
    return {
      getBars: async ({ type, timestamp, callback }) => {
        if (!current()) return
        if (type !== 'init' && type !== 'forward') return callback([], false)
        try {
          const candles = await source.load(interval, type === 'init' ? null : timestamp)
          if (!current()) return
          callback(candles.map(toBar), { forward: candles.length > 0, backward: false })
        } catch (error) {
          if (!current()) return
          callback([], false)
          if (type === 'init') this.listener.onFailure(error)
        }
        if (type === 'init') this.listener.onLoading(false)
      },
      subscribeBar: ({ callback }) => {
        this.stopFollowing?.()
        this.stopFollowing = source.follow(interval, (candle) => current() && callback(toBar(candle)), () => current() && this.reload())
      },
      unsubscribeBar: () => {
        this.stopFollowing?.()
        this.stopFollowing = undefined
      },
    }
  }
}

/** The size of a number as decimal text, never with an exponent. */
function plainNumber(value: number, decimals: number): string {
  return Math.abs(value).toFixed(Math.min(Math.max(decimals, 0), 20))
}
