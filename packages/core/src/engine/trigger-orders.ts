/** What trades set off: trailing stops move, stop prices are met, and the orders that waited for them start one by one. */
import { CANCEL_REASONS, TIMES_IN_FORCE } from '../domain/vocabulary.js'
import { PARTY_ORDER_ID, TRADE_EXECUTED, TRADE_PRICE, TRADE_TAKER } from '../domain/frames/event-frames.js'
import { MARKET_BAND_BPS, MARKET_STATE, MARKET_TRAILING_HEAD, MARKET_WAITING } from '../matching/market-layout.js'
import * as layout from '../matching/order-layout.js'
import { protectionPrice } from '../matching/price-band.js'
import { probe } from '../matching/probe.js'
import { TIMESTAMP } from '../matching/registers.js'
import { SEAT_GROUP } from '../matching/seat-layout.js'
import { DONE, STOPPED_BY_OWN_ORDER } from '../matching/taker-walk.js'
import { TERMS_ORDER } from '../matching/terms-layout.js'
import { DOWN, UP } from '../matching/trigger-book.js'
import { fit, fitExits } from './fit-exits.js'
import { boundedLimit, guardFault, takeLiquidity } from './guarded-market.js'
import { remainderReason } from './remainder-reason.js'
import type { EngineState } from './state.js'
import { startsAsLimit } from './waiting-orders.js'

const OPEN = 0
const FOK = TIMES_IN_FORCE.indexOf('fok')
const IOC = TIMES_IN_FORCE.indexOf('ioc')
const FOK_NOT_FILLED = CANCEL_REASONS.indexOf('fok_not_filled')
const MARKET_REMAINDER = CANCEL_REASONS.indexOf('market_remainder')
const PRICE_BAND = CANCEL_REASONS.indexOf('price_band')

/** To be called when an order has traded all it could, in a market with waiting orders. */
export function afterTrades(state: EngineState, market: number): void {
  collectTriggered(state, market)
  fitExits(state, market)
  startTriggered(state, market)
}

/** To be called when an auction has made its last trade, at its one price (0 where there was none), and the market trades again. */
export function afterAuction(state: EngineState, market: number, price: bigint): void {
  if (price !== 0n && state.memory.i32[market * 2 + MARKET_WAITING] !== 0) observe(state, market, price)
  fitExits(state, market, true)
  state.out.examined = state.out.frames.length
  awaitTriggered(state, market)
}

/**
 * Starts triggered orders, the first one first, up to the bound of one command; the rest goes on in
 * `continue`. A market that does not trade keeps its queue until it does.
 */
export function startTriggered(state: EngineState, market: number): void {
  for (let room = state.limits.activationsPerCommand; room > 0; room--) {
    const order = state.memory.i32[market * 2 + MARKET_STATE] === OPEN ? state.waiting.firstTriggered(market) : 0
    if (order === 0) break
    start(state, order, market)
    collectTriggered(state, market)
    fitExits(state, market)
  }
  awaitTriggered(state, market)
}

/** Tells the writer to go on where orders of a market that trades stand in its queue. */
export function awaitTriggered(state: EngineState, market: number): void {
  const goesOn = state.memory.i32[market * 2 + MARKET_STATE] === OPEN && state.waiting.firstTriggered(market) !== 0
  state.activating = goesOn ? market : 0
}

/**
 * Shows the trades since the last look to the waiting orders. The prices of one taker only get worse for it,
 * so the first and the last one of each say all.
 */
function collectTriggered(state: EngineState, market: number): void {
  const { frames } = state.out
  const end = frames.length
  let taker = 0
  let last = 0n
  for (let offset = state.out.examined; offset < end; offset += frames.size(offset)) {
    if (frames.type(offset) !== TRADE_EXECUTED) continue
    const price = frames.i64[(offset + TRADE_PRICE) >> 3]!
    const orderId = frames.f64[(offset + TRADE_TAKER + PARTY_ORDER_ID) >> 3]!
    if (orderId !== taker) {
      if (taker !== 0) observe(state, market, last)
      observe(state, market, price)
    }
    taker = orderId
    last = price
  }
  if (taker !== 0) observe(state, market, last)
  state.out.examined = frames.length
}

/** Shows one price: trailing stops move first, then the triggers on the way up are met, then those on the way down. */
function observe(state: EngineState, market: number, price: bigint): void {
  const { triggers } = state.waiting
  if (state.memory.i32[market * 2 + MARKET_TRAILING_HEAD] !== 0) state.waiting.follow(market, price)
  const last = Number(price)
  for (let level = triggers.best(market, UP); level !== 0 && triggers.price(level) <= last; level = triggers.best(market, UP)) trigger(state, triggers.head(level))
  for (let level = triggers.best(market, DOWN); level !== 0 && triggers.price(level) >= last; level = triggers.best(market, DOWN)) trigger(state, triggers.head(level))
}

function trigger(state: EngineState, terms: number): void {
  const order = state.memory.i32[terms * 2 + TERMS_ORDER]!
  // An exit takes along what its entry traded in the same command.
  const bracket = state.brackets.ofExit(order)
  if (bracket !== undefined) fit(state, bracket)
  state.memory.f64[order + layout.ORDER_UPDATED] = state.memory.f64[TIMESTAMP]!
  state.waiting.trigger(order)
  state.out.triggered(order)
  if ((state.memory.i32[order * 2 + layout.ORDER_FLAGS]! & layout.LINKED) !== 0) state.clearing.exits.keepAlone(order)
}

/** Lets a triggered order trade as a new one would, and rests or cancels what is left. */
function start(state: EngineState, order: number, market: number): void {
  const { clearing, books, waiting, memory } = state
  const { i32 } = memory
  const enums = i32[order * 2 + layout.ORDER_ENUMS]!
  const side = enums & 0xff
  const timeInForce = (enums >>> 16) & 0xff
  waiting.leave(order)
  if (!protect(state, order, market, side)) return end(state, order, MARKET_REMAINDER)
  if (timeInForce === FOK && !isFillable(state, order, market)) return end(state, order, FOK_NOT_FILLED)
  const rests = timeInForce !== IOC && timeInForce !== FOK
  if (isRefused(state, order, market, rests)) return end(state, order, PRICE_BAND)
  const ended = takeLiquidity(state, order, market, side ^ 1)
  if (ended === DONE) {
    clearing.unlist(order)
    clearing.forget(order)
  } else if (ended < STOPPED_BY_OWN_ORDER && rests) {
    books.add(order, market, side)
    state.out.rested(order)
  } else {
    end(state, order, remainderReason(startsAsLimit((enums >>> 8) & 0xff), ended))
  }
}

function end(state: EngineState, order: number, reason: number): void {
  state.clearing.cancelRemainder(order, reason)
  state.clearing.unlist(order)
  state.clearing.forget(order)
}

/** Gives an order without a price the protection of the market's band. @returns false where there is nothing to trade with. */
function protect(state: EngineState, order: number, market: number, side: number): boolean {
  const { i32, i64 } = state.memory
  if (i64[order + layout.ORDER_PRICE] !== 0n) return true
  const level = state.books.best(market, side ^ 1)
  if (level === 0) return false
  i64[order + layout.ORDER_PRICE] = BigInt(protectionPrice(state.books.price(level), side === layout.BUY, i32[market * 2 + MARKET_BAND_BPS]!))
  return true
}

/** Whether a new order like it would be refused by the price band as it is now. */
function isRefused(state: EngineState, order: number, market: number, rests: boolean): boolean {
  const isBuy = (state.memory.i32[order * 2 + layout.ORDER_ENUMS]! & 0xff) === layout.BUY
  return guardFault(state, { market, isBuy, price: state.books.priceOf(order), notional: 0n, rests }) !== undefined
}

function isFillable(state: EngineState, order: number, market: number): boolean {
  const { i32, i64 } = state.memory
  const enums = i32[order * 2 + layout.ORDER_ENUMS]!
  const quantity = i64[order + layout.ORDER_LEAVES]!
  const found = probe(state.memory, state.books, {
    market,
    isBuy: (enums & 0xff) === layout.BUY,
    limit: boundedLimit(state, { market, isBuy: (enums & 0xff) === layout.BUY, limit: state.books.priceOf(order) }),
    group: i32[i32[order * 2 + layout.ORDER_SEAT]! * 2 + SEAT_GROUP]!,
    selfTradePrevention: enums >>> 24,
    quantity,
    byQuote: false,
  })
  return found.quantity === quantity
}
