import { expect } from 'chai'
import fc from 'fast-check'
import { ASKS, BIDS } from '../testing/sample-exchange.js'
import { groupingSteps, groupLevels, groupPrice } from './book-grouping.js'

const options = { step: 1n, rows: 10, priceScale: 2, quantityScale: 5 }

describe('The rows of the order book', () => {
  it('shows levels as they are when the step is the tick, with running totals', () => {
    expect(groupLevels(BIDS, { ...options, side: 'buy' })).to.deep.equal([
      { price: 6_400_000n, quantity: 50_000n, cumulative: 50_000n },
      { price: 6_399_999n, quantity: 100_000n, cumulative: 150_000n },
      { price: 6_399_000n, quantity: 200_000n, cumulative: 350_000n },
    ])
  })

  it('rounds bids down and asks up, so that no row promises a better price', () => {
    expect(groupPrice(6_399_999n, 'buy', 1000n)).to.equal(6_399_000n)
    expect(groupPrice(6_400_001n, 'sell', 1000n)).to.equal(6_401_000n)
    expect(groupPrice(6_400_000n, 'sell', 1000n)).to.equal(6_400_000n)
  })

  it('puts levels of one step together', () => {
    const rows = groupLevels(ASKS, { ...options, side: 'sell', step: 1000n })
    expect(rows).to.deep.equal([
      { price: 6_401_000n, quantity: 30_000n, cumulative: 30_000n },
      { price: 6_402_000n, quantity: 300_000n, cumulative: 330_000n },
    ])
  })

  it('ends after the wanted rows, the last of them complete', () => {
    const rows = groupLevels(ASKS, { ...options, side: 'sell', step: 1000n, rows: 1 })
    expect(rows).to.deep.equal([{ price: 6_401_000n, quantity: 30_000n, cumulative: 30_000n }])
  })

  it('loses nothing: the last running total is the sum of all levels', () => {
    const level = fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 1_000_000 }))
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 60 }), fc.constantFrom('buy' as const, 'sell' as const), fc.constantFrom(1n, 10n, 500n), (levels, side, step) => {
        const sorted = [...new Map(levels).entries()].sort((a, b) => (side === 'buy' ? b[0] - a[0] : a[0] - b[0]))
        const rows = groupLevels(sorted.map(([price, quantity]) => [String(price), String(quantity)] as const), { side, step, rows: 1000, priceScale: 0, quantityScale: 0 })
        expect(rows.at(-1)!.cumulative).to.equal(BigInt(sorted.reduce((sum, [, quantity]) => sum + quantity, 0)))
        expect(new Set(rows.map((row) => row.price)).size).to.equal(rows.length)
      }),
    )
  })

  it('offers steps that suit the price', () => {
    expect(groupingSteps(1n, 6_400_000n)).to.deep.equal([1n, 10n, 50n, 100n, 500n, 1000n])
    expect(groupingSteps(1n, 300n)).to.deep.equal([1n])
    expect(groupingSteps(5n, null)).to.deep.equal([5n, 50n, 250n, 500n])
  })
})
