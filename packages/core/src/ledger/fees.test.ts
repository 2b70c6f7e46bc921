import { expect } from 'chai'
import fc from 'fast-check'
import { chargeFee, FeeSchedules } from './fees.js'

describe('Fees', () => {
  it('of an order of 3 in three fills at 0.1 % are 1, 0 and 0', () => {
    const cells = new BigInt64Array(1)
    expect([1, 2, 3].map(() => chargeFee(cells, 0, 1n, 1_000n))).to.deep.equal([1n, 0n, 0n])
  })

  it('are in all the exact sum rounded up, up to the largest amounts', () => {
    const amount = fc.oneof(fc.bigInt(1n, 1_000n), fc.bigInt(1n, 2n ** 44n), fc.bigInt(1n, 2n ** 58n))
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, fc.bigInt(0n, 500_000n)), { minLength: 1, maxLength: 8 }), (fills) => {
        const cells = new BigInt64Array(1)
        let exact = 0n
        let charged = 0n
        for (const [received, rate] of fills) {
          const fee = chargeFee(cells, 0, received, rate)
          expect(fee >= 0n && fee <= received).to.equal(true)
          charged += fee
          exact += received * rate
          expect(charged).to.equal((exact + 999_999n) / 1_000_000n)
        }
      }),
    )
  })

  it('schedules with equal rates are one', () => {
    const schedules = new FeeSchedules()
    expect(schedules.open(1, 2)).to.equal(schedules.open(1, 2))
    expect(schedules.open(2, 1)).to.not.equal(schedules.open(1, 2))
  })
})
