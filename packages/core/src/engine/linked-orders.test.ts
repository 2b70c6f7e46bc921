import { expect } from 'chai'
import { restoreEngine, type Event, type OrderPlaceOco, type RejectCode } from '@bourse/core'
import { ALICE, BTC, eventsOf, RULES, SmallExchange, USD } from '../../test/small-exchange.js'

/** Sells 2 BTC at 110, or at 90 or better when the price falls to 95. */
const exits = (terms: Partial<OrderPlaceOco> = {}): OrderPlaceOco => ({
  type: 'order.place-oco',
  account: 'alice',
  market: 'BTC-USD',
  side: 'sell',
  quantity: '2',
  takeProfit: { orderType: 'limit', price: '110' },
  stopLoss: { orderType: 'stop-limit', price: '90', stopPrice: '95' },
  ...terms,
})
/** Buys 2 BTC at 90, or up to 112 when the price rises to 105. */
const buyExits = (terms: Partial<OrderPlaceOco> = {}): OrderPlaceOco =>
  exits({ side: 'buy', takeProfit: { orderType: 'limit', price: '90' }, stopLoss: { orderType: 'stop-market', price: '112', stopPrice: '105' }, ...terms })
const story = (events: readonly Event[]) =>
  events.map((event) => (event.type === 'trade.executed' ? `trade ${event.taker.orderId}/${event.maker.orderId}` : 'orderId' in event ? `${event.type.slice(6)} ${event.orderId}` : event.type))
const money = (exchange: SmallExchange, asset: number) => exchange.engine.balance(ALICE, asset)

function tradeAt(exchange: SmallExchange, price: string): readonly Event[] {
  exchange.place('carol', { side: 'sell', price, quantity: '0.001' })
  return exchange.place('bob', { side: 'buy', price, quantity: '0.001' })
}

describe('Two exits of one quantity', () => {
  it('are two live orders that name each other; the first one holds for both', () => {
    const exchange = new SmallExchange()
    const events = exchange.run(exits())
    expect(story(events)).to.deep.equal(['accepted 1', 'accepted 2', 'rested 1'])
    expect(eventsOf(events, 'order.accepted').map(({ held, terms }) => [held, terms!.siblingOrderId])).to.deep.equal([[200_000_000n, 2], [0n, 1]])
    expect(exchange.engine.openOrders(ALICE).map(({ status, postOnly }) => [status, postOnly])).to.deep.equal([['resting', true], ['waiting', false]])
    expect(money(exchange, BTC).held).to.equal(200_000_000n)
  })

  it('hold what the dearer of two buys needs', () => {
    const exchange = new SmallExchange()
    exchange.run(buyExits())
    expect(money(exchange, USD).held).to.equal(224_000_000n)
    expect(exchange.engine.order(1)!.price).to.equal(9000n)
  })

  it('part at the first fill, a partial one too: the other one goes in the same command, right after the trade', () => {
    const exchange = new SmallExchange()
    exchange.run(buyExits())
    const events = exchange.place('bob', { side: 'sell', price: '90', quantity: '0.5' })
    expect(story(events)).to.deep.equal(['accepted 3', 'trade 3/1', 'cancelled 2'])
    // Of 224 for both, 45 were spent and 135 are needed for the 1.5 that are left at 90.
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'linked_order', rested: false, cancelledQuantity: 2000n, released: 44_000_000n })
    expect(money(exchange, USD)).to.deep.equal({ available: 1_000_000_000_000n - 45_000_000n - 135_000_000n, held: 135_000_000n })
    expect(exchange.engine.order(1)!.terms!.siblingOrderId).to.equal(0)
  })

  it('part at a fill in full, and nothing is left held', () => {
    const exchange = new SmallExchange()
    exchange.run(buyExits())
    exchange.place('bob', { side: 'sell', price: '90', quantity: '3' })
    expect(exchange.engine.openOrders(ALICE)).to.deep.equal([])
    expect(money(exchange, USD)).to.deep.equal({ available: 1_000_000_000_000n - 180_000_000n, held: 0n })
  })

  it('part when one is triggered, before it trades: it takes over the hold that it needs', () => {
    const exchange = new SmallExchange()
    exchange.run(exits())
    exchange.place('bob', { side: 'buy', price: '92', quantity: '0.5' })
    const events = tradeAt(exchange, '95')
    expect(story(events)).to.deep.equal(['accepted 5', 'trade 5/4', 'triggered 2', 'cancelled 1', 'trade 2/3', 'rested 2'])
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'linked_order', rested: true, cancelledQuantity: 2000n, released: 0n })
    expect(money(exchange, BTC).held).to.equal(150_000_000n)
    expect(exchange.engine.depth(0, 5).asks).to.deep.equal([[9000n, 1500n]])
  })

  it('give back what the cheaper exit does not need when it is the one that is triggered', () => {
    const exchange = new SmallExchange()
    exchange.run(buyExits({ takeProfit: { orderType: 'take-profit-limit', price: '91', stopPrice: '90' } }))
    const events = tradeAt(exchange, '90')
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ orderId: 2, released: 42_000_000n })
    expect(money(exchange, USD).held).to.equal(182_000_000n)
  })

  it('go together when one is cancelled by its owner, by new rules, or to prevent a self-trade', () => {
    for (const [id, other] of [[1, 2], [2, 1]]) {
      const exchange = new SmallExchange()
      exchange.run(exits())
      const events = eventsOf(exchange.run({ type: 'order.cancel', account: 'alice', market: 'BTC-USD', orderId: id! }), 'order.cancelled')
      expect(events.map(({ orderId, reason }) => [orderId, reason])).to.deep.equal([[id, 'requested'], [other, 'linked_order']])
      expect(events.reduce((sum, { released }) => sum + released, 0n)).to.equal(200_000_000n)
    }
    const rules = new SmallExchange()
    rules.run(exits({ takeProfit: { orderType: 'take-profit-limit', price: '110.01', stopPrice: '109' } }))
    expect(eventsOf(rules.run({ ...RULES, type: 'market.update', market: 'BTC-USD', tickSize: '0.02' }), 'order.cancelled').map(({ reason }) => reason)).to.deep.equal(['rule_changed', 'linked_order'])
    const own = new SmallExchange()
    own.run(exits())
    expect(story(own.place('alice', { side: 'buy', price: '110', selfTradePrevention: 'cancel-maker' }))).to.deep.equal(['accepted 3', 'cancelled 1', 'cancelled 2', 'rested 3'])
  })

  it('all go with a cancel of everything, a bounded number in each command', () => {
    const exchange = new SmallExchange({ limits: { cancelsPerCommand: 1 } })
    for (let i = 0; i < 3; i++) exchange.run(exits({ quantity: '1' }))
    const before = exchange.engine.sequence
    const gone = eventsOf(exchange.run({ type: 'order.cancel-all', account: 'alice' }), 'order.cancelled')
    expect(gone.map(({ orderId, sequence }) => [orderId, sequence - before])).to.deep.equal([[1, 1], [2, 1], [3, 2], [4, 2], [5, 3], [6, 3]])
    expect(money(exchange, BTC).held).to.equal(0n)
  })

  it('are reduced together, by their owner or by a decrement, and cannot be amended', () => {
    const exchange = new SmallExchange()
    exchange.run(buyExits())
    const reference = { account: 'alice', market: 'BTC-USD', orderId: 2 } as const
    const reduced = eventsOf(exchange.run({ type: 'order.reduce', ...reference, leavesQuantity: '1.5' }), 'order.reduced')
    expect(reduced.map(({ orderId, rested, leavesQuantity, released }) => [orderId, rested, leavesQuantity, released])).to.deep.equal([[2, false, 1500n, 0n], [1, true, 1500n, 56_000_000n]])
    expect(exchange.engine.depth(0, 5).bids).to.deep.equal([[9000n, 1500n]])
    exchange.place('alice', { side: 'sell', price: '90', quantity: '0.5', selfTradePrevention: 'decrement' })
    expect(exchange.engine.openOrders(ALICE).map(({ leavesQuantity }) => leavesQuantity)).to.deep.equal([1000n, 1000n])
    expect(money(exchange, USD).held).to.equal(112_000_000n)
    expect(exchange.refusal({ type: 'order.amend', ...reference, quantity: '3' })).to.equal('invalid_combination')
  })

  it('cannot be replaced', () => {
    const exchange = new SmallExchange()
    exchange.run(exits())
    const order = { side: 'sell', orderType: 'limit', price: '120', quantity: '2' } as const
    expect(exchange.refusal({ type: 'order.cancel-replace', account: 'alice', market: 'BTC-USD', orderId: 2, order })).to.equal('invalid_combination')
    expect(exchange.engine.openOrders(ALICE).map(({ terms }) => terms!.siblingOrderId)).to.deep.equal([2, 1])
  })

  it('survive a snapshot as a pair', () => {
    const exchange = new SmallExchange()
    exchange.run(buyExits())
    const restored = restoreEngine(exchange.engine.snapshot())
    restored.checkInvariants()
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
    expect(restored.openOrders(ALICE)).to.deep.equal(exchange.engine.openOrders(ALICE))
  })

  it('come once where they are idempotent', () => {
    const exchange = new SmallExchange()
    const oco = exits({ idempotent: true, takeProfit: { orderType: 'limit', price: '110', clientOrderId: 'p' }, stopLoss: { orderType: 'stop-limit', price: '90', stopPrice: '95', clientOrderId: 's' } })
    exchange.run(oco)
    expect(eventsOf(exchange.run(oco), 'command.repeated')[0]).to.include({ command: 'order.place-oco', orderId: 1 })
    expect(exchange.refusal({ ...oco, quantity: '3' })).to.equal('duplicate_request')
  })
})

describe('Two exits are refused', () => {
  const limit = { orderType: 'limit', price: '110' } as const
  const stop = { orderType: 'stop-limit', price: '90', stopPrice: '95' } as const
  const rows: [what: string, code: RejectCode, terms: Partial<OrderPlaceOco>][] = [
    ['where the stop-loss leg is no stop', 'invalid_combination', { stopLoss: limit }],
    ['where the take-profit leg is a stop', 'invalid_combination', { takeProfit: { ...stop, stopPrice: '110' } }],
    ['where the profit is not beyond the stop', 'invalid_combination', { takeProfit: { orderType: 'limit', price: '95' } }],
    ['where the limit leg shall not rest', 'invalid_combination', { takeProfit: { ...limit, timeInForce: 'ioc' } }],
    ['where a leg has a deadline', 'invalid_combination', { stopLoss: { ...stop, timeInForce: 'gtd' } }],
    ['where only one leg has a name', 'invalid_combination', { takeProfit: { ...limit, clientOrderId: 'a' } }],
    ['where both legs have one name', 'duplicate_client_order_id', { takeProfit: { ...limit, clientOrderId: 'a' }, stopLoss: { ...stop, clientOrderId: 'a' } }],
    ['where a name is in use', 'duplicate_client_order_id', { takeProfit: { ...limit, clientOrderId: 'used' }, stopLoss: { ...stop, clientOrderId: 'b' } }],
    ['where the limit leg would trade', 'would_take_liquidity', { takeProfit: { orderType: 'limit', price: '99' }, stopLoss: stop }],
    ['where the stop is met already', 'stop_would_trigger', { stopLoss: { ...stop, stopPrice: '100' } }],
    ['where the take-profit is met already', 'stop_would_trigger', { takeProfit: { orderType: 'take-profit', stopPrice: '100' } }],
    ['where a price is off the tick', 'price_not_multiple_of_tick_size', { stopLoss: { ...stop, stopPrice: '95.001' } }],
    ['where the quantity is off the lot', 'quantity_not_multiple_of_lot_size', { quantity: '1.0001' }],
    ['beyond the balance', 'insufficient_balance', { quantity: '100.001' }],
    ['beyond the balance at the cap of a buy', 'insufficient_balance', buyExits({ takeProfit: { orderType: 'limit', price: '90' }, stopLoss: { orderType: 'stop-market', price: '100000', stopPrice: '105' }, quantity: '11' })],
    ['without a name where they are idempotent', 'malformed_text', { idempotent: true }],
  ]
  for (const [what, code, terms] of rows) {
    it(`${what}: ${code}`, () => {
      const exchange = new SmallExchange()
      tradeAt(exchange, '100')
      exchange.place('alice', { side: 'buy', price: '1', clientOrderId: 'used' })
      exchange.place('bob', { side: 'buy', price: '99' })
      expect(exchange.refusal(exits(terms))).to.equal(code)
    })
  }

  it('where only one more order may live: too_many_open_orders', () => {
    const exchange = new SmallExchange({ rules: { maxOpenOrders: 2 } })
    exchange.place('alice', { side: 'buy', price: '1' })
    expect(exchange.refusal(exits())).to.equal('too_many_open_orders')
  })
})
