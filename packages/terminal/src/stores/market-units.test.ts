import { expect } from 'chai'
import fc from 'fast-check'
import { ASKS, ASSETS, MARKET } from '../testing/sample-exchange.js'
import { feeOn, marketUnits, notionalOf, percentOf, quantityFor, readAmount, rescale, takeQuantity, takeTotal, writeAmount } from './market-units.js'

const units = marketUnits(MARKET, ASSETS)

describe('Reckoning in units of a market', () => {
  it('reads the rules of a market as integers', () => {
    expect(units.tick).to.equal(1n)
    expect(units.lot).to.equal(1n)
    expect(units.minNotional).to.equal(500_000_000n)
    expect(units.makerPpm).to.equal(800n)
    expect(units.takerPpm).to.equal(1000n)
  })

  it('multiplies price and quantity exactly', () => {
    expect(notionalOf(6_400_000n, 1n, units)).to.equal(64_000_000n)
    expect(notionalOf(6_400_001n, 50_000n, units)).to.equal(3_200_000_500_000n)
  })

  it('rounds a total up when the quote asset has fewer decimals than price and quantity together', () => {
    const coarse = marketUnits(MARKET, [ASSETS[0]!, { code: 'USDT', name: 'Tether', scale: 2 }])
    expect(notionalOf(6_400_001n, 1n, coarse)).to.equal(65n)
  })

  it('rounds fees up as the exchange does', () => {
    expect(feeOn(1n, 1000n)).to.equal(1n)
    expect(feeOn(1000n, 1000n)).to.equal(1n)
    expect(feeOn(1001n, 1000n)).to.equal(2n)
    expect(feeOn(0n, 1000n)).to.equal(0n)
  })

  it('never buys for more than the total, and never a lot less than possible', () => {
    const lots = { ...units, lot: 100n }
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n), fc.bigInt(1n, 10n ** 9n), (total, price) => {
        const quantity = quantityFor(total, price, lots)
        expect(quantity % 100n).to.equal(0n)
        expect(notionalOf(price, quantity, lots) <= total).to.equal(true)
        expect(notionalOf(price, quantity + 100n, lots) > total).to.equal(true)
      }),
    )
  })

  it('buys nothing at a price of zero', () => {
    expect(quantityFor(100n, 0n, units)).to.equal(0n)
  })

  it('rounds shares and rescaled amounts down', () => {
    expect(percentOf(199n, 50)).to.equal(99n)
    expect(percentOf(199n, 100)).to.equal(199n)
    expect(rescale(123_456_789n, 8, 5)).to.equal(123_456n)
    expect(rescale(5n, 2, 4)).to.equal(500n)
  })

  it('reads amounts while they are being typed', () => {
    expect(readAmount('.5', 2)).to.equal(50n)
    expect(readAmount('5.', 2)).to.equal(500n)
    expect(readAmount('007', 0)).to.equal(7n)
    expect(readAmount('', 2)).to.equal(null)
    expect(readAmount('0.001', 2)).to.equal(null)
    expect(readAmount('1e3', 2)).to.equal(null)
  })

  it('writes what it reads, without needless zeros', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 18n), fc.integer({ min: 0, max: 10 }), (amount, scale) => {
        expect(readAmount(writeAmount(amount, scale), scale)).to.equal(amount)
      }),
    )
    expect(writeAmount(1_500_000n, 8)).to.equal('0.015')
    expect(writeAmount(300n, 2)).to.equal('3')
  })

  it('walks the book for a quantity', () => {
    expect(takeQuantity(ASKS, 20_000n, units)).to.deep.equal({ quantity: 20_000n, total: 6_400_001n * 10_000n * 10n + 6_400_100n * 10_000n * 10n, complete: true })
    expect(takeQuantity(ASKS, 10n ** 9n, units)).to.deep.include({ quantity: 330_000n, complete: false })
    expect(takeQuantity([], 1n, units)).to.deep.equal({ quantity: 0n, total: 0n, complete: false })
  })

  it('walks the book for a total in whole lots, never beyond it', () => {
    const amount = 700_000_000_000n // 7,000 USDT
    const estimate = takeTotal(ASKS, amount, units)
    expect(estimate.complete).to.equal(true)
    expect(estimate.total <= amount).to.equal(true)
    expect(estimate.quantity).to.equal(10_000n + quantityFor(amount - notionalOf(6_400_001n, 10_000n, units), 6_400_100n, units))
    expect(takeTotal(ASKS, 10n ** 15n, units)).to.deep.include({ quantity: 330_000n, complete: false })
    expect(takeTotal([], 100n, units).complete).to.equal(false)
  })
})
