/** Commands of market-maker protection in the naive engine, and the freeze at the end of a command. */
import { MAX_AMOUNT, PROTECT_FILLS, PROTECT_FROZEN_MS, PROTECT_QUANTITY, PROTECT_WINDOW_MS, type RejectCode } from '@bourse/core'
import { cancel } from './naive-cancel.js'
import { protectionOf } from './naive-fill-count.js'
import { quotesOf } from './naive-quotes.js'
import type { NaiveRun } from './naive-state.js'

export function protectQuotes(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const { account, market } = frame
  const quantity = frame.i64(PROTECT_QUANTITY)
  const [fills, windowMs, frozenMs] = [frame.u32(PROTECT_FILLS), frame.u32(PROTECT_WINDOW_MS), frame.u32(PROTECT_FROZEN_MS)]
  if (state.accounts[account] === undefined) return 'unknown_account'
  if (state.markets[market] === undefined) return 'unknown_market'
  if (state.accounts[account].kind === 'world') return 'not_permitted'
  if (quantity < 0n) return 'quantity_not_positive'
  if (quantity > MAX_AMOUNT) return 'quantity_above_maximum'
  if (windowMs > 60 * 60 * 1000 || frozenMs > 24 * 60 * 60 * 1000) return 'timeout_out_of_bounds'
  const isLimited = quantity > 0n || fills > 0
  if (windowMs > 0 ? !isLimited : isLimited || frozenMs > 0) return 'invalid_combination'
  const before = protectionOf(state, account, market)
  state.protections = state.protections.filter((protection) => protection !== before)
  if (windowMs > 0) state.protections.push({ account, market, quantity, fills, windowMs, frozenMs, window: undefined, frozenUntilUs: before?.frozenUntilUs ?? 0 })
  run.emit({ type: 'quotes.protected', account, market, quantity, fills, windowMs, frozenMs })
  return undefined
}

export function resetProtection(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const { account, market } = frame
  if (state.accounts[account] === undefined) return 'unknown_account'
  if (state.markets[market] === undefined) return 'unknown_market'
  const protection = protectionOf(state, account, market)
  if (protection === undefined) return 'protection_not_set'
  protection.window = undefined
  protection.frozenUntilUs = 0
  run.emit({ type: 'quotes.unfrozen', account, market })
  return undefined
}

/** At the end of a command: freezes those whose limits it has reached. */
export function freezeReached(run: NaiveRun): void {
  const { state } = run
  for (const protection of run.reached) {
    const { account, market, frozenMs, window } = protection
    const untilUs = frozenMs === 0 ? undefined : state.timestampUs + frozenMs * 1000
    protection.frozenUntilUs = untilUs ?? Infinity
    protection.window = undefined
    run.emit({ type: 'quotes.frozen', account, market, quantity: window!.quantity, fills: window!.fills, untilUs })
    for (const quote of quotesOf(state, { account, market: state.markets[market]! })) cancel(run, quote, 'market_maker_protection', true)
  }
}
