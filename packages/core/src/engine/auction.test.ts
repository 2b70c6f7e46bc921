import { expect } from 'chai'
import { FrameBuffer, restoreEngine, writeContinue, type Command, type Engine, type Event, type MarketRulesInput } from '@bourse/core'
import { ALICE, BOB, BTC, eventsOf, FEES, RULES, SmallExchange, USD } from '../../test/small-exchange.js'

const { types } = SmallExchange
const MARKET = 'BTC-USD'
const update = (rules: Partial<MarketRulesInput>): Command => ({ ...RULES, type: 'market.update', market: MARKET, ...rules })

/** Bids and asks as price and quantity; bids come from bob, asks from alice. */
type Book = { readonly bids: readonly [string, string][]; readonly asks: readonly [string, string][] }

/** A market before its opening, with a book that may be crossed. */
function collected(book: Book, options: ConstructorParameters<typeof SmallExchange>[0] = {}): SmallExchange {
  const exchange = new SmallExchange({ ...options, rules: { ...options.rules, state: 'pre-open' } })
  for (const [price, quantity] of book.bids) exchange.place('bob', { side: 'buy', price, quantity })
  for (const [price, quantity] of book.asks) exchange.place('alice', { side: 'sell', price, quantity })
  return exchange
}

/** A time after now, in milliseconds since 1970. */
function inMs(exchange: SmallExchange, ms: number): number {
  return Math.ceil(exchange.nowUs / 1000) + ms
}

/** Calls an auction that ends a second later, and lets it end. */
function auction(exchange: SmallExchange): readonly Event[] {
  exchange.run({ type: 'market.auction', market: MARKET, endsAt: inMs(exchange, 1000) })
  return exchange.pass(2_000)
}

describe('A market before its opening', () => {
  it('collects limit orders without trading, crossed or not', () => {
    const exchange = collected({ bids: [['101', '1']], asks: [['99', '1']] })
    expect(exchange.engine.depth(0, 5)).to.deep.equal({ bids: [[10100n, 1000n]], asks: [[9900n, 1000n]] })
    expect(exchange.engine.catalog.market(0)?.state).to.equal('pre-open')
  })

  it('lets orders be amended, reduced and cancelled, and quotes be placed', () => {
    const exchange = collected({ bids: [['101', '1']], asks: [['99', '1']] })
    expect(types(exchange.run({ type: 'order.amend', account: 'bob', market: MARKET, orderId: 1, price: '98' }))).to.deep.equal(['order.amended', 'order.rested'])
    expect(types(exchange.run({ type: 'order.amend', account: 'bob', market: MARKET, orderId: 1, price: '102' }))).to.deep.equal(['order.amended', 'order.rested'])
    expect(types(exchange.run({ type: 'order.reduce', account: 'bob', market: MARKET, orderId: 1, leavesQuantity: '0.5' }))).to.deep.equal(['order.reduced'])
    expect(types(exchange.run({ type: 'quote.place', account: 'carol', market: MARKET, bids: [{ price: '100', quantity: '1' }], asks: [] }))).to.deep.equal(['order.accepted', 'order.rested'])
    expect(types(exchange.run({ type: 'order.cancel', account: 'bob', market: MARKET, orderId: 1 }))).to.deep.equal(['order.cancelled'])
  })

  it('takes orders that expire, and lets them expire', () => {
    const exchange = collected({ bids: [], asks: [['99', '1']] })
    exchange.place('bob', { side: 'buy', price: '101', timeInForce: 'gtd', expiresAt: inMs(exchange, 500) })
    expect(types(auction(exchange))).to.deep.equal(['order.expired', 'market.state-changed'])
  })

  it('tells what the auction would come to now', () => {
    const exchange = collected({ bids: [['101', '3']], asks: [['99', '1']] })
    expect(exchange.engine.indicativeAuction(0)).to.deep.equal({ price: 10100n, quantity: 1000n, surplus: 2000n })
    exchange.run({ type: 'order.cancel', account: 'alice', market: MARKET, orderId: 2 })
    expect(exchange.engine.indicativeAuction(0)).to.equal(undefined)
    expect(exchange.engine.indicativeAuction(7)).to.equal(undefined)
  })

  it('keeps resting orders within the price band, crossed or not', () => {
    const exchange = new SmallExchange({ rules: { priceBandBps: 1000, state: 'pre-open' }, referencePrice: '100' })
    exchange.place('alice', { side: 'sell', price: '90' })
    expect(exchange.refusal(exchange.order('bob', { side: 'buy', price: '110.01' }))).to.equal('price_outside_band')
    exchange.place('bob', { side: 'buy', price: '110' })
  })
})

describe('The price of an auction', () => {
  const cases: readonly [what: string, book: Book, reference: string | undefined, result: [price: bigint, quantity: bigint, surplus: bigint]][] = [
    ['is the one at which most is traded', { bids: [['102', '1'], ['101', '2'], ['100', '4']], asks: [['99', '2'], ['100', '3'], ['101', '9']] }, undefined, [10000n, 5000n, 2000n]],
    ['leaves the smallest surplus where several trade as much', { bids: [['102', '1'], ['101', '1']], asks: [['100', '1'], ['101', '0.5']] }, undefined, [10100n, 1500n, 500n]],
    ['is the highest where buyers are left at each', { bids: [['102', '5']], asks: [['99', '1'], ['98', '2']] }, '98', [10200n, 3000n, 2000n]],
    ['is the lowest where sellers are left at each', { bids: [['102', '1'], ['101', '2']], asks: [['98', '5']] }, '102', [9800n, 3000n, -2000n]],
    ['is the nearest to the reference price where nobody is left', { bids: [['103', '1']], asks: [['98', '1']] }, '99', [9800n, 1000n, 0n]],
    ['is the nearest to the reference price from above too', { bids: [['103', '1']], asks: [['98', '1']] }, '250', [10300n, 1000n, 0n]],
    ['is the higher of two that are as near', { bids: [['102', '1']], asks: [['98', '1']] }, '100', [10200n, 1000n, 0n]],
    ['is the nearest where the surplus is on either side', { bids: [['101', '2'], ['100', '1']], asks: [['100', '2'], ['101', '1']] }, '100.4', [10000n, 2000n, 1000n]],
    ['is the middle candidate without a reference price', { bids: [['104', '1'], ['101', '1']], asks: [['98', '1'], ['100', '1']] }, undefined, [10100n, 2000n, 0n]],
    ['is the higher one of two in the middle', { bids: [['103', '1']], asks: [['98', '1']] }, undefined, [10300n, 1000n, 0n]],
    ['is their common price where bid and ask are equal', { bids: [['100', '1']], asks: [['100', '2']] }, '150', [10000n, 1000n, -1000n]],
    ['looks at no limit outside the crossed range', { bids: [['102', '1'], ['90', '50']], asks: [['98', '1'], ['110', '50']] }, '91', [9800n, 1000n, 0n]],
  ]
  for (const [what, book, referencePrice, [price, quantity, surplus]] of cases) {
    it(what, () => {
      const exchange = collected(book, referencePrice === undefined ? {} : { referencePrice })
      expect(exchange.engine.indicativeAuction(0)).to.deep.equal({ price, quantity, surplus })
      const events = auction(exchange)
      expect(eventsOf(events, 'auction.uncrossed')[0]).to.include({ price, quantity, surplus })
      const trades = eventsOf(events, 'trade.executed')
      expect(trades.every((trade) => trade.price === price)).to.equal(true)
      expect(trades.reduce((sum, trade) => sum + trade.quantity, 0n)).to.equal(quantity)
      expect(exchange.engine.catalog.market(0)?.state).to.equal('open')
    })
  }
})

describe('An auction', () => {
  it('matches buyers and sellers by price and time, each at the one price', () => {
    const exchange = collected({ bids: [['100', '1'], ['101', '1']], asks: [['100', '1.5']] })
    exchange.place('carol', { side: 'buy', price: '101', quantity: '1' })
    const events = auction(exchange)
    expect(types(events)).to.deep.equal(['auction.uncrossed', 'trade.executed', 'trade.executed', 'market.state-changed'])
    expect(eventsOf(events, 'trade.executed').map(({ taker, maker, quantity, price }) => [taker.orderId, maker.orderId, quantity, price])).to.deep.equal([
      [2, 3, 1000n, 10100n],
      [4, 3, 500n, 10100n],
    ])
    expect(exchange.engine.order(4)).to.include({ leavesQuantity: 500n, filledQuantity: 500n })
  })

  it('pays everybody exactly: the rate of a taker from both, and what a buyer held above the price back', () => {
    const exchange = collected({ bids: [['110', '1']], asks: [['90', '1']] }, { referencePrice: '95' })
    const [trade] = eventsOf(auction(exchange), 'trade.executed')
    expect(trade).to.include({ price: 9000n, quoteAmount: 90_000_000n, takerSide: 'buy', tradeId: 1 })
    expect(trade!.auction).to.deep.equal({ bidPrice: 11000n, askPrice: 9000n })
    expect(trade!.taker).to.include({ account: BOB, fee: 200_000n, released: 20_000_000n, done: true })
    expect(trade!.maker).to.include({ account: ALICE, fee: 180_000n, released: 0n, done: true })
    expect(exchange.engine.balance(BOB, USD)).to.deep.equal({ available: 999_910_000_000n, held: 0n })
    expect(exchange.engine.balance(BOB, BTC).available).to.equal(10_099_800_000n)
    expect(exchange.engine.balance(ALICE, USD).available).to.equal(1_000_089_820_000n)
    expect(exchange.engine.balance(FEES, USD).available).to.equal(180_000n)
    expect(exchange.engine.balance(FEES, BTC).available).to.equal(200_000n)
  })

  it('lets orders of one owner trade with each other: cancelling one would change the price found', () => {
    const exchange = collected({ bids: [['100', '1']], asks: [] })
    exchange.place('bob', { side: 'sell', price: '100', quantity: '1' })
    expect(types(auction(exchange))).to.deep.equal(['auction.uncrossed', 'trade.executed', 'market.state-changed'])
  })

  it('opens a market in which nothing is crossed', () => {
    const exchange = collected({ bids: [['99', '1']], asks: [['101', '1']] })
    const events = auction(exchange)
    expect(types(events)).to.deep.equal(['market.state-changed'])
    expect(events[0]).to.include({ state: 'open', reason: 'auction_ended', untilUs: undefined })
    expect(types(exchange.place('carol', { side: 'buy', price: '101', quantity: '1' }))).to.deep.equal(['order.accepted', 'trade.executed'])
  })

  it('is called in an open market, says until when, and ends at that time', () => {
    const exchange = new SmallExchange()
    const endsAt = inMs(exchange, 1000)
    const [called] = eventsOf(exchange.run({ type: 'market.auction', market: MARKET, endsAt }), 'market.state-changed')
    expect(called).to.include({ market: 0, state: 'pre-open', reason: 'auction_called', untilUs: endsAt * 1000 })
    expect([exchange.engine.auctionEndsUs(0), exchange.engine.nextDeadlineUs]).to.deep.equal([endsAt * 1000, endsAt * 1000])
    exchange.place('alice', { side: 'sell', price: '100' })
    exchange.place('bob', { side: 'buy', price: '100' })
    expect(types(exchange.pass(2_000))).to.deep.equal(['auction.uncrossed', 'trade.executed', 'market.state-changed'])
    expect(exchange.engine.auctionEndsUs(0)).to.equal(undefined)
  })

  it('gets a new end when it is called again', () => {
    const exchange = new SmallExchange()
    const start = inMs(exchange, 0)
    exchange.run({ type: 'market.auction', market: MARKET, endsAt: start + 1000 })
    exchange.run({ type: 'market.auction', market: MARKET, endsAt: start + 5000 })
    expect(exchange.pass(2_000)).to.deep.equal([])
    expect(types(exchange.pass(4_000))).to.deep.equal(['market.state-changed'])
  })

  it('ends at once when its end has passed', () => {
    const exchange = collected({ bids: [['100', '1']], asks: [['100', '1']] })
    expect(types(exchange.run({ type: 'market.auction', market: MARKET, endsAt: 1 }))).to.deep.equal(['market.state-changed', 'auction.uncrossed', 'trade.executed', 'market.state-changed'])
  })

  it('does not happen when the market is halted before its end', () => {
    const exchange = collected({ bids: [['100', '1']], asks: [['100', '1']] })
    exchange.run({ type: 'market.auction', market: MARKET, endsAt: inMs(exchange, 1000) })
    const [changed] = eventsOf(exchange.run(update({ state: 'halted' })), 'market.state-changed')
    expect(changed).to.include({ state: 'halted', reason: 'requested', untilUs: undefined })
    expect(exchange.pass(2_000)).to.deep.equal([])
  })

  it('keeps its end when other rules change', () => {
    const exchange = collected({ bids: [['100', '1']], asks: [['100', '1']] })
    exchange.run({ type: 'market.auction', market: MARKET, endsAt: inMs(exchange, 1000) })
    expect(types(exchange.run(update({ state: 'pre-open', takerFee: '0.003' })))).to.deep.equal(['market.updated'])
    expect(types(exchange.pass(2_000))).to.deep.equal(['auction.uncrossed', 'trade.executed', 'market.state-changed'])
  })

  it('takes place before a crossed market is opened by new rules, whatever it was in between', () => {
    for (const between of [[], ['halted'], ['cancel-only', 'halted', 'pre-open']] as const) {
      for (const to of ['open', 'post-only'] as const) {
        const exchange = collected({ bids: [['100', '1'], ['90', '1']], asks: [['100', '1']] })
        for (const state of between) exchange.run(update({ state }))
        const events = exchange.run(update({ state: to }))
        expect(types(events).filter((type) => type !== 'market.updated')).to.deep.equal([
          ...(between.at(-1) === 'halted' ? ['market.state-changed'] : []),
          'auction.uncrossed',
          'trade.executed',
          'market.state-changed',
        ])
        expect(exchange.engine.catalog.market(0)?.state).to.equal(to)
      }
    }
  })

  it('cancels first what breaks the rules that it is opened with', () => {
    const exchange = collected({ bids: [['100.05', '1'], ['100', '1']], asks: [['100', '1']] })
    const events = exchange.run(update({ tickSize: '0.1' }))
    expect(types(events)).to.deep.equal(['market.updated', 'order.cancelled', 'auction.uncrossed', 'trade.executed', 'market.state-changed'])
    expect(eventsOf(events, 'trade.executed')[0]!.taker.orderId).to.equal(2)
  })

  it('starts what waited for its price after the last trade, in the open market', () => {
    const exchange = new SmallExchange({ limits: { cancelsPerCommand: 1 }, referencePrice: '99' })
    exchange.place('carol', { side: 'sell', orderType: 'stop-limit', price: '98', stopPrice: '100' })
    exchange.run(update({ state: 'pre-open' }))
    for (const [price, quantity] of [['98', '5'], ['101', '1'], ['101', '1']] as const) exchange.place('bob', { side: 'buy', price, quantity })
    for (const price of ['99', '99']) exchange.place('alice', { side: 'sell', price, quantity: '1' })
    const events = auction(exchange)
    expect(types(events)).to.deep.equal(['auction.uncrossed', 'trade.executed', 'trade.executed', 'market.state-changed', 'order.triggered', 'trade.executed'])
    expect(eventsOf(events, 'trade.executed').map(({ price }) => price)).to.deep.equal([9900n, 9900n, 9800n])
  })

  it('goes on in continuations at the price that was found first, also after a snapshot between them', () => {
    const book: Book = { bids: Array.from({ length: 7 }, () => ['101', '0.1']), asks: Array.from({ length: 7 }, () => ['99', '0.1']) }
    const whole = collected(book)
    const events = auction(whole)
    const parts = collected(book, { limits: { cancelsPerCommand: 2 } })
    const more = auction(parts)
    const strip = (list: readonly Event[]) => eventsOf(list, 'trade.executed').map(({ price, quantity, taker, maker }) => [price, quantity, taker.orderId, maker.orderId])
    expect(strip(more)).to.deep.equal(strip(events))
    expect(new Set(eventsOf(more, 'trade.executed').map(({ sequence }) => sequence)).size).to.equal(4)
    expect(restoredOnTheWay(book)).to.equal(4)
  })
})

/** Runs an auction and a twin of it that is restored from a snapshot after every command. @returns how many commands it took. */
function restoredOnTheWay(book: Book): number {
  const exchange = collected(book, { limits: { cancelsPerCommand: 2 } })
  exchange.run({ type: 'market.auction', market: MARKET, endsAt: inMs(exchange, 1000) })
  const { engine } = exchange
  const atUs = exchange.nowUs + 2_000_000
  let restored = restoreEngine(engine.snapshot())
  let steps = 0
  for (; engine.isDue(atUs) || engine.hasBacklog; steps++) {
    expect(restored.auctionEndsUs(0)).to.equal(engine.auctionEndsUs(0))
    expect(step(restored, atUs)).to.deep.equal(step(engine, atUs))
    expect(restored.stateHash()).to.equal(engine.stateHash())
    restored = restoreEngine(engine.snapshot())
    restored.checkInvariants()
  }
  return steps
}

/** Applies one `continue`. @returns the bytes of its events. */
function step(engine: Engine, timestampUs: number): number[] {
  const commands = new FrameBuffer()
  const events = new FrameBuffer()
  writeContinue(commands)
  commands.stamp(0, engine.sequence + 1, timestampUs)
  engine.apply(commands, 0, events)
  return Array.from(events.used())
}
