/** The exchange as it runs: the writer and everything that follows what it has committed. */
import type { Catalog, Command, Event, FrameBuffer, MarketData } from '@bourse/core'
import type { Balance, CommandResult, JournalBatch, Projection } from '@bourse/plugin'
import { AuctionCaller, systemRandom } from './auction-caller.js'
import { createSystemClock } from './clock.js'
import type { CommittedBatch } from './committed-batch.js'
import { balanceOf, coreEngines, nearestState, packState, type EngineFactory, type ReadableEngine } from './engine-state.js'
import { eventHistory } from './event-history.js'
import type { Exchange } from './exchange.js'
import { ExchangeReadOnlyError } from './exchange-errors.js'
import type { ExchangeOptions } from './exchange-options.js'
import type { ExchangeStatus } from './exchange-status.js'
import type { FramesResult } from './frames-result.js'
import { ProjectionFeed } from './projection-feed.js'
import { expectWhole, rebuildFromJournal, type Recovered } from './recovery.js'
import { replay } from './replay.js'
import { SnapshotKeeper } from './snapshot-keeper.js'
import { SpaceWatch } from './space-watch.js'
import { systemTimers, type Timers } from './timers.js'
import { Writer } from './writer.js'

export class RunningExchange implements Exchange {
  readonly marketData: MarketData
  readonly space: SpaceWatch | undefined
  private readonly engines: EngineFactory
  private readonly timers: Timers
  private readonly writer: Writer
  private readonly auctions: AuctionCaller
  private readonly feeds: ProjectionFeed[]
  private readonly listeners = new Set<(batch: CommittedBatch) => void>()
  private readonly endListeners = new Set<() => void>()
  private readonly snapshots: SnapshotKeeper
  private closing: Promise<void> | undefined
  private ended: true | Error | undefined

  constructor(
    private readonly options: ExchangeOptions,
    recovered: Recovered,
  ) {
    this.engines = options.engines ?? coreEngines
    this.timers = options.timers ?? systemTimers
    this.marketData = recovered.marketData
    this.space = options.space && new SpaceWatch(options.space, { timers: this.timers, log: (message) => this.log(message), onReadOnly: (error) => options.onReadOnly?.(error) })
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
    this.snapshots = new SnapshotKeeper({
      journal: options.journal,
      snapshots: options.snapshots,
      timers: this.timers,
      engine: () => this.writer.engine,
      marketData: this.marketData,
      feeds: this.feeds,
      durable: (act) => this.durable(act),
      every: options.snapshotEveryCommands ?? 1_000_000,
      startedAt: recovered.startedAt,
      log: (message) => this.log(message),
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
    return balanceOf(this.engine, account, asset)
  }

  onCommitted(listener: (batch: CommittedBatch) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  events(fromSequence: bigint | number): AsyncIterable<Event> {
    const source = {
      journal: this.options.journal,
      snapshots: this.options.snapshots,
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

  async state(give: (state: { readonly sequence: number; readonly parts: readonly Uint8Array[] }) => void): Promise<void> {
    const { engine } = this.writer
    const { sequence } = engine
    const engineParts = engine.snapshot()
    await this.durable(() => give({ sequence, parts: packState(engineParts, this.marketData.snapshot()) }))
  }

  commands(fromSequence: number): AsyncIterable<JournalBatch> {
    return this.options.journal.read(fromSequence)
  }

  async historyReached(sequence: number): Promise<void> {
    for (const feed of this.feeds) await feed.reached(sequence)
  }

  async rebuildProjection(projection: Projection, onProgress?: (done: number) => void): Promise<void> {
    const feed = this.feeds.find((candidate) => candidate.projection === projection)
    const { journal } = this.options
    expectWhole(journal)
    await this.snapshots.keepingJournal(async () => {
      await feed?.pause()
      let cursor = 0
      try {
        cursor = await rebuildFromJournal(projection, { journal, engines: this.engines, target: () => this.writer.committedSequence, ...(onProgress && { onProgress }) })
      } finally {
        feed?.resume(cursor)
      }
    })
  }

  snapshot(): Promise<void> {
    return this.snapshots.take()
  }

  /** Does something at the moment when everything applied so far is durable and nothing later is public. */
  private durable<T>(act: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.writer.whenCommitted((failure) => (failure === undefined ? resolve(act()) : reject(failure)))
    })
  }

  status(): ExchangeStatus {
    const { engine, committedSequence, pending, stopped } = this.writer
    return {
      sequence: engine.sequence,
      durableSequence: committedSequence,
      queued: pending,
      snapshotSequence: this.snapshots.sequence,
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
    this.snapshots.closing = true
    this.closing ??= this.finish()
    return this.closing
  }

  private async finish(): Promise<void> {
    this.auctions.close()
    this.space?.close()
    await this.writer.close()
    await Promise.all(this.feeds.map((feed) => feed.close()))
    // What is left of a nearly full disk is not for snapshots.
    if (this.writer.stopped === undefined && this.space?.refusal === undefined) {
      await this.snapshot().catch((error: unknown) => this.log(`The closing snapshot was not written: ${String(error)}. The next start replays the journal instead.`))
    }
    this.end(true)
  }

  private commit(batch: CommittedBatch): void {
    this.marketData.foldAll(batch.events)
    this.auctions.observe()
    for (const feed of this.feeds) feed.push(batch)
    for (const listener of this.listeners) {
      try {
        listener(batch)
      } catch (error) {
        this.log(`A listener failed on the events up to sequence ${batch.lastSequence}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      }
    }
    this.snapshots.committed(batch.lastSequence)
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
      const { journal, snapshots } = this.options
      const { engine } = await nearestState({ snapshots, engines: this.engines, atMost: journal.lastSequence, log: (message) => this.log(message) })
      for await (const batch of replay(engine, journal)) void batch
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
