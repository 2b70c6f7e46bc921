/** What is wrong with a wanted order in the naive engine: the ladder of rejects. */
import type { MarketSpec, RejectCode } from '@bourse/core'
import { isBeyond, oppositeOf } from './naive-book.js'
import { faultOfResting, highestNotional } from './naive-guards.js'
import { clientOrderIdOf, hasNone, rests, type NaiveTerms } from './naive-order.js'
import { faultOfTrader, liveOrders, type NaiveState, type WantedOrder } from './naive-state.js'
import { isConditional, isMet, startsAsLimit } from './naive-triggers.js'

/** What is wrong with the order as it is written. */
export function faultOfTerms(state: NaiveState, order: WantedOrder): RejectCode | undefined {
  const { timestampUs } = state
  const { spec } = order.market
  const standing = faultOfTrader(state.accounts[order.account]!)
  if (standing !== undefined) return standing
  const isCollected = spec.state === 'pre-open' && order.orderType === 'limit' && rests(order) && !order.postOnly
  if (spec.state !== 'open' && spec.state !== 'post-only' && !isCollected) return 'market_not_open'
  if (order.slides && !(order.orderType === 'limit' && rests(order) && order.postOnly)) return 'invalid_combination'
  if (order.terms !== undefined && isConditional(order.orderType)) return faultOfConditional(order, order.terms, timestampUs)
  if (order.terms !== undefined) {
    const { stopPrice, trailingOffset, trailingBps, activationPrice, expiresAtUs } = order.terms
    if (order.orderType !== 'limit' || !rests(order) || (order.timeInForce === 'gtd') !== (expiresAtUs !== 0)) return 'invalid_combination'
    if (hasNone(order.terms) && !order.slides) return 'invalid_combination'
    if (stopPrice !== 0n || trailingOffset !== 0n || trailingBps !== 0 || activationPrice !== 0n) return 'invalid_combination'
  }
  if (order.orderType === 'limit' && (order.byQuote || order.price === undefined)) return 'invalid_combination'
  if (order.orderType === 'market' && order.timeInForce === 'gtc') return 'invalid_combination'
  if (order.postOnly && !(order.orderType === 'limit' && rests(order))) return 'invalid_combination'
  if (order.byQuote && (order.timeInForce === 'fok' || order.selfTradePrevention === 'decrement')) return 'invalid_combination'
  if (spec.state === 'post-only' && !rests(order)) return 'market_not_open'
  if (order.selfTradePrevention === 'none' && !spec.allowSelfTrade) return 'self_trade_prevention_required'
  if (order.timeInForce === 'gtd' && order.terms!.expiresAtUs <= timestampUs) return 'expiry_not_in_future'
  const fault = order.price === undefined || order.askedPrice === undefined ? undefined : (faultOfPrice(spec, order.askedPrice) ?? faultOfPrice(spec, order.price))
  if (fault !== undefined) return fault
  return isDisplayable(spec, order) ? faultOfAmount(spec, order) : 'display_quantity_out_of_bounds'
}

/** An iceberg displays whole lots, less than all, in at most a hundred parts. */
function isDisplayable(spec: MarketSpec, { terms, quantity }: WantedOrder): boolean {
  const display = terms?.displayQuantity ?? 0n
  if (display === 0n) return true
  if (display < 0n || display % spec.lotSize !== 0n) return false
  return quantity <= 0n || (display < quantity && display * 100n >= quantity)
}

/** As above for an order that waits for a price. */
function faultOfConditional(order: WantedOrder, terms: NaiveTerms, timestampUs: number): RejectCode | undefined {
  if (!isSoundConditional(order)) return 'invalid_combination'
  if (order.selfTradePrevention === 'none' && !order.market.spec.allowSelfTrade) return 'self_trade_prevention_required'
  if (order.timeInForce === 'gtd' && terms.expiresAtUs <= timestampUs) return 'expiry_not_in_future'
  return faultOfPrices(order) ?? faultOfConditionalAmount(order)
}

/** Each type of order with the terms that it needs and no others. */
export function isSoundConditional(order: WantedOrder): boolean {
  const { stopPrice, trailingOffset, trailingBps, activationPrice, displayQuantity, expiresAtUs } = order.terms!
  if (displayQuantity !== 0n || (expiresAtUs !== 0) !== (order.timeInForce === 'gtd')) return false
  if (order.postOnly || order.byQuote) return false
  const trails = (trailingOffset !== 0n ? 1 : 0) + (trailingBps !== 0 ? 1 : 0)
  if (order.orderType === 'trailing-stop' ? stopPrice !== 0n || trails !== 1 : stopPrice === 0n || trails !== 0 || activationPrice !== 0n) return false
  if (startsAsLimit(order.orderType)) return order.price !== undefined
  return !rests(order) && (order.side === 'sell' || order.price !== undefined)
}

/** What is wrong with the prices of an order with terms. */
export function faultOfPrices(order: WantedOrder): RejectCode | undefined {
  const { spec } = order.market
  const { stopPrice, activationPrice, trailingOffset, trailingBps } = order.terms!
  for (const price of [order.price, stopPrice || undefined, activationPrice || undefined]) {
    const fault = price === undefined ? undefined : faultOfPrice(spec, price)
    if (fault !== undefined) return fault
  }
  if (trailingOffset < 0n) return 'price_not_positive'
  return trailingOffset > spec.maxPrice || trailingBps > 9_999 ? 'price_out_of_bounds' : undefined
}

export function faultOfConditionalAmount(order: WantedOrder): RejectCode | undefined {
  const { spec } = order.market
  const fault = faultOfQuantity(spec, order.quantity)
  if (fault !== undefined) return fault
  const measured = order.price ?? order.terms!.stopPrice
  const notional = measured * order.quantity * spec.notionalUnit
  if (measured !== 0n && notional < spec.minNotional) return 'notional_below_minimum'
  return notional > highestNotional(spec) ? 'notional_above_maximum' : undefined
}

/** What is wrong with a conditional order beside the last trade and the trailing stops of others. */
export function faultOfTrigger(state: NaiveState, order: WantedOrder): RejectCode | undefined {
  const { waiting } = order.market
  if (order.orderType === 'trailing-stop') {
    const trailing = waiting.filter(({ orderType }) => orderType === 'trailing-stop')
    return trailing.length >= state.limits.trailingStopsPerMarket ? 'too_many_trailing_stops' : undefined
  }
  return faultOfStop(order)
}

/** A stop price that the last trade meets already. */
export function faultOfStop(order: WantedOrder): RejectCode | undefined {
  const { lastPrice } = order.market
  return isConditional(order.orderType) && lastPrice !== 0n && isMet(order, order.terms!.stopPrice, lastPrice) ? 'stop_would_trigger' : undefined
}

export function faultOfPrice(spec: MarketSpec, price: bigint): RejectCode | undefined {
  if (price <= 0n) return 'price_not_positive'
  if (price > spec.maxPrice) return 'price_out_of_bounds'
  if (price % spec.tickSize !== 0n) return 'price_not_multiple_of_tick_size'
  return undefined
}

export function faultOfQuantity(spec: MarketSpec, quantity: bigint): RejectCode | undefined {
  if (quantity <= 0n) return 'quantity_not_positive'
  if (quantity > spec.maxQuantity) return 'quantity_above_maximum'
  if (quantity % spec.lotSize !== 0n) return 'quantity_not_multiple_of_lot_size'
  if (quantity < spec.minQuantity) return 'quantity_below_minimum'
  return undefined
}

function faultOfAmount(spec: MarketSpec, order: WantedOrder): RejectCode | undefined {
  if (order.byQuote) {
    if (order.quantity <= 0n) return 'quantity_not_positive'
    if (order.quantity < spec.minNotional) return 'notional_below_minimum'
    return order.quantity > highestNotional(spec) ? 'notional_above_maximum' : undefined
  }
  const fault = faultOfQuantity(spec, order.quantity)
  if (fault !== undefined || order.orderType === 'market') return fault
  return order.price! * order.quantity * spec.notionalUnit < spec.minNotional ? 'notional_below_minimum' : undefined
}

/** What is wrong with it beside the account's other orders. */
export function faultOfStanding(state: NaiveState, order: WantedOrder): RejectCode | undefined {
  const own = liveOrders(state).filter(({ account }) => account === order.account)
  if (order.name !== '' && own.some((live) => clientOrderIdOf(live) === order.name)) return 'duplicate_client_order_id'
  const here = own.filter(({ market }) => market === order.market.spec.id)
  if ((rests(order) || isConditional(order.orderType)) && here.length >= order.market.spec.maxOpenOrders) return 'too_many_open_orders'
  return undefined
}

/** What is wrong with it in front of the other side of the book. */
export function faultOfLiquidity(order: WantedOrder): RejectCode | undefined {
  const { market } = order
  const best = oppositeOf(market, order.side)[0]?.price
  if (order.orderType === 'market') {
    if (best === undefined) return 'no_liquidity'
    if (order.byQuote) return undefined
    const notional = best * order.quantity * market.spec.notionalUnit
    if (notional < market.spec.minNotional) return 'notional_below_minimum'
    return notional > highestNotional(market.spec) ? 'notional_above_maximum' : undefined
  }
  if (order.price! * order.quantity * market.spec.notionalUnit > highestNotional(market.spec)) return 'notional_above_maximum'
  const fault = rests(order) ? faultOfResting(market, { side: order.side, price: order.price! }) : undefined
  if (fault !== undefined) return fault
  const mustRest = order.postOnly || market.spec.state === 'post-only'
  return mustRest && best !== undefined && !isBeyond(best, { side: order.side, price: order.price! }) ? 'would_take_liquidity' : undefined
}
