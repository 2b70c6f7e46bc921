/**
 * Whether the fees in force always bring in what rebates take out: in every market the smallest fee that a taker of any
 * tier may pay must cover the largest rebate that a maker of any tier may get.
 */
import { NONE_16 } from '../values/frames.js'
import type { MarketSpec } from '../domain/catalog.js'
import type { FeeTierFields } from '../domain/fee-frames.js'
import type { EngineState } from './state.js'

/** What decides about it: a copy of what is in force, for the caller to change as a command wants it. */
export interface FeeBook {
  readonly markets: Pick<MarketSpec, 'id' | 'base' | 'quote' | 'makerFeePpm' | 'takerFeePpm'>[]
  readonly tiers: FeeTierFields[]
}

export function feeBookOf(state: EngineState): FeeBook {
  const { schedules } = state
  return {
    markets: [...state.catalog.markets()],
    tiers: state.tiers.entries().map(({ market, tier, schedule }) => ({ market, tier, makerFeePpm: schedules.makerPpm(schedule), takerFeePpm: schedules.takerPpm(schedule) })),
  }
}

export function coversRebates({ markets, tiers }: FeeBook): boolean {
  // Most exchanges pay none.
  if (![...markets, ...tiers].some(({ makerFeePpm }) => makerFeePpm < 0)) return true
  const own = new Map(tiers.map((tier) => [tierKey(tier.market, tier.tier), tier]))
  const numbers = new Set(tiers.map(({ tier }) => tier))
  return markets.every((market) => {
    let largestRebate = -market.makerFeePpm
    let smallestFee = market.takerFeePpm
    for (const number of numbers) {
      const rates = own.get(tierKey(market.id, number)) ?? own.get(tierKey(NONE_16, number)) ?? market
      largestRebate = Math.max(largestRebate, -rates.makerFeePpm)
      smallestFee = Math.min(smallestFee, rates.takerFeePpm)
    }
    return largestRebate <= 0 || smallestFee >= largestRebate
  })
}

function tierKey(market: number, tier: number): number {
  return market * 256 + tier
}
