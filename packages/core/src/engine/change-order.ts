/** `order.cancel`, `order.reduce` and `order.amend`: what can be done to an order that rests. */
import type { FrameBuffer } from '../values/frames.js'
import { ROW_BITS } from '../values/row-memory.js'
import { isTextOrEmptyInWords } from '../values/text-words.js'
import * as command from '../domain/command-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import * as marketLayout from '../matching/market-layout.js'
import * as orderLayout from '../matching/order-layout.js'
import { TIMESTAMP } from '../matching/registers.js'
import * as seatLayout from '../matching/seat-layout.js'
import { DONE, STOPPED_BY_OWN_ORDER } from '../matching/taker-walk.js'
import { TERMS_STOP } from '../matching/terms-layout.js'
import { guardFault, takeLiquidity } from './guarded-market.js'
import { remainderReason } from './remainder-reason.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'
import { afterTrades } from './trigger-orders.js'

const { REFERENCE_CLIENT_ORDER_ID } = command
const {
  MARKET_BASE_UNIT,
  MARKET_LOT,
  MARKET_MAX_PRICE,
  MARKET_MAX_QUANTITY,
  MARKET_MIN_NOTIONAL,
  MARKET_MIN_QUANTITY,
  MARKET_MODE,
  MARKET_NOTIONAL_UNIT,
  MARKET_TICK,
  MARKET_WAITING,
  STATE_BITS,
  STATE_POST_ONLY,
  STATE_PRE_OPEN,
} = marketLayout
const { BRACKET, BUY, LINKED, OFF_BOOK, ORDER_ENUMS, ORDER_FILLED, ORDER_FLAGS, ORDER_HELD, ORDER_LEAVES, ORDER_PRICE, ORDER_QUANTITY, ORDER_SEAT, ORDER_UPDATED, POST_ONLY, SPECIAL_FEES } = orderLayout
const { SEAT_ACCOUNT, SEAT_MARKET, SEAT_MARKET_ID } = seatLayout

const ROW = ROW_BITS
/** Places in a frame, in words of 8 bytes and (the name) of 4. */
const ORDER_ID_WORD = command.REFERENCE_ORDER_ID >> 3
const NAME_WORD = REFERENCE_CLIENT_ORDER_ID >> 2
const REQUESTED = CANCEL_REASONS.indexOf('requested')
const AMENDED_BELOW_FILLED = CANCEL_REASONS.indexOf('amended_below_filled')

export function cancelOrder(state: EngineState, frames: FrameBuffer, offset: number): void {
  const order = findOrder(state, frames, offset)
  if (order === 0) reject(state, frames, offset, notFound(state, frames, offset))
  else state.clearing.cancelResting(order, REQUESTED)
}

export function reduceOrder(state: EngineState, frames: FrameBuffer, offset: number): void {
  const order = findOrder(state, frames, offset)
  if (order === 0) {
    reject(state, frames, offset, notFound(state, frames, offset))
    return
  }
  const wanted = frames.i64[(offset + command.REDUCE_LEAVES) >> 3]!
  const { i64 } = state.memory
  const leaves = i64[order + ORDER_QUANTITY]! - i64[order + ORDER_FILLED]!
  if (wanted < 0n) reject(state, frames, offset, 'quantity_not_positive')
  else if (wanted % i64[marketOf(state, order) + MARKET_LOT]! !== 0n) reject(state, frames, offset, 'quantity_not_multiple_of_lot_size')
  else if (wanted >= leaves) reject(state, frames, offset, 'quantity_not_reduced')
  else if (wanted === 0n) state.clearing.cancelResting(order, REQUESTED)
  else state.clearing.reduceResting(order, BigInt.asIntN(64, leaves - wanted), REQUESTED)
}

/** The new terms of an order to be amended. */
interface Terms {
  readonly price: bigint
  /** Total. */
  readonly quantity: bigint
  readonly leaves: bigint
}

/**
 * Gives a resting order a new price and/or total quantity.
 *
 * A total at or below the filled quantity cancels the rest; a smaller total at the same price reduces in
 * place; anything else takes the order out of the book and lets it trade and rest anew.
 */
export function amendOrder(state: EngineState, frames: FrameBuffer, offset: number): void {
  const order = findOrder(state, frames, offset)
  const flags = frames.u8[offset + command.AMEND_FLAGS]!
  if (order === 0 || flags > (command.AMEND_PRICE | command.AMEND_QUANTITY)) {
    reject(state, frames, offset, order === 0 ? notFound(state, frames, offset) : 'malformed_frame')
    return
  }
  const { i64 } = state.memory
  const oldPrice = i64[order + ORDER_PRICE]!
  const oldQuantity = i64[order + ORDER_QUANTITY]!
  const price = (flags & command.AMEND_PRICE) === 0 ? oldPrice : frames.i64[(offset + command.AMEND_NEW_PRICE) >> 3]!
  const quantity = (flags & command.AMEND_QUANTITY) === 0 ? oldQuantity : frames.i64[(offset + command.AMEND_NEW_QUANTITY) >> 3]!
  const terms: Terms = { price, quantity, leaves: quantity - i64[order + ORDER_FILLED]! }
  const fault = amendFault(state, order, terms)
  if (fault !== undefined) reject(state, frames, offset, fault)
  else if (terms.leaves <= 0n) state.clearing.cancelResting(order, AMENDED_BELOW_FILLED)
  else if (price === oldPrice && quantity < oldQuantity) state.clearing.reduceResting(order, oldQuantity - quantity, REQUESTED)
  else if (isOffBook(state, order)) setTerms(state, order, terms)
  else enterAnew(state, order, terms)
}

/** Whether the order waits for its stop price, or for its turn after that. */
function isOffBook(state: EngineState, order: number): boolean {
  return (state.memory.i32[order * 2 + ORDER_FLAGS]! & OFF_BOOK) !== 0
}

function amendFault(state: EngineState, order: number, terms: Terms): RejectCode | undefined {
  const { i32, i64, f64 } = state.memory
  const market = marketOf(state, order)
  const { price, quantity } = terms
  const keepsPrice = price === i64[order + ORDER_PRICE]!
  const oldQuantity = i64[order + ORDER_QUANTITY]!
  const marketState = i32[market * 2 + MARKET_MODE]! & STATE_BITS
  const standing = state.accounts.tradingFault(i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_ACCOUNT]!)
  if (standing !== undefined) return standing
  if (marketState > STATE_POST_ONLY && marketState !== STATE_PRE_OPEN) return 'market_not_open'
  // Both exits of a pair have one quantity, and each its own side of the price, an entry that of its exits.
  if ((i32[order * 2 + ORDER_FLAGS]! & (LINKED | BRACKET)) !== 0) return 'invalid_combination'
  // An order that starts as a market order may wait without a price.
  if (price < 0n || (price === 0n && !keepsPrice)) return 'price_not_positive'
  if (price > BigInt(f64[market + MARKET_MAX_PRICE]!)) return 'price_out_of_bounds'
  if (price % BigInt(f64[market + MARKET_TICK]!) !== 0n) return 'price_not_multiple_of_tick_size'
  if (quantity < 0n) return 'quantity_not_positive'
  if (quantity > i64[market + MARKET_MAX_QUANTITY]!) return 'quantity_above_maximum'
  if (keepsPrice && quantity === oldQuantity) return 'order_changed_nothing'
  if (terms.leaves <= 0n) return undefined
  if (terms.leaves % i64[market + MARKET_LOT]! !== 0n) return 'quantity_not_multiple_of_lot_size'
  if (quantity < i64[market + MARKET_MIN_QUANTITY]!) return 'quantity_below_minimum'
  const notional = (price || stopPriceOf(state, order)) * quantity * i64[market + MARKET_NOTIONAL_UNIT]!
  if (notional < i64[market + MARKET_MIN_NOTIONAL]!) return 'notional_below_minimum'
  if (keepsPrice && quantity < oldQuantity) return undefined
  if (!state.icebergs.mayGrowTo(order, quantity)) return 'display_quantity_out_of_bounds'
  const waits = isOffBook(state, order)
  // An order that waits meets the band and the other side when it starts.
  const fault = guardFault(state, { market, isBuy: sideOf(state, order) === BUY, price: Number(price), notional, rests: !waits })
  if (fault !== undefined) return fault
  const mustRest = (i32[order * 2 + ORDER_FLAGS]! & POST_ONLY) !== 0 || marketState === STATE_POST_ONLY
  if (mustRest && !waits && crosses(state, order, price)) return 'would_take_liquidity'
  const held = holdFor(state, order, terms)
  const more = held - i64[order + ORDER_HELD]! + state.orderFees.holdChange(order, held)
  return more > state.balances.available(state.clearing.paysFrom(order)) ? 'insufficient_balance' : undefined
}

function crosses(state: EngineState, order: number, price: bigint): boolean {
  const side = sideOf(state, order)
  const level = state.books.best(marketOf(state, order), side ^ 1)
  if (level === 0) return false
  const best = state.books.price(level)
  return side === BUY ? best <= price : best >= price
}

/** What the order must have set aside under the new terms. */
function holdFor(state: EngineState, order: number, terms: Terms): bigint {
  const { i64 } = state.memory
  const market = marketOf(state, order)
  return sideOf(state, order) === BUY ? terms.price * terms.leaves * i64[market + MARKET_NOTIONAL_UNIT]! : terms.leaves * i64[market + MARKET_BASE_UNIT]!
}

function stopPriceOf(state: EngineState, order: number): bigint {
  return state.memory.i64[state.terms.of(order) + TERMS_STOP]!
}

/** Gives an order its new terms where it stands, and writes the event. */
function setTerms(state: EngineState, order: number, terms: Terms): void {
  const { i32, i64, f64 } = state.memory
  const oldPrice = i64[order + ORDER_PRICE]!
  const oldLeaves = i64[order + ORDER_LEAVES]!
  const heldChange = holdFor(state, order, terms) - i64[order + ORDER_HELD]!
  const balance = state.clearing.paysFrom(order)
  if (heldChange > 0n) state.balances.hold(balance, heldChange)
  else state.balances.release(balance, -heldChange)
  i64[order + ORDER_HELD] = BigInt.asIntN(64, i64[order + ORDER_HELD]! + heldChange)
  i64[order + ORDER_PRICE] = terms.price
  i64[order + ORDER_QUANTITY] = terms.quantity
  i64[order + ORDER_LEAVES] = terms.leaves
  f64[order + ORDER_UPDATED] = f64[TIMESTAMP]!
  if ((i32[order * 2 + ORDER_FLAGS]! & SPECIAL_FEES) !== 0) state.orderFees.refit(order)
  state.out.amended(order, { rested: !isOffBook(state, order), oldPrice, oldLeaves, heldChange })
}

function enterAnew(state: EngineState, order: number, terms: Terms): void {
  const { clearing, books } = state
  const market = marketOf(state, order)
  const side = sideOf(state, order)
  books.remove(order)
  state.icebergs.reveal(order)
  setTerms(state, order, terms)
  const ended = takeLiquidity(state, order, market, side ^ 1)
  if (ended !== DONE && ended < STOPPED_BY_OWN_ORDER) {
    state.icebergs.concealAgain(order)
    books.add(order, market, side)
    state.out.rested(order)
  } else {
    if (ended !== DONE) clearing.cancelRemainder(order, remainderReason(true, ended))
    clearing.unlist(order)
    clearing.forget(order)
  }
  if (state.memory.i32[market * 2 + MARKET_WAITING] !== 0) afterTrades(state, market)
}

function sideOf(state: EngineState, order: number): number {
  return state.memory.i32[order * 2 + ORDER_ENUMS]! & 0xff
}

/** Row of the market of an order. */
function marketOf(state: EngineState, order: number): number {
  const { i32 } = state.memory
  return i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_MARKET]!
}

/** The resting order that the command names, of the account and in the market that it names; 0 where there is none. */
function findOrder(state: EngineState, frames: FrameBuffer, offset: number): number {
  const { u32, f64 } = frames
  const word = offset >> 3
  const account = u32[word * 2 + 1]!
  const orderId = f64[word + ORDER_ID_WORD]!
  const name = word * 2 + NAME_WORD
  if (!isTextOrEmptyInWords(u32, name)) return 0
  const order = (orderId !== 0 ? state.ids.find(orderId) : state.names.find(account, u32, name)) & ROW
  if (order === 0) return 0
  const { i32 } = state.memory
  const seat = (i32[order * 2 + ORDER_SEAT]! & ROW) * 2
  return i32[seat + SEAT_ACCOUNT] === account && i32[seat + SEAT_MARKET_ID] === (u32[word * 2 + 6]! & 0xffff) ? order : 0
}

/** Why {@link findOrder} found nothing. */
function notFound(state: EngineState, frames: FrameBuffer, offset: number): RejectCode {
  const name = (offset + REFERENCE_CLIENT_ORDER_ID) >> 2
  if (frames.account(offset) >= state.accounts.count) return 'unknown_account'
  if (frames.market(offset) >= state.markets.count) return 'unknown_market'
  return isTextOrEmptyInWords(frames.u32, name) ? 'unknown_order' : 'malformed_text'
}
