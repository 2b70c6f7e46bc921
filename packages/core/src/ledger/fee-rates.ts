/** At which rates a chosen asset pays fees that would be charged in others: what `fees.set-rate` says. */
import type { FeeRateFields } from '../domain/frames/fee-frames.js'

const MILLION = 1_000_000n

export class FeeRates {
  private readonly rates = new Map<number, FeeRateFields>()
  /** Every asset that pays fees in some other. */
  feeAssets: readonly number[] = []

  /** Replaces the rate between the two assets; an amount of 0 takes it away. */
  set(rate: FeeRateFields): void {
    const key = keyOf(rate.feeAsset, rate.asset)
    if (rate.feeAssetAmount === 0n) this.rates.delete(key)
    else this.rates.set(key, rate)
    this.feeAssets = [...new Set(this.entries().map(({ feeAsset }) => feeAsset))]
  }

  find(feeAsset: number, asset: number): FeeRateFields | undefined {
    return this.rates.get(keyOf(feeAsset, asset))
  }

  /** By the asset that pays, then by the asset of the fee. */
  entries(): FeeRateFields[] {
    return [...this.rates.values()].sort((a, b) => a.feeAsset - b.feeAsset || a.asset - b.asset)
  }
}

/** What the chosen asset pays for a fee on an amount, less the discount: exact, then rounded up to a whole unit. */
export function convertedFee(amount: bigint, ratePpm: bigint, { feeAssetAmount, assetAmount, discountPpm }: FeeRateFields): bigint {
  const dividend = amount * ratePpm * (MILLION - BigInt(discountPpm)) * feeAssetAmount
  const divisor = MILLION * MILLION * assetAmount
  return (dividend + divisor - 1n) / divisor
}

function keyOf(feeAsset: number, asset: number): number {
  return feeAsset * 65_536 + asset
}
