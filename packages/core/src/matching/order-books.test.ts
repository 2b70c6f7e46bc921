import { expect } from 'chai'
import fc from 'fast-check'
import { BookTables } from '../../test/book-tables.js'
import { POOL_LIVE } from '../values/row-memory.js'
import * as levelLayout from './level-layout.js'
import { MARKET_INDEX, MARKET_KEY_UNIT, MARKET_LEVELS, MARKET_WORDS } from './market-layout.js'
import { BUY, ORDER_ID, ORDER_LEAVES, ORDER_LEVEL, ORDER_NEXT, ORDER_PREVIOUS, SELL } from './order-layout.js'
import { DOWN, UP } from './trigger-book.js'

const { LEVEL_COUNT, LEVEL_HIGHER, LEVEL_LOWER, LEVEL_MARKET, LEVEL_ORDER_PRICE, LEVEL_QUANTITY, LEVEL_TAIL, LEVEL_WORDS } = levelLayout

/** Prices from the best on, each with the ids of its orders, the oldest first. */
type Levels = [price: number, orderIds: number[]][]

class Scene {
  readonly tables = new BookTables()
  readonly books = this.tables.books
  readonly memory = this.tables.memory
  readonly market = this.tables.openMarket({ id: 1 })

  /** An order that rests from now on. @returns its row. */
  rest(price: number, side = BUY, market = this.market): number {
    return this.tables.rest(market, { side, price, quantity: 5 })
  }

  /** Reads a side, where everything that a level or an order says of itself must be so. */
  levels(side = BUY, market = this.market): Levels {
    const { books } = this
    const { i32 } = this.memory
    const [towardsBest, towardsWorst] = side === BUY ? [LEVEL_HIGHER, LEVEL_LOWER] : [LEVEL_LOWER, LEVEL_HIGHER]
    const levels: Levels = []
    let better = 0
    for (let level = books.best(market, side); level !== 0; level = books.worse(level)) {
      const price = books.price(level)
      levels.push([price, this.ordersOf(level)])
      expect(this.memory.i64[level + LEVEL_ORDER_PRICE]).to.equal(BigInt(price))
      expect([books.side(level), i32[level * 2 + LEVEL_MARKET], i32[level * 2 + towardsBest]]).to.deep.equal([side, market, better])
      expect([books.levelAt(market, side, price), books.lookUp(market, side, price)]).to.deep.equal([level, level])
      expect(i32[level * 2 + towardsWorst]).to.equal(books.worse(level))
      better = level
    }
    expect(i32[market * 2 + MARKET_LEVELS + (side === BUY ? 0 : 3)], 'the worst level').to.equal(better)
    return levels
  }

  /** A price of the same side that the book keeps in mind at the place of another one. */
  sharesPlace(price: number, side = BUY): number {
    const level = this.books.lookUp(this.market, side, price)
    let other = price + 1
    while (this.books.guess(this.market, side, other) !== level) other++
    return other
  }

  /** Makes every descent of the index fail that looks for a price. */
  closeIndex(): void {
    this.books.index.find = () => expect.fail('the index was asked')
  }

  private ordersOf(level: number): number[] {
    const { f64, i32, i64 } = this.memory
    const ids: number[] = []
    let [previous, quantity] = [0, 0n]
    for (let order = this.books.head(level); order !== 0; order = i32[order * 2 + ORDER_NEXT]!) {
      ids.push(f64[order + ORDER_ID]!)
      expect([i32[order * 2 + ORDER_LEVEL], i32[order * 2 + ORDER_PREVIOUS]]).to.deep.equal([level, previous])
      expect(this.books.priceOf(order)).to.equal(this.books.price(level))
      quantity += i64[order + ORDER_LEAVES]!
      previous = order
    }
    expect([i32[level * 2 + LEVEL_TAIL], i32[level * 2 + LEVEL_COUNT], i64[level + LEVEL_QUANTITY]]).to.deep.equal([previous, ids.length, quantity])
    return ids
  }
}

describe('The books', () => {
  it('keep bids from the highest, asks from the lowest, and the oldest order first within a price', () => {
    const scene = new Scene()
    for (const price of [99, 100, 98, 100]) scene.rest(price, BUY)
    for (const price of [102, 101, 102, 103]) scene.rest(price, SELL)
    expect(scene.levels(BUY)).to.deep.equal([[100, [2, 4]], [99, [1]], [98, [3]]])
    expect(scene.levels(SELL)).to.deep.equal([[101, [6]], [102, [5, 7]], [103, [8]]])
  })

  it('keep what is left of an order, not what it began with', () => {
    const scene = new Scene()
    scene.tables.rest(scene.market, { side: BUY, price: 100, quantity: 9, filled: 4 })
    scene.tables.rest(scene.market, { side: BUY, price: 100, quantity: 9, displayed: 2 })
    expect(scene.memory.i64[scene.books.best(scene.market, BUY) + LEVEL_QUANTITY]).to.equal(7n)
  })

  it('let orders leave from the middle, the head and the tail, and the level go with the last one', () => {
    const scene = new Scene()
    const [first, second, third, fourth] = [100, 100, 100, 100].map((price) => scene.rest(price))
    scene.rest(99)
    const left: [number, Levels][] = [
      [second!, [[100, [1, 3, 4]], [99, [5]]]],
      [first!, [[100, [3, 4]], [99, [5]]]],
      [fourth!, [[100, [3]], [99, [5]]]],
      [third!, [[99, [5]]]],
    ]
    for (const [order, levels] of left) {
      scene.books.remove(order)
      expect(scene.levels()).to.deep.equal(levels)
      expect(scene.memory.i32[order * 2 + ORDER_LEVEL]).to.equal(0)
    }
    expect(scene.books.levelAt(scene.market, BUY, 100)).to.equal(0)
    expect(scene.books.lookUp(scene.market, BUY, 100)).to.equal(0)
  })

  for (const side of [BUY, SELL]) {
    it(`close the gap where a level goes: the best, the worst, one between, ${side === BUY ? 'bids' : 'asks'}`, () => {
      const scene = new Scene()
      const orders = [100, 101, 102, 103, 104].map((price) => scene.rest(price, side))
      for (const [gone, left] of [[102, [100, 101, 103, 104]], [100, [101, 103, 104]], [104, [101, 103]], [101, [103]], [103, []]] as const) {
        scene.books.remove(orders[gone - 100]!)
        expect(scene.levels(side).map(([price]) => price)).to.deep.equal(side === BUY ? left.toReversed() : left)
      }
    })
  }

  it('put an order back into the place that it had', () => {
    for (const place of [0, 1, 2]) {
      const scene = new Scene()
      const orders = [100, 100, 100].map((price) => scene.rest(price))
      scene.rest(99)
      scene.books.remove(orders[place]!)
      scene.books.putBack(orders[place]!, scene.market, BUY)
      expect(scene.levels()).to.deep.equal([[100, [1, 2, 3]], [99, [4]]])
    }
  })

  it('put the only order of a level back', () => {
    const scene = new Scene()
    scene.rest(99, SELL)
    const order = scene.rest(100, SELL)
    scene.books.remove(order)
    scene.books.putBack(order, scene.market, SELL)
    expect(scene.levels(SELL)).to.deep.equal([[99, [1]], [100, [2]]])
  })

  it('stand apart by market and side', () => {
    const scene = new Scene()
    const other = scene.tables.openMarket({ id: 2 })
    for (const market of [scene.market, other]) for (const side of [BUY, SELL]) scene.rest(100, side, market)
    const read = [scene.market, other].flatMap((market) => [BUY, SELL].map((side) => scene.levels(side, market)))
    expect(read).to.deep.equal([[[100, [1]]], [[100, [2]]], [[100, [3]]], [[100, [4]]]])
  })

  it('take any whole price, also of equal lower halves', () => {
    const scene = new Scene()
    const prices = [2 ** 53 - 1, 7, 2 ** 32 + 7, 2 ** 31, 2 ** 40 + 7]
    for (const price of prices) scene.rest(price, SELL)
    expect(scene.levels(SELL).map(([price]) => price)).to.deep.equal(prices.toSorted((a, b) => a - b))
  })

  it('write into no rows but their own, and of a market into the ends of its books and their indexes only', () => {
    const { tables, memory, books } = new Scene()
    const before = memory.take(2_000)
    const market = tables.openMarket({ id: 2 })
    const orders = [BUY, SELL].flatMap((side) => [100, 100, 101].map((price) => ({ side, row: tables.order({ side, price, quantity: 1 }) })))
    // The first level opens a page of levels and one of nodes.
    tables.rest(market, { side: BUY, price: 90, quantity: 1 })
    const behind = memory.take(2_000)
    const read = [MARKET_KEY_UNIT * 2, MARKET_LEVELS, MARKET_LEVELS + 2, MARKET_INDEX, MARKET_INDEX + 2].flatMap((field) => [market * 2 + field, market * 2 + field + 1])
    const others = [[before, 2_000], [market, MARKET_WORDS], [behind, 2_000]] as const
    const places = others.flatMap(([row, words]) => Array.from({ length: words * 2 }, (_, place) => row * 2 + place)).filter((place) => !read.includes(place))
    const { i32 } = memory
    for (const place of places) i32[place] = -1
    for (const { row, side } of orders) books.add(row, market, side)
    for (const { row, side } of orders) {
      books.remove(row)
      books.putBack(row, market, side)
      books.remove(row)
    }
    expect(places.filter((place) => i32[place] !== -1)).to.deep.equal([])
    expect(i32.subarray(0, LEVEL_WORDS * 2).every((word) => word === 0), 'the row "none" reads as zeros').to.equal(true)
  })
})

describe('Levels used lately', () => {
  it('are found without the index', () => {
    const scene = new Scene()
    const { books, market } = scene
    for (const price of [100, 101]) scene.rest(price)
    const levels = [100, 101].map((price) => books.levelAt(market, BUY, price))
    scene.closeIndex()
    expect([100, 101].map((price) => books.lookUp(market, BUY, price))).to.deep.equal(levels)
    expect([100, 101].map((price) => books.guess(market, BUY, price))).to.deep.equal(levels)
    for (const price of [100, 101]) scene.rest(price)
    expect(books.best(market, BUY)).to.equal(levels[1])
  })

  it('are kept in mind where they were looked for, and forgotten for one of the same place only', () => {
    const scene = new Scene()
    const { books, market } = scene
    scene.rest(100)
    const level = books.best(market, BUY)
    const other = scene.sharesPlace(100)
    expect(books.lookUp(market, BUY, other)).to.equal(0)
    expect(books.guess(market, BUY, 100)).to.equal(level)
    scene.rest(other)
    expect(books.guess(market, BUY, 100)).to.equal(books.best(market, BUY))
    expect(books.lookUp(market, BUY, 100)).to.equal(level)
    expect(books.guess(market, BUY, other)).to.equal(level)
    expect(scene.levels()).to.deep.equal([[other, [2]], [100, [1]]])
  })

  it('are not taken for what has their rows now: another price, another side, another market', () => {
    for (const [price, side, isOtherMarket] of [[101, BUY, false], [100 + 2 ** 32, BUY, false], [100, SELL, false], [100, BUY, true]] as const) {
      const scene = new Scene()
      const market = isOtherMarket ? scene.tables.openMarket({ id: 2 }) : scene.market
      const order = scene.rest(100)
      const level = scene.books.best(scene.market, BUY)
      scene.books.remove(order)
      scene.rest(price, side, market)
      expect(scene.books.best(market, side), 'it has the row').to.equal(level)
      expect(scene.books.lookUp(scene.market, BUY, 100)).to.equal(0)
      scene.rest(100)
      expect(scene.books.levelAt(scene.market, BUY, 100)).not.to.be.oneOf([0, level])
      expect(scene.levels(side, market)).to.deep.include([price, [2]])
      expect(scene.levels()).to.deep.include([100, [3]])
    }
  })

  it('have as many places as there are levels, and more, up to a million', () => {
    const { books, memory } = new Scene()
    memory.i32[books.levels.at + POOL_LIVE] = 1_023
    books.makeRoom()
    expect(books.recent.length).to.equal(1_024)
    memory.i32[books.levels.at + POOL_LIVE] = 1_024
    books.makeRoom()
    expect(books.recent.length).to.equal(4_096)
    books.makeRoom()
    expect(books.recent.length).to.equal(4_096)
    memory.i32[books.levels.at + POOL_LIVE] = 2 ** 21
    for (let commands = 0; commands < 10; commands++) books.makeRoom()
    expect(books.recent.length).to.equal(2 ** 20)
  })
})

describe('Books whose prices have another divisor', () => {
  it('find every level as before, and those of other markets and of triggers', () => {
    const scene = new Scene()
    const { books, market, tables } = scene
    for (const price of [100, 95, 105]) for (const side of [BUY, SELL]) scene.rest(price, side)
    const other = tables.openMarket({ id: 2 })
    scene.rest(100, BUY, other)
    for (const direction of [DOWN, UP]) tables.triggers.add(tables.terms(tables.order({ side: BUY, price: 1, quantity: 1 }), 105), market, direction)
    const before = [scene.levels(BUY), scene.levels(SELL), scene.levels(BUY, other)]
    for (const unit of [5, 5, 1]) {
      books.rekey(market, unit)
      expect(scene.memory.f64[market + MARKET_KEY_UNIT]).to.equal(unit)
      expect([scene.levels(BUY), scene.levels(SELL), scene.levels(BUY, other)]).to.deep.equal(before)
      for (const direction of [DOWN, UP]) expect(tables.triggers.levelAt(market, direction, 105)).to.equal(tables.triggers.best(market, direction))
    }
  })

  it('take new levels, and let them go', () => {
    const scene = new Scene()
    scene.books.rekey(scene.market, 5)
    const orders = [100, 95, 105].map((price) => scene.rest(price))
    expect(scene.levels()).to.deep.equal([[105, [3]], [100, [1]], [95, [2]]])
    scene.books.remove(orders[0]!)
    expect(scene.levels()).to.deep.equal([[105, [3]], [95, [2]]])
    expect(scene.books.levelAt(scene.market, BUY, 100)).to.equal(0)
  })

  it('leave nothing behind in the index', () => {
    const scene = new Scene()
    const { index } = scene.books
    const orders = [960, 970, 980, 990].map((price) => scene.rest(price))
    const nodes: number[] = [index.nodes.live]
    for (const unit of [10, 1, 10]) {
      scene.books.rekey(scene.market, unit)
      nodes.push(index.nodes.live)
    }
    expect(nodes, 'one for the tens of each price, and one above').to.deep.equal([2, 2, 2, 2])
    for (const order of orders) scene.books.remove(order)
    scene.books.rekey(scene.market, 1)
    expect(index.nodes.live).to.equal(0)
  })
})

describe('Books under many orders', () => {
  it('are as sorted lists are', () => {
    const step = fc.record({ price: fc.integer({ min: 95, max: 105 }), side: fc.constantFrom(BUY, SELL), leaves: fc.nat(2), which: fc.nat() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const scene = new Scene()
        const resting: { row: number; price: number; side: number }[] = []
        const expected = (side: number): Levels => {
          const own = resting.filter((each) => each.side === side)
          const prices = [...new Set(own.map(({ price }) => price))].sort((a, b) => (side === SELL ? a - b : b - a))
          return prices.map((price) => [price, own.filter((each) => each.price === price).map(({ row }) => scene.memory.f64[row + ORDER_ID]!)])
        }
        for (const { price, side, leaves, which } of steps) {
          if (leaves > 0 || resting.length === 0) resting.push({ row: scene.rest(price, side), price, side })
          else scene.books.remove(resting.splice(which % resting.length, 1)[0]!.row)
          for (const each of [BUY, SELL]) expect(scene.levels(each)).to.deep.equal(expected(each))
        }
      }),
      { seed: 1, numRuns: 20 },
    )
  })
})
