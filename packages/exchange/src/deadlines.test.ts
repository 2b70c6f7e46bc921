/** Tests of what happens at a time: woken by a command or by the timer, after a restart, in a replay. */
import { expect } from 'chai'
import { createEngine, decodeEvents, FrameBuffer, restoreEngine, writeMarketAuction, writeOrderCancelAllAfter, type Event } from '@bourse/core'
import { expectZeroSums } from '@bourse/testkit'
import { createExchange } from './create-exchange.js'
import type { Exchange } from './exchange.js'
import type { ExchangeOptions } from './exchange-options.js'
import { createMemoryStorage } from './memory-storage.js'
import { gatedStorage } from './testing/gated-journal.js'
import { ManualTime } from './testing/manual-time.js'
import { limitOrder, setUpMarket } from './testing/market.js'

async function open(time: ManualTime, more: Partial<ExchangeOptions> = {}): Promise<{ exchange: Exchange; events: Event[] }> {
  const exchange = await createExchange({ ...createMemoryStorage(), clock: time.clock, timers: time.timers, ...more })
  if (exchange.sequence === 0) await setUpMarket(exchange)
  const events: Event[] = []
  exchange.onCommitted((batch) => events.push(...decodeEvents(batch.events)))
  return { exchange, events }
}

const rest = (exchange: Exchange, price: string) => exchange.submit(limitOrder('alice', 'buy', price, '1'))
const after = (exchange: Exchange, timeoutMs: number, account = 'alice') => exchange.submit({ type: 'order.cancel-all-after', account, timeoutMs })
const cancels = (events: readonly Event[]) => events.flatMap((event) => (event.type === 'order.cancelled' && event.reason === 'dead_man_switch' ? [event.orderId] : []))

describe('deadlines of an exchange', () => {
  it('happen on time without any command', async () => {
    const time = new ManualTime()
    const { exchange, events } = await open(time)
    await rest(exchange, '99.00')
    await after(exchange, 1000)
    const dueAtUs = time.nowUs + 1_000_000
    await time.pass(999)
    expect(cancels(events)).to.deep.equal([])
    await time.pass(1)
    expect(events.at(-2)).to.deep.include({ type: 'dead-man-switch.fired', dueAtUs, timestampUs: dueAtUs })
    expect(cancels(events)).to.deep.equal([1])
    expect(exchange.marketData.depth(0, 10).bids).to.have.lengthOf(0)
    expect(exchange.status()).to.include({ sequence: exchange.sequence, queued: 0 })
  })

  it('ask for one timer at a time, and for none when nothing is awaited', async () => {
    const time = new ManualTime()
    const { exchange } = await open(time)
    for (const price of ['99.00', '98.00', '97.00']) await rest(exchange, price)
    expect(time.requests).to.equal(0)
    await after(exchange, 5000)
    for (const price of ['96.00', '95.00']) await rest(exchange, price)
    expect([time.requests, time.pending]).to.deep.equal([1, 1])
    await after(exchange, 9000, 'bob')
    expect(time.requests).to.equal(1)
    await after(exchange, 0)
    expect([time.requests, time.pending]).to.deep.equal([2, 1])
    await after(exchange, 0, 'bob')
    expect(time.pending).to.equal(0)
  })

  it('come before a command that arrives at their time, though the timer has not called yet', async () => {
    const time = new ManualTime()
    const { exchange, events } = await open(time)
    await rest(exchange, '99.00')
    await after(exchange, 1000)
    time.nowUs += 1_000_000
    const result = await exchange.submit(limitOrder('bob', 'sell', '99.00', '1'))
    expect(result.ok && result.events.map(({ type }) => type)).to.deep.equal(['order.accepted', 'order.rested'])
    expect(cancels(events)).to.deep.equal([1])
    expect(events.find(({ type }) => type === 'dead-man-switch.fired')!.sequence).to.equal(result.sequence - 1)
  })

  it('come after a command that arrived before them, though it was taken up late', async () => {
    const time = new ManualTime()
    const { exchange, events } = await open(time)
    await rest(exchange, '99.00')
    await after(exchange, 1000)
    time.nowUs += 999_000
    const trade = exchange.submit(limitOrder('bob', 'sell', '99.00', '0.4'))
    time.nowUs += 50_000
    const result = await trade
    expect(result.ok && result.events.map(({ type }) => type)).to.include('trade.executed')
    expect(cancels(events)).to.deep.equal([1])
  })

  it('come before a batch of frames, whose sequences follow on', async () => {
    const time = new ManualTime()
    const { exchange, events } = await open(time)
    await rest(exchange, '99.00')
    await after(exchange, 1000)
    time.nowUs += 2_000_000
    const frames = new FrameBuffer()
    for (const account of [2, 3]) writeOrderCancelAllAfter(frames, { account, timeoutMs: 500 })
    const before = exchange.sequence
    const { firstSequence, lastSequence, events: own } = await exchange.submitFrames(frames)
    expect([firstSequence - before, lastSequence - before]).to.deep.equal([2, 3])
    expect(decodeEvents(own).map(({ type }) => type)).to.deep.equal(['dead-man-switch.set', 'dead-man-switch.set'])
    expect(cancels(events)).to.deep.equal([1])
  })

  it('that had come already when they were set come before the next command of the batch', async () => {
    const time = new ManualTime()
    const { exchange } = await open(time)
    const frames = new FrameBuffer()
    writeMarketAuction(frames, 0, time.nowUs - 1)
    writeOrderCancelAllAfter(frames, { account: 2, timeoutMs: 500 })
    const { events } = await exchange.submitFrames(frames)
    expect(decodeEvents(events).map(({ type }) => type)).to.deep.equal(['market.state-changed', 'market.state-changed', 'dead-man-switch.set'])
    expect(exchange.engine.catalog.market(0)!.state).to.equal('open')
  })

  it('that passed while the exchange was down happen at its start', async () => {
    const time = new ManualTime()
    const storage = createMemoryStorage()
    const { exchange } = await open(time, storage)
    await rest(exchange, '99.00')
    await after(exchange, 60_000)
    await exchange.close()
    time.nowUs += 3_600_000_000
    const { exchange: again, events } = await open(time, storage)
    expect(again.engine.openOrders(2)).to.have.lengthOf(1)
    await time.pass(0)
    expect(cancels(events)).to.deep.equal([1])
    expect(events.at(-1)!.timestampUs).to.equal(time.nowUs)
    expectZeroSums(again.engine)
  })

  it('do not happen after the exchange was closed', async () => {
    const time = new ManualTime()
    const { exchange } = await open(time)
    await after(exchange, 1000)
    await exchange.close()
    expect(time.pending).to.equal(0)
    const { sequence } = exchange
    await time.pass(2000)
    expect(exchange.sequence).to.equal(sequence)
  })

  it('wait no longer once the writer has halted', async () => {
    const time = new ManualTime()
    const storage = gatedStorage()
    const { exchange } = await open(time, storage)
    await after(exchange, 1000)
    storage.journal.break('EIO')
    await exchange.submit({ type: 'asset.define', code: 'XYZ', scale: 2 }).catch(() => undefined)
    expect(exchange.status().halted).to.be.a('string')
    expect(time.pending).to.equal(0)
  })

  it('that are months away are waited for in several steps', async () => {
    const time = new ManualTime()
    const { exchange, events } = await open(time)
    const monthsMs = 100 * 86_400_000
    await exchange.submit(limitOrder('alice', 'buy', '99.00', '1', { expiresAt: time.nowUs / 1000 + monthsMs }))
    await time.pass(monthsMs - 1)
    expect(exchange.engine.openOrders(2)).to.have.lengthOf(1)
    expect(time.requests).to.equal(5)
    await time.pass(1)
    expect(events.at(-1)).to.deep.include({ type: 'order.expired', orderId: 1, timestampUs: time.nowUs })
    expect(time.pending).to.equal(0)
  })

  for (const seed of [1, 2, 3]) {
    it(`lead to the same state when the journal is replayed, however many come together (${seed})`, async () => {
      const engines = { create: () => createEngine({ cancelsPerCommand: 2 }), restore: restoreEngine }
      const time = new ManualTime()
      const storage = createMemoryStorage()
      const { exchange, events } = await open(time, { ...storage, engines })
      for (let round = 0; round < 20; round++) {
        for (const account of ['alice', 'bob', 'carol']) {
          for (let order = 0; order < 5; order++) await exchange.submit(limitOrder(account, 'buy', `${90 + order}.00`, '0.1'))
          await after(exchange, 10 + ((round * 7 + seed * 3) % 5), account)
        }
        if (round % 3 === 0) await time.pass(12)
        else time.nowUs += 20_000
      }
      await time.pass(100)
      expect(events.filter(({ type }) => type === 'dead-man-switch.fired').length).to.be.greaterThan(20)
      const again = await createExchange({ journal: storage.journal, snapshots: createMemoryStorage().snapshots, clock: time.clock, timers: time.timers, engines })
      expect(again.engine.stateHash()).to.equal(exchange.engine.stateHash())
      expect(again.marketData.depth(0, 100)).to.deep.equal(exchange.marketData.depth(0, 100))
      expect(exchange.engine.openOrders(2)).to.deep.equal([])
    })
  }
})
