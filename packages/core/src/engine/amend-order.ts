/** `order.amend`: gives an order that lives new terms. */
import type { FrameBuffer } from '../values/frames.js'
import { AMEND_FLAGS } from '../domain/frames/command-frames.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import { MARKET_WAITING } from '../matching/market-layout.js'
import * as layout from '../matching/order-layout.js'
import { TIMESTAMP } from '../matching/registers.js'
import { DONE, STOPPED_BY_OWN_ORDER } from '../matching/taker-walk.js'
import { TERMS_DISPLAY } from '../matching/terms-layout.js'
import { findOrder, marketOf, notFound } from './change-order.js'
import { amendFault, holdFor, keepsPlace, presentTerms, sideOf, wantedTerms, type AmendableTerms } from './examine-amend.js'
import { takeLiquidity } from './guarded-market.js'
import { reject } from './reject.js'
import { remainderReason } from './remainder-reason.js'
import type { EngineState } from './state.js'
import { afterTrades } from './trigger-orders.js'

const { OFF_BOOK, ORDER_FILLED, ORDER_FLAGS, ORDER_HELD, ORDER_LEAVES, ORDER_PRICE, ORDER_QUANTITY, ORDER_UPDATED, SPECIAL_FEES } = layout
const REQUESTED = CANCEL_REASONS.indexOf('requested')
const AMENDED_BELOW_FILLED = CANCEL_REASONS.indexOf('amended_below_filled')

/**
 * Gives an order new terms.
 *
 * A total at or below the filled quantity cancels the rest. A smaller total and a new deadline leave the order where it
 * stands; anything else takes it out of the book and lets it trade and rest anew. An order that waits goes on waiting.
 */
export function amendOrder(state: EngineState, frames: FrameBuffer, offset: number): void {
  const order = findOrder(state, frames, offset)
  if (order === 0) {
    reject(state, frames, offset, notFound(state, frames, offset))
    return
  }
  const present = presentTerms(state, order)
  const wanted = wantedTerms(frames, offset, present)
  const fault = wanted === undefined ? 'malformed_frame' : amendFault(state, order, { present, wanted, flags: frames.u8[offset + AMEND_FLAGS]! })
  if (wanted === undefined || fault !== undefined) reject(state, frames, offset, fault!)
  else if (wanted.quantity <= state.memory.i64[order + ORDER_FILLED]!) state.clearing.cancelResting(order, AMENDED_BELOW_FILLED)
  else if (keepsPlace(present, wanted)) changeInPlace(state, order, { present, wanted })
  else if (isOffBook(state, order)) setTerms(state, order, { present, wanted })
  else enterAnew(state, order, { present, wanted })
}

/** What an order had, and what it gets. */
interface Change {
  readonly present: AmendableTerms
  readonly wanted: AmendableTerms
}

function isOffBook(state: EngineState, order: number): boolean {
  return (state.memory.i32[order * 2 + ORDER_FLAGS]! & OFF_BOOK) !== 0
}

/** Makes an order smaller, moves its deadline, or both. */
function changeInPlace(state: EngineState, order: number, { present, wanted }: Change): void {
  if (wanted.quantity < present.quantity) state.clearing.reduceResting(order, present.quantity - wanted.quantity, REQUESTED)
  if (wanted.expiresAtUs === present.expiresAtUs) return
  const { i64, f64 } = state.memory
  state.terms.setExpiry(order, wanted.expiresAtUs)
  f64[order + ORDER_UPDATED] = f64[TIMESTAMP]!
  state.out.amended(order, { rested: false, keepsPlace: !isOffBook(state, order), oldPrice: present.price, oldLeaves: i64[order + ORDER_LEAVES]!, heldChange: 0n })
}

/** Gives an order that stands in no level its new terms, and writes the event. */
function setTerms(state: EngineState, order: number, { present, wanted }: Change): void {
  const { i32, i64, f64 } = state.memory
  const oldLeaves = i64[order + ORDER_LEAVES]!
  const heldChange = holdFor(state, order, wanted) - i64[order + ORDER_HELD]!
  const balance = state.clearing.paysFrom(order)
  if (heldChange > 0n) state.balances.hold(balance, heldChange)
  else state.balances.release(balance, -heldChange)
  i64[order + ORDER_HELD] = BigInt.asIntN(64, i64[order + ORDER_HELD]! + heldChange)
  i64[order + ORDER_PRICE] = wanted.price
  i64[order + ORDER_QUANTITY] = wanted.quantity
  i64[order + ORDER_LEAVES] = wanted.quantity - i64[order + ORDER_FILLED]!
  f64[order + ORDER_UPDATED] = f64[TIMESTAMP]!
  const terms = state.terms.of(order)
  if (wanted.displayQuantity !== present.displayQuantity) i64[terms + TERMS_DISPLAY] = wanted.displayQuantity
  if (wanted.expiresAtUs !== present.expiresAtUs) state.terms.setExpiry(order, wanted.expiresAtUs)
  if ((i32[order * 2 + ORDER_FLAGS]! & SPECIAL_FEES) !== 0) state.orderFees.refit(order)
  const rested = !isOffBook(state, order)
  if (wanted.stopPrice !== present.stopPrice) state.waiting.setStop(terms, wanted.stopPrice)
  state.out.amended(order, { rested, oldPrice: present.price, oldLeaves, heldChange })
}

function enterAnew(state: EngineState, order: number, change: Change): void {
  const { clearing, books } = state
  const market = marketOf(state, order)
  const side = sideOf(state, order)
  books.remove(order)
  state.icebergs.reveal(order)
  setTerms(state, order, change)
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
