import { expect } from 'chai'
import { convertedFee, FeeRates } from './fee-rates.js'

const rate = (feeAsset: number, asset: number, feeAssetAmount = 1n) => ({ feeAsset, asset, feeAssetAmount, assetAmount: 1n, discountPpm: 0 })

describe('Rates of chosen fee assets', () => {
  it('stand between two assets, are replaced by new ones, and go with an amount of nothing', () => {
    const rates = new FeeRates()
    expect(rates.feeAssets).to.deep.equal([])
    rates.set(rate(2, 1, 5n))
    rates.set(rate(2, 1, 7n))
    rates.set(rate(1, 2))
    expect([rates.find(2, 1)?.feeAssetAmount, rates.find(1, 2)?.feeAssetAmount, rates.find(2, 2)]).to.deep.equal([7n, 1n, undefined])
    rates.set(rate(2, 1, 0n))
    expect(rates.find(2, 1)).to.equal(undefined)
    expect(rates.feeAssets).to.deep.equal([1])
  })

  it('are listed by the asset that pays, then by that of the fee, each paying asset once', () => {
    const rates = new FeeRates()
    for (const [feeAsset, asset] of [[3, 9], [1, 4], [3, 2], [1, 65_535], [2, 0]] as const) rates.set(rate(feeAsset, asset))
    expect(rates.entries().map(({ feeAsset, asset }) => [feeAsset, asset])).to.deep.equal([[1, 4], [1, 65_535], [2, 0], [3, 2], [3, 9]])
    expect(rates.feeAssets).to.deep.equal([1, 2, 3])
  })

  it('convert a fee less its discount, exact and then rounded up', () => {
    const terms = { ...rate(1, 2, 3n), assetAmount: 7n, discountPpm: 250_000 }
    // 1,000,000 at 0.1 % are 1,000, less a quarter 750, of which 7 are worth 3: 321.43.
    expect(convertedFee(1_000_000n, 1_000n, terms)).to.equal(322n)
    expect(convertedFee(7_000_000n, 1_000n, terms)).to.equal(2_250n)
    expect(convertedFee(1n, 1n, terms)).to.equal(1n)
    expect(convertedFee(0n, 1_000n, terms)).to.equal(0n)
  })
})
