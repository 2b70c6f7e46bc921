import { expect } from 'chai'
import { ALICE, BOB, BTC, eventsOf, SmallExchange, USD } from '../../test/small-exchange.js'

const { types } = SmallExchange
const reference = { account: 'alice', market: 'BTC-USD', clientOrderId: 'a' } as const

/** One resting buy of 2 BTC at 100 called `a`, and one of bob behind it. */
function withOrder(): SmallExchange {
  const exchange = new SmallExchange()
  exchange.place('alice', { side: 'buy', quantity: '2', clientOrderId: 'a' })
  exchange.place('bob', { side: 'buy', quantity: '1' })
  return exchange
}

describe('Cancelling', () => {
  it('gives back what was held', () => {
    const exchange = withOrder()
    const [cancelled] = eventsOf(exchange.run({ type: 'order.cancel', ...reference }), 'order.cancelled')
    expect(cancelled).to.include({ reason: 'requested', rested: true, cancelledQuantity: 2000n, leavesQuantity: 0n, released: 200_000_000n })
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(0n)
    expect(exchange.engine.depth(0, 5).bids).to.deep.equal([[10000n, 1000n]])
  })

  it('works by order id too, and frees the name', () => {
    const exchange = withOrder()
    exchange.run({ type: 'order.cancel', account: 'alice', market: 'BTC-USD', orderId: 1 })
    expect(types(exchange.place('alice', { side: 'buy', clientOrderId: 'a' }))).to.include('order.rested')
  })

  it("does not touch somebody else's order", () => {
    const exchange = withOrder()
    expect(exchange.refusal({ type: 'order.cancel', account: 'bob', market: 'BTC-USD', orderId: 1 })).to.equal('unknown_order')
  })
})

describe('Reducing', () => {
  it('keeps priority when the quantity is reduced', () => {
    const exchange = withOrder()
    const [reduced] = eventsOf(exchange.run({ type: 'order.reduce', ...reference, leavesQuantity: '0.5' }), 'order.reduced')
    expect(reduced).to.include({ reason: 'requested', rested: true, reducedQuantity: 1500n, quantity: 500n, leavesQuantity: 500n, released: 150_000_000n })
    const trades = eventsOf(exchange.place('carol', { side: 'sell', quantity: '1' }), 'trade.executed')
    expect(trades.map(({ maker }) => maker.account)).to.deep.equal([ALICE, BOB])
  })

  it('to zero cancels', () => {
    expect(types(withOrder().run({ type: 'order.reduce', ...reference, leavesQuantity: '0' }))).to.deep.equal(['order.cancelled'])
  })
})

describe('Amending', () => {
  it('at the same price keeps priority when it only reduces', () => {
    const exchange = withOrder()
    expect(types(exchange.run({ type: 'order.amend', ...reference, quantity: '1' }))).to.deep.equal(['order.reduced'])
    const [trade] = eventsOf(exchange.place('carol', { side: 'sell', quantity: '0.1' }), 'trade.executed')
    expect(trade!.maker.account).to.equal(ALICE)
  })

  it('loses priority when it grows', () => {
    const exchange = withOrder()
    const events = exchange.run({ type: 'order.amend', ...reference, quantity: '3' })
    expect(types(events)).to.deep.equal(['order.amended', 'order.rested'])
    expect(eventsOf(events, 'order.amended')[0]).to.include({ oldPrice: 10000n, oldLeavesQuantity: 2000n, quantity: 3000n, heldChange: 100_000_000n })
    const [trade] = eventsOf(exchange.place('carol', { side: 'sell', quantity: '0.1' }), 'trade.executed')
    expect(trade!.maker.account).to.equal(BOB)
  })

  it('may trade at its new price, as a taker', () => {
    const exchange = withOrder()
    exchange.place('carol', { side: 'sell', price: '101', quantity: '0.5' })
    const events = exchange.run({ type: 'order.amend', ...reference, price: '101' })
    expect(types(events)).to.deep.equal(['order.amended', 'trade.executed', 'order.rested'])
    expect(eventsOf(events, 'trade.executed')[0]!.taker).to.include({ account: ALICE, fee: 100_000n, leavesQuantity: 1500n })
    expect(exchange.engine.order(1)).to.include({ price: 10100n, filledQuantity: 500n, leavesQuantity: 1500n })
  })

  it('may be filled by its own amendment', () => {
    const exchange = withOrder()
    exchange.place('carol', { side: 'sell', price: '101', quantity: '2' })
    expect(types(exchange.run({ type: 'order.amend', ...reference, price: '101' }))).to.deep.equal(['order.amended', 'trade.executed'])
    expect(exchange.engine.openOrders(ALICE)).to.deep.equal([])
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(0n)
  })

  it('to a total at or below what is filled cancels the rest', () => {
    const exchange = withOrder()
    exchange.place('carol', { side: 'sell', quantity: '0.5' })
    const events = exchange.run({ type: 'order.amend', ...reference, quantity: '0.5' })
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'amended_below_filled', cancelledQuantity: 1500n, filledQuantity: 500n })
  })

  it('is stopped by an own order on the other side', () => {
    const exchange = withOrder()
    exchange.place('alice', { side: 'sell', price: '101', clientOrderId: 'b' })
    const events = exchange.run({ type: 'order.amend', ...reference, price: '101' })
    expect(types(events)).to.deep.equal(['order.amended', 'order.cancelled'])
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'self_trade_prevention', rested: false })
    expect(exchange.engine.openOrders(ALICE)).to.have.length(1)
  })

  it('releases when it gets cheaper', () => {
    const exchange = withOrder()
    const [amended] = eventsOf(exchange.run({ type: 'order.amend', ...reference, price: '50' }), 'order.amended')
    expect(amended!.heldChange).to.equal(-100_000_000n)
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(100_000_000n)
    expect(exchange.engine.balance(ALICE, BTC).held).to.equal(0n)
  })
})
