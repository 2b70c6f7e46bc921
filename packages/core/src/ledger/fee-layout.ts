/** Where the rates of a fee schedule stand in its row. */

export const SCHEDULE_WORDS = 2
/** i64, parts per million. */
export const MAKER_RATE = 0
export const TAKER_RATE = 1
