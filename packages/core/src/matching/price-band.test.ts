import { expect } from 'chai'
import { RowMemory } from '../values/row-memory.js'
import { BANDED, MARKET_LAST_PRICE, MARKET_LAST_TRADE, MARKET_MODE, MARKET_PRICE_BAND_BPS, MARKET_REFERENCE, MARKET_REFERENCE_TRADE, MARKET_WORDS } from './market-layout.js'
import { bandEdge, bandEdgeAround, protectionPrice, referencePrice, widthOf } from './price-band.js'

/** A market whose last trade, the third, was at 10,001, with a band of 10 %. */
function banded(): { memory: RowMemory; market: number } {
  const memory = new RowMemory()
  const market = memory.take(MARKET_WORDS)
  memory.i32[market * 2 + MARKET_MODE] = BANDED
  memory.i32[market * 2 + MARKET_PRICE_BAND_BPS] = 1_000
  memory.f64[market + MARKET_LAST_TRADE] = 3
  memory.i64[market + MARKET_LAST_PRICE] = 10_001n
  return { memory, market }
}

describe('The reference price', () => {
  it('is that of the last trade, or one that was given after it', () => {
    const { memory, market } = banded()
    expect(referencePrice(memory, market)).to.equal(10_001)
    memory.i64[market + MARKET_REFERENCE] = 500n
    memory.f64[market + MARKET_REFERENCE_TRADE] = 2
    expect(referencePrice(memory, market), 'given before the last trade').to.equal(10_001)
    memory.f64[market + MARKET_REFERENCE_TRADE] = 3
    expect(referencePrice(memory, market)).to.equal(500)
    memory.i64[market + MARKET_REFERENCE] = 0n
    expect(referencePrice(memory, market), 'nothing was given').to.equal(10_001)
  })

  it('is exact beyond 32 bits', () => {
    const { memory, market } = banded()
    for (const price of [2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 40n + 2n ** 31n + 7n]) {
      memory.i64[market + MARKET_LAST_PRICE] = price
      expect(BigInt(referencePrice(memory, market))).to.equal(price)
    }
  })
})

describe('The edges of a band', () => {
  it('lie as far above the reference price as below, rounded towards it', () => {
    const { memory, market } = banded()
    expect([bandEdge(memory, market, true), bandEdge(memory, market, false)]).to.deep.equal([11_001, 9_001])
    expect([bandEdgeAround(memory, market, true, 99), bandEdgeAround(memory, market, false, 99)]).to.deep.equal([108, 90])
  })

  it('are nowhere without a band or a price', () => {
    const { memory, market } = banded()
    expect([bandEdgeAround(memory, market, true, 0), bandEdgeAround(memory, market, false, 0)]).to.deep.equal([Infinity, 0])
    memory.i32[market * 2 + MARKET_MODE] = 0
    expect([bandEdge(memory, market, true), bandEdge(memory, market, false)]).to.deep.equal([Infinity, 0])
  })

  it('are exact for the highest prices', () => {
    for (const price of [2 ** 53 - 1, 2 ** 52 + 9_999, 12_345, 9_999, 10_000]) {
      for (const bps of [1, 333, 9_999]) expect(BigInt(widthOf(price, bps))).to.equal((BigInt(price) * BigInt(bps)) / 10_000n)
    }
  })

  it('protect a market order on the side that is worse for it', () => {
    expect([protectionPrice(10_001, true, 500), protectionPrice(10_001, false, 500)]).to.deep.equal([10_501, 9_501])
  })
})
