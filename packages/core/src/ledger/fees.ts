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
 * All arguments but the first are places in `cells`: `fraction` carries the millionths by which the
 * order's exact sum exceeds a whole number of units, and is updated; `amount` is what the fill receives;
 * `rate` in parts per million, at most half a million; `fee` takes the result, never more than the amount.
 */
export function chargeFee(cells: BigInt64Array, fraction: number, amount: number, rate: number, fee: number): void {
  const received = cells[amount]!
  const before = cells[fraction]!
  if (received >= 8_796_093_022_208n) {
    chargeLargeFee(cells, fraction, amount, rate, fee)
    return
  }
  // Below 2^43 the product with a rate stays below 2^63.
  const exact = BigInt.asIntN(64, BigInt.asIntN(64, received * cells[rate]!) + before)
  const whole = BigInt.asIntN(64, exact / 1_000_000n)
  const rest = BigInt.asIntN(64, exact - BigInt.asIntN(64, whole * 1_000_000n))
  cells[fraction] = rest
  cells[fee] = whole
  // Rounded up now, less what rounding up has charged before.
  if (rest > 0n) cells[fee] = BigInt.asIntN(64, cells[fee]! + 1n)
  if (before > 0n) cells[fee] = BigInt.asIntN(64, cells[fee]! - 1n)
}

/** The same where the plain product could overflow. */
function chargeLargeFee(cells: BigInt64Array, fraction: number, amount: number, rate: number, fee: number): void {
  const before = cells[fraction]!
  const exact = cells[amount]! * cells[rate]! + before
  const rest = exact % 1_000_000n
  cells[fraction] = rest
  cells[fee] = exact / 1_000_000n + (rest > 0n ? 1n : 0n) - (before > 0n ? 1n : 0n)
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
