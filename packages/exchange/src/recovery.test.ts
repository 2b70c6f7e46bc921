/** Tests of restarts: the state after is the state before, from snapshots and without. */
import { expect } from 'chai'
import { createEngine, restoreEngine, type Engine } from '@bourse/core'
import type { SnapshotStore } from '@bourse/plugin'
import { expectZeroSums } from '@bourse/testkit'
import { createExchange } from './create-exchange.js'
import type { Exchange } from './exchange.js'
import type { ExchangeOptions } from './exchange-options.js'
import { JournalBehindError } from './exchange-errors.js'
import { createMemoryStorage } from './memory-storage.js'
import { GatedJournal } from './testing/gated-journal.js'
import { rejection, seededRandom, setUpMarket, trade } from './testing/market.js'
import { MemoryProjection } from './testing/memory-projection.js'

type Storage = Pick<ExchangeOptions, 'journal' | 'snapshots'>

async function traded(storage: Storage, count: number, more: Partial<ExchangeOptions> = {}): Promise<Exchange> {
  const exchange = await createExchange({ ...storage, ...more })
  if (exchange.sequence === 0) await setUpMarket(exchange)
  await trade(exchange, seededRandom(count), count)
  return exchange
}

function facts(exchange: Exchange): unknown {
  return {
    sequence: exchange.sequence,
    hash: exchange.engine.stateHash(),
    marketData: exchange.marketData.snapshot().map((part) => Buffer.from(part).toString('hex')),
  }
}

const noSnapshots: SnapshotStore = { write: async () => undefined, read: async function* () {} }

describe('exchange recovery', () => {
  it('stands after a restart where it stood before, with snapshots, without, and with damaged ones', async () => {
    const storage = createMemoryStorage()
    const exchange = await traded(storage, 3000, { snapshotEveryCommands: 700 })
    const before = facts(exchange)
    expect(exchange.status().snapshotSequence).to.be.greaterThan(1000)
    const damaged: SnapshotStore = {
      write: async () => undefined,
      read: async function* (onCorrupt) {
        onCorrupt('newest.snapshot', 'a flipped bit')
        for await (const { sequence, parts } of storage.snapshots.read(onCorrupt)) yield { sequence, parts: [parts[0]!.slice(8), ...parts.slice(1)] }
      },
    }
    const logged: string[] = []
    for (const snapshots of [storage.snapshots, noSnapshots, damaged]) {
      const again = await createExchange({ journal: storage.journal, snapshots, log: (message) => logged.push(message) })
      expect(facts(again)).to.deep.equal(before)
      expectZeroSums(again.engine)
    }
    expect(logged.join('\n')).to.contain('newest.snapshot').and.contain('The journal is replayed instead')
  })

  it('replays nothing after an orderly close', async () => {
    const storage = createMemoryStorage()
    const exchange = await traded(storage, 500)
    const before = facts(exchange)
    await exchange.close()
    const journal = new GatedJournal(storage.journal)
    const reads: number[] = []
    journal.read = (from) => {
      reads.push(from)
      return storage.journal.read(from)
    }
    const again = await createExchange({ journal, snapshots: storage.snapshots })
    expect(facts(again)).to.deep.equal(before)
    expect(reads).to.deep.equal([exchange.sequence + 1])
  })

  it('takes a snapshot in the middle of trading that stands for one sequence in all its parts', async () => {
    const storage = { ...createMemoryStorage(), journal: new GatedJournal() }
    // Time stands still: what comes later waits for the disk.
    const exchange = await traded(storage, 200, { clock: () => 1_700_000_000_000_000 })
    const random = seededRandom(9)
    for (let round = 0; round < 10; round++) {
      storage.journal.hold()
      const trading = trade(exchange, random, 50)
      await new Promise((resolve) => setImmediate(resolve))
      const snapshot = exchange.snapshot()
      const more = trade(exchange, random, 50)
      await new Promise((resolve) => setImmediate(resolve))
      storage.journal.release()
      await Promise.all([trading, snapshot, more])
      const again = await createExchange(storage)
      expect(again.status().snapshotSequence).to.equal(exchange.status().snapshotSequence).and.be.lessThan(exchange.sequence)
      expect(facts(again)).to.deep.equal(facts(exchange))
    }
  })

  it('trades without snapshots where the system gives no memory for them', async () => {
    const log: string[] = []
    const create = (): Engine => {
      const engine = createEngine()
      engine.prepareImage = () => {
        throw new RangeError('Array buffer allocation failed')
      }
      return engine
    }
    const exchange = await traded(createMemoryStorage(), 200, { engines: { create, restore: restoreEngine }, log: (line) => log.push(line) })
    expect(exchange.sequence).to.be.greaterThan(200)
    expect(log).to.have.lengthOf(1)
    expect(log[0]).to.contain('not enough memory').and.contain('allocation failed')
    expect((await rejection(exchange.snapshot())).message).to.contain('allocation failed')
  })

  it('tells the progress of a replay from 0 to 1', async () => {
    const storage = createMemoryStorage()
    await traded(storage, 10_000, { snapshotEveryCommands: Infinity })
    const progress: number[] = []
    await createExchange({ ...storage, onProgress: (done) => progress.push(done) })
    expect(progress).to.deep.equal([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).to.equal(1)
    expect(progress.length).to.be.greaterThan(1)
  })

  it('goes on with the sequence after the last one', async () => {
    const storage = createMemoryStorage()
    const before = (await traded(storage, 100)).sequence
    const again = await createExchange(storage)
    expect((await again.submit({ type: 'order.cancel-all', account: 'alice' })).sequence).to.equal(before + 1)
  })

  it('makes up in a projection what it lacks, from any cursor, also behind the snapshots', async () => {
    const storage = createMemoryStorage()
    const projection = new MemoryProjection()
    const cursors: [number, string][] = []
    let exchange = await traded(storage, 400, { projections: [projection] })
    for (let round = 0; round < 3; round++) {
      await exchange.close()
      cursors.push([projection.committed, projection.digest])
      exchange = await traded(storage, 400, { projections: [projection] })
    }
    await exchange.close()
    expect(projection.committed).to.equal(exchange.sequence)
    for (const [cursor, digest] of [[0, ''] as const, ...cursors]) {
      const behind = new MemoryProjection()
      behind.committed = cursor
      behind.digest = digest
      const again = await createExchange({ ...storage, projections: [behind] })
      expect(behind).to.include({ committed: exchange.sequence, digest: projection.digest })
      expect(facts(again)).to.deep.equal(facts(exchange))
    }
  })

  it('refuses to start when a projection or a snapshot has seen more than the journal holds', async () => {
    const storage = createMemoryStorage()
    const exchange = await traded(storage, 100)
    await exchange.close()
    const projection = new MemoryProjection()
    projection.committed = exchange.sequence + 1
    const ahead = await rejection(createExchange({ ...storage, projections: [projection] }))
    expect(ahead).to.be.instanceOf(JournalBehindError).and.include({ journalSequence: exchange.sequence, otherSequence: exchange.sequence + 1 })
    expect(ahead.message).to.contain('"memory"').and.contain('Restore')
    expect(await rejection(createExchange({ journal: createMemoryStorage().journal, snapshots: storage.snapshots }))).to.be.instanceOf(JournalBehindError)
  })
})
