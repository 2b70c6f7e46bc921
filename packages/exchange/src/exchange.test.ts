/** Tests of the door: order, durability, answers, bounds, and what happens when the disk or the engine fails. */
import { expect } from 'chai'
import { createEngine, decodeEvents, FrameBuffer, restoreEngine, SIDES, writeContinue, writeOrderCancel, writeOrderCancelAll, writeOrderPlace, writeQuotePlace, type Engine, type Event } from '@bourse/core'
import { OverloadedError, type Journal } from '@bourse/plugin'
import { expectZeroSums } from '@bourse/testkit'
import { createExchange } from './create-exchange.js'
import type { Exchange } from './exchange.js'
import type { ExchangeOptions } from './exchange-options.js'
import { ExchangeClosedError, ExchangeHaltedError, ExchangeReadOnlyError } from './exchange-errors.js'
import { createMemoryStorage } from './memory-storage.js'
import { gatedStorage, type GatedStorage } from './testing/gated-journal.js'
import { limitOrder, MARKET, rejection, seededRandom, setUpMarket, SETUP_COMMANDS, trade } from './testing/market.js'

async function open(storage: Pick<ExchangeOptions, 'journal' | 'snapshots'> = createMemoryStorage(), more: Partial<ExchangeOptions> = {}): Promise<Exchange> {
  const exchange = await createExchange({ ...storage, ...more })
  if (exchange.sequence === 0) await setUpMarket(exchange)
  return exchange
}

/** Lets everything happen that can happen without the disk. */
async function turn(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
}

describe('exchange door', () => {
  it('answers with sequence, time and the events of the command', async () => {
    let nowUs = 1_700_000_000_000_000
    const exchange = await open(undefined, { clock: () => (nowUs += 5) })
    const first = await exchange.submit(limitOrder('alice', 'sell', '100.00', '2.0000'))
    const second = await exchange.submit(limitOrder('bob', 'buy', '101.00', '0.5000'))
    if (!first.ok || !second.ok) throw new Error('rejected')
    expect(first.sequence).to.equal(SETUP_COMMANDS + 1)
    expect(first.events.map((event) => event.type)).to.deep.equal(['order.accepted', 'order.rested'])
    expect(second.events.map((event) => event.type)).to.include('trade.executed')
    expect(new Set(second.events.map((event) => event.sequence))).to.deep.equal(new Set([second.sequence]))
    expect(second.timestampUs).to.equal(first.timestampUs + 5)
    expect(exchange.marketData.recentTrades(0, 10)).to.have.lengthOf(1)
    expect(exchange.balance('bob', 'BTC').available).to.equal(1000_49900000n)
    expect(exchange.balance('nobody', 'BTC')).to.deep.equal({ available: 0n, held: 0n })
    expectZeroSums(exchange.engine)
  })

  it('answers rejects as values, those of unreadable commands too, which are not journaled', async () => {
    const exchange = await open()
    const poor = await exchange.submit(limitOrder('alice', 'sell', '100.00', '999.0000', { quantity: '1000.0001' }))
    expect(poor).to.deep.include({ ok: false })
    const before = exchange.sequence
    expect(await exchange.submit(limitOrder('nobody', 'sell', '100.00', '1'))).to.deep.include({ ok: false, reject: { code: 'unknown_account' } })
    expect(await exchange.submit(limitOrder('alice', 'sell', '1e2', '1'))).to.deep.include({ ok: false, reject: { code: 'not_a_decimal' } })
    expect(exchange.sequence).to.equal(before)
    expect((await exchange.submit(limitOrder('alice', 'sell', '100.00', '1'))).ok).to.equal(true)
  })

  it('journals the commands of one turn together, and lets a later one use what an earlier one defines', async () => {
    const storage = gatedStorage()
    const exchange = await createExchange(storage)
    await setUpMarket(exchange)
    expect(storage.journal.appends).to.deep.equal([[1, SETUP_COMMANDS]])
  })

  it('acknowledges and publishes only what is durable, in order', async () => {
    const storage = gatedStorage()
    const exchange = await open(storage, { clock: () => 1_700_000_000_000_000 })
    const happened: string[] = []
    exchange.onCommitted((batch) => happened.push(`public ${batch.firstSequence}-${batch.lastSequence}`))
    storage.journal.hold()
    const submit = (price: string): void => void exchange.submit(limitOrder('alice', 'sell', price, '1')).then((result) => happened.push(`acknowledged ${result.sequence}`))
    submit('100.00')
    await turn()
    submit('101.00')
    submit('102.00')
    await turn()
    const first = SETUP_COMMANDS + 1
    expect(happened).to.deep.equal([])
    expect(exchange.status()).to.include({ sequence: first, durableSequence: first - 1, queued: 3 })
    expect(exchange.marketData.depth(0, 10).asks).to.have.lengthOf(0)
    storage.journal.release()
    await turn()
    const publications = [`public ${first}-${first}`, `public ${first + 1}-${first + 2}`]
    const acknowledgements = [first, first + 1, first + 2].map((sequence) => `acknowledged ${sequence}`)
    expect(happened.filter((line) => line.startsWith('public'))).to.deep.equal(publications)
    expect(happened.filter((line) => line.startsWith('acknowledged'))).to.deep.equal(acknowledgements)
    for (const [index, publication] of [0, 1, 1].entries()) expect(happened.indexOf(publications[publication]!)).to.be.lessThan(happened.indexOf(acknowledgements[index]!))
    expect(exchange.marketData.depth(0, 10).asks).to.have.lengthOf(3)
    expect(exchange.status()).to.include({ durableSequence: first + 2, queued: 0 })
  })

  it('waits with a few commands for the disk, but not for long', async () => {
    const storage = gatedStorage()
    let nowUs = 1_700_000_000_000_000
    const exchange = await open(storage, { clock: () => nowUs })
    storage.journal.hold()
    const first = SETUP_COMMANDS + 1
    const answers: Promise<unknown>[] = []
    for (const [laterUs, sent] of [[0, [first]], [500, [first]], [499, [first]], [1, [first, first + 3]], [900, [first, first + 3]], [100, [first, first + 3, first + 5]]] as const) {
      nowUs += laterUs
      answers.push(exchange.submit(limitOrder('alice', 'sell', '100.00', '1')))
      await turn()
      expect(storage.journal.appends.slice(1).map(([, last]) => last), `${laterUs} us later`).to.deep.equal(sent)
    }
    storage.journal.release()
    await Promise.all(answers)
    expect(exchange.status()).to.include({ durableSequence: first + 5, queued: 0 })
  })

  it('never lets time run backwards', async () => {
    const times = [5_000_000, 9_000_000, 3_000_000, 9_500_000]
    const exchange = await createExchange({ ...createMemoryStorage(), clock: () => times.shift() ?? 0 })
    const stamps: number[] = []
    for (const code of ['A', 'B', 'C', 'D', 'E']) stamps.push((await exchange.submit({ type: 'asset.define', code, scale: 2 })).timestampUs)
    expect(stamps).to.deep.equal([5_000_000, 9_000_000, 9_000_000, 9_500_000, 9_500_000])
  })

  it('takes batches of frames, stamps them, and gives back exactly their events', async () => {
    const exchange = await open()
    const published: Event[] = []
    exchange.onCommitted(({ events }) => published.push(...decodeEvents(events)))
    const batches = [orders(exchange, 'sell', 3), orders(exchange, 'buy', 2)]
    const [single, sells, buys] = await Promise.all([exchange.submit(limitOrder('carol', 'sell', '200.00', '1')), ...batches.map((frames) => exchange.submitFrames(frames))] as const)
    const first = SETUP_COMMANDS + 1
    expect(single.sequence).to.equal(first)
    expect(sells).to.include({ firstSequence: first + 1, lastSequence: first + 3 })
    expect(buys).to.include({ firstSequence: first + 4, lastSequence: first + 5 })
    expect(sequencesOf(batches[0]!)).to.deep.equal([first + 1, first + 2, first + 3])
    expect(published).to.deep.equal([...(single.ok ? single.events : []), ...decodeEvents(sells!.events), ...decodeEvents(buys!.events)])
    expect(decodeEvents(buys!.events).filter((event) => event.type === 'trade.executed')).to.have.lengthOf(2)
    expect(exchange.sequence).to.equal(first + 5)
  })

  it('refuses a batch that is not whole, or that continues on its own, and takes nothing of it', async () => {
    const exchange = await open()
    const before = exchange.sequence
    const cut = orders(exchange, 'sell', 2)
    cut.length -= 8
    const unknown = orders(exchange, 'sell', 1)
    unknown.u8[2] = 99
    const sized = orders(exchange, 'sell', 2)
    sized.u16[0] = 0
    const continued = orders(exchange, 'sell', 1)
    writeContinue(continued)
    const [oddLadder, cutLadder, longLadder, manyLevels] = [ladders(exchange, 1), ladders(exchange, 1), ladders(exchange, 1), ladders(exchange, 200)]
    oddLadder.u16[0] = 48
    oddLadder.length = 48
    cutLadder.length -= 16
    longLadder.u16[0] = longLadder.length + 16
    longLadder.append(16, 0)
    for (const frames of [cut, unknown, sized, continued, oddLadder, cutLadder, longLadder, manyLevels, new FrameBuffer()]) expect(await rejection(exchange.submitFrames(frames))).to.be.instanceOf(RangeError)
    expect(exchange.sequence).to.equal(before)
  })

  it('tells listeners until they stop, and survives one that throws', async () => {
    const logged: string[] = []
    const exchange = await open(undefined, { log: (message) => logged.push(message) })
    let calls = 0
    exchange.onCommitted(() => {
      throw new Error('a listener at fault')
    })
    const stop = exchange.onCommitted(() => calls++)
    await exchange.submit(limitOrder('alice', 'sell', '100.00', '1'))
    stop()
    await exchange.submit(limitOrder('alice', 'sell', '100.00', '1'))
    expect(calls).to.equal(1)
    expect(logged.join()).to.contain('a listener at fault')
  })

  it('makes durable what was taken before it is closed, and refuses what comes after', async () => {
    const storage = createMemoryStorage()
    const exchange = await open(storage)
    const taken = Array.from({ length: 20 }, () => exchange.submit(limitOrder('alice', 'sell', '100.00', '0.1')))
    const closed = exchange.close()
    expect(await rejection(exchange.submit(limitOrder('alice', 'sell', '100.00', '1')))).to.be.instanceOf(ExchangeClosedError)
    await closed
    expect((await Promise.all(taken)).every((result) => result.ok)).to.equal(true)
    expect(storage.journal.lastSequence).to.equal(SETUP_COMMANDS + 20)
  })
})

describe('exchange with commands that go on', () => {
  const engines = { create: () => createEngine({ cancelsPerCommand: 3 }), restore: restoreEngine }

  async function withResting(storage: Pick<ExchangeOptions, 'journal' | 'snapshots'>, count: number): Promise<Exchange> {
    const exchange = await open(storage, { engines })
    await Promise.all(Array.from({ length: count }, () => exchange.submit(limitOrder('alice', 'sell', '100.00', '0.1'))))
    return exchange
  }

  it('issues and journals the continuations itself, before the next command', async () => {
    const exchange = await withResting(createMemoryStorage(), 10)
    const before = exchange.sequence
    const [all, none, next] = await Promise.all([
      exchange.submit({ type: 'order.cancel-all', account: 'alice' }),
      exchange.submit({ type: 'order.cancel-all', account: 'alice' }),
      exchange.submit(limitOrder('alice', 'sell', '0', '0.1')),
    ])
    expect(all.sequence).to.equal(before + 1)
    expect(all.ok && all.events.map((event) => event.sequence - before)).to.deep.equal([1, 1, 1, 2, 2, 2, 3, 3, 3, 4])
    expect(none).to.deep.include({ ok: true, sequence: before + 5, events: [] })
    expect(next).to.deep.include({ ok: false, sequence: before + 6 })
    expect(exchange.engine.openOrders(exchange.catalog.accountByName('alice')!)).to.deep.equal([])
  })

  it('appends sooner where commands make many events', async () => {
    const storage = gatedStorage()
    const exchange = await open(storage)
    const before = storage.journal.appends.length
    const results = await Promise.all([1, 2, 3].map(() => exchange.submitFrames(ladders(exchange, 120))))
    expect(results.map(({ events }) => decodeEvents(events).length)).to.deep.equal([35_900, 36_000, 36_000])
    expect(storage.journal.appends.length - before).to.equal(2)
  })

  it('continues in the middle of a batch of frames', async () => {
    const exchange = await withResting(createMemoryStorage(), 4)
    const frames = orders(exchange, 'sell', 1)
    writeOrderCancelAll(frames, exchange.catalog.accountByName('alice')!)
    frames.appendFrom(orders(exchange, 'sell', 1), 0)
    const before = exchange.sequence
    const result = await exchange.submitFrames(frames)
    expect(sequencesOf(frames).map((sequence) => sequence - before)).to.deep.equal([1, 2, 4])
    expect(result).to.include({ firstSequence: before + 1, lastSequence: before + 4 })
    expect(decodeEvents(result.events).map((event) => event.sequence - before)).to.deep.equal([1, 1, 2, 2, 2, 3, 3, 4, 4])
  })

  it('finishes after a restart what was journaled in part', async () => {
    const whole = createMemoryStorage()
    const exchange = await withResting(whole, 10)
    const before = exchange.sequence
    await exchange.submit({ type: 'order.cancel-all', account: 'alice' })
    const cut = await journalUpTo(whole.journal, before + 2)
    const again = await open({ journal: cut, snapshots: createMemoryStorage().snapshots }, { engines })
    await turn()
    expect(again.sequence).to.equal(exchange.sequence)
    expect(again.engine.stateHash()).to.equal(exchange.engine.stateHash())
  })

  /** The commands of a journal up to a sequence, in another one. */
  async function journalUpTo(journal: Journal, last: number): Promise<Journal> {
    const cut = createMemoryStorage().journal
    const frames = new FrameBuffer()
    for await (const batch of journal.read(1)) {
      const source = FrameBuffer.from(batch.frames)
      for (let offset = 0; offset < source.length; offset += source.size(offset)) if (source.sequence(offset) <= last) frames.appendFrom(source, offset)
    }
    await cut.append(frames.used(), 1, last)
    return cut
  }
})

describe('exchange under overload', () => {
  it('refuses at once what is beyond its queue, still takes cancels, and loses nothing acknowledged', async () => {
    const storage = gatedStorage()
    const exchange = await open(storage, { maxQueue: 100 })
    const resting = await exchange.submit(limitOrder('alice', 'sell', '100.00', '1', { clientOrderId: 'rests' }))
    storage.journal.hold()
    const offered = Array.from({ length: 500 }, () => exchange.submit(limitOrder('bob', 'buy', '90.00', '0.1')))
    const cancel = exchange.submit({ type: 'order.cancel', account: 'alice', market: MARKET, clientOrderId: 'rests' })
    const frames = new FrameBuffer()
    writeOrderCancel(frames, { account: exchange.catalog.accountByName('bob')!, market: 0, orderId: 1, clientOrderId: '' })
    const cancelFrames = exchange.submitFrames(frames)
    const refused = await Promise.all(offered.slice(100).map(rejection))
    expect(refused.every((error) => error instanceof OverloadedError)).to.equal(true)
    expect(await rejection(exchange.submitFrames(orders(exchange, 'sell', 1)))).to.be.instanceOf(OverloadedError)
    storage.journal.release()
    expect((await Promise.all(offered.slice(0, 100))).every((result) => result.ok)).to.equal(true)
    expect(resting.ok && (await cancel).ok).to.equal(true)
    expect((await cancelFrames).events.length).to.be.greaterThan(0)
    expect((await exchange.submit(limitOrder('bob', 'buy', '90.00', '0.1'))).ok).to.equal(true)
    expect(storage.journal.lastSequence).to.equal(exchange.sequence)
  })

  it('bounds cancels too', async () => {
    const storage = gatedStorage()
    const exchange = await open(storage, { maxQueue: 20 })
    storage.journal.hold()
    const cancels = Array.from({ length: 3000 }, () => exchange.submit({ type: 'order.cancel-all', account: 'alice' }))
    const settled = Promise.allSettled(cancels)
    await turn()
    expect(exchange.status().queued).to.be.lessThan(1100)
    storage.journal.release()
    expect((await settled).filter((result) => result.status === 'rejected')).to.have.lengthOf(3000 - 20 - 1024)
  })
})

describe('exchange with a failing disk', () => {
  let storage: GatedStorage
  beforeEach(() => {
    storage = gatedStorage()
  })

  it('halts when the journal fails: nothing pending is acknowledged, nothing new is taken, and the owner is told', async () => {
    const halts: Error[] = []
    const exchange = await open(storage, { onHalt: (error) => halts.push(error) })
    storage.journal.hold()
    const inFlight = exchange.submit(limitOrder('alice', 'sell', '100.00', '1'))
    await turn()
    const queued = exchange.submit(limitOrder('alice', 'sell', '100.00', '1'))
    const published: unknown[] = []
    exchange.onCommitted((batch) => published.push(batch))
    storage.journal.break('EIO')
    for (const promise of [inFlight, queued, exchange.submit(limitOrder('alice', 'sell', '100.00', '1'))]) expect(await rejection(promise)).to.be.instanceOf(ExchangeHaltedError)
    expect(halts).to.have.lengthOf(1)
    expect(exchange.status().halted).to.contain('EIO')
    expect(published).to.deep.equal([])
    expect(await rejection(exchange.snapshot())).to.be.instanceOf(ExchangeHaltedError)
    await exchange.close()
  })

  it('becomes read-only on a full disk: reads show what was acknowledged, commands are refused', async () => {
    const told: Error[] = []
    const exchange = await open(storage, { onReadOnly: (error) => told.push(error), onHalt: () => expect.fail('halted') })
    await exchange.submit(limitOrder('alice', 'sell', '100.00', '1'))
    await exchange.snapshot()
    await exchange.submit(limitOrder('alice', 'sell', '101.00', '1'))
    const acknowledged = exchange.engine.stateHash()
    storage.journal.hold()
    const lost = exchange.submit(limitOrder('bob', 'buy', '101.00', '2'))
    await turn()
    expect(exchange.engine.stateHash()).not.to.equal(acknowledged)
    storage.journal.break('ENOSPC')
    expect(await rejection(lost)).to.be.instanceOf(ExchangeReadOnlyError)
    await turn()
    expect(told).to.have.lengthOf(1)
    expect(exchange.status().readOnly).to.contain('full')
    expect(exchange.status()).not.to.have.property('halted')
    expect(exchange.engine.stateHash()).to.equal(acknowledged)
    expect(exchange.marketData.depth(0, 10).asks).to.have.lengthOf(2)
    expect(exchange.balance('bob', 'USDT')).to.deep.equal({ available: 1_000_000_00000000n, held: 0n })
    expect(await rejection(exchange.submit({ type: 'order.cancel-all', account: 'alice' }))).to.be.instanceOf(ExchangeReadOnlyError)
    await exchange.close()
  })

  it('goes on without a snapshot that could not be written', async () => {
    const logged: string[] = []
    const snapshots = { ...storage.snapshots, write: () => Promise.reject(new Error('no room')), read: () => storage.snapshots.read(() => undefined) }
    const exchange = await open({ journal: storage.journal, snapshots }, { snapshotEveryCommands: 100, log: (message) => logged.push(message) })
    await trade(exchange, seededRandom(3), 1000)
    expect((await rejection(exchange.snapshot())).message).to.equal('no room')
    expect(logged.filter((line) => line.includes('no room')).length).to.be.within(1, 10)
    await exchange.close()
  })
})

describe('exchange with a failing engine', () => {
  /** The core's engine until it is to apply a sequence. */
  function failingAt(sequence: number, engine: Engine): Engine {
    return new Proxy(engine, {
      get(target, property) {
        if (property === 'apply' && target.sequence + 1 === sequence) return () => { throw new Error('an invariant is broken') }
        const value: unknown = Reflect.get(target, property, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  it('halts and never journals the command that broke it, so that a restart stands', async () => {
    const storage = gatedStorage()
    const breaking = SETUP_COMMANDS + 3
    const halts: Error[] = []
    const engines = { create: () => failingAt(breaking, createEngine()), restore: (parts: readonly Uint8Array[]) => failingAt(breaking, restoreEngine(parts)) }
    const exchange = await open(storage, { engines, onHalt: (error) => halts.push(error) })
    expect((await exchange.submit(limitOrder('alice', 'sell', '100.00', '1'))).ok).to.equal(true)
    const together = [exchange.submit(limitOrder('alice', 'sell', '100.00', '1')), exchange.submit(limitOrder('alice', 'sell', '100.00', '1'))]
    for (const promise of together) expect((await rejection(promise)).message).to.contain('an invariant is broken')
    expect(halts).to.have.lengthOf(1)
    await exchange.close()
    expect(storage.journal.lastSequence).to.equal(breaking - 2)
    const again = await open(storage)
    expect(again.sequence).to.equal(breaking - 2)
  })

  it('halts when market data cannot be folded', async () => {
    const exchange = await open()
    exchange.marketData.foldAll = () => { throw new Error('a level does not hold so much') }
    expect((await rejection(exchange.submit(limitOrder('alice', 'sell', '100.00', '1')))).message).to.contain('a level does not hold so much')
    expect(exchange.status().halted).to.contain('a level does not hold so much')
  })
})

function orders(exchange: Exchange, side: 'buy' | 'sell', count: number): FrameBuffer {
  const frames = new FrameBuffer()
  for (let i = 0; i < count; i++) {
    writeOrderPlace(frames, {
      account: exchange.catalog.accountByName(side === 'buy' ? 'bob' : 'alice')!,
      market: 0,
      side: SIDES.indexOf(side),
      orderType: 0,
      timeInForce: 0,
      selfTradePrevention: 0,
      flags: 8,
      price: 100_00n,
      quantity: 1_0000n,
      clientOrderId: '',
    })
  }
  return frames
}

/** Ladders of a hundred bids each, none at a price of the one before. */
function ladders(exchange: Exchange, count: number): FrameBuffer {
  const frames = new FrameBuffer()
  const bids = [0, 1].map((odd) => Array.from({ length: 100 }, (_, at) => ({ price: BigInt(200_00 - at * 2 - odd), quantity: 1n })))
  for (let i = 0; i < count; i++) writeQuotePlace(frames, { account: exchange.catalog.accountByName('bob')!, market: 0, selfTradePrevention: 0, postOnly: false, bids: bids[i & 1]!, asks: [] })
  return frames
}

function sequencesOf(frames: FrameBuffer): number[] {
  const sequences: number[] = []
  for (let offset = 0; offset < frames.length; offset += frames.size(offset)) sequences.push(frames.sequence(offset))
  return sequences
}
