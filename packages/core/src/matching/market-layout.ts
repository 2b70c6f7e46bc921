/** Where the rules of a market, and the ends of its book, stand in its row; see {@link RowMemory}. */

export const MARKET_WORDS = 56

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

/** i64, price units: of the last trade, 0 before the first. */
export const MARKET_LAST_PRICE = 19
/** f64, price units: the price of the auction that is being uncrossed, 0 where none is. */
export const MARKET_AUCTION_PRICE = 29
/** f64, price units: lowest and highest price of each quarter of the breaker's window, see `breaker-window.ts`. */
export const MARKET_WINDOW_LOW = 32
export const MARKET_WINDOW_HIGH = 37
/** f64: number of the newest quarter, 0 where there is none. */
export const MARKET_WINDOW_QUARTER = 42
/** f64: a quarter of the breaker's window in microseconds, 0 without a breaker. */
export const MARKET_QUARTER_US = 43
/** f64, microseconds: when the breaker halted the market, 0 where it did not. */
export const MARKET_HALTED_AT = 44
/** i64, price units: the reference price given by a command, in force while no trade came after it; 0: none. */
export const MARKET_REFERENCE = 20
/** f64: id of the last trade when it was given. */
export const MARKET_REFERENCE_TRADE = 21

/** 32-bit fields, counted in 32-bit words from the row's start. */
export const MARKET_ID = 22
export const MARKET_STATE = 23
export const MARKET_BASE = 24
export const MARKET_QUOTE_ASSET = 25
export const MARKET_BAND_BPS = 26
/** Row of the fee schedule in force. */
export const MARKET_SCHEDULE = 27
export const MARKET_MAX_OPEN_ORDERS = 28
export const MARKET_ALLOW_SELF_TRADE = 29
/** Balance rows of the fees account. */
export const MARKET_FEES_BASE = 30
export const MARKET_FEES_QUOTE = 31
/** 1 where the market's own fees include a rebate: its orders have special fees. */
export const MARKET_PAYS_REBATE = 61
/** The lowest bid level; after it the highest bid, the lowest ask and the highest ask. */
export const MARKET_LEVELS = 32
/** The highest bid level; after it the lowest ask: plus the side, the best level of the side. */
export const MARKET_BEST = 33
/** The state in its lowest byte and the bits below; hot code asks only whether it is beyond `post-only`. */
export const MARKET_MODE = 36
/** Basis points, 0 without `BANDED`. */
export const MARKET_PRICE_BAND_BPS = 37
/** Basis points, 0 without `BREAKER`. */
export const MARKET_BREAKER_BPS = 60
/** Row of the deadline at which an auction ends, 0 before the first auction. */
export const MARKET_AUCTION_END = 62

/** How many orders wait for their stop price: 0 saves every trade the look at them. */
export const MARKET_WAITING = 44
/** The waiting order with the lowest id; after it the one with the highest. */
export const MARKET_WAITING_HEAD = 46
/** The first order that was triggered and has not started; after it the last. */
export const MARKET_QUEUE_HEAD = 48
/** Levels of the trigger book: the lowest and the highest on the way down, then those on the way up. */
export const MARKET_TRIGGERS = 50
/** The terms of a trailing stop that waits, and how many there are. */
export const MARKET_TRAILING_HEAD = 54
export const MARKET_TRAILING = 45

/** The price index of the bids, two numbers as `price-index.ts` wants them; after it those of the asks, and of triggers on the way down and up. */
export const MARKET_INDEX = 96
export const MARKET_TRIGGER_INDEX = 100

/** Codes of `MARKET_STATES`. */
export const STATE_OPEN = 0
export const STATE_POST_ONLY = 1
export const STATE_DELISTED = 4
export const STATE_PRE_OPEN = 5
/** Where the state stands in the mode. */
export const STATE_BITS = 0xff
/** Orders rest and trade within a band around the reference price only. */
export const BANDED = 0x100
/** Notionals are bounded more tightly than by price and quantity. */
export const CAPPED = 0x200
/** A circuit breaker watches the trades. */
export const BREAKER = 0x400
