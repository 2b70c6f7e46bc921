/**
 * The binary layout of the commands and events about fees and about the settings of accounts.
 *
 * | frame | bytes | header | body |
 * |---|---|---|---|
 * | fees.define-tier, fee-tier.defined | 48 | market or none | 32 u8 tier, 36 i32 maker rate, 40 i32 taker rate (parts per million) |
 * | fees.set-rate, fee-rate.set | 56 | asset | 32 u16 feeAsset, 36 u32 discount in parts per million, 40 i64 feeAssetAmount, 48 i64 assetAmount |
 * | account.update, account.updated | 48 | account | 32 settings |
 * | order.fee-held | 56 | account, market, asset | 32 f64 orderId, 40 i64 change, 48 i64 held |
 *
 * Settings, 16 bytes: u8 which of them the command changes (bits below; 0 in events), 1 u8 fee tier,
 * 2 u16 fee asset or 0xffff, 4 u32 referrer or 0xffffffff, 8 u32 referral share in parts per million,
 * 12 u8 frozen (place in `FREEZES`), 13 u8 1: keeps its orders (command only).
 *
 * Special fees of a party in a trade, 40 bytes: i64 rebate, 8 i64 assetFee, 16 i64 feeReleased, 24 i64 referral,
 * 32 u16 feeAsset, 34 u8 source (place in `FEE_SOURCES`), 36 u32 referrer or 0xffffffff.
 */
import { NONE_16, NONE_32, type FrameBuffer } from '../../values/frames.js'
import type { AccountSettings } from '../catalog.js'
import { ACCOUNT_UPDATE, COMMAND_BYTES, FEES_DEFINE_TIER, FEES_SET_RATE } from './command-frames.js'
import type { SpecialFee } from '../events/events.js'
import { FEE_SOURCES, FREEZES } from '../vocabulary.js'

/** Highest number of a fee tier; 0 stands for the fees of the market's own rules. */
export const MAX_FEE_TIER = 255

/** Byte offsets inside the frames, from the frame's first byte. */
export const TIER_NUMBER = 32
export const TIER_MAKER_PPM = 36
export const TIER_TAKER_PPM = 40
export const RATE_FEE_ASSET = 32
export const RATE_DISCOUNT_PPM = 36
export const RATE_FEE_ASSET_AMOUNT = 40
export const RATE_ASSET_AMOUNT = 48
export const FEE_HELD_ORDER_ID = 32
export const FEE_HELD_CHANGE = 40
export const FEE_HELD_TOTAL = 48
export const SETTINGS = 32
/** Inside the settings. */
export const SETTINGS_CHANGES = 0
export const SETTINGS_FEE_TIER = 1
export const SETTINGS_FEE_ASSET = 2
export const SETTINGS_REFERRER = 4
export const SETTINGS_REFERRAL_PPM = 8
export const SETTINGS_FROZEN = 12
export const SETTINGS_KEEP_ORDERS = 13

/** Bits of what `account.update` changes; the referrer and its share are one. */
export const CHANGES_FEE_TIER = 1
export const CHANGES_FEE_ASSET = 2
export const CHANGES_REFERRER = 4
export const CHANGES_FROZEN = 8

/** Rates in parts per million. */
export interface FeeTierFields {
  tier: number
  /** `NONE_16`: all markets that have no rates of their own for the tier. */
  market: number
  makerFeePpm: number
  takerFeePpm: number
}

export function writeFeesDefineTier(frames: FrameBuffer, tier: FeeTierFields): number {
  const offset = frames.append(COMMAND_BYTES[FEES_DEFINE_TIER]!, FEES_DEFINE_TIER)
  frames.u16[(offset + 24) >> 1] = tier.market
  writeFeeTier(frames, offset, tier)
  return offset
}

/** Writes what a command and an event about a tier have in common, but for the header. */
export function writeFeeTier(frames: FrameBuffer, offset: number, tier: Omit<FeeTierFields, 'market'>): void {
  frames.u8[offset + TIER_NUMBER] = tier.tier
  frames.u32[(offset + TIER_MAKER_PPM) >> 2] = tier.makerFeePpm
  frames.u32[(offset + TIER_TAKER_PPM) >> 2] = tier.takerFeePpm
}

/** Reads what {@link writeFeesDefineTier} wrote. */
export function readFeeTier(frames: FrameBuffer, offset: number): FeeTierFields {
  return {
    tier: frames.u8[offset + TIER_NUMBER]!,
    market: frames.market(offset),
    makerFeePpm: frames.u32[(offset + TIER_MAKER_PPM) >> 2]! | 0,
    takerFeePpm: frames.u32[(offset + TIER_TAKER_PPM) >> 2]! | 0,
  }
}

/** So many units of one asset pay a fee of so many units of another, less a discount. */
export interface FeeRateFields {
  /** What fees may be paid in. */
  feeAsset: number
  /** What the fee would be charged in otherwise. */
  asset: number
  /** 0: the fee asset pays no fees in this asset. */
  feeAssetAmount: bigint
  assetAmount: bigint
  discountPpm: number
}

export function writeFeesSetRate(frames: FrameBuffer, rate: FeeRateFields): number {
  const offset = frames.append(COMMAND_BYTES[FEES_SET_RATE]!, FEES_SET_RATE)
  frames.u16[(offset + 24) >> 1] = NONE_16
  frames.u16[(offset + 26) >> 1] = rate.asset
  writeFeeRate(frames, offset, rate)
  return offset
}

/** Writes what a command and an event about a rate have in common, but for the header. */
export function writeFeeRate(frames: FrameBuffer, offset: number, rate: Omit<FeeRateFields, 'asset'>): void {
  frames.u16[(offset + RATE_FEE_ASSET) >> 1] = rate.feeAsset
  frames.u32[(offset + RATE_DISCOUNT_PPM) >> 2] = rate.discountPpm
  frames.i64[(offset + RATE_FEE_ASSET_AMOUNT) >> 3] = rate.feeAssetAmount
  frames.i64[(offset + RATE_ASSET_AMOUNT) >> 3] = rate.assetAmount
}

/** Reads what {@link writeFeesSetRate} wrote. */
export function readFeeRate(frames: FrameBuffer, offset: number): FeeRateFields {
  return {
    feeAsset: frames.u16[(offset + RATE_FEE_ASSET) >> 1]!,
    asset: frames.asset(offset),
    feeAssetAmount: frames.i64[(offset + RATE_FEE_ASSET_AMOUNT) >> 3]!,
    assetAmount: frames.i64[(offset + RATE_ASSET_AMOUNT) >> 3]!,
    discountPpm: frames.u32[(offset + RATE_DISCOUNT_PPM) >> 2]!,
  }
}

/** What shall change of an account's settings; what is not given stays. */
export function writeAccountUpdate(frames: FrameBuffer, account: number, changes: Partial<AccountSettings> & { readonly keepOrders?: boolean }): number {
  const offset = frames.append(COMMAND_BYTES[ACCOUNT_UPDATE]!, ACCOUNT_UPDATE)
  frames.u32[(offset + 4) >> 2] = account
  frames.u16[(offset + 24) >> 1] = NONE_16
  const at = offset + SETTINGS
  writeSettings(frames, at, { ...DEFAULT_SETTINGS, ...changes })
  frames.u8[at + SETTINGS_CHANGES] =
    ('feeTier' in changes ? CHANGES_FEE_TIER : 0) | ('feeAsset' in changes ? CHANGES_FEE_ASSET : 0) | ('referrer' in changes ? CHANGES_REFERRER : 0) | ('frozen' in changes ? CHANGES_FROZEN : 0)
  frames.u8[at + SETTINGS_KEEP_ORDERS] = changes.keepOrders === true ? 1 : 0
  return offset
}

/** What an account has that nobody has changed. */
export const DEFAULT_SETTINGS: AccountSettings = { feeTier: 0, feeAsset: undefined, referrer: undefined, referralPpm: 0, frozen: 'none' }

/** Writes settings at `at`: the same in commands and in events. */
export function writeSettings(frames: FrameBuffer, at: number, settings: AccountSettings): void {
  frames.u8[at + SETTINGS_FEE_TIER] = settings.feeTier
  frames.u16[(at + SETTINGS_FEE_ASSET) >> 1] = settings.feeAsset ?? NONE_16
  frames.u32[(at + SETTINGS_REFERRER) >> 2] = settings.referrer ?? NONE_32
  frames.u32[(at + SETTINGS_REFERRAL_PPM) >> 2] = settings.referralPpm
  frames.u8[at + SETTINGS_FROZEN] = FREEZES.indexOf(settings.frozen)
}

/** Reads what {@link writeSettings} wrote. */
export function readSettings(frames: FrameBuffer, at: number): AccountSettings {
  const feeAsset = frames.u16[(at + SETTINGS_FEE_ASSET) >> 1]!
  const referrer = frames.u32[(at + SETTINGS_REFERRER) >> 2]!
  return {
    feeTier: frames.u8[at + SETTINGS_FEE_TIER]!,
    feeAsset: feeAsset === NONE_16 ? undefined : feeAsset,
    referrer: referrer === NONE_32 ? undefined : referrer,
    referralPpm: frames.u32[(at + SETTINGS_REFERRAL_PPM) >> 2]!,
    // The engine has refused what is no place in the list.
    frozen: FREEZES[frames.u8[at + SETTINGS_FROZEN]!] ?? 'none',
  }
}

/** A trade with special fees: its size, and where those of its parties stand. */
export const SPECIAL_TRADE_BYTES = 280
export const SPECIAL_FEE_MAKER = 200
export const SPECIAL_FEE_TAKER = 240
/** Inside the special fees of a party. */
export const SPECIAL_REFERRAL = 24
export const SPECIAL_REFERRER = 36

/** Writes the special fees of a party at `at`. */
export function writeSpecialFee(frames: FrameBuffer, at: number, fee: SpecialFee): void {
  frames.i64[at >> 3] = fee.rebate
  frames.i64[(at + 8) >> 3] = fee.assetFee
  frames.i64[(at + 16) >> 3] = fee.feeReleased
  frames.i64[(at + SPECIAL_REFERRAL) >> 3] = fee.referral
  frames.u16[(at + 32) >> 1] = fee.feeAsset
  frames.u8[at + 34] = FEE_SOURCES.indexOf(fee.source)
  frames.u32[(at + SPECIAL_REFERRER) >> 2] = fee.referrer ?? NONE_32
}

/** Reads what {@link writeSpecialFee} wrote. */
export function readSpecialFee(frames: FrameBuffer, at: number): SpecialFee {
  const referrer = frames.u32[(at + SPECIAL_REFERRER) >> 2]!
  return {
    feeAsset: frames.u16[(at + 32) >> 1]!,
    source: FEE_SOURCES[frames.u8[at + 34]!]!,
    rebate: frames.i64[at >> 3]!,
    assetFee: frames.i64[(at + 8) >> 3]!,
    feeReleased: frames.i64[(at + 16) >> 3]!,
    referrer: referrer === NONE_32 ? undefined : referrer,
    referral: frames.i64[(at + SPECIAL_REFERRAL) >> 3]!,
  }
}
