/** What each trade of the naive engine sets off among the orders that wait for a price, and how they start. */
import type { CancelReason, TradeExecuted } from '@bourse/core'
import { oppositeOf, rest } from './naive-book.js'
import { cancel, keepAlone } from './naive-cancel.js'
import { fit, fitExits } from './naive-exits.js'
import { faultOfResting } from './naive-guards.js'
import { match, probe, type MatchEnd } from './naive-matching.js'
import { isDone, orderStateOf, rests, termsOf, type NaiveOrder } from './naive-order.js'
import { placeOf, type NaiveMarket, type NaiveRun } from './naive-state.js'
import { follow, isMet, startsAsLimit, startsOnTheWayUp } from './naive-triggers.js'

/** Shows the new trades to the waiting orders one by one, then starts what they triggered, a bounded number. */
export function afterTrades(run: NaiveRun, market: NaiveMarket): void {
  collect(run, market)
  startTriggered(run, market)
}

export function startTriggered(run: NaiveRun, market: NaiveMarket): void {
  for (let i = 0; i < run.state.limits.activationsPerCommand; i++) {
    if (market.spec.state !== 'open') return
    const order = market.triggered.shift()
    if (order === undefined) return
    start(run, market, order)
    collect(run, market)
  }
}

function collect(run: NaiveRun, market: NaiveMarket): void {
  const trades = run.events.slice(run.examined).filter((event): event is TradeExecuted => event.type === 'trade.executed')
  for (const { price } of trades) show(run, market, price)
  fitExits(run, market, trades)
  run.examined = run.events.length
}

/** Shows one price to the waiting orders. */
export function show(run: NaiveRun, market: NaiveMarket, price: bigint): void {
  for (const order of market.waiting) if (order.orderType === 'trailing-stop') follow(order, price)
  const met = market.waiting.filter((order) => order.terms!.stopPrice > 0n && isMet(order, order.terms!.stopPrice, price))
  // On the way up the lowest stop price is met first, on the way down the highest; equal ones by acceptance.
  met.sort((a, b) => {
    const [up, alsoUp] = [startsOnTheWayUp(a), startsOnTheWayUp(b)]
    if (up !== alsoUp) return up ? -1 : 1
    const byPrice = Number(a.terms!.stopPrice - b.terms!.stopPrice)
    return (up ? byPrice : -byPrice) || a.orderId - b.orderId
  })
  for (const order of met) {
    if (!market.waiting.includes(order)) continue
    // An exit takes along what its entry traded in the same command.
    const bracket = run.state.brackets.find(({ exits }) => exits?.includes(order))
    if (bracket !== undefined) fit(run, bracket, placeOf(run.state, bracket.entry) === undefined)
    market.waiting.splice(market.waiting.indexOf(order), 1)
    market.triggered.push(order)
    order.updatedUs = run.frame.timestampUs
    run.emit({ type: 'order.triggered', ...orderStateOf(order), ...termsOf(order) })
    keepAlone(run, order)
  }
}

function start(run: NaiveRun, market: NaiveMarket, order: NaiveOrder): void {
  if (order.price === 0n) {
    const best = oppositeOf(market, order.side)[0]?.price
    if (best === undefined) return cancel(run, order, 'market_remainder', false)
    const width = (best * BigInt(market.spec.marketBandBps)) / 10_000n
    order.price = order.side === 'buy' ? best + width : best - width
  }
  if (order.timeInForce === 'fok' && probe(run.state, order).quantity < order.quantity) return cancel(run, order, 'fok_not_filled', false)
  // A new order like it would be refused.
  if (rests(order) && faultOfResting(market, order) !== undefined) return cancel(run, order, 'price_band', false)
  const end = match(run, order)
  if (isDone(order)) return
  if (rests(order) && end !== 'own_order' && end !== 'out_of_band') rest(run, order)
  else cancel(run, order, reasonOf(order, end), false)
}

function reasonOf(order: NaiveOrder, end: MatchEnd): CancelReason {
  if (end === 'out_of_band') return 'price_band'
  if (end === 'halted') return 'circuit_breaker'
  if (end === 'own_order') return 'self_trade_prevention'
  if (startsAsLimit(order.orderType)) return 'ioc_remainder'
  return end === 'out_of_limit' ? 'protection_price' : 'market_remainder'
}
