/** An order over its life as the API shows it, and how events carry it on. */
import { openStatus, orderStatusAfter, type CancelReason, type Event, type LiveOrder, type OrderEvent, type OrderState, type OrderStatus, type OrderTerms, type TradeExecuted, type TradeParty } from '@bourse/core'

export type { OrderEvent } from '@bourse/core'

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

export function isOrderEvent(event: Event): event is OrderEvent {
  return 'clientOrderId' in event && 'orderType' in event
}

/** How an order stands, beyond the state that events and engine know alike. */
type Standing = Pick<OrderRecord, 'status' | 'reason' | 'createdUs' | 'updatedUs' | 'sequence'>
type Progress = Pick<OrderState, 'filledQuantity' | 'leavesQuantity' | 'filledQuote' | 'fee'>

/** Field by field: to spread an object of so many fields takes the runtime longer than everything else that is done with an order. */
function recordOf(order: OrderState, standing: Standing, terms = order.terms, progress: Progress = order): OrderRecord {
  const record = {
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    account: order.account,
    market: order.market,
    side: order.side,
    orderType: order.orderType,
    timeInForce: order.timeInForce,
    postOnly: order.postOnly,
    selfTradePrevention: order.selfTradePrevention,
    price: order.price,
    quantity: order.quantity,
    quoteQuantity: order.quoteQuantity,
    filledQuantity: progress.filledQuantity,
    leavesQuantity: progress.leavesQuantity,
    filledQuote: progress.filledQuote,
    fee: progress.fee,
    status: standing.status,
    reason: standing.reason,
    createdUs: standing.createdUs,
    updatedUs: standing.updatedUs,
    sequence: standing.sequence,
  }
  return terms === undefined ? record : { ...record, terms }
}

/** A live order as the engine holds it after the command `sequence`. */
export function liveRecord(order: LiveOrder, sequence: number): OrderRecord {
  const status = order.status === 'waiting' ? 'waiting' : openStatus(order.filledQuantity)
  return recordOf(order, { status, reason: null, createdUs: order.createdUs, updatedUs: order.updatedUs, sequence })
}

/** What is known of an order before an event of its own, which not every event repeats. */
export interface OrderBirth {
  readonly createdUs: number
  readonly terms?: OrderTerms | undefined
}

/** The order right after an event of its own. */
export function recordAfter(event: OrderEvent, { createdUs, terms }: OrderBirth): OrderRecord {
  const reason = event.type === 'order.cancelled' ? event.reason : null
  return recordOf(event, { status: orderStatusAfter(event), reason, createdUs, updatedUs: event.timestampUs, sequence: event.sequence }, event.terms ?? terms)
}

/** An order is born when it is accepted; of one that is not known otherwise, what its event tells. */
export function bornWith(event: OrderEvent, known: OrderBirth | undefined): OrderBirth {
  return event.type === 'order.accepted' || known === undefined ? { createdUs: event.timestampUs } : known
}

/** The order right after a trade of its own. */
export function recordAfterTrade(order: OrderRecord, trade: TradeExecuted, party: TradeParty): OrderRecord {
  const status = party.done ? 'filled' : openStatus(party.filledQuantity)
  const standing = { status, reason: order.reason, createdUs: order.createdUs, updatedUs: trade.timestampUs, sequence: trade.sequence } as const
  return recordOf(order, standing, order.terms, { filledQuantity: party.filledQuantity, leavesQuantity: party.leavesQuantity, filledQuote: party.filledQuote, fee: party.totalFee })
}

export function isLive(order: OrderRecord): boolean {
  return order.status === 'waiting' || order.status === 'open' || order.status === 'partially_filled'
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
      order = recordAfter(event, bornWith(event, order))
      named = true
    }
  }
  return named && order !== undefined ? { order, fills } : undefined
}
