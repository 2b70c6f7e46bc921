/** What a session keeps over its connections: the numbers of its requests, what waits for the exchange, and its answers. */
import { ExchangeClosedError, ExchangeLowSpaceError } from '@bourse/exchange'
import { OverloadedError } from '@bourse/plugin'
import { FrameBuffer, type RejectCode } from '@bourse/core'
import type { ServerReject } from '@bourse/client/tcp'
import { writeDone, writeRefusal } from './answer-writer.js'
import { isRelieving } from './command-check.js'
import { Outbox } from './outbox.js'
import type { EntryExchange } from './services.js'

/** A run of commands that the exchange has been given. */
interface Batch {
  readonly frames: FrameBuffer
  /** Number of the request that the first command is. */
  readonly firstRequest: number
  readonly count: number
  /** Where the last command stands. */
  readonly lastOffset: number
  /** The command that is being told: how many come before it, where it stands, and whether anything was said of it. */
  passed: number
  offset: number
  answered: boolean
}

export interface Run {
  /** Commands with the account filled in and the sequence zero. */
  readonly frames: FrameBuffer
  readonly firstRequest: number
  readonly count: number
  readonly lastOffset: number
}

export interface EntrySessionOptions {
  readonly exchange: EntryExchange
  readonly account: number
  /** Bytes of answers that are kept to be sent again. */
  readonly keepBytes: number
  nowUs(): number
  /** Called when there are new answers outside a commit. */
  onAnswers(session: EntrySession): void
}

export class EntrySession {
  readonly outbox: Outbox
  /** The number that the next request must bear. */
  nextRequest = 1
  /** Commands that the exchange has not answered. */
  inFlight = 0
  /** In the order in which they were given. */
  private batches: Batch[] = []

  constructor(private readonly options: EntrySessionOptions) {
    this.outbox = new Outbox(options.keepBytes)
  }

  get account(): number {
    return this.options.account
  }

  /** Gives commands to the exchange; `free` is called when their memory is free again. */
  give(run: Run, free: () => void): void {
    const batch: Batch = { ...run, passed: 0, offset: 0, answered: false }
    this.batches.push(batch)
    this.inFlight += run.count
    void this.follow(batch).finally(free)
  }

  private async follow(batch: Batch): Promise<void> {
    try {
      const result = await this.options.exchange.submitFrames(batch.frames)
      result.release()
    } catch (error) {
      this.drop(batch)
      this.refused(batch, error)
      this.options.onAnswers(this)
    }
  }

  refuse(request: number, command: number, why: { engine: RejectCode } | { server: ServerReject }): void {
    writeRefusal(this.outbox, { request, command, timestampUs: this.options.nowUs() }, why)
  }

  /**
   * The request that the command with this sequence came by; 0 where it is nobody's of the session.
   *
   * Sequences must be asked for in rising order: requests that are passed over have had no effect that was told, and are done.
   */
  requestOf(sequence: number): number {
    for (let batch = this.batches[0]; batch !== undefined; batch = this.batches[0]) {
      const { frames, count } = batch
      const first = frames.sequence(0)
      if (first === 0 || sequence < first) return 0
      while (batch.passed < count && frames.sequence(batch.offset) < sequence) this.pass(batch)
      if (batch.passed === count) {
        this.drop(batch)
        continue
      }
      if (frames.sequence(batch.offset) !== sequence) return 0
      batch.answered = true
      return batch.firstRequest + batch.passed
    }
    return 0
  }

  /** Everything up to this sequence has been told. */
  committed(lastSequence: number): void {
    for (let batch = this.batches[0]; batch !== undefined; batch = this.batches[0]) {
      const last = batch.frames.sequence(batch.lastOffset)
      if (last === 0 || last > lastSequence) return
      while (batch.passed < batch.count) this.pass(batch)
      this.drop(batch)
    }
  }

  /** Goes on to the next command of a batch; one of which nothing was said is done. */
  private pass(batch: Batch): void {
    const { frames, offset } = batch
    if (!batch.answered) writeDone(this.outbox, { request: batch.firstRequest + batch.passed, sequence: frames.sequence(offset), timestampUs: frames.timestampUs(offset) })
    batch.passed++
    batch.offset += frames.size(offset)
    batch.answered = false
  }

  private drop(batch: Batch): void {
    const place = this.batches.indexOf(batch)
    if (place < 0) return
    this.batches.splice(place, 1)
    this.inFlight -= batch.count
  }

  /** What a refused batch means for each of its commands; cancels among others are tried by themselves. */
  private refused(batch: Batch, error: unknown): void {
    const runs = error instanceof OverloadedError ? runsOf(batch) : []
    const retried = runs.length > 1 ? runs.filter(({ relieving }) => relieving) : []
    const isRetried = (request: number): boolean => retried.some((run) => request >= run.firstRequest && request < run.firstRequest + run.count)
    const server = refusalOf(error)
    for (let request = batch.firstRequest, offset = 0; request < batch.firstRequest + batch.count; request++, offset += batch.frames.size(offset)) {
      if (!isRetried(request)) this.refuse(request, batch.frames.type(offset), { server })
    }
    // The memory of the batch is free from now on.
    for (const run of retried) this.give({ ...run, frames: FrameBuffer.from(run.frames.bytes) }, () => undefined)
  }
}

/** What the client is told when the exchange did not take a batch. */
function refusalOf(error: unknown): ServerReject {
  if (error instanceof OverloadedError) return 'queue_full'
  if (error instanceof ExchangeLowSpaceError) return 'exchange_read_only'
  if (error instanceof ExchangeClosedError) return 'unavailable'
  return 'outcome_unknown'
}

/** A batch in pieces of which each holds only cancels, or none. */
function runsOf({ frames, firstRequest, count }: Batch): (Run & { readonly relieving: boolean })[] {
  const runs: (Run & { relieving: boolean })[] = []
  let from = 0
  let first = firstRequest
  let last = 0
  for (let request = firstRequest, offset = 0; request < firstRequest + count; request++) {
    last = offset
    const relieving = isRelieving(frames.type(offset))
    offset += frames.size(offset)
    const ends = request + 1 === firstRequest + count || isRelieving(frames.type(offset)) !== relieving
    if (!ends) continue
    runs.push({ frames: frames.part(from, offset), firstRequest: first, count: request + 1 - first, lastOffset: last - from, relieving })
    from = offset
    first = request + 1
  }
  return runs
}
