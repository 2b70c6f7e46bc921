/** The text keys for sides and kinds of orders. */
import type { TextKey } from '../../i18n/text-keys.js'
import type { Order } from '../../stores/wire.js'

export function sideKey(side: Order['side']): TextKey {
  return side === 'buy' ? 'ticket.buy' : 'ticket.sell'
}

export function orderTypeKey(order: Pick<Order, 'orderType'>): TextKey {
  if (order.orderType === 'limit') return 'ticket.limit'
  return order.orderType === 'market' ? 'ticket.market' : `orders.type.${order.orderType}`
}

/** What deserves a word besides the type: `IOC`, `Post-only`. */
export function orderFlags(order: Pick<Order, 'orderType' | 'timeInForce' | 'postOnly'>): string | null {
  if (order.postOnly) return 'PO'
  return order.orderType === 'limit' && order.timeInForce !== 'gtc' ? order.timeInForce.toUpperCase() : null
}
