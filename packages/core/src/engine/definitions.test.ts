import { expect } from 'chai'
import { createEngine, decodeEvent, EVENT_BYTES, FrameBuffer } from '@bourse/core'
import { eventsOf, FEES, RULES, SmallExchange, WORLD } from '../../test/small-exchange.js'

describe('Definitions', () => {
  it('begin with two accounts, the world and the fees', () => {
    const { catalog } = createEngine()
    expect([catalog.accountByName('world'), catalog.accountByName('fees')]).to.deep.equal([WORLD, FEES])
    expect(catalog.accountName(FEES)).to.equal('fees')
    expect(catalog.accountName(2)).to.equal(undefined)
    expect(catalog.accountName(-1)).to.equal(undefined)
  })

  it('say in an event what a market is', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'asset.define', code: 'ETH', scale: 8 })
    const events = exchange.run({ ...RULES, type: 'market.define', symbol: 'ETH-BTC', base: 'ETH', quote: 'BTC', priceScale: 4, quantityScale: 3, tickSize: '0.0005' })
    const market = eventsOf(events, 'market.defined')[0]?.market
    expect(market).to.deep.equal({
      id: 1,
      symbol: 'ETH-BTC',
      base: 2,
      quote: 0,
      priceScale: 4,
      quantityScale: 3,
      baseUnit: 100_000n,
      notionalUnit: 10n,
      state: 'open',
      tickSize: 5n,
      lotSize: 1n,
      minQuantity: 1n,
      maxQuantity: 1_000_000n,
      maxPrice: 1_000_000_000n,
      minNotional: 0n,
      makerFeePpm: 1000,
      takerFeePpm: 2000,
      marketBandBps: 500,
      allowSelfTrade: false,
      maxOpenOrders: 100,
      maxNotional: 0n,
      priceBandBps: 0,
      breakerMoveBps: 0,
      breakerWindowMs: 0,
      haltMs: 0,
      auctionMs: 0,
      auctionRandomMs: 0,
    })
    expect(exchange.engine.catalog.marketBySymbol('ETH-BTC')).to.deep.equal(market)
  })

  it('give new rules to the catalog', () => {
    const exchange = new SmallExchange()
    const [updated] = eventsOf(exchange.run({ ...RULES, type: 'market.update', market: 'BTC-USD', state: 'halted', minNotional: '5' }), 'market.updated')
    expect(updated!.market).to.include({ state: 'halted', minNotional: 5_000_000n, symbol: 'BTC-USD' })
    expect(exchange.engine.catalog.market(0)).to.deep.equal(updated!.market)
  })

  it('put an account into a group, by default its own', () => {
    const exchange = new SmallExchange()
    const [opened] = eventsOf(exchange.run({ type: 'account.open', account: 'desk-1', kind: 'system', group: 'desk' }), 'account.opened')
    expect(opened).to.include({ account: 5, name: 'desk-1', kind: 'system', group: 'desk' })
    const [alone] = eventsOf(exchange.run({ type: 'account.open', account: 'dora', kind: 'user' }), 'account.opened')
    expect(alone!.group).to.equal('dora')
  })
})

describe('Decoding events', () => {
  it('refuses bytes that are no event', () => {
    const frames = new FrameBuffer()
    frames.append(EVENT_BYTES[1]!, 99)
    expect(() => decodeEvent(frames, 0)).to.throw(RangeError, 'type 99')
  })
})
