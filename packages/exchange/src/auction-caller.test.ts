/** Tests of what follows a halt of the circuit breaker: the auction that opens the market again, whatever happens to the process. */
import { expect } from 'chai'
import { decodeEvents, type Event, type MarketStateChanged } from '@bourse/core'
import { expectZeroSums } from '@bourse/testkit'
import { createExchange } from './create-exchange.js'
import type { Exchange } from './exchange.js'
import type { ExchangeOptions } from './exchange-options.js'
import { createMemoryStorage } from './memory-storage.js'
import { gatedStorage } from './testing/gated-journal.js'
import { ManualTime } from './testing/manual-time.js'
import { limitOrder, MARKET, setUpMarket } from './testing/market.js'

const HALT_MS = 10_000
const AUCTION_MS = 60_000
const RANDOM_MS = 30_000

type Storage = Pick<ExchangeOptions, 'journal' | 'snapshots'>

async function open(time: ManualTime, storage: Storage, more: Partial<ExchangeOptions> = {}): Promise<{ exchange: Exchange; events: Event[] }> {
  const exchange = await createExchange({ ...storage, clock: time.clock, timers: time.timers, random: () => 0.5, ...more })
  const events: Event[] = []
  exchange.onCommitted((batch) => events.push(...decodeEvents(batch.events)))
  return { exchange, events }
}

/** Trades at 100.00, then sweeps asks up to 110.00 with a corridor of 5 %: the breaker halts. */
async function halt(exchange: Exchange): Promise<void> {
  await setUpMarket(exchange)
  await exchange.submit({
    type: 'market.update', market: MARKET, state: 'open', tickSize: '0.01', lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '1000', maxPrice: '1000000', minNotional: '0',
    makerFee: '0.001', takerFee: '0.002', marketBandBps: 9000, allowSelfTrade: false, maxOpenOrders: 10_000,
    breakerMoveBps: 500, breakerWindowMs: 60_000, haltMs: HALT_MS, auctionMs: AUCTION_MS, auctionRandomMs: RANDOM_MS,
  })
  for (const price of ['100.00', '103.00', '110.00']) await exchange.submit(limitOrder('alice', 'sell', price, '1'))
  await exchange.submit(limitOrder('bob', 'buy', '100.00', '1'))
  await exchange.submit(limitOrder('bob', 'buy', '110.00', '2'))
}

const changes = (events: readonly Event[]) => events.filter((event): event is MarketStateChanged => event.type === 'market.state-changed').map(({ state, reason }) => `${state} ${reason}`)
const stateOf = (exchange: Exchange) => exchange.catalog.marketBySymbol(MARKET)!.state

describe('a halt of the circuit breaker', () => {
  it('is followed by an auction after the halt, which ends by chance and opens the market', async () => {
    const time = new ManualTime()
    const { exchange, events } = await open(time, createMemoryStorage())
    await halt(exchange)
    expect(stateOf(exchange)).to.equal('halted')
    await time.pass(HALT_MS - 1)
    expect(stateOf(exchange)).to.equal('halted')
    await time.pass(1)
    expect(stateOf(exchange)).to.equal('pre-open')
    expect(exchange.engine.auctionEndsUs(0)).to.equal(time.nowUs + (AUCTION_MS + RANDOM_MS / 2) * 1000)
    await time.pass(AUCTION_MS + RANDOM_MS / 2)
    expect(stateOf(exchange)).to.equal('open')
    expect(changes(events)).to.deep.equal(['halted circuit_breaker', 'pre-open auction_called', 'open auction_ended'])
    expect(exchange.marketData.depth(0, 10)).to.deep.include({ bids: [], asks: [] })
    expect(time.pending).to.equal(0)
    expectZeroSums(exchange.engine)
    await exchange.close()
  })

  for (const [random, extraMs] of [[0, 0], [0.999_999, RANDOM_MS]] as const) {
    it(`draws the end of the auction: with ${random} it comes ${extraMs} ms later`, async () => {
      const time = new ManualTime()
      const { exchange } = await open(time, createMemoryStorage(), { random: () => random })
      await halt(exchange)
      await time.pass(HALT_MS)
      expect(exchange.engine.auctionEndsUs(0)).to.equal(time.nowUs + (AUCTION_MS + extraMs) * 1000)
    })
  }

  for (const [what, beforeMs, downMs, opensAfterMs] of [
    ['in the halt, and is back before its end', 2_000, 1_000, HALT_MS - 3_000 + AUCTION_MS + RANDOM_MS / 2],
    ['in the halt, and is back after its end', 2_000, 60_000, AUCTION_MS + RANDOM_MS / 2],
    ['in the auction, and is back before its end', HALT_MS + 1_000, 5_000, AUCTION_MS + RANDOM_MS / 2 - 6_000],
    ['in the auction, and is back after its end', HALT_MS + 1_000, 3_600_000, 0],
  ] as const) {
    it(`opens the market again when the process is killed ${what}`, async () => {
      const time = new ManualTime()
      const storage = createMemoryStorage()
      const first = await open(time, storage)
      await halt(first.exchange)
      await time.pass(beforeMs)
      const hash = first.exchange.engine.stateHash()
      // Nothing is closed: the first process is gone with its timers, and only the journal is left.
      const later = new ManualTime(time.nowUs + downMs * 1000)
      const { exchange } = await open(later, storage)
      expect(exchange.engine.stateHash()).to.equal(hash)
      if (opensAfterMs > 0) {
        await later.pass(opensAfterMs - 1)
        expect(stateOf(exchange)).not.to.equal('open')
      }
      await later.pass(1)
      expect(stateOf(exchange)).to.equal('open')
      expectZeroSums(exchange.engine)
      const again = await open(later, { ...storage, snapshots: createMemoryStorage().snapshots })
      expect(again.exchange.engine.stateHash()).to.equal(exchange.engine.stateHash())
    })
  }

  it('is answered by nobody when an operator changed the state meanwhile', async () => {
    const time = new ManualTime()
    const { exchange, events } = await open(time, createMemoryStorage())
    await halt(exchange)
    await exchange.submit({ type: 'market.auction', market: MARKET, endsAt: time.nowUs / 1000 + 1_000 })
    await time.pass(600_000)
    expect(changes(events)).to.deep.equal(['halted circuit_breaker', 'pre-open auction_called', 'open auction_ended'])
  })

  it('is answered later when the exchange is too busy', async () => {
    const time = new ManualTime()
    const storage = gatedStorage()
    const messages: string[] = []
    const { exchange } = await open(time, storage, { maxQueue: 20, log: (message) => messages.push(message) })
    await halt(exchange)
    storage.journal.hold()
    const waiting = Array.from({ length: 20 }, () => exchange.submit({ type: 'account.open', account: 'alice', kind: 'user' }).catch(() => undefined))
    await time.pass(HALT_MS)
    expect(messages.join()).to.contain('could not be called')
    storage.journal.release()
    await Promise.all(waiting)
    await time.pass(1_000)
    expect(stateOf(exchange)).to.equal('pre-open')
  })

  it('is left to the next start when the exchange closes', async () => {
    const time = new ManualTime()
    const storage = createMemoryStorage()
    const { exchange } = await open(time, storage)
    await halt(exchange)
    await exchange.close()
    expect(time.pending).to.equal(0)
    const next = await open(time, storage)
    await time.pass(HALT_MS)
    expect(stateOf(next.exchange)).to.equal('pre-open')
  })
})
