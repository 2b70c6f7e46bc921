/** The one writer: gives commands their sequence and time, applies and journals them, and answers once they are durable. */
import { FrameBuffer, type Command, type Engine } from '@bourse/core'
import { OverloadedError, type CommandResult, type Journal } from '@bourse/plugin'
import { inspectFrames, RELIEVING } from './command-batch.js'
import type { CommittedBatch } from './committed-batch.js'
import { DeadlineTimer } from './deadline-timer.js'
import { EventMemory, SharedEvents } from './event-memory.js'
import { ExchangeClosedError, ExchangeHaltedError, ExchangeReadOnlyError } from './exchange-errors.js'
import { DurableFrames, type FramesResult } from './frames-result.js'
import { GroupApplier, MAX_GROUP_COMMANDS } from './group-applier.js'
import type { Timers } from './timers.js'
import { commandResult, type Group, type Request } from './writer-group.js'

export interface WriterOptions {
  readonly engine: Engine
  readonly journal: Journal
  readonly clock: () => number
  readonly timers: Timers
  /** Commands that may wait to become durable. */
  readonly maxQueue: number
  /** How full the readers behind the writer are: at 1 only cancels are taken, at {@link HARD_PRESSURE} nothing. */
  readonly pressure: () => number
  /** Why nothing is taken for now. */
  readonly refusal: () => Error | undefined
  /** Called with each batch as it becomes durable, in order, before its promises are resolved. Throwing halts. */
  readonly onCommit: (batch: CommittedBatch) => void
  /** Called once, when the writer takes nothing more. */
  readonly onStop: (error: ExchangeHaltedError | ExchangeReadOnlyError) => void
}

/** Beyond this pressure cancels are refused too, because they make events as well. */
export const HARD_PRESSURE = 4

/** While a group is on its way to the disk, the next one is taken as soon as so many commands wait: fewer are applied sooner than the disk has done. */
const OVERLAP_COMMANDS = 512
/** Or as soon as the disk takes this long: what comes then need not wait for two of its writes. */
const OVERLAP_US = 1000
const MAX_SPARE_BUFFERS = 32
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT'])

export class Writer {
  stopped: ExchangeHaltedError | ExchangeReadOnlyError | undefined
  /** Sequence of the last command that is durable and public. */
  committedSequence: number
  private queue: Request[] = []
  /** Groups on their way to the disk, oldest first. */
  private inFlight: Group[] = []
  private queuedCommands = 0
  /** Commands in the queue and on their way. */
  private pendingCommands = 0
  private scheduled = false
  /** When the last request came, and when the last group left for the disk. */
  private lastRequestUs = 0
  private lastSentUs = 0
  private closed = false
  private idleWaiters: (() => void)[] = []
  private readonly spareBuffers: FrameBuffer[] = []
  private readonly eventMemory = new EventMemory()
  private readonly cancelReserve: number
  private readonly applier: GroupApplier
  private readonly deadlines: DeadlineTimer

  constructor(private readonly options: WriterOptions) {
    this.applier = new GroupApplier(options.engine)
    this.deadlines = new DeadlineTimer(options.timers, options.clock, () => this.schedule())
    this.committedSequence = options.engine.sequence
    this.cancelReserve = Math.max(1024, options.maxQueue >> 2)
    if (this.engine.hasBacklog) this.schedule()
    this.awaitDeadline()
  }

  get engine(): Engine {
    return this.applier.engine
  }

  /** Goes on with another engine; for a writer that has stopped. */
  set engine(engine: Engine) {
    this.applier.engine = engine
  }

  get pending(): number {
    return this.pendingCommands
  }

  submit(command: Command): Promise<CommandResult> {
    const refusal = this.refusal(1, RELIEVING.has(command.type))
    if (refusal !== undefined) return Promise.reject(refusal)
    return new Promise((resolve, reject) => {
      this.enqueue({ kind: 'command', command, timeUs: this.options.clock(), count: 1, resolve, reject })
    })
  }

  submitFrames(frames: FrameBuffer): Promise<FramesResult> {
    const content = inspectFrames(frames)
    if (content instanceof RangeError) return Promise.reject(content)
    const refusal = this.refusal(content.count, content.onlyCancels)
    if (refusal !== undefined) return Promise.reject(refusal)
    return new Promise((resolve, reject) => {
      this.enqueue({ kind: 'frames', frames, timeUs: this.options.clock(), count: content.count, resolve, reject })
    })
  }

  /** Takes no more requests; resolves when those that were taken are durable or refused. */
  async close(): Promise<void> {
    this.closed = true
    this.awaitDeadline()
    await this.idle()
  }

  /** Resolves when nothing waits and nothing is on its way. */
  idle(): Promise<void> {
    if (this.isIdle()) return Promise.resolve()
    return new Promise((resolve) => this.idleWaiters.push(resolve))
  }

  /**
   * Calls back once everything applied so far is durable and public, with no later command public yet; at once
   * where that is so now. A plain callback, because a promise would continue after the next commit.
   */
  whenCommitted(hook: (failure?: Error) => void): void {
    const last = this.inFlight.at(-1)
    if (last === undefined || this.stopped !== undefined) hook(this.stopped)
    else last.hooks.push(hook)
  }

  /** Stops for good after a broken invariant, here or in a reader of the committed events. */
  halt(reason: string, cause: unknown): void {
    this.stop(new ExchangeHaltedError(reason, cause))
  }

  private refusal(count: number, onlyCancels: boolean): Error | undefined {
    if (this.stopped !== undefined) return this.stopped
    if (this.closed) return new ExchangeClosedError()
    const refused = this.options.refusal()
    if (refused !== undefined) return refused
    const pressure = this.options.pressure()
    const room = this.options.maxQueue + (onlyCancels ? this.cancelReserve : 0)
    const full = this.pendingCommands + count > room || pressure >= (onlyCancels ? HARD_PRESSURE : 1)
    return full ? new OverloadedError() : undefined
  }

  private enqueue(request: Request): void {
    this.queue.push(request)
    this.lastRequestUs = request.timeUs
    this.queuedCommands += request.count
    this.pendingCommands += request.count
    this.schedule()
  }

  /** Everything that arrives while the disk is busy, or in one turn of the event loop where it is not, makes up one group. */
  private schedule(): void {
    if (this.scheduled || this.waitsForDisk()) return
    this.scheduled = true
    this.options.timers.nextTurn(() => this.work())
  }

  /** Whether a group taken now would be small, and the one that is on its way will soon be durable. */
  private waitsForDisk(): boolean {
    return this.inFlight.length > 0 && this.queuedCommands < OVERLAP_COMMANDS && this.lastRequestUs - this.lastSentUs < OVERLAP_US && !this.engine.hasBacklog
  }

  private work(): void {
    this.scheduled = false
    if (this.stopped !== undefined) return
    const group: Group = {
      commands: this.spareBuffers.pop() ?? new FrameBuffer(1 << 14),
      events: this.eventMemory.take(Math.min(this.queuedCommands + 1, MAX_GROUP_COMMANDS)),
      firstSequence: this.engine.sequence + 1,
      lastSequence: this.engine.sequence,
      timestampUs: this.engine.timestampUs,
      answers: [],
      hooks: [],
    }
    const { applier } = this
    let taken = 0
    try {
      applier.continueBacklog(group)
      while (taken < this.queue.length && applier.catchUp(group, this.queue[taken]!.timeUs)) {
        const request = this.queue[taken++]!
        const refusal = applier.execute(request, group)
        if (refusal === undefined) continue
        this.pendingCommands -= request.count
        request.reject(refusal)
      }
      if (taken === this.queue.length && this.engine.nextDeadlineUs !== Infinity && !this.closed) applier.catchUp(group, this.options.clock())
    } catch (error) {
      // What was applied in this group is not journaled: a command that breaks the engine never reaches the journal.
      this.halt(`the engine could not apply command ${this.engine.sequence + 1}: ${messageOf(error)}`, error)
      return
    }
    for (const request of this.queue.splice(0, taken)) this.queuedCommands -= request.count
    this.send(group)
    this.goOn()
  }

  /** Looks for what there is to do next. */
  private goOn(): void {
    if (this.queue.length > 0 || this.engine.hasBacklog) this.schedule()
    this.awaitDeadline()
  }

  /** Wakes the writer at the next deadline, in case no command does so before. */
  private awaitDeadline(): void {
    const { engine } = this
    this.deadlines.await(this.closed || this.stopped !== undefined ? Infinity : engine.nextDeadlineUs, engine.timestampUs)
  }

  private send(group: Group): void {
    if (group.commands.length === 0) {
      this.answer(group, new SharedEvents(group.events, this.eventMemory))
      this.settleIdle()
      return
    }
    group.lastSequence = this.engine.sequence
    group.timestampUs = this.engine.timestampUs
    this.inFlight.push(group)
    this.lastSentUs = this.lastRequestUs
    this.options.journal.append(group.commands.used(), group.firstSequence, group.lastSequence).then(
      () => this.commit(group),
      (error: unknown) => this.fail(error),
    )
  }

  private commit(group: Group): void {
    if (this.stopped !== undefined) return
    this.inFlight.shift()
    const { commands, events, firstSequence, lastSequence, timestampUs } = group
    const shared = new SharedEvents(events, this.eventMemory)
    try {
      this.committedSequence = lastSequence
      this.options.onCommit({ firstSequence, lastSequence, timestampUs, events, commands, keep: () => shared.keep() })
    } catch (error) {
      this.halt(`what follows the journal failed at sequence ${lastSequence}: ${messageOf(error)}`, error)
      for (const { request } of group.answers) request.reject(this.stopped!)
      for (const hook of group.hooks) hook(this.stopped)
      return
    }
    commands.clear()
    if (this.spareBuffers.length < MAX_SPARE_BUFFERS) this.spareBuffers.push(commands)
    this.goOn()
    this.answer(group, shared)
    for (const hook of group.hooks) hook()
    this.settleIdle()
  }

  private answer(group: Group, shared: SharedEvents): void {
    for (const answer of group.answers) {
      this.pendingCommands -= answer.request.count
      if (answer.request.kind === 'command') answer.request.resolve(commandResult(group.events, answer))
      else answer.request.resolve(new DurableFrames(shared, answer))
    }
    shared.leave()
  }

  private fail(error: unknown): void {
    if (this.stopped !== undefined) return
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    this.stop(NO_SPACE.has(code) ? new ExchangeReadOnlyError(error) : new ExchangeHaltedError(messageOf(error), error))
  }

  private stop(error: ExchangeHaltedError | ExchangeReadOnlyError): void {
    if (this.stopped !== undefined) return
    this.stopped = error
    this.awaitDeadline()
    const waiting = [...this.inFlight.flatMap((group) => group.answers.map(({ request }) => request)), ...this.queue]
    const hooks = this.inFlight.flatMap((group) => group.hooks)
    this.inFlight = []
    this.queue = []
    this.queuedCommands = 0
    this.pendingCommands = 0
    for (const request of waiting) request.reject(error)
    for (const hook of hooks) hook(error)
    this.settleIdle()
    this.options.onStop(error)
  }

  private isIdle(): boolean {
    return this.stopped !== undefined || (this.queue.length === 0 && this.inFlight.length === 0 && !this.engine.hasBacklog && !this.scheduled)
  }

  private settleIdle(): void {
    if (!this.isIdle()) return
    for (const resolve of this.idleWaiters.splice(0)) resolve()
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
