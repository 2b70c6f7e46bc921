/** Where an order is in its life, as histories and screens tell it. */
import type { Event, OrderState } from './events/events.js'
import type { OrderType } from './vocabulary.js'

/** `waiting`: for its stop price, outside the book. `expired`: its time was over. */
export const ORDER_STATUSES = ['waiting', 'open', 'partially_filled', 'filled', 'cancelled', 'expired'] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

/** An event that carries the whole state of its order. */
export type OrderEvent = Extract<Event, OrderState>

/** Orders of these types wait until they are triggered. */
const WAITING_TYPES: ReadonlySet<OrderType> = new Set<OrderType>(['stop-market', 'stop-limit', 'take-profit', 'take-profit-limit', 'trailing-stop'])

/**
 * The status of an order right after an event of its own; trades tell theirs by `done`.
 *
 * An order that was triggered before and is amended is told as waiting until the next event of the same
 * command, which says that it rests or trades.
 */
export function orderStatusAfter(event: OrderEvent): OrderStatus {
  switch (event.type) {
    case 'order.cancelled':
      return 'cancelled'
    case 'order.expired':
      return 'expired'
    case 'order.amended':
      if (event.keepsPlace) return openStatus(event.filledQuantity)
      return WAITING_TYPES.has(event.orderType) ? 'waiting' : openStatus(event.filledQuantity)
    case 'order.accepted':
      return WAITING_TYPES.has(event.orderType) ? 'waiting' : openStatus(event.filledQuantity)
    case 'order.reduced':
      return WAITING_TYPES.has(event.orderType) && !event.rested && event.reason !== 'self_trade_prevention' ? 'waiting' : openStatus(event.filledQuantity)
    default:
      return openStatus(event.filledQuantity)
  }
}

/** The status of an order that can still trade. */
export function openStatus(filledQuantity: bigint): OrderStatus {
  return filledQuantity > 0n ? 'partially_filled' : 'open'
}
