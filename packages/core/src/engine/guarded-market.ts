/** What markets with a price band, a circuit breaker or a cap on notionals ask of an order beyond what every market asks, and how it trades there. */
import type { RejectCode } from '../domain/rejects.js'
import { TRADE_EXECUTED, TRADE_PRICE } from '../domain/frames/event-frames.js'
import { corridor, notePrices } from '../matching/breaker-window.js'
import { BREAKER, CAPPED, MARKET_MAX_NOTIONAL, MARKET_MODE, STATE_BITS, STATE_POST_ONLY } from '../matching/market-layout.js'
import { BOUNDED, ORDER_ENUMS, ORDER_FLAGS } from '../matching/order-layout.js'
import { bandEdge, bandEdgeAround, referencePrice } from '../matching/price-band.js'
import { WALK_LIMIT } from '../matching/registers.js'
import { HALTED, OUT_OF_BAND, OUT_OF_BOOK, OUT_OF_LIMIT } from '../matching/taker-walk.js'
import { haltMarket } from './market-states.js'
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

/** Up to where an order may trade, and what ends there before its own limit does. */
interface Bound {
  readonly limit: number
  readonly by: 'own' | 'band' | 'breaker'
}

/** Finds the bound of an order with this limit; where even the best opposite order stands outside the breaker's corridor, nothing may trade. */
function boundOf(state: EngineState, order: { market: number; isBuy: boolean; limit: number }): Bound {
  const { memory } = state
  const { market, isBuy, limit } = order
  const band = bandEdge(memory, market, isBuy)
  if ((memory.i32[market * 2 + MARKET_MODE]! & BREAKER) === 0) {
    const isOwn = isBuy ? limit <= band : limit >= band
    return { limit: isOwn ? limit : band, by: isOwn ? 'own' : 'band' }
  }
  const { lowest, highest } = corridor(memory, market)
  const edge = isBuy ? highest : lowest
  if (meets(state, order, limit) && isOutside(state, order, isBuy ? lowest : highest)) return { limit: isBuy ? 0 : Infinity, by: 'breaker' }
  const nearest = isBuy ? Math.min(limit, band, edge) : Math.max(limit, band, edge)
  if (nearest === limit) return { limit, by: 'own' }
  return { limit: nearest, by: nearest === edge ? 'breaker' : 'band' }
}

/** Whether the best opposite order stands beyond the edge of the corridor that lies behind the order. */
function isOutside(state: EngineState, { market, isBuy }: { market: number; isBuy: boolean }, edge: number): boolean {
  const best = state.books.price(state.books.best(market, isBuy ? 1 : 0))
  return isBuy ? best < edge : best > edge
}

/** The limit within band and corridor: what an order's own limit becomes where one of them ends before it. */
export function boundedLimit(state: EngineState, order: { market: number; isBuy: boolean; limit: number }): number {
  if (state.memory.i32[order.market * 2 + MARKET_MODE]! <= STATE_POST_ONLY) return order.limit
  return boundOf(state, order).limit
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
  const { memory, books, out } = state
  const mode = memory.i32[market * 2 + MARKET_MODE]!
  // What is collected for an auction rests, whatever it would meet; so does the rest of a ladder whose first quotes halted the market.
  if ((mode & STATE_BITS) > STATE_POST_ONLY) return OUT_OF_LIMIT
  const isBuy = side === 1
  const limit = books.priceOf(order)
  const bound = boundOf(state, { market, isBuy, limit })
  const before = referencePrice(memory, market)
  const eventsBefore = out.frames.length
  const ended = walkWithin(state, order, { market, side, bound })
  if ((mode & BREAKER) !== 0) noteTrades(state, market, before, eventsBefore)
  if (ended !== OUT_OF_LIMIT && ended !== OUT_OF_BOOK) return ended
  const isCutOff = ended === OUT_OF_LIMIT && bound.by !== 'own' && meets(state, { market, isBuy }, limit)
  if (isCutOff && bound.by === 'breaker') haltMarket(state, market)
  // An order that could not rest at its own price is cut off by the band, whether or not somebody stands beyond it.
  const timeInForce = (memory.i32[order * 2 + ORDER_ENUMS]! >> 16) & 0xff
  const rests = timeInForce !== IOC && timeInForce !== FOK
  if (rests && isBeyondBand(state, { market, isBuy, limit, before })) return OUT_OF_BAND
  if (!isCutOff) return ended
  return bound.by === 'breaker' ? HALTED : OUT_OF_BAND
}

/** Walks up to a bound that may end before the order's own limit. */
function walkWithin(state: EngineState, order: number, within: { market: number; side: number; bound: Bound }): number {
  const { memory, walk } = state
  const { market, side, bound } = within
  if (bound.by === 'own') return walk.run(order, market, side)
  const flags = order * 2 + ORDER_FLAGS
  memory.f64[WALK_LIMIT] = bound.limit
  memory.i32[flags] = memory.i32[flags]! | BOUNDED
  const ended = walk.run(order, market, side)
  memory.i32[flags] = memory.i32[flags]! & ~BOUNDED
  return ended
}

/** Whether a limit lies beyond the band around the price before the order. */
function isBeyondBand(state: EngineState, order: { market: number; isBuy: boolean; limit: number; before: number }): boolean {
  const edge = bandEdgeAround(state.memory, order.market, order.isBuy, order.before)
  return order.isBuy ? order.limit > edge : order.limit < edge
}

/** Tells the breaker's window the first and the last price of the trades since an event. */
function noteTrades(state: EngineState, market: number, before: number, from: number): void {
  const { frames } = state.out
  let first = 0
  let last = 0
  for (let offset = from; offset < frames.length; offset += frames.size(offset)) {
    if (frames.type(offset) !== TRADE_EXECUTED) continue
    last = Number(frames.i64[(offset + TRADE_PRICE) >> 3]!)
    if (first === 0) first = last
  }
  if (first !== 0) notePrices(state.memory, market, { before, first, last })
}

/** Whether the best opposite order stands at this price or better. */
function meets(state: EngineState, order: { market: number; isBuy: boolean }, limit: number): boolean {
  const level = state.books.best(order.market, order.isBuy ? 1 : 0)
  if (level === 0) return false
  const best = state.books.price(level)
  return order.isBuy ? best <= limit : best >= limit
}
