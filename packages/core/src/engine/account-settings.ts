/** What accounts have set that deviates from the default: one row for each account that ever did. */
import { TypedRows } from '../values/typed-rows.js'
import type { AccountSettings } from '../domain/catalog.js'
import { DEFAULT_SETTINGS } from '../domain/fee-frames.js'

const SETTINGS_WORDS = 4
/** 32-bit fields, counted in 32-bit words from the row's start. */
const FEE_TIER = 0

export class SettingsRows extends TypedRows {
  constructor() {
    super(SETTINGS_WORDS)
  }

  /** Row 0 is the default. */
  read(row: number): AccountSettings {
    return { feeTier: this.feeTier(row) }
  }

  write(row: number, settings: AccountSettings): void {
    this.i32[row * 2 * SETTINGS_WORDS + FEE_TIER] = settings.feeTier
  }

  feeTier(row: number): number {
    return this.i32[row * 2 * SETTINGS_WORDS + FEE_TIER]!
  }
}

export function isDefaultSettings(settings: AccountSettings): boolean {
  return settings.feeTier === DEFAULT_SETTINGS.feeTier
}
