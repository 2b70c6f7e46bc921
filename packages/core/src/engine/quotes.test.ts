import { expect } from 'chai'
import { decodeEvents, FrameBuffer, MAX_QUOTE_ENTRIES, QUOTE_ASKS, QUOTE_FLAGS, QUOTE_SELF_TRADE_PREVENTION, restoreEngine, writeQuotePlace, type Command, type QuotePlace, type RejectCode } from '@bourse/core'
import { ALICE, BOB, BTC, eventsOf, RULES, SmallExchange, USD } from '../../test/small-exchange.js'

const { types } = SmallExchange

/** A ladder of alice from lines of price and quantity. */
const quotes = (bids: readonly [string, string][], asks: readonly [string, string][], options: Partial<QuotePlace> = {}): QuotePlace => {
  const entries = (side: readonly [string, string][]) => side.map(([price, quantity]) => ({ price, quantity }))
  return { type: 'quote.place', account: 'alice', market: 'BTC-USD', bids: entries(bids), asks: entries(asks), ...options }
}
const depth = (exchange: SmallExchange) => exchange.engine.depth(0, 9)

/** Alice quotes 99 and 98 against 101 and 102, 1 BTC each: orders 1 to 4. */
function withLadder(): SmallExchange {
  const exchange = new SmallExchange()
  exchange.run(quotes([['99', '1'], ['98', '1']], [['101', '1'], ['102', '1']]))
  return exchange
}

describe('A mass quote', () => {
  it('enters each level as a limit order, the bids from the best and then the asks', () => {
    const exchange = new SmallExchange()
    const events = exchange.run(quotes([['99', '1'], ['98', '2']], [['101', '3']], { postOnly: true, selfTradePrevention: 'decrement' }))
    expect(types(events)).to.deep.equal([...Array<string>(3).fill('order.accepted'), ...Array<string>(3).fill('order.rested')])
    const accepted = eventsOf(events, 'order.accepted')
    expect(accepted[0]).to.include({ orderId: 1, clientOrderId: '1', side: 'buy', price: 9900n, orderType: 'limit', timeInForce: 'gtc', quote: true, postOnly: true, selfTradePrevention: 'decrement', held: 99_000_000n })
    expect(accepted.map(({ side, price, quantity }) => [side, price, quantity])).to.deep.equal([['buy', 9900n, 1000n], ['buy', 9800n, 2000n], ['sell', 10100n, 3000n]])
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(295_000_000n)
    expect(exchange.engine.balance(ALICE, BTC).held).to.equal(300_000_000n)
    expect(exchange.engine.order(1)).to.include({ quote: true, postOnly: true })
  })

  it('leaves what is the same alone, with its place in the level', () => {
    const exchange = withLadder()
    exchange.place('bob', { side: 'buy', price: '99' })
    const events = exchange.run(quotes([['99', '1'], ['98', '1']], [['101', '1'], ['102', '1']]))
    expect(events).to.deep.equal([])
    const [trade] = eventsOf(exchange.place('carol', { side: 'sell', price: '99', quantity: '0.5' }), 'trade.executed')
    expect(trade!.maker).to.include({ account: ALICE, orderId: 1 })
  })

  it('compares with what is left: the same quantity again after a fill is a new order, what is left is not', () => {
    const exchange = withLadder()
    exchange.place('bob', { side: 'sell', price: '99', quantity: '0.4' })
    expect(exchange.run(quotes([['99', '0.6'], ['98', '1']], [['101', '1'], ['102', '1']]))).to.deep.equal([])
    const events = exchange.run(quotes([['99', '1'], ['98', '1']], [['101', '1'], ['102', '1']]))
    expect(types(events)).to.deep.equal(['order.cancelled', 'order.accepted', 'order.rested'])
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ orderId: 1, reason: 'quote_replaced', cancelledQuantity: 600n, released: 59_400_000n })
    expect(depth(exchange).bids).to.deep.equal([[9900n, 1000n], [9800n, 1000n]])
  })

  it('reduces in place where it wants less, keeping the place in the level', () => {
    const exchange = withLadder()
    exchange.place('bob', { side: 'buy', price: '99' })
    const events = exchange.run(quotes([['99', '0.3'], ['98', '1']], [['101', '1'], ['102', '1']]))
    expect(types(events)).to.deep.equal(['order.reduced'])
    expect(events[0]).to.include({ orderId: 1, reason: 'quote_replaced', reducedQuantity: 700n, leavesQuantity: 300n, released: 69_300_000n })
    const [trade] = eventsOf(exchange.place('carol', { side: 'sell', price: '99', quantity: '0.1' }), 'trade.executed')
    expect(trade!.maker.account).to.equal(ALICE)
  })

  it('loses the place in the level where it wants more', () => {
    const exchange = withLadder()
    exchange.place('bob', { side: 'buy', price: '99' })
    exchange.run(quotes([['99', '1.001'], ['98', '1']], [['101', '1'], ['102', '1']]))
    const [trade] = eventsOf(exchange.place('carol', { side: 'sell', price: '99', quantity: '0.1' }), 'trade.executed')
    expect(trade!.maker.account).to.equal(BOB)
  })

  it('withdraws levels of quantity zero and levels that it does not name, the oldest first', () => {
    const exchange = withLadder()
    const events = exchange.run(quotes([['99', '0'], ['98', '1']], [['101', '1'], ['103', '1']]))
    expect(events.map((event) => [event.type, 'orderId' in event ? event.orderId : 0])).to.deep.equal([
      ['order.cancelled', 1],
      ['order.cancelled', 4],
      ['order.accepted', 5],
      ['order.rested', 5],
    ])
    expect(depth(exchange)).to.deep.equal({ bids: [[9800n, 1000n]], asks: [[10100n, 1000n], [10300n, 1000n]] })
  })

  it('touches no other order of the account and no quote in another market', () => {
    const exchange = withLadder()
    exchange.place('alice', { side: 'buy', price: '99', quantity: '2', clientOrderId: 'mine' })
    exchange.run({ type: 'asset.define', code: 'ETH', scale: 8 })
    exchange.run({ ...RULES, type: 'market.define', symbol: 'ETH-USD', base: 'ETH', quote: 'USD', priceScale: 2, quantityScale: 3 })
    exchange.run(quotes([['50', '1']], [], { market: 'ETH-USD' }))
    exchange.run(quotes([], []))
    expect(exchange.engine.openOrders(ALICE).map(({ clientOrderId, market, quote }) => [clientOrderId, market, quote])).to.deep.equal([
      ['mine', 0, false],
      ['6', 1, true],
    ])
  })

  it('moves a whole ladder with money that only the old one sets free', () => {
    const exchange = new SmallExchange()
    exchange.run(quotes([['1000', '1000']], []))
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 0n, held: 1_000_000_000_000n })
    exchange.run(quotes([['999', '1000'], ['500', '2']], []))
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 0n, held: 1_000_000_000_000n })
    expect(exchange.refusal(quotes([['1000', '1000'], ['0.01', '1']], []))).to.equal('insufficient_balance')
    expect(depth(exchange).bids).to.deep.equal([[99900n, 1_000_000n], [50000n, 2000n]])
  })

  it('needs the fees that are held beside the price of its bids, and counts those of the old ones as free', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'fees.set-rate', feeAsset: 'USD', asset: 'USD', feeAssetAmount: '1', assetAmount: '1', discount: '0' })
    exchange.run({ type: 'account.update', account: 'alice', feeAsset: 'USD' })
    // 0.2 % of a million beside it.
    expect(exchange.refusal(quotes([['1000', '500'], ['999', '499.5']], []))).to.equal('insufficient_balance')
    exchange.run(quotes([['1000', '500'], ['996', '500']], []))
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 4_000_000n, held: 999_996_000_000n })
    exchange.run(quotes([['996', '500'], ['995', '500']], []))
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 1_000_000_000_000n - 997_491_000_000n, held: 997_491_000_000n })
  })

  it('takes what it crosses unless it is post-only', () => {
    const exchange = new SmallExchange()
    exchange.place('bob', { side: 'sell', price: '100', quantity: '0.4' })
    exchange.place('bob', { side: 'sell', price: '101', quantity: '0.4' })
    const events = exchange.run(quotes([['101', '0.5'], ['100', '1']], [['102', '1']]))
    expect(types(events)).to.deep.equal([...Array<string>(3).fill('order.accepted'), 'trade.executed', 'trade.executed', 'order.rested', 'order.rested'])
    expect(eventsOf(events, 'trade.executed').map(({ price, quantity }) => [price, quantity])).to.deep.equal([[10000n, 400n], [10100n, 100n]])
  })

  it('is judged against the book without its own old quotes', () => {
    const exchange = withLadder()
    exchange.run(quotes([['102', '1']], [['103', '1']], { postOnly: true }))
    expect(depth(exchange)).to.deep.equal({ bids: [[10200n, 1000n]], asks: [[10300n, 1000n]] })
    exchange.place('bob', { side: 'sell', price: '103', quantity: '1' })
    expect(exchange.refusal(quotes([['103', '1']], [], { postOnly: true }))).to.equal('would_take_liquidity')
  })

  it('meets own orders that are no quotes under its self-trade prevention', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell', price: '100' })
    const events = exchange.run(quotes([['100', '1'], ['99', '1']], []))
    expect(types(events)).to.deep.equal(['order.accepted', 'order.accepted', 'order.cancelled', 'order.rested'])
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'self_trade_prevention', rested: false })
  })

  it('is withdrawn by an empty ladder in any state of the market', () => {
    const exchange = withLadder()
    exchange.run({ ...RULES, type: 'market.update', market: 'BTC-USD', state: 'halted' })
    expect(exchange.refusal(quotes([['99', '1']], []))).to.equal('market_not_open')
    expect(eventsOf(exchange.run(quotes([], [['101', '0']])), 'order.cancelled')).to.have.length(4)
  })

  it('goes on with a remainder that is smaller than a new order may be', () => {
    const exchange = withLadder()
    exchange.place('bob', { side: 'sell', price: '99', quantity: '0.999' })
    exchange.run({ ...RULES, type: 'market.update', market: 'BTC-USD', minQuantity: '0.5', minNotional: '10' })
    expect(exchange.run(quotes([['99', '0.001'], ['98', '1']], [['101', '0.002'], ['102', '1']])).map(({ type }) => type)).to.deep.equal(['order.reduced'])
    expect(exchange.refusal(quotes([['97', '0.499']], []))).to.equal('quantity_below_minimum')
  })

  it('lets the older of two quotes go on that an amendment brought to one price', () => {
    const exchange = withLadder()
    exchange.run({ type: 'order.amend', account: 'alice', market: 'BTC-USD', orderId: 2, price: '99' })
    const events = exchange.run(quotes([['99', '1']], []))
    expect(eventsOf(events, 'order.cancelled').map(({ orderId }) => orderId)).to.deep.equal([2, 3, 4])
  })

  it('is known again after a restart', () => {
    const { engine } = withLadder()
    const restored = restoreEngine(engine.snapshot())
    restored.checkInvariants()
    expect(restored.stateHash()).to.equal(engine.stateHash())
    const frames = new FrameBuffer()
    const events = new FrameBuffer()
    writeQuotePlace(frames, { account: ALICE, market: 0, selfTradePrevention: 0, postOnly: false, bids: [{ price: 9900n, quantity: 1000n }], asks: [] })
    frames.stamp(0, restored.sequence + 1, restored.timestampUs)
    restored.apply(frames, 0, events)
    expect(decodeEvents(events).map((event) => [event.type, 'orderId' in event ? event.orderId : 0])).to.deep.equal([['order.cancelled', 2], ['order.cancelled', 3], ['order.cancelled', 4]])
  })

  it('holds a hundred levels, with a bounded number of events', () => {
    const exchange = new SmallExchange()
    const ladder = (from: number): [string, string][] => Array.from({ length: MAX_QUOTE_ENTRIES / 2 }, (_, at) => [`${from - at}`, '1'])
    const asks = (from: number): [string, string][] => Array.from({ length: MAX_QUOTE_ENTRIES / 2 }, (_, at) => [`${from + at}`, '1'])
    expect(exchange.run(quotes(ladder(99), asks(101)))).to.have.length(200)
    expect(exchange.run(quotes(ladder(98.5), asks(101.5)))).to.have.length(300)
    expect(exchange.engine.openOrders(ALICE)).to.have.length(100)
  })
})

type Row = [what: string, code: RejectCode, command: Command, before?: Command]
const update = (rules: object): Command => ({ ...RULES, type: 'market.update', market: 'BTC-USD', ...rules })

const rows: Row[] = [
  ['of an unknown account', 'unknown_account', quotes([], [], { account: 'dora' })],
  ['in an unknown market', 'unknown_market', quotes([], [], { market: 'ETH-USD' })],
  ['of the world', 'not_permitted', quotes([], [], { account: 'world' })],
  ['of more levels than fit', 'malformed_frame', quotes(Array.from({ length: 101 }, (_, at): [string, string] => [`${500 - at}`, '1']), [])],
  ['in a market that takes cancels only', 'market_not_open', quotes([['99', '1']], []), update({ state: 'cancel-only' })],
  ['that would trade with itself where the market forbids it', 'self_trade_prevention_required', quotes([['99', '1']], [], { selfTradePrevention: 'none' })],
  ['at a price of zero', 'price_not_positive', quotes([['0', '1']], [])],
  ['above the highest price', 'price_out_of_bounds', quotes([], [['100000.01', '1']])],
  ['off the tick', 'price_not_multiple_of_tick_size', quotes([['99.01', '1']], []), update({ tickSize: '0.05' })],
  ['with bids that rise', 'quote_prices_not_sorted', quotes([['98', '1'], ['99', '1']], [])],
  ['with asks that fall', 'quote_prices_not_sorted', quotes([], [['102', '1'], ['101', '1']])],
  ['with a price twice', 'quote_prices_not_sorted', quotes([['99', '1'], ['99', '0']], [])],
  ['whose bid meets its ask', 'quote_crosses_itself', quotes([['100', '1']], [['99', '0'], ['100', '1']])],
  ['above the largest quantity', 'quantity_above_maximum', quotes([['99', '1000.001']], [])],
  ['off the lot', 'quantity_not_multiple_of_lot_size', quotes([['99', '1.001']], []), update({ lotSize: '0.002', minQuantity: '0.002' })],
  ['below the smallest quantity', 'quantity_below_minimum', quotes([['99', '0.001']], []), update({ minQuantity: '0.002' })],
  ['below the smallest notional', 'notional_below_minimum', quotes([['99', '0.1']], []), update({ minNotional: '10' })],
  ['of more levels than the account may have orders', 'too_many_open_orders', quotes([['99', '1'], ['98', '1']], []), update({ maxOpenOrders: 1 })],
  ['that would trade in a post-only market', 'would_take_liquidity', quotes([['101', '1']], []), { type: 'order.place', account: 'alice', market: 'BTC-USD', side: 'sell', orderType: 'limit', price: '101', quantity: '1' }],
  ['whose bids together are beyond the balance', 'insufficient_balance', quotes([['1000', '600'], ['999', '401']], [])],
  ['whose asks together are beyond the balance', 'insufficient_balance', quotes([], [['101', '60'], ['102', '40.001']])],
  ['in exponents', 'not_a_decimal', quotes([['1e2', '1']], [])],
]

describe('A ladder', () => {
  for (const [what, code, command, before] of rows) {
    it(`${what} is refused: ${code}`, () => {
      const exchange = new SmallExchange()
      if (before !== undefined) exchange.run(before)
      const strict = code === 'would_take_liquidity' ? { ...command, postOnly: true } : command
      expect(exchange.refusal(strict as Command)).to.equal(code)
    })
  }

  it('is refused as a whole where one level is wrong', () => {
    const exchange = withLadder()
    expect(exchange.refusal(quotes([['99', '5'], ['98', '5'], ['97.001', '1']], [['101', '1']]))).to.equal('price_not_multiple_of_tick_size')
    expect(depth(exchange)).to.deep.equal({ bids: [[9900n, 1000n], [9800n, 1000n]], asks: [[10100n, 1000n], [10200n, 1000n]] })
  })

  const broken: [what: string, code: RejectCode, spoil: (frames: FrameBuffer) => unknown][] = [
    ['counts more asks than it has', 'malformed_frame', (f) => (f.u16[QUOTE_ASKS >> 1] = 2)],
    ['counts fewer', 'malformed_frame', (f) => (f.u16[QUOTE_ASKS >> 1] = 0)],
    ['counts far more', 'malformed_frame', (f) => (f.u16[QUOTE_ASKS >> 1] = 0xffff)],
    ['has a size that is no number of levels', 'malformed_frame', (f) => (f.u16[0] = 64)],
    ['is shorter than a ladder without levels', 'malformed_frame', (f) => (f.u16[0] = 32)],
    ['has a flag that is none', 'malformed_frame', (f) => (f.u8[QUOTE_FLAGS] = 2)],
    ['has a prevention that is none', 'malformed_frame', (f) => (f.u8[QUOTE_SELF_TRADE_PREVENTION] = 5)],
    ['has a negative quantity', 'quantity_not_positive', (f) => (f.i64[6] = -1000n)],
    ['has a quantity near 2^63', 'quantity_above_maximum', (f) => (f.i64[6] = 2n ** 63n - 1n)],
    ['has a price near 2^63', 'price_out_of_bounds', (f) => (f.i64[5] = 2n ** 63n - 1n)],
  ]
  for (const [what, code, spoil] of broken) {
    it(`whose frame ${what} is refused: ${code}`, () => {
      const { engine } = new SmallExchange()
      const frames = new FrameBuffer()
      const events = new FrameBuffer()
      writeQuotePlace(frames, { account: ALICE, market: 0, selfTradePrevention: 0, postOnly: false, bids: [{ price: 9900n, quantity: 1000n }], asks: [{ price: 10100n, quantity: 1000n }] })
      spoil(frames)
      frames.stamp(0, engine.sequence + 1, engine.timestampUs)
      engine.apply(frames, 0, events)
      expect(decodeEvents(events)).to.have.length(1)
      expect(decodeEvents(events)[0]).to.include({ type: 'command.rejected', code, command: 'quote.place', account: ALICE, market: 0 })
      engine.checkInvariants()
    })
  }
})
