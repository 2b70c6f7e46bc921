/** What markets with a price band or a cap on notionals ask of an order beyond what every market asks, and how it trades there. */
import type { RejectCode } from '../domain/rejects.js'
import { CAPPED, MARKET_MAX_NOTIONAL, MARKET_MODE, STATE_BITS, STATE_POST_ONLY, STATE_PRE_OPEN } from '../matching/market-layout.js'
import { BOUNDED, ORDER_ENUMS, ORDER_FLAGS } from '../matching/order-layout.js'
import { bandEdge } from '../matching/price-band.js'
import { WALK_LIMIT } from '../matching/registers.js'
import { OUT_OF_BAND, OUT_OF_BOOK, OUT_OF_LIMIT } from '../matching/taker-walk.js'
import type { EngineState } from './state.js'

/** Codes of `TIMES_IN_FORCE` of which nothing may rest. */
const IOC = 1
const FOK = 2

/** A limit order that has not been accepted yet. */
export interface GuardedLimit {
  /** Row of the market. */
  readonly market: number
  readonly isBuy: boolean
  /** Price units. */
  readonly price: number
  /** Quote units. */
  readonly notional: bigint
  /** What does not trade at once is to rest. */
  readonly rests: boolean
}

/**
 * The first guard of the market that a limit order breaks.
 *
 * One that is to rest outside the band is refused, unless it meets somebody within: then it trades up to the
 * band and what is left is cancelled.
 */
export function guardFault(state: EngineState, order: GuardedLimit): RejectCode | undefined {
  const { memory } = state
  const { market, isBuy, price } = order
  const isCapped = (memory.i32[market * 2 + MARKET_MODE]! & CAPPED) !== 0
  if (isCapped && order.notional > memory.i64[market + MARKET_MAX_NOTIONAL]!) return 'notional_above_maximum'
  if (!order.rests) return undefined
  const highest = bandEdge(memory, market, true)
  const lowest = bandEdge(memory, market, false)
  if (price >= lowest && price <= highest) return undefined
  if (isBuy ? price < lowest : price > highest) return 'price_outside_band'
  const trades = (memory.i32[market * 2 + MARKET_MODE]! & STATE_BITS) <= STATE_POST_ONLY
  return trades && meets(state, order, isBuy ? highest : lowest) ? undefined : 'price_outside_band'
}

/** The limit within the band: what an order's own limit becomes where the band ends before it. */
export function boundedLimit(state: EngineState, order: { market: number; isBuy: boolean; limit: number }): number {
  const edge = bandEdge(state.memory, order.market, order.isBuy)
  return order.isBuy ? Math.min(order.limit, edge) : Math.max(order.limit, edge)
}

/**
 * Trades an order against the other side as its market permits.
 *
 * @param market the market's row.
 * @param side the side that the order trades against.
 * @returns why it ended, as {@link TakerWalk.run}: from `STOPPED_BY_OWN_ORDER` on what is left must not rest.
 */
export function takeLiquidity(state: EngineState, order: number, market: number, side: number): number {
  if (state.memory.i32[market * 2 + MARKET_MODE]! <= STATE_POST_ONLY) return state.walk.run(order, market, side)
  return takeGuarded(state, order, market, side)
}

function takeGuarded(state: EngineState, order: number, market: number, side: number): number {
  const { memory, books, walk } = state
  // What is collected for an auction rests, whatever it would meet.
  if ((memory.i32[market * 2 + MARKET_MODE]! & STATE_BITS) === STATE_PRE_OPEN) return OUT_OF_LIMIT
  const limit = books.priceOf(order)
  const bounded = boundedLimit(state, { market, isBuy: side === 1, limit })
  if (bounded === limit) return walk.run(order, market, side)
  memory.f64[WALK_LIMIT] = bounded
  memory.i32[order * 2 + ORDER_FLAGS] = memory.i32[order * 2 + ORDER_FLAGS]! | BOUNDED
  const ended = walk.run(order, market, side)
  memory.i32[order * 2 + ORDER_FLAGS] = memory.i32[order * 2 + ORDER_FLAGS]! & ~BOUNDED
  if (ended !== OUT_OF_LIMIT && ended !== OUT_OF_BOOK) return ended
  // An order that could not rest at its own price is cut off by the band, whether or not somebody stands beyond it.
  const timeInForce = (memory.i32[order * 2 + ORDER_ENUMS]! >> 16) & 0xff
  const rests = timeInForce !== IOC && timeInForce !== FOK
  return rests || (ended === OUT_OF_LIMIT && meets(state, { market, isBuy: side === 1 }, limit)) ? OUT_OF_BAND : ended
}

/** Whether the best opposite order stands at this price or better. */
function meets(state: EngineState, order: { market: number; isBuy: boolean }, limit: number): boolean {
  const level = state.books.best(order.market, order.isBuy ? 1 : 0)
  if (level === 0) return false
  const best = state.books.price(level)
  return order.isBuy ? best <= limit : best >= limit
}
