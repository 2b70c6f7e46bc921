import { expect } from 'chai'
import { restoreEngine, type Command, type MarketRulesInput } from '@bourse/core'
import { eventsOf, RULES, SmallExchange } from '../../test/small-exchange.js'

const { types } = SmallExchange
const MARKET = 'BTC-USD'
/** 5 % within 4 seconds: quarters of a second. */
const BREAKER: Partial<MarketRulesInput> = { breakerMoveBps: 500, breakerWindowMs: 4_000, haltMs: 10_000, auctionMs: 60_000, auctionRandomMs: 30_000 }
const update = (rules: Partial<MarketRulesInput>): Command => ({ ...RULES, ...BREAKER, type: 'market.update', market: MARKET, ...rules })

/** A market with a breaker, in which alice asks at these prices, and a reference price of 100.00: the corridor is 95.00 to 105.00. */
function watched(asks: readonly string[] = ['100', '104', '105', '106', '110'], rules: Partial<MarketRulesInput> = {}): SmallExchange {
  const exchange = new SmallExchange({ rules: { ...BREAKER, ...rules }, referencePrice: '100' })
  for (const price of asks) exchange.place('alice', { side: 'sell', price })
  return exchange
}

describe('The circuit breaker', () => {
  it('halts after the trades inside the corridor, says why and until when at least', () => {
    const exchange = watched()
    const events = exchange.place('bob', { side: 'buy', price: '120', quantity: '5', timeInForce: 'ioc' })
    expect(eventsOf(events, 'trade.executed').map(({ price }) => price)).to.deep.equal([10000n, 10400n, 10500n])
    expect(types(events).slice(-2)).to.deep.equal(['market.state-changed', 'order.cancelled'])
    expect(eventsOf(events, 'market.state-changed')[0]).to.include({ market: 0, state: 'halted', reason: 'circuit_breaker', untilUs: exchange.nowUs + 10_000_000 })
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'circuit_breaker', cancelledQuantity: 2000n })
    expect(exchange.engine.haltEndsUs(0)).to.equal(exchange.nowUs + 10_000_000)
    expect(exchange.refusal(exchange.order('bob', { side: 'buy' }))).to.equal('market_not_open')
  })

  it('lets what is left of a GTC order rest, for the auction', () => {
    const exchange = watched()
    const events = exchange.place('bob', { side: 'buy', price: '120', quantity: '5' })
    expect(types(events).slice(-2)).to.deep.equal(['market.state-changed', 'order.rested'])
    expect(exchange.engine.depth(0, 2)).to.deep.equal({ bids: [[12000n, 2000n]], asks: [[10600n, 1000n], [11000n, 1000n]] })
    exchange.run({ type: 'market.auction', market: MARKET, endsAt: 1 })
    expect(exchange.engine.catalog.market(0)?.state).to.equal('open')
    expect(exchange.engine.depth(0, 2)).to.deep.equal({ bids: [], asks: [] })
  })

  it('does not halt for an order that wants no more, or nothing beyond', () => {
    const exchange = watched()
    exchange.place('bob', { side: 'buy', price: '120', quantity: '3' })
    exchange.place('bob', { side: 'buy', price: '105.99', quantity: '3' })
    expect(exchange.engine.catalog.market(0)?.state).to.equal('open')
  })

  it('looks down as well', () => {
    const exchange = watched([])
    for (const price of ['99', '95', '94.99']) exchange.place('alice', { side: 'buy', price })
    const events = exchange.place('bob', { side: 'sell', price: '1', quantity: '3', timeInForce: 'ioc' })
    expect(eventsOf(events, 'trade.executed').map(({ price }) => price)).to.deep.equal([9900n, 9500n])
    expect(eventsOf(events, 'market.state-changed')[0]!.state).to.equal('halted')
  })

  it('halts before a trade with an order that rests beyond the corridor on the other side', () => {
    const exchange = watched([])
    exchange.place('alice', { side: 'buy', price: '106' })
    const events = exchange.place('bob', { side: 'sell', price: '106', quantity: '1', timeInForce: 'ioc' })
    expect(types(events)).to.deep.equal(['order.accepted', 'market.state-changed', 'order.cancelled'])
  })

  it('cancels a FOK order that the corridor leaves unfilled, without a halt', () => {
    const exchange = watched()
    expect(eventsOf(exchange.place('bob', { side: 'buy', price: '120', quantity: '4', timeInForce: 'fok' }), 'order.cancelled')[0]!.reason).to.equal('fok_not_filled')
    expect(exchange.engine.catalog.market(0)?.state).to.equal('open')
    exchange.place('alice', { side: 'buy', price: '99', clientOrderId: 'low' })
    exchange.run({ type: 'order.cancel', account: 'alice', market: MARKET, clientOrderId: 'low' })
  })

  it('adds up small moves within the window', () => {
    const exchange = watched(['103', '105', '107'])
    exchange.place('bob', { side: 'buy', price: '103', quantity: '1' })
    exchange.pass(1_000)
    exchange.place('bob', { side: 'buy', price: '105', quantity: '1' })
    exchange.pass(1_000)
    expect(types(exchange.place('bob', { side: 'buy', price: '107', quantity: '1' }))).to.deep.equal(['order.accepted', 'market.state-changed', 'order.rested'])
  })

  it('forgets what is a window and a quarter old', () => {
    const exchange = watched(['103', '105', '107'])
    exchange.place('bob', { side: 'buy', price: '103', quantity: '1' })
    exchange.pass(5_000)
    // The window begins with 103.00 now: up to 108.15.
    expect(types(exchange.place('bob', { side: 'buy', price: '107', quantity: '2' }))).to.deep.equal(['order.accepted', 'trade.executed', 'trade.executed'])
  })

  it('remembers the price with which the window began, though nobody traded in it', () => {
    const exchange = watched(['104', '108', '109.30'])
    exchange.place('bob', { side: 'buy', price: '104', quantity: '1' })
    exchange.pass(60_000)
    exchange.place('bob', { side: 'buy', price: '108', quantity: '1' })
    exchange.pass(3_000)
    expect(types(exchange.place('bob', { side: 'buy', price: '109.30', quantity: '1' }))).to.deep.equal(['order.accepted', 'market.state-changed', 'order.rested'])
  })

  it('begins anew after an auction, after a new reference price and with another window', () => {
    for (const [command, reference] of [
      [{ type: 'market.auction', market: MARKET, endsAt: 1 }, 10300n],
      [{ type: 'market.set-reference', market: MARKET, referencePrice: '103' }, 10300n],
      [update({ breakerWindowMs: 8_000 }), 10300n],
    ] as const) {
      const exchange = watched(['103', '108.15', '108.16'])
      exchange.place('bob', { side: 'buy', price: '103', quantity: '1' })
      exchange.run(command)
      expect(exchange.engine.referencePrice(0)).to.equal(reference)
      const events = exchange.place('bob', { side: 'buy', price: '110', quantity: '2' })
      expect(eventsOf(events, 'trade.executed').map(({ price }) => price)).to.deep.equal([10815n])
      expect(exchange.engine.catalog.market(0)?.state).to.equal('halted')
    }
  })

  it('leaves the word to the price band where that ends first, and takes it where both end together', () => {
    const nearer = watched(['100', '104', '106'], { priceBandBps: 600 })
    nearer.run(update({ priceBandBps: 300 }))
    expect(eventsOf(nearer.place('bob', { side: 'buy', price: '106', quantity: '2', timeInForce: 'ioc' }), 'order.cancelled')[0]!.reason).to.equal('ioc_remainder')
    const same = watched(['100'], { priceBandBps: 500 })
    same.place('alice', { side: 'sell', price: '105' })
    same.place('carol', { side: 'sell', price: '99' })
    same.place('bob', { side: 'buy', price: '99' })
    // The band is now that of 99.00, up to 103.95; so is the corridor.
    const events = same.place('bob', { side: 'buy', price: '105', quantity: '2', timeInForce: 'ioc' })
    expect(eventsOf(events, 'order.cancelled')[0]!.reason).to.equal('circuit_breaker')
  })

  it('freezes what was triggered until the market trades again', () => {
    const exchange = watched()
    exchange.place('carol', { side: 'buy', orderType: 'stop-limit', price: '105', stopPrice: '104' })
    const events = exchange.place('bob', { side: 'buy', price: '120', quantity: '5' })
    expect(types(events).slice(-3)).to.deep.equal(['market.state-changed', 'order.rested', 'order.triggered'])
    expect(exchange.engine.hasBacklog).to.equal(false)
    const opened = exchange.run({ type: 'market.auction', market: MARKET, endsAt: 1 })
    expect(types(opened).slice(-2)).to.deep.equal(['market.state-changed', 'order.rested'])
  })

  it('is the same after a snapshot, halted or not', () => {
    const exchange = watched(['103', '105', '107'])
    exchange.place('bob', { side: 'buy', price: '103', quantity: '1' })
    exchange.pass(1_000)
    for (const order of [{ price: '105', quantity: '1' }, { price: '110', quantity: '1' }]) {
      exchange.place('bob', { side: 'buy', ...order })
      const restored = restoreEngine(exchange.engine.snapshot())
      restored.checkInvariants()
      expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
      expect(restored.haltEndsUs(0)).to.equal(exchange.engine.haltEndsUs(0))
    }
    expect(exchange.engine.haltEndsUs(0)).to.be.greaterThan(0)
  })

  it('is forgotten when a command changes the state, and kept when it changes other rules', () => {
    const exchange = watched()
    exchange.place('bob', { side: 'buy', price: '120', quantity: '5' })
    exchange.run(update({ state: 'halted', takerFee: '0.003' }))
    expect(exchange.engine.haltEndsUs(0)).to.be.greaterThan(0)
    exchange.run(update({ state: 'cancel-only' }))
    expect(exchange.engine.haltEndsUs(0)).to.equal(undefined)
  })

  for (const [what, rules] of [
    ['without a window', { breakerMoveBps: 500, breakerWindowMs: 0 }],
    ['of everything', { breakerMoveBps: 10_000 }],
    ['with a window of more than a day', { breakerWindowMs: 86_400_001 }],
    ['with a halt of more than a day', { haltMs: 86_400_001 }],
    ['of nothing with times', { breakerMoveBps: 0, breakerWindowMs: 0 }],
  ] as const) {
    it(`is not defined ${what}`, () => {
      expect(new SmallExchange().refusal(update(rules))).to.equal('invalid_definition')
    })
  }
})
