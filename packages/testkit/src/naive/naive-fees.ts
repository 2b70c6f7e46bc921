/** Fee tiers and settings of accounts in the naive engine, and which rates an order gets. */
import { CHANGES_FEE_TIER, SETTINGS, SETTINGS_CHANGES, SETTINGS_FEE_TIER, TIER_MAKER_PPM, TIER_NUMBER, TIER_TAKER_PPM, type MarketSpec, type RejectCode } from '@bourse/core'
import type { NaiveRun, NaiveState } from './naive-state.js'

const HALF_PPM = 500_000

export function defineFeeTier(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const market = frame.optionalMarket
  if (market !== undefined && state.markets[market] === undefined) return 'unknown_market'
  const tier = { tier: frame.u8(TIER_NUMBER), market, makerFeePpm: frame.i32(TIER_MAKER_PPM), takerFeePpm: frame.i32(TIER_TAKER_PPM) }
  if (tier.tier === 0 || !areRatesSound(tier)) return 'invalid_definition'
  const place = state.tiers.findIndex((known) => known.tier === tier.tier && known.market === market)
  state.tiers.splice(place < 0 ? state.tiers.length : place, 1, tier)
  run.emit({ type: 'fee-tier.defined', ...tier })
  return undefined
}

export function areRatesSound({ makerFeePpm, takerFeePpm }: { makerFeePpm: number; takerFeePpm: number }): boolean {
  return makerFeePpm >= 0 && makerFeePpm <= HALF_PPM && takerFeePpm >= 0 && takerFeePpm <= HALF_PPM
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

/** The rates of an account's tier in a market: the market's for that tier, else those for all markets, else the market's own fees. */
export function ratesOf(state: NaiveState, account: number, spec: MarketSpec): { makerFeePpm: number; takerFeePpm: number } {
  const { feeTier } = state.accounts[account]!.settings
  const found =
    state.tiers.find(({ tier, market }) => tier === feeTier && market === spec.id) ?? state.tiers.find(({ tier, market }) => tier === feeTier && market === undefined) ?? spec
  return { makerFeePpm: found.makerFeePpm, takerFeePpm: found.takerFeePpm }
}
