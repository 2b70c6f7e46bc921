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
import { FrameBuffer } from '../values/frames.js'
import { TEXT_WORDS } from '../values/text-words.js'
import { TypedRows } from '../values/typed-rows.js'
import * as event from '../domain/event-frames.js'
import { FREEZES } from '../domain/vocabulary.js'
import { AVAILABLE, HELD } from '../ledger/balance-layout.js'
import { REQUEST_HASH_HIGH, REQUEST_HASH_LOW, REQUEST_WORDS, type RequestWindow } from '../ledger/request-window.js'
import { MARKET_AUCTION_PRICE, MARKET_HALTED_AT, MARKET_LAST_PRICE, MARKET_LAST_TRADE, MARKET_WINDOW_LOW, MARKET_WINDOW_QUARTER } from '../matching/market-layout.js'
import { complementOfMillion } from '../ledger/fees.js'
import * as order from '../matching/order-layout.js'
import { SEQUENCE, TIMESTAMP } from '../matching/registers.js'
import { SEAT_ACCOUNT, SEAT_MARKET_ID } from '../matching/seat-layout.js'
import * as terms from '../matching/terms-layout.js'
import { WORK_KINDS } from './work-item.js'
import * as deadlineLayout from './deadline-layout.js'
import { writeAssetDefined, writeMarket } from './define.js'
import { ordersWithFeeTerms } from './define-fees.js'
import { SAVED_WORDS } from './order-fees.js'
import type { EngineState } from './state.js'
import { hashText, hashWords } from './word-hash.js'

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

const AMOUNTS = Int32Array.from(ORDER_RECORD.amounts)

/**
 * A bracket's record of 12 words: f64 0 order id of the entry, 1 of the take-profit leg, 2 of the stop-loss leg (0 before
 * they start), i64 3 base units received by an entry that is gone, 4 quantity that the exits got, 5 price and 6 stop price
 * of the take-profit leg, 7 and 8 of the stop-loss leg; then u32 (counted in 32-bit words) 18 account, 19 market, 20 bits
 * (1 complete, 2 the entry is gone, 4 it was filled in full), 21 self-trade prevention, 22 and 23 the legs: type, 2^8 time
 * in force, 2^16 flags.
 */
export const BRACKET_RECORD = { words: 12, account: 18, market: 19, bits: 20, prevention: 21, legs: 22 } as const

/** The parts of the state as it stands between two commands. */
export function stateParts(state: EngineState): Uint8Array[] {
  return [
    header(state),
    definitions(state),
    markets(state),
    groups(state),
    accounts(state),
    balances(state),
    orders(state),
    holds(state),
    requests(state.ledgerRequests),
    requests(state.orderRequests),
    feeTiers(state),
    accountSettings(state),
    orderTerms(state),
    backlog(state),
    deadlines(state),
    orderFees(state),
    protections(state),
    outsideBook(state, (market) => state.waiting.first(market)),
    outsideBook(state, (market) => state.waiting.firstTriggered(market)),
    feeRates(state),
    brackets(state),
  ]
}

/** The hash over the parts, each led by its length: 16 hexadecimal digits. */
export function hashParts(parts: readonly Uint8Array[]): string {
  const hash = new Int32Array(2)
  for (const part of parts) {
    const words = new Uint32Array(part.buffer, part.byteOffset, part.length >> 2)
    hashWords(hash, Uint32Array.of(part.length), 0, 1)
    hashWords(hash, words, 0, words.length)
  }
  return hashText(hash)
}

/** Rows of a known number, all zero. */
interface Section {
  readonly rows: TypedRows
  readonly u32: Uint32Array
}

function section(words: number, count: number): Section {
  const rows = new TypedRows(words, Math.max(1, count), 0)
  rows.end = count
  return { rows, u32: new Uint32Array(rows.f64.buffer) }
}

function bytesOf({ rows }: Section): Uint8Array {
  return new Uint8Array(rows.f64.buffer, 0, rows.end * rows.words * 8)
}

function header(state: EngineState): Uint8Array {
  const part = section(HEADER_WORDS, 1)
  const { f64 } = part.rows
  f64[HEADER.format] = FORMAT
  f64[HEADER.sequence] = state.sequence
  f64[HEADER.timestampUs] = state.timestampUs
  f64[HEADER.lastOrderId] = state.lastOrderId
  f64[HEADER.cancelsPerCommand] = state.limits.cancelsPerCommand
  f64[HEADER.ledgerRequests] = state.limits.ledgerRequests
  f64[HEADER.orderRequests] = state.limits.orderRequests
  f64[HEADER.activationsPerCommand] = state.limits.activationsPerCommand
  f64[HEADER.trailingStopsPerMarket] = state.limits.trailingStopsPerMarket
  f64[HEADER.lastTicket] = state.deadlines.lastTicket
  return bytesOf(part)
}

function definitions(state: EngineState): Uint8Array {
  const frames = new FrameBuffer(4096)
  const { frames: eventsBefore, index } = state.out
  const { sequence, timestampUs } = state
  state.memory.f64.fill(0, SEQUENCE, TIMESTAMP + 1)
  state.out.frames = frames
  state.out.index = 0
  for (const asset of state.catalog.assets()) writeAssetDefined(state, asset)
  for (const market of state.catalog.markets()) writeMarket(state, event.MARKET_DEFINED, market)
  state.memory.f64[SEQUENCE] = sequence
  state.memory.f64[TIMESTAMP] = timestampUs
  state.out.frames = eventsBefore
  state.out.index = index
  return frames.used()
}

function markets(state: EngineState): Uint8Array {
  const part = section(MARKET_RECORD_WORDS, state.markets.count)
  state.markets.rows.forEach((row, market) => {
    const at = market * MARKET_RECORD_WORDS
    part.rows.f64[at] = state.memory.f64[row + MARKET_LAST_TRADE]!
    part.rows.i64[at + 1] = state.memory.i64[row + MARKET_LAST_PRICE]!
    part.rows.i64[at + 2] = state.markets.givenReference(row)
    part.rows.f64[at + 3] = state.memory.f64[row + MARKET_AUCTION_PRICE]!
    part.rows.f64.set(state.memory.f64.subarray(row + MARKET_WINDOW_LOW, row + MARKET_WINDOW_QUARTER + 1), at + 4)
    part.rows.f64[at + 15] = state.memory.f64[row + MARKET_HALTED_AT]!
  })
  return bytesOf(part)
}

function groups(state: EngineState): Uint8Array {
  const part = section(GROUP_WORDS, state.accounts.groupCount)
  for (let group = 0; group < part.rows.end; group++) state.accounts.copyGroupName(group + 1, part.u32, group * GROUP_WORDS * 2)
  return bytesOf(part)
}

function accounts(state: EngineState): Uint8Array {
  const part = section(ACCOUNT_WORDS, state.accounts.count)
  for (let account = 0; account < part.rows.end; account++) {
    const at = account * ACCOUNT_WORDS * 2
    state.accounts.copyName(account, part.u32, at)
    part.u32[at + 9] = state.accounts.kind(account) | (state.accounts.purpose(account) << 8)
    part.u32[at + 10] = state.accounts.group(account)
    part.u32[at + 11] = (state.accounts.parent(account) ?? -1) + 1
  }
  return bytesOf(part)
}

function balances(state: EngineState): Uint8Array {
  const { balances: table } = state
  const rows = rowsByAccount(state)
  const part = section(BALANCE_RECORD_WORDS, rows.length)
  let at = 0
  for (const row of rows) {
    part.u32[at * 2] = table.account(row)
    part.u32[at * 2 + 1] = table.asset(row)
    part.rows.i64[at + 1] = state.memory.i64[row + AVAILABLE]!
    part.rows.i64[at + 2] = state.memory.i64[row + HELD]!
    at += BALANCE_RECORD_WORDS
  }
  return bytesOf(part)
}

/** The balances that are not zero, by account and then by asset: counted out by account, and the few of each put in order. */
function rowsByAccount(state: EngineState): Int32Array {
  const { balances: table } = state
  const { i64 } = state.memory
  const filled = new Int32Array(table.count)
  const starts = new Int32Array(state.accounts.count + 1)
  let count = 0
  for (const row of table.rows()) {
    if (i64[row + AVAILABLE] === 0n && i64[row + HELD] === 0n) continue
    filled[count++] = row
    const after = table.account(row) + 1
    starts[after] = starts[after]! + 1
  }
  for (let account = 1; account < starts.length; account++) starts[account] = starts[account]! + starts[account - 1]!
  const ends = starts.slice()
  const sorted = new Int32Array(count)
  for (let index = 0; index < count; index++) {
    const row = filled[index]!
    const account = table.account(row)
    const asset = table.asset(row)
    let at = ends[account]!
    ends[account] = at + 1
    for (; at > starts[account]! && table.asset(sorted[at - 1]!) > asset; at--) sorted[at] = sorted[at - 1]!
    sorted[at] = row
  }
  return sorted
}

function orders(state: EngineState): Uint8Array {
  const part = section(ORDER_RECORD.words, state.clearing.orders.live)
  const { i32 } = state.memory
  let record = 0
  for (const market of state.markets.rows) {
    for (let side = 0; side < 2; side++) {
      for (let level = state.books.best(market, side); level !== 0; level = state.books.worse(level)) {
        for (let row = state.books.head(level); row !== 0; row = i32[row * 2 + order.ORDER_NEXT]!) writeOrder(state, row, part, record++)
      }
    }
  }
  // Room was made for all live orders; some wait outside the books.
  part.rows.end = record
  return bytesOf(part)
}

/** The orders of the lists that begin at each market's first one. */
function outsideBook(state: EngineState, first: (market: number) => number): Uint8Array {
  const rows: number[] = []
  for (const market of state.markets.rows) {
    for (let row = first(market); row !== 0; row = state.waiting.next(row)) rows.push(row)
  }
  const part = section(ORDER_RECORD.words, rows.length)
  for (const [record, row] of rows.entries()) writeOrder(state, row, part, record)
  return bytesOf(part)
}

function writeOrder(state: EngineState, row: number, part: Section, record: number): void {
  const at = record * ORDER_RECORD.words
  const { i32, i64: cells, f64: doubles } = state.memory
  const { f64, i64 } = part.rows
  const { u32 } = part
  f64[at] = doubles[row + order.ORDER_ID]!
  // Not by a closure: it would make a bigint of every amount.
  for (let place = 0; place < AMOUNTS.length; place++) i64[at + 1 + place] = cells[row + AMOUNTS[place]!]!
  i64[at + ORDER_RECORD.feeFraction] = complementOfMillion(cells[row + order.ORDER_FEE_PREPAID]!)
  f64[at + 9] = state.terms.createdUs(row)
  f64[at + 10] = doubles[row + order.ORDER_UPDATED]!
  const seat = i32[row * 2 + order.ORDER_SEAT]!
  const schedule = i32[row * 2 + order.ORDER_SCHEDULE]!
  const flags = i32[row * 2 + order.ORDER_FLAGS]!
  u32[at * 2 + ORDER_RECORD.account] = i32[seat * 2 + SEAT_ACCOUNT]!
  u32[at * 2 + ORDER_RECORD.market] = i32[seat * 2 + SEAT_MARKET_ID]!
  u32[at * 2 + ORDER_RECORD.enums] = i32[row * 2 + order.ORDER_ENUMS]!
  // The part tells where it stands, and its terms what it is linked with.
  u32[at * 2 + ORDER_RECORD.flags] = flags & ~(order.OFF_BOOK | order.LINKED | order.BRACKET)
  u32[at * 2 + ORDER_RECORD.makerPpm] = state.schedules.makerPpm(schedule)
  u32[at * 2 + ORDER_RECORD.takerPpm] = state.schedules.takerPpm(schedule)
  if ((flags & order.NAMED) !== 0) u32.set(i32.subarray(row * 2 + order.ORDER_NAME * 2, row * 2 + order.ORDER_NAME * 2 + TEXT_WORDS), at * 2 + ORDER_RECORD.text)
}

function orderTerms(state: EngineState): Uint8Array {
  const part = section(TERMS_RECORD.words, state.terms.live)
  const { i32, i64, f64 } = state.memory
  let record = 0
  const rows = [...state.terms.rows()].sort((a, b) => marketOfTerms(state, a) - marketOfTerms(state, b) || idOfTerms(state, a) - idOfTerms(state, b))
  for (const row of rows) {
    const at = record++ * TERMS_RECORD.words
    part.rows.f64[at] = idOfTerms(state, row)
    part.rows.i64[at + terms.TERMS_STOP] = i64[row + terms.TERMS_STOP]!
    part.rows.i64[at + terms.TERMS_DISPLAY] = i64[row + terms.TERMS_DISPLAY]!
    part.rows.f64[at + terms.TERMS_EXPIRES] = f64[row + terms.TERMS_EXPIRES]!
    part.rows.i64[at + terms.TERMS_OFFSET] = i64[row + terms.TERMS_OFFSET]!
    part.rows.i64[at + terms.TERMS_ACTIVATION] = i64[row + terms.TERMS_ACTIVATION]!
    part.rows.i64[at + terms.TERMS_EXTREME] = i64[row + terms.TERMS_EXTREME]!
    part.rows.f64[at + terms.TERMS_SIBLING] = f64[row + terms.TERMS_SIBLING]!
    part.u32[at * 2 + TERMS_RECORD.market] = marketOfTerms(state, row)
    part.u32[at * 2 + TERMS_RECORD.bps] = i32[row * 2 + terms.TERMS_BPS]!
    part.u32[at * 2 + TERMS_RECORD.follows] = i32[row * 2 + terms.TERMS_FOLLOWS]!
  }
  return bytesOf(part)
}

function idOfTerms(state: EngineState, row: number): number {
  return state.memory.f64[state.memory.i32[row * 2 + terms.TERMS_ORDER]! + order.ORDER_ID]!
}

function marketOfTerms(state: EngineState, row: number): number {
  const { i32 } = state.memory
  return i32[i32[i32[row * 2 + terms.TERMS_ORDER]! * 2 + order.ORDER_SEAT]! * 2 + SEAT_MARKET_ID]!
}

function holds(state: EngineState): Uint8Array {
  const rows = state.holds.live()
  const part = section(HOLD_RECORD_WORDS, rows.length)
  rows.forEach((hold, record) => {
    const at = record * HOLD_RECORD_WORDS
    part.rows.f64[at] = state.holds.sequenceOf(hold)
    part.rows.i64[at + 1] = state.holds.amount(hold)
    part.u32[at * 2 + 4] = state.holds.account(hold)
    part.u32[at * 2 + 5] = state.holds.asset(hold)
    state.holds.names.copyTo(hold, part.u32, at * 2 + 6)
  })
  return bytesOf(part)
}

function protections(state: EngineState): Uint8Array {
  const rows = state.protections.sorted()
  const part = section(PROTECTION_RECORD_WORDS, rows.length)
  const { f64, i64 } = part.rows
  rows.forEach((protection, record) => {
    const at = record * PROTECTION_RECORD_WORDS
    part.u32[at * 2] = protection.account
    part.u32[at * 2 + 1] = protection.market
    i64[at + 1] = protection.quantity
    part.u32[at * 2 + 4] = protection.fills
    part.u32[at * 2 + 5] = protection.windowMs
    part.u32[at * 2 + 6] = protection.frozenMs
    part.u32[at * 2 + 7] = protection.filledCount
    i64[at + 4] = protection.filledQuantity
    f64[at + 5] = protection.windowStartUs
    f64[at + 6] = protection.frozenUntilUs
  })
  return bytesOf(part)
}

function requests(window: RequestWindow): Uint8Array {
  const part = section(REQUEST_RECORD_WORDS, Math.min(window.total, window.limit))
  let record = 0
  for (const row of window.rows()) {
    const at = record++ * REQUEST_RECORD_WORDS
    part.rows.f64[at] = window.firstSequence(row)
    part.rows.f64[at + 1] = window.orderId(row)
    part.u32[at * 2 + 4] = window.i32[row * 2 * REQUEST_WORDS + REQUEST_HASH_LOW]!
    part.u32[at * 2 + 5] = window.i32[row * 2 * REQUEST_WORDS + REQUEST_HASH_HIGH]!
    part.u32[at * 2 + 6] = window.keys.scope(row)
    window.keys.copyTo(row, part.u32, at * 2 + 7)
  }
  return bytesOf(part)
}

function feeTiers(state: EngineState): Uint8Array {
  const tiers = state.tiers.entries()
  const part = section(TIER_RECORD_WORDS, tiers.length)
  tiers.forEach(({ market, tier, schedule }, record) => {
    const at = record * TIER_RECORD_WORDS * 2
    part.u32[at] = market
    part.u32[at + 1] = tier
    part.u32[at + 2] = state.schedules.makerPpm(schedule)
    part.u32[at + 3] = state.schedules.takerPpm(schedule)
  })
  return bytesOf(part)
}

function orderFees(state: EngineState): Uint8Array {
  const part = section(ORDER_FEES_RECORD_WORDS, state.orderFees.terms.live)
  ordersWithFeeTerms(state).forEach((row, record) => {
    const at = record * ORDER_FEES_RECORD_WORDS
    part.rows.f64[at] = state.memory.f64[row + order.ORDER_ID]!
    part.rows.i64.set(state.orderFees.saved(row), at + 1)
  })
  return bytesOf(part)
}

function feeRates(state: EngineState): Uint8Array {
  const rates = state.rates.entries()
  const part = section(RATE_RECORD_WORDS, rates.length)
  rates.forEach(({ feeAsset, asset, feeAssetAmount, assetAmount, discountPpm }, record) => {
    const at = record * RATE_RECORD_WORDS
    part.u32.set([feeAsset, asset, discountPpm, 0], at * 2)
    part.rows.i64.set([feeAssetAmount, assetAmount], at + 2)
  })
  return bytesOf(part)
}

function accountSettings(state: EngineState): Uint8Array {
  const accounts: number[] = []
  for (let account = 0; account < state.accounts.count; account++) if (state.accounts.hasSettings(account)) accounts.push(account)
  const part = section(SETTINGS_RECORD_WORDS, accounts.length)
  accounts.forEach((account, record) => {
    const at = record * SETTINGS_RECORD_WORDS * 2
    const { feeTier, feeAsset, referrer, referralPpm, frozen } = state.accounts.settings(account)
    part.u32.set([account, feeTier, (feeAsset ?? -1) + 1, (referrer ?? -1) + 1, referralPpm, FREEZES.indexOf(frozen)], at)
  })
  return bytesOf(part)
}

function backlog(state: EngineState): Uint8Array {
  const part = section(WORK_RECORD_WORDS, state.backlog.length)
  for (const [record, { kind, account, market, reason }] of state.backlog.entries()) {
    part.u32.set([WORK_KINDS.indexOf(kind), account, market, reason], record * WORK_RECORD_WORDS * 2)
  }
  return bytesOf(part)
}

function deadlines(state: EngineState): Uint8Array {
  const { i32, f64 } = state.memory
  const { DEADLINE_ACCOUNT, DEADLINE_AT, DEADLINE_KIND, DEADLINE_MARKET, DEADLINE_ORDER, DEADLINE_TICKET } = deadlineLayout
  const rows = state.deadlines.inOrder()
  const part = section(DEADLINE_RECORD_WORDS, rows.length)
  rows.forEach((row, record) => {
    const at = record * DEADLINE_RECORD_WORDS
    part.rows.f64[at] = f64[row + DEADLINE_AT]!
    part.rows.f64[at + 1] = f64[row + DEADLINE_TICKET]!
    // Row 0 reads as zero: no order.
    part.rows.f64[at + 2] = f64[i32[row * 2 + DEADLINE_ORDER]! + order.ORDER_ID]!
    part.u32.set([i32[row * 2 + DEADLINE_KIND]!, i32[row * 2 + DEADLINE_ACCOUNT]!, i32[row * 2 + DEADLINE_MARKET]!], (at + 3) * 2)
  })
  return bytesOf(part)
}

function brackets(state: EngineState): Uint8Array {
  const part = section(BRACKET_RECORD.words, state.brackets.all.size)
  let record = 0
  for (const bracket of state.brackets.all.values()) {
    const at = record++ * BRACKET_RECORD.words
    const { takeProfit, stopLoss, gone } = bracket
    part.rows.f64[at] = bracket.entryId
    part.rows.f64[at + 1] = bracket.takeProfitId
    part.rows.f64[at + 2] = bracket.stopLossId
    part.rows.i64.set([gone?.received ?? 0n, bracket.covered, takeProfit.price, takeProfit.stopPrice, stopLoss.price, stopLoss.stopPrice], at + 3)
    part.u32[at * 2 + BRACKET_RECORD.account] = takeProfit.account
    part.u32[at * 2 + BRACKET_RECORD.market] = state.brackets.marketId(bracket)
    part.u32[at * 2 + BRACKET_RECORD.bits] = (bracket.complete ? 1 : 0) | (gone === undefined ? 0 : 2) | (gone?.inFull === true ? 4 : 0)
    part.u32[at * 2 + BRACKET_RECORD.prevention] = takeProfit.selfTradePrevention
    for (const [place, leg] of [takeProfit, stopLoss].entries()) {
      part.u32[at * 2 + BRACKET_RECORD.legs + place] = leg.orderType | (leg.timeInForce << 8) | (leg.flags << 16)
    }
  }
  return bytesOf(part)
}
