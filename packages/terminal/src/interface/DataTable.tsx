/** A list in columns, or in cards where there is little room; only the rows in sight are drawn. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useRef, type CSSProperties, type ReactNode } from 'react'
import { classes } from './classes.js'
import { useSize } from './use-size.js'
import './data-table.css'

export interface Column<Item> {
  readonly name: string
  readonly header: string
  /** A track of CSS grid, for example `1fr` or `minmax(80px, 1fr)`. */
  readonly width: string
  readonly align?: 'start' | 'end'
  /** Left out where the table is narrower than this: what can be missed makes room for what cannot. */
  readonly fromWidth?: number
  cell(item: Item): ReactNode
}

export interface DataTableProps<Item> {
  label: string
  items: readonly Item[]
  columns: readonly Column<Item>[]
  rowKey(item: Item): string | number
  /** Draws an item where the table would be narrower than `cardsBelow`. */
  card(item: Item): ReactNode
  cardsBelow?: number
  /** Draws a row as a whole instead of in columns, where it does not return null. */
  row?(item: Item): ReactNode | null
  rowHeight?: number
  /** Called when the end comes into sight. */
  onEnd?(): void
  loadingMore?: boolean
  empty: ReactNode
  testId?: string
}

const CARD_HEIGHT = 96

export function DataTable<Item>({ label, items, columns: allColumns, rowKey, card, row: wholeRow, cardsBelow = 620, rowHeight = 30, onEnd, loadingMore = false, empty, testId }: DataTableProps<Item>) {
  const scroller = useRef<HTMLDivElement>(null)
  const { width } = useSize(scroller)
  const cards = width > 0 && width < cardsBelow
  const columns = allColumns.filter(({ fromWidth = 0 }) => width === 0 || width >= fromWidth)
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (cards ? CARD_HEIGHT : rowHeight),
    getItemKey: (index) => rowKey(items[index]!),
    overscan: 8,
  })
  const rows = virtualizer.getVirtualItems()
  const lastSeen = rows.at(-1)?.index ?? -1
  const atEnd = useEffectEvent(() => onEnd?.())
  useEffect(() => {
    if (lastSeen >= items.length - 5 && items.length > 0) atEnd()
  }, [lastSeen, items.length])

  const grid: CSSProperties = { gridTemplateColumns: columns.map((column) => column.width).join(' ') }
  return (
    <div className={classes('data-table', cards && 'data-table--cards')} role="table" aria-label={label} aria-rowcount={items.length + 1} data-testid={testId}>
      {!cards && (
        <div role="rowgroup" className="data-table__head">
          <div role="row" className="data-table__row data-table__row--head" style={grid}>
            {columns.map((column) => <div key={column.name} role="columnheader" className={classes('data-table__cell', column.align === 'end' && 'data-table__cell--end')}>{column.header}</div>)}
          </div>
        </div>
      )}
      <div className="data-table__scroller" ref={scroller} role="rowgroup" tabIndex={items.length > 0 ? 0 : -1}>
        {items.length === 0 && empty}
        <div className="data-table__space" style={{ height: virtualizer.getTotalSize() }}>
          {rows.map((row) => {
            const item = items[row.index]!
            const whole = cards ? <div role="cell">{card(item)}</div> : (wholeRow?.(item) ?? null)
            return (
              <div
                key={row.key}
                ref={virtualizer.measureElement}
                data-index={row.index}
                data-testid={testId && `${testId}-row`}
                role="row"
                aria-rowindex={row.index + 2}
                className={cards ? 'data-table__card' : whole === null ? 'data-table__row' : 'data-table__whole'}
                style={{ transform: `translateY(${row.start}px)`, ...(whole === null ? { ...grid, minHeight: rowHeight } : {}) }}
              >
                {whole ?? columns.map((column) => <div key={column.name} role="cell" className={classes('data-table__cell', column.align === 'end' && 'data-table__cell--end')}>{column.cell(item)}</div>)}
              </div>
            )
          })}
        </div>
        {loadingMore && <div className="data-table__more" role="status"><span className="spinner" /></div>}
      </div>
    </div>
  )
}

/** The lines of a card: label on the left, value on the right. */
export function CardLines({ lines }: { lines: readonly { label: string; value: ReactNode }[] }) {
  return (
    <dl className="card-lines">
      {lines.map((line) => (
        <div key={line.label}>
          <dt>{line.label}</dt>
          <dd>{line.value}</dd>
        </div>
      ))}
    </dl>
  )
}
