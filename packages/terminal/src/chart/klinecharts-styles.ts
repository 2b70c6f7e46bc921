/** The chart's look, read from the theme's tokens. */
import type { CrosshairDirectionStyle, DeepPartial, KLineData, NeighborData, Nullable, StateLineStyle, Styles, TooltipLegend } from 'klinecharts'
import type { ChartStyle, ChartTexts } from './price-chart.js'

export interface StyleOptions {
  readonly element: HTMLElement
  readonly style: ChartStyle
  readonly texts: ChartTexts
  formatPrice(price: number): string
  formatVolume(volume: number): string
}

const LINES = ['#e6a23c', '#5a9cf8', '#b06ee8', '#e0518e', '#2bb3a3']

export function chartStyles(options: StyleOptions): DeepPartial<Styles> {
  const computed = getComputedStyle(options.element)
  const token = (name: string): string => computed.getPropertyValue(name).trim()
  const [text, muted, border, raised] = [token('--color-text'), token('--color-muted'), token('--color-border'), token('--color-border-strong')]
  const [up, down, line] = [token('--color-chart-up'), token('--color-chart-down'), token('--color-accent-text')]
  const family = token('--font-family')
  const fade = (color: string, percent: number): string => `color-mix(in srgb, ${color} ${percent}%, transparent)`
  const font = { family, size: 11, weight: 'normal' }
  const grid: DeepPartial<StateLineStyle> = { show: true, size: 1, style: 'solid', color: fade(border, 70) }
  const axis = { axisLine: { show: true, color: border, size: 1 }, tickLine: { show: false }, tickText: { ...font, color: muted } }
  const crosshair: DeepPartial<CrosshairDirectionStyle> = {
    line: { style: 'dashed', dashedValue: [3, 3], size: 1, color: muted },
    text: { ...font, color: text, backgroundColor: raised, borderColor: raised, borderRadius: 3, paddingLeft: 5, paddingRight: 5, paddingTop: 3, paddingBottom: 3 },
  }
  const mark = { color: muted, textFamily: family, textSize: 11 }
  return {
    grid: { horizontal: grid, vertical: grid },
    candle: {
      type: options.style === 'line' ? 'area' : 'candle_solid',
      bar: { upColor: up, downColor: down, noChangeColor: muted, upBorderColor: up, downBorderColor: down, noChangeBorderColor: muted, upWickColor: up, downWickColor: down, noChangeWickColor: muted },
      area: {
        lineColor: line,
        lineSize: 1.5,
        backgroundColor: [{ offset: 0, color: fade(line, 2) }, { offset: 1, color: fade(line, 22) }],
        point: { color: line, rippleColor: fade(line, 30), animation: false },
      },
      priceMark: {
        high: mark,
        low: mark,
        last: { upColor: token('--color-buy-fill'), downColor: token('--color-sell-fill'), noChangeColor: raised, text: { ...font, size: 11, color: token('--color-on-side'), borderRadius: 3, paddingLeft: 5, paddingRight: 5, paddingTop: 3, paddingBottom: 3 } },
      },
      tooltip: {
        offsetLeft: 6,
        offsetTop: 4,
        title: { show: false },
        legend: { ...font, color: muted, marginLeft: 0, marginRight: 10, marginTop: 2, marginBottom: 2, template: ({ current, prev }: NeighborData<Nullable<KLineData>>) => legend(current, prev, options, token('--color-buy'), token('--color-sell')) },
      },
    },
    indicator: {
      ohlc: { upColor: fade(up, 60), downColor: fade(down, 60), noChangeColor: muted },
      bars: [{ upColor: fade(up, 65), downColor: fade(down, 65), noChangeColor: fade(muted, 65) }],
      lines: LINES.map((color) => ({ style: 'solid', smooth: false, size: 1, dashedValue: [0, 0], color })),
      tooltip: { offsetLeft: 6, offsetTop: 4, title: { ...font, color: muted, marginLeft: 0, marginTop: 2, marginBottom: 2 }, legend: { ...font, color: muted, marginLeft: 0, marginTop: 2, marginBottom: 2 } },
    },
    xAxis: axis,
    yAxis: axis,
    separator: { size: 1, color: border, activeBackgroundColor: fade(line, 20) },
    crosshair: { horizontal: crosshair, vertical: crosshair },
  }
}

/** Open, high, low, close and change in the direction's colour, then the volume. */
function legend(current: KLineData | null, before: KLineData | null, options: StyleOptions, up: string, down: string): TooltipLegend[] {
  if (current === null) return []
  const { texts, formatPrice, formatVolume } = options
  const color = current.close >= current.open ? up : down
  const from = before === null ? current.open : before.close
  const percent = from === 0 ? 0 : ((current.close - from) / from) * 100
  const value = (text: string): TooltipLegend['value'] => ({ text, color })
  return [
    { title: `${texts.open} `, value: value(formatPrice(current.open)) },
    { title: `${texts.high} `, value: value(formatPrice(current.high)) },
    { title: `${texts.low} `, value: value(formatPrice(current.low)) },
    { title: `${texts.close} `, value: value(formatPrice(current.close)) },
    { title: `${texts.change} `, value: value(`${percent >= 0 ? '+' : ''}${percent.toFixed(2)}%`) },
    { title: `${texts.volume} `, value: value(formatVolume(current.volume ?? 0)) },
  ]
}
