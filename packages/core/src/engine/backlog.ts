/**
 * Cancels many orders a bounded number at a time: `order.cancel-all`, new market rules, and the
 * `continue` commands that finish what they began.
 */
import { NONE_16, type FrameBuffer } from '../values/frames.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'
import * as orderLayout from '../matching/order-layout.js'
import * as marketLayout from '../matching/market-layout.js'
import * as seatLayout from './seat-layout.js'

const { ORDER_WORDS, ORDER_LEAVES, ORDER_NEXT, ORDER_LEVEL } = orderLayout
const { MARKET_WORDS, MARKET_TICK, MARKET_MAX_PRICE, MARKET_LOT, MARKET_MAX_QUANTITY, MARKET_STATE } = marketLayout
const { SEAT_HEAD, SEAT_NEXT } = seatLayout

const STATE_DELISTED = 4
const REQUESTED = CANCEL_REASONS.indexOf('requested')
const RULE_CHANGED = CANCEL_REASONS.indexOf('rule_changed')
const MARKET_DELISTED = CANCEL_REASONS.indexOf('market_delisted')

/** Cancels an account's orders by market, and within a market the oldest first. */
export function cancelAll(state: EngineState, frames: FrameBuffer, offset: number): void {
  const account = frames.account(offset)
  const market = frames.market(offset)
  if (account >= state.accounts.count) reject(state, frames, offset, 'unknown_account')
  else if (market !== NONE_16 && market >= state.markets.end) reject(state, frames, offset, 'unknown_market')
  else cancelSome(state, account, market)
}

/** Cancels what breaks the rules that a market has now: bids from the best, then asks from the best. */
export function enforceRules(state: EngineState, market: number): void {
  const start = state.books.best(market * 2) || state.books.best(market * 2 + 1)
  enforceSome(state, market, nextBreaking(state, market, start === 0 ? 0 : state.books.head(start)))
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

function enforceSome(state: EngineState, market: number, from: number): void {
  const reason = state.markets.field(market, MARKET_STATE) === STATE_DELISTED ? MARKET_DELISTED : RULE_CHANGED
  let room = state.limits.cancelsPerCommand
  let row = from
  while (row !== 0 && room > 0) {
    const next = nextBreaking(state, market, following(state, row))
    state.clearing.cancelResting(row, reason)
    row = next
    room--
  }
  state.ruleCursor = row
  if (row !== 0) state.backlog = { kind: 'rule-change', account: 0, market }
  else state.books.rekey(market, state.markets.f64[market * MARKET_WORDS + MARKET_TICK]!)
}

/** The first order from `row` on, in the order of the book, that breaks the market's rules; 0 where none does. */
function nextBreaking(state: EngineState, market: number, row: number): number {
  let candidate = row
  while (candidate !== 0 && !breaksRules(state, market, candidate)) candidate = following(state, candidate)
  return candidate
}

/** The order after `row`: in its level, in the next worse level, and after the last bid the best ask. */
function following(state: EngineState, row: number): number {
  const next = state.orders.field(row, ORDER_NEXT)
  if (next !== 0) return next
  const level = state.orders.field(row, ORDER_LEVEL)
  const side = state.books.side(level)
  const worse = state.books.worse(level) || ((side & 1) === 0 ? state.books.best(side + 1) : 0)
  return worse === 0 ? 0 : state.books.head(worse)
}

/** A remainder below a minimum is spared; a price or quantity that could no longer be entered is not. */
function breaksRules(state: EngineState, market: number, row: number): boolean {
  const at = market * MARKET_WORDS
  if (state.markets.field(market, MARKET_STATE) === STATE_DELISTED) return true
  const price = state.books.priceOf(row)
  const ticks = price / state.markets.f64[at + MARKET_TICK]!
  if (price > state.markets.f64[at + MARKET_MAX_PRICE]! || Math.floor(ticks) !== ticks) return true
  const leaves = state.orders.i64[row * ORDER_WORDS + ORDER_LEAVES]!
  return leaves > state.markets.i64[at + MARKET_MAX_QUANTITY]! || leaves % state.markets.i64[at + MARKET_LOT]! !== 0n
}
