/** Where the fields of a deadline stand in its row of 40 bytes; see {@link RowMemory}. */

export const DEADLINE_WORDS = 5
/** f64, microseconds. */
export const DEADLINE_AT = 0
/** f64: counts the deadlines as they are set; the lower one fires first where two fall on the same time. */
export const DEADLINE_TICKET = 1
/** 32-bit fields, counted in 32-bit words from the row's start. Code of `DEADLINE_KINDS`. */
export const DEADLINE_KIND = 4
/** Number of the account; the market must follow, as the index of switches expects. */
export const DEADLINE_ACCOUNT = 5
/** Number of the market; `NONE_16`: all. */
export const DEADLINE_MARKET = 6
/** Place in the queue, from 1; 0 while it is not set. Chains released rows. */
export const DEADLINE_PLACE = 7
/** Row of the order that it ends; else 0. */
export const DEADLINE_ORDER = 8
