import { expect } from 'chai'
import { encodeCommand, FrameBuffer, restoreEngine, writeContinue, type Command, type Engine, type Event, type OrderAmend, type OrderPlace, type RejectCode } from '@bourse/core'
import { ALICE, BOB, BTC, eventsOf, RULES, SmallExchange, USD, type Order } from '../../test/small-exchange.js'

const stop = (order: Order): Order => ({ orderType: 'stop-market', timeInForce: 'ioc', ...order })
const sellStop = (order: Partial<Order> = {}): Order => ({ orderType: 'stop-limit', side: 'sell', price: '90', stopPrice: '95', ...order })
const held = (exchange: SmallExchange, account: number, asset: number) => exchange.engine.balance(account, asset).held
/** The events of orders as `type orderId`, and of trades as `trade taker/maker price`. */
const story = (events: readonly Event[]) =>
  events.map((event) =>
    event.type === 'trade.executed' ? `trade ${event.taker.orderId}/${event.maker.orderId} ${event.price}` : 'orderId' in event ? `${event.type.slice(6)} ${event.orderId}` : event.type,
  )

function withoutPrice(order: OrderPlace): OrderPlace {
  const { price: _, ...rest } = order
  return rest
}

/** Lets carol and bob trade 0.001 BTC at a price, which must not be crossed by what rests. */
function tradeAt(exchange: SmallExchange, price: string): readonly Event[] {
  exchange.place('carol', { side: 'sell', price, quantity: '0.001' })
  return exchange.place('bob', { side: 'buy', price, quantity: '0.001' })
}

describe('An order that waits for a price', () => {
  it('lives outside the book: listed with its terms, holding its money, not in the depth', () => {
    const exchange = new SmallExchange()
    const [accepted] = eventsOf(exchange.place('alice', sellStop({ quantity: '2', clientOrderId: 'exit' })), 'order.accepted')
    expect(accepted!.terms!.stopPrice).to.equal(9500n)
    expect(accepted!.held).to.equal(200_000_000n)
    const [live] = exchange.engine.openOrders(ALICE)
    expect([live!.orderType, live!.status, live!.price, live!.terms!.stopPrice]).to.deep.equal(['stop-limit', 'waiting', 9000n, 9500n])
    expect(exchange.engine.orderByClientOrderId(ALICE, 'exit')!.orderId).to.equal(live!.orderId)
    expect(exchange.engine.depth(0, 5)).to.deep.equal({ bids: [], asks: [] })
    expect(held(exchange, ALICE, BTC)).to.equal(200_000_000n)
  })

  it('starts when a trade is at its stop price, and not a tick before', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', sellStop())
    expect(story(tradeAt(exchange, '95.01'))).to.deep.equal(['accepted 3', 'trade 3/2 9501'])
    expect(story(tradeAt(exchange, '95'))).to.deep.equal(['accepted 5', 'trade 5/4 9500', 'triggered 1', 'rested 1'])
    expect(exchange.engine.depth(0, 5).asks).to.deep.equal([[9000n, 1000n]])
    const live = exchange.engine.order(1)!
    expect([live.status, live.terms!.stopPrice]).to.deep.equal(['resting', 9500n])
  })

  it('starts upwards as a buy stop or a sell take-profit, downwards as a sell stop or a buy take-profit', () => {
    for (const [order, quiet, met] of [
      [stop({ side: 'buy', price: '120', stopPrice: '105' }), '104.99', '105'],
      [stop({ side: 'sell', price: '1', stopPrice: '95' }), '95.01', '95'],
      [stop({ side: 'sell', orderType: 'take-profit', price: '1', stopPrice: '105' }), '104.99', '105'],
      [stop({ side: 'buy', orderType: 'take-profit', price: '97', stopPrice: '95' }), '95.01', '95'],
    ] as const) {
      const exchange = new SmallExchange()
      exchange.place('alice', order)
      expect(eventsOf(tradeAt(exchange, quiet), 'order.triggered')).to.have.length(0)
      expect(eventsOf(tradeAt(exchange, met), 'order.triggered')).to.have.length(1)
    }
  })

  it('takes a new place in time when it starts', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', sellStop({ price: '100' }))
    exchange.place('bob', { side: 'sell', price: '100' })
    tradeAt(exchange, '95')
    const [trade] = eventsOf(exchange.place('carol', { side: 'buy', price: '100' }), 'trade.executed')
    expect(trade!.maker.orderId).to.equal(2)
  })
})

describe('A stop-market order', () => {
  it('sells down to the market\'s band, frozen when it starts', () => {
    const exchange = new SmallExchange()
    exchange.place('bob', { side: 'buy', price: '94', quantity: '0.4' })
    exchange.place('bob', { side: 'buy', price: '89.30', quantity: '0.3' })
    exchange.place('bob', { side: 'buy', price: '89.29', quantity: '0.3' })
    exchange.run(withoutPrice(exchange.order('alice', stop({ side: 'sell', stopPrice: '95' }))))
    const events = tradeAt(exchange, '95')
    // 5 % below 94 is 89.30.
    expect(story(events).slice(2)).to.deep.equal(['triggered 4', 'trade 4/1 9400', 'trade 4/2 8930', 'cancelled 4'])
    const [cancelled] = eventsOf(events, 'order.cancelled')
    expect([cancelled!.reason, cancelled!.price, cancelled!.cancelledQuantity, cancelled!.rested]).to.deep.equal(['protection_price', 8930n, 300n, false])
    expect(held(exchange, ALICE, BTC)).to.equal(0n)
  })

  it('buys up to its cap, for which the money was set aside', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', stop({ side: 'buy', price: '110', stopPrice: '105', quantity: '2' }))
    expect(held(exchange, ALICE, USD)).to.equal(220_000_000n)
    exchange.place('bob', { side: 'sell', price: '106', quantity: '1' })
    exchange.place('bob', { side: 'sell', price: '110.01', quantity: '1' })
    const events = tradeAt(exchange, '105')
    const [, trade] = eventsOf(events, 'trade.executed')
    expect([trade!.price, trade!.quoteAmount, trade!.taker.released]).to.deep.equal([10_600n, 106_000_000n, 4_000_000n])
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'protection_price', released: 110_000_000n })
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 1_000_000_000_000n - 106_000_000n, held: 0n })
  })

  it('is cancelled where nothing is left to trade with', () => {
    const exchange = new SmallExchange()
    exchange.run(withoutPrice(exchange.order('alice', stop({ side: 'sell', stopPrice: '95' }))))
    expect(eventsOf(tradeAt(exchange, '95'), 'order.cancelled')[0]).to.include({ orderId: 1, reason: 'market_remainder' })
  })
})

describe('A triggered order', () => {
  it('is probed first where it must be filled at once or not at all', () => {
    const exchange = new SmallExchange()
    exchange.place('bob', { side: 'buy', price: '91', quantity: '0.5' })
    exchange.place('alice', sellStop({ timeInForce: 'fok' }))
    const events = tradeAt(exchange, '95')
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ orderId: 2, reason: 'fok_not_filled' })
    expect(exchange.engine.depth(0, 5).bids).to.deep.equal([[9100n, 500n]])
  })

  it('trades what it can and cancels the rest where it is immediate-or-cancel', () => {
    const exchange = new SmallExchange()
    exchange.place('bob', { side: 'buy', price: '91', quantity: '0.4' })
    exchange.place('alice', sellStop({ timeInForce: 'ioc' }))
    expect(eventsOf(tradeAt(exchange, '95'), 'order.cancelled')[0]).to.include({ reason: 'ioc_remainder', cancelledQuantity: 600n })
  })

  it('does not trade with an order of its own account', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'buy', price: '91', quantity: '0.4' })
    exchange.place('alice', sellStop())
    expect(eventsOf(tradeAt(exchange, '95'), 'order.cancelled')[0]).to.include({ orderId: 2, reason: 'self_trade_prevention' })
  })

  it('stands in the queue by the price that was reached first, then by acceptance', () => {
    const exchange = new SmallExchange()
    for (const stopPrice of ['104', '103', '104', '103']) exchange.place('alice', { orderType: 'stop-limit', side: 'buy', price: '50', stopPrice, quantity: '0.1' })
    for (const price of ['102', '103.5', '105']) exchange.place('carol', { side: 'sell', price, quantity: '0.1' })
    const events = exchange.place('bob', { side: 'buy', price: '105', quantity: '0.3' })
    expect(eventsOf(events, 'order.triggered').map(({ orderId }) => orderId)).to.deep.equal([2, 4, 1, 3])
  })
})

describe('A cascade of triggered orders', () => {
  /** Each sell stop trades at a price that triggers the next one. */
  function cascade(limits = { activationsPerCommand: 2 }): SmallExchange {
    const exchange = new SmallExchange({ limits })
    for (const price of ['95', '94', '93', '92', '91', '90']) exchange.place('bob', { side: 'buy', price, quantity: '0.1' })
    for (const stopPrice of ['95', '94', '93', '92', '91']) exchange.place('alice', sellStop({ price: '80', stopPrice, quantity: '0.1' }))
    return exchange
  }

  it('goes on in continuations, a bounded number of starts each, and ends because each fires once', () => {
    const exchange = cascade()
    const before = exchange.engine.sequence
    const events = exchange.place('carol', { side: 'sell', price: '95', quantity: '0.1' })
    expect(events.filter(({ type }) => type !== 'order.accepted').map((event) => `${event.sequence - before} ${story([event])[0]}`)).to.deep.equal([
      '1 trade 12/1 9500', '1 triggered 7', '1 trade 7/2 9400', '1 triggered 8', '1 trade 8/3 9300', '1 triggered 9',
      '2 trade 9/4 9200', '2 triggered 10', '2 trade 10/5 9100', '2 triggered 11',
      '3 trade 11/6 9000',
    ])
    expect(exchange.engine.openOrders(ALICE)).to.deep.equal([])
  })

  it('goes on after a restore as it would have', () => {
    const { engine } = cascade()
    const [commands, events] = [new FrameBuffer(), new FrameBuffer()]
    const apply = (target: Engine) => {
      commands.stamp(0, target.sequence + 1, target.timestampUs)
      target.apply(commands, 0, events)
      target.checkInvariants()
    }
    // Five bids are hit at once, so that five stops are met at once.
    encodeCommand({ type: 'order.place', account: 'carol', market: 'BTC-USD', side: 'sell', orderType: 'limit', price: '91', quantity: '0.5' }, engine.catalog, commands)
    apply(engine)
    expect(engine.hasBacklog).to.equal(true)
    const restored = restoreEngine(engine.snapshot())
    restored.checkInvariants()
    expect([restored.hasBacklog, restored.stateHash()]).to.deep.equal([true, engine.stateHash()])
    commands.clear()
    writeContinue(commands)
    for (const target of [engine, restored]) while (target.hasBacklog) apply(target)
    expect(restored.stateHash()).to.equal(engine.stateHash())
    expect(engine.openOrders(ALICE).map(({ status }) => status)).to.not.include('waiting')
  })
})

describe('A waiting order', () => {
  it('can be cancelled by either id, and with all others', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', sellStop({ clientOrderId: 'a' }))
    exchange.place('alice', sellStop())
    exchange.place('alice', sellStop())
    const [cancelled] = eventsOf(exchange.run({ type: 'order.cancel', account: 'alice', market: 'BTC-USD', clientOrderId: 'a' }), 'order.cancelled')
    expect(cancelled).to.include({ rested: false, cancelledQuantity: 1000n, released: 100_000_000n, reason: 'requested' })
    expect(eventsOf(exchange.run({ type: 'order.cancel-all', account: 'alice' }), 'order.cancelled').map(({ orderId }) => orderId)).to.deep.equal([2, 3])
    expect(held(exchange, ALICE, BTC)).to.equal(0n)
    expect(eventsOf(tradeAt(exchange, '95'), 'order.triggered')).to.have.length(0)
  })

  it('can be reduced, and amended in price and quantity, with the money that it needs then', () => {
    const exchange = new SmallExchange()
    const reference = { account: 'alice', market: 'BTC-USD', orderId: 1 } as const
    exchange.place('alice', stop({ side: 'buy', price: '110', stopPrice: '105', quantity: '2' }))
    expect(eventsOf(exchange.run({ type: 'order.reduce', ...reference, leavesQuantity: '1.5' }), 'order.reduced')[0]).to.include({ rested: false, released: 55_000_000n })
    const [amended] = eventsOf(exchange.run({ type: 'order.amend', ...reference, price: '112', quantity: '3' }), 'order.amended')
    expect(amended).to.include({ rested: false, oldPrice: 11_000n, oldLeavesQuantity: 1500n, heldChange: 171_000_000n })
    expect(amended!.terms!.stopPrice).to.equal(10_500n)
    expect(held(exchange, ALICE, USD)).to.equal(336_000_000n)
    expect(eventsOf(exchange.run({ type: 'order.amend', ...reference, quantity: '0' }), 'order.cancelled')[0]).to.include({ reason: 'amended_below_filled' })
  })

  it('goes where new rules forbid its price, its stop price or its quantity, and when the market is delisted', () => {
    const update = (rules: object): Command => ({ ...RULES, type: 'market.update', market: 'BTC-USD', ...rules })
    const reasons = (rules: object, order: Order) => {
      const exchange = new SmallExchange()
      exchange.place('alice', order)
      return eventsOf(exchange.run(update(rules)), 'order.cancelled').map(({ reason, rested }) => [reason, rested])
    }
    expect(reasons({ tickSize: '0.02' }, sellStop({ stopPrice: '95.01' }))).to.deep.equal([['rule_changed', false]])
    expect(reasons({ tickSize: '0.02' }, sellStop({ price: '90.01' }))).to.deep.equal([['rule_changed', false]])
    expect(reasons({ maxPrice: '94' }, sellStop())).to.deep.equal([['rule_changed', false]])
    expect(reasons({ maxQuantity: '0.5' }, sellStop())).to.deep.equal([['rule_changed', false]])
    expect(reasons({ minQuantity: '2' }, sellStop())).to.deep.equal([['rule_changed', false]])
    expect(reasons({ tickSize: '0.02' }, sellStop())).to.deep.equal([])
    expect(reasons({ state: 'delisted' }, sellStop())).to.deep.equal([['market_delisted', false]])
  })

  it('goes in bounded numbers behind the orders of the book', () => {
    const exchange = new SmallExchange({ limits: { cancelsPerCommand: 2 } })
    exchange.place('bob', { side: 'buy', price: '89.99' })
    for (let i = 0; i < 4; i++) exchange.place('alice', sellStop({ stopPrice: '95.01', quantity: '1' }))
    const before = exchange.engine.sequence
    const gone = eventsOf(exchange.run({ ...RULES, type: 'market.update', market: 'BTC-USD', tickSize: '0.02' }), 'order.cancelled')
    expect(gone.map(({ orderId, sequence }) => [orderId, sequence - before])).to.deep.equal([[1, 1], [2, 1], [3, 2], [4, 2], [5, 3]])
  })
})

describe('A trailing stop', () => {
  const trailing = (order: Partial<Order> = {}): Order => ({ orderType: 'trailing-stop', side: 'sell', price: '1', timeInForce: 'ioc', ...order })

  it('fires at 423.15, 700 basis points below a high of 455.01, and not at 423.16', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', trailing({ trailingBps: 700 }))
    for (const price of ['450', '455.01', '454', '423.16']) expect(eventsOf(tradeAt(exchange, price), 'order.triggered')).to.have.length(0)
    expect(exchange.engine.order(1)!.terms).to.include({ extreme: 45_501n, stopPrice: 42_315n })
    expect(eventsOf(tradeAt(exchange, '423.15'), 'order.triggered')).to.have.length(1)
  })

  it('follows a falling price as a buy, rounded up: 700 basis points above 100.01 is 107.02', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', trailing({ side: 'buy', price: '120', trailingBps: 700 }))
    for (const price of ['101', '100.01', '107.01']) expect(eventsOf(tradeAt(exchange, price), 'order.triggered')).to.have.length(0)
    expect(eventsOf(tradeAt(exchange, '107.02'), 'order.triggered')).to.have.length(1)
  })

  it('follows at an offset', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', trailing({ trailingOffset: '5' }))
    for (const price of ['100', '110', '105.01']) expect(eventsOf(tradeAt(exchange, price), 'order.triggered')).to.have.length(0)
    expect(eventsOf(tradeAt(exchange, '105'), 'order.triggered')).to.have.length(1)
  })

  it('does not count trades before it, and begins with the next one', () => {
    const exchange = new SmallExchange()
    tradeAt(exchange, '200')
    exchange.place('alice', trailing({ trailingOffset: '5' }))
    expect(eventsOf(tradeAt(exchange, '100'), 'order.triggered')).to.have.length(0)
    expect(exchange.engine.order(3)!.terms).to.include({ extreme: 10_000n, stopPrice: 9500n })
  })

  it('begins when its activation price is met', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', trailing({ trailingOffset: '5', activationPrice: '110' }))
    for (const price of ['100', '90', '109.99']) expect(eventsOf(tradeAt(exchange, price), 'order.triggered')).to.have.length(0)
    expect(exchange.engine.order(1)!.terms!.extreme).to.equal(0n)
    tradeAt(exchange, '110')
    expect(exchange.engine.order(1)!.terms).to.include({ extreme: 11_000n, stopPrice: 10_500n })
  })

  it('begins with the next trade where its activation price is met already', () => {
    const exchange = new SmallExchange()
    tradeAt(exchange, '115')
    exchange.place('alice', trailing({ trailingOffset: '5', activationPrice: '110' }))
    tradeAt(exchange, '105')
    expect(exchange.engine.order(3)!.terms!.extreme).to.equal(10_500n)
  })

  it('moves within one order that trades at several prices', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', trailing({ trailingOffset: '5' }))
    for (const price of ['100', '104']) exchange.place('carol', { side: 'sell', price, quantity: '0.1' })
    exchange.place('bob', { side: 'buy', price: '104', quantity: '0.2' })
    expect(exchange.engine.order(1)!.terms!.stopPrice).to.equal(9900n)
  })

  it('survives a snapshot with its extreme', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', trailing({ trailingOffset: '5' }))
    tradeAt(exchange, '100')
    const restored = restoreEngine(exchange.engine.snapshot())
    restored.checkInvariants()
    expect(restored.order(1)).to.deep.equal(exchange.engine.order(1))
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
  })
})

describe('A conditional order is refused', () => {
  const rows: [what: string, code: RejectCode, order: Order][] = [
    ['without a stop price', 'invalid_combination', { orderType: 'stop-limit', side: 'sell' }],
    ['with a stop price on a plain limit order', 'invalid_combination', { side: 'sell', stopPrice: '95' }],
    ['as a stop-limit without a limit', 'invalid_combination', sellStop()],
    ['as a stop-market buy without a cap', 'invalid_combination', stop({ side: 'buy', stopPrice: '105' })],
    ['as a stop-market that shall rest', 'invalid_combination', stop({ side: 'sell', stopPrice: '95', timeInForce: 'gtc' })],
    ['post-only', 'invalid_combination', sellStop({ postOnly: true })],
    ['by quote amount', 'invalid_combination', sellStop({ quoteQuantity: '100' })],
    ['with a trailing distance on a stop', 'invalid_combination', sellStop({ trailingBps: 100 })],
    ['as a trailing stop with a stop price', 'invalid_combination', { orderType: 'trailing-stop', side: 'sell', stopPrice: '95', trailingBps: 1 }],
    ['as a trailing stop with two distances', 'invalid_combination', { orderType: 'trailing-stop', side: 'sell', trailingOffset: '1', trailingBps: 1 }],
    ['as a trailing stop without a distance', 'invalid_combination', { orderType: 'trailing-stop', side: 'sell', activationPrice: '95' }],
    ['as a trailing stop at the whole price', 'price_out_of_bounds', { orderType: 'trailing-stop', side: 'sell', trailingBps: 10_000 }],
    ['with a stop price off the tick', 'price_not_multiple_of_tick_size', sellStop({ stopPrice: '95.001' })],
    ['with a stop price of zero', 'price_not_positive', sellStop({ stopPrice: '0' })],
    ['with a stop price above the highest', 'price_out_of_bounds', sellStop({ stopPrice: '100000.01' })],
    ['with an activation price off the tick', 'price_not_multiple_of_tick_size', { orderType: 'trailing-stop', side: 'sell', trailingBps: 1, activationPrice: '95.001' }],
    ['beyond its balance as a sell', 'insufficient_balance', sellStop({ quantity: '100.001' })],
    ['beyond its balance at its cap', 'insufficient_balance', stop({ side: 'buy', price: '1000.01', stopPrice: '105', quantity: '1000' })],
    ['in the name of a waiting one', 'duplicate_client_order_id', sellStop({ clientOrderId: 'waiting' })],
    ['with a sell stop that the last trade meets', 'stop_would_trigger', sellStop({ stopPrice: '100' })],
    ['with a buy stop that the last trade meets', 'stop_would_trigger', stop({ side: 'buy', price: '110', stopPrice: '100' })],
    ['with a buy take-profit that the last trade meets', 'stop_would_trigger', stop({ orderType: 'take-profit', side: 'buy', price: '110', stopPrice: '100' })],
    ['with a sell take-profit that the last trade meets', 'stop_would_trigger', stop({ orderType: 'take-profit', side: 'sell', stopPrice: '99.99' })],
  ]
  for (const [what, code, order] of rows) {
    it(`${what}: ${code}`, () => {
      const exchange = new SmallExchange()
      tradeAt(exchange, '100')
      exchange.place('alice', sellStop({ clientOrderId: 'waiting' }))
      const command = exchange.order('alice', order)
      expect(exchange.refusal(what.includes('without a limit') || what.includes('without a cap') ? withoutPrice(command) : command)).to.equal(code)
    })
  }

  it('where as many trailing stops wait as one market bears: too_many_trailing_stops', () => {
    const exchange = new SmallExchange({ limits: { trailingStopsPerMarket: 1 } })
    const order = { orderType: 'trailing-stop', side: 'sell', trailingBps: 1 } as const
    exchange.place('alice', order)
    expect(exchange.refusal(exchange.order('bob', order))).to.equal('too_many_trailing_stops')
    expect(held(exchange, BOB, BTC)).to.equal(0n)
  })

  it('where the account has too many live orders, waiting ones included: too_many_open_orders', () => {
    const exchange = new SmallExchange({ rules: { maxOpenOrders: 1 } })
    exchange.place('alice', sellStop())
    expect(exchange.refusal(exchange.order('alice', sellStop()))).to.equal('too_many_open_orders')
    expect(exchange.refusal(exchange.order('alice', { side: 'sell' }))).to.equal('too_many_open_orders')
  })
})

describe('Another stop price', () => {
  const reference = { account: 'alice', market: 'BTC-USD', orderId: 1 } as const

  it('is given by amending the waiting order, alone or with its limit and quantity', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', stop({ side: 'buy', price: '110', stopPrice: '105', quantity: '2' }))
    const [moved] = eventsOf(exchange.run({ type: 'order.amend', ...reference, stopPrice: '107' }), 'order.amended')
    expect(moved).to.include({ rested: false, keepsPlace: false, oldPrice: 11_000n, heldChange: 0n })
    expect(moved!.terms!.stopPrice).to.equal(10_700n)
    const [all] = eventsOf(exchange.run({ type: 'order.amend', ...reference, stopPrice: '106', price: '112', quantity: '1' }), 'order.amended')
    expect(all).to.include({ price: 11_200n, quantity: 1000n, heldChange: -108_000_000n })
    expect(eventsOf(tradeAt(exchange, '105'), 'order.triggered')).to.have.length(0)
    expect(eventsOf(tradeAt(exchange, '106'), 'order.triggered').map(({ orderId }) => orderId)).to.deep.equal([1])
  })

  it('leaves the order its turn among those of the same stop price', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', sellStop({ stopPrice: '93', price: '90' }))
    exchange.place('carol', sellStop({ stopPrice: '95', price: '90' }))
    exchange.run({ type: 'order.amend', ...reference, stopPrice: '95' })
    expect(eventsOf(tradeAt(exchange, '95'), 'order.triggered').map(({ orderId }) => orderId)).to.deep.equal([1, 2])
  })

  const refused: [what: string, code: RejectCode, terms: Partial<OrderAmend>, order: Order][] = [
    ['that the last trade meets', 'stop_would_trigger', { stopPrice: '101' }, sellStop()],
    ['of nothing', 'price_not_positive', { stopPrice: '0' }, sellStop()],
    ['off the tick', 'price_not_multiple_of_tick_size', { stopPrice: '95.01' }, sellStop()],
    ['above the highest', 'price_out_of_bounds', { stopPrice: '100000.02' }, sellStop()],
    ['that is the present one', 'order_changed_nothing', { stopPrice: '95' }, sellStop()],
    ['of an order that trails', 'invalid_combination', { stopPrice: '90' }, { side: 'sell', orderType: 'trailing-stop', trailingBps: 100, timeInForce: 'ioc', quantity: '1' }],
    ['of an order that waits for nothing', 'invalid_combination', { stopPrice: '90' }, { side: 'sell', price: '120' }],
    ['and a limit that cannot be paid', 'insufficient_balance', { stopPrice: '110', price: '99999' }, stop({ side: 'buy', price: '110', stopPrice: '105', quantity: '20' })],
  ]
  for (const [what, code, terms, order] of refused) {
    it(`${what} is refused: ${code}`, () => {
      const exchange = new SmallExchange({ rules: { tickSize: '0.02' } })
      tradeAt(exchange, '100')
      const [accepted] = eventsOf(exchange.place('alice', order), 'order.accepted')
      expect(exchange.refusal({ type: 'order.amend', account: 'alice', market: 'BTC-USD', orderId: accepted!.orderId, ...terms })).to.equal(code)
    })
  }

  it('comes too late once the order was triggered', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', sellStop({ price: '95' }))
    tradeAt(exchange, '95')
    expect(exchange.refusal({ type: 'order.amend', ...reference, stopPrice: '94' })).to.equal('invalid_combination')
  })

  it('comes by replacing the waiting order, in one command', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', sellStop({ clientOrderId: 'exit' }))
    const order = { side: 'sell', orderType: 'stop-limit', price: '90', stopPrice: '94', quantity: '1', clientOrderId: 'exit' } as const
    const events = exchange.run({ type: 'order.cancel-replace', account: 'alice', market: 'BTC-USD', clientOrderId: 'exit', order })
    expect(story(events)).to.deep.equal(['cancelled 1', 'accepted 2'])
    expect(exchange.engine.openOrders(ALICE).map(({ status, terms }) => [status, terms!.stopPrice])).to.deep.equal([['waiting', 9400n]])
    expect(held(exchange, ALICE, BTC)).to.equal(100_000_000n)
  })
})
