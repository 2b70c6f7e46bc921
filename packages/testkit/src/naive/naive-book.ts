/** The lists of a naive market: an order enters its side of the book and leaves it. */
import { orderStateOf, type NaiveOrder } from './naive-order.js'
import { placeOf, type NaiveMarket, type NaiveRun, type NaiveState } from './naive-state.js'

/** The orders that an order of this side trades with, best first. */
export function oppositeOf(market: NaiveMarket, side: 'buy' | 'sell'): NaiveOrder[] {
  return side === 'buy' ? market.asks : market.bids
}

/** Whether a maker's price is beyond what a taker accepts. */
export function isBeyond(price: bigint, taker: { side: 'buy' | 'sell'; price: bigint }): boolean {
  return taker.side === 'buy' ? price > taker.price : price < taker.price
}

/** Puts an order behind all of its price and better. */
export function rest(run: NaiveRun, order: NaiveOrder): void {
  const market = run.state.markets[order.market]!
  const list = order.side === 'buy' ? market.bids : market.asks
  const place = list.findIndex(({ price }) => (order.side === 'buy' ? price < order.price : price > order.price))
  list.splice(place < 0 ? list.length : place, 0, order)
  const display = order.terms?.displayQuantity ?? 0n
  const isRefresh = order.displayed !== undefined
  if (display !== 0n) order.displayed = smaller(display, order.leavesQuantity)
  if (isRefresh) run.emit({ type: 'order.refreshed', ...orderStateOf(order), displayedQuantity: order.displayed! })
  else run.emit({ type: 'order.rested', ...orderStateOf(order), ...displayedOf(order.displayed) })
}

/** What an event of a resting iceberg tells beside the order. */
export function displayedOf(quantity: bigint | undefined): { displayedQuantity?: bigint } {
  return quantity === undefined ? {} : { displayedQuantity: quantity }
}

/** Takes an order out of the list that it stands in. @returns whether that was a side of the book. */
export function unrest(state: NaiveState, order: NaiveOrder): boolean {
  const place = placeOf(state, order)
  place?.list.splice(place.list.indexOf(order), 1)
  return place?.rests ?? false
}

export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
