import { expect } from 'chai'
import fc from 'fast-check'
import { BookTables } from '../../test/book-tables.js'
import { auctionResult } from './auction-price.js'
import { BUY, SELL } from './order-layout.js'

/** Price and quantity of orders, in the order of their arrival. */
type Orders = readonly (readonly [price: number, quantity: number])[]

function collected(bids: Orders, asks: Orders): { tables: BookTables; market: number } {
  const tables = new BookTables()
  const market = tables.openMarket({ id: 1 })
  for (const [price, quantity] of bids) tables.rest(market, { side: BUY, price, quantity })
  for (const [price, quantity] of asks) tables.rest(market, { side: SELL, price, quantity })
  return { tables, market }
}

/** Price, quantity and surplus. */
function result({ tables, market }: ReturnType<typeof collected>, reference = 0): number[] | undefined {
  const found = auctionResult(tables.memory, tables.books, market, reference)
  return found && [Number(found.price), Number(found.quantity), Number(found.surplus)]
}

/** The same by adding up all orders at each limit, one rule after the other. */
function plainResult(bids: Orders, asks: Orders, reference: number): number[] | undefined {
  const sum = (orders: Orders) => orders.reduce((total, [, quantity]) => total + quantity, 0)
  const outcomes = [...new Set([...bids, ...asks].map(([price]) => price))]
    .sort((a, b) => a - b)
    .map((price) => {
      const demand = sum(bids.filter(([limit]) => limit >= price))
      const supply = sum(asks.filter(([limit]) => limit <= price))
      return { price, traded: Math.min(demand, supply), surplus: demand - supply }
    })
  const most = Math.max(0, ...outcomes.map(({ traded }) => traded))
  if (most === 0) return undefined
  const largest = outcomes.filter(({ traded }) => traded === most)
  const least = Math.min(...largest.map(({ surplus }) => Math.abs(surplus)))
  const left = largest.filter(({ surplus }) => Math.abs(surplus) === least)
  const nearest = (from: number) => left.toSorted((a, b) => Math.abs(a.price - from) - Math.abs(b.price - from) || b.price - a.price)[0]
  let chosen = reference === 0 ? left[Math.floor(left.length / 2)] : nearest(reference)
  if (left.every(({ surplus }) => surplus > 0)) chosen = left.at(-1)
  if (left.every(({ surplus }) => surplus < 0)) chosen = left[0]
  return [chosen!.price, chosen!.traded, chosen!.surplus]
}

describe('An auction', () => {
  const withoutTrade: readonly [what: string, bids: Orders, asks: Orders][] = [
    ['in an empty book', [], []],
    ['without sellers', [[100, 1]], []],
    ['without buyers', [], [[100, 1]]],
    ['whose limits do not meet', [[99, 1]], [[100, 1]]],
  ]
  for (const [what, bids, asks] of withoutTrade) it(`${what} comes to nothing`, () => expect(result(collected(bids, asks))).to.equal(undefined))

  const cases: readonly [what: string, bids: Orders, asks: Orders, reference: number, expected: number[]][] = [
    ['at one limit of both sides trades there', [[100, 3]], [[100, 2]], 0, [100, 2, 1]],
    ['trades as much as it can', [[102, 1], [101, 2], [100, 4]], [[99, 2], [100, 3], [101, 9]], 0, [100, 5, 2]],
    ['adds up the orders of a level', [[101, 1], [101, 2], [101, 3]], [[100, 4], [100, 1]], 0, [101, 5, 1]],
    ['leaves the smallest surplus', [[102, 10], [101, 10]], [[100, 10], [101, 5]], 0, [101, 15, 5]],
    ['of equal quantities takes the one of the smaller surplus below', [[102, 10], [100, 2]], [[100, 10]], 90, [102, 10, 0]],
    ['of equal quantities takes the one of the smaller surplus above', [[102, 10]], [[100, 10], [101, 2]], 110, [100, 10, 0]],
    ['takes the highest price of equal surpluses of buyers', [[102, 5]], [[98, 2], [99, 1]], 98, [102, 3, 2]],
    ['takes the lowest price of equal surpluses of sellers', [[101, 2], [102, 1]], [[98, 5]], 102, [98, 3, -2]],
    ['takes the nearest to the reference price where nobody is left', [[103, 1]], [[98, 1]], 100, [98, 1, 0]],
    ['takes the nearest to a reference price above all', [[103, 1]], [[98, 1]], 250, [103, 1, 0]],
    ['takes the higher of two that are as near', [[102, 1]], [[98, 1]], 100, [102, 1, 0]],
    ['takes the nearest where the surplus is on either side', [[101, 2], [100, 1]], [[100, 2], [101, 1]], 90, [100, 2, 1]],
    ['takes the nearest where the surplus is on either side, from above', [[101, 2], [100, 1]], [[100, 2], [101, 1]], 110, [101, 2, -1]],
    ['takes the middle price without a reference', [[104, 1], [101, 1]], [[98, 1], [101, 1]], 0, [101, 2, 0]],
    ['takes the higher of two in the middle', [[103, 1]], [[98, 1]], 0, [103, 1, 0]],
    ['ignores limits beyond the crossed range', [[101, 1], [90, 50]], [[100, 1], [120, 50]], 95, [100, 1, 0]],
    ['puts prices in order as numbers', [[1000, 2]], [[99, 2]], 0, [1000, 2, 0]],
  ]
  for (const [what, bids, asks, reference, expected] of cases) it(what, () => expect(result(collected(bids, asks), reference)).to.deep.equal(expected))

  it('counts what icebergs hide, and not what orders have traded', () => {
    const { tables, market } = collected([], [[100, 20]])
    tables.rest(market, { side: BUY, price: 101, quantity: 10, displayed: 1 })
    tables.rest(market, { side: BUY, price: 100, quantity: 5, filled: 2 })
    expect(result({ tables, market })).to.deep.equal([100, 13, -7])
  })

  it('reads no level beyond the crossed range, and each in it once', () => {
    const { tables, market } = collected([[102, 1], [100, 1], [99, 1]], [[100, 1], [101, 1], [103, 1]])
    const { books } = tables
    const head = books.head.bind(books)
    const read: number[] = []
    books.head = (level) => {
      read.push(books.price(level))
      if (read.length > 10) throw new Error('The walk over the levels does not end.')
      return head(level)
    }
    expect(result({ tables, market })).to.deep.equal([101, 1, -1])
    expect(read).to.deep.equal([102, 100, 100, 101])
  })

  it('comes to what adding up all orders at each limit does', () => {
    const orders = fc.array(fc.tuple(fc.integer({ min: 95, max: 105 }), fc.integer({ min: 1, max: 4 })), { maxLength: 6 })
    fc.assert(
      fc.property(orders, orders, fc.constantFrom(0, 94, 99, 100, 101, 106), (bids, asks, reference) => {
        expect(result(collected(bids, asks), reference)).to.deep.equal(plainResult(bids, asks, reference))
      }),
      { seed: 1 },
    )
  })
})
