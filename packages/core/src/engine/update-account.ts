/** `account.update`: changes what an account has set, as far as the command says; an account that may not trade any more loses its orders. */
import { NONE_16, type FrameBuffer } from '../values/frames.js'
import type { AccountSettings } from '../domain/catalog.js'
import * as event from '../domain/frames/event-frames.js'
import * as fees from '../domain/frames/fee-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { CANCEL_REASONS, FREEZES } from '../domain/vocabulary.js'
import { FEES, KIND_WORLD } from './accounts.js'
import { beginWork } from './backlog.js'
import { coversRebates, feeBookOf } from './rebate-cover.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'

const MILLION_PPM = 1_000_000
const ALL_CHANGES = fees.CHANGES_FEE_TIER | fees.CHANGES_FEE_ASSET | fees.CHANGES_REFERRER | fees.CHANGES_FROZEN
const ACCOUNT_FROZEN = CANCEL_REASONS.indexOf('account_frozen')

export function updateAccount(state: EngineState, frames: FrameBuffer, offset: number): void {
  const account = frames.account(offset)
  const changes = frames.u8[offset + fees.SETTINGS + fees.SETTINGS_CHANGES]!
  const fault = changeFault(state, frames, offset)
  if (fault !== undefined) {
    reject(state, frames, offset, fault)
    return
  }
  const settings = settingsAfter(state.accounts.settings(account), changes, fees.readSettings(frames, offset + fees.SETTINGS))
  const settingsFault = tierFault(state, settings) ?? assetFault(state, settings) ?? referralFault(state, account, settings)
  if (settingsFault !== undefined) {
    reject(state, frames, offset, settingsFault)
    return
  }
  state.accounts.setSettings(account, settings)
  const at = state.out.begin(event.ACCOUNT_UPDATED, account, NONE_16, NONE_16)
  fees.writeSettings(state.out.frames, at + fees.SETTINGS, settings)
  const keepsOrders = (changes & fees.CHANGES_FROZEN) === 0 || frames.u8[offset + fees.SETTINGS + fees.SETTINGS_KEEP_ORDERS] === 1
  if (!keepsOrders && (settings.frozen === 'trading' || settings.frozen === 'all')) {
    beginWork(state, { kind: 'cancel-all', account, market: NONE_16, reason: ACCOUNT_FROZEN })
  }
}

function changeFault(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const account = frames.account(offset)
  const changes = frames.u8[offset + fees.SETTINGS + fees.SETTINGS_CHANGES]!
  const frozen = frames.u8[offset + fees.SETTINGS + fees.SETTINGS_FROZEN]!
  if (account >= state.accounts.count) return 'unknown_account'
  if (changes > ALL_CHANGES || frozen >= FREEZES.length || frames.u8[offset + fees.SETTINGS + fees.SETTINGS_KEEP_ORDERS]! > 1) return 'malformed_frame'
  if (changes === 0) return 'invalid_combination'
  return state.accounts.kind(account) === KIND_WORLD ? 'not_permitted' : undefined
}

function settingsAfter(before: AccountSettings, changes: number, wanted: AccountSettings): AccountSettings {
  return {
    feeTier: (changes & fees.CHANGES_FEE_TIER) === 0 ? before.feeTier : wanted.feeTier,
    feeAsset: (changes & fees.CHANGES_FEE_ASSET) === 0 ? before.feeAsset : wanted.feeAsset,
    ...((changes & fees.CHANGES_REFERRER) === 0
      ? { referrer: before.referrer, referralPpm: before.referralPpm }
      : { referrer: wanted.referrer, referralPpm: wanted.referralPpm }),
    frozen: (changes & fees.CHANGES_FROZEN) === 0 ? before.frozen : wanted.frozen,
  }
}

function tierFault(state: EngineState, { feeTier }: AccountSettings): RejectCode | undefined {
  return feeTier !== 0 && !state.tiers.isDefined(feeTier) ? 'unknown_fee_tier' : undefined
}

function assetFault(state: EngineState, { feeAsset }: AccountSettings): RejectCode | undefined {
  return feeAsset !== undefined && state.catalog.asset(feeAsset) === undefined ? 'unknown_asset' : undefined
}

function referralFault(state: EngineState, account: number, { feeTier, referrer, referralPpm }: AccountSettings): RejectCode | undefined {
  if (referrer === undefined) return referralPpm === 0 ? undefined : 'invalid_definition'
  if (referrer >= state.accounts.count) return 'unknown_account'
  if (referralPpm > MILLION_PPM) return 'invalid_definition'
  if (referrer === FEES || state.accounts.kind(referrer) === KIND_WORLD) return 'not_permitted'
  // Nobody is referred by an account of the same owner.
  if (state.accounts.group(referrer) === state.accounts.group(account)) return 'invalid_combination'
  return coversRebates({ ...feeBookOf(state), referrals: () => new Map([[feeTier, referralPpm]]) }) ? undefined : 'rebate_not_covered'
}
