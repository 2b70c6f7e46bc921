/**
 * Examines an order that waits for a price, after the steps that all special orders share.
 *
 * The first rule that it breaks is the reject it gets, in this order: combination, self-trade prevention, expiry,
 * prices, quantity, notional, name, count of open orders, count of trailing stops, a trigger that is met already,
 * balance. The price band is not looked at before the order starts.
 */
import type { FrameBuffer } from '../values/frames.js'
import * as command from '../domain/frames/command-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { TIMES_IN_FORCE } from '../domain/vocabulary.js'
import * as layout from '../matching/market-layout.js'
import { ALLOW, BUY } from '../matching/order-layout.js'
import { HOLD } from '../matching/registers.js'
import { SEAT_COUNT } from '../matching/seat-layout.js'
import { UP } from '../matching/trigger-book.js'
import { intake, payingBalance, quantityFault } from './examine-order.js'
import { priceFault } from './examine-special-limit.js'
import type { SpecialOrder } from './special-order.js'
import type { EngineState } from './state.js'
import { directionOf, isTrailing, startsAsLimit } from './waiting-orders.js'

const GTC = TIMES_IN_FORCE.indexOf('gtc')
const GTD = TIMES_IN_FORCE.indexOf('gtd')
const MAX_TRAILING_BPS = 9_999

/** @param market the market's row. */
export function examineConditional(state: EngineState, frames: FrameBuffer, offset: number, market: number): RejectCode | undefined {
  const order = readSpecial(frames, offset, market)
  if (!isSoundCombination(order)) return 'invalid_combination'
  if (order.selfTradePrevention === ALLOW && state.memory.i32[market * 2 + layout.MARKET_ALLOW_SELF_TRADE] === 0) return 'self_trade_prevention_required'
  if (order.timeInForce === GTD && order.expiresAtUs <= state.timestampUs) return 'expiry_not_in_future'
  intake.market = market
  intake.seat = state.seats.find(order.account, frames.market(offset))
  intake.limit = Number(order.price)
  intake.unfillable = false
  const fault = pricesFault(state, order) ?? amountFault(state, order)
  if (fault !== undefined) return fault
  const name = (offset + command.PLACE_CLIENT_ORDER_ID) >> 2
  if (frames.u32[name] !== 0 && state.names.find(order.account, frames.u32, name) !== 0) return 'duplicate_client_order_id'
  return standingFault(state, order) ?? balanceFault(state, order)
}

function readSpecial(frames: FrameBuffer, offset: number, market: number): SpecialOrder {
  const { u8, f64 } = frames
  const i64 = (at: number): bigint => frames.i64[(offset + at) >> 3]!
  const flags = u8[offset + command.PLACE_FLAGS]!
  return {
    account: frames.account(offset),
    market,
    side: u8[offset + command.PLACE_SIDE]!,
    orderType: u8[offset + command.PLACE_ORDER_TYPE]!,
    timeInForce: u8[offset + command.PLACE_TIME_IN_FORCE]!,
    selfTradePrevention: u8[offset + command.PLACE_SELF_TRADE_PREVENTION]!,
    flags,
    price: (flags & command.PLACE_HAS_PRICE) === 0 ? 0n : i64(command.PLACE_PRICE),
    quantity: i64(command.PLACE_QUANTITY),
    stopPrice: i64(command.PLACE_STOP_PRICE),
    displayQuantity: i64(command.PLACE_DISPLAY_QUANTITY),
    expiresAtUs: f64[(offset + command.PLACE_EXPIRES_AT) >> 3]!,
    trailingOffset: i64(command.PLACE_TRAILING_OFFSET),
    trailingBps: frames.u32[(offset + command.PLACE_TRAILING_BPS) >> 2]!,
    activationPrice: i64(command.PLACE_ACTIVATION_PRICE),
  }
}

/** Whether the terms go together. */
export function isSoundCombination(order: SpecialOrder): boolean {
  const { orderType, flags } = order
  if (order.displayQuantity !== 0n || (order.expiresAtUs !== 0) !== (order.timeInForce === GTD)) return false
  if ((flags & (command.PLACE_POST_ONLY | command.PLACE_BY_QUOTE)) !== 0) return false
  const isTrailingStop = isTrailing(orderType)
  if (isTrailingStop === (order.stopPrice !== 0n)) return false
  if (isTrailingStop ? (order.trailingOffset !== 0n) === (order.trailingBps !== 0) : order.trailingOffset !== 0n || order.trailingBps !== 0 || order.activationPrice !== 0n) return false
  const hasPrice = (flags & command.PLACE_HAS_PRICE) !== 0
  if (startsAsLimit(orderType)) return hasPrice
  // What is set aside for a buy is bounded by its price.
  return order.timeInForce !== GTC && order.timeInForce !== GTD && (hasPrice || order.side !== BUY)
}

/** The first fault of the prices of an order with terms. */
export function pricesFault(state: EngineState, order: SpecialOrder): RejectCode | undefined {
  const { stopPrice, trailingOffset, activationPrice } = order
  const hasPrice = (order.flags & command.PLACE_HAS_PRICE) !== 0
  for (const price of [...(hasPrice ? [order.price] : []), ...(stopPrice === 0n ? [] : [stopPrice]), ...(activationPrice === 0n ? [] : [activationPrice])]) {
    const fault = priceFault(state, order.market, price)
    if (fault !== undefined) return fault
  }
  if (trailingOffset < 0n) return 'price_not_positive'
  const isTooFar = trailingOffset > BigInt(state.memory.f64[order.market + layout.MARKET_MAX_PRICE]!) || order.trailingBps > MAX_TRAILING_BPS
  return isTooFar ? 'price_out_of_bounds' : undefined
}

/** Quantity and notional; an order without a price is measured at its stop price, a trailing stop without one not at all. */
export function amountFault(state: EngineState, order: SpecialOrder): RejectCode | undefined {
  const { i64 } = state.memory
  const { market, quantity } = order
  const fault = quantityFault(i64, market, quantity)
  if (fault !== undefined) return fault
  const price = order.price || order.stopPrice
  const notional = price * quantity * i64[market + layout.MARKET_NOTIONAL_UNIT]!
  if (price !== 0n && notional < i64[market + layout.MARKET_MIN_NOTIONAL]!) return 'notional_below_minimum'
  return notional > i64[market + layout.MARKET_MAX_NOTIONAL]! ? 'notional_above_maximum' : undefined
}

/** What is wrong beside the account's other orders, those of others, and the last trade. */
function standingFault(state: EngineState, order: SpecialOrder): RejectCode | undefined {
  const { i32 } = state.memory
  const { market } = order
  if (i32[intake.seat * 2 + SEAT_COUNT]! >= i32[market * 2 + layout.MARKET_MAX_OPEN_ORDERS]!) return 'too_many_open_orders'
  if (isTrailing(order.orderType)) {
    return i32[market * 2 + layout.MARKET_TRAILING]! >= state.limits.trailingStopsPerMarket ? 'too_many_trailing_stops' : undefined
  }
  return isTriggerMet(state, order) ? 'stop_would_trigger' : undefined
}

/** Whether the last trade meets the stop price already. */
export function isTriggerMet(state: EngineState, { market, side, orderType, stopPrice }: Pick<SpecialOrder, 'market' | 'side' | 'orderType' | 'stopPrice'>): boolean {
  const last = state.memory.i64[market + layout.MARKET_LAST_PRICE]!
  if (last === 0n) return false
  return directionOf(side, orderType) === UP ? last >= stopPrice : last <= stopPrice
}

function balanceFault(state: EngineState, order: SpecialOrder): RejectCode | undefined {
  const { i64 } = state.memory
  const isBuy = order.side === BUY
  const hold = isBuy ? order.price * order.quantity * i64[order.market + layout.MARKET_NOTIONAL_UNIT]! : order.quantity * i64[order.market + layout.MARKET_BASE_UNIT]!
  if (hold > state.balances.available(payingBalance(state, order.account, isBuy))) return 'insufficient_balance'
  i64[HOLD] = hold
  return undefined
}
