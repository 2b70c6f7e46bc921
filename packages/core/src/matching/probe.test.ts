import { expect } from 'chai'
import fc from 'fast-check'
import { BookTables, type OrderFields } from '../../test/book-tables.js'
import { PlainClearing } from '../../test/plain-clearing.js'
import { ALLOW, BUY, BY_QUOTE, CANCEL_BOTH, CANCEL_MAKER, CANCEL_TAKER, DECREMENT, SELL } from './order-layout.js'
import { probe, type ProbedOrder } from './probe.js'

const OWN = 7
const NOTIONAL_UNIT = 10

type Question = Partial<Omit<ProbedOrder, 'market' | 'quantity'>> & { readonly quantity: number }

class Scene {
  readonly tables = new BookTables()
  readonly market: number

  constructor(makers: readonly OrderFields[], lot = 1) {
    this.market = this.tables.openMarket({ id: 1, lot, notionalUnit: NOTIONAL_UNIT })
    for (const maker of makers) this.tables.rest(this.market, maker)
  }

  /** Quantity and quote amount that a buy without a limit, unless the question says otherwise, would trade. */
  ask(question: Question): number[] {
    const order = { market: this.market, isBuy: true, limit: 1_000, group: OWN, selfTradePrevention: ALLOW, byQuote: false, ...question, quantity: BigInt(question.quantity) }
    const { quantity, quote } = probe(this.tables.memory, this.tables.books, order)
    return [Number(quantity), Number(quote)]
  }

  /** What such an order does trade. */
  take({ quantity, isBuy = true, limit = 1_000, group = OWN, selfTradePrevention = ALLOW, byQuote = false }: Question): number[] {
    const clearing = new PlainClearing(this.tables, this.market, NOTIONAL_UNIT)
    const taker = this.tables.order({ side: isBuy ? BUY : SELL, price: limit, quantity, group, selfTradePrevention, ...(byQuote ? { displayed: 0, flags: BY_QUOTE } : {}) })
    this.tables.walk(clearing).run(taker, this.market, isBuy ? SELL : BUY)
    const total = clearing.total()
    return [Number(total.quantity), Number(total.quote)]
  }
}

const ASKS: readonly OrderFields[] = [
  { side: SELL, price: 102, quantity: 10 },
  { side: SELL, price: 100, quantity: 3 },
  { side: SELL, price: 100, quantity: 9, filled: 7 },
]
const BIDS: readonly OrderFields[] = [
  { side: BUY, price: 98, quantity: 10 },
  { side: BUY, price: 99, quantity: 4 },
]
const HIDDEN: readonly OrderFields[] = [
  { side: SELL, price: 100, quantity: 12, filled: 2, displayed: 1 },
  { side: SELL, price: 100, quantity: 5, group: OWN },
  { side: SELL, price: 101, quantity: 5 },
]

describe('A probe', () => {
  const cases: readonly [what: string, makers: readonly OrderFields[], question: Question, expected: [quantity: number, quote: number]][] = [
    ['of an empty book finds nothing', [], { quantity: 1 }, [0, 0]],
    ['finds what an order would trade level by level', ASKS, { quantity: 7 }, [7, 5 * 1_000 + 2 * 1_020]],
    ['ends within a level', ASKS, { quantity: 4 }, [4, 4_000]],
    ['ends with the book', ASKS, { quantity: 99 }, [15, 5_000 + 10_200]],
    ['of a buy ends behind its limit', ASKS, { quantity: 7, limit: 101 }, [5, 5_000]],
    ['of a buy includes its limit', ASKS, { quantity: 7, limit: 102 }, [7, 7_040]],
    ['of a sell looks at the bids', [...ASKS, ...BIDS], { quantity: 5, isBuy: false, limit: 98 }, [5, 4 * 990 + 980]],
    ['of a sell ends behind its limit', [...ASKS, ...BIDS], { quantity: 5, isBuy: false, limit: 99 }, [4, 3_960]],
    ['spends a quote amount to the last unit', ASKS, { quantity: 6_020, byQuote: true }, [6, 6_020]],
    ['leaves of a quote amount what buys nothing', ASKS, { quantity: 7_039, byQuote: true }, [6, 6_020]],
    ['spends a quote amount that ends with a level', ASKS, { quantity: 5_000, byQuote: true }, [5, 5_000]],
    ['buys nothing for less than one unit', ASKS, { quantity: 999, byQuote: true }, [0, 0]],
    ['raises a quote amount no further than where the rest is worth no unit', [{ side: BUY, price: 100, quantity: 5 }, { side: BUY, price: 50, quantity: 5 }], { quantity: 3_500, isBuy: false, limit: 1, byQuote: true }, [3, 3_000]],
    ['stops at an order of its own', HIDDEN, { quantity: 9, selfTradePrevention: CANCEL_TAKER }, [1, 1_000]],
    ['stops at an order of its own that it would cancel too', HIDDEN, { quantity: 9, selfTradePrevention: CANCEL_BOTH }, [1, 1_000]],
    ['passes over an order of its own that it would cancel', HIDDEN, { quantity: 9, selfTradePrevention: CANCEL_MAKER }, [9, 9_000]],
    ['reaches what icebergs hide before the next level', HIDDEN, { quantity: 12, selfTradePrevention: CANCEL_MAKER }, [12, 10_000 + 2_020]],
    ['trades with its own orders where that is allowed', HIDDEN, { quantity: 16 }, [16, 15_000 + 1_010]],
    ['loses what it decrements', HIDDEN, { quantity: 9, selfTradePrevention: DECREMENT }, [4, 4_000]],
    ['stops where it is decremented to nothing', HIDDEN, { quantity: 6, selfTradePrevention: DECREMENT }, [1, 1_000]],
    ['does not stop at the orders of others', HIDDEN, { quantity: 9, group: OWN + 1, selfTradePrevention: CANCEL_TAKER }, [9, 9_000]],
    ['passes over all of an iceberg of its own', [{ side: SELL, price: 100, quantity: 9, filled: 1, displayed: 2, group: OWN }], { quantity: 9, selfTradePrevention: CANCEL_MAKER }, [0, 0]],
    ['is decremented by all of an iceberg of its own', [{ side: SELL, price: 100, quantity: 9, filled: 1, displayed: 2, group: OWN }, { side: SELL, price: 101, quantity: 5 }], { quantity: 9, selfTradePrevention: DECREMENT }, [1, 1_010]],
  ]
  for (const [what, makers, question, expected] of cases) it(what, () => expect(new Scene(makers).ask(question)).to.deep.equal(expected))

  it('of a quote amount buys whole lots', () => {
    const scene = new Scene([{ side: SELL, price: 100, quantity: 5 }, { side: SELL, price: 101, quantity: 50 }], 5)
    expect(scene.ask({ quantity: 5_000 + 9_999, byQuote: true })).to.deep.equal([10, 5_000 + 5_050])
    expect(scene.ask({ quantity: 4_999, byQuote: true })).to.deep.equal([0, 0])
  })

  it('touches nothing', () => {
    const scene = new Scene(HIDDEN)
    const before = scene.tables.memory.i32.slice()
    scene.ask({ quantity: 99, selfTradePrevention: DECREMENT })
    expect(scene.tables.memory.i32).to.deep.equal(before)
  })

  it('finds what the walk does', () => {
    const maker = fc.record({ price: fc.integer({ min: 99, max: 102 }), quantity: fc.integer({ min: 1, max: 5 }), isIceberg: fc.boolean(), group: fc.constantFrom(OWN, 8) })
    const taker = fc.record({ quantity: fc.integer({ min: 1, max: 20 }), isBuy: fc.boolean(), limit: fc.integer({ min: 98, max: 103 }), selfTradePrevention: fc.constantFrom(CANCEL_TAKER, CANCEL_MAKER, CANCEL_BOTH, DECREMENT, ALLOW), byQuote: fc.boolean() })
    fc.assert(
      fc.property(fc.array(maker, { maxLength: 8 }), taker, (makers, order) => {
        fc.pre(!(order.byQuote && order.selfTradePrevention === DECREMENT))
        const side = order.isBuy ? SELL : BUY
        const scene = new Scene(makers.map(({ isIceberg, ...fields }) => ({ ...fields, side, ...(isIceberg ? { displayed: 1 } : {}) })))
        const question = order.byQuote ? { ...order, quantity: order.quantity * 990 } : order
        const found = scene.ask(question)
        expect(found).to.deep.equal(scene.take(question))
      }),
      { seed: 1 },
    )
  })
})
