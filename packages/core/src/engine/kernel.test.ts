import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { FrameBuffer, PLACE_HAS_PRICE, writeOrderCancel, writeOrderPlace, type Engine } from '@bourse/core'
import { ALICE, BOB, RULES, SmallExchange } from '../../test/small-exchange.js'
import { CommandEngine } from './create-engine.js'
import { Kernel } from './kernel.js'
import { restoreState } from './restore-state.js'

interface Orders {
  readonly count: number
  /** By how much sells are above buys at least, in cents. */
  readonly apart: number
}

const ORDER = { account: ALICE, market: 0, side: 0, orderType: 0, timeInForce: 0, selfTradePrevention: 0, flags: PLACE_HAS_PRICE, price: 10_000n, quantity: 1n, clientOrderId: 'x' }
const MEETING: Orders = { count: 400, apart: -10 }
/** So many that their rows fill the engine's first memory more than once. */
const RESTING: Orders = { count: 15_000, apart: 1 }

/** Orders of two accounts, which buy and sell in turn. */
function orders(engine: Engine, { count, apart }: Orders): FrameBuffer {
  const frames = new FrameBuffer()
  for (let number = 0; number < count; number++) {
    const side = number & 1
    const price = 10_000n + BigInt(side === 0 ? -(number % 20) : apart + (number % 20))
    const offset = writeOrderPlace(frames, { ...ORDER, account: side === 0 ? ALICE : BOB, side, price, quantity: BigInt(1 + (number % 7)), clientOrderId: `order-${number}` })
    frames.stamp(offset, engine.sequence + 1 + number, engine.timestampUs)
  }
  return frames
}

/** What comes of the orders, all at once or one by one. */
function outcome(of: Orders, together: boolean): { events: string; state: string } {
  const { engine } = new SmallExchange({ rules: { maxOpenOrders: of.count } })
  const frames = orders(engine, of)
  const events = new FrameBuffer()
  if (together) expect(engine.applyAll(frames, 0, frames.length, events)).to.equal(frames.length)
  else for (let offset = 0; offset < frames.length; offset += frames.size(offset)) engine.apply(frames, offset, events)
  engine.checkInvariants()
  return { events: Buffer.from(events.used()).toString('base64'), state: engine.stateHash() }
}

/** For a process in which this module is not a test. */
export const outcomeOfMeeting = (): unknown => outcome(MEETING, true)

describe('Commands that are applied all at once', () => {
  it('come to what they come to one by one', () => {
    expect(outcome(MEETING, true)).to.deep.equal(outcome(MEETING, false))
  })

  it('do so while the engine grows out of its memory', () => {
    expect(outcome(RESTING, true)).to.deep.equal(outcome(RESTING, false))
  })

  it('do so where a price far from all others takes as many nodes of the index as one can', () => {
    const states = [true, false].map((together) => {
      const exchange = new SmallExchange()
      const { engine } = exchange
      for (let market = 1; market <= 40; market++) {
        const base = `A${market}`
        exchange.run({ type: 'asset.define', code: base, scale: 8 })
        exchange.run({ type: 'ledger.transfer', requestId: base, from: 'world', to: 'alice', asset: base, amount: '1' })
        exchange.run({ type: 'market.define', symbol: `${base}-USD`, base, quote: 'USD', priceScale: 2, quantityScale: 3, ...RULES, maxQuantity: '0.001', maxPrice: '400000000000' })
      }
      const frames = new FrameBuffer()
      for (let market = 1; market <= 40; market++) {
        for (const price of [5n, 2n ** 45n]) {
          const offset = writeOrderPlace(frames, { ...ORDER, market, side: 1, price, clientOrderId: `${market}-${price}` })
          frames.stamp(offset, engine.sequence + 2 * market - (price === 5n ? 1 : 0), engine.timestampUs)
        }
      }
      const events = new FrameBuffer()
      if (together) engine.applyAll(frames, 0, frames.length, events)
      else for (let offset = 0; offset < frames.length; offset += frames.size(offset)) engine.apply(frames, offset, events)
      engine.checkInvariants()
      expect(engine.openOrders(ALICE)).to.have.lengthOf(80)
      return engine.stateHash()
    })
    expect(states[0]).to.equal(states[1])
  })

  it('do so with a look ahead at orders that rest, cross or are none, and at accounts and markets that are none', () => {
    const { engine } = new SmallExchange({ rules: { maxOpenOrders: 1_000 } })
    const state = restoreState(engine.snapshot())
    const ahead: Engine = new CommandEngine(state, new Kernel(state, 0)) as unknown as Engine
    const frames = orders(engine, MEETING)
    for (let round = 0; round < 40; round++) {
      for (const offset of [
        writeOrderCancel(frames, { account: ALICE, market: 0, orderId: 1 + round, clientOrderId: '' }),
        writeOrderCancel(frames, { account: BOB, market: 0, orderId: 0, clientOrderId: `order-${round * 3}` }),
        writeOrderCancel(frames, { account: BOB, market: 0, orderId: Number.NaN, clientOrderId: '' }),
        writeOrderPlace(frames, { ...ORDER, account: 4_000_000_000, market: 60_000, price: -1n, clientOrderId: '' }),
        writeOrderPlace(frames, { ...ORDER, account: ALICE, price: 2n ** 62n }),
      ]) frames.stamp(offset, 0, engine.timestampUs)
    }
    let sequence = engine.sequence
    for (let offset = 0; offset < frames.length; offset += frames.size(offset)) frames.stamp(offset, ++sequence, engine.timestampUs)
    const [expected, events] = [new FrameBuffer(), new FrameBuffer()]
    for (let offset = 0; offset < frames.length; offset += frames.size(offset)) engine.apply(frames, offset, expected)
    expect(ahead.applyAll(frames, 0, frames.length, events)).to.equal(frames.length)
    expect(Buffer.from(events.used()).equals(Buffer.from(expected.used()))).to.equal(true)
    expect(ahead.stateHash()).to.equal(engine.stateHash())
  })

  it('stop at a command out of turn, with those before it done', () => {
    const { engine } = new SmallExchange()
    const frames = orders(engine, MEETING)
    const before = engine.sequence
    let offset = 0
    for (let number = 0; number < 100; number++) offset += frames.size(offset)
    frames.stamp(offset, 1, engine.timestampUs)
    expect(() => engine.applyAll(frames, 0, frames.length, new FrameBuffer())).to.throw('Command 1 came after command')
    expect(engine.sequence).to.equal(before + 100)
    engine.checkInvariants()
  })

  it('come to the same where WebAssembly may not be compiled', () => {
    const script = `
      WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError('not here') } }
      const { outcomeOfMeeting } = await import(${JSON.stringify(import.meta.url)})
      console.log(JSON.stringify(outcomeOfMeeting()))`
    const args = ['--conditions=bourse-source', '--import=tsx', '--input-type=module', '--eval', `globalThis.describe = () => {};${script}`]
    const printed = execFileSync(process.execPath, args, { cwd: fileURLToPath(new URL('../../../..', import.meta.url)), encoding: 'utf8' })
    expect(JSON.parse(printed)).to.deep.equal(outcome(MEETING, false))
  })
})
