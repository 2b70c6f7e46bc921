/** One life of the process under test: it starts, takes commands while faults become due, and ends in one way or another. */
import { FrameBuffer, decodeEvents, type Command } from '@bourse/core'
import { createExchange, ExchangeClosedError, ExchangeHaltedError, ExchangeReadOnlyError, type Exchange, type FramesResult } from '@bourse/exchange'
import { openFileStorage, type Storage } from '@bourse/journal-file'
import { SimulatedTime, type DiskOperation, type Fault as DiskFault } from '@bourse/journal-file/testing'
import { OverloadedError, type CommandResult, type Journal } from '@bourse/plugin'
import type { SeededRandom } from '@bourse/testkit'
import { armFault } from './arm-fault.js'
import { walkBlocks } from './block-walk.js'
import { faultOf, stream } from './faults.js'
import { digestOf, type Sent } from './model.js'
import { randomCommand, nextFrames } from './random-requests.js'
import { checkEvents, checkJournal, checkState, expectSameState } from './recovery-check.js'
import { DATA, JOURNAL, type Run } from './run.js'

/** `done`: every command was sent and answered, and the exchange closed. */
export type Ending = 'done' | 'restart' | 'power-cut' | 'kill' | 'halt' | 'read-only'

/** Decides about one operation of the disk; undefined leaves it to the next one. */
export type Armed = (operation: DiskOperation, count: number, path: string) => DiskFault | 'power-cut' | 'kill' | undefined

const MAX_STEPS = 2_000_000

export class Life {
  readonly time = new SimulatedTime()
  readonly random: SeededRandom
  readonly armed: Armed[] = []
  /** Operations of the disk that take fifty times as long. */
  slowOperations = 0
  /** A file of the journal whose sync has failed: nobody may touch it again in this life. */
  private brokenJournal: string | undefined
  /** The disk has failed an operation. */
  diskFailed = false
  exchange: Exchange | undefined
  /** What the exchange has told its operator. */
  readonly log: string[] = []
  private outstanding = 0
  private ending: Ending | undefined
  private over = false
  private finish: (ending: Ending) => void = () => undefined
  private fail: (error: unknown) => void = () => undefined
  private wake: () => void = () => undefined

  constructor(readonly run: Run) {
    this.random = stream(run.options.seed, 'life', run.lives)
    this.time.maxSteps = MAX_STEPS
  }

  /** @throws Error when the exchange has broken a promise. */
  async live(): Promise<Ending> {
    const { disk } = this.run
    disk.pace = () => this.time.sleep(this.latencyUs())
    disk.fault = (operation, count, path) => this.decide(operation, count, path)
    const cut = new Promise<Ending>((resolve, reject) => {
      this.finish = resolve
      this.fail = reject
    })
    try {
      return await this.time.runUntil(Promise.race([cut, this.process()]))
    } finally {
      this.over = true
      this.run.wallUs += this.time.nowUs
      disk.kill()
    }
  }

  /** The process will end like this as soon as nothing waits for an answer any more. */
  end(ending: Ending): void {
    this.ending ??= ending
    this.wake()
  }

  private decide(operation: DiskOperation, count: number, path: string): DiskFault | undefined {
    this.run.trace(`${operation} ${count} ${path}`)
    if (path === this.brokenJournal && (operation === 'write' || operation === 'sync')) this.fail(new Error(`${path} was touched again (${operation}) after a ${operation} of it had failed`))
    for (const armed of this.armed) {
      const fault = armed(operation, count, path)
      if (fault === undefined) continue
      if (typeof fault === 'object') {
        this.diskFailed ||= fault.kind === 'error'
        // A failed sync may have lost what the next one would call durable.
        if (fault.kind === 'error' && operation === 'sync' && path.endsWith('.journal')) this.brokenJournal = path
        return fault
      }
      this.run.trace(fault)
      this.over = true
      this.finish(fault)
      return { kind: 'kill' }
    }
    return undefined
  }

  private latencyUs(): number {
    const us = this.random.onceIn(50) ? this.random.between(500, 5000) : this.random.between(5, 200)
    if (this.slowOperations === 0) return us
    this.slowOperations--
    return us * 50
  }

  private async process(): Promise<Ending> {
    const { run } = this
    const walkedEnd = (await walkBlocks(run.disk, JOURNAL).catch(() => [])).at(-1)?.lastSequence ?? 0
    const storage = await this.openStorage()
    await checkJournal({ run, journal: storage.journal, walkedEnd, random: this.random })
    const exchange = await this.openExchange(storage)
    checkState(run, exchange, this.random)
    this.exchange = exchange
    if (this.random.onceIn(4)) await checkEvents({ run, exchange, journal: storage.journal, random: this.random })
    run.counts.recoveries++
    run.trace(`recovered ${exchange.sequence} ${exchange.engine.stateHash()}`)
    // What was to go wrong at the start has had its chance.
    this.armed.length = 0
    const ending = await this.trade(exchange)
    run.counts.archived = (storage.journal.firstSequence ?? 1) - 1
    if (ending === 'halt') return ending
    if (ending === 'read-only') await this.expectReadable(exchange)
    await exchange.close()
    const failure: unknown = await storage.close().then(() => undefined, (error: unknown) => error)
    if (failure !== undefined && !this.diskFailed && ending !== 'read-only') throw failure
    // An exchange whose journal cannot be closed in order has not been closed in order.
    return failure === undefined || ending === 'read-only' ? ending : 'halt'
  }

  private openStorage(): Promise<Storage> {
    const { disk, options, sizes } = this.run
    const { firstSegmentBytes, maxSegmentBytes, keepSnapshots, archive } = sizes
    return openFileStorage(DATA, { files: options.sabotage?.files?.(disk) ?? disk, firstSegmentBytes, maxSegmentBytes, keepSnapshots, archive })
  }

  private openExchange(storage: Storage): Promise<Exchange> {
    const { run, time } = this
    const { sabotage } = run.options
    const snapshots = sabotage?.snapshots?.(storage.snapshots) ?? storage.snapshots
    return createExchange({
      journal: this.tapped(sabotage?.journal?.(storage.journal) ?? storage.journal),
      snapshots: {
        write: (sequence, parts) => snapshots.write(sequence, parts).then(() => void run.counts.snapshots++),
        read: (onCorrupt) => snapshots.read(onCorrupt),
        ...(snapshots.oldestSequence !== undefined && { oldestSequence: () => snapshots.oldestSequence!() }),
      },
      clock: () => run.wallUs + time.nowUs,
      random: () => this.random.below(2 ** 30) / 2 ** 30,
      timers: {
        nextTurn: (callback) => void time.after(1, callback),
        after: (ms, callback) => time.after(ms * 1000, callback),
      },
      projections: [run.history.open(time)],
      projectionRetryMs: 5,
      snapshotEveryCommands: run.sizes.snapshotEveryCommands,
      maxQueue: run.sizes.maxQueue,
      engines: run.engines,
      onHalt: (error) => {
        if (!this.diskFailed && !run.disk.isKilled && sabotage === undefined) this.fail(new Error(`with nothing wrong, ${error.message}`))
        this.end('halt')
      },
      onReadOnly: () => this.end('read-only'),
      log: (message) => this.log.push(message),
    })
  }

  /** Writes down what the writer appends, before the journal sees it. */
  private tapped(journal: Journal): Journal {
    const { appended } = this.run
    return {
      get lastSequence() {
        return journal.lastSequence
      },
      get firstSequence() {
        return journal.firstSequence ?? 1
      },
      ...(journal.archiveBelow !== undefined && { archiveBelow: (belowSequence: number) => journal.archiveBelow!(belowSequence) }),
      append: (frames, firstSequence, lastSequence) => {
        if (!this.over) {
          const buffer = FrameBuffer.from(frames)
          for (let offset = 0; offset < buffer.length; offset += buffer.size(offset)) appended.push(buffer.bytes.slice(offset, offset + buffer.size(offset)))
        }
        return journal.append(frames, firstSequence, lastSequence)
      },
      read: (fromSequence) => journal.read(fromSequence),
      close: () => journal.close(),
    }
  }

  /** Sends commands until all are sent or the process is to end, then waits for the answers. */
  private async trade(exchange: Exchange): Promise<Ending> {
    const { run } = this
    let window = 4
    while (this.ending === undefined && (run.sent < run.options.commands || run.resend.length > 0)) {
      this.armDue()
      if (this.ending !== undefined) break
      if (run.traffic.onceIn(40)) window = run.traffic.between(1, 30)
      // Until its markets stand, random trading waits for each answer.
      run.stageStands ||= run.commands.isStaged && this.outstanding === 0 && run.resend.length === 0
      if (this.outstanding >= (run.stageStands ? window : 1)) await this.answered()
      else {
        this.send(exchange, this.nextRequest())
        if (run.traffic.onceIn(3)) await this.time.sleep(run.traffic.below(400))
      }
    }
    while (this.outstanding > 0) await this.answered()
    // Lets the writer tell of what has stopped it.
    if (this.ending === undefined || this.ending === 'halt') await this.time.sleep(1000)
    return this.ending ?? 'done'
  }

  private armDue(): void {
    const { run } = this
    if (run.lives === 1) run.options.script?.(this)
    for (let next = run.faults[0]; next !== undefined && next.at <= run.sent && this.ending === undefined; next = run.faults[0]) {
      run.faults.shift()
      const fault = faultOf(run.options.seed, next)
      run.trace(`fault ${fault.index} ${fault.kind}`)
      armFault(this, fault)
    }
  }

  private nextRequest(): Sent {
    const { run } = this
    const again = run.resend.shift()
    if (again !== undefined) return again.kind === 'frames' ? { ...again, matched: 0 } : { ...again, matched: 0 }
    const { catalog } = run.model.engine
    if (run.stageStands && run.traffic.onceIn(6)) {
      run.sent++
      const command: Command = randomCommand(run.traffic, catalog)
      return { kind: 'command', command, count: 1, matched: 0 }
    }
    const frames = nextFrames(run.commands, run.traffic, run.options.commands - run.sent)
    run.sent += frames.count
    return { kind: 'frames', ...frames, matched: 0 }
  }

  private send(exchange: Exchange, sent: Sent): void {
    const { model, counts } = this.run
    model.pending.push(sent)
    this.outstanding++
    counts.sent = this.run.sent
    const answer: Promise<FramesResult | CommandResult> = sent.kind === 'frames' ? exchange.submitFrames(FrameBuffer.from(sent.bytes)) : exchange.submit(sent.command)
    answer
      .then(
        (result) => this.acknowledge(sent, result),
        (error: unknown) => this.refuse(sent, error),
      )
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.outstanding--
        this.wake()
      })
  }

  private acknowledge(sent: Sent, result: FramesResult | CommandResult): void {
    const { model, appended, counts } = this.run
    if (this.over) return
    if (this.run.disk.isKilled) throw new Error('a command was acknowledged after the process had been killed')
    const isFrames = 'firstSequence' in result
    const first = isFrames ? result.firstSequence : result.sequence
    const last = isFrames ? result.lastSequence : first
    const events: Uint8Array[] = []
    // A single command may go on in commands of the writer, which its answer does not name.
    while (model.engine.sequence < last || (model.engine.hasBacklog && sent.kind === 'command' && model.engine.sequence < appended.length)) {
      const frame = appended[model.engine.sequence]
      if (frame === undefined) throw new Error(`the commands ${first} to ${last} were acknowledged, but ${model.engine.sequence + 1} was never given to the journal`)
      const made = model.apply(frame)
      if (model.engine.sequence >= first) events.push(made)
    }
    if (sent.matched !== sent.count) throw new Error(`the answer for the sequences ${first} to ${last} belongs to another request`)
    expectAnswer(result, events)
    counts.acknowledged += sent.count
    this.run.trace(`acknowledged ${first} ${last}`)
  }

  private refuse(sent: Sent, error: unknown): void {
    const { model, counts, resend, stageStands } = this.run
    if (this.over) return
    // The writer has stopped: whether the command happened shows after the restart.
    if (error instanceof ExchangeHaltedError || error instanceof ExchangeReadOnlyError) return
    if (!(error instanceof OverloadedError || error instanceof RangeError || error instanceof ExchangeClosedError)) throw error
    if (sent.matched > 0) throw new Error(`a request was refused (${error.message}), but ${sent.matched} commands of it were journaled`)
    model.pending.splice(model.pending.indexOf(sent), 1)
    counts.refused += sent.count
    if (!stageStands || error instanceof OverloadedError) resend.push(sent)
  }

  /** Resolves with the next answer, or when the process is to end. */
  private answered(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve))
  }

  /** On a full disk everything acknowledged is still served, and nothing more is taken. */
  private async expectReadable(exchange: Exchange): Promise<void> {
    await this.time.sleep(1_000_000)
    const { model, appended } = this.run
    // The writer's own commands have no answer.
    while (model.engine.sequence < exchange.sequence) model.apply(appended[model.engine.sequence]!)
    expectSameState(this.run, exchange, 'on a full disk')
    const refusal = await exchange.submit({ type: 'order.cancel-all', account: 'trader-0' }).then(() => undefined, (error: unknown) => error)
    if (!(refusal instanceof ExchangeReadOnlyError)) throw new Error(`on a full disk a command was answered with ${String(refusal)}`)
  }
}

/** The answer must carry the events that a replay makes. */
function expectAnswer(result: FramesResult | CommandResult, expected: readonly Uint8Array[]): void {
  const bytes = Buffer.concat(expected)
  if ('firstSequence' in result) {
    if (!bytes.equals(result.events.used())) throw new Error(`the events of the commands ${result.firstSequence} to ${result.lastSequence} are not those of a replay`)
    return
  }
  const events = decodeEvents(FrameBuffer.from(bytes))
  const same = result.ok ? digestOf('', result.events) === digestOf('', events) : events[0]?.type === 'command.rejected' && events[0].code === result.reject.code
  if (!same) throw new Error(`the answer to command ${result.sequence} is not that of a replay`)
}
