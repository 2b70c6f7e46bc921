/** When an order of the naive engine starts that waits for a price, and how trailing stops follow the trades. */
import type { OrderType, Side } from '@bourse/core'
import type { NaiveOrder } from './naive-order.js'
import type { NaiveRun } from './naive-state.js'

/** Whether orders of a type wait for a price. */
export function isConditional(orderType: OrderType): boolean {
  return orderType !== 'limit' && orderType !== 'market'
}

/** Conditional types that trade like a limit order once they start. */
export function startsAsLimit(orderType: OrderType): boolean {
  return orderType === 'stop-limit' || orderType === 'take-profit-limit'
}

/** Whether a last price starts an order: stops go with the price, take-profits against it. */
export function isMet(order: { side: Side; orderType: OrderType }, stopPrice: bigint, last: bigint): boolean {
  return startsOnTheWayUp(order) ? last >= stopPrice : last <= stopPrice
}

/** Whether the price must rise for the order to start. */
export function startsOnTheWayUp({ side, orderType }: { side: Side; orderType: OrderType }): boolean {
  const takesProfit = orderType === 'take-profit' || orderType === 'take-profit-limit'
  return (side === 'buy') !== takesProfit
}

/** Adds an accepted order to those that wait. */
export function wait(run: NaiveRun, order: NaiveOrder): void {
  const market = run.state.markets[order.market]!
  const terms = order.terms!
  if (order.orderType === 'trailing-stop') {
    const activated = market.lastPrice !== 0n && activates(order, market.lastPrice)
    terms.follows = terms.activationPrice === 0n || activated
  }
  market.waiting.push(order)
}

function activates({ side, terms }: NaiveOrder, price: bigint): boolean {
  return side === 'sell' ? price >= terms!.activationPrice : price <= terms!.activationPrice
}

/** A trailing stop keeps the best price that it has seen, and its stop price at a distance from it. */
export function follow(order: NaiveOrder, price: bigint): void {
  const terms = order.terms!
  if (!terms.follows && activates(order, price)) terms.follows = true
  if (!terms.follows) return
  const isBetter = order.side === 'sell' ? price > terms.extreme : price < terms.extreme
  if (terms.extreme !== 0n && !isBetter) return
  terms.extreme = price
  if (terms.trailingOffset !== 0n) {
    terms.stopPrice = order.side === 'sell' ? price - terms.trailingOffset : price + terms.trailingOffset
    return
  }
  const tenThousandth = price * BigInt(order.side === 'sell' ? 10_000 - terms.trailingBps : 10_000 + terms.trailingBps)
  // A last price is a whole number: below the exact stop price is at or below its floor, and so upwards.
  terms.stopPrice = order.side === 'sell' ? tenThousandth / 10_000n : (tenThousandth + 9_999n) / 10_000n
}
