/** The line between the two sides: last price, middle and spread. */
import { formatDecimal } from '@bourse/core'
import { groupThousands } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { directionClass } from '../../interface/classes.js'
import { Icon } from '../../interface/icons.js'
import { useMarket, useSelect } from '../../shell/terminal-context.js'
import { readAmount } from '../../stores/market-units.js'

export function BookMiddle({ height, onPrice }: { height: number; onPrice(price: bigint): void }) {
  const text = useText()
  const { units, feed } = useMarket()
  const trades = useSelect(feed.tradesStore, (state) => state.trades)
  const best = useSelect(feed.bookStore, (state) => state)
  const [bid, ask] = [best.bids[0]?.[0], best.asks[0]?.[0]].map((price) => (price === undefined ? null : readAmount(price, units.priceScale)))
  const last = trades[0]
  const before = trades.find((trade) => trade.price !== last?.price)
  const direction = last === undefined || before === undefined ? 0 : Number(last.price) > Number(before.price) ? 1 : -1
  const spread = bid == null || ask == null ? null : ask - bid
  return (
    <div className="book__middle" style={{ height }} role="row">
      <button type="button" role="cell" className={`book__last ${directionClass(direction)}`} disabled={last === undefined} title={text('book.last')} onClick={() => last && onPrice(readAmount(last.price, units.priceScale)!)}>
        {last === undefined ? '–' : groupThousands(last.price)}
        {direction !== 0 && <Icon name={direction > 0 ? 'arrowUp' : 'arrowDown'} size={13} />}
      </button>
      {spread !== null && bid != null && ask != null && (
        <span role="cell" className="book__spread" title={text('book.spreadLong', { middle: groupThousands(formatDecimal((bid + ask) / 2n, units.priceScale)) })}>
          {text('book.spread')} <b>{groupThousands(formatDecimal(spread, units.priceScale))}</b> {spreadPercent(spread, bid, ask)}
        </span>
      )}
    </div>
  )
}

/** Spread over the middle, in percent with three decimals. */
function spreadPercent(spread: bigint, bid: bigint, ask: bigint): string {
  const middle = bid + ask
  return middle === 0n ? '' : `${formatDecimal((spread * 200_000n) / middle, 3)}%`
}
