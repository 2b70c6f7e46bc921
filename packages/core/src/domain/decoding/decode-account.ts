/** Decodes the events about accounts and fees. */
import { NONE_16, type FrameBuffer } from '../../values/frames.js'
import { eventBase, numberOrNone, word } from './decode-fields.js'
import { OPENED_GROUP, OPENED_KIND, OPENED_NAME, OPENED_PARENT, OPENED_PURPOSE } from '../frames/event-layout.js'
import type { AccountOpened, AccountUpdated, FeeRateSet, FeeTierDefined } from '../events/events.js'
import { readFeeRate, readFeeTier, readSettings, SETTINGS } from '../frames/fee-frames.js'
import { ACCOUNT_KINDS, ACCOUNT_PURPOSES } from '../vocabulary.js'

export function decodeAccountOpened(frames: FrameBuffer, offset: number): AccountOpened {
  const account = frames.account(offset)
  return {
    type: 'account.opened',
    ...eventBase(frames, offset),
    account,
    name: frames.text(offset + OPENED_NAME),
    kind: word(ACCOUNT_KINDS, frames.u8[offset + OPENED_KIND]),
    group: frames.text(offset + OPENED_GROUP),
    purpose: word(ACCOUNT_PURPOSES, frames.u8[offset + OPENED_PURPOSE]),
    parent: numberOrNone(frames.u32[(offset + OPENED_PARENT) >> 2]!),
  }
}

export function decodeFeeTierDefined(frames: FrameBuffer, offset: number): FeeTierDefined {
  const market = frames.market(offset)
  return { type: 'fee-tier.defined', ...eventBase(frames, offset), ...readFeeTier(frames, offset), market: market === NONE_16 ? undefined : market }
}

export function decodeFeeRateSet(frames: FrameBuffer, offset: number): FeeRateSet {
  return { type: 'fee-rate.set', ...eventBase(frames, offset), ...readFeeRate(frames, offset) }
}

export function decodeAccountUpdated(frames: FrameBuffer, offset: number): AccountUpdated {
  const account = frames.account(offset)
  return { type: 'account.updated', ...eventBase(frames, offset), account, ...readSettings(frames, offset + SETTINGS) }
}
