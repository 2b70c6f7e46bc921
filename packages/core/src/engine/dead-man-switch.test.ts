import { expect } from 'chai'
import { execute } from '@bourse/core'
import { ALICE, BOB, eventsOf, RULES, SmallExchange } from '../../test/small-exchange.js'

/** Alice and Bob have two bids each. */
function withBids(limits = {}): SmallExchange {
  const exchange = new SmallExchange({ limits })
  for (const account of ['alice', 'bob']) for (const price of ['99', '98']) exchange.place(account, { side: 'buy', price })
  return exchange
}

const after = (timeoutMs: number, market?: string) => ({ type: 'order.cancel-all-after', account: 'alice', timeoutMs, ...(market === undefined ? {} : { market }) }) as const

describe('The dead-man switch', () => {
  it('cancels the orders of its account, and nobody else’s, when it is not set again', () => {
    const exchange = withBids()
    const [set] = exchange.run(after(1000))
    expect(set).to.deep.include({ type: 'dead-man-switch.set', account: ALICE, market: undefined, firesAtUs: exchange.nowUs + 1_000_000 })
    expect(exchange.pass(999)).to.deep.equal([])
    const [fired, ...cancelled] = exchange.pass(1)
    expect(fired).to.deep.include({ type: 'dead-man-switch.fired', account: ALICE, market: undefined, dueAtUs: exchange.nowUs })
    expect(eventsOf(cancelled, 'order.cancelled').map(({ orderId, reason, rested }) => [orderId, reason, rested])).to.deep.equal([[1, 'dead_man_switch', true], [2, 'dead_man_switch', true]])
    expect(exchange.engine.openOrders(BOB)).to.have.length(2)
    expect(exchange.engine.balance(ALICE, 1).held).to.equal(0n)
  })

  it('fires once', () => {
    const exchange = withBids()
    exchange.run(after(1000))
    exchange.pass(1000)
    exchange.place('alice', { side: 'buy', price: '97' })
    expect(exchange.pass(10_000)).to.deep.equal([])
    expect(exchange.engine.nextDeadlineUs).to.equal(Infinity)
  })

  it('lasts as long as it is set again, whether for longer or for less', () => {
    const exchange = withBids()
    exchange.run(after(1000))
    exchange.pass(900)
    exchange.run(after(5000))
    expect(exchange.pass(4900)).to.deep.equal([])
    exchange.run(after(10))
    expect(exchange.pass(10)).to.have.length(3)
  })

  it('is disabled by zero, also where none was set', () => {
    const exchange = withBids()
    exchange.run(after(1000))
    expect(exchange.run(after(0))[0]).to.include({ type: 'dead-man-switch.set', firesAtUs: undefined })
    expect(exchange.run(after(0))).to.have.length(1)
    expect(exchange.pass(100_000)).to.deep.equal([])
  })

  it('of one market leaves the others alone, and stands beside that of all', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'asset.define', code: 'ETH', scale: 8 })
    exchange.run({ ...RULES, type: 'market.define', symbol: 'ETH-USD', base: 'ETH', quote: 'USD', priceScale: 2, quantityScale: 3 })
    for (const market of ['BTC-USD', 'ETH-USD']) exchange.place('alice', { side: 'buy', market })
    exchange.run(after(1000, 'BTC-USD'))
    exchange.run(after(2000))
    exchange.pass(1000)
    expect(exchange.engine.openOrders(ALICE).map(({ market }) => market)).to.deep.equal([1])
    exchange.pass(1000)
    expect(exchange.engine.openOrders(ALICE)).to.deep.equal([])
  })

  it('fires before a command at or after its deadline', () => {
    const exchange = withBids()
    exchange.run(after(1000))
    const done = execute(exchange.engine, exchange.order('bob', { side: 'sell', price: '99', quantity: '2' }), exchange.nowUs + 1_000_000)
    expect(SmallExchange.types(done.due)).to.deep.equal(['dead-man-switch.fired', 'order.cancelled', 'order.cancelled'])
    // Bob's own bid is all that is left to meet.
    expect(SmallExchange.types(done.ok ? done.events : [])).to.deep.equal(['order.accepted', 'order.cancelled'])
  })

  it('cancels a bounded number of orders a command', () => {
    const exchange = withBids({ cancelsPerCommand: 2 })
    exchange.run(after(1000))
    const before = exchange.engine.sequence
    expect(exchange.pass(1000).map(({ type, sequence, index }) => [type, sequence - before, index])).to.deep.equal([
      ['dead-man-switch.fired', 1, 0],
      ['order.cancelled', 1, 1],
      ['order.cancelled', 2, 0],
    ])
  })
})
