/** The money that an event moved, as double-entry postings. */

/** Where money of an account lies: free to use, or set aside for an order or a hold. */
export type Bucket = 'available' | 'held'

/**
 * One movement of money; it cannot be unbalanced. Between the buckets of one account it is a hold or
 * its release; between accounts it is a payment. `amount` is positive, in units of the asset.
 */
export interface Posting {
  readonly asset: number
  readonly amount: bigint
  readonly from: number
  readonly fromBucket: Bucket
  readonly to: number
  readonly toBucket: Bucket
}
