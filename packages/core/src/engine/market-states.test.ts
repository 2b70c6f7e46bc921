/** The table of `docs/orders.md`: what each state of a market takes; and every way from one state to another. */
import { expect } from 'chai'
import { MARKET_STATES, restoreEngine, type Command, type MarketRulesInput, type MarketState, type RejectCode } from '@bourse/core'
import { ALICE, BOB, CAROL, eventsOf, RULES, SmallExchange } from '../../test/small-exchange.js'

const { types } = SmallExchange
const MARKET = 'BTC-USD'
const update = (rules: Partial<MarketRulesInput>): Command => ({ ...RULES, type: 'market.update', market: MARKET, ...rules })
const order = (more: object): Command => new SmallExchange({ funded: false }).order('carol', { side: 'buy', price: '90', ...more })
const own = { account: 'alice', market: MARKET, clientOrderId: 'resting' } as const

/** Alice bids 95.00 and asks 105.00, bob waits to sell at 94.00; then the market enters the state. */
function inState(state: MarketState): SmallExchange {
  const exchange = new SmallExchange()
  exchange.place('alice', { side: 'buy', price: '95', clientOrderId: 'resting' })
  exchange.place('alice', { side: 'sell', price: '105' })
  exchange.place('bob', { side: 'sell', orderType: 'stop-limit', price: '90', stopPrice: '94', clientOrderId: 'waiting' })
  if (state !== 'open') exchange.run(update({ state }))
  return exchange
}

const SHUT = 'market_not_open'
type Outcome = 'accepted' | RejectCode
/** By state: open, post-only, cancel-only, halted, delisted, pre-open. */
const TABLE: readonly [what: string, command: Command, outcomes: readonly [Outcome, Outcome, Outcome, Outcome, Outcome, Outcome]][] = [
  ['a limit order', order({}), ['accepted', 'accepted', SHUT, SHUT, SHUT, 'accepted']],
  ['a limit order that expires', order({ timeInForce: 'gtd', expiresAt: 9_999_999 }), ['accepted', 'accepted', SHUT, SHUT, SHUT, 'accepted']],
  ['a limit order that meets another', order({ price: '105' }), ['accepted', 'would_take_liquidity', SHUT, SHUT, SHUT, 'accepted']],
  ['a post-only order', order({ postOnly: true }), ['accepted', 'accepted', SHUT, SHUT, SHUT, SHUT]],
  ['a post-only order that meets another', order({ price: '105', postOnly: true }), ['would_take_liquidity', 'would_take_liquidity', SHUT, SHUT, SHUT, SHUT]],
  ['an iceberg', order({ quantity: '2', displayQuantity: '1' }), ['accepted', 'accepted', SHUT, SHUT, SHUT, 'accepted']],
  ['an IOC order', order({ timeInForce: 'ioc' }), ['accepted', SHUT, SHUT, SHUT, SHUT, SHUT]],
  ['a FOK order', order({ timeInForce: 'fok' }), ['accepted', SHUT, SHUT, SHUT, SHUT, SHUT]],
  ['a market order', order({ orderType: 'market', price: '105' }), ['accepted', SHUT, SHUT, SHUT, SHUT, SHUT]],
  ['a stop', order({ orderType: 'stop-limit', price: '120', stopPrice: '110' }), ['accepted', 'accepted', SHUT, SHUT, SHUT, SHUT]],
  ['an amendment', { type: 'order.amend', ...own, price: '96' }, ['accepted', 'accepted', SHUT, SHUT, 'unknown_order', 'accepted']],
  ['an amendment that meets another order', { type: 'order.amend', ...own, price: '105', quantity: '0.5' }, ['accepted', 'would_take_liquidity', SHUT, SHUT, 'unknown_order', 'accepted']],
  ['a reduction', { type: 'order.reduce', ...own, leavesQuantity: '0.5' }, ['accepted', 'accepted', 'accepted', 'accepted', 'unknown_order', 'accepted']],
  ['a cancel', { type: 'order.cancel', ...own }, ['accepted', 'accepted', 'accepted', 'accepted', 'unknown_order', 'accepted']],
  ['a cancel of a waiting order', { type: 'order.cancel', account: 'bob', market: MARKET, clientOrderId: 'waiting' }, ['accepted', 'accepted', 'accepted', 'accepted', 'unknown_order', 'accepted']],
  ['a cancel-all', { type: 'order.cancel-all', account: 'alice' }, ['accepted', 'accepted', 'accepted', 'accepted', 'accepted', 'accepted']],
  ['a dead-man switch', { type: 'order.cancel-all-after', account: 'alice', timeoutMs: 1_000 }, ['accepted', 'accepted', 'accepted', 'accepted', 'accepted', 'accepted']],
  ['a ladder', { type: 'quote.place', account: 'carol', market: MARKET, bids: [{ price: '90', quantity: '1' }], asks: [] }, ['accepted', 'accepted', SHUT, SHUT, SHUT, 'accepted']],
  ['a post-only ladder', { type: 'quote.place', account: 'carol', market: MARKET, postOnly: true, bids: [{ price: '90', quantity: '1' }], asks: [] }, ['accepted', 'accepted', SHUT, SHUT, SHUT, SHUT]],
  ['a ladder of nothing', { type: 'quote.place', account: 'carol', market: MARKET, bids: [], asks: [] }, ['accepted', 'accepted', 'accepted', 'accepted', 'accepted', 'accepted']],
  ['a reference price', { type: 'market.set-reference', market: MARKET, referencePrice: '100' }, ['accepted', 'accepted', 'accepted', 'accepted', SHUT, 'accepted']],
  ['a call to an auction', { type: 'market.auction', market: MARKET, endsAt: 9_999_999 }, ['accepted', 'accepted', 'accepted', 'accepted', SHUT, 'accepted']],
  ['new rules', update({ takerFee: '0.003' }), ['accepted', 'accepted', 'accepted', 'accepted', SHUT, 'accepted']],
]

describe('The state of a market decides that', () => {
  for (const [what, command, outcomes] of TABLE) {
    for (const [index, state] of MARKET_STATES.entries()) {
      it(`${what} in a market that is ${state} gets: ${outcomes[index]}`, () => {
        expect(inState(state).refusal(command)).to.equal(outcomes[index])
      })
    }
  }
})

/** A market with a crossed book and its last trade at 100.00, in the given state. */
function crossed(state: Exclude<MarketState, 'open' | 'post-only' | 'delisted'>): SmallExchange {
  const exchange = new SmallExchange()
  exchange.place('alice', { side: 'sell', price: '100' })
  exchange.place('bob', { side: 'buy', price: '100' })
  exchange.run(update({ state: 'pre-open' }))
  exchange.place('alice', { side: 'sell', price: '99' })
  exchange.place('bob', { side: 'buy', price: '101', quantity: '2' })
  exchange.place('carol', { side: 'buy', orderType: 'limit', price: '98' })
  if (state !== 'pre-open') exchange.run(update({ state }))
  return exchange
}

describe('New rules take a market', () => {
  for (const from of MARKET_STATES) {
    for (const to of MARKET_STATES) {
      it(`from ${from} to ${to}${from === 'delisted' ? ': never' : ''}`, () => {
        const exchange = inState(from)
        if (from === 'delisted') {
          expect(exchange.refusal(update({ state: to }))).to.equal(SHUT)
          return
        }
        const events = exchange.run(update({ state: to }))
        expect(exchange.engine.catalog.market(0)?.state).to.equal(to)
        expect(eventsOf(events, 'market.updated')[0]!.market.state).to.equal(to)
        const changed = eventsOf(events, 'market.state-changed')
        expect(changed.map(({ state, reason }) => [state, reason])).to.deep.equal(from === to ? [] : [[to, 'requested']])
        expect(eventsOf(events, 'order.cancelled').map(({ reason }) => reason)).to.deep.equal(to === 'delisted' ? Array<string>(3).fill('market_delisted') : [])
        expect(restoreEngine(exchange.engine.snapshot()).stateHash()).to.equal(exchange.engine.stateHash())
      })
    }
  }

  for (const from of ['cancel-only', 'halted', 'pre-open'] as const) {
    for (const to of MARKET_STATES) {
      it(`with a crossed book from ${from} to ${to}`, () => {
        const exchange = crossed(from)
        const events = exchange.run(update({ state: to }))
        const trades = to === 'open' || to === 'post-only'
        expect(exchange.engine.catalog.market(0)?.state).to.equal(to)
        expect(eventsOf(events, 'trade.executed')).to.have.length(trades ? 1 : 0)
        expect(eventsOf(events, 'auction.uncrossed').map(({ price, quantity, surplus }) => [price, quantity, surplus])).to.deep.equal(trades ? [[10100n, 1000n, 1000n]] : [])
        expect(eventsOf(events, 'market.state-changed').at(-1)?.reason).to.equal(trades ? 'auction_ended' : from === to ? undefined : 'requested')
        expect(eventsOf(events, 'order.cancelled')).to.have.length(to === 'delisted' ? 3 : 0)
        const { bids, asks } = exchange.engine.depth(0, 9)
        expect([bids.length, asks.length]).to.deep.equal(to === 'delisted' ? [0, 0] : trades ? [2, 0] : [2, 1])
      })
    }
  }
})

describe('Delisting', () => {
  it('takes everything with it: what rests, waits and was triggered, an auction that was called, and all that was held', () => {
    const exchange = new SmallExchange({ limits: { cancelsPerCommand: 1 }, rules: { breakerMoveBps: 500, breakerWindowMs: 60_000 }, referencePrice: '100' })
    for (const price of ['100', '104', '110']) exchange.place('alice', { side: 'sell', price })
    exchange.place('carol', { side: 'buy', orderType: 'stop-limit', price: '120', stopPrice: '104' })
    exchange.place('carol', { side: 'buy', orderType: 'stop-limit', price: '120', stopPrice: '119' })
    exchange.place('bob', { side: 'buy', price: '110', quantity: '3' })
    expect(exchange.engine.catalog.market(0)?.state).to.equal('halted')
    exchange.run({ type: 'market.auction', market: MARKET, endsAt: 9_999_999 })
    const events = exchange.run(update({ state: 'delisted', breakerMoveBps: 500, breakerWindowMs: 60_000 }))
    expect(types(events)).to.deep.equal(['market.updated', 'market.state-changed', ...Array<string>(4).fill('order.cancelled')])
    expect(new Set(eventsOf(events, 'order.cancelled').map(({ reason }) => reason))).to.deep.equal(new Set(['market_delisted']))
    for (const account of [ALICE, BOB, CAROL]) {
      expect(exchange.engine.openOrders(account)).to.deep.equal([])
      for (const asset of [0, 1]) expect(exchange.engine.balance(account, asset).held).to.equal(0n)
    }
    expect([exchange.engine.auctionEndsUs(0), exchange.engine.haltEndsUs(0)]).to.deep.equal([undefined, undefined])
    expect(exchange.pass(10_000_000)).to.deep.equal([])
  })

  it('leaves other markets alone', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'asset.define', code: 'ETH', scale: 8 })
    exchange.run({ ...RULES, type: 'market.define', symbol: 'ETH-BTC', base: 'ETH', quote: 'BTC', priceScale: 2, quantityScale: 3 })
    exchange.run({ type: 'order.place', account: 'alice', market: 'ETH-BTC', side: 'buy', orderType: 'limit', price: '1', quantity: '1' })
    exchange.place('alice', { side: 'buy' })
    exchange.run(update({ state: 'delisted' }))
    expect(exchange.engine.openOrders(ALICE).map(({ market }) => market)).to.deep.equal([1])
  })
})
