/** Cells that the tables of orders, of order history and of trades share. */
import type { ReactNode } from 'react'
import { groupThousands, trimZeros } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { navigate } from '../../shell/navigation.js'
import type { Order, Side } from '../../stores/wire.js'
import { orderFlags, orderTypeKey, sideKey } from './order-words.js'

const NOTHING = '–'

export function MarketCell({ symbol }: { symbol: string }) {
  return <button type="button" className="order-pair" onClick={() => navigate({ page: 'trade', market: symbol })}>{symbol.replace('-', '/')}</button>
}

export function SideCell({ side }: { side: Side }) {
  const text = useText()
  return <span className={`order-side ${side}`}>{text(sideKey(side))}</span>
}

export function TypeCell({ order }: { order: Order }) {
  const text = useText()
  const flags = orderFlags(order)
  return <>{text(orderTypeKey(order))}{flags !== null && <span className="order-flag">{flags}</span>}</>
}

/** The limit; market orders have none worth showing, their protection price is not what they ask for. */
export function PriceCell({ order }: { order: Order }) {
  const text = useText()
  if (order.orderType === 'market') return <span className="muted">{text('ticket.market')}</span>
  if (order.stopPrice === null) return <>{amountCell(order.price)}</>
  return <span className="order-trigger" title={text('orders.trigger', { price: groupThousands(order.stopPrice) })}>{order.price === null ? text('ticket.market') : amountCell(order.price)}<small>{text('orders.trigger', { price: groupThousands(order.stopPrice) })}</small></span>
}

export function amountCell(decimalText: string | null): ReactNode {
  return decimalText === null ? NOTHING : groupThousands(decimalText)
}

/** An amount in an asset's own scale: zeros at the end say nothing. */
export function moneyCell(decimalText: string, asset?: string): ReactNode {
  return `${groupThousands(trimZeros(decimalText, 2))}${asset === undefined ? '' : ` ${asset}`}`
}

/** How much of an order is filled, 0 to 100. */
export function filledPercent(order: Order): number {
  const [filled, left] = [Number(order.filledQuantity), Number(order.leavesQuantity)]
  return filled + left === 0 ? 0 : Math.floor((filled / (filled + left)) * 100)
}
