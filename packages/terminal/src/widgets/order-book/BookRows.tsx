/** One side of the order book. */
import { memo } from 'react'
import { formatDecimal } from '@bourse/core'
import { groupThousands } from '../../format/amounts.js'
import { classes } from '../../interface/classes.js'
import { Skeleton } from '../../interface/EmptyState.js'
import { useFlash } from '../../interface/use-flash.js'
import type { BookRow } from '../../stores/book-grouping.js'
import { rescale, type MarketUnits } from '../../stores/market-units.js'
import type { Side } from '../../stores/wire.js'

export interface BookRowsProps {
  side: Side
  /** Best first. */
  rows: readonly BookRow[]
  /** Rows there is room for. */
  space: number
  own: ReadonlySet<bigint>
  units: MarketUnits
  decimals: number
  deepest: bigint
  rowHeight: number
  compact: boolean
  ready: boolean
  empty: string
  onPrice(price: bigint): void
}

export function BookRows({ side, rows, space, own, units, decimals, deepest, rowHeight, compact, ready, empty, onPrice }: BookRowsProps) {
  return (
    <div className={`book__side book__side--${side}`} role="rowgroup" style={{ flexBasis: space * rowHeight }}>
      {!ready && <Skeleton rows={8} />}
      {ready && rows.length === 0 && <p className="book__empty">{empty}</p>}
      {rows.map((row) => (
        <Row
          key={String(row.price)}
          side={side}
          price={formatDecimal(rescale(row.price, units.priceScale, decimals), decimals)}
          quantity={formatDecimal(row.quantity, units.quantityScale)}
          cumulative={compact ? '' : formatDecimal(row.cumulative, units.quantityScale)}
          share={deepest === 0n ? 0 : Number((row.cumulative * 1000n) / deepest) / 1000}
          own={own.has(row.price)}
          height={rowHeight}
          value={row.price}
          onPrice={onPrice}
        />
      ))}
    </div>
  )
}

interface RowProps {
  side: Side
  price: string
  quantity: string
  cumulative: string
  /** Of the deepest row shown, 0 to 1. */
  share: number
  own: boolean
  height: number
  value: bigint
  onPrice(price: bigint): void
}

const Row = memo(
  function Row({ side, price, quantity, cumulative, share, own, height, value, onPrice }: RowProps) {
    const flash = useFlash<HTMLDivElement>(quantity, price, () => (side === 'buy' ? 'var(--color-buy)' : 'var(--color-sell)'))
    return (
      <div ref={flash} role="row" className={classes('book__row', own && 'book__row--own')} style={{ height, '--share': share } as Record<string, string | number>} onClick={() => onPrice(value)} data-testid={`book-${side}`}>
        <span role="cell" className={side}>{groupThousands(price)}</span>
        <span role="cell">{groupThousands(quantity)}</span>
        {cumulative !== '' && <span role="cell">{groupThousands(cumulative)}</span>}
      </div>
    )
  },
  (before, after) => before.price === after.price && before.quantity === after.quantity && before.cumulative === after.cumulative && before.share === after.share && before.own === after.own && before.height === after.height,
)
