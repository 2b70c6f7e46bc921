/** Changes of a market's state in the naive engine. */
import type { MarketState, StateReason } from '@bourse/core'
import type { NaiveMarket, NaiveRun, NaiveState } from './naive-state.js'

/** Changes the state, where it is another one, and tells it. */
export function enterState(run: NaiveRun, market: NaiveMarket, { to, reason }: { to: MarketState; reason: StateReason }): void {
  const { state } = run
  market.spec = { ...market.spec, state: to }
  market.haltedAtUs = reason === 'circuit_breaker' ? run.frame.timestampUs : 0
  if (to !== 'pre-open') forgetAuction(state, market)
  const end = state.deadlines.find((deadline) => deadline.kind === 'auction-end' && deadline.market === market.spec.id)
  run.emit({ type: 'market.state-changed', market: market.spec.id, state: to, reason, untilUs: end?.atUs ?? (market.haltedAtUs === 0 ? undefined : market.haltedAtUs + market.spec.haltMs * 1000) })
}

/** Takes away the end of a call, where one is set. */
export function forgetAuction(state: NaiveState, { spec }: NaiveMarket): void {
  state.deadlines = state.deadlines.filter(({ kind, market }) => kind !== 'auction-end' || market !== spec.id)
}

/** The circuit breaker stops trading before a trade that would be too far from the others. */
export function haltMarket(run: NaiveRun, market: NaiveMarket): void {
  enterState(run, market, { to: 'halted', reason: 'circuit_breaker' })
}
