/** Where the fields of a seat, an account's place in one market, stand in its row; see {@link RowMemory} and `engine/seats.ts`. */

export const SEAT_WORDS = 8

/** 32-bit fields, counted in 32-bit words from the row's start. */
export const SEAT_ACCOUNT = 0
/** Number of the market. */
export const SEAT_MARKET_ID = 1
/** Row of the market. */
export const SEAT_MARKET = 2
/** Orders of one group do not trade with each other unless told so. */
export const SEAT_GROUP = 3
/** Balance rows. Side by side: plus the side, what an order pays with. */
export const SEAT_PAYS = 4
export const SEAT_QUOTE = 4
export const SEAT_BASE = 5
/** Resting orders: how many, the oldest, the newest. */
export const SEAT_COUNT = 6
export const SEAT_HEAD = 7
export const SEAT_TAIL = 8
/** The account's seat in its next higher market, or 0. */
export const SEAT_NEXT = 9
