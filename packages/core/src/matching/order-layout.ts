/** Where the fields of an order stand in its row of 128 bytes; see {@link RowMemory}. */

/** Words of a row: 0 to 7 and 13 to 15 hold 8 bytes each, 8 to 12 hold two 32-bit fields each. */
export const ORDER_WORDS = 16

/** f64. */
export const ORDER_ID = 0
/** i64, price units: the limit, or the protection price of a market order. */
export const ORDER_PRICE = 1
/** i64, quantity units; with `BY_QUOTE` the quote amount to spend or raise. */
export const ORDER_QUANTITY = 2
/** i64, quantity units still to trade; 0 with `BY_QUOTE`. */
export const ORDER_LEAVES = 3
/** i64, quantity units traded. */
export const ORDER_FILLED = 4
/** i64, quote units traded. */
export const ORDER_FILLED_QUOTE = 5
/** i64, fee charged so far, in the received asset. */
export const ORDER_FEE = 6
/** i64, what is still set aside: quote units for a buy, base units for a sell. */
export const ORDER_HELD = 7
/** i64, millionths of a unit by which the exact fee exceeds a whole number of units. */
export const ORDER_FEE_FRACTION = 13
/** f64, microseconds; with `HAS_TERMS` the row of the terms stands in its place, see {@link ORDER_TERMS}. */
export const ORDER_CREATED = 14
/** f64, microseconds. */
export const ORDER_UPDATED = 15

/** 32-bit fields, counted in 32-bit words from the row's start. Neighbours in the level; 0 where there is none. */
export const ORDER_NEXT = 16
export const ORDER_PREVIOUS = 17
/** 0 while the order does not rest. */
export const ORDER_LEVEL = 18
/** The account's place in the market; see `engine/seats.ts`. */
export const ORDER_SEAT = 19
export const ORDER_SEAT_NEXT = 20
export const ORDER_SEAT_PREVIOUS = 21
/** Row of the client's name for the order, 0 where its order id is its name; see `engine/order-names.ts`. */
export const ORDER_NAME = 22
/** Row of the fee schedule that was in force when the order was accepted. */
export const ORDER_SCHEDULE = 23
/** Four bytes as in events: side, order type, time in force, self-trade prevention. */
export const ORDER_ENUMS = 24
/** Bits below. */
export const ORDER_FLAGS = 25

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

/** Set during a walk whose limit is not the order's own price but stands in the register `WALK_LIMIT`. */
export const BOUNDED = 0x20000000

/** Codes of `SIDES` in the lowest byte of the enums. */
export const BUY = 0
export const SELL = 1
/** Codes of `SELF_TRADE_PREVENTIONS` in the highest byte of the enums. */
export const CANCEL_TAKER = 0
export const CANCEL_MAKER = 1
export const CANCEL_BOTH = 2
export const DECREMENT = 3
export const ALLOW = 4
