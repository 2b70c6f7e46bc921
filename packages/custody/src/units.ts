/** Converts amounts between the chain's own unit and the ledger's, exactly: what does not fit is told apart, never rounded. */

/** Splits a chain amount into whole ledger units and the dust below one of them, in chain units. */
export function toLedgerUnits(chainAmount: bigint, decimals: number, scale: number): { readonly amount: bigint; readonly dust: bigint } {
  if (decimals <= scale) return { amount: chainAmount * 10n ** BigInt(scale - decimals), dust: 0n }
  const unit = 10n ** BigInt(decimals - scale)
  return { amount: chainAmount / unit, dust: chainAmount % unit }
}

/** The chain amount that equals a ledger amount, or undefined where the chain is too coarse for it. */
export function toChainUnits(amount: bigint, scale: number, decimals: number): bigint | undefined {
  if (decimals >= scale) return amount * 10n ** BigInt(decimals - scale)
  const unit = 10n ** BigInt(scale - decimals)
  return amount % unit === 0n ? amount / unit : undefined
}

/** The ledger amount for a chain amount, a unit more where it does not come out even: for fees and minima. */
export function toLedgerUnitsRoundedUp(chainAmount: bigint, decimals: number, scale: number): bigint {
  const { amount, dust } = toLedgerUnits(chainAmount, decimals, scale)
  return dust > 0n ? amount + 1n : amount
}
