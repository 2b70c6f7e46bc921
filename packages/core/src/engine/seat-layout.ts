/** Where the fields of a seat stand in its row. */

export const SEAT_WORDS = 4
/** 32-bit fields, counted in 32-bit words from the row's start. */
export const SEAT_ACCOUNT = 0
export const SEAT_MARKET = 1
/** Balance rows. */
export const SEAT_BASE = 2
export const SEAT_QUOTE = 3
/** Resting orders: how many, the oldest, the newest. */
export const SEAT_COUNT = 4
export const SEAT_HEAD = 5
export const SEAT_TAIL = 6
/** The account's seat in its next higher market, or 0. */
export const SEAT_NEXT = 7
