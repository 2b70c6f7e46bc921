/** What accounts have set that deviates from the default: one row for each account that ever did. */
import { TypedRows } from '../values/typed-rows.js'
import type { AccountSettings } from '../domain/catalog.js'
import { FREEZES } from '../domain/vocabulary.js'
import { DEFAULT_SETTINGS } from '../domain/frames/fee-frames.js'

const SETTINGS_WORDS = 3
/** 32-bit fields, counted in 32-bit words from the row's start; asset and referrer plus 1, 0 for none. */
const FEE_TIER = 0
const FEE_ASSET = 1
const REFERRER = 2
const REFERRAL_PPM = 3
const FROZEN = 4

export class SettingsRows extends TypedRows {
  constructor() {
    super(SETTINGS_WORDS)
  }

  /** Row 0 is the default. */
  read(row: number): AccountSettings {
    const at = row * 2 * SETTINGS_WORDS
    const feeAsset = this.i32[at + FEE_ASSET]! - 1
    const referrer = this.i32[at + REFERRER]! - 1
    return {
      feeTier: this.i32[at + FEE_TIER]!,
      feeAsset: feeAsset < 0 ? undefined : feeAsset,
      referrer: referrer < 0 ? undefined : referrer,
      referralPpm: this.i32[at + REFERRAL_PPM]!,
      frozen: FREEZES[this.i32[at + FROZEN]!]!,
    }
  }

  write(row: number, settings: AccountSettings): void {
    const at = row * 2 * SETTINGS_WORDS
    this.i32[at + FEE_TIER] = settings.feeTier
    this.i32[at + FEE_ASSET] = (settings.feeAsset ?? -1) + 1
    this.i32[at + REFERRER] = (settings.referrer ?? -1) + 1
    this.i32[at + REFERRAL_PPM] = settings.referralPpm
    this.i32[at + FROZEN] = FREEZES.indexOf(settings.frozen)
  }

  hasFeeTerms(row: number): boolean {
    const at = row * 2 * SETTINGS_WORDS
    return this.i32[at + FEE_ASSET] !== 0 || this.i32[at + REFERRER] !== 0
  }

  feeTier(row: number): number {
    return this.i32[row * 2 * SETTINGS_WORDS + FEE_TIER]!
  }
}

export function isDefaultSettings({ feeTier, feeAsset, referrer, frozen }: AccountSettings): boolean {
  return feeTier === DEFAULT_SETTINGS.feeTier && feeAsset === undefined && referrer === undefined && frozen === 'none'
}
