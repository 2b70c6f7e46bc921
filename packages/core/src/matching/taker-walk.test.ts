import { expect } from 'chai'
import { BookTables, type OrderFields } from '../../test/book-tables.js'
import { PlainClearing, type Told } from '../../test/plain-clearing.js'
import { BOUNDED, BUY, BY_QUOTE, CANCEL_BOTH, CANCEL_MAKER, CANCEL_TAKER, DECREMENT, ORDER_LEAVES, SELL } from './order-layout.js'
import { WALK_LIMIT } from './registers.js'
import { DONE, OUT_OF_BOOK, OUT_OF_BUDGET, OUT_OF_LIMIT, STOPPED_BY_OWN_ORDER } from './taker-walk.js'

const OWN = 7

/** Ids count from 1 in the order given. */
const ASKS: readonly OrderFields[] = [
  { side: SELL, price: 101, quantity: 3 },
  { side: SELL, price: 100, quantity: 3 },
  { side: SELL, price: 100, quantity: 2 },
]

class Scene {
  readonly tables = new BookTables()
  readonly market: number
  readonly clearing: PlainClearing

  constructor(makers: readonly OrderFields[], market: { lot?: number; notionalUnit?: number } = {}) {
    this.market = this.tables.openMarket({ id: 1, ...market })
    this.clearing = new PlainClearing(this.tables, this.market, market.notionalUnit)
    for (const maker of makers) this.tables.rest(this.market, maker)
  }

  /** Walks a new order through the book. @returns why it ended, and what it has left. */
  take(fields: OrderFields): { end: number; left: number } {
    const taker = this.tables.order(fields)
    const end = this.tables.walk(this.clearing).run(taker, this.market, fields.side ^ 1)
    return { end, left: Number(this.tables.memory.i64[taker + ORDER_LEAVES]!) }
  }

  /** The same for a quote amount: what an order spends or raises has no leaves. */
  takeByQuote(fields: OrderFields): number {
    return this.take({ ...fields, displayed: 0, flags: BY_QUOTE }).end
  }

  /** Maker, price and quantity of each trade. */
  get trades(): number[][] {
    return this.told.flatMap((told) => (told[0] === 'trade' ? [[told[1], told[2], told[3]]] : []))
  }

  get told(): readonly Told[] {
    return this.clearing.told
  }

  /** Best first: the prices of the levels that are left. */
  prices(side: number): number[] {
    const { books } = this.tables
    const prices: number[] = []
    for (let level = books.best(this.market, side); level !== 0; level = books.worse(level)) prices.push(books.price(level))
    return prices
  }
}

describe('A taker', () => {
  it('trades best prices first and the oldest first within a price, and tells each trade when the rows say so', () => {
    const scene = new Scene(ASKS)
    expect(scene.take({ side: BUY, price: 101, quantity: 7 })).to.deep.equal({ end: DONE, left: 0 })
    expect(scene.told).to.deep.equal([
      ['trade', 2, 100, 3, { taker: 4, maker: 0, level: 2 }],
      ['filled', 2],
      ['trade', 3, 100, 2, { taker: 2, maker: 0, level: 0 }],
      ['filled', 3],
      ['trade', 1, 101, 2, { taker: 0, maker: 1, level: 1 }],
    ])
    expect(scene.prices(SELL)).to.deep.equal([101])
  })

  const ends: readonly [what: string, taker: OrderFields, end: number, left: number, trades: number[][]][] = [
    ['is done by the last order of the book', { side: BUY, price: 101, quantity: 8 }, DONE, 0, [[2, 100, 3], [3, 100, 2], [1, 101, 3]]],
    ['is out of the book where nothing is left', { side: BUY, price: 101, quantity: 9 }, OUT_OF_BOOK, 1, [[2, 100, 3], [3, 100, 2], [1, 101, 3]]],
    ['is out of its limit at a level that is worse', { side: BUY, price: 100, quantity: 9 }, OUT_OF_LIMIT, 4, [[2, 100, 3], [3, 100, 2]]],
    ['is out of its limit from the start', { side: BUY, price: 99, quantity: 1 }, OUT_OF_LIMIT, 1, []],
  ]
  for (const [what, taker, end, left, trades] of ends) {
    it(what, () => {
      const scene = new Scene(ASKS)
      expect(scene.take(taker)).to.deep.equal({ end, left })
      expect(scene.trades).to.deep.equal(trades)
    })
  }

  it('finds nothing in an empty book', () => {
    expect(new Scene([]).take({ side: BUY, price: 1, quantity: 1 })).to.deep.equal({ end: OUT_OF_BOOK, left: 1 })
  })

  it('sells to the highest bid first, down to its limit', () => {
    const scene = new Scene([{ side: BUY, price: 99, quantity: 1 }, { side: BUY, price: 100, quantity: 2 }, { side: BUY, price: 98, quantity: 1 }])
    expect(scene.take({ side: SELL, price: 99, quantity: 5 })).to.deep.equal({ end: OUT_OF_LIMIT, left: 2 })
    expect(scene.trades).to.deep.equal([[2, 100, 2], [1, 99, 1]])
    expect([scene.prices(BUY), scene.prices(SELL)]).to.deep.equal([[98], []])
  })

  it('walks to the limit of the register where its flags say so', () => {
    const scene = new Scene(ASKS)
    scene.tables.memory.f64[WALK_LIMIT] = 100
    expect(scene.take({ side: BUY, price: 101, quantity: 9, flags: BOUNDED })).to.deep.equal({ end: OUT_OF_LIMIT, left: 4 })
    expect(scene.take({ side: BUY, price: 101, quantity: 4 })).to.deep.equal({ end: OUT_OF_BOOK, left: 1 })
  })

  it('trades the parts of an iceberg that come anew, behind the others of the level', () => {
    const scene = new Scene([{ side: SELL, price: 100, quantity: 3, displayed: 1 }, { side: SELL, price: 100, quantity: 2 }])
    expect(scene.take({ side: BUY, price: 100, quantity: 5 })).to.deep.equal({ end: DONE, left: 0 })
    expect(scene.trades).to.deep.equal([[1, 100, 1], [2, 100, 2], [1, 100, 1], [1, 100, 1]])
  })
})

describe('A taker with a quote amount', () => {
  it('is done when all of it is spent, whatever is left in the book', () => {
    const scene = new Scene(ASKS)
    expect(scene.takeByQuote({ side: BUY, price: 200, quantity: 601 })).to.equal(DONE)
    expect(scene.trades).to.deep.equal([[2, 100, 3], [3, 100, 2], [1, 101, 1]])
  })

  it('is out of budget where the rest buys no lot', () => {
    const scene = new Scene(ASKS)
    expect(scene.takeByQuote({ side: BUY, price: 200, quantity: 600 })).to.equal(OUT_OF_BUDGET)
    expect(scene.trades).to.deep.equal([[2, 100, 3], [3, 100, 2]])
  })

  it('is out of the book where there is no more to buy', () => {
    const scene = new Scene(ASKS)
    expect(scene.takeByQuote({ side: BUY, price: 200, quantity: 900 })).to.equal(OUT_OF_BOOK)
    expect(scene.trades).to.have.lengthOf(3)
  })

  it('is out of its limit before its budget', () => {
    expect(new Scene(ASKS).takeByQuote({ side: BUY, price: 100, quantity: 550 })).to.equal(OUT_OF_LIMIT)
  })

  it('buys whole lots at the notional of the market', () => {
    const scene = new Scene([{ side: SELL, price: 100, quantity: 50 }], { lot: 5, notionalUnit: 10 })
    expect(scene.takeByQuote({ side: BUY, price: 200, quantity: 18_999 })).to.equal(OUT_OF_BUDGET)
    expect(scene.trades).to.deep.equal([[1, 100, 15]])
  })

  it('spends no more than what it has not spent yet', () => {
    const scene = new Scene([{ side: BUY, price: 100, quantity: 2 }, { side: BUY, price: 50, quantity: 9 }])
    expect(scene.takeByQuote({ side: SELL, price: 1, quantity: 350 })).to.equal(DONE)
    expect(scene.trades).to.deep.equal([[1, 100, 2], [2, 50, 3]])
  })
})

describe('A taker that meets an order of its own group', () => {
  /** An order of another, one of its own, one of another. */
  const makers: readonly OrderFields[] = [
    { side: SELL, price: 100, quantity: 1 },
    { side: SELL, price: 100, quantity: 4, group: OWN },
    { side: SELL, price: 101, quantity: 5 },
  ]
  const buy = { side: BUY, price: 101, quantity: 3, group: OWN } as const
  const first = ['trade', 1, 100, 1, { taker: 2, maker: 0, level: 4 }] as const

  it('stops where its mode cancels the taker', () => {
    const scene = new Scene(makers)
    expect(scene.take({ ...buy, selfTradePrevention: CANCEL_TAKER })).to.deep.equal({ end: STOPPED_BY_OWN_ORDER, left: 2 })
    expect(scene.told).to.deep.equal([first, ['filled', 1]])
  })

  it('goes on where its mode cancels the maker', () => {
    const scene = new Scene(makers)
    expect(scene.take({ ...buy, selfTradePrevention: CANCEL_MAKER })).to.deep.equal({ end: DONE, left: 0 })
    expect(scene.told).to.deep.equal([first, ['filled', 1], ['cancelled', 2], ['trade', 3, 101, 2, { taker: 0, maker: 3, level: 3 }]])
  })

  it('cancels the maker and stops where its mode cancels both', () => {
    const scene = new Scene(makers)
    expect(scene.take({ ...buy, selfTradePrevention: CANCEL_BOTH })).to.deep.equal({ end: STOPPED_BY_OWN_ORDER, left: 2 })
    expect(scene.told).to.deep.equal([first, ['filled', 1], ['cancelled', 2]])
  })

  it('is done where decrementing leaves nothing of it', () => {
    const scene = new Scene(makers)
    expect(scene.take({ ...buy, selfTradePrevention: DECREMENT })).to.deep.equal({ end: DONE, left: 0 })
    expect(scene.told).to.deep.equal([first, ['filled', 1], ['decremented', 2, 2]])
  })

  it('goes on with what decrementing leaves of it', () => {
    const scene = new Scene(makers)
    expect(scene.take({ ...buy, quantity: 7, selfTradePrevention: DECREMENT })).to.deep.equal({ end: DONE, left: 0 })
    expect(scene.told.slice(2)).to.deep.equal([['decremented', 2, 4], ['trade', 3, 101, 2, { taker: 0, maker: 3, level: 3 }]])
  })

  it('decrements an iceberg by all that it has left, and a plain order by its leaves', () => {
    const iceberg = new Scene([{ side: SELL, price: 100, quantity: 9, filled: 2, displayed: 1, group: OWN }])
    expect(iceberg.take({ ...buy, quantity: 8, selfTradePrevention: DECREMENT })).to.deep.equal({ end: OUT_OF_BOOK, left: 1 })
    expect(iceberg.told).to.deep.equal([['decremented', 1, 7]])
    const plain = new Scene([{ side: SELL, price: 100, quantity: 9, filled: 2, group: OWN }])
    plain.take({ ...buy, quantity: 8, selfTradePrevention: DECREMENT })
    expect(plain.told).to.deep.equal([['decremented', 1, 7]])
  })

  it('trades with it where nothing is prevented', () => {
    const scene = new Scene(makers)
    expect(scene.take(buy)).to.deep.equal({ end: DONE, left: 0 })
    expect(scene.trades).to.deep.equal([[1, 100, 1], [2, 100, 2]])
  })

  it('does not look at the groups of others', () => {
    const scene = new Scene(makers)
    expect(scene.take({ ...buy, group: OWN + 1, selfTradePrevention: CANCEL_TAKER })).to.deep.equal({ end: DONE, left: 0 })
    expect(scene.trades).to.deep.equal([[1, 100, 1], [2, 100, 2]])
  })

  it('goes on with a quote amount behind an order that it cancels', () => {
    const scene = new Scene(makers)
    expect(scene.takeByQuote({ ...buy, quantity: 302, selfTradePrevention: CANCEL_MAKER })).to.equal(DONE)
    expect(scene.trades).to.deep.equal([[1, 100, 1], [3, 101, 2]])
  })
})
