/** Reads orders and books out of the state, as objects. */
import { NONE_16 } from '../values/frames.js'
import { ORDER_TYPES, SELF_TRADE_PREVENTIONS, SIDES, TIMES_IN_FORCE } from '../domain/vocabulary.js'
import { LEVEL_QUANTITY } from '../matching/level-layout.js'
import * as layout from '../matching/order-layout.js'
import { SEAT_ACCOUNT, SEAT_HEAD, SEAT_MARKET_ID, SEAT_NEXT } from '../matching/seat-layout.js'
import type { BookOrder } from '../domain/book-order.js'
import type { LiveOrder } from './engine.js'
import type { EngineState } from './state.js'

export function liveOrder(state: EngineState, order: number): LiveOrder {
  const { f64, i64, i32 } = state.memory
  const seat = i32[order * 2 + layout.ORDER_SEAT]!
  const enums = i32[order * 2 + layout.ORDER_ENUMS]!
  const schedule = i32[order * 2 + layout.ORDER_SCHEDULE]!
  const terms = state.terms.read(order)
  return {
    orderId: f64[order + layout.ORDER_ID]!,
    clientOrderId: state.names.text(order),
    account: i32[seat * 2 + SEAT_ACCOUNT]!,
    market: i32[seat * 2 + SEAT_MARKET_ID]!,
    side: SIDES[enums & 0xff]!,
    orderType: ORDER_TYPES[(enums >>> 8) & 0xff]!,
    timeInForce: TIMES_IN_FORCE[(enums >>> 16) & 0xff]!,
    postOnly: (i32[order * 2 + layout.ORDER_FLAGS]! & layout.POST_ONLY) !== 0,
    selfTradePrevention: SELF_TRADE_PREVENTIONS[enums >>> 24]!,
    quote: (i32[order * 2 + layout.ORDER_FLAGS]! & layout.QUOTE) !== 0,
    price: i64[order + layout.ORDER_PRICE]!,
    quantity: i64[order + layout.ORDER_QUANTITY]!,
    quoteQuantity: 0n,
    filledQuantity: i64[order + layout.ORDER_FILLED]!,
    leavesQuantity: i64[order + layout.ORDER_QUANTITY]! - i64[order + layout.ORDER_FILLED]!,
    filledQuote: i64[order + layout.ORDER_FILLED_QUOTE]!,
    fee: i64[order + layout.ORDER_FEE]!,
    createdUs: state.terms.createdUs(order),
    updatedUs: f64[order + layout.ORDER_UPDATED]!,
    makerFeePpm: state.schedules.makerPpm(schedule),
    takerFeePpm: state.schedules.takerPpm(schedule),
    feeHeld: state.orderFees.heldOf(order),
    ...(terms === undefined ? {} : { terms }),
    status: statusOf(i32[order * 2 + layout.ORDER_FLAGS]!),
  }
}

function statusOf(flags: number): LiveOrder['status'] {
  if ((flags & layout.WAITING) !== 0) return 'waiting'
  return (flags & layout.TRIGGERED) !== 0 ? 'triggered' : 'resting'
}

/** By market, then by order id. */
export function openOrders(state: EngineState, account: number, marketId: number = NONE_16): LiveOrder[] {
  const found: LiveOrder[] = []
  if (account >= state.accounts.count) return found
  const all = marketId === NONE_16
  const { i32 } = state.memory
  for (let seat = all ? state.accounts.firstSeat(account) : state.seats.find(account, marketId); seat !== 0; seat = all ? i32[seat * 2 + SEAT_NEXT]! : 0) {
    for (let order = i32[seat * 2 + SEAT_HEAD]!; order !== 0; order = i32[order * 2 + layout.ORDER_SEAT_NEXT]!) found.push(liveOrder(state, order))
  }
  return found
}

/** The best `limit` levels of each side. */
export function depth(state: EngineState, marketId: number, limit: number): { bids: [bigint, bigint][]; asks: [bigint, bigint][] } {
  const market = state.markets.rows[marketId]
  if (market === undefined) return { bids: [], asks: [] }
  return { bids: levels(state, state.books.best(market, 0), limit), asks: levels(state, state.books.best(market, 1), limit) }
}

function levels(state: EngineState, best: number, limit: number): [bigint, bigint][] {
  const found: [bigint, bigint][] = []
  for (let level = best; level !== 0 && found.length < limit; level = state.books.worse(level)) {
    found.push([BigInt(state.books.price(level)), state.memory.i64[level + LEVEL_QUANTITY]!])
  }
  return found
}

/** Every order in a market's book, best level first, by priority within it; of an iceberg the displayed part. */
export function restingOrders(state: EngineState, marketId: number): BookOrder[] {
  const market = state.markets.rows[marketId]
  if (market === undefined) return []
  const { f64, i64, i32 } = state.memory
  const found: BookOrder[] = []
  for (const [number, side] of SIDES.entries()) {
    for (let level = state.books.best(market, number); level !== 0; level = state.books.worse(level)) {
      for (let order = state.books.head(level); order !== 0; order = i32[order * 2 + layout.ORDER_NEXT]!) {
        found.push({ orderId: f64[order + layout.ORDER_ID]!, side, price: i64[order + layout.ORDER_PRICE]!, quantity: i64[order + layout.ORDER_LEAVES]! })
      }
    }
  }
  return found
}
