import { expect } from 'chai'
import { restoreEngine, type Event, type OrderPlaceBracket, type RejectCode } from '@bourse/core'
import { ALICE, BTC, eventsOf, RULES, SmallExchange, USD } from '../../test/small-exchange.js'

/** Buys 1 BTC at 100; sells it at 110, or at 90 or better when the price falls to 95. */
const bracket = (terms: Partial<OrderPlaceBracket> = {}): OrderPlaceBracket => ({
  type: 'order.place-bracket',
  account: 'alice',
  market: 'BTC-USD',
  side: 'buy',
  orderType: 'limit',
  price: '100',
  quantity: '1',
  takeProfit: { orderType: 'limit', price: '110' },
  stopLoss: { orderType: 'stop-limit', price: '90', stopPrice: '95' },
  ...terms,
})
const story = (events: readonly Event[]) =>
  events.map((event) => (event.type === 'trade.executed' ? `trade ${event.taker.orderId}/${event.maker.orderId}` : 'orderId' in event ? `${event.type.slice(6)} ${event.orderId}` : event.type))
const leaves = (exchange: SmallExchange) => exchange.engine.openOrders(ALICE).map(({ orderId, leavesQuantity, status }) => [orderId, leavesQuantity, status])
/** Without fees all that is bought can be sold; a lot is 0.001 BTC. */
const free = { rules: { makerFee: '0', takerFee: '0' } }

describe('A bracket', () => {
  it('is its entry until something is bought, then the entry and two linked exits of that much', () => {
    const exchange = new SmallExchange(free)
    expect(story(exchange.run(bracket()))).to.deep.equal(['accepted 1', 'rested 1'])
    const events = exchange.place('bob', { side: 'sell', price: '100', quantity: '0.4' })
    expect(story(events)).to.deep.equal(['accepted 2', 'trade 2/1', 'accepted 3', 'accepted 4', 'rested 3'])
    expect(leaves(exchange)).to.deep.equal([[1, 600n, 'resting'], [3, 400n, 'resting'], [4, 400n, 'waiting']])
    expect(exchange.engine.order(3)!.terms!.siblingOrderId).to.equal(4)
    expect(exchange.engine.balance(ALICE, BTC)).to.deep.equal({ available: 10_000_000_000n, held: 40_000_000n })
  })

  it('ends once when new rules of the market cancel an exit that stands before its entry', () => {
    const exchange = new SmallExchange(free)
    exchange.run(bracket({ side: 'sell', takeProfit: { orderType: 'limit', price: '90' }, stopLoss: { orderType: 'stop-limit', price: '110', stopPrice: '105' } }))
    exchange.place('bob', { side: 'buy', price: '100', quantity: '0.4' })
    expect(leaves(exchange)).to.deep.equal([[1, 600n, 'resting'], [3, 400n, 'resting'], [4, 400n, 'waiting']])
    const events = exchange.run({ ...RULES, ...free.rules, type: 'market.update', market: 'BTC-USD', state: 'delisted' })
    expect(story(events)).to.deep.equal(['market.updated', 'market.state-changed', 'cancelled 3', 'cancelled 1', 'cancelled 4'])
    expect(exchange.engine.balance(ALICE, BTC).held).to.equal(0n)
  })

  it('gives both exits more with every fill, and leaves them as a pair when the entry is filled', () => {
    const exchange = new SmallExchange(free)
    exchange.run(bracket())
    exchange.place('bob', { side: 'sell', price: '100', quantity: '0.4' })
    const events = exchange.place('bob', { side: 'sell', price: '100', quantity: '0.6' })
    expect(story(events)).to.deep.equal(['accepted 5', 'trade 5/1', 'amended 3', 'rested 3', 'amended 4'])
    expect(eventsOf(events, 'order.amended').map(({ oldLeavesQuantity, leavesQuantity, heldChange, rested }) => [oldLeavesQuantity, leavesQuantity, heldChange, rested])).to.deep.equal([
      [400n, 1000n, 60_000_000n, true],
      [400n, 1000n, 0n, false],
    ])
    expect(story(exchange.place('carol', { side: 'buy', price: '110', quantity: '1' }))).to.deep.equal(['accepted 6', 'trade 6/3', 'cancelled 4'])
    expect(leaves(exchange)).to.deep.equal([])
  })

  it('sells what was received after fees, in whole lots: of 1 BTC less 0.1 % as a maker 0.999', () => {
    const exchange = new SmallExchange()
    exchange.run(bracket())
    exchange.place('bob', { side: 'sell', price: '100', quantity: '1' })
    expect(leaves(exchange).map(([, quantity]) => quantity)).to.deep.equal([999n, 999n])
    const small = new SmallExchange()
    small.run(bracket())
    // 0.001 less its fee is no whole lot; 0.003 less 0.000003 are two.
    small.place('bob', { side: 'sell', price: '100', quantity: '0.001' })
    expect(leaves(small)).to.have.length(1)
    small.place('bob', { side: 'sell', price: '100', quantity: '0.002' })
    expect(leaves(small).map(([, quantity]) => quantity)).to.deep.equal([997n, 2n, 2n])
  })

  it('waits for the last fill where its exits shall start complete', () => {
    const exchange = new SmallExchange(free)
    exchange.run(bracket({ mode: 'complete' }))
    exchange.place('bob', { side: 'sell', price: '100', quantity: '0.4' })
    expect(leaves(exchange)).to.have.length(1)
    expect(story(exchange.place('bob', { side: 'sell', price: '100', quantity: '0.6' }))).to.deep.equal(['accepted 3', 'trade 3/1', 'accepted 4', 'accepted 5', 'rested 4'])
    expect(leaves(exchange).map(([, quantity]) => quantity)).to.deep.equal([1000n, 1000n])
  })

  it('starts no exits where a complete entry is cancelled before that', () => {
    const exchange = new SmallExchange(free)
    exchange.run(bracket({ mode: 'complete' }))
    exchange.place('bob', { side: 'sell', price: '100', quantity: '0.4' })
    expect(story(exchange.run({ type: 'order.cancel', account: 'alice', market: 'BTC-USD', orderId: 1 }))).to.deep.equal(['cancelled 1'])
    expect(leaves(exchange)).to.deep.equal([])
  })

  it('takes the rest of the entry back when an exit trades, is triggered or is cancelled', () => {
    const filled = new SmallExchange(free)
    filled.run(bracket())
    filled.place('bob', { side: 'sell', price: '100', quantity: '0.4' })
    const events = filled.place('carol', { side: 'buy', price: '110', quantity: '0.1' })
    expect(story(events)).to.deep.equal(['accepted 5', 'trade 5/3', 'cancelled 1', 'cancelled 4'])
    expect(eventsOf(events, 'order.cancelled')[0]).to.include({ reason: 'linked_order', rested: true, cancelledQuantity: 600n, released: 60_000_000n })
    expect(filled.engine.balance(ALICE, USD).held).to.equal(0n)
    const cancelled = new SmallExchange(free)
    cancelled.run(bracket())
    cancelled.place('bob', { side: 'sell', price: '100', quantity: '0.4' })
    expect(story(cancelled.run({ type: 'order.cancel', account: 'alice', market: 'BTC-USD', orderId: 4 }))).to.deep.equal(['cancelled 4', 'cancelled 1', 'cancelled 3'])
  })

  it('gives a stop that is met in the command of a fill all that was bought in it', () => {
    const exchange = new SmallExchange(free)
    exchange.run(bracket())
    exchange.place('bob', { side: 'sell', price: '100', quantity: '0.4' })
    exchange.place('carol', { side: 'buy', price: '95', quantity: '0.1' })
    const events = exchange.place('bob', { side: 'sell', price: '95', quantity: '0.7' })
    expect(story(events)).to.deep.equal(['accepted 6', 'trade 6/1', 'trade 6/5', 'amended 3', 'rested 3', 'amended 4', 'triggered 4', 'cancelled 3', 'rested 4'])
    expect(leaves(exchange)).to.deep.equal([[4, 1000n, 'resting']])
  })

  it('lets an exit begin at once where its price is met when it starts', () => {
    const exchange = new SmallExchange(free)
    exchange.place('bob', { side: 'sell', price: '94', quantity: '1' })
    exchange.place('bob', { side: 'buy', price: '92', quantity: '0.3' })
    // The entry would pay 100, but buys at 94, where its stop is met already.
    const events = exchange.run(bracket())
    expect(story(events)).to.deep.equal(['accepted 3', 'trade 3/1', 'accepted 4', 'accepted 5', 'rested 4', 'triggered 5', 'cancelled 4', 'trade 5/2', 'rested 5'])
  })

  it('has a market order as its entry as well', () => {
    const exchange = new SmallExchange(free)
    exchange.place('bob', { side: 'sell', price: '100', quantity: '0.5' })
    const { price: _, ...entry } = bracket({ orderType: 'market', timeInForce: 'ioc', quantity: '0.7' })
    expect(story(exchange.run(entry))).to.deep.equal(['accepted 2', 'trade 2/1', 'cancelled 2', 'accepted 3', 'accepted 4', 'rested 3'])
    expect(leaves(exchange).map(([, quantity]) => quantity)).to.deep.equal([500n, 500n])
  })

  it('goes where new rules forbid the prices of its exits', () => {
    const exchange = new SmallExchange()
    exchange.run(bracket({ takeProfit: { orderType: 'limit', price: '110.01' } }))
    expect(eventsOf(exchange.run({ ...RULES, type: 'market.update', market: 'BTC-USD', tickSize: '0.02' }), 'order.cancelled')[0]).to.include({ orderId: 1, reason: 'rule_changed' })
  })

  it('follows the fills of an auction when it is over', () => {
    const exchange = new SmallExchange(free)
    exchange.run({ ...RULES, ...free.rules, type: 'market.update', market: 'BTC-USD', state: 'pre-open' })
    exchange.run(bracket())
    exchange.place('bob', { side: 'sell', price: '99', quantity: '0.4' })
    const events = exchange.run({ ...RULES, ...free.rules, type: 'market.update', market: 'BTC-USD', state: 'open' })
    expect(story(events).slice(-3)).to.deep.equal(['accepted 3', 'accepted 4', 'rested 3'])
    expect(leaves(exchange).map(([, quantity]) => quantity)).to.deep.equal([600n, 400n, 400n])
  })

  it('survives a snapshot before and after its exits start', () => {
    const exchange = new SmallExchange(free)
    exchange.run(bracket())
    for (let i = 0; i < 2; i++) {
      const restored = restoreEngine(exchange.engine.snapshot())
      restored.checkInvariants()
      expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
      exchange.place('bob', { side: 'sell', price: '100', quantity: '0.4' })
    }
  })
})

/** Sells 1 BTC at 100; buys it back at 90, or at 110 or better when the price rises to 105. */
const shortBracket = (terms: Partial<OrderPlaceBracket> = {}): OrderPlaceBracket =>
  bracket({ side: 'sell', takeProfit: { orderType: 'limit', price: '90' }, stopLoss: { orderType: 'stop-limit', price: '110', stopPrice: '105' }, ...terms })
/** Leaves Alice this much to pay with. */
function leaveUsd(exchange: SmallExchange, amount: number): void {
  exchange.run({ type: 'ledger.transfer', requestId: 'away', from: 'alice', to: 'world', asset: 'USD', amount: String(1_000_000 - amount) })
}
const reasons = (events: readonly Event[]) => eventsOf(events, 'order.cancelled').map(({ orderId, reason }) => [orderId, reason])

describe('A bracket whose entry sells', () => {
  it('buys back what was sold, as it is sold, and holds what the dearer exit needs', () => {
    const exchange = new SmallExchange(free)
    expect(story(exchange.run(shortBracket()))).to.deep.equal(['accepted 1', 'rested 1'])
    expect(story(exchange.place('bob', { side: 'buy', price: '100', quantity: '0.4' }))).to.deep.equal(['accepted 2', 'trade 2/1', 'accepted 3', 'accepted 4', 'rested 3'])
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 1_000_040_000_000n - 44_000_000n, held: 44_000_000n })
    const events = exchange.place('bob', { side: 'buy', price: '100', quantity: '0.6' })
    expect(story(events)).to.deep.equal(['accepted 5', 'trade 5/1', 'amended 3', 'rested 3', 'amended 4'])
    expect(eventsOf(events, 'order.amended').map(({ heldChange }) => heldChange)).to.deep.equal([66_000_000n, 0n])
    expect(leaves(exchange)).to.deep.equal([[3, 1000n, 'resting'], [4, 1000n, 'waiting']])
  })

  it('pays fees out of what it receives, so that it buys back all that it sold', () => {
    const exchange = new SmallExchange()
    exchange.run(shortBracket())
    exchange.place('bob', { side: 'buy', price: '100', quantity: '1' })
    expect(leaves(exchange).map(([, quantity]) => quantity)).to.deep.equal([1000n, 1000n])
  })

  it('gives back what the stop would have needed when the profit is taken, and the other way round', () => {
    const profit = new SmallExchange(free)
    profit.run(shortBracket())
    profit.place('bob', { side: 'buy', price: '100', quantity: '1' })
    expect(story(profit.place('carol', { side: 'sell', price: '90', quantity: '1' }))).to.deep.equal(['accepted 5', 'trade 5/3', 'cancelled 4'])
    expect(profit.engine.balance(ALICE, USD)).to.deep.equal({ available: 1_000_010_000_000n, held: 0n })
    const loss = new SmallExchange(free)
    loss.run(shortBracket())
    loss.place('bob', { side: 'buy', price: '100', quantity: '1' })
    loss.place('carol', { side: 'sell', price: '106', quantity: '1' })
    const events = loss.place('bob', { side: 'buy', price: '106', quantity: '0.2' })
    expect(story(events)).to.deep.equal(['accepted 6', 'trade 6/5', 'triggered 4', 'cancelled 3', 'trade 4/5', 'rested 4'])
    expect(loss.engine.balance(ALICE, USD).held).to.equal(22_000_000n)
  })

  it('takes the rest of the entry back when an exit ends', () => {
    const exchange = new SmallExchange(free)
    exchange.run(shortBracket())
    exchange.place('bob', { side: 'buy', price: '100', quantity: '0.4' })
    expect(reasons(exchange.run({ type: 'order.cancel', account: 'alice', market: 'BTC-USD', orderId: 4 }))).to.deep.equal([[4, 'requested'], [1, 'linked_order'], [3, 'linked_order']])
    expect(exchange.engine.balance(ALICE, BTC).held).to.equal(0n)
  })

  it('starts complete at the last fill, and lets an exit begin that is met then', () => {
    const exchange = new SmallExchange(free)
    exchange.run(shortBracket({ mode: 'complete' }))
    exchange.place('bob', { side: 'buy', price: '100', quantity: '0.4' })
    expect(leaves(exchange)).to.have.length(1)
    expect(story(exchange.place('bob', { side: 'buy', price: '100', quantity: '0.6' }))).to.deep.equal(['accepted 3', 'trade 3/1', 'accepted 4', 'accepted 5', 'rested 4'])
    const again = new SmallExchange(free)
    again.place('bob', { side: 'buy', price: '106', quantity: '1' })
    // The entry would take 100, but sells at 106, where its stop is met already.
    expect(story(again.run(shortBracket({ mode: 'complete' })))).to.deep.equal(['accepted 2', 'trade 2/1', 'accepted 3', 'accepted 4', 'rested 3', 'triggered 4', 'cancelled 3', 'rested 4'])
  })

  it('takes a profit at once that somebody offers when the exits start', () => {
    const exchange = new SmallExchange(free)
    exchange.place('bob', { side: 'buy', price: '100', quantity: '1' })
    exchange.place('carol', { side: 'sell', price: '100.5', quantity: '1' })
    const events = exchange.run(shortBracket({ orderType: 'market', timeInForce: 'ioc', price: '99', takeProfit: { orderType: 'limit', price: '100.5' } }))
    expect(story(events)).to.deep.equal(['accepted 3', 'trade 3/1', 'accepted 4', 'accepted 5', 'triggered 4', 'cancelled 5', 'trade 4/2'])
  })

  it('has exits of as much as the account can pay, and says what was taken off', () => {
    const exchange = new SmallExchange(free)
    leaveUsd(exchange, 4)
    exchange.run(shortBracket())
    // 4 and the proceeds of 40 pay 0.4 at 110.
    exchange.place('bob', { side: 'buy', price: '100', quantity: '0.4' })
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 0n, held: 44_000_000n })
    // The proceeds of 60 pay 0.545.
    const events = exchange.place('bob', { side: 'buy', price: '100', quantity: '0.6' })
    expect(story(events)).to.deep.equal(['accepted 5', 'trade 5/1', 'amended 3', 'rested 3', 'amended 4', 'reduced 3', 'reduced 4'])
    expect(eventsOf(events, 'order.reduced').map(({ reason, reducedQuantity, released }) => [reason, reducedQuantity, released])).to.deep.equal([
      ['insufficient_balance', 55n, 0n],
      ['insufficient_balance', 55n, 0n],
    ])
    expect(leaves(exchange)).to.deep.equal([[3, 945n, 'resting'], [4, 945n, 'waiting']])
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 50_000n, held: 103_950_000n })
  })

  it('starts smaller where less can be paid, and is over with its exits where nothing can', () => {
    const some = new SmallExchange(free)
    leaveUsd(some, 0)
    some.run(shortBracket())
    expect(story(some.place('bob', { side: 'buy', price: '100', quantity: '0.4' }))).to.deep.equal(['accepted 2', 'trade 2/1', 'accepted 3', 'accepted 4', 'rested 3', 'reduced 3', 'reduced 4'])
    expect(leaves(some)).to.deep.equal([[1, 600n, 'resting'], [3, 363n, 'resting'], [4, 363n, 'waiting']])
    const none = new SmallExchange(free)
    leaveUsd(none, 0)
    none.run(shortBracket({ stopLoss: { orderType: 'stop-limit', price: '100000', stopPrice: '105' } }))
    const events = none.place('bob', { side: 'buy', price: '100', quantity: '0.1' })
    expect(story(events)).to.deep.equal(['accepted 2', 'trade 2/1', 'accepted 3', 'accepted 4', 'rested 3', 'cancelled 3', 'cancelled 1', 'cancelled 4'])
    expect(reasons(events)).to.deep.equal([[3, 'insufficient_balance'], [1, 'linked_order'], [4, 'linked_order']])
    expect(none.engine.balance(ALICE, USD)).to.deep.equal({ available: 10_000_000n, held: 0n })
    expect(none.engine.balance(ALICE, BTC).held).to.equal(0n)
  })

  it('survives a snapshot before and after its exits start', () => {
    const exchange = new SmallExchange(free)
    exchange.run(shortBracket())
    for (let i = 0; i < 2; i++) {
      const restored = restoreEngine(exchange.engine.snapshot())
      restored.checkInvariants()
      expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
      exchange.place('bob', { side: 'buy', price: '100', quantity: '0.4' })
    }
  })
})

describe('A bracket that sells what it bought', () => {
  it('says what it cannot sell any more where the account has spent it', () => {
    const exchange = new SmallExchange(free)
    exchange.run(bracket({ mode: 'complete' }))
    exchange.place('bob', { side: 'sell', price: '100', quantity: '0.4' })
    exchange.run({ type: 'ledger.transfer', requestId: 'spent', from: 'alice', to: 'world', asset: 'BTC', amount: '100.1' })
    const events = exchange.place('bob', { side: 'sell', price: '100', quantity: '0.6' })
    expect(story(events)).to.deep.equal(['accepted 3', 'trade 3/1', 'accepted 4', 'accepted 5', 'rested 4', 'reduced 4', 'reduced 5'])
    expect(leaves(exchange)).to.deep.equal([[4, 900n, 'resting'], [5, 900n, 'waiting']])
  })
})

describe('A bracket is refused', () => {
  const rows: [what: string, code: RejectCode, terms: Partial<OrderPlaceBracket>][] = [
    ['where its exits stand on the wrong side of a sale', 'invalid_combination', { side: 'sell' }],
    ['where the profit of a sale is not below the entry', 'invalid_combination', { side: 'sell', takeProfit: { orderType: 'limit', price: '100' }, stopLoss: { orderType: 'stop-limit', price: '110', stopPrice: '105' } }],
    ['where the stop of a sale is not above the entry', 'invalid_combination', { side: 'sell', takeProfit: { orderType: 'limit', price: '90' }, stopLoss: { orderType: 'stop-limit', price: '110', stopPrice: '100' } }],
    ['where a stop that buys has no cap', 'invalid_combination', { side: 'sell', takeProfit: { orderType: 'limit', price: '90' }, stopLoss: { orderType: 'stop-market', stopPrice: '105' } }],
    ['where the profit is not above the entry', 'invalid_combination', { takeProfit: { orderType: 'limit', price: '100' } }],
    ['where the stop is not below the entry', 'invalid_combination', { stopLoss: { orderType: 'stop-limit', price: '90', stopPrice: '100' } }],
    ['where an exit is of another type', 'invalid_combination', { stopLoss: { orderType: 'limit', price: '90' } }],
    ['where the price of an exit is off the tick', 'price_not_multiple_of_tick_size', { takeProfit: { orderType: 'limit', price: '110.001' } }],
    ['where the price of an exit is above the highest', 'price_out_of_bounds', { takeProfit: { orderType: 'limit', price: '100000.01' } }],
    ['where its entry is', 'quantity_below_minimum', { quantity: '0.001' }],
    ['where its entry is beyond the balance', 'insufficient_balance', { quantity: '1000', price: '1001', takeProfit: { orderType: 'limit', price: '1100' }, stopLoss: { orderType: 'stop-limit', price: '900', stopPrice: '950' } }],
  ]
  for (const [what, code, terms] of rows) {
    it(`${what}: ${code}`, () => {
      const exchange = new SmallExchange({ rules: { minQuantity: '0.002' } })
      tradeAtMinimum(exchange)
      expect(exchange.refusal(bracket(terms))).to.equal(code)
    })
  }

  it('where the three orders would be too many: too_many_open_orders', () => {
    const exchange = new SmallExchange({ rules: { maxOpenOrders: 2 } })
    expect(exchange.refusal(bracket())).to.equal('too_many_open_orders')
  })

  it('when it shall be amended: invalid_combination', () => {
    const exchange = new SmallExchange()
    exchange.run(bracket())
    expect(exchange.refusal({ type: 'order.amend', account: 'alice', market: 'BTC-USD', orderId: 1, price: '99' })).to.equal('invalid_combination')
  })
})

function tradeAtMinimum(exchange: SmallExchange): void {
  exchange.place('carol', { side: 'sell', price: '120', quantity: '0.002' })
  exchange.place('bob', { side: 'buy', price: '120', quantity: '0.002' })
}
