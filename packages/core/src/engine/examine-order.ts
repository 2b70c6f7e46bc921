/**
 * Examines a new order against every rule before anything is changed.
 *
 * The first rule that an order breaks is the reject it gets, in this order: account, market, bytes of the
 * frame, repetition of an idempotent order, kind of account, state of the market, combination, price,
 * quantity, least notional, name, count of open orders, liquidity (market order), highest notional and price
 * band, post-only, balance.
 */
import type { FrameBuffer } from '../values/frames.js'
import { ROW_BITS } from '../values/row-memory.js'
import { isEmptyInWords, NO_TEXT as NO_TEXT_HASH } from '../values/text-words.js'
import * as command from '../domain/frames/command-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import * as balanceLayout from '../ledger/balance-layout.js'
import * as levelLayout from '../matching/level-layout.js'
import * as marketLayout from '../matching/market-layout.js'
import * as orderLayout from '../matching/order-layout.js'
import { protectionPrice } from '../matching/price-band.js'
import { probe, type ProbedTrade } from '../matching/probe.js'
import * as registers from '../matching/registers.js'
import * as seatLayout from '../matching/seat-layout.js'
import { KIND_SYSTEM as SYSTEM_KIND } from './accounts.js'
import { boundedLimit, guardFault } from './guarded-market.js'
import { nameHash } from './order-names.js'
import { recognise } from './request-memory.js'
import type { EngineState } from './state.js'

const { PLACE_BY_QUOTE, PLACE_CLIENT_ORDER_ID, PLACE_HAS_PRICE, PLACE_IDEMPOTENT, PLACE_POST_ONLY } = command
const { AVAILABLE } = balanceLayout
const { LEVEL_PRICE } = levelLayout
const {
  CAPPED,
  MARKET_ALLOW_SELF_TRADE,
  MARKET_BAND_BPS,
  MARKET_BASE,
  MARKET_BASE_UNIT,
  MARKET_BEST,
  MARKET_LOT,
  MARKET_MAX_NOTIONAL,
  MARKET_MAX_OPEN_ORDERS,
  MARKET_MAX_PRICE,
  MARKET_MAX_QUANTITY,
  MARKET_MIN_NOTIONAL,
  MARKET_MIN_QUANTITY,
  MARKET_MODE,
  MARKET_NOTIONAL_UNIT,
  MARKET_QUOTE_ASSET,
  MARKET_TICK,
  STATE_BITS,
  STATE_POST_ONLY,
  STATE_PRE_OPEN,
} = marketLayout
const { ALLOW, BUY, DECREMENT } = orderLayout
const { HOLD } = registers
const { SEAT_COUNT, SEAT_PAYS } = seatLayout

/** Codes of the vocabulary. */
const KIND_SYSTEM = SYSTEM_KIND
const NO_TEXT = NO_TEXT_HASH
const GTC = 0
/** Bits of the enums that a limit order good till cancelled does not have. */
const NOT_LIMIT_GTC = 0xffff00
const FOK = 2
const GTD = 3
const ROW = ROW_BITS
const TWO_32 = 4294967296
/** Places in a frame, in words of 4 bytes and (the quantity) of 8: a shifted offset needs no check for overflow. */
const ENUMS_WORD = command.PLACE_SIDE >> 2
const FLAGS_WORD = command.PLACE_FLAGS >> 2
const PRICE_WORD = command.PLACE_PRICE >> 2
const NAME_WORD = command.PLACE_CLIENT_ORDER_ID >> 2
const QUANTITY_WORD = command.PLACE_QUANTITY >> 3
const ALL_FLAGS = PLACE_POST_ONLY | PLACE_IDEMPOTENT | PLACE_BY_QUOTE | PLACE_HAS_PRICE

/** What the examination found out about the order in hand, beyond its frame and the register `HOLD`. */
export const intake = {
  /** Row of the market. */
  market: 0,
  /** Seat of the account in the market, 0 where it has none yet. */
  seat: 0,
  /** Price units: the limit or the protection price. */
  limit: 0,
  /** The probe says that a fill-or-kill order cannot be filled. */
  unfillable: false,
  /** Of the client's name for it, `NO_TEXT` where there is none. */
  nameHash: 0,
  /** The account has settings that may change its fees. */
  hasSettings: false,
}

/** Finds the first rule that the order breaks; changes nothing but {@link intake} and the register `HOLD`. */
export function examineOrder(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | 'repeated' | undefined {
  const { u32 } = frames
  const word = (offset >> 3) * 2
  const account = u32[word + 1]!
  if (account >= state.accounts.end) return 'unknown_account'
  const marketId = u32[word + 6]! & 0xffff
  if (marketId >= state.markets.rows.length) return 'unknown_market'
  const enums = u32[word + ENUMS_WORD]!
  const orderType = (enums >> 8) & 0xff
  const timeInForce = (enums >> 16) & 0xff
  const prevention = enums >>> 24
  const flags = u32[word + FLAGS_WORD]! & 0xff
  const { i32, i64, f64 } = state.memory
  const seat = state.seats.find(account, marketId) & ROW
  intake.seat = seat
  // Read what it can pay with as early as possible: the wait for the row passes while the frame is examined.
  if (seat !== 0) i64[HOLD] = i64[(state.seats.paysLast(account, enums & 1) & ROW) + AVAILABLE]!
  if ((enums & 0xff) > 1 || orderType > 1 || timeInForce > FOK || prevention > ALLOW || flags > ALL_FLAGS) return 'malformed_frame'
  intake.nameHash = nameHash(account, u32, word + NAME_WORD)
  if (intake.nameHash === NO_TEXT && !isEmptyInWords(u32, word + NAME_WORD)) return 'malformed_text'
  if ((flags & PLACE_IDEMPOTENT) !== 0) {
    if (intake.nameHash === NO_TEXT) return 'malformed_text'
    const seen = recognise(state, { window: state.orderRequests, frames, offset, textAt: PLACE_CLIENT_ORDER_ID, scope: account })
    if (seen !== 'new') return seen === 'repeated' ? 'repeated' : 'duplicate_request'
  }
  const standing = state.accounts.standing(account)
  intake.hasSettings = standing > KIND_SYSTEM
  if (standing > KIND_SYSTEM) {
    const fault = state.accounts.tradingFault(account)
    if (fault !== undefined) return fault
  }

  const market = state.markets.rows[marketId]! & ROW
  const marketState = i32[market * 2 + MARKET_MODE]! & STATE_BITS
  const isLimit = orderType === 0
  if (marketState > STATE_POST_ONLY && !isCollected(marketState, enums, flags)) return 'market_not_open'
  if (isLimit ? (flags & (PLACE_BY_QUOTE | PLACE_HAS_PRICE)) !== PLACE_HAS_PRICE : timeInForce === GTC) return 'invalid_combination'
  if ((flags & PLACE_POST_ONLY) !== 0 && timeInForce !== GTC) return 'invalid_combination'
  if ((flags & PLACE_BY_QUOTE) !== 0 && (timeInForce === FOK || prevention === DECREMENT)) return 'invalid_combination'
  if (marketState === STATE_POST_ONLY && timeInForce !== GTC) return 'market_not_open'
  if (prevention === ALLOW && i32[market * 2 + MARKET_ALLOW_SELF_TRADE] === 0) return 'self_trade_prevention_required'

  if ((flags & PLACE_HAS_PRICE) !== 0) {
    const price = (u32[word + PRICE_WORD + 1]! | 0) * TWO_32 + u32[word + PRICE_WORD]!
    if (price <= 0) return 'price_not_positive'
    if (price > f64[market + MARKET_MAX_PRICE]!) return 'price_out_of_bounds'
    const ticks = price / f64[market + MARKET_TICK]!
    if (Math.floor(ticks) !== ticks) return 'price_not_multiple_of_tick_size'
    intake.limit = price
  }
  intake.market = market
  intake.unfillable = false
  const fault = isLimit ? checkLimit(state, frames, offset) : checkMarketOrder(state, frames, offset)
  return fault === undefined && intake.hasSettings ? feeHoldFault(state, account, (enums & 0xff) === BUY) : fault
}

/** Fees that are charged in the quote asset are held beside the price: whether there is enough for them too. */
export function feeHoldFault(state: EngineState, account: number, isBuy: boolean): RejectCode | undefined {
  const held = state.memory.i64[HOLD]!
  const fees = state.orderFees.holdFor({ account, market: intake.market, isBuy }, held)
  return fees > 0n && held + fees > state.balances.available(payingBalance(state, account, isBuy)) ? 'insufficient_balance' : undefined
}

/** Whether an auction collects the order: one that can rest. Nobody takes there, so that nobody can promise not to. */
function isCollected(marketState: number, enums: number, flags: number): boolean {
  return marketState === STATE_PRE_OPEN && (enums & NOT_LIMIT_GTC) === 0 && (flags & PLACE_POST_ONLY) === 0
}

/** Quantity, notional, name, count of open orders, post-only and balance of a limit order. */
export function checkLimit(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const { u32 } = frames
  const { i32, f64, i64 } = state.memory
  const word = (offset >> 3) * 2
  const market = intake.market & ROW
  const quantity = frames.i64[(offset >> 3) + QUANTITY_WORD]!
  if (quantity <= 0n) return 'quantity_not_positive'
  if (quantity > i64[market + MARKET_MAX_QUANTITY]!) return 'quantity_above_maximum'
  if (BigInt.asIntN(64, quantity % i64[market + MARKET_LOT]!) !== 0n) return 'quantity_not_multiple_of_lot_size'
  if (quantity < i64[market + MARKET_MIN_QUANTITY]!) return 'quantity_below_minimum'
  // The maxima of price and quantity bound the notional; a buy holds as much.
  i64[HOLD] = BigInt.asIntN(64, BigInt.asIntN(64, frames.i64[(offset >> 3) + PRICE_WORD / 2]! * quantity) * i64[market + MARKET_NOTIONAL_UNIT]!)
  if (i64[HOLD]! < i64[market + MARKET_MIN_NOTIONAL]!) return 'notional_below_minimum'

  const account = u32[word + 1]!
  if (intake.nameHash !== NO_TEXT && state.names.findHashed(intake.nameHash, account, u32, word + NAME_WORD) !== 0) return 'duplicate_client_order_id'
  const seat = intake.seat & ROW
  const enums = u32[word + ENUMS_WORD]!
  const isBuy = (enums & 0xff) === BUY
  const timeInForce = (enums >> 16) & 0xff
  const rests = timeInForce === GTC || timeInForce === GTD
  if (rests && i32[seat * 2 + SEAT_COUNT]! >= i32[market * 2 + MARKET_MAX_OPEN_ORDERS]!) return 'too_many_open_orders'
  const mode = i32[market * 2 + MARKET_MODE]!
  if (mode > STATE_POST_ONLY) {
    // The hold is the notional here; given on, it would be allocated.
    if ((mode & CAPPED) !== 0 && i64[HOLD]! > i64[market + MARKET_MAX_NOTIONAL]!) return 'notional_above_maximum'
    const fault = guardFault(state, { market, isBuy, price: intake.limit, notional: 0n, rests })
    if (fault !== undefined) return fault
  }
  if ((u32[word + FLAGS_WORD]! & PLACE_POST_ONLY) !== 0 || (mode & STATE_BITS) === STATE_POST_ONLY) {
    const level = i32[market * 2 + MARKET_BEST + (isBuy ? 1 : 0)]!
    if (level !== 0 && (isBuy ? f64[level + LEVEL_PRICE]! <= intake.limit : f64[level + LEVEL_PRICE]! >= intake.limit)) return 'would_take_liquidity'
  }
  if (timeInForce === FOK) intake.unfillable = probeOrder(state, frames, offset).quantity < quantity
  if (!isBuy) i64[HOLD] = BigInt.asIntN(64, quantity * i64[market + MARKET_BASE_UNIT]!)
  const balance = (seat !== 0 ? state.seats.paysLast(account, enums & 1) : payingBalance(state, account, isBuy)) & ROW
  return i64[balance + AVAILABLE]! < i64[HOLD]! ? 'insufficient_balance' : undefined
}

/** Quantity, notional, name, liquidity and balance of a market order. */
function checkMarketOrder(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const { i32, i64 } = state.memory
  const market = intake.market
  const account = frames.account(offset)
  const name = (offset + PLACE_CLIENT_ORDER_ID) >> 2
  const flags = frames.u8[offset + command.PLACE_FLAGS]!
  const isBuy = frames.u8[offset + command.PLACE_SIDE] === BUY
  const byQuote = (flags & PLACE_BY_QUOTE) !== 0
  const quantity = frames.i64[(offset + command.PLACE_QUANTITY) >> 3]!
  const fault = byQuote ? quoteAmountFault(i64, market, quantity) : quantityFault(i64, market, quantity)
  if (fault !== undefined) return fault
  if (intake.nameHash !== NO_TEXT && state.names.findHashed(intake.nameHash, account, frames.u32, name) !== 0) return 'duplicate_client_order_id'
  const level = i32[market * 2 + MARKET_BEST + (isBuy ? 1 : 0)]!
  if (level === 0) return 'no_liquidity'
  const best = state.books.price(level)
  if ((flags & PLACE_HAS_PRICE) === 0) intake.limit = protectionPrice(best, isBuy, i32[market * 2 + MARKET_BAND_BPS]!)
  const notional = BigInt(best) * quantity * i64[market + MARKET_NOTIONAL_UNIT]!
  if (!byQuote && notional < i64[market + MARKET_MIN_NOTIONAL]!) return 'notional_below_minimum'
  if (!byQuote && notional > i64[market + MARKET_MAX_NOTIONAL]!) return 'notional_above_maximum'

  const found = probeOrder(state, frames, offset)
  intake.unfillable = frames.u8[offset + command.PLACE_TIME_IN_FORCE] === FOK && found.quantity < quantity
  // The probed amounts may be beyond 64 bits, but then they are beyond the balance too.
  const hold = isBuy ? (byQuote ? quantity : found.quote) : (byQuote ? found.quantity : quantity) * i64[market + MARKET_BASE_UNIT]!
  if (hold > state.balances.available(payingBalance(state, account, isBuy))) return 'insufficient_balance'
  i64[HOLD] = hold
  return undefined
}

function quoteAmountFault(i64: BigInt64Array, market: number, amount: bigint): RejectCode | undefined {
  if (amount <= 0n) return 'quantity_not_positive'
  if (amount < i64[market + MARKET_MIN_NOTIONAL]!) return 'notional_below_minimum'
  return amount > i64[market + MARKET_MAX_NOTIONAL]! ? 'notional_above_maximum' : undefined
}

export function quantityFault(i64: BigInt64Array, market: number, quantity: bigint): RejectCode | undefined {
  if (quantity <= 0n) return 'quantity_not_positive'
  if (quantity > i64[market + MARKET_MAX_QUANTITY]!) return 'quantity_above_maximum'
  if (quantity % i64[market + MARKET_LOT]! !== 0n) return 'quantity_not_multiple_of_lot_size'
  return quantity < i64[market + MARKET_MIN_QUANTITY]! ? 'quantity_below_minimum' : undefined
}

function probeOrder(state: EngineState, frames: FrameBuffer, offset: number): ProbedTrade {
  const isBuy = frames.u8[offset + command.PLACE_SIDE] === BUY
  return probe(state.memory, state.books, {
    market: intake.market,
    isBuy,
    limit: boundedLimit(state, { market: intake.market, isBuy, limit: intake.limit }),
    group: state.accounts.group(frames.account(offset)),
    selfTradePrevention: frames.u8[offset + command.PLACE_SELF_TRADE_PREVENTION]!,
    quantity: frames.i64[(offset + command.PLACE_QUANTITY) >> 3]!,
    byQuote: (frames.u8[offset + command.PLACE_FLAGS]! & PLACE_BY_QUOTE) !== 0,
  })
}

/** Balance row of what the order pays with, 0 where the account has none of it. */
export function payingBalance(state: EngineState, account: number, isBuy: boolean): number {
  const { i32 } = state.memory
  if (intake.seat !== 0) return i32[intake.seat * 2 + SEAT_PAYS + (isBuy ? 0 : 1)]!
  return state.balances.find(account, i32[intake.market * 2 + (isBuy ? MARKET_QUOTE_ASSET : MARKET_BASE)]!)
}
