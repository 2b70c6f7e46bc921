import { expect } from 'chai'
import { createVenue, type Venue } from './create-venue.js'

describe('A venue in memory', () => {
  function open(): Venue<'BTC' | 'USD', 'BTC-USD'> {
    let timeUs = 1_700_000_000_000_000
    const venue = createVenue({
      assets: { BTC: 8, USD: 8 },
      markets: { 'BTC-USD': { tickSize: '0.01', lotSize: '0.001', makerFee: '0.001', takerFee: '0.002' } },
      clock: () => timeUs++,
    })
    for (const [account, asset, amount] of [['alice', 'USD', '1000'], ['bob', 'BTC', '2']] as const) {
      venue.submit({ type: 'account.open', account, kind: 'user' })
      venue.submit({ type: 'ledger.transfer', requestId: account, from: 'world', to: account, asset, amount })
    }
    return venue
  }

  it('trades, settles and shows its depth in decimals', () => {
    const venue = open()
    venue.submit({ type: 'order.place', account: 'alice', market: 'BTC-USD', side: 'buy', orderType: 'limit', price: '100.00', quantity: '2' })
    expect(venue.balance('alice', 'USD')).to.deep.equal({ available: '800.00000000', held: '200.00000000' })
    const sold = venue.submit({ type: 'order.place', account: 'bob', market: 'BTC-USD', side: 'sell', orderType: 'market', quantity: '0.5' })
    expect(sold.ok && sold.events.map(({ type }) => type)).to.deep.equal(['order.accepted', 'trade.executed'])
    expect(venue.depth('BTC-USD', 10)).to.deep.equal({ bids: [['100.00', '1.500']], asks: [] })
    expect(venue.balance('bob', 'USD')).to.deep.equal({ available: '49.90000000', held: '0.00000000' })
    expect(venue.balance('alice', 'BTC')).to.deep.equal({ available: '0.49950000', held: '0.00000000' })
    expect(venue.marketData.ticker(0, venue.engine.timestampUs).lastPrice).to.equal(10_000n)
    venue.engine.checkInvariants()
  })

  it('answers a reject with its code and changes nothing', () => {
    const venue = open()
    const before = venue.engine.balance(2, 1)
    const result = venue.submit({ type: 'order.place', account: 'alice', market: 'BTC-USD', side: 'buy', orderType: 'limit', price: '100.001', quantity: '1' })
    expect(result.ok).to.equal(false)
    expect(!result.ok && result.reject.code).to.equal('price_not_multiple_of_tick_size')
    expect(venue.engine.balance(2, 1)).to.deep.equal(before)
  })

  it('lets orders expire with the next command, or when it is asked to', () => {
    let nowMs = 1_700_000_000_000
    const venue = createVenue({ assets: { BTC: 8, USD: 8 }, markets: { 'BTC-USD': { tickSize: '0.01', lotSize: '0.001' } }, clock: () => nowMs * 1000 })
    venue.submit({ type: 'account.open', account: 'alice', kind: 'user' })
    venue.submit({ type: 'ledger.transfer', requestId: 'alice', from: 'world', to: 'alice', asset: 'USD', amount: '1000' })
    const order = { type: 'order.place', account: 'alice', market: 'BTC-USD', side: 'buy', orderType: 'limit', price: '100.00', quantity: '1' } as const
    venue.submit({ ...order, expiresAt: nowMs + 10 })
    nowMs += 10
    expect(venue.fireDue().map(({ type }) => type)).to.deep.equal(['order.expired'])
    expect(venue.depth('BTC-USD', 1).bids).to.deep.equal([])
    expect(venue.fireDue()).to.deep.equal([])
    venue.submit({ ...order, expiresAt: nowMs + 10 })
    nowMs += 10
    const { due } = venue.submit({ type: 'account.open', account: 'bob', kind: 'user' })
    expect(due.map(({ type }) => type)).to.deep.equal(['order.expired'])
    expect(venue.depth('BTC-USD', 1).bids).to.deep.equal([])
  })

  it('holds a clock that goes back', () => {
    const times = [5, 5, 3, 9]
    const venue = createVenue({ assets: { BTC: 8 }, markets: {}, clock: () => times.shift() ?? 9 })
    venue.submit({ type: 'account.open', account: 'alice', kind: 'user' })
    venue.submit({ type: 'account.open', account: 'bob', kind: 'user' })
    expect(venue.engine.timestampUs).to.equal(5)
  })

  it('refuses a market that cannot be, and says what to do', () => {
    const make = (lotSize: string) => () => createVenue({ assets: { BTC: 8, USD: 2 }, markets: { 'BTC-USD': { tickSize: '0.01', lotSize } }, clock: () => 0 })
    expect(make('1')).not.to.throw()
    expect(make('0.001')).to.throw(RangeError, 'tickSize x lotSize needs 5 decimals of USD, which has 2')
  })

  it('compiles only with declared assets and markets', () => {
    const venue = open()
    // @ts-expect-error EUR is no asset of the venue.
    expect(() => venue.balance('alice', 'EUR')).to.throw('"EUR" was not declared')
    // @ts-expect-error BTC-EUR is no market of the venue.
    expect(() => venue.depth('BTC-EUR', 1)).to.throw('"BTC-EUR" was not declared')
    // @ts-expect-error The market of an order is one of the venue's.
    const placed = venue.submit({ type: 'order.place', account: 'alice', market: 'BTC-EUR', side: 'buy', orderType: 'limit', price: '1', quantity: '1' })
    expect(!placed.ok && placed.reject.code).to.equal('unknown_market')
    // @ts-expect-error The asset of a transfer is one of the venue's.
    const moved = venue.submit({ type: 'ledger.transfer', requestId: 'r', from: 'world', to: 'alice', asset: 'EUR', amount: '1' })
    expect(!moved.ok && moved.reject.code).to.equal('unknown_asset')
    // @ts-expect-error A market trades two declared assets.
    expect(() => createVenue({ assets: { BTC: 8, USD: 8 }, markets: { 'BTC-EUR': { tickSize: '1', lotSize: '1' } }, clock: () => 0 })).to.throw('named BASE-QUOTE by two of the assets')
  })
})
