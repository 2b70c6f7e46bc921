import { expect } from 'chai'
import { execute, postingsOf, restoreEngine, type Command, type TradeExecuted } from '@bourse/core'
import { ALICE, BOB, BTC, eventsOf, FEES, SmallExchange, USD } from '../../test/small-exchange.js'

const TOKEN = 2

/** Bob pays his fees in TOK, which has 4 decimals: 2 TOK for a fee of 1 USD, 300 for 1 BTC, a quarter off. */
function exchangeWithToken(funds = '1000'): SmallExchange {
  const exchange = new SmallExchange()
  for (const command of [
    { type: 'asset.define', code: 'TOK', scale: 4 },
    { type: 'fees.set-rate', feeAsset: 'TOK', asset: 'USD', feeAssetAmount: '2', assetAmount: '1', discount: '0.25' },
    { type: 'fees.set-rate', feeAsset: 'TOK', asset: 'BTC', feeAssetAmount: '300', assetAmount: '1', discount: '0.25' },
    { type: 'ledger.transfer', requestId: 'token', from: 'world', to: 'bob', asset: 'TOK', amount: funds },
    { type: 'account.update', account: 'bob', feeAsset: 'TOK' },
  ] satisfies Command[]) exchange.run(command)
  return exchange
}

function tradeOf(events: ReturnType<SmallExchange['run']>): TradeExecuted {
  const [trade] = eventsOf(events, 'trade.executed')
  if (trade === undefined) throw new Error('Nothing was traded.')
  return trade
}

describe('Fees in a chosen asset', () => {
  it('are taken whole from what is available of it, less the discount', () => {
    const exchange = exchangeWithToken()
    exchange.place('alice', { side: 'sell' })
    const events = exchange.place('bob', { side: 'buy' })
    const { taker, maker } = tradeOf(events)
    // 0.2 % of 1 BTC is 0.002 BTC, which is 0.6 TOK, less a quarter: 0.45.
    expect(taker).to.deep.include({ fee: 4_500n, totalFee: 0n })
    expect(taker.special).to.deep.equal({ feeAsset: TOKEN, source: 'available', assetFee: 4_500n, feeReleased: 0n, referrer: undefined, referral: 0n, rebate: 0n })
    expect(maker).to.deep.include({ fee: 100_000n, totalFee: 100_000n })
    expect(maker.special).to.deep.include({ feeAsset: USD, source: 'received' })
    expect(exchange.engine.balance(BOB, BTC).available).to.equal(101_00000000n)
    expect(exchange.engine.balance(BOB, TOKEN)).to.deep.equal({ available: 9_995_500n, held: 0n })
    expect(exchange.engine.balance(FEES, TOKEN).available).to.equal(4_500n)
    expect(postingsOf(events[1]!, exchange.engine.catalog)).to.deep.include({ asset: TOKEN, amount: 4_500n, from: BOB, fromBucket: 'available', to: FEES, toBucket: 'available' })
  })

  it('round up to a whole unit in every fill', () => {
    const exchange = exchangeWithToken()
    // 0.001 BTC at 0.1 % is 0.000001 BTC: 0.000225 TOK, of which there are four decimals.
    exchange.place('bob', { side: 'buy', quantity: '0.002' })
    for (const assetFee of [3n, 6n]) {
      const { maker } = tradeOf(exchange.place('alice', { side: 'sell', quantity: '0.001' }))
      expect([maker.fee, maker.special?.assetFee]).to.deep.equal([3n, assetFee])
    }
  })

  it('are charged plainly and without discount where there is not enough for all of it', () => {
    const exchange = exchangeWithToken('0.4499')
    exchange.place('alice', { side: 'sell', quantity: '1.5' })
    const { taker } = tradeOf(exchange.place('bob', { side: 'buy' }))
    expect(taker).to.deep.include({ fee: 200_000n, totalFee: 200_000n })
    expect(taker.special).to.deep.include({ feeAsset: BTC, source: 'received', assetFee: 0n })
    // Half as much needs half as much.
    expect(tradeOf(exchange.place('bob', { side: 'buy', quantity: '0.5' })).taker).to.deep.include({ fee: 2_250n, totalFee: 0n })
    expect(exchange.engine.balance(BOB, TOKEN).available).to.equal(2_249n)
  })

  it('follow the rate that was set last, and end with it', () => {
    const exchange = exchangeWithToken()
    exchange.place('alice', { side: 'sell', quantity: '3' })
    exchange.run({ type: 'fees.set-rate', feeAsset: 'TOK', asset: 'BTC', feeAssetAmount: '1', assetAmount: '3', discount: '0' })
    // 0.002 BTC is a 1500th of a TOK.
    expect(tradeOf(exchange.place('bob', { side: 'buy' })).taker.fee).to.equal(7n)
    const [set] = eventsOf(exchange.run({ type: 'fees.set-rate', feeAsset: 'TOK', asset: 'BTC', feeAssetAmount: '0', assetAmount: '1', discount: '0' }), 'fee-rate.set')
    expect(set).to.include({ feeAsset: TOKEN, asset: BTC, feeAssetAmount: 0n, discountPpm: 0 })
    expect(tradeOf(exchange.place('bob', { side: 'buy' })).taker.special?.source).to.equal('received')
  })

  it('stay chosen for an order when the account chooses otherwise', () => {
    const exchange = exchangeWithToken()
    exchange.place('bob', { side: 'buy', quantity: '2' })
    exchange.run({ type: 'account.update', account: 'bob', feeAsset: null })
    expect(tradeOf(exchange.place('alice', { side: 'sell' })).maker.special?.feeAsset).to.equal(TOKEN)
    exchange.place('alice', { side: 'sell', quantity: '3' })
    expect(tradeOf(exchange.place('bob', { side: 'buy', price: '101' })).taker.special).to.equal(undefined)
  })

  it('pay the rebate of the maker in the same asset', () => {
    const exchange = exchangeWithToken()
    exchange.run({ type: 'fees.define-tier', tier: 1, makerFee: '-0.0001', takerFee: '0.0005' })
    exchange.run({ type: 'account.update', account: 'alice', feeTier: 1 })
    exchange.place('alice', { side: 'sell' })
    const { taker, maker } = tradeOf(exchange.place('bob', { side: 'buy' }))
    // 0.01 % of 1 BTC is 0.03 TOK.
    expect([taker.fee, maker.special?.rebate]).to.deep.equal([4_500n, 300n])
    expect(exchange.engine.balance(ALICE, TOKEN).available).to.equal(300n)
    expect(exchange.engine.balance(FEES, TOKEN).available).to.equal(4_200n)
  })

  it('are no part of what a bracket sells again, even when the asset bought is the one chosen', () => {
    const exchange = exchangeWithToken()
    exchange.run({ type: 'fees.set-rate', feeAsset: 'BTC', asset: 'BTC', feeAssetAmount: '1', assetAmount: '1', discount: '0' })
    const exitsOf = (account: string, feeAsset: string): bigint => {
      exchange.run({ type: 'account.update', account, feeAsset })
      const terms = { takeProfit: { orderType: 'limit', price: '110' }, stopLoss: { orderType: 'stop-limit', price: '90', stopPrice: '95' } } as const
      exchange.run({ type: 'order.place-bracket', account, market: 'BTC-USD', side: 'buy', orderType: 'limit', price: '100', quantity: '1', ...terms })
      exchange.place('carol', { side: 'sell' })
      return exchange.engine.openOrders(exchange.engine.catalog.accountByName(account)!)[0]!.quantity
    }
    // Of 1 BTC all where the fee is paid in TOK, less 0.1 % where it is paid in BTC.
    expect([exitsOf('bob', 'TOK'), exitsOf('alice', 'BTC')]).to.deep.equal([1_000n, 999n])
  })

  it('survive a snapshot with rates, settings and orders', () => {
    const exchange = exchangeWithToken()
    exchange.place('bob', { side: 'buy', quantity: '2' })
    exchange.place('alice', { side: 'sell' })
    const restored = restoreEngine(exchange.engine.snapshot())
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
    const order = exchange.order('alice', { side: 'sell' })
    expect(execute(restored, order, 2_000_000)).to.deep.equal(execute(exchange.engine, order, 2_000_000))
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
    restored.checkInvariants()
  })
})

/** Alice pays her fees in USD, with 10 % off. */
function exchangeInQuote(): SmallExchange {
  const exchange = new SmallExchange()
  exchange.run({ type: 'fees.set-rate', feeAsset: 'USD', asset: 'USD', feeAssetAmount: '1', assetAmount: '1', discount: '0.1' })
  exchange.run({ type: 'account.update', account: 'alice', feeAsset: 'USD' })
  return exchange
}

describe('Fees in the quote asset', () => {
  it('are held beside the price of a buy, at the highest rate that may come', () => {
    const exchange = exchangeInQuote()
    const events = exchange.place('alice', { side: 'buy', quantity: '2' })
    expect(SmallExchange.types(events)).to.deep.equal(['order.fee-held', 'order.accepted', 'order.rested'])
    // 0.2 % of 200 USD, less 10 %.
    expect(eventsOf(events, 'order.fee-held')[0]).to.include({ orderId: 1, account: ALICE, market: 0, asset: USD, change: 360_000n, held: 360_000n })
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(200_360_000n)
  })

  it('come out of that hold, and what is not needed of it is available again', () => {
    const exchange = exchangeInQuote()
    exchange.place('alice', { side: 'buy', quantity: '2' })
    const { maker } = tradeOf(exchange.place('bob', { side: 'sell' }))
    // 0.1 % of 100 USD less 10 %; 0.18 were held for it.
    expect(maker).to.deep.include({ fee: 90_000n, totalFee: 0n })
    expect(maker.special).to.deep.include({ feeAsset: USD, source: 'held', assetFee: 90_000n, feeReleased: 90_000n })
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 999_799_730_000n, held: 100_180_000n })
    expect(exchange.engine.balance(ALICE, BTC).available).to.equal(101_00000000n)
    expect(exchange.engine.balance(FEES, USD).available).to.equal(90_000n + 200_000n)
    const end = exchange.run({ type: 'order.cancel', account: 'alice', market: 'BTC-USD', orderId: 1 })
    expect(SmallExchange.types(end)).to.deep.equal(['order.cancelled', 'order.fee-held'])
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 999_899_910_000n, held: 0n })
  })

  it('accumulate: three fills of a third of a unit pay one', () => {
    const exchange = exchangeInQuote()
    // 0.001 BTC at 0.03 USD: 30 units, of which 0.09 % is 0.027.
    exchange.place('alice', { side: 'buy', quantity: '0.003', price: '0.03' })
    const fees = [1, 2, 3].map(() => tradeOf(exchange.place('bob', { side: 'sell', quantity: '0.001', price: '0.03' })).maker.fee)
    expect(fees).to.deep.equal([1n, 0n, 0n])
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(0n)
  })

  it('shrink and grow with the order', () => {
    const exchange = exchangeInQuote()
    exchange.place('alice', { side: 'buy', quantity: '2' })
    const reference = { account: 'alice', market: 'BTC-USD', orderId: 1 }
    expect(eventsOf(exchange.run({ type: 'order.reduce', ...reference, leavesQuantity: '1' }), 'order.fee-held')[0]).to.include({ change: -180_000n, held: 180_000n })
    expect(eventsOf(exchange.run({ type: 'order.amend', ...reference, price: '110', quantity: '3' }), 'order.fee-held')[0]).to.include({ change: 414_000n, held: 594_000n })
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(330_594_000n)
  })

  it('are refused to a buy that has just the price, and to an amendment beyond it', () => {
    const exchange = exchangeInQuote()
    expect(exchange.refusal(exchange.order('alice', { side: 'buy', price: '1000', quantity: '1000' }))).to.equal('insufficient_balance')
    exchange.place('alice', { side: 'buy', price: '1000', quantity: '998' })
    expect(exchange.refusal({ type: 'order.amend', account: 'alice', market: 'BTC-USD', orderId: 1, quantity: '999' })).to.equal('insufficient_balance')
    // 0.2 % less 10 % of 998,000 USD are 1796.40, so that 203.60 are left.
    expect(exchange.engine.balance(ALICE, USD).available).to.equal(203_600_000n)
  })

  it('are kept back from what a sale receives, with the discount', () => {
    const exchange = exchangeInQuote()
    exchange.place('bob', { side: 'buy' })
    const { taker } = tradeOf(exchange.place('alice', { side: 'sell' }))
    expect([taker.fee, taker.special?.source]).to.deep.equal([180_000n, 'available'])
    expect(exchange.engine.balance(ALICE, USD).available).to.equal(1_000_099_820_000n)
  })

  it('come on top of the quote amount of a market buy', () => {
    const exchange = exchangeInQuote()
    exchange.place('bob', { side: 'sell' })
    const { taker } = tradeOf(exchange.place('alice', { side: 'buy', orderType: 'market', quoteQuantity: '50' }))
    expect([taker.filledQuote, taker.fee, taker.done]).to.deep.equal([50_000_000n, 90_000n, true])
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 999_949_910_000n, held: 0n })
  })
})
