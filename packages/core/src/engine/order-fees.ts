/** Resolves the fees of an order when it is accepted: they stay with it from then on. */
import { MARKET_ID, MARKET_SCHEDULE } from '../matching/market-layout.js'
import { ORDER_SCHEDULE } from '../matching/order-layout.js'
import type { EngineState } from './state.js'

/** Gives an accepted order of an account that has settings the rates of its tier; without rates for the tier, the market's own. */
export function attachFees(state: EngineState, order: number, account: number, market: number): void {
  const { i32 } = state.memory
  const tier = state.accounts.feeTier(account)
  i32[order * 2 + ORDER_SCHEDULE] = state.tiers.schedule(tier, i32[market * 2 + MARKET_ID]!) || i32[market * 2 + MARKET_SCHEDULE]!
}
