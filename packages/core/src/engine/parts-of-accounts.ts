/** Writes the parts of the state about accounts: who they are, their settings and the protection of their quotes. */
import { FREEZES } from '../domain/vocabulary.js'
import { ACCOUNT_WORDS, GROUP_WORDS, PROTECTION_RECORD_WORDS, SETTINGS_RECORD_WORDS } from './state-layout.js'
import { bytesOf, section } from './state-section.js'
import type { EngineState } from './state.js'

/** Part 3 of the table in `state-layout.ts`. */
export function groups(state: EngineState): Uint8Array {
  const part = section(GROUP_WORDS, state.accounts.groupCount)
  for (let group = 0; group < part.rows.end; group++) state.accounts.copyGroupName(group + 1, part.u32, group * GROUP_WORDS * 2)
  return bytesOf(part)
}

/** Part 4 of the table in `state-layout.ts`. */
export function accounts(state: EngineState): Uint8Array {
  const part = section(ACCOUNT_WORDS, state.accounts.count)
  for (let account = 0; account < part.rows.end; account++) {
    const at = account * ACCOUNT_WORDS * 2
    state.accounts.copyName(account, part.u32, at)
    part.u32[at + 9] = state.accounts.kind(account) | (state.accounts.purpose(account) << 8)
    part.u32[at + 10] = state.accounts.group(account)
    part.u32[at + 11] = (state.accounts.parent(account) ?? -1) + 1
  }
  return bytesOf(part)
}

/** Part 16 of the table in `state-layout.ts`. */
export function protections(state: EngineState): Uint8Array {
  const rows = state.protections.sorted()
  const part = section(PROTECTION_RECORD_WORDS, rows.length)
  const { f64, i64 } = part.rows
  rows.forEach((protection, record) => {
    const at = record * PROTECTION_RECORD_WORDS
    part.u32[at * 2] = protection.account
    part.u32[at * 2 + 1] = protection.market
    i64[at + 1] = protection.quantity
    part.u32[at * 2 + 4] = protection.fills
    part.u32[at * 2 + 5] = protection.windowMs
    part.u32[at * 2 + 6] = protection.frozenMs
    part.u32[at * 2 + 7] = protection.filledCount
    i64[at + 4] = protection.filledQuantity
    f64[at + 5] = protection.windowStartUs
    f64[at + 6] = protection.frozenUntilUs
  })
  return bytesOf(part)
}

/** Part 11 of the table in `state-layout.ts`. */
export function accountSettings(state: EngineState): Uint8Array {
  const accounts: number[] = []
  for (let account = 0; account < state.accounts.count; account++) if (state.accounts.hasSettings(account)) accounts.push(account)
  const part = section(SETTINGS_RECORD_WORDS, accounts.length)
  accounts.forEach((account, record) => {
    const at = record * SETTINGS_RECORD_WORDS * 2
    const { feeTier, feeAsset, referrer, referralPpm, frozen } = state.accounts.settings(account)
    part.u32.set([account, feeTier, (feeAsset ?? -1) + 1, (referrer ?? -1) + 1, referralPpm, FREEZES.indexOf(frozen)], at)
  })
  return bytesOf(part)
}
