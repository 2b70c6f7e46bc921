/** Encodes the commands about accounts and fees. */
import { NONE_16, type FrameBuffer } from '../../values/frames.js'
import type { Catalog } from '../catalog.js'
import * as frame from '../frames/command-frames.js'
import type { AccountOpen, AccountUpdate, FeesDefineTier, FeesSetRate } from '../commands/commands.js'
import { account, amount, asset, Fault, feePpm, integer, makerPpm, market, member, text } from './encode-fields.js'
import { MAX_FEE_TIER, writeAccountUpdate, writeFeesDefineTier, writeFeesSetRate } from '../frames/fee-frames.js'
import { ACCOUNT_KINDS, ACCOUNT_PURPOSES, FREEZES } from '../vocabulary.js'

export function encodeAccountOpen(command: AccountOpen, catalog: Catalog, frames: FrameBuffer): void {
  frame.writeAccountOpen(frames, {
    name: text(command.account, 'account'),
    kind: member(ACCOUNT_KINDS, command.kind, 'kind'),
    group: command.group === undefined ? '' : text(command.group, 'group'),
    purpose: member(ACCOUNT_PURPOSES, command.purpose ?? 'none', 'purpose'),
    ...(command.parent === undefined ? {} : { parent: account(catalog, command.parent, 'parent') }),
  })
}

export function encodeDefineTier(command: FeesDefineTier, catalog: Catalog, frames: FrameBuffer): void {
  writeFeesDefineTier(frames, {
    tier: integer(command.tier, 'tier', MAX_FEE_TIER),
    market: command.market === undefined ? NONE_16 : market(catalog, command.market).id,
    makerFeePpm: makerPpm(command.makerFee),
    takerFeePpm: feePpm(command.takerFee, 'takerFee'),
  })
}

export function encodeSetRate(command: FeesSetRate, catalog: Catalog, frames: FrameBuffer): void {
  const spec = asset(catalog, command.asset, 'asset')
  const feeAsset = asset(catalog, command.feeAsset, 'feeAsset')
  writeFeesSetRate(frames, {
    feeAsset: feeAsset.id,
    asset: spec.id,
    feeAssetAmount: amount(command.feeAssetAmount, feeAsset.scale, 'feeAssetAmount'),
    assetAmount: amount(command.assetAmount, spec.scale, 'assetAmount'),
    discountPpm: feePpm(command.discount, 'discount'),
  })
}

export function encodeUpdate(update: AccountUpdate, catalog: Catalog, frames: FrameBuffer): void {
  if (typeof update.referrer === 'string' ? update.referralShare === undefined : update.referralShare !== undefined) {
    throw new Fault('invalid_combination', 'referralShare', 'Give a referralShare with a referrer, and only with one.')
  }
  if (update.keepOrders !== undefined && update.frozen === undefined) throw new Fault('invalid_combination', 'keepOrders', 'Give keepOrders only with frozen.')
  if (update.frozen !== undefined) member(FREEZES, update.frozen, 'frozen')
  writeAccountUpdate(frames, account(catalog, update.account, 'account'), {
    ...(update.feeTier === undefined ? {} : { feeTier: integer(update.feeTier, 'feeTier', MAX_FEE_TIER) }),
    ...(update.feeAsset === undefined ? {} : { feeAsset: update.feeAsset === null ? undefined : asset(catalog, update.feeAsset, 'feeAsset').id }),
    ...(update.referrer === undefined ? {} : referral(update.referrer, update.referralShare, catalog)),
    ...(update.frozen === undefined ? {} : { frozen: update.frozen, keepOrders: update.keepOrders === true }),
  })
}

function referral(name: string | null, share: string | undefined, catalog: Catalog): { referrer: number | undefined; referralPpm: number } {
  return name === null ? { referrer: undefined, referralPpm: 0 } : { referrer: account(catalog, name, 'referrer'), referralPpm: feePpm(share, 'referralShare') }
}
