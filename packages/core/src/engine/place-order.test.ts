import { expect } from 'chai'
import { ALICE, BOB, BTC, eventsOf, FEES, SmallExchange, USD } from '../../test/small-exchange.js'

const { types } = SmallExchange

describe('Placing orders', () => {
  it('rests a limit order that meets nothing, and holds its cost', () => {
    const exchange = new SmallExchange()
    const events = exchange.place('alice', { side: 'buy', price: '99.50', quantity: '2' })
    expect(types(events)).to.deep.equal(['order.accepted', 'order.rested'])
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 999_801_000_000n, held: 199_000_000n })
    expect(exchange.engine.depth(0, 5).bids).to.deep.equal([[9950n, 2000n]])
  })

  it("trades at the maker's price and gives the difference back to the buyer", () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', price: '100.00', quantity: '1' })
    const events = exchange.place('bob', { side: 'buy', price: '101.00', quantity: '1' })
    const [trade] = eventsOf(events, 'trade.executed')
    expect(trade).to.include({ price: 10000n, quantity: 1000n, quoteAmount: 100_000_000n, takerSide: 'buy', tradeId: 1 })
    expect(trade!.taker).to.include({ account: BOB, released: 1_000_000n, done: true, leavesQuantity: 0n })
    expect(exchange.engine.balance(BOB, USD)).to.deep.equal({ available: 999_900_000_000n, held: 0n })
  })

  it('charges maker and taker in what they receive, and pays the fees account', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell' })
    const [trade] = eventsOf(exchange.place('bob', { side: 'buy' }), 'trade.executed')
    expect(trade!.maker.fee).to.equal(100_000n) // 0.1 % of 100 USD
    expect(trade!.taker.fee).to.equal(200_000n) // 0.2 % of 1 BTC
    expect(exchange.engine.balance(FEES, USD).available).to.equal(100_000n)
    expect(exchange.engine.balance(FEES, BTC).available).to.equal(200_000n)
  })

  it('takes the best price first and, within a price, the oldest order', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', price: '101', clientOrderId: 'far' })
    exchange.place('alice', { side: 'sell', price: '100', clientOrderId: 'first' })
    exchange.place('carol', { side: 'sell', price: '100', clientOrderId: 'second' })
    const trades = eventsOf(exchange.place('bob', { side: 'buy', price: '101', quantity: '2.5' }), 'trade.executed')
    expect(trades.map((trade) => [trade.maker.orderId, trade.quantity])).to.deep.equal([
      [2, 1000n],
      [3, 1000n],
      [1, 500n],
    ])
  })

  it('keeps the place of a maker that traded in part', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell' })
    exchange.place('carol', { side: 'sell' })
    exchange.place('bob', { side: 'buy', quantity: '0.4' })
    const [trade] = eventsOf(exchange.place('bob', { side: 'buy', quantity: '0.1' }), 'trade.executed')
    expect(trade!.maker).to.include({ account: ALICE, leavesQuantity: 500n, filledQuantity: 500n })
  })

  it('rests the remainder of a GTC order and cancels that of an IOC order', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', quantity: '0.5' })
    const gtc = exchange.place('bob', { side: 'buy', quantity: '0.7' })
    expect(types(gtc)).to.deep.equal(['order.accepted', 'trade.executed', 'order.rested'])
    expect(eventsOf(gtc, 'order.rested')[0]!.leavesQuantity).to.equal(200n)
    const ioc = exchange.place('carol', { side: 'sell', quantity: '0.3', timeInForce: 'ioc' })
    expect(types(ioc)).to.deep.equal(['order.accepted', 'trade.executed', 'order.cancelled'])
    expect(eventsOf(ioc, 'order.cancelled')[0]).to.include({ reason: 'ioc_remainder', rested: false, cancelledQuantity: 100n, leavesQuantity: 0n })
  })

  it('fills a FOK order in full or leaves the book alone', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', quantity: '1' })
    const failed = exchange.place('bob', { side: 'buy', quantity: '1.001', timeInForce: 'fok' })
    expect(types(failed)).to.deep.equal(['order.accepted', 'order.cancelled'])
    expect(eventsOf(failed, 'order.cancelled')[0]!.reason).to.equal('fok_not_filled')
    expect(exchange.engine.depth(0, 5).asks).to.deep.equal([[10000n, 1000n]])
    expect(types(exchange.place('bob', { side: 'buy', quantity: '1', timeInForce: 'fok' }))).to.deep.equal(['order.accepted', 'trade.executed'])
  })

  it('names an order by its id where the client gave no name', () => {
    const exchange = new SmallExchange()
    const [accepted] = eventsOf(exchange.place('alice', { side: 'buy' }), 'order.accepted')
    expect(accepted!.clientOrderId).to.equal('1')
    expect(exchange.engine.orderByClientOrderId(ALICE, '1')?.orderId).to.equal(1)
    expect(exchange.refusal(exchange.order('alice', { side: 'buy', clientOrderId: '1' }))).to.equal('duplicate_client_order_id')
    expect(exchange.engine.orderByClientOrderId(BOB, '1')).to.equal(undefined)
  })

  it('passes over an order id that the client has used as a name', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'buy', clientOrderId: '2' })
    const [accepted] = eventsOf(exchange.place('alice', { side: 'buy' }), 'order.accepted')
    expect(accepted!.orderId).to.equal(3)
    const [ofBob] = eventsOf(exchange.place('bob', { side: 'buy' }), 'order.accepted')
    expect(ofBob!.orderId).to.equal(4)
  })
})

describe('Market orders', () => {
  it('hold the probed cost of a buy by quantity, to the unit', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', price: '100', quantity: '1' })
    exchange.place('alice', { side: 'sell', price: '101', quantity: '1' })
    const events = exchange.place('bob', { side: 'buy', orderType: 'market', quantity: '1.5' })
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed', 'trade.executed'])
    expect(eventsOf(events, 'order.accepted')[0]!.held).to.equal(150_500_000n)
    expect(exchange.engine.balance(BOB, USD)).to.deep.equal({ available: 999_849_500_000n, held: 0n })
  })

  it('stop at the band around the best opposite price', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', price: '100', quantity: '1' })
    exchange.place('alice', { side: 'sell', price: '105.01', quantity: '1' })
    const events = exchange.place('bob', { side: 'buy', orderType: 'market', quantity: '2' })
    expect(eventsOf(events, 'order.accepted')[0]!.price).to.equal(10500n)
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'protection_price', cancelledQuantity: 1000n, released: 0n })
  })

  it('stop at the protection price that the client gave', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'buy', price: '100', quantity: '1' })
    exchange.place('alice', { side: 'buy', price: '99', quantity: '1' })
    const events = exchange.place('bob', { side: 'sell', orderType: 'market', price: '99.5', quantity: '2' })
    expect(eventsOf(events, 'trade.executed')).to.have.length(1)
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'protection_price', released: 100_000_000n })
  })

  it('cancel what the book cannot give', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', quantity: '1' })
    const events = exchange.place('bob', { side: 'buy', orderType: 'market', quantity: '2' })
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'market_remainder', cancelledQuantity: 1000n })
  })

  it('by quote amount buy whole lots and never spend more', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', price: '333.33', quantity: '10' })
    const events = exchange.place('bob', { side: 'buy', orderType: 'market', quoteQuantity: '1000' })
    const [trade] = eventsOf(events, 'trade.executed')
    expect(trade!.quantity).to.equal(3000n)
    expect(trade!.quoteAmount).to.equal(999_990_000n)
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'market_remainder', released: 10_000n, quoteQuantity: 1_000_000_000n, quantity: 0n })
  })

  it('by quote amount are done when they spend it exactly', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', price: '250', quantity: '10' })
    const events = exchange.place('bob', { side: 'buy', orderType: 'market', quoteQuantity: '1000' })
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed'])
    expect(eventsOf(events, 'trade.executed')[0]!.taker.done).to.equal(true)
  })

  it('by quote amount sell no more than what raises it', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'buy', price: '300', quantity: '1' })
    exchange.place('alice', { side: 'buy', price: '290', quantity: '10' })
    const events = exchange.place('bob', { side: 'sell', orderType: 'market', quoteQuantity: '445' })
    expect(eventsOf(events, 'order.accepted')[0]!.held).to.equal(150_000_000n)
    expect(eventsOf(events, 'trade.executed').map(({ quantity }) => quantity)).to.deep.equal([1000n, 500n])
    expect(exchange.engine.balance(BOB, BTC)).to.deep.equal({ available: 9_850_000_000n, held: 0n })
  })
})

describe('Self-trade prevention', () => {
  const withOwnOrder = () => {
    const exchange = new SmallExchange({ rules: { allowSelfTrade: true } })
    exchange.place('bob', { side: 'sell', price: '100', quantity: '1' })
    exchange.place('alice', { side: 'sell', price: '101', quantity: '1' })
    exchange.place('bob', { side: 'sell', price: '102', quantity: '1' })
    return exchange
  }
  const buy = { side: 'buy', price: '102', quantity: '3' } as const

  it('cancels the taker', () => {
    const events = withOwnOrder().place('alice', { ...buy, selfTradePrevention: 'cancel-taker' })
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed', 'order.cancelled'])
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'self_trade_prevention', rested: false, cancelledQuantity: 2000n })
  })

  it('cancels the maker and goes on', () => {
    const events = withOwnOrder().place('alice', { ...buy, selfTradePrevention: 'cancel-maker' })
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed', 'order.cancelled', 'trade.executed', 'order.rested'])
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ orderId: 2, reason: 'self_trade_prevention', rested: true })
  })

  it('cancels both', () => {
    const events = withOwnOrder().place('alice', { ...buy, selfTradePrevention: 'cancel-both' })
    expect(eventsOf(events, 'order.cancelled').map(({ orderId, rested }) => [orderId, rested])).to.deep.equal([
      [2, true],
      [4, false],
    ])
  })

  it('decrements both by the smaller and lowers their holds', () => {
    const exchange = withOwnOrder()
    const events = exchange.place('alice', { ...buy, selfTradePrevention: 'decrement' })
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed', 'order.cancelled', 'order.reduced', 'trade.executed'])
    expect(eventsOf(events, 'order.reduced')[0]).to.include({ orderId: 4, rested: false, reducedQuantity: 1000n, released: 102_000_000n, quantity: 2000n })
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(0n)
  })

  it('shrinks a larger maker in place when it decrements', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', quantity: '2' })
    const events = exchange.place('alice', { side: 'buy', quantity: '0.5', selfTradePrevention: 'decrement' })
    expect(types(events)).to.deep.equal(['order.accepted', 'order.reduced', 'order.cancelled'])
    expect(eventsOf(events, 'order.reduced')[0]).to.include({ orderId: 1, rested: true, reducedQuantity: 500n, reason: 'self_trade_prevention' })
    expect(exchange.engine.depth(0, 1).asks).to.deep.equal([[10000n, 1500n]])
  })

  it('lets one owner trade with itself where the market allows it', () => {
    const exchange = new SmallExchange({ rules: { allowSelfTrade: true } })
    exchange.place('alice', { side: 'sell' })
    const events = exchange.place('alice', { side: 'buy', selfTradePrevention: 'none' })
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed'])
  })

  it('looks at the group, not at the account', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'account.open', account: 'alice-2', kind: 'user', group: 'alice' })
    exchange.run({ type: 'ledger.transfer', requestId: 'f', from: 'world', to: 'alice-2', asset: 'USD', amount: '1000' })
    exchange.place('alice', { side: 'sell' })
    expect(types(exchange.place('alice-2', { side: 'buy' }))).to.deep.equal(['order.accepted', 'order.cancelled'])
  })

  it('makes a FOK order fail that would meet its own', () => {
    const exchange = withOwnOrder()
    for (const selfTradePrevention of ['cancel-taker', 'cancel-both', 'decrement'] as const) {
      const events = exchange.place('alice', { ...buy, quantity: '2', timeInForce: 'fok', selfTradePrevention })
      expect(types(events)).to.deep.equal(['order.accepted', 'order.cancelled'])
    }
    expect(exchange.engine.openOrders(ALICE)).to.have.length(1)
    const events = exchange.place('alice', { ...buy, quantity: '2', timeInForce: 'fok', selfTradePrevention: 'cancel-maker' })
    expect(eventsOf(events, 'trade.executed')).to.have.length(2)
  })
})
