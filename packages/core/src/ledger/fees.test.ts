import { expect } from 'chai'
import fc from 'fast-check'
import { RowMemory } from '../values/row-memory.js'
import { chargeFee, FeeSchedules } from './fees.js'

/** Places of the cells that a charge reads and writes. */
const [FRACTION, AMOUNT, RATE, FEE] = [0, 1, 2, 3]

function charge(cells: BigInt64Array, amount: bigint, rate: bigint): bigint {
  cells[AMOUNT] = amount
  cells[RATE] = rate
  chargeFee(cells, FRACTION, AMOUNT, RATE, FEE)
  return cells[FEE]!
}

describe('Fees', () => {
  it('of an order of 3 in three fills at 0.1 % are 1, 0 and 0', () => {
    const cells = new BigInt64Array(4)
    expect([1, 2, 3].map(() => charge(cells, 1n, 1_000n))).to.deep.equal([1n, 0n, 0n])
  })

  it('are in all the exact sum rounded up, up to the largest amounts', () => {
    const amount = fc.oneof(fc.bigInt(1n, 1_000n), fc.bigInt(1n, 2n ** 44n), fc.bigInt(1n, 2n ** 58n))
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, fc.bigInt(0n, 500_000n)), { minLength: 1, maxLength: 8 }), (fills) => {
        const cells = new BigInt64Array(4)
        let exact = 0n
        let charged = 0n
        for (const [received, rate] of fills) {
          const fee = charge(cells, received, rate)
          expect(fee >= 0n && fee <= received).to.equal(true)
          charged += fee
          exact += received * rate
          expect(charged).to.equal((exact + 999_999n) / 1_000_000n)
        }
      }),
    )
  })

  it('schedules with equal rates are one', () => {
    const schedules = new FeeSchedules(new RowMemory())
    expect(schedules.open(1, 2)).to.equal(schedules.open(1, 2))
    expect(schedules.open(2, 1)).to.not.equal(schedules.open(1, 2))
  })
})
