/** What the naive engine must do at a time, and the dead-man switch. */
import { AFTER_TIMEOUT_MS, type RejectCode } from '@bourse/core'
import type { NaiveRun, NaiveState } from './naive-state.js'

/** The earliest deadline; infinitely far where there is none. */
export function nextDeadline(state: NaiveState): number {
  return Math.min(Infinity, ...state.deadlines.map(({ atUs }) => atUs))
}

/** Fires the earliest deadline; of those at one time the one that was set first. */
export function fireDeadline(run: NaiveRun): void {
  const { state } = run
  const [deadline] = state.deadlines.sort((a, b) => a.atUs - b.atUs || a.ticket - b.ticket).splice(0, 1)
  const { account, market, atUs } = deadline!
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
  state.deadlines = state.deadlines.filter((deadline) => deadline.account !== account || deadline.market !== market)
  const firesAtUs = timeoutMs === 0 ? undefined : frame.timestampUs + timeoutMs * 1000
  if (firesAtUs !== undefined) state.deadlines.push({ kind: 'dead-man-switch', atUs: firesAtUs, ticket: ++state.lastTicket, account, market })
  run.emit({ type: 'dead-man-switch.set', account, market, firesAtUs })
  return undefined
}
