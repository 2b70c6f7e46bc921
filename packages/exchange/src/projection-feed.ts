/** Feeds one projection with committed events, behind the writer and at the projection's own speed. */
import { decodeFrame, type Catalog, type Event } from '@bourse/core'
import type { Projection } from '@bourse/plugin'
import type { CommittedBatch, EventBatch } from './committed-batch.js'
import type { Timers } from './timers.js'

/** Event bytes that one transaction of a projection takes, unless a single batch is larger. */
const BYTES_PER_APPLY = 256 * 1024
/** How long events are gathered before a transaction, unless somebody waits for them or enough are there: a transaction costs the same for one row and for a hundred. */
const GATHER_MS = 100

export interface ProjectionFeedOptions {
  readonly catalog: () => Catalog
  /** Pause after a failed transaction. */
  readonly retryMs: number
  readonly timers: Timers
  readonly log: (message: string) => void
}

export class ProjectionFeed {
  private queue: EventBatch[] = []
  private working: Promise<void> | undefined
  private pauses = 0
  private closing = false
  /** Ends the pause after a failure early. */
  private stopWaiting: () => void = () => undefined
  /** Ends the gathering early. */
  private hurry: () => void = () => undefined
  private waiters: { sequence: number; resolve: () => void }[] = []
  /** Bytes of events that wait. */
  waitingBytes = 0
  /** Why the last transaction failed; undefined again after the next one that succeeds. */
  error: Error | undefined

  constructor(
    readonly projection: Projection,
    /** Sequence up to which the projection is committed. */
    private committed: number,
    private readonly options: ProjectionFeedOptions,
  ) {}

  get cursor(): number {
    return this.committed
  }

  /** Takes the next batch; one that the projection has already is left out. */
  push(batch: CommittedBatch): void {
    if (this.pauses > 0 || batch.lastSequence <= this.committed || this.closing) return
    batch.keep()
    this.queue.push(batch)
    this.waitingBytes += batch.events.length
    if (this.waitingBytes >= BYTES_PER_APPLY) this.hurry()
    this.working ??= this.work()
  }

  /** Resolves when the projection is committed at least up to a sequence, or is fed no more. */
  reached(sequence: number): Promise<void> {
    if (this.committed >= sequence || this.closing) return Promise.resolve()
    this.hurry()
    return new Promise((resolve) => this.waiters.push({ sequence, resolve }))
  }

  /** Stops feeding and forgets what waits, for somebody who is about to rebuild the projection from the journal. */
  async pause(): Promise<void> {
    this.pauses++
    this.clear()
    this.hurry()
    await this.working
  }

  /** Goes on behind a sequence that the projection has been brought to. */
  resume(cursor: number): void {
    this.pauses--
    this.advance(cursor)
  }

  /** Feeds what waits, then stops; gives up on a projection that fails: its next start makes up for it from the journal. */
  async close(): Promise<void> {
    this.closing = true
    this.stopWaiting()
    this.hurry()
    await this.working
    for (const { resolve } of this.waiters.splice(0)) resolve()
  }

  private async work(): Promise<void> {
    while (this.queue.length > 0 && this.pauses === 0) {
      await this.gather()
      if (this.queue.length === 0) break
      const taken = this.take()
      const last = taken.at(-1)!.lastSequence
      try {
        await this.projection.apply(eventsAfter(taken, this.committed), last, this.options.catalog())
        this.error = undefined
        this.advance(last)
      } catch (error) {
        this.error = error instanceof Error ? error : new Error(String(error))
        this.options.log(`The projection "${this.projection.name}" failed at sequence ${this.committed + 1}: ${this.error.message}. It is tried again; trading goes on until too much waits.`)
        if (this.closing) break
        await this.recover()
      }
    }
    this.working = undefined
  }

  private async gather(): Promise<void> {
    if (this.waiters.length > 0 || this.waitingBytes >= BYTES_PER_APPLY || this.closing) return
    await new Promise<void>((resolve) => {
      const cancel = this.options.timers.after(GATHER_MS, resolve)
      this.hurry = () => {
        cancel()
        resolve()
      }
    })
    this.hurry = () => undefined
  }

  /** Waits a while and asks how far the projection came: the failed transaction may have been committed after all. */
  private async recover(): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.options.timers.after(this.options.retryMs, resolve, false)
      this.stopWaiting = () => {
        cancel()
        resolve()
      }
    })
    const cursor = await this.projection.cursor().catch(() => undefined)
    if (cursor === undefined || this.pauses > 0 || cursor <= this.committed) return
    this.error = undefined
    this.advance(cursor)
  }

  private take(): EventBatch[] {
    let bytes = 0
    const end = this.queue.findIndex((batch) => (bytes += batch.events.length) > BYTES_PER_APPLY)
    return this.queue.slice(0, end < 0 ? this.queue.length : Math.max(1, end))
  }

  private advance(cursor: number): void {
    this.committed = cursor
    const kept = this.queue.findIndex((batch) => batch.lastSequence > cursor)
    for (const batch of this.queue.splice(0, kept < 0 ? this.queue.length : kept)) this.waitingBytes -= batch.events.length
    const reached = this.waiters.filter(({ sequence }) => sequence <= cursor)
    if (reached.length === 0) return
    this.waiters = this.waiters.filter(({ sequence }) => sequence > cursor)
    for (const { resolve } of reached) resolve()
  }

  private clear(): void {
    this.queue = []
    this.waitingBytes = 0
  }
}

/** Decodes the events of commands behind a sequence. */
export function eventsAfter(batches: readonly EventBatch[], sequence: number): Event[] {
  const decoded: Event[] = []
  for (const { events, lastSequence } of batches) {
    if (lastSequence <= sequence) continue
    for (let offset = 0; offset < events.length; offset += events.size(offset)) {
      if (events.sequence(offset) > sequence) decoded.push(...decodeFrame(events, offset))
    }
  }
  return decoded
}
