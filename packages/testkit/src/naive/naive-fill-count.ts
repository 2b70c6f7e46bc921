/** Fills of protected quotes in the naive engine, counted against their limits, and who is frozen. */
import type { NaiveOrder } from './naive-order.js'
import type { NaiveProtection, NaiveRun, NaiveState } from './naive-state.js'

/** The protection of an account in a market, where it has one. */
export function protectionOf(state: NaiveState, account: number, market: number): NaiveProtection | undefined {
  return state.protections.find((protection) => protection.account === account && protection.market === market)
}

/** Whether the limits of a protection were reached and the account may not quote yet. */
export function isFrozen(state: NaiveState, account: number, market: number): boolean {
  return (protectionOf(state, account, market)?.frozenUntilUs ?? 0) > state.timestampUs
}

/** Counts a fill of a resting quote while the market is open. */
export function countFill(run: NaiveRun, quote: NaiveOrder, quantity: bigint): void {
  const { state } = run
  const protection = protectionOf(state, quote.account, quote.market)
  if (protection === undefined || state.markets[quote.market]!.spec.state !== 'open') return
  const { window } = protection
  const isOver = window === undefined || state.timestampUs >= window.startUs + protection.windowMs * 1000
  const before = isOver ? { startUs: state.timestampUs, fills: 0, quantity: 0n } : window
  const after = { startUs: before.startUs, fills: before.fills + 1, quantity: before.quantity + quantity }
  protection.window = after
  const isReached = (protection.fills > 0 && after.fills >= protection.fills) || (protection.quantity > 0n && after.quantity >= protection.quantity)
  if (isReached && !run.reached.includes(protection)) run.reached.push(protection)
}
