/** An order over its life as the API shows it, and how events carry it on. */
import type { CancelReason, Event, LiveOrder, OrderState, TradeExecuted, TradeParty } from '@bourse/core'
import type { OrderStatus } from '@bourse/client'

export interface OrderRecord extends OrderState {
  readonly status: OrderStatus
  readonly reason: CancelReason | null
  readonly createdUs: number
  readonly updatedUs: number
  /** Command after which the order looked so. */
  readonly sequence: number
}

/** One order's share of a trade. */
export interface FillRecord {
  readonly order: OrderRecord
  readonly trade: TradeExecuted
  readonly party: TradeParty
  readonly liquidity: 'maker' | 'taker'
}

/** Events that carry the whole state of their order. */
export type OrderEvent = Extract<Event, OrderState>

export function isOrderEvent(event: Event): event is OrderEvent {
  return 'clientOrderId' in event && 'orderType' in event
}

/** A live order as the engine holds it after the command `sequence`. */
export function liveRecord(order: LiveOrder, sequence: number): OrderRecord {
  return { ...order, status: liveStatus(order.filledQuantity), reason: null, sequence }
}

/** The order right after an event of its own. */
export function recordAfter(event: OrderEvent, createdUs: number): OrderRecord {
  return {
    ...event,
    status: event.type === 'order.cancelled' ? 'cancelled' : event.type === 'order.expired' ? 'expired' : liveStatus(event.filledQuantity),
    reason: event.type === 'order.cancelled' ? event.reason : null,
    createdUs,
    updatedUs: event.timestampUs,
  }
}

/** The order right after a trade of its own. */
export function recordAfterTrade(order: OrderRecord, trade: TradeExecuted, party: TradeParty): OrderRecord {
  return {
    ...order,
    filledQuantity: party.filledQuantity,
    leavesQuantity: party.leavesQuantity,
    filledQuote: party.filledQuote,
    fee: party.totalFee,
    status: party.done ? 'filled' : liveStatus(party.filledQuantity),
    updatedUs: trade.timestampUs,
    sequence: trade.sequence,
  }
}

export function isLive(order: OrderRecord): boolean {
  return order.status === 'open' || order.status === 'partially_filled'
}

function liveStatus(filledQuantity: bigint): OrderStatus {
  return filledQuantity > 0n ? 'partially_filled' : 'open'
}

/**
 * Follows one order through the events of one command.
 *
 * @returns undefined when the events do not name it. Fills are in the order in which they happened.
 */
export function followOrder(events: readonly Event[], orderId: number, known: OrderRecord | undefined): { order: OrderRecord; fills: FillRecord[] } | undefined {
  let order = known
  let named = false
  const fills: FillRecord[] = []
  for (const event of events) {
    if (event.type === 'trade.executed') {
      const liquidity = event.taker.orderId === orderId ? 'taker' : event.maker.orderId === orderId ? 'maker' : undefined
      if (liquidity === undefined || order === undefined) continue
      order = recordAfterTrade(order, event, event[liquidity])
      fills.push({ order, trade: event, party: event[liquidity], liquidity })
      named = true
    } else if (isOrderEvent(event) && event.orderId === orderId) {
      order = recordAfter(event, event.type === 'order.accepted' ? event.timestampUs : (order?.createdUs ?? event.timestampUs))
      named = true
    }
  }
  return named && order !== undefined ? { order, fills } : undefined
}
