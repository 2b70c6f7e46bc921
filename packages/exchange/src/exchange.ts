/** A running exchange: engine, journal, market data and projections behind one door. */
import type { Catalog, Command, Engine, Event, FrameBuffer, MarketData } from '@bourse/core'
import type { Balance, CommandPort, CommandResult, Journal, Projection, SnapshotStore, StorageBeside } from '@bourse/plugin'
import { AuctionCaller, systemRandom } from './auction-caller.js'
import { createSystemClock } from './clock.js'
import type { CommittedBatch } from './committed-batch.js'
import { coreEngines, foldAll, nearestState, packState, type EngineFactory } from './engine-state.js'
import { eventHistory } from './event-history.js'
import { ExchangeReadOnlyError } from './exchange-errors.js'
import type { FramesResult } from './frames-result.js'
import { ProjectionFeed } from './projection-feed.js'
import { expectWhole, rebuildFromJournal, recover, type Recovered } from './recovery.js'
import { replay } from './replay.js'
import { SnapshotsBeside } from './snapshots-beside.js'
import { SpaceWatch, type SpaceOptions, type SpaceStatus } from './space-watch.js'
import { systemTimers, type Timers } from './timers.js'
import { Writer } from './writer.js'

export interface ExchangeOptions {
  /** Who opens journal and snapshots also closes them, after the exchange. */
  readonly journal: Journal
  readonly snapshots: SnapshotStore
  /** How another process opens the same storage: then that one makes the snapshots, and trading does not wait. Without it they are made in between two commands. */
  readonly beside?: StorageBeside
  /** Microseconds since 1970; by default the system's time. A clock that goes back is held at the last time. */
  readonly clock?: () => number
  /** Turns and pauses of the event loop; another one than the system's is for simulations. */
  readonly timers?: Timers
  /** From 0 to below 1: draws how long an auction after a halt collects orders. By default the system's chance, which nobody foresees. */
  readonly random?: () => number
  /** What follows the committed events with a cursor of its own: SQL history, for example. */
  readonly projections?: readonly Projection[]
  /** Commands between two snapshots, which bound how long a restart replays. Default 1,000,000. */
  readonly snapshotEveryCommands?: number
  /** Commands that may wait to become durable. Default 65,536; cancels have a reserve beyond it. */
  readonly maxQueue?: number
  /** Bytes of events that may wait for the slowest projection before new orders are refused. Default 32 MiB. */
  readonly maxProjectionLagBytes?: number
  /** Pause before a failed projection is tried again. Default 1,000. */
  readonly projectionRetryMs?: number
  /** Watches the disk, and refuses commands before it is full. Without it a full disk is met by the journal, and only a restart helps. */
  readonly space?: SpaceOptions
  /** Share of the replay at start, 0 to 1. */
  readonly onProgress?: (done: number) => void
  /** The writer has stopped for good: the process should end, and be started again. */
  readonly onHalt?: (error: Error) => void
  /** The journal's disk is full, or nearly: reads go on, commands are refused. */
  readonly onReadOnly?: (error: Error) => void
  readonly log?: (message: string) => void
  /** Another engine than the core's, for tests. */
  readonly engines?: EngineFactory
}

export interface ProjectionStatus {
  readonly name: string
  /** Sequence up to which it is committed. */
  readonly cursor: number
  /** Commands that it is behind. */
  readonly lag: number
  readonly waitingBytes: number
  /** Why its last transaction failed. */
  readonly error?: string
}

export interface ExchangeStatus {
  /** Sequence of the last applied command. */
  readonly sequence: number
  /** Sequence of the last command that is durable and public. */
  readonly durableSequence: number
  /** Commands that wait to become durable. */
  readonly queued: number
  /** Sequence of the newest snapshot known to this process. */
  readonly snapshotSequence: number
  readonly halted?: string
  readonly readOnly?: string
  /** Where the disk is watched. */
  readonly space?: SpaceStatus
  readonly projections: readonly ProjectionStatus[]
}

/** The engine to read from; only the writer applies. */
export type ReadableEngine = Omit<Engine, 'apply'>

export interface Exchange extends CommandPort {
  /**
   * Takes one command in names and decimal strings. Resolves when it is durable, with its events or the reject.
   *
   * Commands are taken in the order of the calls; a later one may use a name that an earlier one defines.
   *
   * @throws OverloadedError, ExchangeHaltedError, ExchangeReadOnlyError or ExchangeClosedError as a rejection: not acknowledged.
   */
  submit(command: Command): Promise<CommandResult>
  /**
   * The one door: takes a batch of command frames, which are applied together, and resolves when they are durable.
   *
   * The buffer belongs to the exchange until then. Sequence and time of each command are stamped into it. They
   * follow on without a gap, except behind a command that goes on in continuation commands, which come in between.
   *
   * @throws RangeError as a rejection when the buffer does not hold whole command frames, else as {@link Exchange.submit}.
   */
  submitFrames(frames: FrameBuffer): Promise<FramesResult>
  /** What stands now, which is at or after the last acknowledged command. */
  readonly engine: ReadableEngine
  /** Folded from durable commands only. */
  readonly marketData: MarketData
  /** Sequence of the last command that is durable and public. */
  readonly sequence: number
  /** Calls with every batch after it became durable, in order, before its promises resolve; see {@link CommittedBatch.keep}. Returns the function that stops that. */
  onCommitted(listener: (batch: CommittedBatch) => void): () => void
  /** History from a sequence on (JournalArchivedError where that has been archived), then live events without a gap; ends when the exchange is closed, throws when it halts. */
  events(fromSequence: bigint | number): AsyncIterable<Event>
  /** Resolves when every projection is committed at least up to a sequence. */
  historyReached(sequence: number): Promise<void>
  /**
   * Empties a projection and makes it again from the journal, while trading goes on.
   *
   * @throws JournalArchivedError as a rejection when the journal has lost its beginning to the archive; the projection is as it was.
   */
  rebuildProjection(projection: Projection, onProgress?: (done: number) => void): Promise<void>
  /** Makes a snapshot durable that stands for everything applied so far. */
  snapshot(): Promise<void>
  status(): ExchangeStatus
  /** Takes no more commands; makes those that were taken durable, feeds the projections and writes a snapshot. */
  close(): Promise<void>
}

/**
 * Opens an exchange: restores the newest fitting snapshot, replays the rest of the journal and starts the writer.
 *
 * @example
 * const storage = createMemoryStorage() // or: await openFileStorage('./data')
 * const exchange = await createExchange(storage)
 * await exchange.submit({ type: 'asset.define', code: 'BTC', scale: 8 })
 * await exchange.submit({ type: 'account.open', account: 'alice', kind: 'user' })
 * const result = await exchange.submit({ type: 'ledger.transfer', requestId: 'd-1', from: 'world', to: 'alice', asset: 'BTC', amount: '0.5' })
 * console.log(result.ok, exchange.balance('alice', 'BTC').available) // true 50000000n
 * await exchange.close()
 *
 * @throws JournalCorruptError when the journal is damaged, JournalBehindError when a part of it is missing.
 */
export async function createExchange(options: ExchangeOptions): Promise<Exchange> {
  const recovered = await recover({
    journal: options.journal,
    snapshots: options.snapshots,
    engines: options.engines ?? coreEngines,
    projections: options.projections ?? [],
    log: options.log ?? (() => undefined),
    onProgress: options.onProgress ?? (() => undefined),
  })
  recovered.marketData.trackDepthChanges()
  const exchange = new RunningExchange(options, recovered)
  await exchange.space?.start()
  return exchange
}

class RunningExchange implements Exchange {
  readonly marketData: MarketData
  readonly space: SpaceWatch | undefined
  private readonly journal: Journal
  private readonly snapshots: SnapshotStore
  private readonly engines: EngineFactory
  private readonly timers: Timers
  private readonly writer: Writer
  private readonly auctions: AuctionCaller
  private readonly feeds: ProjectionFeed[]
  private readonly listeners = new Set<(batch: CommittedBatch) => void>()
  private readonly endListeners = new Set<() => void>()
  private readonly snapshotEvery: number
  private readonly beside: SnapshotsBeside | undefined
  private snapshotSequence: number
  /** Where the last attempt was made: after a failure the next one waits for its turn. */
  private snapshotAttempt: number
  private writing: Promise<void> | undefined
  /** Projections that are being made from the first command on. */
  private rebuilds = 0
  private closing: Promise<void> | undefined
  private ended: true | Error | undefined

  constructor(
    private readonly options: ExchangeOptions,
    recovered: Recovered,
  ) {
    this.journal = options.journal
    this.snapshots = options.snapshots
    this.engines = options.engines ?? coreEngines
    this.timers = options.timers ?? systemTimers
    this.marketData = recovered.marketData
    this.space = options.space && new SpaceWatch(options.space, { timers: this.timers, log: (message) => this.log(message), onReadOnly: (error) => options.onReadOnly?.(error) })
    this.snapshotEvery = options.snapshotEveryCommands ?? 1_000_000
    this.beside = options.beside === undefined ? undefined : new SnapshotsBeside(options.beside)
    this.snapshotSequence = recovered.startedAt
    this.snapshotAttempt = recovered.startedAt
    this.feeds = (options.projections ?? []).map((projection) => this.feedFor(projection, recovered.engine.sequence))
    const maxLagBytes = options.maxProjectionLagBytes ?? 32 << 20
    const clock = options.clock ?? createSystemClock()
    this.writer = new Writer({
      engine: recovered.engine,
      journal: options.journal,
      clock,
      timers: this.timers,
      maxQueue: options.maxQueue ?? 65_536,
      pressure: () => this.feeds.reduce((most, feed) => Math.max(most, feed.waitingBytes / maxLagBytes), 0),
      refusal: () => this.space?.refusal,
      onCommit: (batch) => this.commit(batch),
      onStop: (error) => this.stop(error),
    })
    this.auctions = new AuctionCaller({
      engine: () => this.writer.engine,
      submit: (command) => this.writer.submit(command),
      timers: this.timers,
      clock,
      random: options.random ?? systemRandom,
      log: (message) => this.log(message),
    })
    this.auctions.start()
  }

  get engine(): ReadableEngine {
    return this.writer.engine
  }

  get catalog(): Catalog {
    return this.writer.engine.catalog
  }

  get sequence(): number {
    return this.writer.committedSequence
  }

  submit(command: Command): Promise<CommandResult> {
    return this.writer.submit(command)
  }

  submitFrames(frames: FrameBuffer): Promise<FramesResult> {
    return this.writer.submitFrames(frames)
  }

  balance(account: string, asset: string): Balance {
    const accountId = this.catalog.accountByName(account)
    const assetSpec = this.catalog.assetByCode(asset)
    if (accountId === undefined || assetSpec === undefined) return { available: 0n, held: 0n }
    return this.engine.balance(accountId, assetSpec.id)
  }

  onCommitted(listener: (batch: CommittedBatch) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  events(fromSequence: bigint | number): AsyncIterable<Event> {
    const source = {
      journal: this.journal,
      snapshots: this.snapshots,
      engines: this.engines,
      timers: this.timers,
      log: (message: string) => this.log(message),
      committed: () => this.writer.committedSequence,
      onCommitted: (listener: (batch: CommittedBatch) => void) => this.onCommitted(listener),
      ended: () => this.ended,
      onEnded: (listener: () => void) => {
        this.endListeners.add(listener)
        return () => void this.endListeners.delete(listener)
      },
    }
    return eventHistory(source, Math.max(1, Number(fromSequence)))
  }

  async historyReached(sequence: number): Promise<void> {
    for (const feed of this.feeds) await feed.reached(sequence)
  }

  async rebuildProjection(projection: Projection, onProgress?: (done: number) => void): Promise<void> {
    const feed = this.feeds.find((candidate) => candidate.projection === projection)
    expectWhole(this.journal)
    this.rebuilds++
    await feed?.pause()
    let cursor = 0
    try {
      cursor = await rebuildFromJournal(projection, { journal: this.journal, engines: this.engines, target: () => this.writer.committedSequence, ...(onProgress && { onProgress }) })
    } finally {
      this.rebuilds--
      feed?.resume(cursor)
    }
  }

  /** Concurrent calls share the snapshot that is being written, unless commands came in between. */
  async snapshot(): Promise<void> {
    const wanted = this.writer.engine.sequence
    while (this.writing !== undefined) await this.writing.catch(() => undefined)
    if (this.snapshotSequence >= wanted) return
    this.writing = this.writeSnapshot().finally(() => (this.writing = undefined))
    await this.writing
  }

  private async writeSnapshot(): Promise<void> {
    await this.makeSnapshot()
    await this.archiveJournal()
  }

  /** Lets the journal put away what neither the kept snapshots nor any projection needs. */
  private async archiveJournal(): Promise<void> {
    const { journal, snapshots } = this
    if (journal.archiveBelow === undefined || snapshots.oldestSequence === undefined || this.rebuilds > 0) return
    try {
      const kept = await snapshots.oldestSequence()
      await journal.archiveBelow(Math.min(kept, ...this.feeds.map(({ cursor }) => cursor)) + 1)
    } catch (error) {
      this.log(`Old files of the journal could not be put away: ${error instanceof Error ? error.message : String(error)}. They stay; it is tried again after the next snapshot.`)
    }
  }

  private async makeSnapshot(): Promise<void> {
    const { sequence } = this.writer.engine
    this.snapshotAttempt = sequence
    // When trading is over nobody minds a pause.
    if (this.beside === undefined || this.closing !== undefined) return this.writeSnapshotHere(sequence)
    await this.durable()
    try {
      this.snapshotSequence = await this.beside.take(sequence)
    } catch (error) {
      if (this.closing === undefined) this.log(`The process beside the exchange made no snapshot: ${error instanceof Error ? error.message : String(error)}. It is made here instead.`)
      this.snapshotAttempt = this.writer.engine.sequence
      await this.writeSnapshotHere(this.snapshotAttempt)
    }
  }

  /** The engine's part is taken now, market data's when it has folded as much; only then is it durable in the journal and may be kept. */
  private async writeSnapshotHere(sequence: number): Promise<void> {
    const engineParts = this.writer.engine.snapshot()
    const parts = await this.durable(() => packState(engineParts, this.marketData.snapshot()))
    await this.snapshots.write(sequence, parts)
    this.snapshotSequence = sequence
  }

  /** Does something at the moment when everything applied so far is durable and nothing later is public. */
  private durable(): Promise<void>
  private durable<T>(act: () => T): Promise<T>
  private durable<T>(act?: () => T): Promise<T | void> {
    return new Promise((resolve, reject) => {
      this.writer.whenCommitted((failure) => (failure === undefined ? resolve(act?.()) : reject(failure)))
    })
  }

  status(): ExchangeStatus {
    const { engine, committedSequence, pending, stopped } = this.writer
    return {
      sequence: engine.sequence,
      durableSequence: committedSequence,
      queued: pending,
      snapshotSequence: this.snapshotSequence,
      ...(stopped !== undefined && (stopped instanceof ExchangeReadOnlyError ? { readOnly: stopped.message } : { halted: stopped.message })),
      ...(stopped === undefined && this.space?.refusal !== undefined && { readOnly: this.space.refusal.message }),
      ...(this.space !== undefined && { space: this.space.status }),
      projections: this.feeds.map((feed) => ({
        name: feed.projection.name,
        cursor: feed.cursor,
        lag: committedSequence - feed.cursor,
        waitingBytes: feed.waitingBytes,
        ...(feed.error !== undefined && { error: feed.error.message }),
      })),
    }
  }

  close(): Promise<void> {
    this.closing ??= this.finish()
    return this.closing
  }

  private async finish(): Promise<void> {
    this.auctions.close()
    this.space?.close()
    await this.writer.close()
    await Promise.all(this.feeds.map((feed) => feed.close()))
    await this.beside?.close()
    // What is left of a nearly full disk is not for snapshots.
    if (this.writer.stopped === undefined && this.space?.refusal === undefined) {
      await this.snapshot().catch((error: unknown) => this.log(`The closing snapshot was not written: ${String(error)}. The next start replays the journal instead.`))
    }
    this.end(true)
  }

  private commit(batch: CommittedBatch): void {
    foldAll(this.marketData, batch.events)
    this.auctions.observe()
    for (const feed of this.feeds) feed.push(batch)
    for (const listener of this.listeners) {
      try {
        listener(batch)
      } catch (error) {
        this.log(`A listener failed on the events up to sequence ${batch.lastSequence}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      }
    }
    if (batch.lastSequence - this.snapshotAttempt >= this.snapshotEvery && this.writing === undefined) {
      this.snapshot().catch((error: unknown) => this.log(`A snapshot was not written: ${String(error)}. The one before stays; the next is tried later.`))
    }
  }

  private stop(error: Error): void {
    this.log(error.message)
    if (error instanceof ExchangeReadOnlyError) {
      void this.forgetUnacknowledged()
      this.options.onReadOnly?.(error)
    } else {
      this.end(error)
      this.options.onHalt?.(error)
    }
  }

  /** The engine has applied commands that never became durable: what is served from now on is made from the journal alone. */
  private async forgetUnacknowledged(): Promise<void> {
    try {
      const { engine } = await nearestState({ snapshots: this.snapshots, engines: this.engines, atMost: this.journal.lastSequence, log: (message) => this.log(message) })
      for await (const batch of replay(engine, this.journal)) void batch
      this.writer.engine = engine
    } catch (error) {
      this.log(`The state of the acknowledged commands could not be restored: ${String(error)}. Balances and orders may show commands that were not acknowledged.`)
    }
  }

  private end(how: true | Error): void {
    if (this.ended !== undefined) return
    this.ended = how
    for (const listener of this.endListeners) listener()
    this.endListeners.clear()
  }

  private feedFor(projection: Projection, cursor: number): ProjectionFeed {
    return new ProjectionFeed(projection, cursor, {
      catalog: () => this.writer.engine.catalog,
      retryMs: this.options.projectionRetryMs ?? 1000,
      timers: this.timers,
      log: (message) => this.log(message),
    })
  }

  private log(message: string): void {
    this.options.log?.(message)
  }
}
