/** Rates of all tiers and markets in the naive engine, and whether the fees cover the rebates. */
import type { FeeRateFields, MarketSpec } from '@bourse/core'
import type { NaiveState, NaiveTier } from './naive-state.js'

const HALF_PPM = 500_000
const PPM = 1_000_000n

export interface Rates {
  readonly makerFeePpm: number
  readonly takerFeePpm: number
}

/** The rates of a tier in a market: the market's for that tier, else those for all markets, else the market's own fees. */
export function ratesOf(tiers: readonly NaiveTier[], feeTier: number, spec: MarketSpec): Rates {
  const ofTier = tiers.filter(({ tier }) => tier === feeTier)
  const found = ofTier.find(({ market }) => market === spec.id) ?? ofTier.find(({ market }) => market === undefined) ?? spec
  return { makerFeePpm: found.makerFeePpm, takerFeePpm: found.takerFeePpm }
}

/** Everything that decides about fees. */
export interface FeeBook {
  readonly markets: readonly MarketSpec[]
  readonly tiers: readonly NaiveTier[]
  readonly rates: readonly FeeRateFields[]
  readonly referrals: readonly { readonly feeTier: number; readonly referralPpm: number }[]
}

export function feeBookOf(state: NaiveState): FeeBook {
  return { markets: state.markets.map(({ spec }) => spec), tiers: state.tiers, rates: state.rates, referrals: state.accounts.map(({ settings }) => settings) }
}

export function areRatesSound({ makerFeePpm, takerFeePpm }: { makerFeePpm: number; takerFeePpm: number }): boolean {
  return makerFeePpm >= -HALF_PPM && makerFeePpm <= HALF_PPM && takerFeePpm >= 0 && takerFeePpm <= HALF_PPM
}

/** Whether in every market every taker's fee, with the largest discount and after the largest share of a referrer, covers every maker's rebate. */
export function coversRebates({ markets, tiers, rates, referrals }: FeeBook): boolean {
  const numbers = [0, ...tiers.map(({ tier }) => tier)]
  const largest = (values: readonly number[]): bigint => BigInt(Math.max(0, ...values))
  return markets.every((spec) => {
    const discount = largest(rates.flatMap(({ asset, discountPpm }) => (asset === spec.base || asset === spec.quote ? [discountPpm] : [])))
    const fees = numbers.map((tier) => {
      const share = largest(referrals.flatMap(({ feeTier, referralPpm }) => (feeTier === tier ? [referralPpm] : [])))
      return BigInt(ratesOf(tiers, tier, spec).takerFeePpm) * (PPM - discount) * (PPM - share)
    })
    const rebates = numbers.map((tier) => BigInt(-ratesOf(tiers, tier, spec).makerFeePpm) * PPM * PPM)
    return rebates.every((rebate) => rebate <= 0n || fees.every((fee) => fee >= rebate))
  })
}
