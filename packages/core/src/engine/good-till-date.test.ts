import { expect } from 'chai'
import { execute, orderStatusAfter, restoreEngine } from '@bourse/core'
import { ALICE, BTC, eventsOf, RULES, SmallExchange, USD } from '../../test/small-exchange.js'

/** The clock of a small exchange starts at one second. */
const SOON = 5000
const soonUs = SOON * 1000

/** Lets time pass until a moment in milliseconds. */
const passUntil = (exchange: SmallExchange, ms: number) => exchange.pass(ms - exchange.nowUs / 1000)

describe('A good-till-date order', () => {
  it('rests like any other, and tells its expiry', () => {
    const exchange = new SmallExchange()
    const events = exchange.place('alice', { side: 'buy', expiresAt: SOON })
    expect(SmallExchange.types(events)).to.deep.equal(['order.accepted', 'order.rested'])
    expect(eventsOf(events, 'order.accepted')[0]).to.deep.include({ timeInForce: 'gtd', held: 100_000_000n })
    expect(eventsOf(events, 'order.accepted')[0]!.terms).to.include({ expiresAtUs: soonUs })
    expect(exchange.engine.order(1)).to.deep.include({ timeInForce: 'gtd', leavesQuantity: 1000n })
    expect(exchange.engine.order(1)!.terms).to.include({ expiresAtUs: soonUs })
    expect(exchange.engine.nextDeadlineUs).to.equal(soonUs)
  })

  it('expires at its time, with what was left, and gives its money and its name back', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'buy', expiresAt: SOON, clientOrderId: 'mine' })
    exchange.place('bob', { side: 'sell', quantity: '0.3' })
    expect(passUntil(exchange, SOON - 1)).to.deep.equal([])
    const [expired, ...others] = passUntil(exchange, SOON)
    expect(others).to.deep.equal([])
    expect(expired).to.deep.include({ type: 'order.expired', orderId: 1, timestampUs: soonUs, rested: true, filledQuantity: 300n, leavesQuantity: 0n, cancelledQuantity: 700n, released: 70_000_000n })
    expect(exchange.engine.openOrders(ALICE)).to.deep.equal([])
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(0n)
    expect(exchange.engine.depth(0, 5).bids).to.deep.equal([])
    exchange.place('alice', { side: 'buy', clientOrderId: 'mine' })
  })

  it('is refused where its deadline is the time of the command, and taken a microsecond before', () => {
    const order = new SmallExchange().order('alice', { side: 'buy', expiresAt: SOON })
    const late = execute(new SmallExchange().engine, order, soonUs)
    expect(!late.ok && late.reject.code).to.equal('expiry_not_in_future')
    expect(execute(new SmallExchange().engine, order, soonUs - 1).ok).to.equal(true)
  })

  it('is not met by an order that comes at its deadline, and is by one a microsecond before', () => {
    for (const [timeUs, types] of [[soonUs, ['order.accepted', 'order.rested']], [soonUs - 1, ['order.accepted', 'trade.executed']]] as const) {
      const exchange = new SmallExchange()
      exchange.place('alice', { side: 'buy', expiresAt: SOON })
      const done = execute(exchange.engine, exchange.order('bob', { side: 'sell' }), timeUs)
      expect(SmallExchange.types(done.ok ? done.events : [])).to.deep.equal(types)
    }
  })

  for (const [what, end] of [
    ['filled', (exchange: SmallExchange) => exchange.place('bob', { side: 'sell' })],
    ['cancelled', (exchange: SmallExchange) => exchange.run({ type: 'order.cancel', account: 'alice', market: 'BTC-USD', orderId: 1 })],
    ['cancelled by its dead-man switch', (exchange: SmallExchange) => [exchange.run({ type: 'order.cancel-all-after', account: 'alice', timeoutMs: 1 }), exchange.pass(1)]],
    ['cancelled by new rules', (exchange: SmallExchange) => exchange.run({ ...RULES, type: 'market.update', market: 'BTC-USD', maxPrice: '50' })],
  ] as const) {
    it(`does not expire any more once it was ${what}`, () => {
      const exchange = new SmallExchange()
      exchange.place('alice', { side: 'buy', expiresAt: SOON })
      end(exchange)
      expect(exchange.engine.nextDeadlineUs).to.equal(Infinity)
      expect(passUntil(exchange, SOON + 1)).to.deep.equal([])
    })
  }

  it('that is filled at once leaves no deadline', () => {
    const exchange = new SmallExchange()
    exchange.place('bob', { side: 'sell' })
    expect(SmallExchange.types(exchange.place('alice', { side: 'buy', expiresAt: SOON }))).to.deep.equal(['order.accepted', 'trade.executed'])
    expect(exchange.engine.nextDeadlineUs).to.equal(Infinity)
  })

  it('keeps its deadline when it is reduced or amended', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'buy', expiresAt: SOON })
    const reference = { account: 'alice', market: 'BTC-USD', orderId: 1 } as const
    exchange.run({ type: 'order.reduce', ...reference, leavesQuantity: '0.9' })
    exchange.run({ type: 'order.amend', ...reference, price: '101', quantity: '2' })
    expect(eventsOf(passUntil(exchange, SOON), 'order.expired')[0]).to.deep.include({ orderId: 1, price: 10_100n, cancelledQuantity: 2000n, released: 202_000_000n })
  })

  it('can be given another deadline, which leaves it its place in the book', () => {
    const exchange = new SmallExchange()
    const reference = { account: 'alice', market: 'BTC-USD', orderId: 1 } as const
    exchange.place('alice', { side: 'buy', quantity: '2', expiresAt: SOON })
    exchange.place('bob', { side: 'buy', quantity: '1' })
    const events = exchange.run({ type: 'order.amend', ...reference, expiresAt: SOON + 10 })
    expect(SmallExchange.types(events)).to.deep.equal(['order.amended'])
    const [amended] = eventsOf(events, 'order.amended')
    expect(amended).to.include({ rested: false, keepsPlace: true, leavesQuantity: 2000n, heldChange: 0n })
    expect([amended!.terms!.expiresAtUs, orderStatusAfter(amended!)]).to.deep.equal([(SOON + 10) * 1000, 'open'])
    expect(exchange.engine.depth(0, 5).bids).to.deep.equal([[10_000n, 3000n]])
    expect(SmallExchange.types(exchange.run({ type: 'order.amend', ...reference, quantity: '1.5', expiresAt: SOON + 5 }))).to.deep.equal(['order.reduced', 'order.amended'])
    expect(eventsOf(exchange.place('carol', { side: 'sell', quantity: '0.1' }), 'trade.executed')[0]!.maker.orderId).to.equal(1)
    expect(passUntil(exchange, SOON + 4)).to.deep.equal([])
    expect(eventsOf(passUntil(exchange, SOON + 5), 'order.expired')[0]).to.include({ orderId: 1, cancelledQuantity: 1400n })
  })

  it('amended in its price goes to the tail with its new deadline', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'buy', expiresAt: SOON })
    const events = exchange.run({ type: 'order.amend', account: 'alice', market: 'BTC-USD', orderId: 1, price: '101', expiresAt: SOON + 1 })
    expect(SmallExchange.types(events)).to.deep.equal(['order.amended', 'order.rested'])
    expect(eventsOf(events, 'order.amended')[0]).to.include({ rested: true, keepsPlace: false })
    expect(exchange.engine.nextDeadlineUs).to.equal((SOON + 1) * 1000)
  })

  it('refuses a deadline that has passed, the present one, and one for an order that has none', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'buy', expiresAt: SOON })
    exchange.place('alice', { side: 'buy' })
    const amend = (orderId: number, expiresAt: number) => exchange.refusal({ type: 'order.amend', account: 'alice', market: 'BTC-USD', orderId, expiresAt })
    expect([amend(1, 1), amend(1, SOON), amend(2, SOON)]).to.deep.equal(['expiry_not_in_future', 'order_changed_nothing', 'invalid_combination'])
    expect(exchange.refusal({ type: 'order.amend', account: 'alice', market: 'BTC-USD', orderId: 1, expiresAt: 1.5 })).to.equal('expiry_not_in_future')
  })

  it('may be post-only, and rests in a market that takes nothing else', () => {
    const exchange = new SmallExchange({ rules: { state: 'post-only' } })
    expect(SmallExchange.types(exchange.place('alice', { side: 'buy', postOnly: true, expiresAt: SOON }))).to.deep.equal(['order.accepted', 'order.rested'])
    expect(SmallExchange.types(exchange.place('alice', { side: 'buy', expiresAt: SOON }))).to.deep.equal(['order.accepted', 'order.rested'])
  })

  it('expires after those whose deadline is earlier or was set before, a bounded number in one command', () => {
    const exchange = new SmallExchange({ limits: { cancelsPerCommand: 2 } })
    for (const expiresAt of [SOON, SOON - 1, SOON, SOON - 2, SOON]) exchange.place('alice', { side: 'sell', quantity: '1', expiresAt })
    const before = exchange.engine.sequence
    expect(eventsOf(passUntil(exchange, SOON), 'order.expired').map(({ orderId, sequence }) => [orderId, sequence - before])).to.deep.equal([[4, 1], [2, 1], [1, 2], [3, 2], [5, 3]])
    expect(exchange.engine.balance(ALICE, BTC)).to.deep.equal({ available: 10_000_000_000n, held: 0n })
  })

  it('expires after a snapshot as it would have without one', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'buy', expiresAt: SOON })
    exchange.place('bob', { side: 'buy', price: '99', expiresAt: SOON })
    exchange.run({ type: 'order.cancel-all-after', account: 'carol', timeoutMs: 60_000 })
    const restored = restoreEngine(exchange.engine.snapshot())
    restored.checkInvariants()
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
    const nothing = { type: 'order.cancel-all', account: 'carol' } as const
    expect(execute(restored, nothing, soonUs)).to.deep.equal(execute(exchange.engine, nothing, soonUs))
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
  })
})
