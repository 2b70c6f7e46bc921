import { expect } from 'chai'
import { execute, restoreEngine } from '@bourse/core'
import { ALICE, BOB, BTC, eventsOf, FEES, RULES, SmallExchange, USD } from '../../test/small-exchange.js'

/** Fees of the first trade among events, in the smallest units. */
function feesOf(events: ReturnType<SmallExchange['run']>): { maker: bigint; taker: bigint } {
  const [trade] = eventsOf(events, 'trade.executed')
  return { maker: trade!.maker.fee, taker: trade!.taker.fee }
}

describe('Fee tiers', () => {
  it('replace the fees of the market for the accounts that are in them', () => {
    const exchange = new SmallExchange()
    const [defined] = exchange.run({ type: 'fees.define-tier', tier: 3, makerFee: '0.0002', takerFee: '0.0005' })
    expect(defined).to.include({ type: 'fee-tier.defined', tier: 3, market: undefined, makerFeePpm: 200, takerFeePpm: 500 })
    const [updated] = exchange.run({ type: 'account.update', account: 'alice', feeTier: 3 })
    expect(updated).to.include({ type: 'account.updated', account: ALICE, feeTier: 3 })
    expect(exchange.engine.accountSettings(ALICE)).to.include({ feeTier: 3 })
    expect(exchange.engine.accountSettings(99)).to.equal(undefined)

    exchange.place('alice', { side: 'sell' })
    // Alice makes at 0.02 % of 100 USD, Bob takes at the market's 0.2 % of 1 BTC.
    expect(feesOf(exchange.place('bob', { side: 'buy' }))).to.deep.equal({ maker: 20_000n, taker: 200_000n })
    exchange.place('bob', { side: 'sell' })
    // Bob makes at the market's 0.1 %, Alice takes at 0.05 % of 1 BTC.
    expect(feesOf(exchange.place('alice', { side: 'buy' }))).to.deep.equal({ maker: 100_000n, taker: 50_000n })
    expect(exchange.engine.balance(FEES, BTC).available).to.equal(250_000n)
    expect(exchange.engine.balance(FEES, USD).available).to.equal(120_000n)
  })

  it('have in a market its own rates first, then those for all markets, then the fees of the market', () => {
    const exchange = new SmallExchange()
    exchange.run({ ...RULES, type: 'market.define', symbol: 'USD-BTC', base: 'USD', quote: 'BTC', priceScale: 5, quantityScale: 3, tickSize: '0.00001', maxPrice: '1000' })
    exchange.run({ type: 'fees.define-tier', tier: 1, market: 'USD-BTC', makerFee: '0.0001', takerFee: '0.0001' })
    exchange.run({ type: 'account.update', account: 'bob', feeTier: 1 })
    const takerRateIn = (market: string): number => {
      const [accepted] = eventsOf(exchange.place('bob', { side: 'buy', market, price: '0.01' }), 'order.accepted')
      return exchange.engine.order(accepted!.orderId)!.takerFeePpm
    }
    expect([takerRateIn('USD-BTC'), takerRateIn('BTC-USD')]).to.deep.equal([100, 2000])
    exchange.run({ type: 'fees.define-tier', tier: 1, makerFee: '0.0003', takerFee: '0.0004' })
    expect([takerRateIn('USD-BTC'), takerRateIn('BTC-USD')]).to.deep.equal([100, 400])
    expect([1, 0, 99].map((market) => exchange.engine.feeRates(BOB, market))).to.deep.equal([{ makerFeePpm: 100, takerFeePpm: 100 }, { makerFeePpm: 300, takerFeePpm: 400 }, undefined])
    exchange.run({ type: 'account.update', account: 'bob', feeTier: 0 })
    expect([takerRateIn('USD-BTC'), takerRateIn('BTC-USD')]).to.deep.equal([2000, 2000])
  })

  it('leave the orders alone that were accepted before', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'fees.define-tier', tier: 1, makerFee: '0.0002', takerFee: '0.0005' })
    exchange.run({ type: 'account.update', account: 'alice', feeTier: 1 })
    const [accepted] = eventsOf(exchange.place('alice', { side: 'sell', quantity: '2' }), 'order.accepted')
    exchange.run({ type: 'account.update', account: 'alice', feeTier: 0 })
    exchange.run({ type: 'fees.define-tier', tier: 1, makerFee: '0.4', takerFee: '0.4' })
    expect(exchange.engine.order(accepted!.orderId)).to.include({ makerFeePpm: 200, takerFeePpm: 500 })
    expect(feesOf(exchange.place('bob', { side: 'buy' })).maker).to.equal(20_000n)
    // An amended order enters anew, but it was accepted long ago.
    const amended = exchange.run({ type: 'order.amend', account: 'alice', market: 'BTC-USD', orderId: accepted!.orderId, price: '100.01' })
    expect(amended.map(({ type }) => type)).to.deep.equal(['order.amended', 'order.rested'])
    expect(feesOf(exchange.place('bob', { side: 'buy', price: '100.01' })).maker).to.equal(20_002n)
  })

  it('survive a snapshot, with the settings of accounts and the rates of orders', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'fees.define-tier', tier: 7, makerFee: '0', takerFee: '0.0005' })
    exchange.run({ type: 'fees.define-tier', tier: 7, market: 'BTC-USD', makerFee: '0.0001', takerFee: '0.0006' })
    exchange.run({ type: 'account.update', account: 'bob', feeTier: 7 })
    exchange.place('bob', { side: 'sell' })
    const restored = restoreEngine(exchange.engine.snapshot())
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
    expect(restored.accountSettings(BOB)).to.include({ feeTier: 7 })
    const order = exchange.order('bob', { side: 'sell', price: '101' })
    expect(execute(restored, order, 2_000_000)).to.deep.equal(execute(exchange.engine, order, 2_000_000))
    expect(restored.openOrders(BOB).map(({ takerFeePpm }) => takerFeePpm)).to.deep.equal([600, 600])
  })
})
