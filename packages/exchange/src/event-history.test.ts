/** Tests of the event stream: history and present in one, without gap or repetition. */
import { expect } from 'chai'
import { decodeEvents, type Event } from '@bourse/core'
import { createExchange } from './create-exchange.js'
import type { Exchange } from './exchange.js'
import type { ExchangeOptions } from './exchange-options.js'
import { ExchangeHaltedError } from './exchange-errors.js'
import { createMemoryStorage } from './memory-storage.js'
import { gatedStorage } from './testing/gated-journal.js'
import { limitOrder, randomCommand, rejection, seededRandom, setUpMarket, trade } from './testing/market.js'
import { digestOfAll } from './testing/memory-projection.js'

describe('events of an exchange', () => {
  let exchange: Exchange
  let heard: Event[]
  const start = async (options: ExchangeOptions = createMemoryStorage()): Promise<void> => {
    exchange = await createExchange(options)
    heard = []
    exchange.onCommitted(({ events }) => heard.push(...decodeEvents(events)))
    await setUpMarket(exchange)
  }

  /** Reads until the events of a sequence have come, or to the end. */
  async function read(from: bigint | number, through = Infinity): Promise<Event[]> {
    const events: Event[] = []
    for await (const event of exchange.events(from)) {
      if (event.sequence > through) break
      events.push(event)
    }
    return events
  }

  it('gives what listeners saw, from the first or from any sequence', async () => {
    await start({ ...createMemoryStorage(), snapshotEveryCommands: 300 })
    await trade(exchange, seededRandom(1), 1000)
    await exchange.close()
    for (const from of [0n, 1, 2, 250, 600n, exchange.sequence, exchange.sequence + 1]) {
      const events = await read(from)
      const expected = heard.filter((event) => event.sequence >= Number(from))
      expect(events.length, `from ${from}`).to.equal(expected.length)
      expect(digestOfAll(events), `from ${from}`).to.equal(digestOfAll(expected))
    }
  })

  it('goes on live without a gap, and ends when the exchange is closed', async () => {
    await start()
    await trade(exchange, seededRandom(2), 300)
    const readers = [read(0), read(200), read(exchange.sequence + 100)]
    const random = seededRandom(3)
    for (let i = 0; i < 200; i++) await exchange.submit(randomCommand(random))
    await exchange.close()
    const [all, later, future] = await Promise.all(readers)
    expect(digestOfAll(all!)).to.equal(digestOfAll(heard))
    expect(digestOfAll(later!)).to.equal(digestOfAll(heard.filter((event) => event.sequence >= 200)))
    expect(future![0]!.sequence).to.be.at.least(exchange.sequence - 100)
    expect(future!.at(-1)!.sequence).to.equal(exchange.sequence)
  })

  it('serves a reader that is far too slow from the journal again', async () => {
    await start()
    const iterator = exchange.events(1)[Symbol.asyncIterator]()
    const events: Event[] = []
    const next = async (): Promise<void> => {
      const { done, value } = await iterator.next()
      if (done !== true) events.push(value)
    }
    while (events.length < heard.length) await next()
    const waiting = next()
    for (let i = 0; i < 30; i++) await trade(exchange, seededRandom(i + 1), 2000)
    await waiting
    while (events.length < heard.length) await next()
    expect(digestOfAll(events)).to.equal(digestOfAll(heard))
  }).timeout(60_000)

  it('can be left while it waits', async () => {
    await start()
    const iterator = exchange.events(exchange.sequence + 1)[Symbol.asyncIterator]()
    const waiting = iterator.next()
    await iterator.return!()
    expect((await waiting).done).to.equal(true)
    await exchange.submit(limitOrder('alice', 'sell', '100.00', '1'))
    expect((await iterator.next()).done).to.equal(true)
  })

  it('throws to its readers when the exchange halts', async () => {
    const storage = gatedStorage()
    await start(storage)
    const reading = read(1)
    await exchange.submit(limitOrder('alice', 'sell', '100.00', '1'))
    storage.journal.break('EIO')
    await rejection(exchange.submit(limitOrder('alice', 'sell', '100.00', '1')))
    expect(await rejection(reading)).to.be.instanceOf(ExchangeHaltedError)
  })
})
