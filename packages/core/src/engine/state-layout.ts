/**
 * The logical state in a canonical form: what a snapshot stores and what the state hash covers.
 *
 * It says what stands, not how the tables came to hold it: the same commands give the same bytes, whether
 * or not a snapshot and a restore lay between. Parts, in this order; rows are 8-byte words unless noted:
 *
 * | part | a row |
 * |---|---|
 * | 0 header | one row: see `HEADER` |
 * | 1 definitions | event frames `asset.defined` of all assets and `market.defined` of all markets (present rules), stamped with zeros |
 * | 2 markets | one a market: f64 id of its last trade, i64 its price, i64 reference price given since (0: none), f64 price of the auction that is being uncrossed (0: none), f64 lowest prices of 5 quarters of the breaker's window by their number modulo 5, f64 highest prices, f64 number of the newest quarter, f64 time of the breaker's halt (0: none) |
 * | 3 groups | one a group, in order of first use: text (9 u32), u32 0 |
 * | 4 accounts | one an account: text name (9 u32), u32 kind and in its second byte the purpose, u32 group (from 1), u32 parent + 1 or 0 |
 * | 5 balances | by account, then asset; only where something is: u32 account, u32 asset, i64 available, i64 held |
 * | 6 orders | by market, bids then asks, best price first, oldest first: see `ORDER_RECORD` |
 * | 7 holds | by sequence: f64 sequence, i64 amount, u32 account, u32 asset, text holdId (9 u32), u32 0 |
 * | 8 ledger requests | oldest first: f64 sequence, f64 orderId, u32 hash low, u32 hash high, u32 scope, text (9 u32) |
 * | 9 order requests | the same; scope is the account |
 * | 10 fee tiers | by market (0xffff: all, last), then tier: u32 market, u32 tier, i32 maker rate, i32 taker rate |
 * | 11 account settings | by account, only where they are not the default: u32 account, u32 fee tier, u32 fee asset + 1 or 0, u32 referrer + 1 or 0, u32 referral share, u32 frozen (place in `FREEZES`) |
 * | 12 terms | by market, then order id, of the orders that have terms: see `TERMS_RECORD` |
 * | 13 backlog | oldest first: u32 kind (place in `WORK_KINDS`), u32 account, u32 market, u32 reason |
 * | 14 deadlines | in the order in which they fire: f64 time, f64 ticket, f64 orderId or 0, u32 kind (place in `DEADLINE_KINDS`), u32 account, u32 market, u32 0 |
 * | 15 order fees | orders with fee terms of their own, by order id: f64 orderId, i64 charged in the chosen asset, i64 held for fees, i64 its fraction, u32 fee asset + 1 or 0, u32 referrer + 1 or 0, u32 referral share, u32 charged in quote, u32 its discount, u32 0 |
 * | 16 protections of quotes | by market, then account: u32 account, u32 market, i64 quantity, u32 fills, u32 windowMs, u32 frozenMs, u32 filled fills, i64 filled quantity, f64 start of the window, f64 end of the freeze |
 * | 17 waiting orders | by market, then order id: see `ORDER_RECORD` |
 * | 18 triggered orders | by market, as they will start: see `ORDER_RECORD` |
 * | 19 fee rates | by fee asset, then asset: u32 fee asset, u32 asset, u32 discount, u32 0, i64 amount of the fee asset, i64 amount of the asset |
 * | 20 brackets | by order id of the entry: see `BRACKET_RECORD` |
 */
import * as order from '../matching/order-layout.js'
import { SAVED_WORDS } from './order-fees.js'

export const STATE_PARTS = 21
export const FORMAT = 0x626f7572_0002

/** Places in the header's row, all f64. */
export const HEADER = {
  format: 0,
  sequence: 1,
  timestampUs: 2,
  lastOrderId: 3,
  cancelsPerCommand: 4,
  ledgerRequests: 5,
  orderRequests: 6,
  lastTicket: 7,
  activationsPerCommand: 8,
  trailingStopsPerMarket: 9,
} as const
export const HEADER_WORDS = 10
export const MARKET_RECORD_WORDS = 16
export const GROUP_WORDS = 5
export const ACCOUNT_WORDS = 6
export const BALANCE_RECORD_WORDS = 3
export const HOLD_RECORD_WORDS = 8
export const REQUEST_RECORD_WORDS = 8
export const TIER_RECORD_WORDS = 2
export const ORDER_FEES_RECORD_WORDS = 1 + SAVED_WORDS
export const RATE_RECORD_WORDS = 4
export const SETTINGS_RECORD_WORDS = 3
export const WORK_RECORD_WORDS = 2
export const DEADLINE_RECORD_WORDS = 5
export const PROTECTION_RECORD_WORDS = 7

/**
 * An order's record of 19 words: 0 f64 orderId, then i64 1 price, 2 quantity, 3 leaves, 4 filled,
 * 5 filledQuote, 6 fee, 7 held, 8 feeFraction, f64 9 createdUs, 10 updatedUs; then u32 (counted in
 * 32-bit words) 22 account, 23 market, 24 side/type/time in force/self-trade prevention as in events,
 * 25 flags (1 post-only, 4 with terms, 256 special fees, 2^24 quote, 2^25 iceberg: leaves are what it displays, 2^30 named by the client), 26 maker and 27 taker rate in ppm, 28 text clientOrderId.
 */
export const ORDER_RECORD = {
  words: 19,
  /** Fields of an order's row that stand in words 1 to 7 of the record. */
  amounts: [order.ORDER_PRICE, order.ORDER_QUANTITY, order.ORDER_LEAVES, order.ORDER_FILLED, order.ORDER_FILLED_QUOTE, order.ORDER_FEE, order.ORDER_HELD],
  feeFraction: 8,
  account: 22,
  market: 23,
  enums: 24,
  flags: 25,
  makerPpm: 26,
  takerPpm: 27,
  text: 28,
} as const

/**
 * A record of terms, 10 words: f64 0 orderId, i64 1 stopPrice, 2 displayQuantity, f64 3 expiresAtUs,
 * i64 4 trailingOffset, 5 activationPrice, 6 extreme, f64 7 siblingOrderId; then u32 (counted in 32-bit
 * words) 16 market, 17 trailingBps, 18 follows, 19 zero.
 */
export const TERMS_RECORD = { words: 10, market: 16, bps: 17, follows: 18 } as const

/**
 * A bracket's record of 12 words: f64 0 order id of the entry, 1 of the take-profit leg, 2 of the stop-loss leg (0 before
 * they start), i64 3 base units that an entry that is gone has opened, 4 quantity that the exits got, 5 price and 6 stop price
 * of the take-profit leg, 7 and 8 of the stop-loss leg; then u32 (counted in 32-bit words) 18 account, 19 market, 20 bits
 * (1 complete, 2 the entry is gone, 4 it was filled in full, 8 the exits buy), 21 self-trade prevention, 22 and 23 the legs: type, 2^8 time
 * in force, 2^16 flags.
 */
export const BRACKET_RECORD = { words: 12, account: 18, market: 19, bits: 20, prevention: 21, legs: 22 } as const
