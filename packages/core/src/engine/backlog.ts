/**
 * Cancels many orders a bounded number at a time: `order.cancel-all`, new market rules, and the
 * `continue` commands that finish what they began.
 */
import { NONE_16, type FrameBuffer } from '../values/frames.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import { MARKET_LOT, MARKET_MAX_PRICE, MARKET_MAX_QUANTITY, MARKET_STATE, MARKET_TICK } from '../matching/market-layout.js'
import { ORDER_LEAVES, ORDER_LEVEL, ORDER_NEXT } from '../matching/order-layout.js'
import { SEAT_HEAD, SEAT_NEXT } from '../matching/seat-layout.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'

const STATE_DELISTED = 4
const REQUESTED = CANCEL_REASONS.indexOf('requested')
const RULE_CHANGED = CANCEL_REASONS.indexOf('rule_changed')
const MARKET_DELISTED = CANCEL_REASONS.indexOf('market_delisted')

/** Cancels an account's orders by market, and within a market the oldest first. */
export function cancelAll(state: EngineState, frames: FrameBuffer, offset: number): void {
  const account = frames.account(offset)
  const market = frames.market(offset)
  if (account >= state.accounts.count) reject(state, frames, offset, 'unknown_account')
  else if (market !== NONE_16 && market >= state.markets.count) reject(state, frames, offset, 'unknown_market')
  else cancelSome(state, account, market)
}

/** Cancels what breaks the rules that a market has now: bids from the best, then asks from the best. */
export function enforceRules(state: EngineState, marketId: number): void {
  const market = state.markets.rows[marketId]!
  const start = state.books.best(market, 0) || state.books.best(market, 1)
  enforceSome(state, marketId, nextBreaking(state, market, start === 0 ? 0 : state.books.head(start)))
}

/** `continue`. */
export function continueBacklog(state: EngineState, frames: FrameBuffer, offset: number): void {
  const backlog = state.backlog
  if (backlog === undefined) {
    reject(state, frames, offset, 'not_permitted')
    return
  }
  state.backlog = undefined
  if (backlog.kind === 'cancel-all') cancelSome(state, backlog.account, backlog.market)
  else if (state.ruleCursor !== 0) enforceSome(state, backlog.market, state.ruleCursor)
  else enforceRules(state, backlog.market)
}

function cancelSome(state: EngineState, account: number, market: number): void {
  let room = state.limits.cancelsPerCommand
  const first = market === NONE_16 ? state.accounts.firstSeat(account) : state.seats.find(account, market)
  for (let seat = first; seat !== 0; seat = market === NONE_16 ? state.seats.field(seat, SEAT_NEXT) : 0) {
    for (let row = state.seats.field(seat, SEAT_HEAD); row !== 0; row = state.seats.field(seat, SEAT_HEAD)) {
      if (room === 0) {
        state.backlog = { kind: 'cancel-all', account, market }
        return
      }
      state.clearing.cancelResting(row, REQUESTED)
      room--
    }
  }
}

function enforceSome(state: EngineState, marketId: number, from: number): void {
  const market = state.markets.rows[marketId]!
  const reason = state.memory.i32[market * 2 + MARKET_STATE] === STATE_DELISTED ? MARKET_DELISTED : RULE_CHANGED
  let room = state.limits.cancelsPerCommand
  let order = from
  while (order !== 0 && room > 0) {
    const next = nextBreaking(state, market, following(state, market, order))
    state.clearing.cancelResting(order, reason)
    order = next
    room--
  }
  state.ruleCursor = order
  if (order !== 0) state.backlog = { kind: 'rule-change', account: 0, market: marketId }
  else state.books.rekey(market, state.memory.f64[market + MARKET_TICK]!)
}

/** The first order from `order` on, in the order of the book, that breaks the market's rules; 0 where none does. */
function nextBreaking(state: EngineState, market: number, order: number): number {
  let candidate = order
  while (candidate !== 0 && !breaksRules(state, market, candidate)) candidate = following(state, market, candidate)
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

/** A remainder below a minimum is spared; a price or quantity that could no longer be entered is not. */
function breaksRules(state: EngineState, market: number, order: number): boolean {
  const { i32, i64, f64 } = state.memory
  if (i32[market * 2 + MARKET_STATE] === STATE_DELISTED) return true
  const price = state.books.priceOf(order)
  const ticks = price / f64[market + MARKET_TICK]!
  if (price > f64[market + MARKET_MAX_PRICE]! || Math.floor(ticks) !== ticks) return true
  const leaves = i64[order + ORDER_LEAVES]!
  return leaves > i64[market + MARKET_MAX_QUANTITY]! || leaves % i64[market + MARKET_LOT]! !== 0n
}
