/**
 * Where the fields of an order stand in its row of 176 bytes; see {@link RowMemory}.
 *
 * First what matching reads, then what money needs, then the client's name, so that finding, queueing and
 * passing over an order touches one part. Rows are packed: with 16 bytes more each part would be a cache
 * line of its own, which was measured and is not faster, and a million orders would need 16 MB more.
 */

export const ORDER_WORDS = 22
/** What matching reads of them, and all that an order without an account has. */
export const MATCHING_WORDS = 8

/** f64. */
export const ORDER_ID = 0
/** i64, price units: the limit, or the protection price of a market order. */
export const ORDER_PRICE = 1
/** i64, quantity units still to trade; 0 with `BY_QUOTE`. */
export const ORDER_LEAVES = 2
/** 32-bit fields, counted in 32-bit words from the row's start. Neighbours in the level; 0 where there is none. */
export const ORDER_NEXT = 6
export const ORDER_PREVIOUS = 7
/** 0 while the order does not rest. */
export const ORDER_LEVEL = 8
/** The account's place in the market; see `engine/seats.ts`. */
export const ORDER_SEAT = 9
export const ORDER_SEAT_NEXT = 10
export const ORDER_SEAT_PREVIOUS = 11
/** Four bytes as in events: side, order type, time in force, self-trade prevention. */
export const ORDER_ENUMS = 12
/** Bits below. */
export const ORDER_FLAGS = 13
/** The next order whose id falls into the same place; see `order-ids.ts`. */
export const ORDER_ID_NEXT = 14
/** Row of the fee schedule that was in force when the order was accepted, or with `SPECIAL_FEES` of its own fee terms. */
export const ORDER_SCHEDULE = 15

/** i64, quantity units; with `BY_QUOTE` the quote amount to spend or raise. */
export const ORDER_QUANTITY = 8
/** i64, quantity units traded. */
export const ORDER_FILLED = 9
/** i64, quote units traded. */
export const ORDER_FILLED_QUOTE = 10
/** i64, fee charged so far, in the received asset. */
export const ORDER_FEE = 11
/** i64, what is still set aside: quote units for a buy, base units for a sell. */
export const ORDER_HELD = 12
/** i64, millionths of a unit of the fee that rounding up has charged in advance. */
export const ORDER_FEE_PREPAID = 13
/** f64, microseconds; with `HAS_TERMS` the row of the terms stands in its place, see {@link ORDER_TERMS}. */
export const ORDER_CREATED = 14
/** f64, microseconds. */
export const ORDER_UPDATED = 15

/** The client's name for the order: 9 words of 32 bits and one that is 0; see `engine/order-names.ts`. Only of orders that are `NAMED`. */
export const ORDER_NAME = 16
/** 32-bit fields. Hash of account and name. */
export const ORDER_NAME_HASH = 42
/** The next order whose name falls into the same place. */
export const ORDER_NAME_NEXT = 43
/** With `HAS_TERMS` only: row of the terms, which has the time of acceptance. See `terms-layout.ts`. */
export const ORDER_TERMS = 28

export const POST_ONLY = 1
/** The quantity is a quote amount. */
export const BY_QUOTE = 2
/** The order has a row of terms. */
export const HAS_TERMS = 4
/** The order waits outside the book for its stop price. */
export const WAITING = 8
/** The order's stop price was met; it stands in the market's queue until it starts. */
export const TRIGGERED = 16
/** The order is a level of a market maker's ladder. The bit is that of the byte `STATE_QUOTE` of an event. */
export const QUOTE = 1 << 24
/** The order rests with a part of its leaves only: `ORDER_LEAVES` is what it displays, quantity less filled what it has left. */
export const ICEBERG = 1 << 25
/** The client has given it a name; else its order id is its name. */
export const NAMED = 1 << 30
/** The schedule is a row of the order's own: a rebate, a chosen fee asset or a referral; see `engine/special-fees.ts`. */
export const SPECIAL_FEES = 0x100

/** Set during a walk whose limit is not the order's own price but stands in the register `WALK_LIMIT`. */
export const BOUNDED = 0x20000000
/** The order is one of two exits; its terms name the other. See `engine/linked-orders.ts`. */
export const LINKED = 32
/** The order is the entry of a bracket; see `engine/brackets.ts`. */
export const BRACKET = 64
/** The order does not rest, but lives. */
export const OFF_BOOK = WAITING | TRIGGERED

/** Codes of `SIDES` in the lowest byte of the enums. */
export const BUY = 0
export const SELL = 1
/** Codes of `SELF_TRADE_PREVENTIONS` in the highest byte of the enums. */
export const CANCEL_TAKER = 0
export const CANCEL_MAKER = 1
export const CANCEL_BOTH = 2
export const DECREMENT = 3
export const ALLOW = 4
