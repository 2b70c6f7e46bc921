/** Commands about fees and settings of accounts in the naive engine. */
import {
  CHANGES_FEE_ASSET,
  CHANGES_FEE_TIER,
  CHANGES_FROZEN,
  CHANGES_REFERRER,
  FREEZES,
  MAX_AMOUNT,
  NONE_16,
  NONE_32,
  RATE_ASSET_AMOUNT,
  RATE_DISCOUNT_PPM,
  RATE_FEE_ASSET,
  RATE_FEE_ASSET_AMOUNT,
  SETTINGS,
  SETTINGS_CHANGES,
  SETTINGS_FEE_ASSET,
  SETTINGS_FEE_TIER,
  SETTINGS_FROZEN,
  SETTINGS_KEEP_ORDERS,
  SETTINGS_REFERRAL_PPM,
  SETTINGS_REFERRER,
  TIER_MAKER_PPM,
  TIER_NUMBER,
  TIER_TAKER_PPM,
  type AccountSettings,
  type FeeRateFields,
  type RejectCode,
} from '@bourse/core'
import type { FrameReader } from './frame-reader.js'
import { beginWork } from './naive-backlog.js'
import { areRatesSound, coversRebates, feeBookOf } from './naive-fee-book.js'
import { FEES, type NaiveRun, type NaiveState } from './naive-state.js'

const ALL_PPM = 1_000_000

export function defineFeeTier(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const market = frame.optionalMarket
  if (market !== undefined && state.markets[market] === undefined) return 'unknown_market'
  const tier = { tier: frame.u8(TIER_NUMBER), market, makerFeePpm: frame.i32(TIER_MAKER_PPM), takerFeePpm: frame.i32(TIER_TAKER_PPM) }
  if (tier.tier === 0 || !areRatesSound(tier)) return 'invalid_definition'
  const others = state.tiers.filter((known) => known.tier !== tier.tier || known.market !== market)
  if (!coversRebates({ ...feeBookOf(state), tiers: [...others, tier] })) return 'rebate_not_covered'
  state.tiers.splice(0, Infinity, ...others, tier)
  run.emit({ type: 'fee-tier.defined', ...tier })
  return undefined
}

export function setFeeRate(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const rate: FeeRateFields = {
    feeAsset: frame.u16(RATE_FEE_ASSET),
    asset: frame.asset,
    feeAssetAmount: frame.i64(RATE_FEE_ASSET_AMOUNT),
    assetAmount: frame.i64(RATE_ASSET_AMOUNT),
    discountPpm: frame.u32(RATE_DISCOUNT_PPM),
  }
  const { feeAsset, asset, feeAssetAmount, assetAmount, discountPpm } = rate
  if (state.assets[feeAsset] === undefined || state.assets[asset] === undefined) return 'unknown_asset'
  if (feeAssetAmount < 0n || feeAssetAmount > MAX_AMOUNT || assetAmount <= 0n || assetAmount > MAX_AMOUNT || discountPpm > ALL_PPM) return 'invalid_definition'
  const others = state.rates.filter((known) => known.feeAsset !== feeAsset || known.asset !== asset)
  const rates = feeAssetAmount === 0n ? others : [...others, rate]
  // An asset is worth itself.
  if (feeAssetAmount !== 0n && feeAsset === asset && feeAssetAmount !== assetAmount) return 'invalid_definition'
  if (feeAssetAmount !== 0n && !coversRebates({ ...feeBookOf(state), rates })) return 'rebate_not_covered'
  state.rates.splice(0, Infinity, ...rates)
  run.emit({ type: 'fee-rate.set', ...rate })
  return undefined
}

export function updateAccount(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const account = state.accounts[frame.account]
  if (account === undefined) return 'unknown_account'
  const changes = frame.u8(SETTINGS + SETTINGS_CHANGES)
  const frozen = frame.word(FREEZES, SETTINGS + SETTINGS_FROZEN)
  const keepOrders = frame.u8(SETTINGS + SETTINGS_KEEP_ORDERS)
  if (changes > (CHANGES_FEE_TIER | CHANGES_FEE_ASSET | CHANGES_REFERRER | CHANGES_FROZEN) || frozen === undefined || keepOrders > 1) return 'malformed_frame'
  if (changes === 0) return 'invalid_combination'
  if (account.kind === 'world') return 'not_permitted'
  const settings = settingsAfter(account.settings, changes, frame)
  const fault = faultOfSettings(state, frame.account, settings)
  if (fault !== undefined) return fault
  account.settings = settings
  run.emit({ type: 'account.updated', account: frame.account, ...settings })
  if ((changes & CHANGES_FROZEN) !== 0 && keepOrders === 0 && (settings.frozen === 'trading' || settings.frozen === 'all')) {
    beginWork(run, { kind: 'cancel-all', account: frame.account, market: undefined, reason: 'account_frozen' })
  }
  return undefined
}

function settingsAfter(before: AccountSettings, changes: number, frame: FrameReader): AccountSettings {
  const after: { -readonly [Key in keyof AccountSettings]: AccountSettings[Key] } = { ...before }
  if ((changes & CHANGES_FEE_TIER) !== 0) after.feeTier = frame.u8(SETTINGS + SETTINGS_FEE_TIER)
  if ((changes & CHANGES_FEE_ASSET) !== 0) {
    const feeAsset = frame.u16(SETTINGS + SETTINGS_FEE_ASSET)
    after.feeAsset = feeAsset === NONE_16 ? undefined : feeAsset
  }
  if ((changes & CHANGES_REFERRER) !== 0) {
    const referrer = frame.u32(SETTINGS + SETTINGS_REFERRER)
    after.referrer = referrer === NONE_32 ? undefined : referrer
    after.referralPpm = frame.u32(SETTINGS + SETTINGS_REFERRAL_PPM)
  }
  if ((changes & CHANGES_FROZEN) !== 0) after.frozen = frame.word(FREEZES, SETTINGS + SETTINGS_FROZEN)!
  return after
}

function faultOfSettings(state: NaiveState, account: number, { feeTier, feeAsset, referrer, referralPpm }: AccountSettings): RejectCode | undefined {
  if (feeTier !== 0 && !state.tiers.some(({ tier }) => tier === feeTier)) return 'unknown_fee_tier'
  if (feeAsset !== undefined && state.assets[feeAsset] === undefined) return 'unknown_asset'
  if (referrer === undefined) return referralPpm === 0 ? undefined : 'invalid_definition'
  if (state.accounts[referrer] === undefined) return 'unknown_account'
  if (referralPpm > ALL_PPM) return 'invalid_definition'
  if (referrer === FEES || state.accounts[referrer].kind === 'world') return 'not_permitted'
  if (state.accounts[referrer].group === state.accounts[account]!.group) return 'invalid_combination'
  return coversRebates({ ...feeBookOf(state), referrals: [{ feeTier, referralPpm }] }) ? undefined : 'rebate_not_covered'
}
