/** Where the fields of a price level stand in its row; see {@link RowMemory}. */

export const LEVEL_WORDS = 8
/** f64, price units. */
export const LEVEL_PRICE = 0
/** i64, quantity units: sum of the leaves of its orders. */
export const LEVEL_QUANTITY = 1
/** i64, price units: the same once more, to be compared with an order's. */
export const LEVEL_ORDER_PRICE = 6
/** 32-bit fields, counted in 32-bit words from the row's start. */
export const LEVEL_HEAD = 4
export const LEVEL_TAIL = 5
export const LEVEL_COUNT = 6
/** Neighbours by price; 0 where there is none. */
export const LEVEL_LOWER = 7
export const LEVEL_HIGHER = 8
/** Market's row; 0 while the level is not in use. */
export const LEVEL_MARKET = 9
/** 0 bids, 1 asks. */
export const LEVEL_SIDE = 10
