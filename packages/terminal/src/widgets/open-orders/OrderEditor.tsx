/** Changes price and quantity of an open order, in its row. */
import { useState, type FormEvent } from 'react'
import { errorText } from '../../interface/error-text.js'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { DecimalField } from '../../interface/DecimalField.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { floorTo, marketUnits, readAmount, writeAmount } from '../../stores/market-units.js'
import type { Order } from '../../stores/wire.js'
import { MarketCell, SideCell } from '../orders/order-cells.js'
import { readOrderChange } from './change-order.js'

export function OrderEditor({ order, onDone }: { order: Order; onDone(): void }) {
  const text = useText()
  const { client, account, exchange, notices } = useTerminal()
  const market = exchange.markets.find(({ symbol }) => symbol === order.market)
  const [price, setPrice] = useState(order.price ?? '')
  const [quantity, setQuantity] = useState(order.quantity ?? '')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<{ field: 'price' | 'quantity'; message: string } | null>(null)
  if (market === undefined) return null
  const units = marketUnits(market, exchange.assets)

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const read = readOrderChange(order, { price, quantity }, market, units)
    if (!read.ok) return setProblem({ field: read.field, message: text(read.text, read.values) })
    if (read.change === null) return onDone()
    setBusy(true)
    try {
      account.applyOrder((await client.changeOrder(read.change)).order)
      notices.show({ kind: 'success', title: text('notice.orderChanged') })
      onDone()
    } catch (error) {
      setProblem({ field: read.change.quantity === undefined ? 'price' : 'quantity', message: errorText(error) })
      setBusy(false)
    }
  }
  const step = (value: string, steps: number, size: bigint, scale: number): string => {
    const next = floorTo(readAmount(value, scale) ?? 0n, size) + size * BigInt(steps)
    return writeAmount(next < 0n ? 0n : next, scale)
  }
  const edit = (set: (value: string) => void) => (value: string): void => {
    setProblem(null)
    set(value)
  }

  return (
    <form className="order-editor" data-testid="order-editor" onSubmit={(event) => void save(event)} onKeyDown={(event) => event.key === 'Escape' && onDone()}>
      <span className="order-editor__what"><MarketCell symbol={order.market} /> <SideCell side={order.side} /></span>
      <DecimalField label={text('ticket.price')} unit={market.quote} value={price} scale={units.priceScale} error={problem?.field === 'price' ? problem.message : undefined} testId="order-edit-price" onChange={edit(setPrice)} onStep={(steps) => edit(setPrice)(step(price, steps, units.tick, units.priceScale))} />
      <DecimalField label={text('ticket.quantity')} unit={market.base} value={quantity} scale={units.quantityScale} error={problem?.field === 'quantity' ? problem.message : undefined} testId="order-edit-quantity" onChange={edit(setQuantity)} onStep={(steps) => edit(setQuantity)(step(quantity, steps, units.lot, units.quantityScale))} />
      <span className="order-editor__actions">
        <Button type="submit" size="small" look="primary" busy={busy} testId="order-edit-save">{text('orders.save')}</Button>
        <Button size="small" look="quiet" onClick={onDone}>{text('orders.keep')}</Button>
      </span>
    </form>
  )
}
