import { expect } from 'chai'
import fc from 'fast-check'
import { BUY_SIDE, createOrderBook, SELL_SIDE, type OrderBook } from './order-book.js'

function fillsOf({ fills }: OrderBook): number[][] {
  return Array.from({ length: fills.count }, (_, fill) => [fills.makerId(fill), fills.price(fill), fills.quantity(fill)])
}

/** Resting orders in an array, sorted anew for every order: slow and plain. */
class PlainBook {
  readonly resting: { id: number; side: number; price: number; leaves: number }[] = []

  place(id: number, side: number, price: number, quantity: number): number[][] {
    const fills: number[][] = []
    const sign = side === BUY_SIDE ? 1 : -1
    const makers = this.resting.filter((order) => order.side !== side && order.price * sign <= price * sign)
    // Sorting is stable: at one price the oldest stays first.
    makers.sort((a, b) => (a.price - b.price) * sign)
    let leaves = quantity
    for (const maker of makers) {
      if (leaves === 0) break
      const traded = Math.min(leaves, maker.leaves)
      fills.push([maker.id, maker.price, traded])
      leaves -= traded
      maker.leaves -= traded
      if (maker.leaves === 0) this.cancel(maker.id)
    }
    if (leaves > 0) this.resting.push({ id, side, price, leaves })
    return fills
  }

  cancel(id: number): boolean {
    const place = this.resting.findIndex((order) => order.id === id)
    if (place >= 0) this.resting.splice(place, 1)
    return place >= 0
  }

  levels(side: number): number[][] {
    const sums = new Map<number, number>()
    for (const order of this.resting) if (order.side === side) sums.set(order.price, (sums.get(order.price) ?? 0) + order.leaves)
    return [...sums].sort(([a], [b]) => (side === BUY_SIDE ? b - a : a - b))
  }
}

describe('An order book without accounts', () => {
  it('trades best prices first and the oldest first within a price, and lets the rest queue', () => {
    const book = createOrderBook()
    expect(book.place(1, SELL_SIDE, 101, 5)).to.equal(5)
    expect(book.place(2, SELL_SIDE, 100, 5)).to.equal(5)
    expect(book.place(3, SELL_SIDE, 100, 5)).to.equal(5)
    expect(book.place(4, BUY_SIDE, 100, 12)).to.equal(2)
    expect(fillsOf(book)).to.deep.equal([[2, 100, 5], [3, 100, 5]])
    expect([book.levels(BUY_SIDE, 5), book.levels(SELL_SIDE, 5)]).to.deep.equal([[[100, 2]], [[101, 5]]])
    expect([book.leaves(4), book.cancel(4), book.cancel(4), book.leaves(4)]).to.deep.equal([2, true, false, 0])
  })

  it('keeps numbers beyond 32 bits', () => {
    const book = createOrderBook()
    const [price, quantity] = [2 ** 50 + 1, 2 ** 52 + 3]
    book.place(2 ** 53 - 1, BUY_SIDE, price, quantity)
    expect(book.place(7, SELL_SIDE, price - 1, 2 ** 40)).to.equal(0)
    expect(fillsOf(book)).to.deep.equal([[2 ** 53 - 1, price, 2 ** 40]])
    expect(book.leaves(2 ** 53 - 1)).to.equal(quantity - 2 ** 40)
  })

  it('keeps numbers where one half of them ends', () => {
    for (const number of [2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1]) {
      const book = createOrderBook()
      book.place(1, SELL_SIDE, number, number)
      expect(book.levels(SELL_SIDE, 1)).to.deep.equal([[number, number]])
      expect(book.place(2, BUY_SIDE, number - 1, number)).to.equal(number)
      expect(book.place(3, BUY_SIDE, number, number - 1)).to.equal(0)
      expect([fillsOf(book), book.leaves(1)]).to.deep.equal([[[1, number, number - 1]], 1])
    }
  })

  it('names its best levels, as many as are asked for', () => {
    const book = createOrderBook()
    for (const [index, price] of [100, 98, 99, 100].entries()) book.place(index + 1, BUY_SIDE, price, 5)
    expect(book.levels(BUY_SIDE, 2)).to.deep.equal([[100, 10], [99, 5]])
    expect(book.levels(BUY_SIDE, 0)).to.deep.equal([])
    expect(book.levels(SELL_SIDE, 2)).to.deep.equal([])
  })

  it('tells every fill of an order that trades with many, and none of the one before', () => {
    const book = createOrderBook()
    const makers = Array.from({ length: 200 }, (_, index) => [index + 1, 100 + index, 1 + (index % 3)] as const)
    for (const [id, price, quantity] of makers) book.place(id, SELL_SIDE, price, quantity)
    expect(book.fills.count).to.equal(0)
    for (const few of [makers.slice(0, 64), makers.slice(64, 129), makers.slice(129, 200)]) {
      expect(book.place(1_000, BUY_SIDE, few.at(-1)![1], few.reduce((sum, [, , quantity]) => sum + quantity, 0))).to.equal(0)
      expect(fillsOf(book)).to.deep.equal(few)
      for (const [id] of few) expect([book.leaves(id), book.cancel(id)]).to.deep.equal([0, false])
    }
    book.place(1_001, BUY_SIDE, 1, 1)
    expect(book.fills.count).to.equal(0)
  })

  it('takes more orders than its first memory holds', () => {
    const book = createOrderBook()
    for (let id = 1; id <= 6_000; id++) book.place(id, id % 2, id % 2 === BUY_SIDE ? id : 10_000 + id, id)
    for (const id of [1, 2, 3_000, 6_000]) expect(book.leaves(id)).to.equal(id)
    expect([book.levels(BUY_SIDE, 1), book.levels(SELL_SIDE, 1)]).to.deep.equal([[[6_000, 6_000]], [[10_001, 1]]])
  })

  it('fills as a plain book does', () => {
    const step = fc.record({ side: fc.integer({ min: 0, max: 1 }), price: fc.integer({ min: 1, max: 40 }), quantity: fc.integer({ min: 1, max: 9 }), cancels: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const book = createOrderBook()
        const plain = new PlainBook()
        for (const [at, { side, price, quantity, cancels }] of steps.entries()) {
          const id = at + 1
          if (cancels === 0) {
            const other = 1 + ((at * price) % id)
            expect(book.cancel(other)).to.equal(plain.cancel(other))
            continue
          }
          book.place(id, side, price, quantity)
          expect(fillsOf(book)).to.deep.equal(plain.place(id, side, price, quantity))
        }
        for (const side of [BUY_SIDE, SELL_SIDE]) expect(book.levels(side, 100)).to.deep.equal(plain.levels(side))
      }),
    )
  })
})
