import { expect } from 'chai'
import { RowMemory } from '../values/row-memory.js'
import { corridor, forgetPrices, notePrices } from './breaker-window.js'
import { BREAKER, MARKET_BREAKER_BPS, MARKET_LAST_PRICE, MARKET_LAST_TRADE, MARKET_MODE, MARKET_QUARTER_US, MARKET_REFERENCE_TRADE, MARKET_WORDS } from './market-layout.js'
import { TIMESTAMP } from './registers.js'

const QUARTER = 1_000

/** A market that may move by 10 % within four quarters, and what trades in it at a time. */
class Guarded {
  readonly memory = new RowMemory()
  readonly market = this.memory.take(MARKET_WORDS)

  constructor() {
    const { memory, market } = this
    memory.i32[market * 2 + MARKET_MODE] = BREAKER
    memory.i32[market * 2 + MARKET_BREAKER_BPS] = 1_000
    memory.f64[market + MARKET_QUARTER_US] = QUARTER
    memory.f64[market + MARKET_REFERENCE_TRADE] = -1
  }

  trade(atUs: number, first: number, last = first): void {
    const { memory, market } = this
    const before = Number(memory.i64[market + MARKET_LAST_PRICE]!)
    memory.f64[TIMESTAMP] = atUs
    memory.f64[market + MARKET_LAST_TRADE] = memory.f64[market + MARKET_LAST_TRADE]! + 1
    memory.i64[market + MARKET_LAST_PRICE] = BigInt(last)
    notePrices(memory, market, { before, first, last })
  }

  at(timeUs: number): number[] {
    this.memory.f64[TIMESTAMP] = timeUs
    const { lowest, highest } = corridor(this.memory, this.market)
    return [lowest, highest]
  }
}

describe('The corridor of a circuit breaker', () => {
  it('is everywhere without a breaker and before the first price', () => {
    const guarded = new Guarded()
    expect(guarded.at(0)).to.deep.equal([0, Infinity])
    guarded.trade(0, 100)
    expect(guarded.at(0)).to.deep.equal([90, 110])
    guarded.memory.i32[guarded.market * 2 + MARKET_MODE] = 0
    expect(guarded.at(0)).to.deep.equal([0, Infinity])
  })

  it('reaches from the highest price of the window down and from the lowest up', () => {
    const guarded = new Guarded()
    guarded.trade(0, 100)
    guarded.trade(1, 105, 102)
    expect(guarded.at(2)).to.deep.equal([95, 110])
    guarded.trade(3, 98, 99)
    expect(guarded.at(3)).to.deep.equal([95, 107])
  })

  it('forgets a price when the whole window and at most a quarter have passed', () => {
    const guarded = new Guarded()
    guarded.trade(QUARTER - 1, 100)
    guarded.trade(QUARTER, 110)
    // The second quarter began with the price before it, so the first trade counts as long as that.
    for (const [quarter, expected] of [[1, [99, 110]], [4, [99, 110]], [5, [99, 110]], [6, [99, 121]]] as const) expect(guarded.at(quarter * QUARTER), `quarter ${quarter}`).to.deep.equal(expected)
    expect(guarded.at(6 * QUARTER - 1)).to.deep.equal([99, 110])
  })

  it('fills the quarters in which nothing traded with the price before', () => {
    const guarded = new Guarded()
    guarded.trade(0, 100)
    guarded.trade(3 * QUARTER, 108)
    // Quarters one to three held at 100.
    expect(guarded.at(3 * QUARTER)).to.deep.equal([98, 110])
    expect(guarded.at(8 * QUARTER - 1)).to.deep.equal([98, 110])
    expect(guarded.at(8 * QUARTER)).to.deep.equal([98, 118])
    guarded.trade(20 * QUARTER, 112)
    expect(guarded.at(20 * QUARTER), 'after a long silence').to.deep.equal([101, 118])
  })

  it('begins anew when it is told to forget', () => {
    const guarded = new Guarded()
    guarded.trade(0, 100)
    guarded.trade(1, 108)
    forgetPrices(guarded.memory, guarded.market)
    expect(guarded.at(2)).to.deep.equal([98, 118])
  })
})
