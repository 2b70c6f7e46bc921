/**
 * Examines an `order.amend` before anything is changed.
 *
 * The first rule that it breaks is the reject it gets, in this order: standing of the account, state of the market,
 * terms that the order does not have or links that forbid a change, deadline, price, stop price, quantity, nothing that
 * changes; then, where it does more than move the deadline, lot and minima; then, where it does more than reduce, parts
 * of an iceberg, highest notional and price band, post-only, a stop price that is met already, balance.
 */
import type { FrameBuffer } from '../values/frames.js'
import * as command from '../domain/frames/command-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import * as marketLayout from '../matching/market-layout.js'
import * as orderLayout from '../matching/order-layout.js'
import { SEAT_ACCOUNT } from '../matching/seat-layout.js'
import { TERMS_DISPLAY, TERMS_EXPIRES, TERMS_STOP } from '../matching/terms-layout.js'
import { marketOf } from './change-order.js'
import { isTriggerMet } from './examine-conditional.js'
import { priceFault } from './examine-special-limit.js'
import { guardFault } from './guarded-market.js'
import { isDisplayable } from './icebergs.js'
import type { EngineState } from './state.js'
import { isTrailing } from './waiting-orders.js'

const { AMEND_ALL, AMEND_DISPLAY_QUANTITY, AMEND_EXPIRES_AT, AMEND_FLAGS, AMEND_PRICE, AMEND_QUANTITY, AMEND_STOP_PRICE } = command
const { MARKET_BASE_UNIT, MARKET_LOT, MARKET_MAX_QUANTITY, MARKET_MIN_NOTIONAL, MARKET_MIN_QUANTITY, MARKET_MODE, MARKET_NOTIONAL_UNIT, STATE_BITS, STATE_POST_ONLY, STATE_PRE_OPEN } = marketLayout
const { BRACKET, BUY, LINKED, OFF_BOOK, ORDER_ENUMS, ORDER_FILLED, ORDER_FLAGS, ORDER_HELD, ORDER_PRICE, ORDER_QUANTITY, ORDER_SEAT, POST_ONLY, WAITING } = orderLayout

/** What an order can be given anew; 0 where it has none of the kind. */
export interface AmendableTerms {
  readonly price: bigint
  /** Total. */
  readonly quantity: bigint
  readonly stopPrice: bigint
  readonly displayQuantity: bigint
  readonly expiresAtUs: number
}

/** The terms that a live order has. */
export function presentTerms(state: EngineState, order: number): AmendableTerms {
  const { i64, f64 } = state.memory
  // Row 0 reads as zeros.
  const row = state.terms.of(order)
  return {
    price: i64[order + ORDER_PRICE]!,
    quantity: i64[order + ORDER_QUANTITY]!,
    stopPrice: i64[row + TERMS_STOP]!,
    displayQuantity: i64[row + TERMS_DISPLAY]!,
    expiresAtUs: f64[row + TERMS_EXPIRES]!,
  }
}

/** The terms that the command wants; undefined where its bytes make no sense. */
export function wantedTerms({ u8, i64, f64 }: FrameBuffer, offset: number, present: AmendableTerms): AmendableTerms | undefined {
  const flags = u8[offset + AMEND_FLAGS]!
  const expiresAtUs = f64[(offset + command.AMEND_NEW_EXPIRES_AT) >> 3]!
  if (flags > AMEND_ALL || !Number.isSafeInteger(expiresAtUs) || expiresAtUs < 0) return undefined
  const given = (flag: number, at: number, kept: bigint): bigint => ((flags & flag) === 0 ? kept : i64[(offset + at) >> 3]!)
  return {
    price: given(AMEND_PRICE, command.AMEND_NEW_PRICE, present.price),
    quantity: given(AMEND_QUANTITY, command.AMEND_NEW_QUANTITY, present.quantity),
    stopPrice: given(AMEND_STOP_PRICE, command.AMEND_NEW_STOP_PRICE, present.stopPrice),
    displayQuantity: given(AMEND_DISPLAY_QUANTITY, command.AMEND_NEW_DISPLAY_QUANTITY, present.displayQuantity),
    expiresAtUs: (flags & AMEND_EXPIRES_AT) === 0 ? present.expiresAtUs : expiresAtUs,
  }
}

/** Whether an order with new terms has no reason to leave its place: at most its deadline is another, or it is smaller. */
export function keepsPlace(present: AmendableTerms, wanted: AmendableTerms): boolean {
  return wanted.price === present.price && wanted.stopPrice === present.stopPrice && wanted.displayQuantity === present.displayQuantity && wanted.quantity <= present.quantity
}

/** The first rule that is broken where an order gets new terms. @param flags which of them the command names. */
export function amendFault(state: EngineState, order: number, { present, wanted, flags }: { present: AmendableTerms; wanted: AmendableTerms; flags: number }): RejectCode | undefined {
  const { i32, i64 } = state.memory
  const market = marketOf(state, order)
  const marketState = i32[market * 2 + MARKET_MODE]! & STATE_BITS
  const standing = state.accounts.tradingFault(i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_ACCOUNT]!)
  if (standing !== undefined) return standing
  if (marketState > STATE_POST_ONLY && marketState !== STATE_PRE_OPEN) return 'market_not_open'
  if (!mayBeGiven(state, order, { present, flags })) return 'invalid_combination'
  if ((flags & AMEND_EXPIRES_AT) !== 0 && wanted.expiresAtUs <= state.timestampUs) return 'expiry_not_in_future'
  // An order that starts as a market order may wait without a price.
  const lacksPrice = wanted.price === 0n && present.price === 0n
  const ofPrices = (lacksPrice ? undefined : priceFault(state, market, wanted.price)) ?? ((flags & AMEND_STOP_PRICE) === 0 ? undefined : priceFault(state, market, wanted.stopPrice))
  if (ofPrices !== undefined) return ofPrices
  if (wanted.quantity < 0n) return 'quantity_not_positive'
  if (wanted.quantity > i64[market + MARKET_MAX_QUANTITY]!) return 'quantity_above_maximum'
  const stays = keepsPlace(present, wanted)
  const onlyMovesDeadline = stays && wanted.quantity === present.quantity
  if (onlyMovesDeadline) return wanted.expiresAtUs === present.expiresAtUs ? 'order_changed_nothing' : undefined
  const leaves = wanted.quantity - i64[order + ORDER_FILLED]!
  if (leaves <= 0n) return undefined
  if (leaves % i64[market + MARKET_LOT]! !== 0n) return 'quantity_not_multiple_of_lot_size'
  if (wanted.quantity < i64[market + MARKET_MIN_QUANTITY]!) return 'quantity_below_minimum'
  const notional = (wanted.price || wanted.stopPrice) * wanted.quantity * i64[market + MARKET_NOTIONAL_UNIT]!
  if (notional < i64[market + MARKET_MIN_NOTIONAL]!) return 'notional_below_minimum'
  return stays ? undefined : moveFault(state, order, { wanted, flags, notional })
}

/** Whether the order has the terms that it shall get anew. Both exits of a pair have one quantity, and each its own side of the price, an entry that of its exits. */
function mayBeGiven(state: EngineState, order: number, { present, flags }: { present: AmendableTerms; flags: number }): boolean {
  const { i32 } = state.memory
  const bits = i32[order * 2 + ORDER_FLAGS]!
  if ((bits & (LINKED | BRACKET)) !== 0) return false
  // The stop price of a trailing stop follows the market.
  if ((flags & AMEND_STOP_PRICE) !== 0 && ((bits & WAITING) === 0 || isTrailing(typeOf(state, order)))) return false
  if ((flags & AMEND_DISPLAY_QUANTITY) !== 0 && present.displayQuantity === 0n) return false
  return (flags & AMEND_EXPIRES_AT) === 0 || present.expiresAtUs !== 0
}

/** What is wrong where an order is entered anew, or waits with other terms. */
function moveFault(state: EngineState, order: number, { wanted, flags, notional }: { wanted: AmendableTerms; flags: number; notional: bigint }): RejectCode | undefined {
  const { i32, i64 } = state.memory
  const market = marketOf(state, order)
  const side = sideOf(state, order)
  const isDisplayed = (flags & AMEND_DISPLAY_QUANTITY) === 0 ? state.icebergs.mayGrowTo(order, wanted.quantity) : isDisplayable(state.memory, market, wanted.displayQuantity, wanted.quantity)
  if (!isDisplayed) return 'display_quantity_out_of_bounds'
  const bits = i32[order * 2 + ORDER_FLAGS]!
  const waits = (bits & OFF_BOOK) !== 0
  const price = Number(wanted.price)
  // An order that waits meets the band and the other side when it starts.
  const fault = guardFault(state, { market, isBuy: side === BUY, price, notional, rests: !waits })
  if (fault !== undefined) return fault
  const mustRest = (bits & POST_ONLY) !== 0 || (i32[market * 2 + MARKET_MODE]! & STATE_BITS) === STATE_POST_ONLY
  if (mustRest && !waits && crosses(state, order, price)) return 'would_take_liquidity'
  const { stopPrice } = wanted
  if ((flags & AMEND_STOP_PRICE) !== 0 && isTriggerMet(state, { market, side, orderType: typeOf(state, order), stopPrice })) return 'stop_would_trigger'
  const held = holdFor(state, order, wanted)
  const more = held - i64[order + ORDER_HELD]! + state.orderFees.holdChange(order, held)
  return more > state.balances.available(state.clearing.paysFrom(order)) ? 'insufficient_balance' : undefined
}

function crosses(state: EngineState, order: number, price: number): boolean {
  const side = sideOf(state, order)
  const level = state.books.best(marketOf(state, order), side ^ 1)
  if (level === 0) return false
  const best = state.books.price(level)
  return side === BUY ? best <= price : best >= price
}

/** What the order must have set aside under new terms. */
export function holdFor(state: EngineState, order: number, { price, quantity }: AmendableTerms): bigint {
  const { i64 } = state.memory
  const market = marketOf(state, order)
  const leaves = quantity - i64[order + ORDER_FILLED]!
  return sideOf(state, order) === BUY ? price * leaves * i64[market + MARKET_NOTIONAL_UNIT]! : leaves * i64[market + MARKET_BASE_UNIT]!
}

export function sideOf(state: EngineState, order: number): number {
  return state.memory.i32[order * 2 + ORDER_ENUMS]! & 0xff
}

function typeOf(state: EngineState, order: number): number {
  return (state.memory.i32[order * 2 + ORDER_ENUMS]! >>> 8) & 0xff
}
