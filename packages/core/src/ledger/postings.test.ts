import { expect } from 'chai'
import type { Catalog } from '../domain/catalog.js'
import type { OrderState, SpecialFee, TradeExecuted, TradeParty } from '../domain/events/events.js'
import type { Side } from '../domain/vocabulary.js'
import { ALICE, BOB, BTC, CAROL, FEES, SmallExchange, USD, WORLD } from '../../test/small-exchange.js'
import { postingsOf, type Bucket, type Posting } from './postings.js'

/** One market, number 0, in which a quantity of 1 is 100,000 units of BTC. */
const { catalog } = new SmallExchange({ funded: false }).engine
const TOKEN = 9
const UNIT = 100_000n
const EVENT = { sequence: 1, index: 0, timestampUs: 1 } as const

const posting = (asset: number, amount: bigint, [from, fromBucket]: [number, Bucket], [to, toBucket]: [number, Bucket]): Posting => ({ asset, amount, from, fromBucket, to, toBucket })
const free = (account: number): [number, Bucket] => [account, 'available']
const held = (account: number): [number, Bucket] => [account, 'held']

function orderOf(side: Side, market = 0): OrderState {
  const terms = { orderType: 'limit', timeInForce: 'gtc', postOnly: false, selfTradePrevention: 'cancel-taker' } as const
  return { ...terms, orderId: 1, clientOrderId: '1', account: BOB, market, side, price: 5n, quantity: 3n, quoteQuantity: 0n, filledQuantity: 0n, leavesQuantity: 3n, filledQuote: 0n, fee: 0n }
}

function party(account: number, changes: Partial<TradeParty> = {}): TradeParty {
  return { orderId: account, account, fee: 0n, filledQuantity: 0n, leavesQuantity: 0n, filledQuote: 0n, totalFee: 0n, released: 0n, done: true, ...changes }
}

function special(changes: Partial<SpecialFee>): { special: SpecialFee } {
  return { special: { feeAsset: USD, source: 'received', assetFee: 0n, feeReleased: 0n, referrer: undefined, referral: 0n, rebate: 0n, ...changes } }
}

/** A trade of 3 for 15 units of quote. */
function trade(takerSide: Side, taker: TradeParty, maker: TradeParty, market = 0): TradeExecuted {
  return { ...EVENT, type: 'trade.executed', market, tradeId: 4, price: 5n, quantity: 3n, quoteAmount: 15n, takerSide, taker, maker }
}

describe('Postings of an order', () => {
  const paid: readonly [side: Side, asset: number][] = [['buy', USD], ['sell', BTC]]
  for (const [side, asset] of paid) {
    it(`to ${side} set aside what it pays with, and give it back`, () => {
      const order = { ...EVENT, ...orderOf(side) }
      const setAside = [posting(asset, 8n, free(BOB), held(BOB))]
      const givenBack = [posting(asset, 8n, held(BOB), free(BOB))]
      expect(postingsOf({ ...order, type: 'order.accepted', held: 8n }, catalog)).to.deep.equal(setAside)
      expect(postingsOf({ ...order, type: 'order.cancelled', reason: 'requested', rested: true, cancelledQuantity: 1n, released: 8n }, catalog)).to.deep.equal(givenBack)
      expect(postingsOf({ ...order, type: 'order.expired', rested: true, cancelledQuantity: 1n, released: 8n }, catalog)).to.deep.equal(givenBack)
      expect(postingsOf({ ...order, type: 'order.reduced', reason: 'requested', rested: true, reducedQuantity: 1n, released: 8n }, catalog)).to.deep.equal(givenBack)
      const amended = { ...order, type: 'order.amended', rested: true, keepsPlace: false, oldPrice: 1n, oldLeavesQuantity: 1n } as const
      expect(postingsOf({ ...amended, heldChange: 8n }, catalog)).to.deep.equal(setAside)
      expect(postingsOf({ ...amended, heldChange: -8n }, catalog)).to.deep.equal(givenBack)
    })
  }

  it('are none where nothing is held', () => {
    expect(postingsOf({ ...EVENT, ...orderOf('buy'), type: 'order.accepted', held: 0n }, catalog)).to.deep.equal([])
  })

  it('set fees aside in the asset of the event', () => {
    const event = { ...EVENT, type: 'order.fee-held', orderId: 1, account: BOB, market: 0, asset: TOKEN, held: 9n } as const
    expect(postingsOf({ ...event, change: 8n }, catalog)).to.deep.equal([posting(TOKEN, 8n, free(BOB), held(BOB))])
    expect(postingsOf({ ...event, change: -8n }, catalog)).to.deep.equal([posting(TOKEN, 8n, held(BOB), free(BOB))])
  })

  it('are none of events that move nothing', () => {
    expect(postingsOf({ ...EVENT, ...orderOf('buy'), type: 'order.rested' }, catalog)).to.deep.equal([])
  })

  it('need the market of the order', () => {
    expect(() => postingsOf({ ...EVENT, ...orderOf('buy', 6), type: 'order.accepted', held: 8n }, catalog)).to.throw(RangeError, 'The catalog does not know market 6.')
  })
})

describe('Postings of money that moves without trading', () => {
  const hold = { ...EVENT, holdId: 'h', account: BOB, asset: TOKEN, amount: 8n } as const

  it('take a transfer from what is available', () => {
    const event = { ...EVENT, type: 'transfer.posted', requestId: 'r', from: WORLD, to: BOB, asset: TOKEN, amount: 8n } as const
    expect(postingsOf(event, catalog)).to.deep.equal([posting(TOKEN, 8n, free(WORLD), free(BOB))])
  })

  it('set a hold aside, give it back, or pay it to another', () => {
    expect(postingsOf({ ...hold, type: 'hold.placed' }, catalog)).to.deep.equal([posting(TOKEN, 8n, free(BOB), held(BOB))])
    expect(postingsOf({ ...hold, type: 'hold.released' }, catalog)).to.deep.equal([posting(TOKEN, 8n, held(BOB), free(BOB))])
    expect(postingsOf({ ...hold, type: 'hold.settled', to: CAROL }, catalog)).to.deep.equal([posting(TOKEN, 8n, held(BOB), free(CAROL))])
  })
})

describe('Postings of a trade', () => {
  it('exchange the amounts, less the fee of each receiver, and give back what was held too much', () => {
    const buyer = { fee: 7n, released: 2n }
    const seller = { fee: 4n, released: 3n }
    const expected = (buying: number, selling: number) => [
      posting(USD, 11n, held(buying), free(selling)),
      posting(USD, 4n, held(buying), free(FEES)),
      posting(USD, 2n, held(buying), free(buying)),
      posting(BTC, 3n * UNIT - 7n, held(selling), free(buying)),
      posting(BTC, 7n, held(selling), free(FEES)),
      posting(BTC, 3n, held(selling), free(selling)),
    ]
    expect(postingsOf(trade('buy', party(BOB, buyer), party(ALICE, seller)), catalog)).to.deep.equal(expected(BOB, ALICE))
    expect(postingsOf(trade('sell', party(BOB, seller), party(ALICE, buyer)), catalog)).to.deep.equal(expected(ALICE, BOB))
  })

  it('are two without fees', () => {
    expect(postingsOf(trade('buy', party(BOB), party(ALICE)), catalog)).to.deep.equal([posting(USD, 15n, held(BOB), free(ALICE)), posting(BTC, 3n * UNIT, held(ALICE), free(BOB))])
  })

  it('need the market and the account of the fees', () => {
    const message = (market: number) => `Trade 4 is of market ${market}, which the catalog does not know.`
    const withoutFees: Catalog = Object.create(catalog, { accountByName: { value: () => undefined } })
    expect(() => postingsOf(trade('buy', party(BOB), party(ALICE), 6), catalog)).to.throw(RangeError, message(6))
    expect(() => postingsOf(trade('buy', party(BOB), party(ALICE)), withoutFees)).to.throw(RangeError, message(0))
  })
})

describe('Postings of a trade with special fees', () => {
  /** What comes before the fees: whole amounts. */
  const whole = (buyer: number, seller: number) => [posting(USD, 15n, held(buyer), free(seller)), posting(BTC, 3n * UNIT, held(seller), free(buyer))]

  it('take fees from what is available or held for them, and share them with referrers', () => {
    const taker = party(BOB, { fee: 7n, ...special({ feeAsset: TOKEN, source: 'available', referrer: CAROL, referral: 2n }) })
    const maker = party(ALICE, { fee: 4n, ...special({ feeAsset: USD, source: 'held' }) })
    expect(postingsOf(trade('buy', taker, maker), catalog)).to.deep.equal([...whole(BOB, ALICE), posting(TOKEN, 7n, free(BOB), free(FEES)), posting(TOKEN, 2n, free(FEES), free(CAROL)), posting(USD, 4n, held(ALICE), free(FEES))])
  })

  it('give back what was held for the price and for fees', () => {
    const buyer = { released: 2n, ...special({ feeReleased: 5n }) }
    const seller = { released: 3n, ...special({ feeReleased: 6n }) }
    const expected = (buying: number, selling: number) => {
      const [quote, base] = whole(buying, selling)
      return [quote, posting(USD, 2n, held(buying), free(buying)), base, posting(BTC, 3n, held(selling), free(selling)), posting(USD, 5n, held(buying), free(buying))]
    }
    expect(postingsOf(trade('buy', party(BOB, buyer), party(ALICE, seller)), catalog)).to.deep.equal(expected(BOB, ALICE))
    expect(postingsOf(trade('sell', party(BOB, seller), party(ALICE, buyer)), catalog)).to.deep.equal(expected(ALICE, BOB))
  })

  it('pay the rebate of the maker out of the fee of the taker', () => {
    const taker = party(BOB, { fee: 7n, ...special({ feeAsset: TOKEN }) })
    expect(postingsOf(trade('sell', taker, party(ALICE, special({ rebate: 1n }))), catalog)).to.deep.equal([...whole(ALICE, BOB), posting(TOKEN, 7n, free(BOB), free(FEES)), posting(TOKEN, 1n, free(FEES), free(ALICE))])
  })

  it('leave a maker whose fee is plain alone', () => {
    expect(postingsOf(trade('sell', party(BOB, special({})), party(ALICE)), catalog)).to.deep.equal(whole(ALICE, BOB))
  })
})
