import { expect } from 'chai'
import { createEngine, FrameBuffer, InvariantViolation, restoreEngine, writeContinue, writeMarketUpdate, writeOrderCancelAll, type Engine, type RulesInput } from '@bourse/core'
import { ALICE, eventsOf, RULES, SmallExchange } from '../../test/small-exchange.js'

const limits = { cancelsPerCommand: 2 }
const definition = { market: 'BTC-USD', type: 'market.update' } as const

/** A tick of 2.00: the bids at 99, 97 and 95 break it. */
const COARSE_RULES: RulesInput = {
  state: 0,
  allowSelfTrade: false,
  marketBandBps: 500,
  makerFeePpm: 0,
  takerFeePpm: 0,
  maxOpenOrders: 100,
  tickSize: 200n,
  lotSize: 1n,
  minQuantity: 1n,
  maxQuantity: 1_000_000n,
  maxPrice: 1_000_000n,
  minNotional: 0n,
}

/** Alice has five bids, from 99 down to 95. */
function withFiveBids(): SmallExchange {
  const exchange = new SmallExchange({ limits })
  for (const price of ['99', '98', '97', '96', '95']) exchange.place('alice', { side: 'buy', price, quantity: '0.1' })
  return exchange
}

describe('Cancelling all orders', () => {
  it('goes on in continuation commands, a bounded number each, the oldest first', () => {
    const exchange = withFiveBids()
    const before = exchange.engine.sequence
    const cancelled = eventsOf(exchange.run({ type: 'order.cancel-all', account: 'alice' }), 'order.cancelled')
    expect(cancelled.map(({ orderId, sequence, index }) => [orderId, sequence - before, index])).to.deep.equal([
      [1, 1, 0],
      [2, 1, 1],
      [3, 2, 0],
      [4, 2, 1],
      [5, 3, 0],
    ])
    expect(exchange.engine.hasBacklog).to.equal(false)
    expect(exchange.engine.openOrders(ALICE)).to.deep.equal([])
  })

  it('cancels in one market only where one is named', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'asset.define', code: 'ETH', scale: 8 })
    exchange.run({ ...RULES, type: 'market.define', symbol: 'ETH-USD', base: 'ETH', quote: 'USD', priceScale: 2, quantityScale: 3 })
    exchange.place('alice', { side: 'buy', market: 'ETH-USD' })
    exchange.place('alice', { side: 'buy' })
    exchange.run({ type: 'order.cancel-all', account: 'alice', market: 'BTC-USD' })
    expect(exchange.engine.openOrders(ALICE).map(({ market }) => market)).to.deep.equal([1])
    exchange.run({ type: 'order.cancel-all', account: 'alice' })
    expect(exchange.engine.openOrders(ALICE)).to.deep.equal([])
  })

  it('changes nothing, and says nothing, where there is nothing to cancel', () => {
    expect(new SmallExchange().run({ type: 'order.cancel-all', account: 'alice' })).to.deep.equal([])
  })

  it('takes no other command before it is done', () => {
    const { engine } = withFiveBids()
    const commands = new FrameBuffer()
    const events = new FrameBuffer()
    writeOrderCancelAll(commands, ALICE)
    commands.stamp(0, engine.sequence + 1, engine.timestampUs)
    engine.apply(commands, 0, events)
    expect(engine.hasBacklog).to.equal(true)
    commands.stamp(0, engine.sequence + 1, engine.timestampUs)
    expect(() => engine.apply(commands, 0, events)).to.throw(InvariantViolation, 'still had to be continued')
  })
})

describe('New rules of a market', () => {
  const reasons = (exchange: SmallExchange, rules: object) => eventsOf(exchange.run({ ...RULES, ...definition, ...rules }), 'order.cancelled').map(({ orderId, reason }) => `${orderId} ${reason}`)

  it('cancel resting orders off a coarser tick', () => {
    const exchange = withFiveBids()
    expect(reasons(exchange, { tickSize: '2', maxPrice: '100000' })).to.deep.equal(['1 rule_changed', '3 rule_changed', '5 rule_changed'])
    expect(exchange.engine.depth(0, 5).bids).to.deep.equal([[9800n, 100n], [9600n, 100n]])
    exchange.place('bob', { side: 'sell', price: '96', quantity: '0.2' })
    expect(exchange.engine.depth(0, 5).bids).to.deep.equal([])
  })

  it('keep working after a finer tick', () => {
    const exchange = new SmallExchange({ rules: { tickSize: '1' } })
    exchange.place('alice', { side: 'buy', price: '99' })
    exchange.run({ ...RULES, ...definition, tickSize: '0.25' })
    exchange.place('alice', { side: 'buy', price: '99.25' })
    expect(exchange.engine.depth(0, 5).bids).to.deep.equal([[9925n, 1000n], [9900n, 1000n]])
    exchange.engine.checkInvariants()
  })

  it('cancel what is above the new highest price or quantity, or off the new lot', () => {
    expect(reasons(withFiveBids(), { maxPrice: '97' })).to.deep.equal(['1 rule_changed', '2 rule_changed'])
    expect(reasons(withFiveBids(), { lotSize: '0.03', minQuantity: '0.03' })).to.have.length(5)
    expect(reasons(withFiveBids(), { maxQuantity: '0.05' })).to.have.length(5)
  })

  it('cancel what is below a new minimum, and spare the rest of an order that has traded', () => {
    const exchange = withFiveBids()
    exchange.place('bob', { side: 'sell', price: '99', quantity: '0.05' })
    expect(reasons(exchange, { minQuantity: '1' })).to.deep.equal(['2', '3', '4', '5'].map((id) => `${id} rule_changed`))
    expect(reasons(withFiveBids(), { minNotional: '9.7' })).to.deep.equal(['4', '5'].map((id) => `${id} rule_changed`))
  })

  it('cancel everything when the market is delisted, which is final', () => {
    const exchange = withFiveBids()
    expect(reasons(exchange, { state: 'delisted' })).to.deep.equal(['1', '2', '3', '4', '5'].map((id) => `${id} market_delisted`))
    expect(exchange.refusal({ ...RULES, ...definition })).to.equal('market_not_open')
  })

  it('leave the fee of accepted orders as it was', () => {
    const exchange = new SmallExchange()
    exchange.place('alice', { side: 'sell' })
    exchange.run({ ...RULES, ...definition, makerFee: '0.01', takerFee: '0.02' })
    const [trade] = eventsOf(exchange.place('bob', { side: 'buy' }), 'trade.executed')
    expect(trade!.maker.fee).to.equal(100_000n)
    expect(trade!.taker.fee).to.equal(2_000_000n)
  })
})

describe('A snapshot taken between a command and its continuation', () => {
  const continued = (engine: Engine): string => {
    const commands = new FrameBuffer()
    const events = new FrameBuffer()
    while (engine.hasBacklog) {
      commands.clear()
      writeContinue(commands)
      commands.stamp(0, engine.sequence + 1, engine.timestampUs)
      engine.apply(commands, 0, events)
    }
    engine.checkInvariants()
    return `${engine.stateHash()} ${JSON.stringify(Array.from(events.used()))}`
  }

  for (const [what, write] of [
    ['a cancel-all', (frames: FrameBuffer) => writeOrderCancelAll(frames, ALICE)],
    ['new rules with a coarser tick', (frames: FrameBuffer) => writeMarketUpdate(frames, { market: 0, rules: COARSE_RULES })],
  ] as const) {
    it(`goes on as the engine does after ${what}`, () => {
      const { engine } = withFiveBids()
      const commands = new FrameBuffer()
      write(commands)
      commands.stamp(0, engine.sequence + 1, engine.timestampUs)
      engine.apply(commands, 0, new FrameBuffer())
      expect(engine.hasBacklog).to.equal(true)
      const restored = restoreEngine(engine.snapshot())
      restored.checkInvariants()
      expect(restored.stateHash()).to.equal(engine.stateHash())
      expect(continued(restored)).to.equal(continued(engine))
    })
  }

  it('is refused when it is not of this format', () => {
    const parts = createEngine().snapshot()
    expect(() => restoreEngine(parts.slice(0, -1))).to.throw(RangeError, `${parts.length} parts, not ${parts.length - 1}`)
    expect(() => restoreEngine([parts[0]!.slice(8), ...parts.slice(1)])).to.throw(RangeError)
    const header = parts[0]!.slice()
    header[0] = 99
    expect(() => restoreEngine([header, ...parts.slice(1)])).to.throw(RangeError, 'format')
  })
})

describe('The order of commands', () => {
  const stamped = (sequence: number, timestampUs: number) => {
    const commands = new FrameBuffer()
    writeContinue(commands)
    commands.stamp(0, sequence, timestampUs)
    return commands
  }

  it('is guarded against gaps and against time running backwards', () => {
    const engine = createEngine()
    const events = new FrameBuffer()
    engine.apply(stamped(1, 5), 0, events)
    expect(() => engine.apply(stamped(3, 5), 0, events)).to.throw(InvariantViolation, 'Command 3 came after command 1')
    expect(() => engine.apply(stamped(1, 5), 0, events)).to.throw(InvariantViolation)
    expect(() => engine.apply(stamped(2, 4), 0, events)).to.throw(InvariantViolation, 'before 5')
    expect(() => engine.apply(stamped(2, Number.NaN), 0, events)).to.throw(InvariantViolation)
    engine.apply(stamped(2, 5), 0, events)
  })
})
