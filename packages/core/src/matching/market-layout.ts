/** Where the rules of a market stand in its row; the row is the market's id. */

export const MARKET_WORDS = 16

/** f64, price units. */
export const MARKET_TICK = 0
/** f64, price units. */
export const MARKET_MAX_PRICE = 1
/** f64: what the price index divides prices by; a divisor of every price in the book. */
export const MARKET_KEY_UNIT = 2
/** f64: id of the last trade. */
export const MARKET_LAST_TRADE = 3
/** i64, quantity units. */
export const MARKET_LOT = 4
export const MARKET_MIN_QUANTITY = 5
export const MARKET_MAX_QUANTITY = 6
/** i64, quote units. */
export const MARKET_MIN_NOTIONAL = 7
/** i64, quote units: maxPrice x maxQuantity. */
export const MARKET_MAX_NOTIONAL = 8
/** i64: quote units in price 1 x quantity 1. */
export const MARKET_NOTIONAL_UNIT = 9
/** i64: base units in quantity 1. */
export const MARKET_BASE_UNIT = 10

/** 32-bit fields, counted in 32-bit words from the row's start. */
export const MARKET_STATE = 22
export const MARKET_BASE = 23
export const MARKET_QUOTE_ASSET = 24
export const MARKET_BAND_BPS = 25
export const MARKET_SCHEDULE = 26
export const MARKET_MAX_OPEN_ORDERS = 27
export const MARKET_ALLOW_SELF_TRADE = 28
/** Balance rows of the fees account. */
export const MARKET_FEES_BASE = 29
export const MARKET_FEES_QUOTE = 30
