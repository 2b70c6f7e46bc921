/** Events in the life of an order, and those of the dead-man switches that end it. */
import type { EventBase } from './event-base.js'
import type { CancelReason, OrderType, SelfTradePrevention, Side, TimeInForce } from '../vocabulary.js'

/** What a special order has beyond a plain one; 0 where it has none of the kind. */
export interface OrderTerms {
  /** Price units; of a trailing stop the present one, 0 until it follows. */
  readonly stopPrice: bigint
  /** Quantity units. */
  readonly displayQuantity: bigint
  readonly expiresAtUs: number
  /** Price units. */
  readonly trailingOffset: bigint
  readonly trailingBps: number
  /** Price units. */
  readonly activationPrice: bigint
  /** The best price that a trailing stop has seen since it follows, price units. */
  readonly extreme: bigint
  /** The order that this one cancels when it trades or triggers. */
  readonly siblingOrderId: number
}

/** The order as it stands right after the event; money so far in exact integers. */
export interface OrderState {
  readonly orderId: number
  readonly clientOrderId: string
  readonly account: number
  readonly market: number
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTradePrevention: SelfTradePrevention
  /** Whether it is a level of a ladder that `quote.place` placed; the history does not keep this. */
  readonly quote?: boolean
  /** Price units; for a market order the protection price in force, 0 when there was none. */
  readonly price: bigint
  /** Total in quantity units; 0 for a market order by quote amount. */
  readonly quantity: bigint
  /** Quote units, for a market order by quote amount; else 0. */
  readonly quoteQuantity: bigint
  readonly filledQuantity: bigint
  readonly leavesQuantity: bigint
  /** Sum of price x quantity of the fills, quote units. */
  readonly filledQuote: bigint
  /** Fee so far, in the asset that the order receives. */
  readonly fee: bigint
  /** Only in `order.accepted`, `order.triggered` and `order.amended` of a special order, and in views of one. */
  readonly terms?: OrderTerms
}

export interface OrderAccepted extends EventBase, OrderState {
  readonly type: 'order.accepted'
  /** What was set aside for it: quote units for a buy, base units for a sell. */
  readonly held: bigint
}

/** The order entered the book with its leaves quantity, at the tail of its level. */
export interface OrderRested extends EventBase, OrderState {
  readonly type: 'order.rested'
  /** Of an iceberg: what its level grew by; absent where that is all that is left. */
  readonly displayedQuantity?: bigint
}

/** The displayed part of an iceberg was filled; the next part of what was hidden stands at the tail of its level. */
export interface OrderRefreshed extends EventBase, OrderState {
  readonly type: 'order.refreshed'
  /** What its level grew by, quantity units. */
  readonly displayedQuantity: bigint
}

/** The order is gone without being filled in full; what was still held has been released. */
export interface OrderCancelled extends EventBase, OrderState {
  readonly type: 'order.cancelled'
  readonly reason: CancelReason
  /** Whether it stood in the book (its level shrank by cancelledQuantity) or was still on its way in. */
  readonly rested: boolean
  /** Of an iceberg that rested: what its level shrank by in place of cancelledQuantity. */
  readonly displayedQuantity?: bigint
  readonly cancelledQuantity: bigint
  /** Given back to the available balance: quote units for a buy, base units for a sell. */
  readonly released: bigint
}

/** The deadline of a good-till-date order passed before it was filled in full; what was still held has been released. */
export interface OrderExpired extends EventBase, OrderState {
  readonly type: 'order.expired'
  /** Whether it stood in the book (its level shrank by cancelledQuantity) or waited outside for its stop price. */
  readonly rested: boolean
  /** Of an iceberg that rested: what its level shrank by in place of cancelledQuantity. */
  readonly displayedQuantity?: bigint
  readonly cancelledQuantity: bigint
  /** Given back to the available balance: quote units for a buy, base units for a sell. */
  readonly released: bigint
}

/** An order shrank: a resting one in place, keeping its priority, or one on its way in by self-trade prevention. */
export interface OrderReduced extends EventBase, OrderState {
  readonly type: 'order.reduced'
  /** Whether it stood in the book (its level shrank by reducedQuantity) or was still on its way in. */
  readonly rested: boolean
  /** Of an iceberg that rested: what its level shrank by in place of reducedQuantity. */
  readonly displayedQuantity?: bigint
  readonly reducedQuantity: bigint
  readonly released: bigint
  /** `requested`, `self_trade_prevention` when decrement took it, `insufficient_balance` of an exit that could not be held in full. */
  readonly reason: CancelReason
}

/** An order has new terms. A resting one left its place with the old price and leaves, and matches and rests anew, events of which follow; or it keeps its place. One that waits for its stop price goes on waiting. */
export interface OrderAmended extends EventBase, OrderState {
  readonly type: 'order.amended'
  /** Whether it left its place in the book: its level shrank by oldLeavesQuantity. */
  readonly rested: boolean
  /** Whether it stands in the book where it stood, and only its deadline is another. */
  readonly keepsPlace: boolean
  readonly oldPrice: bigint
  /** What its level shrank by where it left it: the old leaves, or of an iceberg the displayed part of them. */
  readonly oldLeavesQuantity: bigint
  /** Change of what is held: positive holds more; quote units for a buy, base units for a sell. */
  readonly heldChange: bigint
}

/** The account's dead-man switch for a market, or for all, was set, set again or disabled. */
export interface DeadManSwitchSet extends EventBase {
  readonly type: 'dead-man-switch.set'
  readonly account: number
  /** Undefined: all markets. */
  readonly market: number | undefined
  /** When it fires, microseconds; undefined: disabled. */
  readonly firesAtUs: number | undefined
}

/** The switch was not set again in time and is gone; the account's orders are cancelled, here and in the commands that follow. */
export interface DeadManSwitchFired extends EventBase {
  readonly type: 'dead-man-switch.fired'
  readonly account: number
  /** Undefined: all markets. */
  readonly market: number | undefined
  /** Microseconds: when it was due, which may be before the command that says so. */
  readonly dueAtUs: number
}

/** A trade met the stop price of a waiting order; it starts when those before it in the queue have started, events of which follow. */
export interface OrderTriggered extends EventBase, OrderState {
  readonly type: 'order.triggered'
}

/**
 * What a buy sets aside for fees in the quote asset has changed, beside what it holds for its price. Comes before the event
 * of the order that it belongs to, and after that of its end.
 */
export interface OrderFeeHeld extends EventBase {
  readonly type: 'order.fee-held'
  readonly orderId: number
  readonly account: number
  readonly market: number
  /** The quote asset. */
  readonly asset: number
  /** Positive: more is held. */
  readonly change: bigint
  /** All that is held for fees of the order now. */
  readonly held: bigint
}
