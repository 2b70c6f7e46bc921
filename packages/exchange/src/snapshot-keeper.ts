/** Takes the snapshots of a running exchange, and lets the journal put away what they have made needless. */
import { ImageMemory, type MarketData } from '@bourse/core'
import type { Journal, SnapshotStore } from '@bourse/plugin'
import { packState, type ReadableEngine } from './engine-state.js'
import type { ProjectionFeed } from './projection-feed.js'
import type { Timers } from './timers.js'

export interface SnapshotKeeperOptions {
  readonly journal: Journal
  readonly snapshots: SnapshotStore
  readonly timers: Timers
  readonly engine: () => ReadableEngine
  readonly marketData: MarketData
  readonly feeds: readonly ProjectionFeed[]
  /** Does something at the moment when everything applied so far is durable and nothing later is public. */
  readonly durable: <T>(act: () => T) => Promise<T>
  /** Commands between two snapshots. */
  readonly every: number
  /** Sequence of the snapshot that the exchange started from, or 0. */
  readonly startedAt: number
  readonly log: (message: string) => void
}

export class SnapshotKeeper {
  /** Of the newest snapshot known to this process. */
  sequence: number
  /** The exchange ends: what is taken now is what its next start finds. */
  closing = false
  /** Where snapshots are taken into. */
  private readonly engineMemory = new ImageMemory()
  private readonly marketDataMemory = new ImageMemory()
  /** Where the last attempt was made: after a failure the next one waits for its turn. */
  private attempt: number
  private writing: Promise<void> | undefined
  /** Projections that are being made from the first command on. */
  private readers = 0

  constructor(private readonly options: SnapshotKeeperOptions) {
    this.sequence = options.startedAt
    this.attempt = options.startedAt
    this.makeRoom()
  }

  /** Concurrent calls share the snapshot that is being written, unless commands came in between. */
  async take(): Promise<void> {
    const wanted = this.options.engine().sequence
    while (this.writing !== undefined) await this.writing.catch(() => undefined)
    if (this.sequence >= wanted && !this.leavesToLaterVersions) return
    this.writing = this.write().finally(() => (this.writing = undefined))
    await this.writing
  }

  /** Takes one in the background where it is time for it. */
  committed(lastSequence: number): void {
    if (lastSequence - this.attempt < this.options.every || this.writing !== undefined) return
    this.take().catch((error: unknown) => this.options.log(`A snapshot was not written: ${String(error)}. The one before stays; the next is tried later.`))
  }

  /** Leaves the whole journal where it is while somebody reads it from the beginning. */
  async keepingJournal<T>(work: () => Promise<T>): Promise<T> {
    this.readers++
    try {
      return await work()
    } finally {
      this.readers--
    }
  }

  private async write(): Promise<void> {
    await this.make()
    await this.archiveJournal()
  }

  /** Lets the journal put away what neither the kept snapshots nor any projection needs. */
  private async archiveJournal(): Promise<void> {
    const { journal, snapshots, feeds, log } = this.options
    if (journal.archiveBelow === undefined || snapshots.oldestSequence === undefined || this.readers > 0) return
    try {
      const kept = await snapshots.oldestSequence()
      // A projection behind the oldest snapshot is fed from the first command.
      if (feeds.every(({ cursor }) => cursor >= kept)) await journal.archiveBelow(kept + 1)
    } catch (error) {
      log(`Old files of the journal could not be put away: ${error instanceof Error ? error.message : String(error)}. They stay; it is tried again after the next snapshot.`)
    }
  }

  /** The engine's part is taken now, market data's when it has folded as much; only then is it durable in the journal and may be kept. */
  private async make(): Promise<void> {
    const engine = this.options.engine()
    const { marketData, snapshots, durable } = this.options
    await this.expectFed()
    await this.prepare(engine)
    const { sequence } = engine
    this.attempt = sequence
    const engineParts = this.leavesToLaterVersions ? engine.snapshot() : engine.image(this.engineMemory)
    const parts = await durable(() => packState(engineParts, marketData.snapshot(this.marketDataMemory)))
    await snapshots.write(sequence, parts)
    this.sequence = sequence
  }

  /**
   * Waits, where the journal is not whole any more, until every projection has passed the newest snapshot: one more
   * might be the end of the last one that they can be fed from after a crash.
   */
  private async expectFed(): Promise<void> {
    if (!this.isArchived) return
    for (const feed of this.options.feeds) {
      await feed.reached(this.sequence)
      if (feed.cursor < this.sequence) throw new Error(`the projection "${feed.projection.name}" stands at sequence ${feed.cursor}, before the snapshot at ${this.sequence}, and older commands have been archived`)
    }
  }

  private get isArchived(): boolean {
    return (this.options.journal.firstSequence ?? 1) > 1
  }

  /** Whether the last snapshot is taken of a journal that is not whole any more: it must be one that other versions of the program can start from. */
  private get leavesToLaterVersions(): boolean {
    return this.closing && this.isArchived
  }

  /** Allocates what the first snapshot will need at the start, when a garbage collection that comes of it disturbs nobody. */
  private makeRoom(): void {
    try {
      for (const steps of this.preparation(this.options.engine())) steps[Symbol.iterator]().next()
    } catch (error) {
      this.options.log(`There is not enough memory to take snapshots: ${String(error)}. It is tried again for each of them.`)
    }
  }

  private preparation(engine: ReadableEngine): Iterable<void>[] {
    return [engine.prepareImage(this.engineMemory), this.options.marketData.prepareSnapshot(this.marketDataMemory)]
  }

  /** Gets memory, a little in each turn of the event loop, so that trading pauses for no longer than a copy takes. */
  private async prepare(engine: ReadableEngine): Promise<void> {
    const { timers } = this.options
    for (const steps of this.preparation(engine)) {
      for (const step of steps) await new Promise<void>((resolve) => timers.nextTurn(() => resolve(step)))
    }
  }
}
