/** Work of the naive engine that one command may not finish: a bounded part in each command, the rest by `continue`. */
import { MARKET_STATES, type CancelReason, type RejectCode } from '@bourse/core'
import { uncross } from './naive-auction.js'
import { cancel } from './naive-cancel.js'
import { fireDeadline, nextDeadline } from './naive-deadlines.js'
import { highestNotional, isWithinBand } from './naive-guards.js'
import type { NaiveOrder } from './naive-order.js'
import { liveOrders, placeOf, type NaiveMarket, type NaiveRun, type NaiveState, type NaiveWork } from './naive-state.js'
import { startTriggered } from './naive-waiting.js'

export function cancelAll(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  if (state.accounts[frame.account] === undefined) return 'unknown_account'
  if (frame.optionalMarket !== undefined && state.markets[frame.optionalMarket] === undefined) return 'unknown_market'
  beginWork(run, { kind: 'cancel-all', account: frame.account, market: frame.optionalMarket, reason: 'requested' })
  return undefined
}

/** How the account of a rule change says what is new. */
const NEW_BAND = 1
const NEW_MINIMA = 2

/** What resting orders may break because it is new. */
interface RuleChange {
  readonly newBand: boolean
  readonly newMinima: boolean
}

/** Begins to cancel what breaks the present rules of a market. */
export function enforceRules(run: NaiveRun, market: number, { newBand, newMinima }: RuleChange, then: NaiveWork[] = []): void {
  const reason = run.state.markets[market]!.spec.state === 'delisted' ? 'market_delisted' : 'rule_changed'
  beginWork(run, { kind: 'rule-change', account: (newBand ? NEW_BAND : 0) + (newMinima ? NEW_MINIMA : 0), market, reason }, ...then)
}

/** What was begun first is finished first; then the deadlines fire one by one, each finished before the next one. */
export function continueBacklog(run: NaiveRun): RejectCode | undefined {
  const { state } = run
  if (!hasWork(state) && nextDeadline(state) > run.frame.timestampUs) return 'not_permitted'
  work(run)
  const market = state.backlog.length === 0 ? marketToActivate(state) : undefined
  if (market !== undefined) startTriggered(run, market)
  while (!hasWork(state) && run.room > 0 && nextDeadline(state) <= run.frame.timestampUs) {
    run.room--
    fireDeadline(run)
    work(run)
  }
  return undefined
}

/** Whether `continue` has something to do before the next command. */
export function hasWork(state: NaiveState): boolean {
  return state.backlog.length > 0 || marketToActivate(state) !== undefined
}

/** The market that trades and has triggered orders which have not started. */
function marketToActivate(state: NaiveState): NaiveMarket | undefined {
  return state.markets.find(({ spec, triggered }) => spec.state === 'open' && triggered.length > 0)
}

export function beginWork(run: NaiveRun, ...items: NaiveWork[]): void {
  run.state.backlog.push(...items)
  work(run)
}

/** Works on the oldest item until it is finished, then on the next one, as far as the command has room. */
function work(run: NaiveRun): void {
  const { backlog } = run.state
  while (backlog[0] !== undefined && run.room > 0) {
    if (backlog[0].kind === 'uncross') {
      if (!uncross(run, run.state.markets[backlog[0].market!]!, MARKET_STATES[backlog[0].account]!)) return
      backlog.shift()
      continue
    }
    // One by one: an exit takes the other one with it.
    for (;;) {
      const { left, reason } = ordersOf(run.state, backlog[0])
      if (left[0] === undefined) break
      if (run.room === 0) return
      run.room--
      cancel(run, left[0], reason, true)
    }
    backlog.shift()
  }
}

/** The orders that an item still has to cancel, in their order. */
function ordersOf(state: NaiveState, { kind, account, market, reason }: NaiveWork): { left: NaiveOrder[]; reason: CancelReason } {
  if (kind === 'rule-change') {
    // Bids from the best, then asks from the best, then what waits and what was triggered.
    const { bids, asks, waiting, triggered } = state.markets[market!]!
    return { left: [...bids, ...asks, ...waiting, ...triggered].filter((order) => breaksRules(state, order) || breaksNewRules(state, order, account)), reason }
  }
  // By market, and within a market the oldest first.
  const own = liveOrders(state).filter((order) => order.account === account && (market === undefined || order.market === market))
  return { left: own.sort((a, b) => a.market - b.market || a.orderId - b.orderId), reason }
}

function breaksRules(state: NaiveState, order: NaiveOrder): boolean {
  const { market, orderType, price, leavesQuantity, terms } = order
  const { spec } = state.markets[market]!
  if (spec.state === 'delisted') return true
  const prices = [price]
  const bracket = state.brackets.find(({ entry }) => entry === order)
  for (const leg of bracket === undefined ? [] : [bracket.takeProfit, bracket.stopLoss]) prices.push(leg.price ?? 0n, leg.terms!.stopPrice)
  // The stop price of a trailing stop is computed; what a resting order once waited for is over.
  if (placeOf(state, order)?.rests === false) prices.push(terms!.activationPrice, orderType === 'trailing-stop' ? 0n : terms!.stopPrice)
  if (prices.some((each) => each > spec.maxPrice || each % spec.tickSize !== 0n) || leavesQuantity > spec.maxQuantity || leavesQuantity % spec.lotSize !== 0n) return true
  if ((terms?.displayQuantity ?? 0n) % spec.lotSize !== 0n) return true
  return price * leavesQuantity * spec.notionalUnit > highestNotional(spec)
}

/** What is left of an order that has traded is spared by new minima. */
function breaksNewRules(state: NaiveState, order: NaiveOrder, changes: number): boolean {
  const market = state.markets[order.market]!
  const { spec } = market
  const waits = placeOf(state, order)?.rests === false
  // What waits meets the band when it starts.
  if ((changes & NEW_BAND) !== 0 && !waits && !isWithinBand(market, order.price)) return true
  if ((changes & NEW_MINIMA) === 0 || order.filledQuantity > 0n) return false
  if (waits && order.price === 0n && order.orderType === 'trailing-stop') return order.leavesQuantity < spec.minQuantity
  const measured = waits && order.price === 0n ? order.terms!.stopPrice : order.price
  return order.leavesQuantity < spec.minQuantity || measured * order.leavesQuantity * spec.notionalUnit < spec.minNotional
}
