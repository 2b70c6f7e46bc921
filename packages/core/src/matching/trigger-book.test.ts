import { expect } from 'chai'
import fc from 'fast-check'
import { BookTables } from '../../test/book-tables.js'
import { LEVEL_WORDS } from './level-layout.js'
import { BUY, ORDER_ID } from './order-layout.js'
import { TERMS_LEVEL, TERMS_NEXT, TERMS_ORDER, TERMS_PREVIOUS } from './terms-layout.js'
import { DOWN, UP } from './trigger-book.js'

/** Stop prices as the price meets them, each with the ids of its orders. */
type Levels = [price: number, orderIds: number[]][]

class Triggers {
  readonly tables = new BookTables()
  readonly book = this.tables.triggers
  readonly market = this.tables.openMarket({ id: 1 })

  /** The terms of an order that waits from now on. */
  add(stopPrice: number, direction = UP, market = this.market): number {
    const terms = this.unlisted(stopPrice)
    this.book.add(terms, market, direction)
    return terms
  }

  /** The terms of a new order that waits nowhere yet. */
  unlisted(stopPrice: number): number {
    return this.tables.terms(this.tables.order({ side: BUY, price: 1, quantity: 1 }), stopPrice)
  }

  levels(direction = UP, market = this.market): Levels {
    const { book } = this
    const levels: Levels = []
    for (let level = book.best(market, direction); level !== 0; level = book.next(level)) {
      levels.push([book.price(level), this.ordersOf(level)])
      expect(book.levelAt(market, direction, book.price(level))).to.equal(level)
    }
    return levels
  }

  orderId(terms: number): number {
    const { f64, i32 } = this.tables.memory
    return f64[i32[terms * 2 + TERMS_ORDER]! + ORDER_ID]!
  }

  /** Ids from the head on; each order must know its level and the one before it. */
  private ordersOf(level: number): number[] {
    const { i32 } = this.tables.memory
    const ids: number[] = []
    let previous = 0
    for (let terms = this.book.head(level); terms !== 0; terms = i32[terms * 2 + TERMS_NEXT]!) {
      ids.push(this.orderId(terms))
      expect([i32[terms * 2 + TERMS_LEVEL], i32[terms * 2 + TERMS_PREVIOUS]]).to.deep.equal([level, previous])
      previous = terms
    }
    return ids
  }
}

describe('Orders that wait for a price', () => {
  it('stand from the lowest stop price on the way up, from the highest on the way down', () => {
    const triggers = new Triggers()
    for (const price of [102, 100, 101]) triggers.add(price, UP)
    for (const price of [98, 99, 97]) triggers.add(price, DOWN)
    expect(triggers.levels(UP)).to.deep.equal([[100, [2]], [101, [3]], [102, [1]]])
    expect(triggers.levels(DOWN)).to.deep.equal([[99, [5]], [98, [4]], [97, [6]]])
  })

  it('stand in the order of their ids within a price, whenever they come', () => {
    const triggers = new Triggers()
    const [first, second, third, fourth] = [1, 2, 3, 4].map(() => triggers.unlisted(100))
    for (const terms of [third, first, fourth, second]) triggers.book.add(terms!, triggers.market, UP)
    expect(triggers.levels()).to.deep.equal([[100, [1, 2, 3, 4]]])
  })

  it('leave from the middle, the head and the tail, and the last one takes the level with it', () => {
    const triggers = new Triggers()
    const [first, second, third] = [triggers.add(100), triggers.add(100), triggers.add(100)]
    triggers.add(105)
    triggers.book.remove(second)
    expect(triggers.levels()).to.deep.equal([[100, [1, 3]], [105, [4]]])
    triggers.book.remove(third)
    triggers.book.add(second, triggers.market, UP)
    expect(triggers.levels()).to.deep.equal([[100, [1, 2]], [105, [4]]])
    triggers.book.remove(first)
    expect(triggers.levels()).to.deep.equal([[100, [2]], [105, [4]]])
    triggers.book.remove(second)
    expect(triggers.levels()).to.deep.equal([[105, [4]]])
    expect(triggers.book.levelAt(triggers.market, UP, 100)).to.equal(0)
  })

  it('leave alone what they do not stand in', () => {
    const triggers = new Triggers()
    const terms = triggers.add(100)
    triggers.add(101)
    triggers.book.remove(triggers.unlisted(101))
    triggers.book.remove(terms)
    triggers.book.remove(terms)
    expect(triggers.levels()).to.deep.equal([[101, [2]]])
    expect(triggers.tables.memory.i32[terms * 2 + TERMS_LEVEL]).to.equal(0)
    expect(triggers.tables.memory.i32.subarray(0, LEVEL_WORDS * 2).every((word) => word === 0), 'the row "none" reads as zeros').to.equal(true)
  })

  it('leave the rows of their levels to others', () => {
    const triggers = new Triggers()
    const terms = triggers.add(100, UP)
    triggers.add(101, UP)
    const level = triggers.book.best(triggers.market, UP)
    triggers.book.remove(terms)
    triggers.add(90, DOWN)
    expect(triggers.book.best(triggers.market, DOWN)).to.equal(level)
    expect([triggers.levels(UP), triggers.levels(DOWN)]).to.deep.equal([[[101, [2]]], [[90, [3]]]])
  })

  it('write into no rows but their own, and those of their market', () => {
    const triggers = new Triggers()
    const { memory } = triggers.tables
    const before = memory.take(2_000)
    const market = triggers.tables.openMarket({ id: 2 })
    const terms = triggers.unlisted(100)
    const behind = memory.take(2_000)
    for (const row of [before, behind]) memory.i32.fill(-1, row * 2, (row + 2_000) * 2)
    triggers.book.add(terms, market, UP)
    expect(triggers.levels(UP, market)).to.deep.equal([[100, [1]]])
    expect(triggers.book.best(market, UP) % 2, 'half of it is a place too').to.equal(0)
    triggers.book.remove(terms)
    for (const row of [before, behind]) expect(memory.i32.subarray(row * 2, (row + 2_000) * 2).every((word) => word === -1)).to.equal(true)
  })

  it('stand apart by market and direction', () => {
    const triggers = new Triggers()
    const other = triggers.tables.openMarket({ id: 1_000 })
    triggers.add(100, UP)
    triggers.add(100, DOWN)
    triggers.add(100, UP, other)
    triggers.add(100, DOWN, other)
    expect([triggers.levels(UP), triggers.levels(DOWN)]).to.deep.equal([[[100, [1]]], [[100, [2]]]])
    expect([triggers.levels(UP, other), triggers.levels(DOWN, other)]).to.deep.equal([[[100, [3]]], [[100, [4]]]])
  })

  it('may wait for any whole price', () => {
    const triggers = new Triggers()
    for (const price of [2 ** 53 - 1, 1, 2 ** 40, 2 ** 31]) triggers.add(price)
    expect(triggers.levels().map(([price]) => price)).to.deep.equal([1, 2 ** 31, 2 ** 40, 2 ** 53 - 1])
  })

  it('stand as in a sorted list, whatever comes and goes', () => {
    const step = fc.record({ price: fc.integer({ min: 95, max: 105 }), direction: fc.constantFrom(DOWN, UP), leaves: fc.nat(2), which: fc.nat() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        const triggers = new Triggers()
        const waiting: { terms: number; price: number; direction: number }[] = []
        const expected = (direction: number): Levels => {
          const own = waiting.filter((each) => each.direction === direction)
          const prices = [...new Set(own.map(({ price }) => price))].sort((a, b) => (direction === UP ? a - b : b - a))
          return prices.map((price) => [price, own.filter((each) => each.price === price).map(({ terms }) => triggers.orderId(terms))])
        }
        for (const { price, direction, leaves, which } of steps) {
          if (leaves > 0 || waiting.length === 0) waiting.push({ terms: triggers.add(price, direction), price, direction })
          else triggers.book.remove(waiting.splice(which % waiting.length, 1)[0]!.terms)
          for (const each of [DOWN, UP]) expect(triggers.levels(each)).to.deep.equal(expected(each))
        }
      }),
      { seed: 1, numRuns: 20 },
    )
  })
})
