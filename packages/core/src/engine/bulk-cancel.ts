/** Cancels many orders, as many at a time as the command has room for: those of an account, or those that break new rules. */
import { NONE_16 } from '../values/frames.js'
import * as marketLayout from '../matching/market-layout.js'
import { BRACKET, LINKED, ORDER_ENUMS, ORDER_FILLED, ORDER_FLAGS, ORDER_LEVEL, ORDER_NEXT, ORDER_PRICE, ORDER_QUANTITY } from '../matching/order-layout.js'
import { bandEdge } from '../matching/price-band.js'
import { SEAT_HEAD, SEAT_NEXT } from '../matching/seat-layout.js'
import { TERMS_ACTIVATION, TERMS_STOP } from '../matching/terms-layout.js'
import type { WorkItem } from './work-item.js'
import type { EngineState } from './state.js'
import { awaitTriggered } from './trigger-orders.js'
import { isTrailing } from './waiting-orders.js'

const {
  MARKET_LOT,
  MARKET_MAX_NOTIONAL,
  MARKET_MAX_PRICE,
  MARKET_MAX_QUANTITY,
  MARKET_MIN_NOTIONAL,
  MARKET_MIN_QUANTITY,
  MARKET_NOTIONAL_UNIT,
  MARKET_STATE,
  MARKET_TICK,
  STATE_DELISTED,
} = marketLayout

/** What resting orders are measured by beside tick, lot and maxima: only what a command has made tighter. */
export const ENFORCE_BAND = 1
export const ENFORCE_MINIMA = 2
/** The cursor of a rule change that has searched the whole book. */
const BOOK_DONE = -1

/** Cancels orders of an account by market, and within a market the oldest first. @returns whether none is left. */
export function cancelSome(state: EngineState, { account, market, reason }: WorkItem): boolean {
  const first = market === NONE_16 ? state.accounts.firstSeat(account) : state.seats.find(account, market)
  for (let seat = first; seat !== 0; seat = market === NONE_16 ? state.seats.field(seat, SEAT_NEXT) : 0) {
    for (let row = state.seats.field(seat, SEAT_HEAD); row !== 0; row = state.seats.field(seat, SEAT_HEAD)) {
      if (state.room === 0) return false
      state.clearing.cancelResting(row, reason)
      state.room--
    }
  }
  return true
}

/**
 * Cancels what breaks the rules that a market has now: bids from the best, then asks from the best, then what
 * waits outside the book, by its id, then what was triggered, as it will start.
 *
 * @returns whether none is left.
 */
export function enforceSome(state: EngineState, { account: tightened, market: marketId, reason }: WorkItem): boolean {
  const market = state.markets.rows[marketId]!
  let order = state.ruleCursor === BOOK_DONE ? 0 : state.ruleCursor || firstBreaking(state, market, tightened)
  while (order !== 0 && state.room > 0) {
    // An exit takes its entry with it, an entry its exits: what would have come next may be gone.
    const takesOthers = (state.memory.i32[order * 2 + ORDER_FLAGS]! & (BRACKET | LINKED)) !== 0
    const next = takesOthers ? 0 : nextBreaking(state, market, following(state, market, order), tightened)
    state.clearing.cancelResting(order, reason)
    order = takesOthers ? firstBreaking(state, market, tightened) : next
    state.room--
  }
  state.ruleCursor = order
  if (order !== 0) return false
  state.ruleCursor = BOOK_DONE
  if (!enforceOutsideBook(state, market, { tightened, reason })) return false
  state.ruleCursor = 0
  state.books.rekey(market, state.memory.f64[market + MARKET_TICK]!)
  awaitTriggered(state, market)
  return true
}

function enforceOutsideBook(state: EngineState, market: number, { tightened, reason }: { tightened: number; reason: number }): boolean {
  const { waiting, memory } = state
  for (const first of [() => waiting.first(market), () => waiting.firstTriggered(market)]) {
    let next = 0
    for (let order = first(); order !== 0; order = next) {
      next = waiting.next(order)
      if (!waitingBreaksRules(state, market, order, tightened)) continue
      if (state.room === 0) return false
      const isLinked = (memory.i32[order * 2 + ORDER_FLAGS]! & LINKED) !== 0
      state.clearing.cancelResting(order, reason)
      state.room--
      // The other exit went with it, and may have been the next one.
      if (isLinked) next = first()
    }
  }
  return true
}

/** As for a resting order, but for the band, which it meets when it starts; with the price that it may lack and those that only it has. */
function waitingBreaksRules(state: EngineState, market: number, order: number, tightened: number): boolean {
  const { i32, i64 } = state.memory
  const terms = state.terms.of(order)
  if (breaksRules(state, market, order)) return true
  // A trailing stop computes its stop price, which need not fit the tick.
  const stop = isTrailing((i32[order * 2 + ORDER_ENUMS]! >>> 8) & 0xff) ? 0n : i64[terms + TERMS_STOP]!
  if (isBadPrice(state, market, Number(stop)) || isBadPrice(state, market, Number(i64[terms + TERMS_ACTIVATION]!))) return true
  if ((tightened & ENFORCE_MINIMA) === 0) return false
  const leaves = i64[order + ORDER_QUANTITY]!
  const measured = i64[order + ORDER_PRICE]! || stop
  if (leaves < i64[market + MARKET_MIN_QUANTITY]!) return true
  return measured !== 0n && measured * leaves * i64[market + MARKET_NOTIONAL_UNIT]! < i64[market + MARKET_MIN_NOTIONAL]!
}

function firstBreaking(state: EngineState, market: number, tightened: number): number {
  const best = state.books.best(market, 0) || state.books.best(market, 1)
  return nextBreaking(state, market, best === 0 ? 0 : state.books.head(best), tightened)
}

/** The first order from `order` on, in the order of the book, that breaks the market's rules; 0 where none does. */
function nextBreaking(state: EngineState, market: number, order: number, tightened: number): number {
  let candidate = order
  while (candidate !== 0 && !breaksRules(state, market, candidate) && !breaksTightened(state, market, candidate, tightened)) candidate = following(state, market, candidate)
  return candidate
}

/** The order after another: in its level, in the next worse level, and after the last bid the best ask. */
function following(state: EngineState, market: number, order: number): number {
  const { i32 } = state.memory
  const next = i32[order * 2 + ORDER_NEXT]!
  if (next !== 0) return next
  const level = i32[order * 2 + ORDER_LEVEL]!
  const worse = state.books.worse(level) || (state.books.side(level) === 0 ? state.books.best(market, 1) : 0)
  return worse === 0 ? 0 : state.books.head(worse)
}

/** Whether an order has a price or quantity that could no longer be entered. */
function breaksRules(state: EngineState, market: number, order: number): boolean {
  const { i32, i64 } = state.memory
  if (i32[market * 2 + MARKET_STATE] === STATE_DELISTED) return true
  if (isBadPrice(state, market, state.books.priceOf(order))) return true
  if ((i32[order * 2 + ORDER_FLAGS]! & BRACKET) !== 0 && hasBadExits(state, market, order)) return true
  const leaves = i64[order + ORDER_QUANTITY]! - i64[order + ORDER_FILLED]!
  if (leaves > i64[market + MARKET_MAX_QUANTITY]! || leaves % i64[market + MARKET_LOT]! !== 0n) return true
  if (!state.icebergs.fitsLot(order, i64[market + MARKET_LOT]!)) return true
  return i64[order + ORDER_PRICE]! * leaves * i64[market + MARKET_NOTIONAL_UNIT]! > i64[market + MARKET_MAX_NOTIONAL]!
}

/** Whether the exits of an entry could no longer be entered. */
function hasBadExits(state: EngineState, market: number, order: number): boolean {
  const bracket = state.brackets.ofEntry(order)
  const legs = bracket === undefined ? [] : [bracket.takeProfit, bracket.stopLoss]
  return legs.some(({ price, stopPrice }) => isBadPrice(state, market, Number(price)) || isBadPrice(state, market, Number(stopPrice)))
}

function isBadPrice(state: EngineState, market: number, price: number): boolean {
  const { f64 } = state.memory
  const ticks = price / f64[market + MARKET_TICK]!
  return price > f64[market + MARKET_MAX_PRICE]! || Math.floor(ticks) !== ticks
}

/** A new band holds for all; new minima for orders that have not traded, so that the remainder of one that has is spared. */
function breaksTightened(state: EngineState, market: number, order: number, tightened: number): boolean {
  const { memory, books } = state
  const { i64 } = memory
  const price = books.priceOf(order)
  if ((tightened & ENFORCE_BAND) !== 0 && (price < bandEdge(memory, market, false) || price > bandEdge(memory, market, true))) return true
  if ((tightened & ENFORCE_MINIMA) === 0 || i64[order + ORDER_FILLED]! !== 0n) return false
  const leaves = i64[order + ORDER_QUANTITY]! - i64[order + ORDER_FILLED]!
  return leaves < i64[market + MARKET_MIN_QUANTITY]! || i64[order + ORDER_PRICE]! * leaves * i64[market + MARKET_NOTIONAL_UNIT]! < i64[market + MARKET_MIN_NOTIONAL]!
}
