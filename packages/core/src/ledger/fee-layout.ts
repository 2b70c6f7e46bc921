/** Where the rates of a fee schedule, and the fee terms of an order that has some of its own, stand in their rows; see {@link RowMemory}. */

export const SCHEDULE_WORDS = 3
/** i64, parts per million. */
export const MAKER_RATE = 0
export const TAKER_RATE = 1
/** A 32-bit field, counted in 32-bit words from the row's start: schedules are never released, pools ask for it. */
export const SCHEDULE_LINK = 4

/** Fee terms of one order: its first two words are the rates, as in a schedule. */
export const TERMS_WORDS = 8
/** A 32-bit field: the next free row. */
export const TERMS_LINK = 15
