/** The trades of the market as they happen; scrolled down, it holds still until it is let go. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import { groupThousands } from '../../format/amounts.js'
import { clockTime } from '../../format/times.js'
import { useText } from '../../i18n/texts.js'
import { EmptyState, Skeleton } from '../../interface/EmptyState.js'
import { usePhone } from '../../interface/use-size.js'
import { useMarket, useSelect } from '../../shell/terminal-context.js'
import type { Trade } from '../../stores/wire.js'
import './trade-tape.css'

export function TradeTape() {
  const text = useText()
  const phone = usePhone()
  const { market, feed, ticket } = useMarket()
  const { trades, ready } = useSelect(feed.tradesStore, (state) => state)
  const [held, setHeld] = useState<readonly Trade[] | null>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const shown = held ?? trades
  const rowHeight = phone ? 24 : 20
  const virtualizer = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, getItemKey: (index) => shown[index]!.tradeId, overscan: 6 })
  const missed = held === null ? 0 : trades.findIndex((trade) => trade.tradeId === held[0]?.tradeId)

  const onScroll = (): void => {
    const down = (scroller.current?.scrollTop ?? 0) > 4
    if (down && held === null) setHeld(trades)
    if (!down && held !== null) setHeld(null)
  }

  return (
    <div className="tape" role="table" aria-label={text('widget.trades')} data-testid="trade-tape">
      <div className="tape__head tape__row" role="row">
        <span role="columnheader">{text('book.price', { asset: market.quote })}</span>
        <span role="columnheader">{text('book.size', { asset: market.base })}</span>
        <span role="columnheader">{text('tape.time')}</span>
      </div>
      <div className="tape__scroller" ref={scroller} onScroll={onScroll} role="rowgroup" tabIndex={shown.length > 0 ? 0 : -1}>
        {!ready && <Skeleton rows={9} />}
        {ready && shown.length === 0 && <EmptyState icon="list" title={text('tape.empty')} />}
        <div className="tape__space" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const trade = shown[item.index]!
            return (
              <div key={item.key} role="row" className="tape__row tape__trade" data-testid="trade-row" style={{ height: rowHeight, transform: `translateY(${item.start}px)` }} onClick={() => ticket.dispatch({ type: 'price', text: trade.price })}>
                <span role="cell" className={trade.takerSide}>{groupThousands(trade.price)}</span>
                <span role="cell">{groupThousands(trade.quantity)}</span>
                <span role="cell" className="muted">{clockTime(trade.timestampMs)}</span>
              </div>
            )
          })}
        </div>
      </div>
      {missed > 0 && <button type="button" className="tape__new" onClick={() => scroller.current?.scrollTo({ top: 0 })}>{text('tape.new', { count: missed })}</button>}
    </div>
  )
}
