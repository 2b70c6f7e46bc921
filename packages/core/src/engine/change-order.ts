/** `order.cancel`, `order.reduce` and `order.amend`: what can be done to an order that rests. */
import type { FrameBuffer } from '../values/frames.js'
import { isEmptyInWords, isTextInWords } from '../values/text-index.js'
import * as command from '../domain/command-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import { STOPPED_BY_OWN_ORDER } from '../matching/taker-walk.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'
import * as orderLayout from '../matching/order-layout.js'
import * as marketLayout from '../matching/market-layout.js'
import * as seatLayout from './seat-layout.js'

const {
  ORDER_WORDS,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_LEAVES,
  ORDER_FILLED,
  ORDER_HELD,
  ORDER_UPDATED,
  ORDER_SEAT,
  ORDER_FLAGS,
  POST_ONLY,
  BUY,
} = orderLayout
const {
  MARKET_WORDS,
  MARKET_TICK,
  MARKET_MAX_PRICE,
  MARKET_LOT,
  MARKET_MIN_QUANTITY,
  MARKET_MAX_QUANTITY,
  MARKET_MIN_NOTIONAL,
  MARKET_NOTIONAL_UNIT,
  MARKET_BASE_UNIT,
  MARKET_STATE,
} = marketLayout
const { SEAT_ACCOUNT, SEAT_MARKET } = seatLayout

const STATE_POST_ONLY = 1
const REQUESTED = CANCEL_REASONS.indexOf('requested')
const SELF_TRADE_PREVENTION = CANCEL_REASONS.indexOf('self_trade_prevention')
const AMENDED_BELOW_FILLED = CANCEL_REASONS.indexOf('amended_below_filled')

export function cancelOrder(state: EngineState, frames: FrameBuffer, offset: number): void {
  const row = findOrder(state, frames, offset)
  if (typeof row !== 'number') {
    reject(state, frames, offset, row)
    return
  }
  state.clearing.cancelResting(row, REQUESTED)
}

export function reduceOrder(state: EngineState, frames: FrameBuffer, offset: number): void {
  const row = findOrder(state, frames, offset)
  if (typeof row !== 'number') {
    reject(state, frames, offset, row)
    return
  }
  const wanted = frames.i64[(offset + command.REDUCE_LEAVES) >> 3]!
  const leaves = state.orders.i64[row * ORDER_WORDS + ORDER_LEAVES]!
  if (wanted < 0n) reject(state, frames, offset, 'quantity_not_positive')
  else if (wanted % state.markets.i64[frames.market(offset) * MARKET_WORDS + MARKET_LOT]! !== 0n) reject(state, frames, offset, 'quantity_not_multiple_of_lot_size')
  else if (wanted >= leaves) reject(state, frames, offset, 'quantity_not_reduced')
  else if (wanted === 0n) state.clearing.cancelResting(row, REQUESTED)
  else state.clearing.reduceResting(row, BigInt.asIntN(64, leaves - wanted), REQUESTED)
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
  const row = findOrder(state, frames, offset)
  if (typeof row !== 'number') {
    reject(state, frames, offset, row)
    return
  }
  const flags = frames.u8[offset + command.AMEND_FLAGS]!
  if (flags > (command.AMEND_PRICE | command.AMEND_QUANTITY)) {
    reject(state, frames, offset, 'malformed_frame')
    return
  }
  const cells = state.orders.i64
  const at = row * ORDER_WORDS
  const filled = cells[at + ORDER_FILLED]!
  const price = (flags & command.AMEND_PRICE) === 0 ? cells[at + ORDER_PRICE]! : frames.i64[(offset + command.AMEND_NEW_PRICE) >> 3]!
  const quantity = (flags & command.AMEND_QUANTITY) === 0 ? cells[at + ORDER_QUANTITY]! : frames.i64[(offset + command.AMEND_NEW_QUANTITY) >> 3]!
  const terms: Terms = { price, quantity, leaves: quantity - filled }
  const fault = amendFault(state, row, terms)
  if (fault !== undefined) reject(state, frames, offset, fault)
  else if (terms.leaves <= 0n) state.clearing.cancelResting(row, AMENDED_BELOW_FILLED)
  else if (price === cells[at + ORDER_PRICE]! && quantity < cells[at + ORDER_QUANTITY]!) {
    state.clearing.reduceResting(row, cells[at + ORDER_QUANTITY]! - quantity, REQUESTED)
  } else {
    enterAnew(state, row, terms)
  }
}

function amendFault(state: EngineState, row: number, terms: Terms): RejectCode | undefined {
  const cells = state.orders.i64
  const at = row * ORDER_WORDS
  const market = state.seats.field(state.orders.field(row, ORDER_SEAT), SEAT_MARKET)
  const rules = state.markets.i64
  const { price, quantity } = terms
  if (state.markets.field(market, MARKET_STATE) > STATE_POST_ONLY) return 'market_not_open'
  if (price <= 0n) return 'price_not_positive'
  if (price > BigInt(state.markets.f64[market * MARKET_WORDS + MARKET_MAX_PRICE]!)) return 'price_out_of_bounds'
  if (price % BigInt(state.markets.f64[market * MARKET_WORDS + MARKET_TICK]!) !== 0n) return 'price_not_multiple_of_tick_size'
  if (quantity < 0n) return 'quantity_not_positive'
  if (quantity > rules[market * MARKET_WORDS + MARKET_MAX_QUANTITY]!) return 'quantity_above_maximum'
  if (price === cells[at + ORDER_PRICE]! && quantity === cells[at + ORDER_QUANTITY]!) return 'order_changed_nothing'
  if (terms.leaves <= 0n) return undefined
  if (terms.leaves % rules[market * MARKET_WORDS + MARKET_LOT]! !== 0n) return 'quantity_not_multiple_of_lot_size'
  if (quantity < rules[market * MARKET_WORDS + MARKET_MIN_QUANTITY]!) return 'quantity_below_minimum'
  if (price * quantity * rules[market * MARKET_WORDS + MARKET_NOTIONAL_UNIT]! < rules[market * MARKET_WORDS + MARKET_MIN_NOTIONAL]!) return 'notional_below_minimum'
  if (price === cells[at + ORDER_PRICE]! && quantity < cells[at + ORDER_QUANTITY]!) return undefined
  if (mustRest(state, row, market) && crosses(state, row, { market, price })) return 'would_take_liquidity'
  const more = holdFor(state, row, terms) - cells[at + ORDER_HELD]!
  return more > state.balances.available(state.clearing.paysFrom(row)) ? 'insufficient_balance' : undefined
}

function mustRest(state: EngineState, row: number, market: number): boolean {
  return (state.orders.field(row, ORDER_FLAGS) & POST_ONLY) !== 0 || state.markets.field(market, MARKET_STATE) === STATE_POST_ONLY
}

function crosses(state: EngineState, row: number, at: { market: number; price: bigint }): boolean {
  const isBuy = state.orders.side(row) === BUY
  const level = state.books.best(at.market * 2 + (isBuy ? 1 : 0))
  if (level === 0) return false
  const best = state.books.price(level)
  return isBuy ? best <= at.price : best >= at.price
}

function holdFor(state: EngineState, row: number, terms: Terms): bigint {
  const market = state.seats.field(state.orders.field(row, ORDER_SEAT), SEAT_MARKET)
  return state.orders.side(row) === BUY
    ? terms.price * terms.leaves * state.markets.i64[market * MARKET_WORDS + MARKET_NOTIONAL_UNIT]!
    : terms.leaves * state.markets.i64[market * MARKET_WORDS + MARKET_BASE_UNIT]!
}

function enterAnew(state: EngineState, row: number, terms: Terms): void {
  const { clearing, books } = state
  const cells = state.orders.i64
  const at = row * ORDER_WORDS
  const oldPrice = cells[at + ORDER_PRICE]!
  const oldLeaves = cells[at + ORDER_LEAVES]!
  const heldChange = holdFor(state, row, terms) - cells[at + ORDER_HELD]!
  const balance = clearing.paysFrom(row)
  books.remove(row)
  if (heldChange > 0n) state.balances.hold(balance, heldChange)
  else state.balances.release(balance, -heldChange)
  cells[at + ORDER_HELD] = BigInt.asIntN(64, cells[at + ORDER_HELD]! + heldChange)
  cells[at + ORDER_PRICE] = terms.price
  cells[at + ORDER_QUANTITY] = terms.quantity
  cells[at + ORDER_LEAVES] = terms.leaves
  state.orders.f64[at + ORDER_UPDATED] = state.clock[1]!
  state.out.amended(row, { oldPrice, oldLeaves, heldChange })

  const market = state.seats.field(state.orders.field(row, ORDER_SEAT), SEAT_MARKET)
  const otherSide = market * 2 + (state.orders.side(row) === BUY ? 1 : 0)
  const ended = state.walk.run(row, otherSide)
  if (!clearing.isDone(at) && ended !== STOPPED_BY_OWN_ORDER) {
    books.add(row, otherSide ^ 1)
    state.out.rested(row)
    return
  }
  if (!clearing.isDone(at)) clearing.cancelRemainder(row, SELF_TRADE_PREVENTION)
  clearing.unlist(row)
  clearing.forget(row)
}

/** The row of the resting order that the command names, of the account and in the market that it names. */
function findOrder(state: EngineState, frames: FrameBuffer, offset: number): number | RejectCode {
  const account = frames.account(offset)
  if (account >= state.accounts.count) return 'unknown_account'
  const market = frames.market(offset)
  if (market >= state.markets.end) return 'unknown_market'
  const orderId = frames.f64[(offset + command.REFERENCE_ORDER_ID) >> 3]!
  const name = (offset + command.REFERENCE_CLIENT_ORDER_ID) >> 2
  if (!isEmptyInWords(frames.u32, name) && !isTextInWords(frames.u32, name)) return 'malformed_text'
  const row = orderId !== 0 ? state.ids.find(orderId) : state.names.find(account, frames.u32, name)
  if (row === 0) return 'unknown_order'
  const seat = state.orders.field(row, ORDER_SEAT)
  const isTheirs = state.seats.field(seat, SEAT_ACCOUNT) === account && state.seats.field(seat, SEAT_MARKET) === market
  return isTheirs ? row : 'unknown_order'
}
