/** Reads orders and books out of the state, as objects. */
import { NONE_16 } from '../values/frames.js'
import { ORDER_TYPES, SELF_TRADE_PREVENTIONS, SIDES, TIMES_IN_FORCE } from '../domain/vocabulary.js'
import * as order from '../matching/order-layout.js'
import type { LiveOrder } from './engine.js'
import type { EngineState } from './state.js'
import * as levelLayout from '../matching/level-layout.js'
import * as seatLayout from './seat-layout.js'

const { LEVEL_WORDS, LEVEL_QUANTITY } = levelLayout
const { SEAT_ACCOUNT, SEAT_MARKET, SEAT_HEAD, SEAT_NEXT } = seatLayout

export function liveOrder(state: EngineState, row: number): LiveOrder {
  const { orders } = state
  const at = row * order.ORDER_WORDS
  const seat = orders.field(row, order.ORDER_SEAT)
  const enums = orders.field(row, order.ORDER_ENUMS)
  return {
    orderId: orders.id(row),
    clientOrderId: state.names.text(row),
    account: state.seats.field(seat, SEAT_ACCOUNT),
    market: state.seats.field(seat, SEAT_MARKET),
    side: SIDES[enums & 0xff]!,
    orderType: ORDER_TYPES[(enums >>> 8) & 0xff]!,
    timeInForce: TIMES_IN_FORCE[(enums >>> 16) & 0xff]!,
    postOnly: (orders.field(row, order.ORDER_FLAGS) & order.POST_ONLY) !== 0,
    selfTradePrevention: SELF_TRADE_PREVENTIONS[enums >>> 24]!,
    price: orders.i64[at + order.ORDER_PRICE]!,
    quantity: orders.i64[at + order.ORDER_QUANTITY]!,
    quoteQuantity: 0n,
    filledQuantity: orders.i64[at + order.ORDER_FILLED]!,
    leavesQuantity: orders.i64[at + order.ORDER_LEAVES]!,
    filledQuote: orders.i64[at + order.ORDER_FILLED_QUOTE]!,
    fee: orders.i64[at + order.ORDER_FEE]!,
    createdUs: orders.f64[at + order.ORDER_CREATED]!,
    updatedUs: orders.f64[at + order.ORDER_UPDATED]!,
  }
}

/** By market, then by order id. */
export function openOrders(state: EngineState, account: number, market: number = NONE_16): LiveOrder[] {
  const found: LiveOrder[] = []
  if (account >= state.accounts.count) return found
  const all = market === NONE_16
  for (let seat = all ? state.accounts.firstSeat(account) : state.seats.find(account, market); seat !== 0; seat = all ? state.seats.field(seat, SEAT_NEXT) : 0) {
    for (let row = state.seats.field(seat, SEAT_HEAD); row !== 0; row = state.orders.field(row, order.ORDER_SEAT_NEXT)) found.push(liveOrder(state, row))
  }
  return found
}

/** The best `limit` levels of each side. */
export function depth(state: EngineState, market: number, limit: number): { bids: [bigint, bigint][]; asks: [bigint, bigint][] } {
  if (market >= state.markets.end) return { bids: [], asks: [] }
  return { bids: levels(state, market * 2, limit), asks: levels(state, market * 2 + 1, limit) }
}

function levels(state: EngineState, side: number, limit: number): [bigint, bigint][] {
  const found: [bigint, bigint][] = []
  for (let level = state.books.best(side); level !== 0 && found.length < limit; level = state.books.worse(level)) {
    found.push([BigInt(state.books.price(level)), state.books.levels.i64[level * LEVEL_WORDS + LEVEL_QUANTITY]!])
  }
  return found
}
