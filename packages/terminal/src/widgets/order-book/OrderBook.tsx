/** The order book: asks above, bids below, the spread between them. A click on a price fills the ticket. */
import { useMemo, useRef, useState } from 'react'
import { formatDecimal } from '@bourse/core'
import { classes } from '../../interface/classes.js'
import { useText } from '../../i18n/texts.js'
import { Select } from '../../interface/Select.js'
import { useSize } from '../../interface/use-size.js'
import { useMarket, useSelect, useTerminal, useTicker } from '../../shell/terminal-context.js'
import { groupingSteps, groupLevels, groupPrice, type BookRow } from '../../stores/book-grouping.js'
import { readAmount, writeAmount } from '../../stores/market-units.js'
import type { Side } from '../../stores/wire.js'
import { BookMiddle } from './BookMiddle.js'
import { BookRows } from './BookRows.js'
import './order-book.css'

type Shown = 'both' | Side

const HEAD_HEIGHT = 24
const MIDDLE_HEIGHT = 40

export interface OrderBookProps {
  /** Leaves the total and the choices out: beside the ticket of a phone. */
  compact?: boolean
  rowHeight?: number
  /** Called after a price was taken over into the ticket. */
  onPrice?(): void
}

export function OrderBook({ compact = false, rowHeight = 20, onPrice }: OrderBookProps) {
  const text = useText()
  const { market, units, feed, ticket } = useMarket()
  const { preferences } = useTerminal()
  const ticker = useTicker(market.symbol)
  const book = useSelect(feed.bookStore, (state) => state)
  const multiple = useSelect(preferences, (state) => state.bookSteps[market.symbol] ?? 1)
  const [shown, setShown] = useState<Shown>('both')
  const body = useRef<HTMLDivElement>(null)
  const { height } = useSize(body)

  const step = units.tick * BigInt(multiple)
  const sides = shown === 'both' ? 2 : 1
  const rows = Math.max(1, Math.floor((height - HEAD_HEIGHT - MIDDLE_HEIGHT) / rowHeight / sides))
  const { bids, asks, deepest } = useMemo(() => {
    const side = (of: Side): BookRow[] =>
      shown !== 'both' && shown !== of ? [] : groupLevels(of === 'buy' ? book.bids : book.asks, { side: of, step, rows, priceScale: units.priceScale, quantityScale: units.quantityScale })
    const [bids, asks] = [side('buy'), side('sell')]
    const ends = [bids.at(-1)?.cumulative ?? 0n, asks.at(-1)?.cumulative ?? 0n]
    return { bids, asks, deepest: ends[0]! > ends[1]! ? ends[0]! : ends[1]! }
  }, [book, shown, step, rows, units])
  const own = useOwnPrices(step)

  const lastPrice = ticker?.lastPrice ? readAmount(ticker.lastPrice, units.priceScale) : null
  const steps = groupingSteps(units.tick, lastPrice)
  const decimals = priceDecimals(step, units.priceScale)
  const choose = (price: bigint): void => {
    ticket.dispatch({ type: 'price', text: formatDecimal(price, units.priceScale) })
    onPrice?.()
  }
  const rowProperties = { units, decimals, deepest, rowHeight, compact, onPrice: choose, ready: book.ready }

  return (
    <div className={classes('book', compact && 'book--compact')} data-testid="order-book">
      {!compact && (
        <div className="book__bar">
          <div className="book__views" role="radiogroup" aria-label={text('book.sides')}>
            {(['both', 'buy', 'sell'] as const).map((view) => (
              <button key={view} type="button" role="radio" aria-checked={shown === view} aria-label={text(`book.view.${view}`)} title={text(`book.view.${view}`)} className={`book__view book__view--${view}`} onClick={() => setShown(view)}>
                <span /><span /><span />
              </button>
            ))}
          </div>
          <Select
            label={text('book.group')}
            testId="book-group"
            value={String(steps.includes(step) ? multiple : 1)}
            options={steps.map((option) => ({ value: String(option / units.tick), label: writeAmount(option, units.priceScale) }))}
            onChange={(chosen) => preferences.setState(({ bookSteps }) => ({ bookSteps: { ...bookSteps, [market.symbol]: Number(chosen) } }))}
          />
        </div>
      )}
      <div className="book__body" ref={body} role="table" aria-label={text('widget.book')}>
        <div className="book__head" role="row">
          <span role="columnheader">{compact ? text('orders.price') : text('book.price', { asset: market.quote })}</span>
          <span role="columnheader">{compact ? text('orders.quantity') : text('book.size', { asset: market.base })}</span>
          {!compact && <span role="columnheader">{text('book.total')}</span>}
        </div>
        {shown !== 'buy' && <BookRows {...rowProperties} side="sell" rows={asks} own={own.sell} empty={text('book.noAsks')} space={rows} />}
        <BookMiddle height={MIDDLE_HEIGHT} onPrice={choose} />
        {shown !== 'sell' && <BookRows {...rowProperties} side="buy" rows={bids} own={own.buy} empty={text('book.noBids')} space={rows} />}
      </div>
    </div>
  )
}

/** The rows in which one's own orders stand. */
function useOwnPrices(step: bigint): Record<Side, ReadonlySet<bigint>> {
  const { account } = useTerminal()
  const { market, units } = useMarket()
  const orders = useSelect(account.store, (state) => state.openOrders)
  return useMemo(() => {
    const of = (side: Side): Set<bigint> => {
      const prices = orders.filter((order) => order.market === market.symbol && order.side === side && order.price !== null).map((order) => readAmount(order.price!, units.priceScale)!)
      return new Set(prices.map((price) => groupPrice(price, side, step)))
    }
    return { buy: of('buy'), sell: of('sell') }
  }, [orders, market, units, step])
}

/** Decimals that a grouped price needs: a step of 10 needs none. */
function priceDecimals(step: bigint, scale: number): number {
  let decimals = scale
  for (let rest = step; decimals > 0 && rest % 10n === 0n; rest /= 10n) decimals--
  return decimals
}
