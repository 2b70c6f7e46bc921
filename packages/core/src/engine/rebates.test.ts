import { expect } from 'chai'
import { execute, postingsOf, restoreEngine, type SpecialFee, type TradeExecuted } from '@bourse/core'
import { ALICE, BOB, BTC, eventsOf, FEES, RULES, SmallExchange, USD } from '../../test/small-exchange.js'

/** Alice is in a tier with a rebate of 0.01 %; everybody else pays 0.1 % and 0.2 %. */
function exchangeWithRebate(): SmallExchange {
  const exchange = new SmallExchange()
  exchange.run({ type: 'fees.define-tier', tier: 1, makerFee: '-0.0001', takerFee: '0.0005' })
  exchange.run({ type: 'account.update', account: 'alice', feeTier: 1 })
  return exchange
}

/** The special part of a fee that is not special. */
const plain = (feeAsset: number): SpecialFee => ({ feeAsset, source: 'received', assetFee: 0n, feeReleased: 0n, referrer: undefined, referral: 0n, rebate: 0n })

function tradeOf(events: ReturnType<SmallExchange['run']>): TradeExecuted {
  const [trade] = eventsOf(events, 'trade.executed')
  if (trade === undefined) throw new Error('Nothing was traded.')
  return trade
}

describe('Rebates', () => {
  it('are paid in the asset and out of the fee of the taker', () => {
    const exchange = exchangeWithRebate()
    exchange.place('alice', { side: 'sell' })
    const events = exchange.place('bob', { side: 'buy' })
    const { maker, taker } = tradeOf(events)
    // Bob receives 1 BTC and pays 0.2 % of it, of which Alice gets 0.01 % of 1 BTC.
    expect(taker).to.deep.include({ fee: 200_000n, totalFee: 200_000n, special: plain(BTC) })
    expect(maker).to.deep.include({ fee: 0n, totalFee: 0n, special: { ...plain(USD), rebate: 10_000n } })
    expect(exchange.engine.balance(ALICE, BTC)).to.deep.equal({ available: 99_00010000n, held: 0n })
    expect(exchange.engine.balance(ALICE, USD).available).to.equal(1_000_100_000_000n)
    expect(exchange.engine.balance(BOB, BTC).available).to.equal(100_99800000n)
    expect(exchange.engine.balance(FEES, BTC).available).to.equal(190_000n)
    expect(exchange.engine.balance(FEES, USD).available).to.equal(0n)
    expect(postingsOf(events[1]!, exchange.engine.catalog)).to.deep.equal([
      { asset: USD, amount: 100_000_000n, from: BOB, fromBucket: 'held', to: ALICE, toBucket: 'available' },
      { asset: BTC, amount: 100_000_000n, from: ALICE, fromBucket: 'held', to: BOB, toBucket: 'available' },
      { asset: BTC, amount: 200_000n, from: BOB, fromBucket: 'available', to: FEES, toBucket: 'available' },
      { asset: BTC, amount: 10_000n, from: FEES, fromBucket: 'available', to: ALICE, toBucket: 'available' },
    ])
  })

  it('are paid in quote when the taker sells', () => {
    const exchange = exchangeWithRebate()
    exchange.place('alice', { side: 'buy' })
    const { maker, taker } = tradeOf(exchange.place('bob', { side: 'sell' }))
    expect([taker.fee, maker.fee, maker.special?.rebate]).to.deep.equal([200_000n, 0n, 10_000n])
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 999_900_010_000n, held: 0n })
    expect(exchange.engine.balance(FEES, USD).available).to.equal(190_000n)
  })

  it('round down: a fill that is too small for a unit gets none', () => {
    const exchange = exchangeWithRebate()
    exchange.run({ ...RULES, type: 'market.update', market: 'BTC-USD', minQuantity: '0', lotSize: '0.001' })
    // 0.001 BTC for 0.01 USD each: 10 units of quote, of which 0.01 % is a thousandth of a unit.
    exchange.place('alice', { side: 'buy', price: '0.01', quantity: '0.002' })
    const { maker, taker } = tradeOf(exchange.place('bob', { side: 'sell', price: '0.01', quantity: '0.001' }))
    expect([taker.fee, maker.special?.rebate]).to.deep.equal([1n, 0n])
  })

  it('never exceed the fee of the taker, even between an old order and a new one', () => {
    const exchange = exchangeWithRebate()
    exchange.place('alice', { side: 'sell' })
    exchange.run({ type: 'fees.define-tier', tier: 1, makerFee: '0', takerFee: '0.0005' })
    exchange.run({ type: 'fees.define-tier', tier: 2, makerFee: '0', takerFee: '0.00001' })
    exchange.run({ type: 'account.update', account: 'bob', feeTier: 2 })
    const { maker, taker } = tradeOf(exchange.place('bob', { side: 'buy' }))
    expect([taker.fee, maker.special?.rebate]).to.deep.equal([1_000n, 1_000n])
    expect(exchange.engine.balance(FEES, BTC).available).to.equal(0n)
  })

  it('may be part of the rules of a market', () => {
    const exchange = new SmallExchange({ rules: { makerFee: '-0.0005', takerFee: '0.001' } })
    exchange.place('alice', { side: 'sell' })
    const { maker, taker } = tradeOf(exchange.place('bob', { side: 'buy' }))
    expect([taker.fee, maker.special?.rebate]).to.deep.equal([100_000n, 50_000n])
    expect(exchange.engine.catalog.market(0)).to.include({ makerFeePpm: -500, takerFeePpm: 1000 })
  })

  it('are told in full also for a taker that would get one as a maker, and leave no terms behind', () => {
    const exchange = exchangeWithRebate()
    exchange.place('bob', { side: 'sell', quantity: '3' })
    const { maker, taker } = tradeOf(exchange.place('alice', { side: 'buy' }))
    expect([taker.fee, maker.fee]).to.deep.equal([50_000n, 100_000n])
    expect([taker.special, maker.special]).to.deep.equal([plain(BTC), plain(USD)])
    exchange.place('alice', { side: 'buy', timeInForce: 'ioc', price: '99' })
    expect(exchange.engine.openOrders(ALICE)).to.deep.equal([])
    expect(tradeOf(exchange.place('carol', { side: 'buy' })).taker.special).to.equal(undefined)
  })

  it('survive a snapshot with the orders that get them', () => {
    const exchange = exchangeWithRebate()
    exchange.place('alice', { side: 'sell' })
    exchange.run({ type: 'account.update', account: 'alice', feeTier: 0 })
    const restored = restoreEngine(exchange.engine.snapshot())
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
    const order = exchange.order('bob', { side: 'buy' })
    expect(execute(restored, order, 2_000_000)).to.deep.equal(execute(exchange.engine, order, 2_000_000))
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
    restored.checkInvariants()
  })
})
