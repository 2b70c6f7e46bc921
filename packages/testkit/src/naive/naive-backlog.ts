/** Work of the naive engine that one command may not finish: a bounded part in each command, the rest by `continue`. */
import type { CancelReason, RejectCode } from '@bourse/core'
import { fireDeadline, nextDeadline } from './naive-deadlines.js'
import { highestNotional, isWithinBand } from './naive-guards.js'
import { cancel } from './naive-matching.js'
import { liveOrders, type NaiveOrder, type NaiveRun, type NaiveState, type NaiveWork } from './naive-state.js'

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
export function enforceRules(run: NaiveRun, market: number, { newBand, newMinima }: RuleChange): void {
  const reason = run.state.markets[market]!.spec.state === 'delisted' ? 'market_delisted' : 'rule_changed'
  beginWork(run, { kind: 'rule-change', account: (newBand ? NEW_BAND : 0) + (newMinima ? NEW_MINIMA : 0), market, reason })
}

/** What was begun first is finished first; then the deadlines fire one by one, each finished before the next one. */
export function continueBacklog(run: NaiveRun): RejectCode | undefined {
  const { state } = run
  if (state.backlog.length === 0 && nextDeadline(state) > run.frame.timestampUs) return 'not_permitted'
  work(run)
  while (state.backlog.length === 0 && run.room > 0 && nextDeadline(state) <= run.frame.timestampUs) {
    run.room--
    fireDeadline(run)
    work(run)
  }
  return undefined
}

function beginWork(run: NaiveRun, item: NaiveWork): void {
  run.state.backlog.push(item)
  work(run)
}

/** Works on the oldest item until it is finished, then on the next one, as far as the command has room. */
function work(run: NaiveRun): void {
  const { backlog } = run.state
  while (backlog[0] !== undefined && run.room > 0) {
    const { left, reason } = ordersOf(run.state, backlog[0])
    const some = left.slice(0, run.room)
    run.room -= some.length
    for (const order of some) cancel(run, order, reason, true)
    if (some.length < left.length) return
    backlog.shift()
  }
}

/** The orders that an item still has to cancel, in their order. */
function ordersOf(state: NaiveState, { kind, account, market, reason }: NaiveWork): { left: NaiveOrder[]; reason: CancelReason } {
  if (kind === 'rule-change') {
    // Bids from the best, then asks from the best.
    const { bids, asks } = state.markets[market!]!
    return { left: [...bids, ...asks].filter((order) => breaksRules(state, order) || breaksNewRules(state, order, account)), reason }
  }
  // By market, and within a market the oldest first.
  const own = liveOrders(state).filter((order) => order.account === account && (market === undefined || order.market === market))
  return { left: own.sort((a, b) => a.market - b.market || a.orderId - b.orderId), reason }
}

function breaksRules(state: NaiveState, { market, price, leavesQuantity }: NaiveOrder): boolean {
  const { spec } = state.markets[market]!
  if (spec.state === 'delisted') return true
  if (price > spec.maxPrice || price % spec.tickSize !== 0n || leavesQuantity > spec.maxQuantity || leavesQuantity % spec.lotSize !== 0n) return true
  return price * leavesQuantity * spec.notionalUnit > highestNotional(spec)
}

/** What is left of an order that has traded is spared by new minima. */
function breaksNewRules(state: NaiveState, order: NaiveOrder, changes: number): boolean {
  const market = state.markets[order.market]!
  const { spec } = market
  if ((changes & NEW_BAND) !== 0 && !isWithinBand(market, order.price)) return true
  if ((changes & NEW_MINIMA) === 0 || order.filledQuantity > 0n) return false
  return order.leavesQuantity < spec.minQuantity || order.price * order.leavesQuantity * spec.notionalUnit < spec.minNotional
}
