/** The chart with its bar: interval, indicators, style. The charting library is loaded when it is first needed. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { CHART_STYLES, INDICATORS, type ChartStyle, type ChartTexts, type Indicator, type OrderLine, type PriceChart } from '../../chart/price-chart.js'
import { createCandleSource } from '../../chart/candle-source.js'
import { useText, type TextOf } from '../../i18n/texts.js'
import { Button, IconButton } from '../../interface/Button.js'
import { EmptyState } from '../../interface/EmptyState.js'
import { Icon } from '../../interface/icons.js'
import { MenuItem, Popover } from '../../interface/Popover.js'
import { useMarket, useSelect, useTerminal } from '../../shell/terminal-context.js'
import { APPEARANCE_CHANGED } from '../../theme/appearance.js'
import { IntervalBar } from './IntervalBar.js'
import './chart-widget.css'

function isIndicator(name: string): name is Indicator {
  return INDICATORS.some((indicator) => indicator === name)
}

function chartTexts(text: TextOf): ChartTexts {
  return { open: text('chart.open'), high: text('chart.high'), low: text('chart.low'), close: text('chart.close'), volume: text('chart.volume'), change: text('chart.change') }
}

/** The person's own open orders in this market. */
function useOrderLines(): readonly OrderLine[] {
  const text = useText()
  const { account } = useTerminal()
  const { market } = useMarket()
  const orders = useSelect(account.store, (state) => state.openOrders)
  const [buy, sell] = [text('ticket.buy'), text('ticket.sell')]
  return useMemo(
    () => orders.flatMap((order) => (order.market === market.symbol && order.price !== null ? [{ orderId: order.orderId, side: order.side, price: order.price, label: `${order.side === 'buy' ? buy : sell} ${order.leavesQuantity}` }] : [])),
    [orders, market, buy, sell],
  )
}

export function ChartWidget() {
  const text = useText()
  const { client, frames, preferences } = useTerminal()
  const { market } = useMarket()
  const interval = useSelect(preferences, (state) => state.interval)
  const chosen = useSelect(preferences, (state) => state.indicators)
  const [style, setStyle] = useState<ChartStyle>('candles')
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading')
  const [attempt, setAttempt] = useState(0)
  const [chart, setChart] = useState<PriceChart | null>(null)
  const place = useRef<HTMLDivElement>(null)
  const texts = useMemo(() => chartTexts(text), [text])

  useEffect(() => {
    let left = false
    let made: PriceChart | null = null
    const listener = { onLoading: (loading: boolean) => setState((now) => (loading ? 'loading' : now === 'failed' ? now : 'ready')), onFailure: () => setState('failed') }
    import('../../chart/klinecharts-chart.js').then(
      ({ createPriceChart }) => {
        if (left || place.current === null) return
        made = createPriceChart(place.current, listener)
        setChart(made)
      },
      () => setState('failed'),
    )
    return () => {
      left = true
      made?.dispose()
      setChart(null)
    }
  }, [])

  useEffect(() => {
    chart?.show({ name: `${market.base}/${market.quote}`, priceDecimals: market.priceScale, quantityDecimals: market.quantityScale, source: createCandleSource(client, market.symbol, frames) }, interval)
  }, [chart, market, interval, client, frames, attempt])
  useEffect(() => chart?.setIndicators(chosen.filter(isIndicator)), [chart, chosen])
  useEffect(() => chart?.setStyle(style), [chart, style])
  const lines = useOrderLines()
  useEffect(() => chart?.setOrderLines(lines), [chart, lines])
  useEffect(() => chart?.setTexts(texts), [chart, texts])
  useEffect(() => {
    const restyle = (): void => chart?.restyle()
    addEventListener(APPEARANCE_CHANGED, restyle)
    return () => removeEventListener(APPEARANCE_CHANGED, restyle)
  }, [chart])

  const toggle = (indicator: Indicator): void => preferences.setState({ indicators: chosen.includes(indicator) ? chosen.filter((name) => name !== indicator) : [...chosen, indicator] })

  return (
    <div className="chart" data-testid="chart">
      <div className="chart__bar">
        <IntervalBar interval={interval} onChoose={(next) => preferences.setState({ interval: next })} />
        <span className="chart__line" />
        <Popover
          label={text('chart.indicators')}
          trigger={(properties) => (
            <button {...properties} type="button" className="chart__menu" data-testid="chart-indicators" aria-label={text('chart.indicators')}>
              <Icon name="indicators" />
              <span>{text('chart.indicators')}</span>
            </button>
          )}
        >
          {() => (
            <>
              {INDICATORS.map((indicator) => (
                <MenuItem key={indicator} checked={chosen.includes(indicator)} onSelect={() => toggle(indicator)}>{text(`chart.indicator.${indicator}`)}</MenuItem>
              ))}
              <div className="menu-line" />
              {CHART_STYLES.map((option) => (
                <MenuItem key={option} exclusive checked={style === option} onSelect={() => setStyle(option)}>{text(`chart.style.${option}`)}</MenuItem>
              ))}
            </>
          )}
        </Popover>
        <IconButton icon="now" label={text('chart.now')} className="chart__now" onClick={() => chart?.scrollToNow()} />
      </div>
      <div className="chart__place">
        <div ref={place} className="chart__canvas" role="img" aria-label={text('chart.label', { market: market.symbol })} />
        {state === 'loading' && <div className="chart__loading" role="status" aria-label={text('list.loading')}><span className="spinner" /></div>}
        {state === 'failed' && (
          <div className="chart__failed">
            <EmptyState icon="warning" title={text('chart.failed')}>
              <Button
                size="small"
                onClick={() => {
                  setState('loading')
                  setAttempt(attempt + 1)
                }}
              >
                {text('list.retry')}
              </Button>
            </EmptyState>
          </div>
        )}
      </div>
    </div>
  )
}
