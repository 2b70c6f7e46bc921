import { expect } from 'chai'
import fc from 'fast-check'
import { postingsOf, type TradeExecuted } from '@bourse/core'
import { ALICE, BOB, BTC, CAROL, eventsOf, FEES, SmallExchange, USD } from '../../test/small-exchange.js'

/** Carol gets 30 % of what Bob pays. */
function exchangeWithReferrer(share = '0.3'): SmallExchange {
  const exchange = new SmallExchange()
  exchange.run({ type: 'account.update', account: 'bob', referrer: 'carol', referralShare: share })
  return exchange
}

function tradeOf(events: ReturnType<SmallExchange['run']>): TradeExecuted {
  const [trade] = eventsOf(events, 'trade.executed')
  if (trade === undefined) throw new Error('Nothing was traded.')
  return trade
}

describe('Referrals', () => {
  it('are a share of the fee that the referred account pays, as a taker and as a maker', () => {
    const exchange = exchangeWithReferrer()
    exchange.place('alice', { side: 'sell' })
    const events = exchange.place('bob', { side: 'buy' })
    const { taker, maker } = tradeOf(events)
    expect(taker.special).to.deep.include({ feeAsset: BTC, referrer: CAROL, referral: 60_000n })
    expect(maker.special).to.deep.include({ referrer: undefined, referral: 0n })
    expect(exchange.engine.balance(CAROL, BTC).available).to.equal(100_00060000n)
    expect(exchange.engine.balance(FEES, BTC).available).to.equal(140_000n)
    expect(postingsOf(events[1]!, exchange.engine.catalog)).to.deep.include({ asset: BTC, amount: 60_000n, from: FEES, fromBucket: 'available', to: CAROL, toBucket: 'available' })
    exchange.place('bob', { side: 'sell' })
    // 0.1 % of 100 USD are 0.1 USD.
    expect(tradeOf(exchange.place('alice', { side: 'buy' })).maker.special).to.deep.include({ feeAsset: USD, referral: 30_000n })
    expect(exchange.engine.balance(CAROL, USD).available).to.equal(1_000_000_030_000n)
  })

  it('round down, and the fraction stays with the fees', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 0, max: 1_000_000 }), (lots, share) => {
        const exchange = exchangeWithReferrer((share / 1_000_000).toFixed(6))
        exchange.place('alice', { side: 'sell', quantity: '10' })
        const { taker } = tradeOf(exchange.place('bob', { side: 'buy', quantity: (lots / 1_000).toFixed(3) }))
        const referral = (taker.fee * BigInt(share)) / 1_000_000n
        expect(taker.special?.referral).to.equal(referral)
        expect(exchange.engine.balance(FEES, BTC).available).to.equal(taker.fee - referral)
        expect(exchange.engine.balance(CAROL, BTC).available).to.equal(100_00000000n + referral)
      }),
      { numRuns: 50 },
    )
  })

  it('leave enough of the fee for the rebate of the maker', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'fees.define-tier', tier: 1, makerFee: '-0.001', takerFee: '0.002' })
    exchange.run({ type: 'account.update', account: 'alice', feeTier: 1 })
    expect(exchange.refusal({ type: 'account.update', account: 'bob', referrer: 'carol', referralShare: '0.500001' })).to.equal('rebate_not_covered')
    exchange.run({ type: 'account.update', account: 'bob', referrer: 'carol', referralShare: '0.5' })
    exchange.place('alice', { side: 'sell' })
    const { taker, maker } = tradeOf(exchange.place('bob', { side: 'buy' }))
    expect([taker.fee, taker.special?.referral, maker.special?.rebate]).to.deep.equal([200_000n, 100_000n, 100_000n])
    expect(exchange.engine.balance(FEES, BTC).available).to.equal(0n)
  })

  it('stay with an order, and end for new ones', () => {
    const exchange = exchangeWithReferrer()
    exchange.place('bob', { side: 'buy', quantity: '2' })
    const [updated] = eventsOf(exchange.run({ type: 'account.update', account: 'bob', referrer: null }), 'account.updated')
    expect(updated).to.include({ account: BOB, referrer: undefined, referralPpm: 0 })
    expect(exchange.engine.accountSettings(BOB)).to.include({ referrer: undefined })
    expect(tradeOf(exchange.place('alice', { side: 'sell' })).maker.special?.referrer).to.equal(CAROL)
    exchange.place('alice', { side: 'sell', quantity: '2' })
    expect(tradeOf(exchange.place('bob', { side: 'buy', price: '101' })).taker.special).to.equal(undefined)
    expect(exchange.engine.balance(ALICE, BTC).held).to.equal(0n)
  })
})
