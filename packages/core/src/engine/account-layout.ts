/** Where the fields of an account stand in its row of 32 bytes, half a cache line: all that an order asks first. */

export const ACCOUNT_WORDS = 4

/** 32-bit fields, counted in 32-bit words from the row's start. The kind, and above it bits that an order must be asked about. */
export const STANDING = 0
/** Orders of one group do not trade with each other unless told so. */
export const GROUP = 1
/** The account's seat in its lowest market, or 0; see `seats.ts`. */
export const FIRST_SEAT = 2
/** Row of its settings, or 0. */
export const SETTINGS = 3
/** The seat that was used last, or 0; then the number of its market and its two balance rows, what a buy and what a sell pays with. */
export const LAST_SEAT = 4
export const LAST_MARKET = 5
export const LAST_PAYS = 6
