/**
 * Examines an `order.place-oco` before anything is changed.
 *
 * The first rule that it breaks is the reject it gets, in this order: account, market, bytes of the frame,
 * repetition, kind of account, state of the market, combination of the legs, self-trade prevention; prices of the
 * take-profit leg and of the stop-loss leg; quantity and notional; names; count of open orders; price band and other
 * side for a limit leg, a trigger that is met already; balance.
 */
import type { FrameBuffer } from '../values/frames.js'
import { isEmptyInWords, isTextOrEmptyInWords } from '../values/text-words.js'
import * as command from '../domain/frames/command-frames.js'
import * as frame from '../domain/frames/linked-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { ORDER_TYPES, SELF_TRADE_PREVENTIONS, TIMES_IN_FORCE } from '../domain/vocabulary.js'
import * as layout from '../matching/market-layout.js'
import { ALLOW, BUY } from '../matching/order-layout.js'
import { HOLD } from '../matching/registers.js'
import { SEAT_COUNT } from '../matching/seat-layout.js'
import { amountFault, isSoundCombination, isTriggerMet, pricesFault } from './examine-conditional.js'
import type { SpecialOrder } from './special-order.js'
import { feeHoldFault, intake, payingBalance } from './examine-order.js'
import { guardFault } from './guarded-market.js'
import { recognise } from './request-memory.js'
import type { EngineState } from './state.js'

const STATE_POST_ONLY = 1
const LIMIT = ORDER_TYPES.indexOf('limit')
const GTC = TIMES_IN_FORCE.indexOf('gtc')
const TAKE_PROFIT_TYPES: readonly number[] = [LIMIT, ORDER_TYPES.indexOf('take-profit'), ORDER_TYPES.indexOf('take-profit-limit')]
const STOP_LOSS_TYPES: readonly number[] = [ORDER_TYPES.indexOf('stop-market'), ORDER_TYPES.indexOf('stop-limit')]

/** What both legs have in common. */
export interface ExitPair {
  readonly account: number
  /** Row of the market. */
  readonly market: number
  readonly side: number
  readonly selfTradePrevention: number
  readonly quantity: bigint
}

/** What the examination found out beyond the frame and `intake`. */
export const oco = {
  /** What the dearer leg needs. */
  hold: 0n,
}

/** Finds the first rule that the command breaks; changes nothing but `intake` and {@link oco}. */
export function examineOco(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | 'repeated' | undefined {
  const account = frames.account(offset)
  const marketId = frames.market(offset)
  if (account >= state.accounts.count) return 'unknown_account'
  if (marketId >= state.markets.count) return 'unknown_market'
  if (!isWellFormed(frames, offset)) return 'malformed_frame'
  const names = [frame.OCO_TAKE_PROFIT, frame.OCO_STOP_LOSS].map((leg) => (offset + leg + frame.LEG_CLIENT_ORDER_ID) >> 2)
  if (!names.every((name) => isTextOrEmptyInWords(frames.u32, name))) return 'malformed_text'
  if (frames.u8[offset + frame.OCO_FLAGS] !== 0) {
    if (isEmptyInWords(frames.u32, names[0]!)) return 'malformed_text'
    const textAt = frame.OCO_TAKE_PROFIT + frame.LEG_CLIENT_ORDER_ID
    const seen = recognise(state, { window: state.orderRequests, frames, offset, textAt, scope: account })
    if (seen !== 'new') return seen === 'repeated' ? 'repeated' : 'duplicate_request'
  }
  const standing = state.accounts.tradingFault(account)
  if (standing !== undefined) return standing
  const market = state.markets.rows[marketId]!
  const { i32 } = state.memory
  if (i32[market * 2 + layout.MARKET_STATE]! > STATE_POST_ONLY) return 'market_not_open'
  const pair = readPair(frames, offset, market)
  const takeProfit = readLeg(frames, offset + frame.OCO_TAKE_PROFIT, pair)
  const stopLoss = readLeg(frames, offset + frame.OCO_STOP_LOSS, pair)
  // Both have a name of the client's, or neither: an id must not become the name of the one that the other was given.
  if (isEmptyInWords(frames.u32, names[0]!) !== isEmptyInWords(frames.u32, names[1]!)) return 'invalid_combination'
  if (!areSoundExits(takeProfit, stopLoss)) return 'invalid_combination'
  if (pair.selfTradePrevention === ALLOW && i32[market * 2 + layout.MARKET_ALLOW_SELF_TRADE] === 0) return 'self_trade_prevention_required'
  intake.market = market
  intake.seat = state.seats.find(account, marketId)
  intake.hasSettings = state.accounts.hasSettings(account)
  intake.unfillable = false
  const fault = pricesFault(state, takeProfit) ?? pricesFault(state, stopLoss) ?? amountFault(state, takeProfit) ?? amountFault(state, stopLoss) ?? namesFault(state, frames, account, names)
  if (fault !== undefined) return fault
  if (i32[intake.seat * 2 + SEAT_COUNT]! + 2 > i32[market * 2 + layout.MARKET_MAX_OPEN_ORDERS]!) return 'too_many_open_orders'
  const last = standingFault(state, takeProfit, stopLoss) ?? holdFault(state, takeProfit, stopLoss)
  return last === undefined && intake.hasSettings ? feeHoldFault(state, account, pair.side === BUY) : last
}

function isWellFormed(frames: FrameBuffer, offset: number): boolean {
  const { u8 } = frames
  return (
    u8[offset + frame.OCO_SIDE]! <= 1 &&
    u8[offset + frame.OCO_SELF_TRADE_PREVENTION]! < SELF_TRADE_PREVENTIONS.length &&
    (u8[offset + frame.OCO_FLAGS]! & ~command.PLACE_IDEMPOTENT) === 0 &&
    isWellFormedLeg(frames, offset + frame.OCO_TAKE_PROFIT) &&
    isWellFormedLeg(frames, offset + frame.OCO_STOP_LOSS)
  )
}

/** Whether every byte of the leg at `at` is one that the vocabulary knows. */
export function isWellFormedLeg({ u8 }: FrameBuffer, at: number): boolean {
  return u8[at + frame.LEG_ORDER_TYPE]! < ORDER_TYPES.length && u8[at + frame.LEG_TIME_IN_FORCE]! < TIMES_IN_FORCE.length && (u8[at + frame.LEG_FLAGS]! & ~command.PLACE_HAS_PRICE) === 0
}

/** Reads what both legs have in common. */
export function readPair(frames: FrameBuffer, offset: number, market: number): ExitPair {
  return {
    account: frames.account(offset),
    market,
    side: frames.u8[offset + frame.OCO_SIDE]!,
    selfTradePrevention: frames.u8[offset + frame.OCO_SELF_TRADE_PREVENTION]!,
    quantity: frames.i64[(offset + frame.OCO_QUANTITY) >> 3]!,
  }
}

/** Reads the leg at `at` as the order that it will be. */
export function readLeg(frames: FrameBuffer, at: number, pair: ExitPair): SpecialOrder {
  const { u8, i64 } = frames
  const flags = u8[at + frame.LEG_FLAGS]!
  return exitOf(pair, {
    orderType: u8[at + frame.LEG_ORDER_TYPE]!,
    timeInForce: u8[at + frame.LEG_TIME_IN_FORCE]!,
    flags,
    price: (flags & command.PLACE_HAS_PRICE) === 0 ? 0n : i64[(at + frame.LEG_PRICE) >> 3]!,
    stopPrice: i64[(at + frame.LEG_STOP_PRICE) >> 3]!,
  })
}

/** A leg as the order that it will be. */
export function exitOf(pair: ExitPair, leg: Pick<SpecialOrder, 'orderType' | 'timeInForce' | 'flags' | 'price' | 'stopPrice'>): SpecialOrder {
  return { ...pair, ...leg, displayQuantity: 0n, expiresAtUs: 0, trailingOffset: 0n, trailingBps: 0, activationPrice: 0n }
}

/** Whether one leg takes a profit and the other stops a loss, with the price between them. */
export function areSoundExits(takeProfit: SpecialOrder, stopLoss: SpecialOrder): boolean {
  if (!TAKE_PROFIT_TYPES.includes(takeProfit.orderType) || !STOP_LOSS_TYPES.includes(stopLoss.orderType)) return false
  if (!isSoundCombination(stopLoss)) return false
  const isLimit = takeProfit.orderType === LIMIT
  if (isLimit ? takeProfit.timeInForce !== GTC || takeProfit.flags === 0 || takeProfit.stopPrice !== 0n : !isSoundCombination(takeProfit)) return false
  const profit = profitOf(takeProfit)
  return takeProfit.side === BUY ? profit < stopLoss.stopPrice : profit > stopLoss.stopPrice
}

/** The price at which a take-profit leg takes its profit. */
export function profitOf({ orderType, price, stopPrice }: SpecialOrder): bigint {
  return orderType === LIMIT ? price : stopPrice
}

function namesFault(state: EngineState, frames: FrameBuffer, account: number, names: readonly number[]): RejectCode | undefined {
  const { u32 } = frames
  const given = names.filter((name) => !isEmptyInWords(u32, name))
  if (given.some((name) => state.names.find(account, u32, name) !== 0)) return 'duplicate_client_order_id'
  const [one, other] = given.map((name) => frames.text(name * 4))
  return one !== undefined && one === other ? 'duplicate_client_order_id' : undefined
}

/** A limit leg has to rest, and no trigger may be met already. */
function standingFault(state: EngineState, takeProfit: SpecialOrder, stopLoss: SpecialOrder): RejectCode | undefined {
  const { market, side } = takeProfit
  const isBuy = side === BUY
  if (takeProfit.orderType === LIMIT) {
    const price = Number(takeProfit.price)
    const fault = guardFault(state, { market, isBuy, price, notional: 0n, rests: true })
    if (fault !== undefined) return fault
    const level = state.books.best(market, side ^ 1)
    if (level !== 0 && (isBuy ? state.books.price(level) <= price : state.books.price(level) >= price)) return 'would_take_liquidity'
  } else if (isTriggerMet(state, takeProfit)) {
    return 'stop_would_trigger'
  }
  return isTriggerMet(state, stopLoss) ? 'stop_would_trigger' : undefined
}

function holdFault(state: EngineState, takeProfit: SpecialOrder, stopLoss: SpecialOrder): RejectCode | undefined {
  const { account, market, side, quantity } = takeProfit
  const { i64 } = state.memory
  const dearer = takeProfit.price > stopLoss.price ? takeProfit.price : stopLoss.price
  oco.hold = side === BUY ? dearer * quantity * i64[market + layout.MARKET_NOTIONAL_UNIT]! : quantity * i64[market + layout.MARKET_BASE_UNIT]!
  if (oco.hold > state.balances.available(payingBalance(state, account, side === BUY))) return 'insufficient_balance'
  i64[HOLD] = oco.hold
  return undefined
}
