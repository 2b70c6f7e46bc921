/** Fee tiers and settings of accounts in the naive engine, and which rates an order gets. */
import { CHANGES_FEE_TIER, SETTINGS, SETTINGS_CHANGES, SETTINGS_FEE_TIER, TIER_MAKER_PPM, TIER_NUMBER, TIER_TAKER_PPM, type MarketSpec, type RejectCode } from '@bourse/core'
import type { NaiveRun, NaiveTier } from './naive-state.js'

const HALF_PPM = 500_000

export function defineFeeTier(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const market = frame.optionalMarket
  if (market !== undefined && state.markets[market] === undefined) return 'unknown_market'
  const tier = { tier: frame.u8(TIER_NUMBER), market, makerFeePpm: frame.i32(TIER_MAKER_PPM), takerFeePpm: frame.i32(TIER_TAKER_PPM) }
  if (tier.tier === 0 || !areRatesSound(tier)) return 'invalid_definition'
  const others = state.tiers.filter((known) => known.tier !== tier.tier || known.market !== market)
  if (!coversRebates({ markets: state.markets.map(({ spec }) => spec), tiers: [...others, tier] })) return 'rebate_not_covered'
  state.tiers.splice(0, Infinity, ...others, tier)
  run.emit({ type: 'fee-tier.defined', ...tier })
  return undefined
}

export function areRatesSound({ makerFeePpm, takerFeePpm }: { makerFeePpm: number; takerFeePpm: number }): boolean {
  return makerFeePpm >= -HALF_PPM && makerFeePpm <= HALF_PPM && takerFeePpm >= 0 && takerFeePpm <= HALF_PPM
}

export function updateAccount(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const account = state.accounts[frame.account]
  if (account === undefined) return 'unknown_account'
  const changes = frame.u8(SETTINGS + SETTINGS_CHANGES)
  if (changes > CHANGES_FEE_TIER) return 'malformed_frame'
  if (changes === 0) return 'invalid_combination'
  if (account.kind === 'world') return 'not_permitted'
  const feeTier = frame.u8(SETTINGS + SETTINGS_FEE_TIER)
  if (feeTier !== 0 && !state.tiers.some(({ tier }) => tier === feeTier)) return 'unknown_fee_tier'
  account.settings = { feeTier }
  run.emit({ type: 'account.updated', account: frame.account, feeTier })
  return undefined
}

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

/** Whether in every market every taker's fee covers every maker's rebate. */
export function coversRebates({ markets, tiers }: { markets: readonly MarketSpec[]; tiers: readonly NaiveTier[] }): boolean {
  const numbers = [0, ...tiers.map(({ tier }) => tier)]
  return markets.every((spec) => {
    const rates = numbers.map((tier) => ratesOf(tiers, tier, spec))
    return rates.every((maker) => maker.makerFeePpm >= 0 || rates.every((taker) => taker.takerFeePpm >= -maker.makerFeePpm))
  })
}
