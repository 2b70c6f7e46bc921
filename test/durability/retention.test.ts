/** An exchange that puts its old journal files away: what still works, and what is refused with a word. */
import { expect } from 'chai'
import { decodeEvents, FrameBuffer, hashParts, type Event } from '@bourse/core'
import { createExchange, type Exchange } from '@bourse/exchange'
import { openFileStorage, openSnapshotFiles, type Storage } from '@bourse/journal-file'
import { SimulatedDisk } from '@bourse/journal-file/testing'
import { JournalArchivedError, type Projection } from '@bourse/plugin'
import { RandomCommands, SeededRandom } from '@bourse/testkit'
import { digestOf } from '../simulation/model.js'
import { nextFrames } from '../simulation/random-requests.js'
import { newSeed } from './seeds.js'

/** A digest of all events, with a cursor; `stalled` fails every transaction. */
class DigestProjection implements Projection {
  readonly name = 'digest'
  committed = 0
  digest = ''
  resets = 0
  stalled = false

  async cursor(): Promise<number> {
    return this.committed
  }

  async apply(events: readonly Event[], throughSequence: number): Promise<void> {
    if (this.stalled) throw new Error('the database is away')
    this.digest = digestOf(this.digest, events)
    this.committed = throughSequence
  }

  async reset(): Promise<void> {
    this.resets++
    this.committed = 0
    this.digest = ''
  }
}

class Venue {
  readonly disk = new SimulatedDisk()
  readonly projection = new DigestProjection()
  readonly log: string[] = []
  storage!: Storage
  exchange!: Exchange
  private readonly commands: RandomCommands
  private readonly random: SeededRandom

  constructor(seed: number) {
    this.commands = new RandomCommands({ seed })
    this.random = new SeededRandom(seed)
  }

  async open(archive: string, projection: Projection = this.projection): Promise<void> {
    this.storage = await openFileStorage('/data', { files: this.disk, firstSegmentBytes: 4096, maxSegmentBytes: 8192, archive })
    this.exchange = await createExchange({ ...this.storage, projections: [projection], projectionRetryMs: 5, snapshotEveryCommands: 200, log: (line) => this.log.push(line) })
  }

  async trade(commands: number): Promise<void> {
    for (let sent = 0; sent < commands; ) {
      const { bytes, count } = nextFrames(this.commands, this.random, 20)
      sent += count
      const result = await this.exchange.submitFrames(FrameBuffer.from(bytes)).catch((error: unknown) => {
        if (error instanceof RangeError) return undefined
        throw error
      })
      for (const event of result === undefined ? [] : decodeEvents(result.events)) this.commands.observe(event)
    }
  }

  async close(): Promise<void> {
    await this.exchange.close()
    await this.storage.close()
  }
}

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => undefined, (error: unknown) => error)
}

describe('An exchange that archives', function () {
  this.timeout(60_000)
  const seed = newSeed()
  let venue: Venue
  beforeEach(async () => {
    venue = new Venue(seed)
    await venue.open('/archive')
    await venue.trade(1500)
  })

  it(`starts without what it has put away, and says what cannot be made from it (seed ${seed})`, async () => {
    await venue.close()
    const { exchange, projection } = venue
    const hash = exchange.engine.stateHash()
    await venue.open('/archive')
    const first = venue.storage.journal.firstSequence!
    expect(first).to.be.greaterThan(300)
    expect(venue.exchange.engine.stateHash()).to.equal(hash)

    const { digest } = projection
    expect(await refusal(venue.exchange.rebuildProjection(projection))).to.be.instanceOf(JournalArchivedError).and.include({ firstSequence: first })
    expect(projection).to.include({ digest, resets: 0 })
    expect(await refusal(venue.exchange.events(1)[Symbol.asyncIterator]().next())).to.be.instanceOf(JournalArchivedError)
    await venue.trade(50)
    await venue.close()

    const empty = await refusal(venue.open('/archive', new DigestProjection()))
    expect(empty).to.be.instanceOf(JournalArchivedError)
    expect(venue.log.at(-1)).to.contain('"digest" stands at sequence 0')
  })

  it('has everything again when the archive is put back', async () => {
    await venue.close()
    const { digest } = venue.projection
    const archived = await venue.disk.list('/archive')
    expect(archived.length).to.be.greaterThan(2)
    for (const name of archived) await venue.disk.rename(`/archive/${name}`, `/data/journal/${name}`)
    await venue.disk.remove('/data/journal/beginning.json')
    await venue.open('keep')
    await venue.exchange.rebuildProjection(venue.projection)
    expect(venue.projection).to.include({ digest, resets: 1 })
    await venue.close()
  })

  it('puts nothing away that a projection still needs, neither commands nor the snapshot before them', async () => {
    await venue.exchange.historyReached(venue.exchange.sequence)
    venue.projection.stalled = true
    const cursor = venue.projection.committed
    await venue.trade(1500)
    expect(venue.storage.journal.firstSequence!).to.be.at.most(cursor + 1)
    const snapshot = refusal(venue.exchange.snapshot())
    await venue.close()
    expect(await snapshot).to.be.instanceOf(Error).with.property('message').that.contains(`"digest" stands at sequence ${cursor}`)
    venue.projection.stalled = false
    await venue.open('/archive')
    expect(venue.projection).to.include({ committed: venue.exchange.sequence, resets: 0 })
    await venue.exchange.historyReached(venue.exchange.sequence)
    await venue.trade(300)
    await venue.exchange.snapshot()
    await venue.exchange.snapshot()
    await venue.close()
    expect(venue.storage.journal.firstSequence!).to.be.greaterThan(cursor)
  })

  it('closes with a snapshot that later versions read', async () => {
    await venue.exchange.snapshot()
    await venue.close()
    const snapshots = await openSnapshotFiles('/data/snapshots', { files: venue.disk, keep: 2 })
    for await (const { parts } of snapshots.read((file) => { throw new Error(file) })) {
      const [, count] = new Float64Array(parts[0]!.slice().buffer)
      expect(hashParts(parts.slice(1, 1 + count!))).to.equal(venue.exchange.engine.stateHash())
      return
    }
    throw new Error('There is no snapshot.')
  })
})
