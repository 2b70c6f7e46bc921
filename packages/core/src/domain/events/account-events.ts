/** Events about accounts, their settings and their fees. */
import type { AccountSettings } from '../catalog.js'
import type { EventBase } from './event-base.js'
import type { AccountKind, AccountPurpose } from '../vocabulary.js'

export interface AccountOpened extends EventBase {
  readonly type: 'account.opened'
  readonly account: number
  readonly name: string
  readonly kind: AccountKind
  readonly group: string
  readonly purpose: AccountPurpose
  /** Of a sub-account. */
  readonly parent: number | undefined
}

/** A fee tier has these rates from now on; orders that were accepted before keep theirs. */
export interface FeeTierDefined extends EventBase {
  readonly type: 'fee-tier.defined'
  readonly tier: number
  /** Undefined: all markets that have no rates of their own for the tier. */
  readonly market: number | undefined
  readonly makerFeePpm: number
  readonly takerFeePpm: number
}

/** All settings of the account as they are now. */
export interface AccountUpdated extends EventBase, AccountSettings {
  readonly type: 'account.updated'
  readonly account: number
}

/** From now on a fill's fee in `asset` may be paid in `feeAsset`, so much for so much and less the discount; an amount of 0: no more. */
export interface FeeRateSet extends EventBase {
  readonly type: 'fee-rate.set'
  readonly feeAsset: number
  readonly asset: number
  readonly feeAssetAmount: bigint
  readonly assetAmount: bigint
  readonly discountPpm: number
}
