/** Builds a state from the parts of a snapshot. */
import { FrameBuffer } from '../values/frames.js'
import { decodeEvents } from '../domain/frames/event-frames.js'
import { FREEZES } from '../domain/vocabulary.js'
import { REQUEST_HASH_HIGH, REQUEST_HASH_LOW, REQUEST_ORDER_ID, REQUEST_SEQUENCE, REQUEST_WORDS, type RequestWindow } from '../ledger/request-window.js'
import { AVAILABLE, BALANCE_WORDS, HELD } from '../ledger/balance-layout.js'
import { MARKET_AUCTION_PRICE, MARKET_HALTED_AT, MARKET_LAST_PRICE, MARKET_LAST_TRADE, MARKET_WINDOW_LOW } from '../matching/market-layout.js'
import { complementOfMillion } from '../ledger/fees.js'
import * as order from '../matching/order-layout.js'
import { SEAT_WORDS } from '../matching/seat-layout.js'
import { LAST_ORDER_ID, SEQUENCE, TIMESTAMP } from '../matching/registers.js'
import * as terms from '../matching/terms-layout.js'
import { WORK_KINDS } from './work-item.js'
import { DEADLINE_KINDS } from './deadlines.js'
import { addMarket } from './define.js'
import { openFeeBalances } from './define-fees.js'
import { auctionEnd } from './auctions.js'
import { nameHash } from './order-names.js'
import type { SpecialOrder } from './special-order.js'
import { exitOf, type ExitPair } from './examine-oco.js'
import { EngineState } from './state.js'
import {
  ACCOUNT_WORDS,
  BALANCE_RECORD_WORDS,
  BRACKET_RECORD,
  DEADLINE_RECORD_WORDS,
  PROTECTION_RECORD_WORDS,
  FORMAT,
  GROUP_WORDS,
  HEADER,
  HEADER_WORDS,
  HOLD_RECORD_WORDS,
  MARKET_RECORD_WORDS,
  ORDER_FEES_RECORD_WORDS,
  ORDER_RECORD,
  RATE_RECORD_WORDS,
  REQUEST_RECORD_WORDS,
  SETTINGS_RECORD_WORDS,
  TERMS_RECORD,
  STATE_PARTS,
  TIER_RECORD_WORDS,
  WORK_RECORD_WORDS,
} from './state-layout.js'
import { awaitTriggered } from './trigger-orders.js'

const AMOUNTS = Int32Array.from(ORDER_RECORD.amounts)

/** More words than adding an order to a book takes. */
const RESERVED_PER_ORDER = 1_024

/** A part in aliased views; copied where it is not aligned. */
class Part {
  readonly f64: Float64Array
  readonly i64: BigInt64Array
  readonly u32: Uint32Array
  readonly count: number

  constructor(bytes: Uint8Array, words: number) {
    if (bytes.length % (words * 8) !== 0) throw new RangeError(`A part of ${bytes.length} bytes does not consist of rows of ${words * 8}.`)
    const { buffer, byteOffset, length } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
    this.f64 = new Float64Array(buffer, byteOffset, length >> 3)
    this.i64 = new BigInt64Array(buffer, byteOffset, length >> 3)
    this.u32 = new Uint32Array(buffer, byteOffset, length >> 2)
    this.count = bytes.length / (words * 8)
  }
}

/**
 * Reads what `stateParts` wrote.
 *
 * @throws RangeError when the parts are not a snapshot of this format.
 */
export function restoreState(parts: readonly Uint8Array[]): EngineState {
  const format = parts[0] === undefined || parts[0].length < 8 ? 0 : new Float64Array(parts[0].slice(0, 8).buffer)[HEADER.format]
  if (format !== FORMAT) throw new RangeError('The snapshot has a format that this version does not know. Use the version that wrote it, or replay the journal.')
  if (parts.length !== STATE_PARTS) throw new RangeError(`A snapshot has ${STATE_PARTS} parts, not ${parts.length}.`)
  const part = (index: number, words: number): Part => new Part(parts[index]!, words)
  const { f64 } = part(0, HEADER_WORDS)
  const state = new EngineState({
    cancelsPerCommand: f64[HEADER.cancelsPerCommand]!,
    ledgerRequests: f64[HEADER.ledgerRequests]!,
    orderRequests: f64[HEADER.orderRequests]!,
    activationsPerCommand: f64[HEADER.activationsPerCommand]!,
    trailingStopsPerMarket: f64[HEADER.trailingStopsPerMarket]!,
  })
  state.memory.f64[SEQUENCE] = f64[HEADER.sequence]!
  state.memory.f64[TIMESTAMP] = f64[HEADER.timestampUs]!
  state.memory.f64[LAST_ORDER_ID] = f64[HEADER.lastOrderId]!
  state.deadlines.lastTicket = f64[HEADER.lastTicket]!
  readBacklog(state, part(13, WORK_RECORD_WORDS))
  // At once: a memory that grows is copied each time.
  state.memory.reserve(part(6, ORDER_RECORD.words).count * (order.ORDER_WORDS + SEAT_WORDS) + part(5, BALANCE_RECORD_WORDS).count * BALANCE_WORDS)
  readAccounts(state, part(4, ACCOUNT_WORDS), part(3, GROUP_WORDS))
  readDefinitions(state, parts[1]!, part(2, MARKET_RECORD_WORDS))
  readBalances(state, part(5, BALANCE_RECORD_WORDS))
  const resting = readOrders(state, part(6, ORDER_RECORD.words), true)
  const waiting = readOrders(state, part(17, ORDER_RECORD.words), false)
  const triggered = readOrders(state, part(18, ORDER_RECORD.words), false)
  listOrders(state, [resting, waiting, triggered])
  readHolds(state, part(7, HOLD_RECORD_WORDS))
  readRequests(state.ledgerRequests, part(8, REQUEST_RECORD_WORDS))
  readRequests(state.orderRequests, part(9, REQUEST_RECORD_WORDS))
  readFeeTiers(state, part(10, TIER_RECORD_WORDS))
  readSettings(state, part(11, SETTINGS_RECORD_WORDS))
  readTerms(state, part(12, TERMS_RECORD.words))
  readDeadlines(state, part(14, DEADLINE_RECORD_WORDS))
  readFeeRates(state, part(19, RATE_RECORD_WORDS))
  readOrderFees(state, part(15, ORDER_FEES_RECORD_WORDS))
  readProtections(state, part(16, PROTECTION_RECORD_WORDS))
  for (const row of waiting) {
    state.memory.reserve(RESERVED_PER_ORDER)
    state.waiting.wait(row)
  }
  for (const row of triggered) state.waiting.queue(row)
  for (const market of state.markets.rows) if (state.activating === 0) awaitTriggered(state, market)
  readBrackets(state, part(20, BRACKET_RECORD.words))
  return state
}

function readBrackets(state: EngineState, { f64, i64, u32, count }: Part): void {
  for (let at = 0; at < count * BRACKET_RECORD.words; at += BRACKET_RECORD.words) {
    const market = state.markets.rows[u32[at * 2 + BRACKET_RECORD.market]!]!
    const pair: ExitPair = { account: u32[at * 2 + BRACKET_RECORD.account]!, market, side: (u32[at * 2 + BRACKET_RECORD.bits]! & 8) === 0 ? order.SELL : order.BUY, selfTradePrevention: u32[at * 2 + BRACKET_RECORD.prevention]!, quantity: 0n }
    const leg = (place: number): SpecialOrder => {
      const bits = u32[at * 2 + BRACKET_RECORD.legs + place]!
      return exitOf(pair, { orderType: bits & 0xff, timeInForce: (bits >>> 8) & 0xff, flags: bits >>> 16, price: i64[at + 5 + place * 2]!, stopPrice: i64[at + 6 + place * 2]! })
    }
    const bits = u32[at * 2 + BRACKET_RECORD.bits]!
    state.brackets.open({
      entryId: f64[at]!,
      market,
      complete: (bits & 1) !== 0,
      takeProfit: leg(0),
      stopLoss: leg(1),
      takeProfitId: f64[at + 1]!,
      stopLossId: f64[at + 2]!,
      covered: i64[at + 4]!,
      gone: (bits & 2) === 0 ? undefined : { opened: i64[at + 3]!, inFull: (bits & 4) !== 0 },
    })
    const entry = (bits & 2) === 0 ? state.ids.find(f64[at]!) : 0
    const { i32 } = state.memory
    if (entry !== 0) i32[entry * 2 + order.ORDER_FLAGS] = i32[entry * 2 + order.ORDER_FLAGS]! | order.BRACKET
  }
}

function readBacklog(state: EngineState, { u32, count }: Part): void {
  for (let record = 0; record < count; record++) {
    const at = record * WORK_RECORD_WORDS * 2
    const kind = WORK_KINDS[u32[at]!]
    if (kind === undefined || kind === 'none') throw new RangeError(`A snapshot does not go on with work of kind ${u32[at]}.`)
    state.backlog.push({ kind, account: u32[at + 1]!, market: u32[at + 2]!, reason: u32[at + 3]! })
  }
}

function readDeadlines(state: EngineState, { f64, u32, count }: Part): void {
  for (let at = 0; at < count * DEADLINE_RECORD_WORDS; at += DEADLINE_RECORD_WORDS) {
    const kind = u32[at * 2 + 6]!
    const [account, market] = [u32[at * 2 + 7]!, u32[at * 2 + 8]!]
    state.deadlines.restore(deadlineRow(state, { kind, account, market, orderId: f64[at + 2]! }), f64[at]!, f64[at + 1]!)
  }
}

function deadlineRow(state: EngineState, deadline: { kind: number; account: number; market: number; orderId: number }): number {
  const { kind, account, market, orderId } = deadline
  switch (DEADLINE_KINDS[kind]) {
    case 'dead-man-switch':
      return state.switches.open(account, market)
    case 'order':
      return state.terms.openDeadline(state.ids.find(orderId), account, market)
    case 'auction-end':
      return auctionEnd(state, market)
    default:
      throw new RangeError(`A snapshot does not have deadlines of kind ${kind}.`)
  }
}

function readAccounts(state: EngineState, accounts: Part, groups: Part): void {
  state.accounts.reserve(accounts.count, groups.count)
  for (let account = 0; account < accounts.count; account++) {
    const at = account * ACCOUNT_WORDS * 2
    const parent = accounts.u32[at + 11]!
    const groupAt = (accounts.u32[at + 10]! - 1) * GROUP_WORDS * 2
    state.accounts.open({ names: accounts.u32, nameAt: at, groups: groups.u32, groupAt, kind: accounts.u32[at + 9]! & 0xff, purpose: accounts.u32[at + 9]! >> 8, parent: parent === 0 ? undefined : parent - 1 })
  }
}

function readDefinitions(state: EngineState, definitions: Uint8Array, trades: Part): void {
  for (const defined of decodeEvents(FrameBuffer.from(definitions))) {
    if (defined.type === 'asset.defined') state.catalog.addAsset(defined.asset)
    else if (defined.type === 'market.defined') addMarket(state, defined.market)
    else throw new RangeError(`A snapshot does not define things with ${defined.type}.`)
  }
  for (let market = 0; market < trades.count; market++) {
    const row = state.markets.rows[market]!
    const at = market * MARKET_RECORD_WORDS
    state.memory.f64[row + MARKET_LAST_TRADE] = trades.f64[at]!
    state.memory.i64[row + MARKET_LAST_PRICE] = trades.i64[at + 1]!
    state.markets.setReference(market, trades.i64[at + 2]!)
    state.memory.f64[row + MARKET_AUCTION_PRICE] = trades.f64[at + 3]!
    state.memory.f64.set(trades.f64.subarray(at + 4, at + 15), row + MARKET_WINDOW_LOW)
    state.memory.f64[row + MARKET_HALTED_AT] = trades.f64[at + 15]!
  }
}

function readBalances(state: EngineState, part: Part): void {
  state.balances.reserve(part.count)
  for (let at = 0; at < part.count * BALANCE_RECORD_WORDS; at += BALANCE_RECORD_WORDS) {
    const row = state.balances.open(part.u32[at * 2]!, part.u32[at * 2 + 1]!)
    state.memory.i64[row + AVAILABLE] = part.i64[at + 1]!
    state.memory.i64[row + HELD] = part.i64[at + 2]!
  }
}

/** @returns the rows, in the order of the records. */
function readOrders(state: EngineState, part: Part, rests: boolean): Int32Array {
  // Orders that are about to be cancelled need not fit the market's present tick.
  for (const item of state.backlog) if (rests && item.kind === 'rule-change') state.books.rekey(state.markets.rows[item.market]!, 1)
  const rows = new Int32Array(part.count)
  for (let record = 0; record < part.count; record++) rows[record] = readOrder(state, part, record * ORDER_RECORD.words, rests)
  return rows
}

/** Lists orders under their accounts by order id, not by price. */
function listOrders(state: EngineState, lists: readonly Int32Array[]): void {
  const { f64, i32 } = state.memory
  const ids = new Float64Array(lists.reduce((count, rows) => count + rows.length, 0))
  let count = 0
  for (const rows of lists) {
    for (const row of rows) {
      state.ids.insert(row)
      ids[count++] = f64[row + order.ORDER_ID]!
    }
  }
  for (const id of ids.sort()) {
    const row = state.ids.find(id)
    state.seats.list(row)
    if ((i32[row * 2 + order.ORDER_FLAGS]! & order.QUOTE) !== 0) state.quotes.add(i32[row * 2 + order.ORDER_SEAT]!, id)
  }
}

function readOrder(state: EngineState, part: Part, at: number, rests: boolean): number {
  const { u32 } = part
  const account = u32[at * 2 + ORDER_RECORD.account]!
  const marketId = u32[at * 2 + ORDER_RECORD.market]!
  const market = state.markets.rows[marketId]!
  const seat = state.seats.find(account, marketId) || state.seats.open(account, market)
  const schedule = state.schedules.open(u32[at * 2 + ORDER_RECORD.makerPpm]! | 0, u32[at * 2 + ORDER_RECORD.takerPpm]!)
  const row = state.clearing.orders.take()
  const { f64, i64, i32 } = state.memory
  f64[row + order.ORDER_ID] = part.f64[at]!
  // Not by a closure: it would make a bigint of every amount.
  for (let place = 0; place < AMOUNTS.length; place++) i64[row + AMOUNTS[place]!] = part.i64[at + 1 + place]!
  i64[row + order.ORDER_FEE_PREPAID] = complementOfMillion(part.i64[at + ORDER_RECORD.feeFraction]!)
  f64[row + order.ORDER_CREATED] = part.f64[at + 9]!
  f64[row + order.ORDER_UPDATED] = part.f64[at + 10]!
  const flags = u32[at * 2 + ORDER_RECORD.flags]!
  i32[row * 2 + order.ORDER_SEAT] = seat
  i32[row * 2 + order.ORDER_SCHEDULE] = schedule
  i32[row * 2 + order.ORDER_ENUMS] = u32[at * 2 + ORDER_RECORD.enums]!
  i32[row * 2 + order.ORDER_FLAGS] = flags & (order.POST_ONLY | order.QUOTE | order.ICEBERG)
  if ((flags & order.NAMED) !== 0) state.names.insert(row, nameHash(account, u32, at * 2 + ORDER_RECORD.text), part, at + ORDER_RECORD.text / 2)
  state.memory.reserve(RESERVED_PER_ORDER)
  if (rests) state.books.add(row, market, u32[at * 2 + ORDER_RECORD.enums]! & 0xff)
  return row
}

function readTerms(state: EngineState, part: Part): void {
  for (let at = 0; at < part.count * TERMS_RECORD.words; at += TERMS_RECORD.words) {
    state.memory.reserve(RESERVED_PER_ORDER)
    const row = state.terms.attach(state.ids.find(part.f64[at]!))
    const { f64, i64, i32 } = state.memory
    i64[row + terms.TERMS_STOP] = part.i64[at + terms.TERMS_STOP]!
    i64[row + terms.TERMS_DISPLAY] = part.i64[at + terms.TERMS_DISPLAY]!
    f64[row + terms.TERMS_EXPIRES] = part.f64[at + terms.TERMS_EXPIRES]!
    i64[row + terms.TERMS_OFFSET] = part.i64[at + terms.TERMS_OFFSET]!
    i64[row + terms.TERMS_ACTIVATION] = part.i64[at + terms.TERMS_ACTIVATION]!
    i64[row + terms.TERMS_EXTREME] = part.i64[at + terms.TERMS_EXTREME]!
    f64[row + terms.TERMS_SIBLING] = part.f64[at + terms.TERMS_SIBLING]!
    const owner = i32[row * 2 + terms.TERMS_ORDER]!
    if (f64[row + terms.TERMS_SIBLING] !== 0) i32[owner * 2 + order.ORDER_FLAGS] = i32[owner * 2 + order.ORDER_FLAGS]! | order.LINKED
    i32[row * 2 + terms.TERMS_BPS] = part.u32[at * 2 + TERMS_RECORD.bps]!
    i32[row * 2 + terms.TERMS_FOLLOWS] = part.u32[at * 2 + TERMS_RECORD.follows]!
  }
}

function readProtections(state: EngineState, part: Part): void {
  const { f64, i64, u32 } = part
  for (let at = 0; at < part.count * PROTECTION_RECORD_WORDS; at += PROTECTION_RECORD_WORDS) {
    const [account, market] = [u32[at * 2]!, u32[at * 2 + 1]!]
    state.memory.reserve(RESERVED_PER_ORDER)
    state.protections.set(state.seats.find(account, market) || state.seats.open(account, state.markets.rows[market]!), {
      account,
      market,
      quantity: i64[at + 1]!,
      fills: u32[at * 2 + 4]!,
      windowMs: u32[at * 2 + 5]!,
      frozenMs: u32[at * 2 + 6]!,
      filledCount: u32[at * 2 + 7]!,
      filledQuantity: i64[at + 4]!,
      windowStartUs: f64[at + 5]!,
      frozenUntilUs: f64[at + 6]!,
    })
  }
}

function readHolds(state: EngineState, part: Part): void {
  for (let at = 0; at < part.count * HOLD_RECORD_WORDS; at += HOLD_RECORD_WORDS) {
    state.holds.place({
      words: part.u32,
      at: at * 2 + 6,
      account: part.u32[at * 2 + 4]!,
      asset: part.u32[at * 2 + 5]!,
      amount: part.i64[at + 1]!,
      sequence: part.f64[at]!,
    })
  }
}

function readRequests(window: RequestWindow, part: Part): void {
  for (let at = 0; at < part.count * REQUEST_RECORD_WORDS; at += REQUEST_RECORD_WORDS) {
    const row = window.remember(part.u32, at * 2 + 7, part.u32[at * 2 + 6]!)
    window.f64[row * REQUEST_WORDS + REQUEST_SEQUENCE] = part.f64[at]!
    window.f64[row * REQUEST_WORDS + REQUEST_ORDER_ID] = part.f64[at + 1]!
    window.i32[row * 2 * REQUEST_WORDS + REQUEST_HASH_LOW] = part.u32[at * 2 + 4]! | 0
    window.i32[row * 2 * REQUEST_WORDS + REQUEST_HASH_HIGH] = part.u32[at * 2 + 5]! | 0
  }
}

function readFeeTiers(state: EngineState, { u32, count }: Part): void {
  for (let at = 0; at < count * TIER_RECORD_WORDS * 2; at += TIER_RECORD_WORDS * 2) {
    const schedule = state.schedules.open(u32[at + 2]! | 0, u32[at + 3]! | 0)
    state.tiers.define({ market: u32[at]!, tier: u32[at + 1]!, schedule })
  }
}

function readOrderFees(state: EngineState, { f64, i64, count }: Part): void {
  for (let at = 0; at < count * ORDER_FEES_RECORD_WORDS; at += ORDER_FEES_RECORD_WORDS) {
    state.memory.reserve(RESERVED_PER_ORDER)
    state.orderFees.restore(state.ids.find(f64[at]!), i64.subarray(at + 1, at + ORDER_FEES_RECORD_WORDS))
  }
}

function readFeeRates(state: EngineState, { u32, i64, count }: Part): void {
  for (let at = 0; at < count * RATE_RECORD_WORDS; at += RATE_RECORD_WORDS) {
    const [feeAsset, asset, discountPpm] = [u32[at * 2]!, u32[at * 2 + 1]!, u32[at * 2 + 2]!]
    state.rates.set({ feeAsset, asset, discountPpm, feeAssetAmount: i64[at + 2]!, assetAmount: i64[at + 3]! })
  }
  openFeeBalances(state)
}

function readSettings(state: EngineState, { u32, count }: Part): void {
  for (let at = 0; at < count * SETTINGS_RECORD_WORDS * 2; at += SETTINGS_RECORD_WORDS * 2) {
    const [feeAsset, referrer] = [u32[at + 2]!, u32[at + 3]!]
    state.accounts.setSettings(u32[at]!, {
      feeTier: u32[at + 1]!,
      feeAsset: feeAsset === 0 ? undefined : feeAsset - 1,
      referrer: referrer === 0 ? undefined : referrer - 1,
      referralPpm: u32[at + 4]!,
      frozen: FREEZES[u32[at + 5]!]!,
    })
  }
}
