/** What the naive engine must do at a time, and the dead-man switch. */
import { AFTER_TIMEOUT_MS, MARKET_STATES, type RejectCode } from '@bourse/core'
import { expire } from './naive-cancel.js'
import type { NaiveOrder } from './naive-order.js'
import { liveOrders, type NaiveDeadline, type NaiveRun, type NaiveState } from './naive-state.js'

/** The earliest deadline; infinitely far where there is none. */
export function nextDeadline(state: NaiveState): number {
  return deadlinesInOrder(state)[0]?.atUs ?? Infinity
}

/** What will happen: by time, and at one time what was set first. An order that is gone does not expire. */
export function deadlinesInOrder(state: NaiveState): NaiveDeadline[] {
  const live = new Set(liveOrders(state).map(({ orderId }) => orderId))
  const awaited = state.deadlines.filter(({ kind, orderId }) => kind !== 'order' || live.has(orderId))
  return awaited.sort((a, b) => a.atUs - b.atUs || a.ticket - b.ticket)
}

/** Sets the deadline of an order that has just been accepted. */
export function awaitExpiry(state: NaiveState, { orderId, account, market, terms }: NaiveOrder): void {
  if (terms === undefined || terms.expiresAtUs === 0) return
  state.deadlines.push({ kind: 'order', atUs: terms.expiresAtUs, ticket: ++state.lastTicket, account, market, orderId })
}

/** Gives an order that lives another deadline. */
export function moveExpiry(state: NaiveState, order: NaiveOrder, expiresAtUs: number): void {
  state.deadlines = state.deadlines.filter(({ kind, orderId }) => kind !== 'order' || orderId !== order.orderId)
  order.terms!.expiresAtUs = expiresAtUs
  awaitExpiry(state, order)
}

/** Fires the first deadline. */
export function fireDeadline(run: NaiveRun): void {
  const { state } = run
  const [first, ...others] = deadlinesInOrder(state)
  const { kind, account, market, atUs, orderId } = first!
  state.deadlines = others
  if (kind === 'order') {
    expire(run, liveOrders(state).find((order) => order.orderId === orderId)!)
    return
  }
  if (kind === 'auction-end') {
    state.backlog.push({ kind: 'uncross', account: MARKET_STATES.indexOf('open'), market, reason: 'requested' })
    return
  }
  run.emit({ type: 'dead-man-switch.fired', account, market, dueAtUs: atUs })
  state.backlog.push({ kind: 'cancel-all', account, market, reason: 'dead_man_switch' })
}

export function setDeadManSwitch(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const { account, optionalMarket: market } = frame
  const timeoutMs = frame.u32(AFTER_TIMEOUT_MS)
  if (state.accounts[account] === undefined) return 'unknown_account'
  if (market !== undefined && state.markets[market] === undefined) return 'unknown_market'
  if (timeoutMs > 24 * 60 * 60 * 1000) return 'timeout_out_of_bounds'
  state.deadlines = state.deadlines.filter((deadline) => deadline.kind !== 'dead-man-switch' || deadline.account !== account || deadline.market !== market)
  const firesAtUs = timeoutMs === 0 ? undefined : frame.timestampUs + timeoutMs * 1000
  if (firesAtUs !== undefined) state.deadlines.push({ kind: 'dead-man-switch', atUs: firesAtUs, ticket: ++state.lastTicket, account, market, orderId: 0 })
  run.emit({ type: 'dead-man-switch.set', account, market, firesAtUs })
  return undefined
}
