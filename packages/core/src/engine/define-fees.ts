/** `fees.define-tier` and `account.update`: what decides the rates of the orders to come. */
import { NONE_16, NONE_32, type FrameBuffer } from '../values/frames.js'
import type { AccountSettings } from '../domain/catalog.js'
import * as event from '../domain/event-frames.js'
import * as fees from '../domain/fee-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { MAX_FEE_PPM } from '../ledger/fees.js'
import { KIND_WORLD } from './accounts.js'
import { coversRebates, feeBookOf } from './rebate-cover.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'

export function defineFeeTier(state: EngineState, frames: FrameBuffer, offset: number): void {
  const tier = fees.readFeeTier(frames, offset)
  const fault = tierFault(state, tier)
  if (fault !== undefined) {
    reject(state, frames, offset, fault)
    return
  }
  state.tiers.define({ ...tier, schedule: state.schedules.open(tier.makerFeePpm, tier.takerFeePpm) })
  const at = state.out.begin(event.FEE_TIER_DEFINED, NONE_32, tier.market, NONE_16)
  fees.writeFeeTier(state.out.frames, at, tier)
}

function tierFault(state: EngineState, { market, tier, makerFeePpm, takerFeePpm }: fees.FeeTierFields): RejectCode | undefined {
  if (market !== NONE_16 && market >= state.markets.count) return 'unknown_market'
  if (tier === 0 || !areRatesSound(makerFeePpm, takerFeePpm)) return 'invalid_definition'
  const book = feeBookOf(state)
  const others = book.tiers.filter((known) => known.market !== market || known.tier !== tier)
  return coversRebates({ ...book, tiers: [...others, { market, tier, makerFeePpm, takerFeePpm }] }) ? undefined : 'rebate_not_covered'
}

/** Whether rates in parts per million are within their bounds; a negative maker rate is a rebate. */
export function areRatesSound(makerFeePpm: number, takerFeePpm: number): boolean {
  return makerFeePpm >= -MAX_FEE_PPM && makerFeePpm <= MAX_FEE_PPM && takerFeePpm >= 0 && takerFeePpm <= MAX_FEE_PPM
}

export function updateAccount(state: EngineState, frames: FrameBuffer, offset: number): void {
  const account = frames.account(offset)
  const changes = frames.u8[offset + fees.SETTINGS + fees.SETTINGS_CHANGES]!
  const fault = changeFault(state, account, changes)
  if (fault !== undefined) {
    reject(state, frames, offset, fault)
    return
  }
  const wanted = fees.readSettings(frames, offset + fees.SETTINGS)
  const settings: AccountSettings = {
    ...state.accounts.settings(account),
    ...((changes & fees.CHANGES_FEE_TIER) === 0 ? {} : { feeTier: wanted.feeTier }),
  }
  const settingsFault = state.accounts.kind(account) === KIND_WORLD ? 'not_permitted' : faultOfSettings(state, settings)
  if (settingsFault !== undefined) {
    reject(state, frames, offset, settingsFault)
    return
  }
  state.accounts.setSettings(account, settings)
  const at = state.out.begin(event.ACCOUNT_UPDATED, account, NONE_16, NONE_16)
  fees.writeSettings(state.out.frames, at + fees.SETTINGS, settings)
}

function changeFault(state: EngineState, account: number, changes: number): RejectCode | undefined {
  if (account >= state.accounts.count) return 'unknown_account'
  if (changes > fees.CHANGES_FEE_TIER) return 'malformed_frame'
  return changes === 0 ? 'invalid_combination' : undefined
}

function faultOfSettings(state: EngineState, { feeTier }: AccountSettings): RejectCode | undefined {
  return feeTier !== 0 && !state.tiers.isDefined(feeTier) ? 'unknown_fee_tier' : undefined
}
