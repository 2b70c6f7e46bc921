/**
 * Examines a limit order with terms, after the steps that all special orders share.
 *
 * The first rule that it breaks is the reject it gets, in this order: combination, self-trade prevention, expiry,
 * price, price after sliding, display quantity, then as any limit order.
 */
import { FrameBuffer } from '../values/frames.js'
import * as command from '../domain/frames/command-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { TIMES_IN_FORCE } from '../domain/vocabulary.js'
import { MARKET_ALLOW_SELF_TRADE, MARKET_MAX_PRICE, MARKET_TICK } from '../matching/market-layout.js'
import { ALLOW, BUY } from '../matching/order-layout.js'
import { checkLimit, intake } from './examine-order.js'
import { isDisplayable } from './icebergs.js'
import type { EngineState } from './state.js'

const GTC = TIMES_IN_FORCE.indexOf('gtc')
const GTD = TIMES_IN_FORCE.indexOf('gtd')
const slid = new FrameBuffer(256)

/** @param market the market's row. */
export function examineSpecialLimit(state: EngineState, frames: FrameBuffer, offset: number, market: number): RejectCode | undefined {
  const { u8, f64 } = frames
  const { i32 } = state.memory
  if ((u8[offset + command.PLACE_FLAGS]! & (command.PLACE_BY_QUOTE | command.PLACE_HAS_PRICE)) !== command.PLACE_HAS_PRICE) return 'invalid_combination'
  if (hasOtherTerms(frames, offset)) return 'invalid_combination'
  const expiresAtUs = f64[(offset + command.PLACE_EXPIRES_AT) >> 3]!
  const timeInForce = u8[offset + command.PLACE_TIME_IN_FORCE]
  const slides = (frames.u32[(offset + command.PLACE_FLAGS_2) >> 2]! & command.PLACE_2_SLIDE) !== 0
  const display = frames.i64[(offset + command.PLACE_DISPLAY_QUANTITY) >> 3]!
  // A GTC order without terms belongs into the compact frame.
  if (timeInForce === GTC ? (!slides && display === 0n) || expiresAtUs !== 0 : timeInForce !== GTD || expiresAtUs === 0) return 'invalid_combination'
  if (slides && (u8[offset + command.PLACE_FLAGS]! & command.PLACE_POST_ONLY) === 0) return 'invalid_combination'
  if (u8[offset + command.PLACE_SELF_TRADE_PREVENTION] === ALLOW && i32[market * 2 + MARKET_ALLOW_SELF_TRADE] === 0) return 'self_trade_prevention_required'
  if (timeInForce === GTD && expiresAtUs <= state.timestampUs) return 'expiry_not_in_future'
  const price = frames.i64[(offset + command.PLACE_PRICE) >> 3]!
  const limit = slides ? slidPrice(state, market, price, u8[offset + command.PLACE_SIDE] === BUY) : price
  const fault = priceFault(state, market, price) ?? priceFault(state, market, limit)
  if (fault !== undefined) return fault
  if (display !== 0n && !isDisplayable(state.memory, market, display, frames.i64[(offset + command.PLACE_QUANTITY) >> 3]!)) return 'display_quantity_out_of_bounds'
  intake.market = market
  intake.limit = Number(limit)
  intake.unfillable = false
  return limit === price ? checkLimit(state, frames, offset) : checkSlid(state, frames, offset, limit)
}

/** One tick from the opposite best, where an order at its own price would trade; else its own price. */
function slidPrice(state: EngineState, market: number, price: bigint, isBuy: boolean): bigint {
  const level = state.books.best(market, isBuy ? 1 : 0)
  if (level === 0) return price
  const best = BigInt(state.books.price(level))
  const tick = BigInt(state.memory.f64[market + MARKET_TICK]!)
  if (isBuy) return price >= best ? best - tick : price
  return price <= best ? best + tick : price
}

/** Examines an order as one of another price; what the client sent stays as it is. */
function checkSlid(state: EngineState, frames: FrameBuffer, offset: number, limit: bigint): RejectCode | undefined {
  slid.clear()
  slid.appendFrom(frames, offset)
  slid.i64[command.PLACE_PRICE >> 3] = limit
  return checkLimit(state, slid, 0)
}

/** What is wrong with a price as the market's rules are. */
export function priceFault(state: EngineState, market: number, price: bigint): RejectCode | undefined {
  const { f64 } = state.memory
  if (price <= 0n) return 'price_not_positive'
  if (price > BigInt(f64[market + MARKET_MAX_PRICE]!)) return 'price_out_of_bounds'
  return price % BigInt(f64[market + MARKET_TICK]!) === 0n ? undefined : 'price_not_multiple_of_tick_size'
}

/** Whether terms are given that no limit order has. */
function hasOtherTerms({ i64, u32 }: FrameBuffer, offset: number): boolean {
  return (
    i64[(offset + command.PLACE_STOP_PRICE) >> 3] !== 0n ||
    i64[(offset + command.PLACE_TRAILING_OFFSET) >> 3] !== 0n ||
    u32[(offset + command.PLACE_TRAILING_BPS) >> 2] !== 0 ||
    i64[(offset + command.PLACE_ACTIVATION_PRICE) >> 3] !== 0n
  )
}
