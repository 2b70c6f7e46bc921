/** A special order as it was asked for, before it is accepted. */

/** The fields of its frame, as plain values. */
export interface SpecialOrder {
  readonly account: number
  /** Row of the market. */
  readonly market: number
  readonly side: number
  readonly orderType: number
  readonly timeInForce: number
  readonly selfTradePrevention: number
  readonly flags: number
  /** 0n without a price. */
  readonly price: bigint
  readonly quantity: bigint
  readonly stopPrice: bigint
  readonly displayQuantity: bigint
  readonly expiresAtUs: number
  readonly trailingOffset: bigint
  readonly trailingBps: number
  readonly activationPrice: bigint
}
