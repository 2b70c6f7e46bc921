/**
 * Whether the fees in force always bring in what rebates take out: in every market the smallest fee that a taker of any
 * tier may pay, after the discount of a chosen asset and the referrer's share, must cover the largest rebate of any tier.
 */
import { NONE_16 } from '../values/frames.js'
import type { MarketSpec } from '../domain/catalog.js'
import type { FeeRateFields, FeeTierFields } from '../domain/frames/fee-frames.js'
import type { EngineState } from './state.js'

const MILLION = 1_000_000n

/** What decides about it: a copy of what is in force, for the caller to change as a command wants it. */
export interface FeeBook {
  readonly markets: readonly Pick<MarketSpec, 'id' | 'base' | 'quote' | 'makerFeePpm' | 'takerFeePpm'>[]
  readonly tiers: readonly FeeTierFields[]
  readonly rates: readonly FeeRateFields[]
  /** Largest share of a referrer, in parts per million, by the tier of the accounts that were referred. */
  readonly referrals: () => ReadonlyMap<number, number>
}

export function feeBookOf(state: EngineState): FeeBook {
  const { schedules } = state
  return {
    markets: state.catalog.markets(),
    tiers: state.tiers.entries().map(({ market, tier, schedule }) => ({ market, tier, makerFeePpm: schedules.makerPpm(schedule), takerFeePpm: schedules.takerPpm(schedule) })),
    rates: state.rates.entries(),
    referrals: () => referralsOf(state),
  }
}

function referralsOf({ accounts }: EngineState): Map<number, number> {
  const largest = new Map<number, number>()
  for (let account = 0; account < accounts.count; account++) {
    if (!accounts.hasSettings(account)) continue
    const { feeTier, referralPpm } = accounts.settings(account)
    if (referralPpm > (largest.get(feeTier) ?? 0)) largest.set(feeTier, referralPpm)
  }
  return largest
}

export function coversRebates(book: FeeBook): boolean {
  // Most exchanges pay none.
  if (![...book.markets, ...book.tiers].some(({ makerFeePpm }) => makerFeePpm < 0)) return true
  const referrals = book.referrals()
  const tiers = new Map(book.tiers.map((tier) => [tierKey(tier.market, tier.tier), tier]))
  const numbers = new Set([0, ...book.tiers.map(({ tier }) => tier)])
  return book.markets.every((market) => {
    const discounts = book.rates.filter(({ asset }) => asset === market.base || asset === market.quote).map(({ discountPpm }) => discountPpm)
    const kept = MILLION - BigInt(Math.max(0, ...discounts))
    let largestRebate = 0n
    let smallestFee: bigint | undefined
    for (const number of numbers) {
      const rates = tiers.get(tierKey(market.id, number)) ?? tiers.get(tierKey(NONE_16, number)) ?? market
      const fee = BigInt(rates.takerFeePpm) * kept * (MILLION - BigInt(referrals.get(number) ?? 0))
      if (-BigInt(rates.makerFeePpm) > largestRebate) largestRebate = -BigInt(rates.makerFeePpm)
      if (smallestFee === undefined || fee < smallestFee) smallestFee = fee
    }
    return smallestFee! >= largestRebate * MILLION * MILLION
  })
}

function tierKey(market: number, tier: number): number {
  return market * 256 + tier
}
