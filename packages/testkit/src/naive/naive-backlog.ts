/** Cancelling many orders in the naive engine, a bounded number in each command. */
import type { CancelReason, RejectCode } from '@bourse/core'
import { cancel } from './naive-matching.js'
import { liveOrders, type NaiveOrder, type NaiveRun, type NaiveState } from './naive-state.js'

export function cancelAll(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  if (state.accounts[frame.account] === undefined) return 'unknown_account'
  if (frame.optionalMarket !== undefined && state.markets[frame.optionalMarket] === undefined) return 'unknown_market'
  cancelOwn(run, frame.account, frame.optionalMarket)
  return undefined
}

export function continueBacklog(run: NaiveRun): RejectCode | undefined {
  const { backlog } = run.state
  if (backlog === undefined) return 'not_permitted'
  run.state.backlog = undefined
  if (backlog.kind === 'cancel-all') cancelOwn(run, backlog.account, backlog.market)
  else enforceRules(run, backlog.market!)
  return undefined
}

/** Cancels what breaks the present rules of a market: bids from the best, then asks from the best. */
export function enforceRules(run: NaiveRun, market: number): void {
  const { state } = run
  const { spec, bids, asks } = state.markets[market]!
  const reason = spec.state === 'delisted' ? 'market_delisted' : 'rule_changed'
  const breaking = [...bids, ...asks].filter((order) => breaksRules(state, order))
  if (cancelSome(run, breaking, reason)) state.backlog = { kind: 'rule-change', account: 0, market }
}

/** Cancels an account's orders by market, and within a market the oldest first. */
function cancelOwn(run: NaiveRun, account: number, market: number | undefined): void {
  const own = liveOrders(run.state).filter((order) => order.account === account && (market === undefined || order.market === market))
  own.sort((a, b) => a.market - b.market || a.orderId - b.orderId)
  if (cancelSome(run, own, 'requested')) run.state.backlog = { kind: 'cancel-all', account, market }
}

/** Tells whether some are left for a continuation. */
function cancelSome(run: NaiveRun, orders: readonly NaiveOrder[], reason: CancelReason): boolean {
  const { cancelsPerCommand } = run.state.limits
  for (const order of orders.slice(0, cancelsPerCommand)) cancel(run, order, reason, true)
  return orders.length > cancelsPerCommand
}

/** A remainder below a minimum is spared. */
function breaksRules(state: NaiveState, { market, price, leavesQuantity }: NaiveOrder): boolean {
  const { spec } = state.markets[market]!
  if (spec.state === 'delisted') return true
  return price > spec.maxPrice || price % spec.tickSize !== 0n || leavesQuantity > spec.maxQuantity || leavesQuantity % spec.lotSize !== 0n
}
