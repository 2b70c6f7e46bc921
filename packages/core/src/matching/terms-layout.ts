/** Where the terms of a special order stand in their row; see {@link RowMemory}. An order has such a row where its flags say `HAS_TERMS`. */

export const TERMS_WORDS = 16
/** Words of the terms in an event; see `domain/frames/event-frames.ts`. */
export const TERMS_EVENT_WORDS = 8

/** f64, microseconds: when the order was accepted; the order's own row has the terms' row in that place. */
export const TERMS_CREATED = 0
/** i64, price units: what starts the order; of a trailing stop the present one, 0 until it follows. */
export const TERMS_STOP = 1
/** i64, quantity units. */
export const TERMS_DISPLAY = 2
/** f64, microseconds. */
export const TERMS_EXPIRES = 3
/** i64, price units. */
export const TERMS_OFFSET = 4
/** i64, price units. */
export const TERMS_ACTIVATION = 5
/** i64, price units: the best price that a trailing stop has seen since it follows. */
export const TERMS_EXTREME = 6
/** f64, order id. */
export const TERMS_SIBLING = 7

/** 32-bit fields, counted in 32-bit words from the row's start. */
export const TERMS_BPS = 16
/** Neighbours in the level of the trigger book; the first chains released rows as well. */
export const TERMS_NEXT = 17
export const TERMS_PREVIOUS = 18
/** Level of the trigger book, 0 while the order waits in none. */
export const TERMS_LEVEL = 19
/** Row of the order. */
export const TERMS_ORDER = 20
/** The neighbours among the trailing stops of the market. */
export const TERMS_TRAILING_NEXT = 21
export const TERMS_TRAILING_PREVIOUS = 22
/** 1 once a trailing stop follows the trades. */
export const TERMS_FOLLOWS = 23
/** Row of the deadline of a good-till-date order; see `engine/deadlines.ts`. */
export const TERMS_DEADLINE = 24
