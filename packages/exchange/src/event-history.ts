/** All events from any command on: made again from the journal first, then live, without a gap. */
import { decodeFrame, type Event } from '@bourse/core'
import type { Journal, SnapshotStore } from '@bourse/plugin'
import type { CommittedBatch, EventBatch } from './committed-batch.js'
import { JournalBehindError } from './exchange-errors.js'
import { nearestState, type EngineFactory } from './engine-state.js'
import { replay } from './replay.js'
import type { Timers } from './timers.js'

/** Event bytes that may wait for a slow reader; beyond it the reader is served from the journal again. */
const MAX_WAITING_BYTES = 16 << 20

export interface HistorySource {
  readonly journal: Journal
  readonly snapshots: SnapshotStore
  readonly engines: EngineFactory
  readonly timers: Timers
  readonly log: (message: string) => void
  /** Sequence of the last command that is public. */
  committed(): number
  onCommitted(listener: (batch: CommittedBatch) => void): () => void
  /** Set once nothing more will be committed: true in order, an error after a halt. */
  ended(): true | Error | undefined
  /** Calls back when {@link HistorySource.ended} becomes set; returns the function that stops that. */
  onEnded(listener: () => void): () => void
}

/** Every iteration starts at `fromSequence` anew. */
export function eventHistory(source: HistorySource, fromSequence: number): AsyncIterable<Event> {
  return {
    [Symbol.asyncIterator]() {
      const reader = new Reader(source, fromSequence - 1)
      const events = reader.events()
      return {
        next: () => events.next(),
        return: () => {
          // A read that waits for the next command would hold the generator's own return back.
          reader.stop()
          return events.return(undefined)
        },
      }
    },
  }
}

class Reader {
  private waiting: EventBatch[] = []
  private waitingBytes = 0
  private live = false
  private stopped = false
  private wake: () => void = () => undefined

  constructor(
    private readonly source: HistorySource,
    /** Sequence of the last command whose events were given. */
    private position: number,
  ) {}

  stop(): void {
    this.stopped = true
    this.wake()
  }

  async *events(): AsyncGenerator<Event, undefined, undefined> {
    const unsubscribe = [this.source.onCommitted((batch) => this.take(batch)), this.source.onEnded(() => this.wake())]
    try {
      while (!this.stopped) {
        if (!this.live) yield* this.fromJournal()
        yield* this.fromWaiting()
        if (!this.live || this.waiting.length > 0 || this.stopped) continue
        const ended = this.source.ended()
        if (ended === true) return undefined
        if (ended !== undefined) throw ended
        await new Promise<void>((resolve) => (this.wake = resolve))
      }
      return undefined
    } finally {
      for (const end of unsubscribe) end()
    }
  }

  /** Keeps a live batch; a reader that is too far behind goes back to the journal. */
  private take(batch: CommittedBatch): void {
    if (!this.live) return
    batch.keep()
    this.waiting.push(batch)
    this.waitingBytes += batch.events.length
    if (this.waitingBytes > MAX_WAITING_BYTES) {
      this.live = false
      this.forget()
    }
    this.wake()
  }

  private forget(): void {
    this.waiting = []
    this.waitingBytes = 0
  }

  private async *fromJournal(): AsyncGenerator<Event, void, undefined> {
    const { source } = this
    if (this.position < source.committed()) {
      const { engine } = await nearestState({ ...source, atMost: this.position })
      do {
        const wanted = source.committed()
        for await (const batch of replay(engine, source.journal)) {
          yield* this.give(batch)
          // The writer and everybody else have their turn between two pieces.
          await new Promise<void>((resolve) => source.timers.nextTurn(resolve))
        }
        if (engine.sequence < wanted) throw new JournalBehindError(engine.sequence, wanted, 'the exchange')
      } while (engine.sequence < source.committed())
    }
    // No command can become public between the comparison above and this.
    this.live = true
  }

  private async *fromWaiting(): AsyncGenerator<Event, void, undefined> {
    for (let batch = this.waiting.shift(); batch !== undefined; batch = this.waiting.shift()) {
      this.waitingBytes -= batch.events.length
      yield* this.give(batch)
    }
  }

  private *give(batch: EventBatch): Generator<Event, void, undefined> {
    const { events } = batch
    for (let offset = 0; offset < events.length && !this.stopped; offset += events.size(offset)) {
      if (events.sequence(offset) > this.position) yield* decodeFrame(events, offset)
    }
    this.position = Math.max(this.position, batch.lastSequence)
  }
}
