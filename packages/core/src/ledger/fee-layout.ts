/** Where the rates of a fee schedule stand in its row; see {@link RowMemory}. */

export const SCHEDULE_WORDS = 3
/** i64, parts per million. */
export const MAKER_RATE = 0
export const TAKER_RATE = 1
/** A 32-bit field, counted in 32-bit words from the row's start: schedules are never released, pools ask for it. */
export const SCHEDULE_LINK = 4
