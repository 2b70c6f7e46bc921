/** Fee rates, and the rounding of fees over the fills of one order. */
import { TypedRows } from '../values/typed-rows.js'
import * as feeLayout from './fee-layout.js'

const { SCHEDULE_WORDS, MAKER_RATE, TAKER_RATE } = feeLayout

const MILLION = 1_000_000n
/** Up to here amount x rate + fraction stays below 2^63, as rates are at most half a million. */
const PLAIN_LIMIT = 2n ** 43n

/** Pairs of rates that orders point to, so that an order keeps the rates of its acceptance. */
export class FeeSchedules extends TypedRows {
  constructor() {
    super(SCHEDULE_WORDS, 16)
  }

  /** The row of a pair of rates, made where there was none. */
  open(makerPpm: number, takerPpm: number): number {
    const maker = BigInt(makerPpm)
    const taker = BigInt(takerPpm)
    for (let row = 1; row < this.end; row++) {
      if (this.i64[row * SCHEDULE_WORDS] === maker && this.i64[row * SCHEDULE_WORDS + TAKER_RATE] === taker) return row
    }
    const row = this.add()
    this.i64[row * SCHEDULE_WORDS + MAKER_RATE] = maker
    this.i64[row * SCHEDULE_WORDS + TAKER_RATE] = taker
    return row
  }
}

/**
 * Charges one fill so that the order has paid, in all, the exact sum of amount x rate rounded up.
 *
 * @param cells the order's cells; `cells[fraction]` carries the millionths by which the exact sum exceeds
 * a whole number of units, and is updated.
 * @returns the fee of this fill, in units of the received asset; never more than `amount`.
 */
export function chargeFee(cells: BigInt64Array, fraction: number, amount: bigint, rate: bigint): bigint {
  const before = cells[fraction]!
  let whole: bigint
  let rest: bigint
  if (amount < PLAIN_LIMIT) {
    const exact = BigInt.asIntN(64, BigInt.asIntN(64, amount * rate) + before)
    whole = BigInt.asIntN(64, exact / MILLION)
    rest = BigInt.asIntN(64, exact - BigInt.asIntN(64, whole * MILLION))
  } else {
    const exact = BigInt.asIntN(64, BigInt.asIntN(64, (amount % MILLION) * rate) + before)
    const part = BigInt.asIntN(64, exact / MILLION)
    rest = BigInt.asIntN(64, exact - BigInt.asIntN(64, part * MILLION))
    whole = BigInt.asIntN(64, BigInt.asIntN(64, (amount / MILLION) * rate) + part)
  }
  cells[fraction] = rest
  return BigInt.asIntN(64, whole + (rest > 0n ? 1n : 0n) - (before > 0n ? 1n : 0n))
}
