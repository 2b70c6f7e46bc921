/**
 * `order.place`: examines an order, sets money aside, trades it, and rests or cancels what is left.
 *
 * The first rule that an order breaks is the reject it gets, in this order: account, market, bytes of the
 * frame, repetition of an idempotent order, kind of account, state of the market, combination, price,
 * quantity, notional, name, count of open orders, liquidity (market order), post-only, balance.
 */
import type { FrameBuffer } from '../values/frames.js'
import { isEmptyInWords, isTextInWords } from '../values/text-index.js'
import * as command from '../domain/command-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import { probe } from '../matching/probe.js'
import { OUT_OF_LIMIT, STOPPED_BY_OWN_ORDER } from '../matching/taker-walk.js'
import { KIND_WORLD } from './accounts.js'
import { reject } from './reject.js'
import { recognise, remember } from './request-memory.js'
import type { EngineState } from './state.js'
import * as orderLayout from '../matching/order-layout.js'
import * as marketLayout from '../matching/market-layout.js'
import * as balanceLayout from '../ledger/balance-layout.js'
import * as seatLayout from './seat-layout.js'

const {
  ORDER_WORDS,
  ORDER_ID,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_LEAVES,
  ORDER_FILLED,
  ORDER_FILLED_QUOTE,
  ORDER_FEE,
  ORDER_HELD,
  ORDER_FEE_FRACTION,
  ORDER_CREATED,
  ORDER_UPDATED,
  ORDER_LEVEL,
  ORDER_SEAT,
  ORDER_GROUP,
  ORDER_SCHEDULE,
  ORDER_ENUMS,
  ORDER_FLAGS,
  POST_ONLY,
  BY_QUOTE,
  NAMED,
  BUY,
  DECREMENT,
  ALLOW,
} = orderLayout
const {
  MARKET_WORDS,
  MARKET_TICK,
  MARKET_MAX_PRICE,
  MARKET_LOT,
  MARKET_MIN_QUANTITY,
  MARKET_MAX_QUANTITY,
  MARKET_MIN_NOTIONAL,
  MARKET_MAX_NOTIONAL,
  MARKET_NOTIONAL_UNIT,
  MARKET_BASE_UNIT,
  MARKET_STATE,
  MARKET_BASE,
  MARKET_QUOTE_ASSET,
  MARKET_BAND_BPS,
  MARKET_SCHEDULE,
  MARKET_MAX_OPEN_ORDERS,
  MARKET_ALLOW_SELF_TRADE,
} = marketLayout
const { BALANCE_WORDS, AVAILABLE } = balanceLayout
const { SEAT_BASE, SEAT_QUOTE, SEAT_COUNT } = seatLayout

/** Codes of the vocabulary. */
const LIMIT = 0
const GTC = 0
const FOK = 2
const STATE_POST_ONLY = 1
const IOC_REMAINDER = CANCEL_REASONS.indexOf('ioc_remainder')
const FOK_NOT_FILLED = CANCEL_REASONS.indexOf('fok_not_filled')
const MARKET_REMAINDER = CANCEL_REASONS.indexOf('market_remainder')
const PROTECTION_PRICE = CANCEL_REASONS.indexOf('protection_price')
const SELF_TRADE_PREVENTION = CANCEL_REASONS.indexOf('self_trade_prevention')

const TWO_32 = 4294967296
const ALL_FLAGS = command.PLACE_POST_ONLY | command.PLACE_IDEMPOTENT | command.PLACE_BY_QUOTE | command.PLACE_HAS_PRICE

/** What the examination found out about the order in hand, beyond its frame. */
interface Intake {
  /** Seat of the account in the market, 0 where it has none yet. */
  seat: number
  /** Price units: the limit or the protection price. */
  limit: number
  /** The probe says that a fill-or-kill order cannot be filled. */
  unfillable: boolean
  /** One cell: what must be set aside. */
  readonly hold: BigInt64Array
}

const intake: Intake = { seat: 0, limit: 0, unfillable: false, hold: new BigInt64Array(8) }

export function placeOrder(state: EngineState, frames: FrameBuffer, offset: number): void {
  const fault = examine(state, frames, offset)
  if (fault !== undefined) {
    if (fault !== 'repeated') reject(state, frames, offset, fault)
    return
  }
  const row = accept(state, frames, offset)
  if (intake.unfillable) {
    state.clearing.cancelRemainder(row, FOK_NOT_FILLED)
    state.clearing.forget(row)
    return
  }
  const market = frames.market(offset)
  const otherSide = market * 2 + (frames.u8[offset + command.PLACE_SIDE] === BUY ? 1 : 0)
  const ended = state.walk.run(row, otherSide)
  if (state.clearing.isDone(row * ORDER_WORDS)) {
    state.clearing.forget(row)
  } else if (ended !== STOPPED_BY_OWN_ORDER && frames.u8[offset + command.PLACE_TIME_IN_FORCE] === GTC) {
    state.books.add(row, otherSide ^ 1)
    state.clearing.list(row)
    state.out.rested(row)
  } else {
    state.clearing.cancelRemainder(row, remainderReason(frames.u8[offset + command.PLACE_ORDER_TYPE]!, ended))
    state.clearing.forget(row)
  }
}

function remainderReason(orderType: number, ended: number): number {
  if (ended === STOPPED_BY_OWN_ORDER) return SELF_TRADE_PREVENTION
  if (orderType === LIMIT) return IOC_REMAINDER
  return ended === OUT_OF_LIMIT ? PROTECTION_PRICE : MARKET_REMAINDER
}

/** Finds the first rule that the order breaks; changes nothing but {@link intake}. */
function examine(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | 'repeated' | undefined {
  const account = frames.account(offset)
  if (account >= state.accounts.count) return 'unknown_account'
  const market = frames.market(offset)
  if (market >= state.markets.end) return 'unknown_market'
  const malformed = malformedBytes(frames, offset)
  if (malformed !== undefined) return malformed
  const { u8 } = frames
  const flags = u8[offset + command.PLACE_FLAGS]!
  if ((flags & command.PLACE_IDEMPOTENT) !== 0) {
    const seen = recognise(state, { window: state.orderRequests, frames, offset, textAt: command.PLACE_CLIENT_ORDER_ID, scope: account })
    if (seen !== 'new') return seen === 'repeated' ? 'repeated' : 'duplicate_request'
  }
  if (state.accounts.kind(account) === KIND_WORLD) return 'not_permitted'
  return (
    checkCombination(state, frames, offset) ??
    checkPrice(state, frames, offset) ??
    checkQuantity(state, frames, offset) ??
    checkStanding(state, frames, offset) ??
    checkLiquidity(state, frames, offset) ??
    checkMoney(state, frames, offset)
  )
}

function malformedBytes(frames: FrameBuffer, offset: number): RejectCode | undefined {
  const { u8, u32 } = frames
  const flags = u8[offset + command.PLACE_FLAGS]!
  if (
    u8[offset + command.PLACE_SIDE]! > 1 ||
    u8[offset + command.PLACE_ORDER_TYPE]! > 1 ||
    u8[offset + command.PLACE_TIME_IN_FORCE]! > FOK ||
    u8[offset + command.PLACE_SELF_TRADE_PREVENTION]! > ALLOW ||
    flags > ALL_FLAGS
  ) {
    return 'malformed_frame'
  }
  const name = (offset + command.PLACE_CLIENT_ORDER_ID) >> 2
  if (isEmptyInWords(u32, name)) return (flags & command.PLACE_IDEMPOTENT) === 0 ? undefined : 'malformed_text'
  return isTextInWords(u32, name) ? undefined : 'malformed_text'
}

function checkCombination(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const { u8 } = frames
  const market = frames.market(offset)
  const isLimit = u8[offset + command.PLACE_ORDER_TYPE] === LIMIT
  const timeInForce = u8[offset + command.PLACE_TIME_IN_FORCE]!
  const prevention = u8[offset + command.PLACE_SELF_TRADE_PREVENTION]!
  const flags = u8[offset + command.PLACE_FLAGS]!
  const byQuote = (flags & command.PLACE_BY_QUOTE) !== 0
  const marketState = state.markets.field(market, MARKET_STATE)
  if (marketState > STATE_POST_ONLY) return 'market_not_open'
  if (isLimit ? byQuote || (flags & command.PLACE_HAS_PRICE) === 0 : timeInForce === GTC) return 'invalid_combination'
  if ((flags & command.PLACE_POST_ONLY) !== 0 && (!isLimit || timeInForce !== GTC)) return 'invalid_combination'
  if (byQuote && (timeInForce === FOK || prevention === DECREMENT)) return 'invalid_combination'
  if (marketState === STATE_POST_ONLY && timeInForce !== GTC) return 'market_not_open'
  if (prevention === ALLOW && state.markets.field(market, MARKET_ALLOW_SELF_TRADE) === 0) return 'self_trade_prevention_required'
  return undefined
}

function checkPrice(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  if ((frames.u8[offset + command.PLACE_FLAGS]! & command.PLACE_HAS_PRICE) === 0) return undefined
  const word = (offset + command.PLACE_PRICE) >> 2
  const high = frames.u32[word + 1]! | 0
  const price = high * TWO_32 + frames.u32[word]!
  if (price <= 0) return 'price_not_positive'
  const at = frames.market(offset) * MARKET_WORDS
  if (price > state.markets.f64[at + MARKET_MAX_PRICE]!) return 'price_out_of_bounds'
  if (!isWhole(price / state.markets.f64[at + MARKET_TICK]!)) return 'price_not_multiple_of_tick_size'
  intake.limit = price
  return undefined
}

function checkQuantity(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const rules = state.markets.i64
  const at = frames.market(offset) * MARKET_WORDS
  const quantity = frames.i64[(offset + command.PLACE_QUANTITY) >> 3]!
  if (quantity <= 0n) return 'quantity_not_positive'
  if ((frames.u8[offset + command.PLACE_FLAGS]! & command.PLACE_BY_QUOTE) !== 0) {
    if (quantity < rules[at + MARKET_MIN_NOTIONAL]!) return 'notional_below_minimum'
    return quantity > rules[at + MARKET_MAX_NOTIONAL]! ? 'notional_above_maximum' : undefined
  }
  if (quantity > rules[at + MARKET_MAX_QUANTITY]!) return 'quantity_above_maximum'
  if (quantity % rules[at + MARKET_LOT]! !== 0n) return 'quantity_not_multiple_of_lot_size'
  if (quantity < rules[at + MARKET_MIN_QUANTITY]!) return 'quantity_below_minimum'
  if (frames.u8[offset + command.PLACE_ORDER_TYPE] !== LIMIT) return undefined
  const price = frames.i64[(offset + command.PLACE_PRICE) >> 3]!
  const notional = BigInt.asIntN(64, BigInt.asIntN(64, price * quantity) * rules[at + MARKET_NOTIONAL_UNIT]!)
  return notional < rules[at + MARKET_MIN_NOTIONAL]! ? 'notional_below_minimum' : undefined
}

/** The order's name, and the count of the account's resting orders. */
function checkStanding(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const account = frames.account(offset)
  const market = frames.market(offset)
  const name = (offset + command.PLACE_CLIENT_ORDER_ID) >> 2
  if (frames.u32[name] !== 0 && state.names.find(account, frames.u32, name) !== 0) return 'duplicate_client_order_id'
  const seat = state.seats.find(account, market)
  intake.seat = seat
  if (seat === 0 || frames.u8[offset + command.PLACE_TIME_IN_FORCE] !== GTC) return undefined
  return state.seats.field(seat, SEAT_COUNT) >= state.markets.field(market, MARKET_MAX_OPEN_ORDERS) ? 'too_many_open_orders' : undefined
}

/** What the other side of the book demands: something to trade with, or nothing in the way. */
function checkLiquidity(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const { u8 } = frames
  const market = frames.market(offset)
  const isBuy = u8[offset + command.PLACE_SIDE] === BUY
  const level = state.books.best(market * 2 + (isBuy ? 1 : 0))
  const flags = u8[offset + command.PLACE_FLAGS]!
  if (u8[offset + command.PLACE_ORDER_TYPE] !== LIMIT) {
    if (level === 0) return 'no_liquidity'
    const best = state.books.price(level)
    if ((flags & command.PLACE_HAS_PRICE) === 0) intake.limit = protectionPrice(best, isBuy, state.markets.field(market, MARKET_BAND_BPS))
    if ((flags & command.PLACE_BY_QUOTE) !== 0) return undefined
    const rules = state.markets.i64
    const notional = BigInt(best) * frames.i64[(offset + command.PLACE_QUANTITY) >> 3]! * rules[market * MARKET_WORDS + MARKET_NOTIONAL_UNIT]!
    return notional < rules[market * MARKET_WORDS + MARKET_MIN_NOTIONAL]! ? 'notional_below_minimum' : undefined
  }
  const mustRest = (flags & command.PLACE_POST_ONLY) !== 0 || state.markets.field(market, MARKET_STATE) === STATE_POST_ONLY
  if (!mustRest || level === 0) return undefined
  const best = state.books.price(level)
  return (isBuy ? best <= intake.limit : best >= intake.limit) ? 'would_take_liquidity' : undefined
}

/** The price that a market order does not pass: the best opposite one, worse by the band, rounded towards the best. */
function protectionPrice(best: number, isBuy: boolean, bandBps: number): number {
  const tenThousands = Math.floor(best / 10_000)
  const width = tenThousands * bandBps + Math.floor(((best - tenThousands * 10_000) * bandBps) / 10_000)
  return isBuy ? best + width : best - width
}

function checkMoney(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const { u8 } = frames
  const market = frames.market(offset)
  const isBuy = u8[offset + command.PLACE_SIDE] === BUY
  const isLimit = u8[offset + command.PLACE_ORDER_TYPE] === LIMIT
  intake.unfillable = false
  const balance =
    intake.seat !== 0
      ? state.seats.field(intake.seat, isBuy ? SEAT_QUOTE : SEAT_BASE)
      : state.balances.find(frames.account(offset), state.markets.field(market, isBuy ? MARKET_QUOTE_ASSET : MARKET_BASE))
  if (isLimit) {
    const rules = state.markets.i64
    const quantity = frames.i64[(offset + command.PLACE_QUANTITY) >> 3]!
    const price = frames.i64[(offset + command.PLACE_PRICE) >> 3]!
    intake.hold[0] = isBuy
      ? BigInt.asIntN(64, BigInt.asIntN(64, price * quantity) * rules[market * MARKET_WORDS + MARKET_NOTIONAL_UNIT]!)
      : BigInt.asIntN(64, quantity * rules[market * MARKET_WORDS + MARKET_BASE_UNIT]!)
  }
  if (!isLimit || u8[offset + command.PLACE_TIME_IN_FORCE] === FOK) {
    if (!probeMoney(state, frames, offset, balance)) return 'insufficient_balance'
  }
  return state.balances.i64[balance * BALANCE_WORDS + AVAILABLE]! < intake.hold[0]! ? 'insufficient_balance' : undefined
}

/**
 * Probes the book for an order whose hold or fate depends on it.
 *
 * @returns false where the probed amount is beyond the balance, and possibly beyond 64 bits.
 */
function probeMoney(state: EngineState, frames: FrameBuffer, offset: number, balance: number): boolean {
  const { u8 } = frames
  const market = frames.market(offset)
  const isBuy = u8[offset + command.PLACE_SIDE] === BUY
  const byQuote = (u8[offset + command.PLACE_FLAGS]! & command.PLACE_BY_QUOTE) !== 0
  const quantity = frames.i64[(offset + command.PLACE_QUANTITY) >> 3]!
  const found = probe(state, {
    market,
    isBuy,
    limit: intake.limit,
    group: state.accounts.group(frames.account(offset)),
    selfTradePrevention: u8[offset + command.PLACE_SELF_TRADE_PREVENTION]!,
    quantity,
    byQuote,
  })
  intake.unfillable = u8[offset + command.PLACE_TIME_IN_FORCE] === FOK && found.quantity < quantity
  if (u8[offset + command.PLACE_ORDER_TYPE] === LIMIT) return true
  const baseUnit = state.markets.i64[market * MARKET_WORDS + MARKET_BASE_UNIT]!
  const hold = isBuy ? (byQuote ? quantity : found.quote) : (byQuote ? found.quantity : quantity) * baseUnit
  if (hold > state.balances.available(balance)) return false
  intake.hold[0] = hold
  return true
}

/** Makes the order and sets its money aside: the first mutations. @returns the order's row. */
function accept(state: EngineState, frames: FrameBuffer, offset: number): number {
  const account = frames.account(offset)
  const market = frames.market(offset)
  const seat = intake.seat !== 0 ? intake.seat : openSeat(state, account, market)
  const row = state.orders.take()
  let orderId = state.lastOrderId + 1
  const name = (offset + command.PLACE_CLIENT_ORDER_ID) >> 2
  const isNamed = frames.u32[name] !== 0
  if (!isNamed) while (state.names.takes(account, orderId)) orderId++
  state.lastOrderId = orderId

  const { f64, i64, i32 } = state.orders
  const at = row * ORDER_WORDS
  const flags = frames.u8[offset + command.PLACE_FLAGS]!
  const byQuote = (flags & command.PLACE_BY_QUOTE) !== 0
  const quantity = frames.i64[(offset + command.PLACE_QUANTITY) >> 3]!
  f64[at + ORDER_ID] = orderId
  const high = Math.floor(intake.limit / TWO_32)
  i32[(at + ORDER_PRICE) * 2] = intake.limit - high * TWO_32
  i32[(at + ORDER_PRICE) * 2 + 1] = high
  i64[at + ORDER_QUANTITY] = quantity
  i64[at + ORDER_LEAVES] = byQuote ? 0n : quantity
  i64[at + ORDER_FILLED] = 0n
  i64[at + ORDER_FILLED_QUOTE] = 0n
  i64[at + ORDER_FEE] = 0n
  i64[at + ORDER_FEE_FRACTION] = 0n
  i64[at + ORDER_HELD] = intake.hold[0]!
  f64[at + ORDER_CREATED] = state.clock[1]!
  f64[at + ORDER_UPDATED] = state.clock[1]!
  i32[at * 2 + ORDER_LEVEL] = 0
  i32[at * 2 + ORDER_SEAT] = seat
  i32[at * 2 + ORDER_GROUP] = state.accounts.group(account)
  i32[at * 2 + ORDER_SCHEDULE] = state.markets.field(market, MARKET_SCHEDULE)
  i32[at * 2 + ORDER_ENUMS] = frames.u32[(offset + command.PLACE_SIDE) >> 2]!
  i32[at * 2 + ORDER_FLAGS] = ((flags & command.PLACE_POST_ONLY) !== 0 ? POST_ONLY : 0) | (byQuote ? BY_QUOTE : 0) | (isNamed ? NAMED : 0)
  if (isNamed) state.names.insert(row, account, frames.u32, name)

  const isBuy = frames.u8[offset + command.PLACE_SIDE] === BUY
  state.balances.hold(state.seats.field(seat, isBuy ? SEAT_QUOTE : SEAT_BASE), intake.hold[0]!)
  if ((flags & command.PLACE_IDEMPOTENT) !== 0) {
    remember(state, { window: state.orderRequests, frames, offset, textAt: command.PLACE_CLIENT_ORDER_ID, scope: account, orderId })
  }
  state.out.accepted(row)
  return row
}

function openSeat(state: EngineState, account: number, market: number): number {
  return state.seats.open(account, {
    id: market,
    base: state.markets.field(market, MARKET_BASE),
    quote: state.markets.field(market, MARKET_QUOTE_ASSET),
  })
}

function isWhole(number: number): boolean {
  return Math.floor(number) === number
}
