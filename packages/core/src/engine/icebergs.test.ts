import { expect } from 'chai'
import { decodeEvents, encodeCommand, FrameBuffer, MarketData, restoreEngine, writeOrderPlaceSpecial, type Command, type RejectCode } from '@bourse/core'
import { ALICE, BOB, BTC, eventsOf, RULES, SmallExchange, USD, type Order } from '../../test/small-exchange.js'

const { types } = SmallExchange
const reference = { account: 'alice', market: 'BTC-USD', orderId: 1 } as const
/** A sell of 5 BTC at 100.00 of which 1 is seen. */
const iceberg = { side: 'sell', quantity: '5', displayQuantity: '1' } as const
const asks = (exchange: SmallExchange) => exchange.engine.depth(0, 9).asks

/** Alice's iceberg, order 1, and behind it a plain sell of bob, order 2, of 1 BTC. */
function withIceberg(): SmallExchange {
  const exchange = new SmallExchange()
  exchange.place('alice', iceberg)
  exchange.place('bob', { side: 'sell' })
  return exchange
}
const buy = (exchange: SmallExchange, quantity: string, order: Partial<Order> = {}) => exchange.place('carol', { side: 'buy', quantity, timeInForce: 'ioc', ...order })

describe('An iceberg', () => {
  it('shows a part and holds for all of it', () => {
    const exchange = new SmallExchange()
    const events = exchange.place('alice', iceberg)
    expect(types(events)).to.deep.equal(['order.accepted', 'order.rested'])
    expect(eventsOf(events, 'order.accepted')[0]).to.deep.include({ leavesQuantity: 5000n, held: 500_000_000n })
    expect(eventsOf(events, 'order.accepted')[0]!.terms!.displayQuantity).to.equal(1000n)
    expect(eventsOf(events, 'order.rested')[0]).to.include({ leavesQuantity: 5000n, displayedQuantity: 1000n })
    expect(asks(exchange)).to.deep.equal([[10000n, 1000n]])
    expect(exchange.engine.order(1)).to.include({ quantity: 5000n, leavesQuantity: 5000n })
    expect(exchange.engine.balance(ALICE, BTC).held).to.equal(500_000_000n)
  })

  it('joins the tail of its level with each new part', () => {
    const exchange = withIceberg()
    const events = buy(exchange, '3.5')
    expect(types(events)).to.deep.equal([
      'order.accepted',
      ...['trade.executed', 'order.refreshed'],
      'trade.executed',
      ...['trade.executed', 'order.refreshed'],
      'trade.executed',
    ])
    expect(eventsOf(events, 'trade.executed').map(({ maker, quantity }) => [maker.orderId, quantity, maker.leavesQuantity, maker.done])).to.deep.equal([
      [1, 1000n, 4000n, false],
      [2, 1000n, 0n, true],
      [1, 1000n, 3000n, false],
      [1, 500n, 2500n, false],
    ])
    expect(eventsOf(events, 'order.refreshed').map(({ leavesQuantity, filledQuantity, displayedQuantity }) => [leavesQuantity, filledQuantity, displayedQuantity])).to.deep.equal([
      [4000n, 1000n, 1000n],
      [3000n, 2000n, 1000n],
    ])
    expect(asks(exchange)).to.deep.equal([[10000n, 500n]])
    expect(exchange.engine.balance(ALICE, BTC).held).to.equal(250_000_000n)
  })

  it('shows what is left where that is less, and is done with the last part', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { ...iceberg, quantity: '2.5' })
    expect(eventsOf(buy(exchange, '2'), 'order.refreshed').map(({ displayedQuantity }) => displayedQuantity)).to.deep.equal([1000n, 500n])
    expect(asks(exchange)).to.deep.equal([[10000n, 500n]])
    const events = buy(exchange, '0.5')
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed'])
    expect(eventsOf(events, 'trade.executed')[0]!.maker).to.include({ leavesQuantity: 0n, done: true, filledQuantity: 2500n })
    expect(exchange.engine.openOrders(ALICE)).to.deep.equal([])
    expect(exchange.engine.balance(ALICE, BTC).held).to.equal(0n)
  })

  it('takes with all it has before a part of the rest is shown', () => {
    const exchange = new SmallExchange()
    exchange.place('bob', { side: 'buy', quantity: '2' })
    const events = exchange.place('alice', { ...iceberg, price: '99' })
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed', 'order.rested'])
    expect(eventsOf(events, 'trade.executed')[0]).to.include({ quantity: 2000n })
    expect(eventsOf(events, 'trade.executed')[0]!.taker).to.include({ leavesQuantity: 3000n, done: false })
    expect(asks(exchange)).to.deep.equal([[9900n, 1000n]])
  })

  it('pays the fee on the sum of its parts, rounded up once', () => {
    const exchange = new SmallExchange({ rules: { makerFee: '0.000001' } })
    exchange.place('alice', { side: 'buy', price: '100', quantity: '0.003', displayQuantity: '0.001' })
    for (let i = 0; i < 3; i++) exchange.place('bob', { side: 'sell', price: '100', quantity: '0.001' })
    // 0.003 BTC are 300,000 units: a fee of 0.3 of a unit.
    expect(exchange.engine.balance(ALICE, BTC).available).to.equal(10_000_299_999n)
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(0n)
  })

  it('is counted with what it hides by fill-or-kill and market orders', () => {
    const exchange = withIceberg()
    expect(types(buy(exchange, '6.001', { timeInForce: 'fok' }))).to.deep.equal(['order.accepted', 'order.cancelled'])
    const market = { side: 'buy', orderType: 'market', quantity: '4.2' } as const
    expect(eventsOf(exchange.place('carol', market), 'order.accepted')[0]!.held).to.equal(420_000_000n)
    expect(types(buy(exchange, '1.8', { timeInForce: 'fok' }))).to.include('trade.executed')
    expect(asks(exchange)).to.deep.equal([])
  })

  it('stands with new parts behind an order that stops the taker, which fill-or-kill foresees', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', iceberg)
    exchange.place('carol', { side: 'sell' })
    expect(types(buy(exchange, '2', { timeInForce: 'fok' }))).to.deep.equal(['order.accepted', 'order.cancelled'])
    const events = buy(exchange, '2')
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed', 'order.refreshed', 'order.cancelled'])
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'self_trade_prevention', cancelledQuantity: 1000n })
  })

  it('is cancelled with what it hides', () => {
    const exchange = withIceberg()
    const [cancelled] = eventsOf(exchange.run({ type: 'order.cancel', ...reference }), 'order.cancelled')
    expect(cancelled).to.include({ cancelledQuantity: 5000n, displayedQuantity: 1000n, released: 500_000_000n, leavesQuantity: 0n })
    expect(asks(exchange)).to.deep.equal([[10000n, 1000n]])
  })

  it('hides less when it is reduced, keeping its place, and shows less only when not so much is left', () => {
    const exchange = withIceberg()
    const [hidden] = eventsOf(exchange.run({ type: 'order.reduce', ...reference, leavesQuantity: '1.2' }), 'order.reduced')
    expect(hidden).to.include({ reducedQuantity: 3800n, displayedQuantity: 0n, leavesQuantity: 1200n, released: 380_000_000n })
    const [shown] = eventsOf(exchange.run({ type: 'order.amend', ...reference, quantity: '0.4' }), 'order.reduced')
    expect(shown).to.include({ reducedQuantity: 800n, displayedQuantity: 600n, leavesQuantity: 400n })
    expect(asks(exchange)).to.deep.equal([[10000n, 1400n]])
    expect(eventsOf(buy(exchange, '0.1'), 'trade.executed')[0]!.maker.account).to.equal(ALICE)
  })

  it('amended takes with all it has at its new price and shows a part again', () => {
    const exchange = withIceberg()
    exchange.place('carol', { side: 'buy', price: '98', quantity: '1.5' })
    const events = exchange.run({ type: 'order.amend', ...reference, price: '98', quantity: '4' })
    expect(types(events)).to.deep.equal(['order.amended', 'trade.executed', 'order.rested'])
    expect(eventsOf(events, 'order.amended')[0]).to.include({ oldLeavesQuantity: 1000n, leavesQuantity: 4000n, heldChange: -100_000_000n })
    expect(eventsOf(events, 'order.rested')[0]).to.include({ leavesQuantity: 2500n, displayedQuantity: 1000n })
    expect(asks(exchange)).to.deep.equal([[9800n, 1000n], [10000n, 1000n]])
  })

  it('shows another part when that is amended, at the tail of its level', () => {
    const exchange = withIceberg()
    const events = exchange.run({ type: 'order.amend', ...reference, displayQuantity: '2' })
    expect(types(events)).to.deep.equal(['order.amended', 'order.rested'])
    expect(eventsOf(events, 'order.amended')[0]).to.deep.include({ rested: true, oldLeavesQuantity: 1000n, leavesQuantity: 5000n, heldChange: 0n })
    expect(eventsOf(events, 'order.rested')[0]).to.include({ leavesQuantity: 5000n, displayedQuantity: 2000n })
    expect(asks(exchange)).to.deep.equal([[10000n, 3000n]])
    expect(eventsOf(buy(exchange, '0.1'), 'trade.executed')[0]!.maker.account).to.equal(BOB)
  })

  it('keeps its place and shows what it showed when its deadline is moved', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { ...iceberg, timeInForce: 'gtd', expiresAt: 5_000 })
    const [amended] = eventsOf(exchange.run({ type: 'order.amend', account: 'alice', market: 'BTC-USD', orderId: 1, expiresAt: 6_000 }), 'order.amended')
    expect(amended).to.deep.include({ keepsPlace: true, leavesQuantity: 5000n, oldLeavesQuantity: 1000n })
    expect([amended!.terms!.displayQuantity, amended!.terms!.expiresAtUs]).to.deep.equal([1000n, 6_000_000])
    expect(asks(exchange)).to.deep.equal([[10000n, 1000n]])
  })

  it('cannot be given a part that is none, and no other order any', () => {
    const exchange = withIceberg()
    exchange.place('alice', { side: 'sell', price: '102', clientOrderId: 'plain' })
    for (const displayQuantity of ['0', '5', '0.049', '6']) expect(exchange.refusal({ type: 'order.amend', ...reference, displayQuantity }), displayQuantity).to.equal('display_quantity_out_of_bounds')
    expect(exchange.refusal({ type: 'order.amend', ...reference, displayQuantity: '1' })).to.equal('order_changed_nothing')
    expect(exchange.refusal({ type: 'order.amend', account: 'alice', market: 'BTC-USD', clientOrderId: 'plain', displayQuantity: '0.5' })).to.equal('invalid_combination')
  })

  it('is decremented as a whole by self-trade prevention', () => {
    const exchange = withIceberg()
    const events = exchange.place('alice', { side: 'buy', quantity: '4.5', selfTradePrevention: 'decrement' })
    expect(types(events)).to.deep.equal(['order.accepted', 'order.reduced', 'order.cancelled'])
    expect(events[1]).to.include({ orderId: 1, reducedQuantity: 4500n, displayedQuantity: 500n, leavesQuantity: 500n })
    const rest = exchange.place('alice', { side: 'buy', quantity: '0.6', selfTradePrevention: 'decrement' })
    expect(types(rest)).to.deep.equal(['order.accepted', 'order.cancelled', 'order.reduced', 'trade.executed'])
  })

  it('expires with what it hides', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { ...iceberg, expiresAt: 3_000 })
    buy(exchange, '1.5')
    const [expired] = eventsOf(exchange.pass(5_000), 'order.expired')
    expect(expired).to.include({ cancelledQuantity: 3500n, displayedQuantity: 500n, released: 350_000_000n })
  })

  it('is cancelled by a lot that its parts are no multiple of', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { ...iceberg, quantity: '6', displayQuantity: '1.5' })
    exchange.place('bob', { ...iceberg, quantity: '6', displayQuantity: '2' })
    const events = exchange.run({ ...RULES, type: 'market.update', market: 'BTC-USD', lotSize: '1', minQuantity: '1' })
    expect(eventsOf(events, 'order.cancelled').map(({ account, reason }) => [account, reason])).to.deep.equal([[ALICE, 'rule_changed']])
    expect(exchange.engine.openOrders(BOB)).to.have.length(1)
  })

  it('counts with all it has for the price of an auction, and trades there part by part', () => {
    const exchange = new SmallExchange({ rules: { state: 'pre-open' } })
    exchange.place('alice', { ...iceberg, price: '99' })
    exchange.place('bob', { side: 'buy', price: '101', quantity: '3' })
    expect(exchange.engine.indicativeAuction(0)).to.deep.equal({ price: 9900n, quantity: 3000n, surplus: -2000n })
    const events = exchange.run({ type: 'market.auction', market: 'BTC-USD', endsAt: 1 })
    const trades = eventsOf(events, 'trade.executed')
    expect(trades.map(({ price, quantity, maker, taker }) => [price, quantity, maker.leavesQuantity, maker.done, taker.leavesQuantity])).to.deep.equal([
      [9900n, 1000n, 4000n, false, 2000n],
      [9900n, 1000n, 3000n, false, 1000n],
      [9900n, 1000n, 2000n, false, 0n],
    ])
    expect(eventsOf(events, 'order.refreshed')).to.have.length(3)
    expect(asks(exchange)).to.deep.equal([[9900n, 1000n]])
    expect(exchange.engine.order(1)!.leavesQuantity).to.equal(2000n)
  })

  it('is known again after a restart', () => {
    const exchange = withIceberg()
    buy(exchange, '0.3')
    const restored = restoreEngine(exchange.engine.snapshot())
    restored.checkInvariants()
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
    expect(restored.order(1)).to.deep.equal(exchange.engine.order(1))
    const frames = new FrameBuffer()
    const events = new FrameBuffer()
    expect(encodeCommand(exchange.order('carol', { side: 'buy', quantity: '0.8' }), restored.catalog, frames)).to.equal(undefined)
    frames.stamp(0, restored.sequence + 1, restored.timestampUs)
    restored.apply(frames, 0, events)
    expect(decodeEvents(events).map(({ type }) => type)).to.deep.equal(['order.accepted', 'trade.executed', 'order.refreshed', 'trade.executed'])
    restored.checkInvariants()
  })

  it('shows in market data what it shows in the book', () => {
    const exchange = new SmallExchange()
    const data = new MarketData()
    const commands: Command[] = [
      { ...exchange.order('alice', iceberg) },
      exchange.order('bob', { side: 'sell', price: '101', quantity: '3', displayQuantity: '0.5' }),
      exchange.order('carol', { side: 'buy', quantity: '2.3' }),
      { type: 'order.reduce', ...reference, leavesQuantity: '0.4' },
      { type: 'order.amend', account: 'bob', market: 'BTC-USD', orderId: 2, price: '102' },
      { type: 'order.cancel', account: 'bob', market: 'BTC-USD', orderId: 2 },
    ]
    for (const command of commands) {
      const frames = new FrameBuffer()
      const events = new FrameBuffer()
      const { engine } = exchange
      expect(encodeCommand(command, engine.catalog, frames)).to.equal(undefined)
      frames.stamp(0, engine.sequence + 1, engine.timestampUs)
      engine.apply(frames, 0, events)
      data.foldAll(events)
      const { bids, asks: offers } = data.depth(0, 9)
      expect({ bids, asks: offers }, command.type).to.deep.equal(engine.depth(0, 9))
    }
  })
})

describe('An iceberg order', () => {
  const order = (terms: Partial<Order>): Command => new SmallExchange().order('alice', { side: 'sell', quantity: '5', ...terms })
  const lots: Command = { ...RULES, type: 'market.update', market: 'BTC-USD', lotSize: '0.01', minQuantity: '0.01' }
  const rows: [what: string, code: RejectCode, command: Command, before?: Command][] = [
    ['that shows all', 'display_quantity_out_of_bounds', order({ displayQuantity: '5' })],
    ['that shows more than all', 'display_quantity_out_of_bounds', order({ displayQuantity: '5.001' })],
    ['in more than a hundred parts', 'display_quantity_out_of_bounds', order({ displayQuantity: '0.049' })],
    ['whose parts are off the lot', 'display_quantity_out_of_bounds', order({ displayQuantity: '1.005' }), lots],
    ['that shows nothing', 'quantity_not_positive', order({ displayQuantity: '0' })],
    ['with IOC', 'invalid_combination', order({ displayQuantity: '1', timeInForce: 'ioc' })],
    ['with FOK', 'invalid_combination', order({ displayQuantity: '1', timeInForce: 'fok' })],
    ['that is a market order', 'invalid_combination', new SmallExchange().order('alice', { side: 'sell', orderType: 'market', quantity: '5', displayQuantity: '1' })],
    ['with a stop price', 'invalid_combination', order({ displayQuantity: '1', stopPrice: '90' })],
    ['beyond the balance', 'insufficient_balance', order({ quantity: '100.001', displayQuantity: '1.001' }), { ...RULES, type: 'market.update', market: 'BTC-USD' }],
    ['that is post-only and would trade', 'would_take_liquidity', order({ displayQuantity: '1', postOnly: true }), { ...order({ side: 'buy' }), account: 'bob' } as Command],
  ]
  for (const [what, code, command, before] of rows) {
    it(`${what} is refused: ${code}`, () => {
      const exchange = new SmallExchange()
      if (before !== undefined) exchange.run(before)
      expect(exchange.refusal(command)).to.equal(code)
    })
  }

  it('may not be amended into more than a hundred parts', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { ...iceberg, quantity: '9', displayQuantity: '0.1' })
    exchange.run({ type: 'order.amend', ...reference, quantity: '10' })
    expect(exchange.refusal({ type: 'order.amend', ...reference, quantity: '10.001' })).to.equal('display_quantity_out_of_bounds')
  })

  it('that shows a negative quantity is refused', () => {
    const { engine } = new SmallExchange()
    const frames = new FrameBuffer()
    const events = new FrameBuffer()
    const terms = { expiresAtUs: 0, stopPrice: 0n, displayQuantity: -1n, trailingOffset: 0n, trailingBps: 0, activationPrice: 0n, flags2: 0 }
    writeOrderPlaceSpecial(frames, { account: ALICE, market: 0, side: 1, orderType: 0, timeInForce: 0, selfTradePrevention: 0, flags: 8, price: 100n, quantity: 5n, clientOrderId: '', ...terms })
    frames.stamp(0, engine.sequence + 1, engine.timestampUs)
    engine.apply(frames, 0, events)
    expect(decodeEvents(events)[0]).to.include({ type: 'command.rejected', code: 'display_quantity_out_of_bounds' })
  })
})
