/** `order.place-oco` of the naive engine: two exits of one quantity, of which only one can happen. */
import {
  LEG_CLIENT_ORDER_ID,
  LEG_FLAGS,
  LEG_ORDER_TYPE,
  LEG_PRICE,
  LEG_STOP_PRICE,
  LEG_TIME_IN_FORCE,
  OCO_FLAGS,
  OCO_QUANTITY,
  OCO_SELF_TRADE_PREVENTION,
  OCO_SIDE,
  OCO_STOP_LOSS,
  OCO_TAKE_PROFIT,
  ORDER_TYPES,
  PLACE_HAS_PRICE,
  PLACE_IDEMPOTENT,
  SELF_TRADE_PREVENTIONS,
  SIDES,
  TIMES_IN_FORCE,
  type RejectCode,
} from '@bourse/core'
import type { FrameReader } from './frame-reader.js'
import { isBeyond, oppositeOf } from './naive-book.js'
import { enterExits, holdOf, type WantedExits } from './naive-exits.js'
import { faultOfResting } from './naive-guards.js'
import { available } from './naive-ledger.js'
import { orderOf } from './naive-new-order.js'
import { clientOrderIdOf } from './naive-order.js'
import { faultOfConditionalAmount, faultOfPrices, faultOfStop, isSoundConditional } from './naive-order-faults.js'
import { neededFeeHold } from './naive-order-fees.js'
import { recall, remember, type RequestKey } from './naive-requests.js'
import { faultOfTrader, liveOrders, type NaiveMarket, type NaiveRun, type NaiveState, type WantedOrder } from './naive-state.js'

export function placeOco(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const market = state.markets[frame.market]
  if (state.accounts[frame.account] === undefined) return 'unknown_account'
  if (market === undefined) return 'unknown_market'
  const wanted = readExits(frame, market)
  if (typeof wanted === 'string') return wanted
  const { takeProfit } = wanted
  const key: RequestKey = { requests: state.orderRequests, scope: frame.account, text: takeProfit.name }
  if (takeProfit.idempotent) {
    if (takeProfit.name === '') return 'malformed_text'
    const recalled = recall(run, key)
    if (recalled !== 'new') return recalled === 'repeated' ? undefined : 'duplicate_request'
  }
  const fault = faultOfExits(state, wanted) ?? faultOfStanding(state, wanted)
  if (fault !== undefined) return fault
  const hold = holdOf(state, wanted)
  const asset = takeProfit.side === 'buy' ? market.spec.quote : market.spec.base
  if (hold + neededFeeHold(orderOf(run, takeProfit), hold) > available(state, frame.account, asset)) return 'insufficient_balance'
  const [first] = enterExits(run, wanted)
  if (takeProfit.idempotent) remember(run, key, { limit: state.limits.orderRequests, orderId: first.orderId })
  return undefined
}

function readExits(frame: FrameReader, market: NaiveMarket): WantedExits | RejectCode {
  const side = frame.word(SIDES, OCO_SIDE)
  const selfTradePrevention = frame.word(SELF_TRADE_PREVENTIONS, OCO_SELF_TRADE_PREVENTION)
  const flags = frame.u8(OCO_FLAGS)
  if (side === undefined || selfTradePrevention === undefined || (flags & ~PLACE_IDEMPOTENT) !== 0) return 'malformed_frame'
  const common = { account: frame.account, market, side, selfTradePrevention, quantity: frame.i64(OCO_QUANTITY), idempotent: flags !== 0 }
  const legs = [readLeg(frame, OCO_TAKE_PROFIT, common), readLeg(frame, OCO_STOP_LOSS, common)]
  for (const leg of legs) if (leg === 'malformed_frame') return leg
  for (const leg of legs) if (typeof leg === 'string') return leg
  const [takeProfit, stopLoss] = legs as [WantedOrder, WantedOrder]
  return { takeProfit, stopLoss }
}

export function readLeg(frame: FrameReader, at: number, common: Pick<WantedOrder, 'account' | 'market' | 'side' | 'selfTradePrevention' | 'quantity' | 'idempotent'>): WantedOrder | RejectCode {
  const orderType = frame.word(ORDER_TYPES, at + LEG_ORDER_TYPE)
  const timeInForce = frame.word(TIMES_IN_FORCE, at + LEG_TIME_IN_FORCE)
  const flags = frame.u8(at + LEG_FLAGS)
  if (orderType === undefined || timeInForce === undefined || (flags & ~PLACE_HAS_PRICE) !== 0) return 'malformed_frame'
  const name = frame.text(at + LEG_CLIENT_ORDER_ID)
  if (name === undefined) return 'malformed_text'
  return {
    ...common,
    orderType,
    timeInForce,
    // A limit exit has to rest, and says so.
    postOnly: orderType === 'limit',
    quote: false,
    byQuote: false,
    askedPrice: undefined,
    slides: false,
    price: flags === 0 ? undefined : frame.i64(at + LEG_PRICE),
    name,
    terms: {
      stopPrice: frame.i64(at + LEG_STOP_PRICE),
      displayQuantity: 0n,
      expiresAtUs: 0,
      trailingOffset: 0n,
      trailingBps: 0,
      activationPrice: 0n,
      extreme: 0n,
      siblingOrderId: 0,
      follows: false,
    },
  }
}

/** What is wrong with the exits as they are written. */
function faultOfExits(state: NaiveState, { takeProfit, stopLoss }: WantedExits): RejectCode | undefined {
  const { spec } = takeProfit.market
  const standing = faultOfTrader(state.accounts[takeProfit.account]!)
  if (standing !== undefined) return standing
  if (spec.state !== 'open' && spec.state !== 'post-only') return 'market_not_open'
  // Both have a name of the client's, or neither.
  if ((takeProfit.name === '') !== (stopLoss.name === '')) return 'invalid_combination'
  if (!areSound({ takeProfit, stopLoss })) return 'invalid_combination'
  if (takeProfit.selfTradePrevention === 'none' && !spec.allowSelfTrade) return 'self_trade_prevention_required'
  for (const faultOf of [faultOfPrices, faultOfConditionalAmount]) {
    for (const leg of [takeProfit, stopLoss]) {
      const fault = faultOf(leg)
      if (fault !== undefined) return fault
    }
  }
  return undefined
}

/** One leg takes a profit and the other stops a loss, with the price between them. */
export function areSound({ takeProfit, stopLoss }: WantedExits): boolean {
  const isProfit = ['limit', 'take-profit', 'take-profit-limit'].includes(takeProfit.orderType)
  const isStop = ['stop-market', 'stop-limit'].includes(stopLoss.orderType)
  if (!isProfit || !isStop || !isSoundConditional(stopLoss)) return false
  if (takeProfit.orderType === 'limit') {
    if (takeProfit.timeInForce !== 'gtc' || takeProfit.price === undefined || takeProfit.terms!.stopPrice !== 0n) return false
  } else if (!isSoundConditional(takeProfit)) {
    return false
  }
  const profit = takeProfit.orderType === 'limit' ? takeProfit.price! : takeProfit.terms!.stopPrice
  return takeProfit.side === 'buy' ? profit < stopLoss.terms!.stopPrice : profit > stopLoss.terms!.stopPrice
}

/** What is wrong beside the account's other orders, the other side and the last trade. */
function faultOfStanding(state: NaiveState, { takeProfit, stopLoss }: WantedExits): RejectCode | undefined {
  const { market, account, side, price } = takeProfit
  const own = liveOrders(state).filter((order) => order.account === account)
  const names = [takeProfit.name, stopLoss.name].filter((name) => name !== '')
  if (names.some((name) => own.some((order) => clientOrderIdOf(order) === name)) || new Set(names).size < names.length) return 'duplicate_client_order_id'
  if (own.filter((order) => order.market === market.spec.id).length + 2 > market.spec.maxOpenOrders) return 'too_many_open_orders'
  if (takeProfit.orderType === 'limit') {
    const outside = faultOfResting(market, { side, price: price! })
    if (outside !== undefined) return outside
    const best = oppositeOf(market, side)[0]?.price
    if (best !== undefined && !isBeyond(best, { side, price: price! })) return 'would_take_liquidity'
  }
  return faultOfStop(takeProfit) ?? faultOfStop(stopLoss)
}
