/** Fee rates, and the rounding of fees over the fills of one order. */
import { RowPool, type RowMemory } from '../values/row-memory.js'
import * as feeLayout from './fee-layout.js'

const { SCHEDULE_WORDS, SCHEDULE_LINK, MAKER_RATE, TAKER_RATE } = feeLayout

/** Highest rate, in parts per million. */
export const MAX_FEE_PPM = 500_000

/** Pairs of rates that orders point to, so that an order keeps the rates of its acceptance. */
export class FeeSchedules {
  private readonly pool: RowPool

  constructor(private readonly memory: RowMemory) {
    this.pool = new RowPool(memory, SCHEDULE_WORDS, SCHEDULE_LINK)
  }

  /** The row of a pair of rates, made where there was none. */
  open(makerPpm: number, takerPpm: number): number {
    for (const row of this.pool.rows()) {
      if (this.makerPpm(row) === makerPpm && this.takerPpm(row) === takerPpm) return row
    }
    const row = this.pool.take()
    this.memory.i64[row + MAKER_RATE] = BigInt(makerPpm)
    this.memory.i64[row + TAKER_RATE] = BigInt(takerPpm)
    return row
  }

  makerPpm(row: number): number {
    return Number(this.memory.i64[row + MAKER_RATE]!)
  }

  takerPpm(row: number): number {
    return Number(this.memory.i64[row + TAKER_RATE]!)
  }
}

/**
 * Charges one fill so that the order has paid, in all, the exact sum of amount x rate rounded up.
 *
 * All arguments but the first are places in `cells`: `prepaid` carries the millionths of a unit that rounding
 * up has charged in advance, and is updated; `amount` is what the fill receives;
 * `rate` in parts per million, at most half a million; `fee` takes the result, never more than the amount.
 */
export function chargeFee(cells: BigInt64Array, prepaid: number, amount: number, rate: number, fee: number): void {
  const received = cells[amount]!
  if (received >= 8_796_093_022_208n) {
    chargeLargeFee(cells, prepaid, amount, rate, fee)
    return
  }
  // Below 2^43 the product with a rate stays below 2^63.
  const due = BigInt.asIntN(64, BigInt.asIntN(64, received * cells[rate]!) - cells[prepaid]!)
  const charged = BigInt.asIntN(64, BigInt.asIntN(64, due + 999_999n) / 1_000_000n)
  cells[prepaid] = BigInt.asIntN(64, BigInt.asIntN(64, charged * 1_000_000n) - due)
  cells[fee] = charged
}

/** The same where the plain product could overflow. */
function chargeLargeFee(cells: BigInt64Array, prepaid: number, amount: number, rate: number, fee: number): void {
  const due = cells[amount]! * cells[rate]! - cells[prepaid]!
  const charged = (due + 999_999n) / 1_000_000n
  cells[prepaid] = charged * 1_000_000n - due
  cells[fee] = charged
}

/** The millionths by which the exact fees of an order exceed a whole number of units, from those prepaid; and the other way round. */
export function complementOfMillion(millionths: bigint): bigint {
  return millionths === 0n ? 0n : 1_000_000n - millionths
}

/** What a maker gets back on an amount, in an asset of which `feeAssetAmount` are worth `assetAmount`: rounded down, and never more than there is to give. */
export function rebateOf(of: { amount: bigint; ratePpm: bigint; feeAssetAmount: bigint; assetAmount: bigint; most: bigint }): bigint {
  const rebate = (of.amount * of.ratePpm * of.feeAssetAmount) / (1_000_000n * of.assetAmount)
  return rebate < of.most ? rebate : of.most
}

/** A share in parts per million of a fee, rounded down. */
export function shareOf(fee: bigint, sharePpm: number): bigint {
  return (fee * BigInt(sharePpm)) / 1_000_000n
}
