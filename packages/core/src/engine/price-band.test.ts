import { expect } from 'chai'
import { restoreEngine, type Command, type MarketRulesInput } from '@bourse/core'
import { eventsOf, RULES, SmallExchange } from '../../test/small-exchange.js'

const { types } = SmallExchange
const update = (rules: Partial<MarketRulesInput>): Command => ({ ...RULES, type: 'market.update', market: 'BTC-USD', ...rules })
const setReference = (referencePrice: string): Command => ({ type: 'market.set-reference', market: 'BTC-USD', referencePrice })

/** A band of 10 % around 100.00: from 90.00 to 110.00. */
function banded(rules: Partial<MarketRulesInput> = {}): SmallExchange {
  const exchange = new SmallExchange({ rules: { priceBandBps: 1000, ...rules } })
  exchange.run(setReference('100'))
  return exchange
}

/** Alice asks 104.00 and 110.00, and a trade at 95.00 has left the band at 104.50. */
function movedDown(): SmallExchange {
  const exchange = banded()
  exchange.place('alice', { side: 'sell', price: '104' })
  exchange.place('alice', { side: 'sell', price: '110' })
  exchange.place('carol', { side: 'sell', price: '95' })
  exchange.place('bob', { side: 'buy', price: '95' })
  return exchange
}

describe('The price band', () => {
  it('refuses a limit order that would rest outside, and takes one on the edge', () => {
    const exchange = banded()
    expect(exchange.refusal(exchange.order('alice', { side: 'buy', price: '89.99' }))).to.equal('price_outside_band')
    expect(exchange.refusal(exchange.order('alice', { side: 'buy', price: '110.01' }))).to.equal('price_outside_band')
    expect(exchange.refusal(exchange.order('alice', { side: 'sell', price: '110.01' }))).to.equal('price_outside_band')
    expect(exchange.refusal(exchange.order('alice', { side: 'sell', price: '89.99' }))).to.equal('price_outside_band')
    exchange.place('alice', { side: 'buy', price: '90' })
    exchange.place('alice', { side: 'sell', price: '110' })
  })

  it('does not bind a market without a trade and without a reference price', () => {
    const exchange = new SmallExchange({ rules: { priceBandBps: 1 } })
    exchange.place('alice', { side: 'buy', price: '0.01' })
    exchange.place('alice', { side: 'sell', price: '100000' })
  })

  it('is measured from the reference price of the definition until the first trade', () => {
    const exchange = new SmallExchange({ rules: { priceBandBps: 1000 }, referencePrice: '50' })
    expect(exchange.refusal(exchange.order('alice', { side: 'buy', price: '44.99' }))).to.equal('price_outside_band')
    exchange.place('alice', { side: 'sell', price: '55' })
    exchange.place('bob', { side: 'buy', price: '55' })
    expect(exchange.refusal(exchange.order('alice', { side: 'buy', price: '49.49' }))).to.equal('price_outside_band')
    exchange.place('alice', { side: 'buy', price: '49.50' })
  })

  it('lets a taker trade up to the band and cancels what is left, GTC too', () => {
    const exchange = movedDown()
    const events = exchange.place('bob', { side: 'buy', price: '120', quantity: '5' })
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed', 'order.cancelled'])
    expect(eventsOf(events, 'trade.executed')[0]).to.include({ price: 10400n, quantity: 1000n })
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'price_band', rested: false, cancelledQuantity: 4000n, released: 480_000_000n })
    expect(exchange.engine.depth(0, 5).asks).to.deep.equal([[11000n, 1000n]])
  })

  it('cancels the rest of a GTC order that could not rest at its own price, though nobody stands beyond the band', () => {
    const exchange = banded()
    exchange.place('alice', { side: 'sell', price: '104' })
    const events = exchange.place('bob', { side: 'buy', price: '110.01', quantity: '2' })
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed', 'order.cancelled'])
    expect(eventsOf(events, 'order.cancelled')[0]!.reason).to.equal('price_band')
  })

  it('bounds a seller from below', () => {
    const exchange = banded()
    exchange.place('alice', { side: 'buy', price: '90' })
    exchange.place('alice', { side: 'buy', price: '96' })
    exchange.place('carol', { side: 'sell', price: '104' })
    exchange.place('bob', { side: 'buy', price: '104' })
    // The band is now that of 104.00, from 93.60 on.
    const events = exchange.place('bob', { side: 'sell', price: '80', quantity: '3' })
    expect(eventsOf(events, 'trade.executed').map(({ price }) => price)).to.deep.equal([9600n])
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'price_band', cancelledQuantity: 2000n })
  })

  it('stands still while one order trades, and moves with its last trade afterwards', () => {
    const exchange = banded()
    for (const price of ['91', '108']) exchange.place('alice', { side: 'sell', price })
    const events = exchange.place('bob', { side: 'buy', price: '109', quantity: '2' })
    // 108.00 is beyond 100.10, the band of the first trade's price.
    expect(eventsOf(events, 'trade.executed').map(({ price }) => price)).to.deep.equal([9100n, 10800n])
    expect(exchange.refusal(exchange.order('alice', { side: 'sell', price: '118.81' }))).to.equal('price_outside_band')
    exchange.place('alice', { side: 'sell', price: '118.80' })
  })

  for (const [what, order, reason, trades] of [
    ['an IOC order', { timeInForce: 'ioc', price: '120' }, 'price_band', 1],
    ['a market order', { orderType: 'market', price: '120' }, 'price_band', 1],
    ['a market order by quote amount', { orderType: 'market', price: '120', quoteQuantity: '500' }, 'price_band', 1],
    ['an IOC order whose own limit comes first', { timeInForce: 'ioc', price: '104.40' }, 'ioc_remainder', 1],
    ['a market order whose protection price comes first', { orderType: 'market', price: '104.40' }, 'protection_price', 1],
    ['an IOC order that meets nobody within the band', { timeInForce: 'ioc', price: '120' }, 'price_band', 0],
  ] as const) {
    it(`ends ${what} with ${reason}`, () => {
      const exchange = movedDown()
      if (trades === 0) exchange.run({ type: 'order.cancel', account: 'alice', market: 'BTC-USD', orderId: 1 })
      const events = exchange.place('bob', { side: 'buy', ...('quoteQuantity' in order ? {} : { quantity: '3' }), ...order })
      expect(eventsOf(events, 'trade.executed')).to.have.length(trades)
      expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason })
    })
  }

  it('counts for the probe of a FOK order', () => {
    const exchange = movedDown()
    const events = exchange.place('bob', { side: 'buy', price: '120', quantity: '1.001', timeInForce: 'fok' })
    expect(eventsOf(events, 'order.cancelled')[0]!.reason).to.equal('fok_not_filled')
    expect(types(exchange.place('bob', { side: 'buy', price: '120', quantity: '1', timeInForce: 'fok' }))).to.deep.equal(['order.accepted', 'trade.executed'])
  })

  it('cancels what rests outside a new band, best first, with an event each', () => {
    const exchange = banded()
    for (const price of ['95', '92', '90']) exchange.place('alice', { side: 'buy', price })
    for (const price of ['106', '110']) exchange.place('bob', { side: 'sell', price })
    const events = exchange.run(update({ priceBandBps: 500 }))
    expect(eventsOf(events, 'order.cancelled').map(({ price, reason }) => [price, reason])).to.deep.equal([
      [9200n, 'rule_changed'],
      [9000n, 'rule_changed'],
      [10600n, 'rule_changed'],
      [11000n, 'rule_changed'],
    ])
  })

  it('cancels what rests outside the band of a new reference price', () => {
    const exchange = banded()
    exchange.place('alice', { side: 'buy', price: '95' })
    const events = exchange.run(setReference('110'))
    expect(types(events)).to.deep.equal(['market.reference-set', 'order.cancelled'])
    expect(eventsOf(events, 'market.reference-set')[0]).to.include({ market: 0, referencePrice: 11000n })
  })

  it('leaves alone what it has moved away from, when other rules change', () => {
    const exchange = banded()
    exchange.place('alice', { side: 'buy', price: '90' })
    exchange.place('alice', { side: 'sell', price: '109' })
    exchange.place('bob', { side: 'buy', price: '109' })
    expect(types(exchange.run(update({ priceBandBps: 1000, takerFee: '0.003' })))).to.deep.equal(['market.updated'])
    expect(exchange.engine.depth(0, 5).bids).to.deep.equal([[9000n, 1000n]])
  })

  it('goes on after a snapshot from the same reference price', () => {
    const exchange = banded()
    const restored = restoreEngine(exchange.engine.snapshot())
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
    expect(restored.referencePrice(0)).to.equal(10000n)
    exchange.place('alice', { side: 'sell', price: '101' })
    exchange.place('bob', { side: 'buy', price: '101' })
    expect(exchange.engine.referencePrice(0)).to.equal(10100n)
    expect(restoreEngine(exchange.engine.snapshot()).referencePrice(0)).to.equal(10100n)
  })
})

describe('Bounds of the notional', () => {
  it('refuse what is worth too much, and take what is worth exactly the maximum', () => {
    const exchange = new SmallExchange({ rules: { maxNotional: '1000' } })
    exchange.place('alice', { side: 'sell', price: '100', quantity: '10' })
    expect(exchange.refusal(exchange.order('alice', { side: 'sell', price: '100.01', quantity: '10' }))).to.equal('notional_above_maximum')
    expect(exchange.refusal(exchange.order('bob', { side: 'buy', orderType: 'market', quantity: '10.001' }))).to.equal('notional_above_maximum')
    expect(exchange.refusal(exchange.order('bob', { side: 'buy', orderType: 'market', quoteQuantity: '1000.01' }))).to.equal('notional_above_maximum')
  })

  it('cancel what rests above a new maximum', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', price: '100', quantity: '10' })
    exchange.place('alice', { side: 'sell', price: '100', quantity: '9' })
    const events = exchange.run(update({ maxNotional: '900' }))
    expect(eventsOf(events, 'order.cancelled').map(({ orderId, reason }) => [orderId, reason])).to.deep.equal([[1, 'rule_changed']])
  })

  it('cancel an untouched order below a new minimum and spare the rest of one that has traded', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', price: '100', quantity: '1' })
    exchange.place('bob', { side: 'buy', price: '100', quantity: '0.9' })
    exchange.place('alice', { side: 'sell', price: '100', quantity: '0.1' })
    const events = exchange.run(update({ minQuantity: '0.2' }))
    expect(eventsOf(events, 'order.cancelled').map(({ orderId }) => orderId)).to.deep.equal([3])
    expect(exchange.engine.order(1)?.leavesQuantity).to.equal(100n)
  })
})
