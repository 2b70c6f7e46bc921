/**
 * The binary layout of the commands and events about fees and about the settings of accounts.
 *
 * | frame | bytes | header | body |
 * |---|---|---|---|
 * | fees.define-tier, fee-tier.defined | 48 | market or none | 32 u8 tier, 36 i32 maker rate, 40 i32 taker rate (parts per million) |
 * | account.update | 48 | account | 32 settings |
 * | account.updated | 48 | account | 32 settings |
 *
 * Settings, 16 bytes: u8 which of them the command changes (bits below; 0 in events), 1 u8 fee tier.
 * Special fees of a party in a trade, 16 bytes: i64 rebate, 8 bytes spare.
 */
import { NONE_16, type FrameBuffer } from '../values/frames.js'
import type { AccountSettings } from './catalog.js'
import { ACCOUNT_UPDATE, COMMAND_BYTES, FEES_DEFINE_TIER } from './command-frames.js'
import type { SpecialFee } from './events.js'

/** Highest number of a fee tier; 0 stands for the fees of the market's own rules. */
export const MAX_FEE_TIER = 255

/** Byte offsets inside the frames, from the frame's first byte. */
export const TIER_NUMBER = 32
export const TIER_MAKER_PPM = 36
export const TIER_TAKER_PPM = 40
export const SETTINGS = 32
/** Inside the settings. */
export const SETTINGS_CHANGES = 0
export const SETTINGS_FEE_TIER = 1

/** Bits of what `account.update` changes. */
export const CHANGES_FEE_TIER = 1

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

/** What shall change of an account's settings; what is not given stays. */
export function writeAccountUpdate(frames: FrameBuffer, account: number, changes: Partial<AccountSettings>): number {
  const offset = frames.append(COMMAND_BYTES[ACCOUNT_UPDATE]!, ACCOUNT_UPDATE)
  frames.u32[(offset + 4) >> 2] = account
  frames.u16[(offset + 24) >> 1] = NONE_16
  const at = offset + SETTINGS
  writeSettings(frames, at, { ...DEFAULT_SETTINGS, ...changes })
  frames.u8[at + SETTINGS_CHANGES] = changes.feeTier === undefined ? 0 : CHANGES_FEE_TIER
  return offset
}

/** What an account has that nobody has changed. */
export const DEFAULT_SETTINGS: AccountSettings = { feeTier: 0 }

/** Writes settings at `at`: the same in commands and in events. */
export function writeSettings(frames: FrameBuffer, at: number, settings: AccountSettings): void {
  frames.u8[at + SETTINGS_FEE_TIER] = settings.feeTier
}

/** Reads what {@link writeSettings} wrote. */
export function readSettings(frames: FrameBuffer, at: number): AccountSettings {
  return { feeTier: frames.u8[at + SETTINGS_FEE_TIER]! }
}

/** A trade with special fees: its size, and where those of its parties stand. */
export const SPECIAL_TRADE_BYTES = 232
export const SPECIAL_FEE_MAKER = 200
export const SPECIAL_FEE_TAKER = 216

/** Writes the special fees of a party at `at`. */
export function writeSpecialFee(frames: FrameBuffer, at: number, fee: SpecialFee): void {
  frames.i64[at >> 3] = fee.rebate
}

/** Reads what {@link writeSpecialFee} wrote. */
export function readSpecialFee(frames: FrameBuffer, at: number): SpecialFee {
  return { rebate: frames.i64[at >> 3]! }
}
