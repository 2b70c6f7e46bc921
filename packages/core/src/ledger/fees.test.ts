import { expect } from 'chai'
import fc from 'fast-check'
import { RowMemory } from '../values/row-memory.js'
import { chargeFee, complementOfMillion, FeeSchedules, rebateOf, shareOf } from './fees.js'

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
    expect(schedules.open(1, 3)).to.not.equal(schedules.open(1, 2))
    const row = schedules.open(-5, 3)
    expect([schedules.makerPpm(row), schedules.takerPpm(row), schedules.open(-5, 3)]).to.deep.equal([-5, 3, row])
  })

  it('carry what rounding up has paid in advance over to the next fill', () => {
    const cells = new BigInt64Array(4)
    expect(charge(cells, 1_001n, 1_000n)).to.equal(2n)
    expect([cells[FRACTION], complementOfMillion(cells[FRACTION]!)]).to.deep.equal([999_000n, 1_000n])
    expect([charge(cells, 998n, 1_000n), cells[FRACTION]]).to.deep.equal([0n, 1_000n])
    expect([charge(cells, 2n, 1_000n), cells[FRACTION]]).to.deep.equal([1n, 999_000n])
    expect(complementOfMillion(0n)).to.equal(0n)
  })

  it('of amounts on either side of the bound of plain arithmetic are the same sums', () => {
    for (const amount of [2n ** 43n - 1n, 2n ** 43n, 2n ** 43n + 1n, 2n ** 61n]) {
      const cells = new BigInt64Array(4)
      cells[FRACTION] = 999_999n
      const due = amount * 499_999n - 999_999n
      expect(charge(cells, amount, 499_999n)).to.equal((due + 999_999n) / 1_000_000n)
      expect(cells[FRACTION]).to.equal(((due + 999_999n) / 1_000_000n) * 1_000_000n - due)
    }
  })
})

describe('Parts of a fee', () => {
  it('given back to a maker are rounded down, converted, and no more than there is', () => {
    const of = { amount: 1_000_001n, ratePpm: 200n, feeAssetAmount: 3n, assetAmount: 2n, most: 1_000n }
    expect([rebateOf(of), rebateOf({ ...of, most: 300n }), rebateOf({ ...of, most: 299n }), rebateOf({ ...of, amount: 1n })]).to.deep.equal([300n, 300n, 299n, 0n])
  })

  it('given to a referrer are rounded down', () => {
    expect([shareOf(10n, 250_000), shareOf(11n, 1_000_000), shareOf(3n, 333_333)]).to.deep.equal([2n, 11n, 0n])
  })
})
