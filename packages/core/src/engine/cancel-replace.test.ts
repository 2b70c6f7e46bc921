import { expect } from 'chai'
import { FrameBuffer, REPLACE_MODE, REPLACED_CLIENT_ORDER_ID, encodeCommand, decodeEvents, type Command, type OrderCancelReplace, type RejectCode } from '@bourse/core'
import { ALICE, BTC, eventsOf, RULES, SmallExchange, USD, type Order } from '../../test/small-exchange.js'

type NewOrder = OrderCancelReplace['order']
const bid = (order: Partial<NewOrder> = {}): NewOrder => ({ side: 'buy', orderType: 'limit', price: '99', quantity: '1', ...order })
const replace = (order: NewOrder, more: Partial<OrderCancelReplace> = {}): OrderCancelReplace => ({
  type: 'order.cancel-replace',
  account: 'alice',
  market: 'BTC-USD',
  ...(more.clientOrderId === undefined ? { orderId: 1 } : {}),
  ...more,
  order,
})

/** Alice's order 1 buys 1 at 100 unless the order says otherwise. */
function withOrder(order: Partial<Order> = {}, rules = {}): SmallExchange {
  const exchange = new SmallExchange({ rules })
  exchange.place('alice', { side: 'buy', ...order })
  return exchange
}

describe('Cancel-replace', () => {
  it('cancels the old order and places the new one, in this order', () => {
    const exchange = withOrder()
    const events = exchange.run(replace(bid({ quantity: '2' })))
    expect(SmallExchange.types(events)).to.deep.equal(['order.cancelled', 'order.accepted', 'order.rested'])
    expect(events[0]).to.deep.include({ orderId: 1, reason: 'replaced', rested: true, cancelledQuantity: 1000n, released: 100_000_000n })
    expect(events[1]).to.deep.include({ orderId: 2, price: 9900n, quantity: 2000n, held: 198_000_000n })
    expect(exchange.engine.openOrders(ALICE).map(({ orderId }) => orderId)).to.deep.equal([2])
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(198_000_000n)
  })

  it('finds the old order by its name as well, and gives the name to the new one', () => {
    const exchange = withOrder({ clientOrderId: 'mine' })
    exchange.run(replace(bid({ clientOrderId: 'mine' }), { clientOrderId: 'mine' }))
    expect(exchange.engine.orderByClientOrderId(ALICE, 'mine')).to.include({ orderId: 2, price: 9900n })
  })

  it('lets the new order take the number as its name that was the name of the old one', () => {
    const exchange = withOrder()
    exchange.run(replace(bid({ clientOrderId: '1' })))
    expect(exchange.engine.orderByClientOrderId(ALICE, '1')).to.include({ orderId: 2 })
  })

  it('pays the new order with the money of the old one', () => {
    const exchange = withOrder({ quantity: '1000', price: '1000' })
    expect(exchange.engine.balance(ALICE, USD).available).to.equal(0n)
    exchange.run(replace(bid({ quantity: '500', price: '2000' })))
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 0n, held: 1_000_000_000_000n })
    expect(exchange.refusal(replace(bid({ quantity: '500', price: '2000.01' }), { orderId: 2 }))).to.equal('insufficient_balance')
  })

  it('pays the fees of the new order with what the old one held for fees', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'fees.set-rate', feeAsset: 'USD', asset: 'USD', feeAssetAmount: '1', assetAmount: '1', discount: '0' })
    exchange.run({ type: 'account.update', account: 'alice', feeAsset: 'USD' })
    exchange.place('alice', { side: 'buy', quantity: '1', price: '1000' })
    const { available, held } = exchange.engine.balance(ALICE, USD)
    expect(held).to.equal(1_002_000_000n)
    exchange.run({ type: 'ledger.hold', holdId: 'rest', account: 'alice', asset: 'USD', amount: (Number(available) / 1_000_000).toFixed(6) })
    const events = exchange.run(replace(bid({ quantity: '2', price: '500' })))
    expect(SmallExchange.types(events)).to.deep.equal(['order.cancelled', 'order.fee-held', 'order.fee-held', 'order.accepted', 'order.rested'])
    expect(exchange.refusal(replace(bid({ quantity: '2', price: '500.01' }), { orderId: 2 }))).to.equal('insufficient_balance')
  })

  it('does not pay a sell with the money of a buy', () => {
    const exchange = withOrder()
    exchange.place('alice', { side: 'sell', price: '200', quantity: '100' })
    expect(exchange.refusal(replace({ ...bid(), side: 'sell', price: '150' }))).to.equal('insufficient_balance')
  })

  it('gives the new order the place of the old one among the open orders', () => {
    const exchange = withOrder({}, { maxOpenOrders: 1 })
    exchange.run(replace(bid()))
    expect(exchange.refusal(exchange.order('alice', { side: 'buy' }))).to.equal('too_many_open_orders')
  })

  it('does not let the old order stand in the way of the new one', () => {
    for (const [order, types] of [
      [{ side: 'sell', postOnly: true, price: '100' }, ['order.cancelled', 'order.accepted', 'order.rested']],
      [{ side: 'sell', price: '90' }, ['order.cancelled', 'order.accepted', 'order.rested']],
    ] as const) expect(SmallExchange.types(withOrder().run(replace(bid(order))))).to.deep.equal(types)
    expect(withOrder().refusal(replace({ side: 'sell', orderType: 'market', quantity: '1' }))).to.equal('no_liquidity')
  })

  it('lets the new order trade, with what stands behind the old one too', () => {
    const exchange = withOrder()
    exchange.place('bob', { side: 'buy', price: '99' })
    const events = exchange.run(replace({ side: 'sell', orderType: 'market', quantity: '0.4' }))
    expect(SmallExchange.types(events)).to.deep.equal(['order.cancelled', 'order.accepted', 'trade.executed'])
    expect(eventsOf(events, 'trade.executed')[0]).to.include({ price: 9900n, quantity: 400n })
  })

  it('does not count what the old order filled', () => {
    const exchange = withOrder()
    exchange.place('bob', { side: 'sell', quantity: '0.4' })
    exchange.run(replace(bid()))
    expect(exchange.engine.order(3)).to.include({ quantity: 1000n, filledQuantity: 0n, leavesQuantity: 1000n })
  })

  it('places orders with a date, and ends the date of the old one', () => {
    const exchange = withOrder({ expiresAt: 5000 })
    exchange.run(replace(bid({ expiresAt: 7000 })))
    expect(exchange.engine.nextDeadlineUs).to.equal(7_000_000)
    exchange.run(replace(bid(), { orderId: 2 }))
    expect(exchange.engine.nextDeadlineUs).to.equal(Infinity)
  })

  it('replaces an order that waits for its price, by another one that waits too', () => {
    const exchange = new SmallExchange({ limits: { trailingStopsPerMarket: 1 } })
    const stop = { side: 'sell', orderType: 'trailing-stop', quantity: '1', trailingOffset: '5' } as const
    exchange.place('alice', stop)
    expect(exchange.refusal({ type: 'order.place', account: 'alice', market: 'BTC-USD', ...stop })).to.equal('too_many_trailing_stops')
    const [cancelled] = exchange.run(replace({ ...stop, trailingOffset: '4' }))
    expect(cancelled).to.deep.include({ orderId: 1, reason: 'replaced', rested: false })
    expect(exchange.engine.order(2)!.terms).to.include({ trailingOffset: 400n })
    expect(exchange.refusal(replace({ ...stop, quantity: '0' }, { orderId: 2 }))).to.equal('quantity_not_positive')
    expect(exchange.engine.balance(ALICE, BTC).held).to.equal(100_000_000n)
  })

  it('with an idempotent new order happens once, and tells it when it comes again', () => {
    const exchange = withOrder()
    const command = replace(bid({ clientOrderId: 'new', idempotent: true }))
    exchange.run(command)
    const again = exchange.run(command)
    expect(again).to.have.length(1)
    expect(again[0]).to.include({ type: 'command.repeated', command: 'order.cancel-replace', orderId: 2 })
    expect(exchange.refusal(replace(bid({ clientOrderId: 'new', idempotent: true, quantity: '2' })))).to.equal('duplicate_request')
    expect(exchange.engine.openOrders(ALICE)).to.have.length(1)
  })
})

describe('An atomic cancel-replace that is refused', () => {
  const stateOf = ({ engine }: SmallExchange) => engine.snapshot().slice(1).map((part) => Buffer.from(part).toString('hex'))

  for (const [place, accounts] of Object.entries({ first: ['alice', 'bob', 'carol'], 'in the middle': ['bob', 'alice', 'carol'], last: ['bob', 'carol', 'alice'], alone: ['alice'] })) {
    it(`leaves the old order with its priority, ${place} in its level`, () => {
      const exchange = new SmallExchange()
      for (const account of accounts) exchange.place(account, { side: 'buy', clientOrderId: 'mine' })
      const before = stateOf(exchange)
      expect(exchange.refusal(replace(bid({ quantity: '0' }), { clientOrderId: 'mine' }))).to.equal('quantity_not_positive')
      expect(stateOf(exchange)).to.deep.equal(before)
      exchange.run({ type: 'account.open', account: 'dora', kind: 'user' })
      exchange.run({ type: 'ledger.transfer', requestId: 'dora', from: 'world', to: 'dora', asset: 'BTC', amount: '10' })
      const trades = eventsOf(exchange.place('dora', { side: 'sell', quantity: String(accounts.length) }), 'trade.executed')
      expect(trades.map(({ maker }) => exchange.engine.catalog.accountName(maker.account))).to.deep.equal(accounts)
    })
  }

  const rows: [what: string, code: RejectCode, command: OrderCancelReplace, before?: Command[]][] = [
    ['nothing to cancel', 'unknown_order', replace(bid(), { orderId: 9 })],
    ['an order of somebody else', 'unknown_order', replace(bid(), { account: 'bob' })],
    ['an unknown market', 'unknown_market', replace(bid(), { market: 'ETH-USD' })],
    ['an unknown account', 'unknown_account', replace(bid(), { account: 'dora' })],
    ['two names for the old order', 'invalid_combination', { ...replace(bid()), clientOrderId: 'mine' }],
    ['a mode that is none', 'malformed_frame', { ...replace(bid()), mode: JSON.parse('"later"') as 'atomic' }],
    ['a price off the tick', 'price_not_multiple_of_tick_size', replace(bid({ price: '99.001' }))],
    ['a new order that would trade, post-only', 'would_take_liquidity', replace(bid({ price: '101', postOnly: true })), [{ ...new SmallExchange().order('bob', { side: 'sell', price: '101' }) }]],
    ['a name that another order has', 'duplicate_client_order_id', replace(bid({ clientOrderId: 'other' })), [new SmallExchange().order('alice', { side: 'buy', clientOrderId: 'other' })]],
    ['a halted market', 'market_not_open', replace(bid()), [{ ...RULES, type: 'market.update', market: 'BTC-USD', state: 'halted' }]],
    ['an expiry that has come', 'expiry_not_in_future', replace(bid({ expiresAt: 1000 }))],
    ['an unknown kind of terms', 'invalid_combination', replace(bid({ timeInForce: 'gtd' }))],
  ]
  for (const [what, code, command, earlier] of rows) {
    it(`is told ${code} for ${what}`, () => {
      const exchange = withOrder()
      for (const one of earlier ?? []) exchange.run(one)
      const before = stateOf(exchange)
      expect(exchange.refusal(command)).to.equal(code)
      expect(stateOf(exchange)).to.deep.equal(before)
    })
  }

  it('is told invalid_combination for an order that is linked to another one, and both stay', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'order.place-oco', account: 'alice', market: 'BTC-USD', side: 'sell', quantity: '2', takeProfit: { orderType: 'limit', price: '110' }, stopLoss: { orderType: 'stop-limit', price: '90', stopPrice: '95' } })
    for (const mode of ['atomic', 'stop_on_failure', 'allow_failure'] as const) {
      for (const orderId of [1, 2]) expect(exchange.refusal(replace(bid(), { orderId, mode }))).to.equal('invalid_combination')
    }
    expect(exchange.engine.openOrders(ALICE)).to.have.length(2)
  })

  it('is told what is wrong with the bytes of the old order’s name and of the mode', () => {
    for (const [at, byte, code] of [[REPLACE_MODE, 3, 'malformed_frame'], [REPLACE_MODE + 1, 1, 'malformed_frame'], [REPLACED_CLIENT_ORDER_ID, 7, 'malformed_text']] as const) {
      const { engine } = withOrder()
      const commands = new FrameBuffer()
      const events = new FrameBuffer()
      encodeCommand(replace(bid()), engine.catalog, commands)
      commands.u8[at] = byte
      commands.stamp(0, engine.sequence + 1, engine.timestampUs)
      engine.apply(commands, 0, events)
      expect(decodeEvents(events)[0]).to.include({ type: 'command.rejected', code, command: 'order.cancel-replace' })
    }
  })
})

describe('A cancel-replace in steps', () => {
  it('with stop_on_failure cancels though the new order is refused', () => {
    const exchange = withOrder()
    const events = exchange.run(replace(bid({ price: '0', clientOrderId: 'new' }), { mode: 'stop_on_failure' }))
    expect(SmallExchange.types(events)).to.deep.equal(['order.cancelled', 'step.rejected'])
    expect(events[1]).to.deep.include({ step: 'place', code: 'price_not_positive', account: ALICE, market: 0, clientOrderId: 'new' })
    expect(exchange.engine.openOrders(ALICE)).to.deep.equal([])
  })

  it('with stop_on_failure does nothing where there is nothing to cancel', () => {
    expect(withOrder().refusal(replace(bid(), { orderId: 9, mode: 'stop_on_failure' }))).to.equal('unknown_order')
  })

  it('with allow_failure places though there is nothing to cancel', () => {
    const exchange = withOrder()
    const events = exchange.run(replace(bid(), { clientOrderId: 'gone', mode: 'allow_failure' }))
    expect(SmallExchange.types(events)).to.deep.equal(['step.rejected', 'order.accepted', 'order.rested'])
    expect(events[0]).to.deep.include({ step: 'cancel', code: 'unknown_order', clientOrderId: 'gone' })
    expect(exchange.engine.openOrders(ALICE)).to.have.length(2)
  })

  it('with allow_failure cancels though the new order is refused, and is refused where both steps are', () => {
    expect(SmallExchange.types(withOrder().run(replace(bid({ quantity: '0' }), { mode: 'allow_failure' })))).to.deep.equal(['order.cancelled', 'step.rejected'])
    expect(withOrder().refusal(replace(bid({ quantity: '0' }), { orderId: 9, mode: 'allow_failure' }))).to.equal('quantity_not_positive')
  })

  it('cancels in a market that takes cancels only', () => {
    const exchange = withOrder()
    exchange.run({ ...RULES, type: 'market.update', market: 'BTC-USD', state: 'cancel-only' })
    expect(SmallExchange.types(exchange.run(replace(bid(), { mode: 'stop_on_failure' })))).to.deep.equal(['order.cancelled', 'step.rejected'])
  })

  it('leaves the old order where the command itself is not understood', () => {
    const exchange = withOrder()
    exchange.place('alice', { side: 'buy', clientOrderId: 'once', idempotent: true })
    expect(exchange.refusal(replace(bid({ clientOrderId: 'once', idempotent: true }), { mode: 'allow_failure' }))).to.equal('duplicate_request')
    expect(exchange.engine.openOrders(ALICE)).to.have.length(2)
  })

  it('frees money for the new order as atomically as in one step', () => {
    const exchange = withOrder({ side: 'sell', quantity: '100', price: '200' })
    exchange.run(replace({ ...bid(), side: 'sell', quantity: '100', price: '190' }, { mode: 'stop_on_failure' }))
    expect(exchange.engine.balance(ALICE, BTC)).to.deep.equal({ available: 0n, held: 10_000_000_000n })
  })
})
