import { expect } from 'chai'
import fc from 'fast-check'
import { execute, FrameBuffer, InvariantViolation, restoreEngine, writeContinue, writeMarketAuction, writeOrderCancelAll, type Engine } from '@bourse/core'
import { ALICE, eventsOf, SmallExchange } from '../../test/small-exchange.js'
import { RowMemory } from '../values/row-memory.js'
import { Deadlines } from './deadlines.js'

const START = 2_000_000

/** Applies one `continue` and gives its events. */
function step(engine: Engine, timestampUs: number): FrameBuffer {
  const commands = new FrameBuffer()
  const events = new FrameBuffer()
  writeContinue(commands)
  commands.stamp(0, engine.sequence + 1, timestampUs)
  engine.apply(commands, 0, events)
  return events
}

/** Sets the dead-man switches of some accounts, one after another, to times after {@link START}. */
function withSwitches(switches: [account: string, atUs: number][], limits = {}): SmallExchange {
  const exchange = new SmallExchange({ limits })
  for (const [account, atUs] of switches) expect(execute(exchange.engine, { type: 'order.cancel-all-after', account, timeoutMs: (atUs - START) / 1000 }, START).ok).to.equal(true)
  return exchange
}

describe('Deadlines', () => {
  it('fire by time, and at one time in the order in which they were set last', () => {
    const exchange = withSwitches([['alice', START + 5000], ['bob', START + 4000], ['carol', START + 4000], ['bob', START + 4000]])
    expect(exchange.engine.nextDeadlineUs).to.equal(START + 4000)
    const fired = eventsOf(exchange.pass(10_000), 'dead-man-switch.fired')
    expect(fired.map(({ account, dueAtUs }) => [exchange.engine.catalog.accountName(account), dueAtUs - START])).to.deep.equal([['carol', 4000], ['bob', 4000], ['alice', 5000]])
  })

  it('are due from their very microsecond on', () => {
    const { engine } = withSwitches([['alice', START + 4000]])
    expect([engine.isDue(START + 3999), engine.isDue(START + 4000)]).to.deep.equal([false, true])
  })

  it('let no other command pass that bears their time', () => {
    const { engine } = withSwitches([['alice', START + 4000]])
    const commands = new FrameBuffer()
    writeOrderCancelAll(commands, ALICE)
    commands.stamp(0, engine.sequence + 1, START + 4000)
    expect(() => engine.apply(commands, 0, new FrameBuffer())).to.throw(InvariantViolation, 'has not fired yet')
    step(engine, START + 4000)
    commands.stamp(0, engine.sequence + 1, START + 4000)
    engine.apply(commands, 0, new FrameBuffer())
  })

  it('finish what they begin before the next one fires, however little one command may do', () => {
    const exchange = new SmallExchange({ limits: { cancelsPerCommand: 1 } })
    for (const price of ['99', '98']) exchange.place('alice', { side: 'buy', price })
    exchange.run({ type: 'order.cancel-all-after', account: 'alice', timeoutMs: 1000 })
    exchange.run({ type: 'order.cancel-all-after', account: 'bob', timeoutMs: 1000 })
    const before = exchange.engine.sequence
    expect(exchange.pass(2000).map(({ type, sequence }) => [type, sequence - before])).to.deep.equal([
      ['dead-man-switch.fired', 1],
      ['order.cancelled', 2],
      ['order.cancelled', 3],
      ['dead-man-switch.fired', 4],
    ])
  })

  it('and the backlog are the same after a snapshot between two continuations', () => {
    const exchange = new SmallExchange({ limits: { cancelsPerCommand: 2 } })
    for (const price of ['99', '98', '97', '96']) exchange.place('alice', { side: 'buy', price })
    for (const account of ['alice', 'bob', 'carol']) exchange.run({ type: 'order.cancel-all-after', account, timeoutMs: 1000 })
    let { engine } = exchange
    const at = exchange.nowUs + 1_000_000
    for (let steps = 0; engine.hasBacklog || engine.isDue(at); steps++) {
      expect(steps).to.be.lessThan(10)
      const restored = restoreEngine(engine.snapshot())
      restored.checkInvariants()
      expect(restored.nextDeadlineUs).to.equal(engine.nextDeadlineUs)
      expect(Array.from(step(restored, at).used())).to.deep.equal(Array.from(step(engine, at).used()))
      expect(restored.stateHash()).to.equal(engine.stateHash())
      engine = restored
    }
    expect(engine.openOrders(ALICE)).to.deep.equal([])
  })

  it('that had come already when they were set are backlog of their command', () => {
    const exchange = new SmallExchange()
    const { engine } = exchange
    const commands = new FrameBuffer()
    writeMarketAuction(commands, 0, exchange.nowUs - 5)
    commands.stamp(0, engine.sequence + 1, exchange.nowUs)
    engine.apply(commands, 0, new FrameBuffer())
    expect(engine.hasBacklog).to.equal(true)
    expect(restoreEngine(engine.snapshot()).hasBacklog).to.equal(true)
    while (engine.hasBacklog) step(engine, exchange.nowUs)
    expect(engine.catalog.market(0)!.state).to.equal('open')
  })

  it('are refused from a snapshot that knows more kinds of them', () => {
    const parts = withSwitches([['alice', START + 4000]]).engine.snapshot()
    const deadlines = parts[14]!.slice()
    deadlines[24] = 99
    expect(() => restoreEngine(parts.with(14, deadlines))).to.throw(RangeError, 'kind 99')
    expect(() => restoreEngine(parts.with(13, Uint8Array.of(99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))).to.throw(RangeError, 'kind 99')
  })
})

describe('The queue of deadlines', () => {
  it('stays in order however deadlines are set, moved and taken back', () => {
    const action = fc.record({ row: fc.nat(40), atUs: fc.nat(20), what: fc.constantFrom('set', 'set', 'set', 'unset', 'take') })
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const memory = new RowMemory()
        const deadlines = new Deadlines(memory)
        const rows = Array.from({ length: 41 }, () => deadlines.open({ kind: 1, account: 0, market: 0, order: 0 }))
        let expected: { row: number; atUs: number }[] = []
        for (const { row: number, atUs, what } of actions) {
          const row = rows[number]!
          if (what === 'take') {
            if (expected.length > 0) expect(deadlines.takeFirst()).to.equal(expected.shift()!.row)
          } else {
            expected = expected.filter((other) => other.row !== row)
            if (what === 'unset') deadlines.unset(row)
            else {
              deadlines.set(row, atUs)
              // Sorting is stable: those set before at the same time stay before.
              expected = [...expected, { row, atUs }].sort((a, b) => a.atUs - b.atUs)
            }
          }
          expect(deadlines.fault()).to.equal(undefined)
          expect(deadlines.isDue(expected[0]?.atUs ?? Number.MAX_SAFE_INTEGER)).to.equal(expected.length > 0)
          expect(deadlines.inOrder()).to.deep.equal(expected.map((other) => other.row))
        }
      }),
    )
  })
})
