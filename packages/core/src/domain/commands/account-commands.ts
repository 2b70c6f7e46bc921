/** Commands about accounts, their settings and their fees. */
import type { AccountKind, AccountPurpose, Freeze } from '../vocabulary.js'

export interface AccountOpen {
  type: 'account.open'
  /** 1 to 36 printable ASCII characters; no personal data: it stays in the journal for ever. */
  account: string
  kind: AccountKind
  /** Accounts of one owner share a group, for self-trade prevention; by default the account's own name, of a sub-account its parent's group. */
  group?: string
  /** Of a system account. */
  purpose?: AccountPurpose
  /** Makes it a sub-account of a user account that is none itself. */
  parent?: string
}

/**
 * Gives a fee tier its rates, in one market or in all that have none of their own for it.
 *
 * The tier of an account is set by `account.update`; 30-day volumes are computed outside the engine.
 * Orders that were accepted before keep the rates of their acceptance.
 */
export interface FeesDefineTier {
  type: 'fees.define-tier'
  /** 1 to 255; 0 is what each market's own rules say. */
  tier: number
  market?: string
  /** Fractions: `0.001` is 0.1 %, at most 6 decimals, at most a half; the maker's negative for a rebate. */
  makerFee: string
  takerFee: string
}

/** Changes settings of an account; what is not given stays. */
export interface AccountUpdate {
  type: 'account.update'
  account: string
  /** A tier that is defined somewhere; 0: the fees of each market's own rules. */
  feeTier?: number
  /** The asset that pays its fees where a rate is set and there is enough of it; null: none. */
  feeAsset?: string | null
  /** An account of another group that gets a share of its fees; null: none. */
  referrer?: string | null
  /** Fraction of the fee for the referrer: `0.2` is 20 %, at most 6 decimals, at most 1. */
  referralShare?: string
  /** What it may not do any more. Freezing its trading cancels its orders, unless they are to be kept; cancels are always taken. */
  frozen?: Freeze
  /** With `frozen`: live orders stay, and trade. */
  keepOrders?: boolean
}

/**
 * Says what a fee costs in a chosen asset (an exchange token): `feeAssetAmount` of it pay a fee of `assetAmount`.
 *
 * It holds for every fill from now on. With `feeAsset` and `asset` the same, both amounts are the same and only the discount counts.
 */
export interface FeesSetRate {
  type: 'fees.set-rate'
  feeAsset: string
  /** The asset in which the fee would be charged otherwise. */
  asset: string
  /** `0` withdraws the rate. */
  feeAssetAmount: string
  assetAmount: string
  /** Fraction by which the fee is lower when it is paid so: `0.25` is 25 %, at most 6 decimals, at most 1. */
  discount: string
}
