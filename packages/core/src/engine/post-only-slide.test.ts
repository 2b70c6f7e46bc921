import { expect } from 'chai'
import { ALICE, eventsOf, RULES, SmallExchange, USD } from '../../test/small-exchange.js'

/** Bob sells 1 at 100.00 and buys 1 at 98.00. */
function withBook(rules = {}): SmallExchange {
  const exchange = new SmallExchange({ rules })
  exchange.place('bob', { side: 'sell', price: '100' })
  exchange.place('bob', { side: 'buy', price: '98' })
  return exchange
}

const slide = (side: 'buy' | 'sell', price: string, more = {}) => ({ side, price, postOnly: 'slide', ...more }) as const

describe('A post-only order that slides', () => {
  it('goes to one tick from the opposite best where it would trade, and holds what it needs there', () => {
    const exchange = withBook()
    const [accepted, rested] = exchange.place('alice', slide('buy', '105'))
    expect(accepted).to.deep.include({ type: 'order.accepted', price: 9_999n, postOnly: true, held: 99_990_000n })
    expect(rested).to.deep.include({ type: 'order.rested', price: 9_999n, leavesQuantity: 1000n })
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(99_990_000n)
    expect(eventsOf(exchange.place('alice', slide('sell', '90')), 'order.rested')[0]).to.include({ price: 10_000n })
  })

  for (const [what, side, price, expected] of [
    ['a buy at the best ask', 'buy', '100', 9_999n],
    ['a sell at the best bid', 'sell', '98', 9_801n],
    ['a sell below the best bid', 'sell', '1', 9_801n],
    ['a buy that would not trade, which stays', 'buy', '99.99', 9_999n],
    ['a sell that would not trade, which stays', 'sell', '103', 10_300n],
  ] as const) {
    it(`prices ${what}`, () => {
      expect(eventsOf(withBook().place('alice', slide(side, price)), 'order.rested')[0]!.price).to.equal(expected)
    })
  }

  it('slides by the tick of the market', () => {
    const exchange = withBook({ tickSize: '0.5' })
    expect(eventsOf(exchange.place('alice', slide('buy', '101')), 'order.rested')[0]!.price).to.equal(9_950n)
  })

  it('slides away from own orders too', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', price: '100' })
    expect(eventsOf(exchange.place('alice', slide('buy', '100')), 'order.rested')[0]!.price).to.equal(9_999n)
  })

  it('stays where it is when the other side goes away', () => {
    const exchange = withBook()
    exchange.place('alice', slide('buy', '105'))
    exchange.run({ type: 'order.cancel', account: 'bob', market: 'BTC-USD', orderId: 1 })
    expect(exchange.engine.depth(0, 1).bids).to.deep.equal([[9_999n, 1000n]])
  })

  it('is a plain order from then on: without terms, and refused where an amendment would trade', () => {
    const exchange = withBook()
    const [accepted] = exchange.place('alice', slide('buy', '105', { clientOrderId: 'mine' }))
    expect(accepted).not.to.have.property('terms')
    expect(exchange.engine.orderByClientOrderId(ALICE, 'mine')).to.include({ timeInForce: 'gtc', postOnly: true }).and.not.to.have.property('terms')
    expect(exchange.refusal({ type: 'order.amend', account: 'alice', market: 'BTC-USD', clientOrderId: 'mine', price: '100' })).to.equal('would_take_liquidity')
  })

  it('may expire', () => {
    const exchange = withBook()
    expect(exchange.place('alice', slide('buy', '105', { expiresAt: 5000 }))[0]).to.deep.include({ timeInForce: 'gtd', price: 9_999n })
    expect(exchange.engine.nextDeadlineUs).to.equal(5_000_000)
  })

  it('may replace the very order that was in its way', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', price: '100' })
    exchange.place('bob', { side: 'sell', price: '101' })
    const events = exchange.run({ type: 'order.cancel-replace', account: 'alice', market: 'BTC-USD', orderId: 1, order: { orderType: 'limit', quantity: '1', ...slide('buy', '103') } })
    expect(eventsOf(events, 'order.rested')[0]!.price).to.equal(10_099n)
  })

  it('is covered by money that would not have covered its own price', () => {
    const exchange = withBook()
    exchange.place('alice', slide('buy', '100000', { quantity: '1000', price: '1000' }))
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(99_990_000_000n)
  })

  describe('is refused', () => {
    const refused = (exchange: SmallExchange, order: Parameters<SmallExchange['order']>[1]) => exchange.refusal(exchange.order('alice', order))

    it('with IOC, FOK or a market order: invalid_combination', () => {
      for (const timeInForce of ['ioc', 'fok'] as const) expect(refused(withBook(), slide('buy', '100', { timeInForce }))).to.equal('invalid_combination')
      expect(refused(withBook(), { side: 'buy', orderType: 'market', postOnly: 'slide' })).to.equal('invalid_combination')
    })

    it('with a stop: invalid_combination', () => {
      expect(refused(withBook(), { ...slide('sell', '90'), orderType: 'stop-limit', stopPrice: '95' })).to.equal('invalid_combination')
    })

    it('where its own price breaks a rule, though it would slide from there', () => {
      expect(refused(withBook(), slide('buy', '100000.01'))).to.equal('price_out_of_bounds')
      expect(refused(withBook({ tickSize: '0.5' }), slide('buy', '100.01'))).to.equal('price_not_multiple_of_tick_size')
      expect(refused(withBook(), slide('sell', '0'))).to.equal('price_not_positive')
    })

    it('where there is no price to slide to', () => {
      const exchange = new SmallExchange()
      exchange.place('bob', { side: 'sell', price: '0.01' })
      expect(refused(exchange, slide('buy', '1'))).to.equal('price_not_positive')
      const high = new SmallExchange({ rules: { maxPrice: '100' } })
      high.place('bob', { side: 'buy', price: '100' })
      expect(refused(high, slide('sell', '99'))).to.equal('price_out_of_bounds')
    })

    it('where the price after sliding breaks a rule: notional, band or balance', () => {
      const exchange = withBook()
      exchange.run({ ...RULES, type: 'market.update', market: 'BTC-USD', minNotional: '100' })
      expect(refused(exchange, slide('buy', '100'))).to.equal('notional_below_minimum')
      // The band reaches from 99 to 101, and the best ask stands on its edge.
      const banded = new SmallExchange()
      banded.place('bob', { side: 'sell', price: '99' })
      banded.run({ ...RULES, type: 'market.update', market: 'BTC-USD', priceBandBps: 100 })
      banded.run({ type: 'market.set-reference', market: 'BTC-USD', referencePrice: '100' })
      expect(refused(banded, slide('buy', '100'))).to.equal('price_outside_band')
      expect(refused(withBook(), slide('sell', '90', { quantity: '100.001' }))).to.equal('insufficient_balance')
    })
  })
})
