import { expect } from 'chai'
import fc from 'fast-check'
import { RUNS } from './any-text.test-data.js'
import { usualMarkets } from './known-assets.js'
import { marketSteps, writePrice } from './market-steps.js'

describe('the steps of a market', () => {
  const table = [
    { market: 'BTC-USDT', price: 64_000, quote: 'USDT', steps: { tickSize: '0.01', lotSize: '0.00001', minNotional: '5', typicalQuantity: '0.02' } },
    { market: 'ETH-USDT', price: 3_100, quote: 'USDT', steps: { tickSize: '0.01', lotSize: '0.0001', minNotional: '5', typicalQuantity: '0.4' } },
    { market: 'ETH-BTC', price: 0.0484, quote: 'BTC', steps: { tickSize: '0.00001', lotSize: '0.001', minNotional: '0.0001', typicalQuantity: '0.4' } },
    { market: 'DOGE-USDT', price: 0.15, quote: 'USDT', steps: { tickSize: '0.00001', lotSize: '1', minNotional: '5', typicalQuantity: '8000' } },
  ]
  for (const { market, price, quote, steps } of table) {
    it(`suit ${market} at ${price}`, () => {
      expect(marketSteps({ price, baseScale: 8, quote, quoteScale: 8 })).to.deep.equal(steps)
    })
  }

  it('fit into the ledger at any price and scale', () => {
    const facts = fc.record({
      price: fc.double({ min: 1e-8, max: 1e7, noNaN: true }),
      baseScale: fc.integer({ min: 0, max: 18 }),
      quote: fc.constantFrom('USDT', 'BTC', 'EUR', 'ACME'),
      quoteScale: fc.integer({ min: 0, max: 18 }),
    })
    fc.assert(
      fc.property(facts, (market) => {
        const { tickSize, lotSize, minNotional, typicalQuantity } = marketSteps(market)
        for (const text of [tickSize, lotSize, minNotional, typicalQuantity, writePrice(market.price, tickSize)]) {
          expect(text).to.match(/^(?:0|[1-9]\d*)(?:\.\d+)?$/)
          expect(Number(text)).to.be.greaterThan(0)
        }
        expect(decimals(tickSize) + decimals(lotSize)).to.be.at.most(market.quoteScale)
        expect(decimals(lotSize)).to.be.at.most(market.baseScale)
        expect(decimals(typicalQuantity)).to.be.at.most(decimals(lotSize))
        expect(decimals(writePrice(market.price, tickSize))).to.be.at.most(decimals(tickSize))
        expect(decimals(minNotional)).to.be.at.most(market.quoteScale)
      }),
      RUNS,
    )
  })

  it('offers everything against the first asset that others are priced in', () => {
    expect(usualMarkets(['BTC', 'EUR', 'USDT', 'ETH'])).to.deep.equal(['BTC-EUR', 'USDT-EUR', 'ETH-EUR'])
    expect(usualMarkets(['AAA', 'BBB'])).to.deep.equal(['AAA-BBB'])
  })
})

function decimals(text: string): number {
  return text.split('.')[1]?.length ?? 0
}
