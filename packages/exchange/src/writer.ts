/** The one writer: gives commands their sequence and time, applies and journals them, and answers once they are durable. */
import { COMMAND_REJECTED, decodeEvent, encodeCommand, FrameBuffer, REJECT_CODES, RESULT_CODE, writeContinue, type Command, type Engine, type Event, type RejectCode } from '@bourse/core'
import { OverloadedError, type CommandResult, type Journal } from '@bourse/plugin'
import { inspectFrames, RELIEVING } from './command-batch.js'
import type { CommittedBatch } from './committed-batch.js'
import { EventMemory, SharedEvents } from './event-memory.js'
import { ExchangeClosedError, ExchangeHaltedError, ExchangeReadOnlyError } from './exchange-errors.js'
import { DurableFrames, type EventRange, type FramesResult } from './frames-result.js'
import type { Timers } from './timers.js'

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

const MAX_GROUP_COMMANDS = 4096
/** A command that makes many events, such as a mass quote of a hundred levels, fills a group sooner. */
const MAX_GROUP_EVENT_BYTES = 8 << 20
const MAX_SPARE_BUFFERS = 8
/** Longer waits than timers can take are made in several. */
const MAX_WAIT_MS = 2 ** 31 - 1
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT'])

type Request =
  | { readonly kind: 'command'; readonly command: Command; readonly timeUs: number; readonly count: 1; resolve(result: CommandResult): void; reject(error: Error): void }
  | { readonly kind: 'frames'; readonly frames: FrameBuffer; readonly timeUs: number; readonly count: number; resolve(result: FramesResult): void; reject(error: Error): void }

/** What a request gets when its group is durable. */
interface Answer extends EventRange {
  readonly request: Request
  /** The command could not be written as a frame; nothing was journaled for it. */
  readonly fault: RejectCode | undefined
}

/** Commands that are journaled by one append. */
interface Group {
  readonly commands: FrameBuffer
  readonly events: FrameBuffer
  readonly firstSequence: number
  lastSequence: number
  timestampUs: number
  readonly answers: Answer[]
  /** Called when the group has been committed, or with the reason why it will not be. */
  readonly hooks: ((failure?: Error) => void)[]
}

export class Writer {
  engine: Engine
  stopped: ExchangeHaltedError | ExchangeReadOnlyError | undefined
  /** Sequence of the last command that is durable and public. */
  committedSequence: number
  private queue: Request[] = []
  /** Groups on their way to the disk, oldest first. */
  private inFlight: Group[] = []
  /** Commands in the queue and on their way. */
  private pendingCommands = 0
  private scheduled = false
  private closed = false
  /** The deadline that the timer waits for; Infinity where none does. */
  private awaitedUs = Infinity
  private cancelTimer: () => void = () => undefined
  private idleWaiters: (() => void)[] = []
  private readonly spareBuffers: FrameBuffer[] = []
  private readonly eventMemory = new EventMemory()
  private readonly cancelReserve: number

  constructor(private readonly options: WriterOptions) {
    this.engine = options.engine
    this.committedSequence = options.engine.sequence
    this.cancelReserve = Math.max(1024, options.maxQueue >> 2)
    if (this.engine.hasBacklog) this.schedule()
    this.awaitDeadline()
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
    this.pendingCommands += request.count
    this.schedule()
  }

  /** Everything that arrives in one turn of the event loop makes up one group. */
  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    this.options.timers.nextTurn(() => this.work())
  }

  private work(): void {
    this.scheduled = false
    if (this.stopped !== undefined) return
    const group: Group = {
      commands: this.spareBuffers.pop() ?? new FrameBuffer(1 << 14),
      events: this.eventMemory.take(this.commandsAhead()),
      firstSequence: this.engine.sequence + 1,
      lastSequence: this.engine.sequence,
      timestampUs: this.engine.timestampUs,
      answers: [],
      hooks: [],
    }
    let taken = 0
    try {
      this.continueBacklog(group)
      while (taken < this.queue.length && this.catchUp(group, this.queue[taken]!.timeUs)) this.execute(this.queue[taken++]!, group)
      if (taken === this.queue.length && this.engine.nextDeadlineUs !== Infinity && !this.closed) this.catchUp(group, this.options.clock())
    } catch (error) {
      // What was applied in this group is not journaled: a command that breaks the engine never reaches the journal.
      this.halt(`the engine could not apply command ${this.engine.sequence + 1}: ${messageOf(error)}`, error)
      return
    }
    this.queue.splice(0, taken)
    if (this.queue.length > 0 || this.engine.hasBacklog) this.schedule()
    this.send(group)
    this.awaitDeadline()
  }

  /**
   * Fires what is due at a time, or when the last command came if that is later.
   *
   * @returns whether a command of that time may come now: nothing is left, and the group has room.
   */
  private catchUp(group: Group, timeUs: number): boolean {
    const { engine } = this
    const atUs = Math.max(engine.timestampUs, timeUs)
    while (this.hasRoom(group)) {
      // What one command began goes on at its own time, before time passes.
      if (engine.hasBacklog) this.continueBacklog(group)
      else if (engine.isDue(atUs)) this.apply(group, writeContinue(group.commands), atUs)
      else return true
    }
    return false
  }

  /** Wakes the writer at the next deadline, in case no command does so before. */
  private awaitDeadline(): void {
    const { engine } = this
    const deadlineUs = this.closed || this.stopped !== undefined ? Infinity : engine.nextDeadlineUs
    if (deadlineUs === this.awaitedUs) return
    this.cancelTimer()
    this.awaitedUs = deadlineUs
    if (deadlineUs === Infinity) return
    const waitMs = Math.ceil((deadlineUs - Math.max(engine.timestampUs, this.options.clock())) / 1000)
    const wake = (): void => {
      this.awaitedUs = Infinity
      this.schedule()
    }
    this.cancelTimer = this.options.timers.after(Math.min(Math.max(0, waitMs), MAX_WAIT_MS), wake, false)
  }

  /** About so many commands make up the next group: a buffer of events that has to grow is copied several times. */
  private commandsAhead(): number {
    let commands = 1
    for (let index = 0; index < this.queue.length && commands < MAX_GROUP_COMMANDS; index++) commands += this.queue[index]!.count
    return commands
  }

  private hasRoom(group: Group): boolean {
    return this.engine.sequence + 1 - group.firstSequence < MAX_GROUP_COMMANDS && group.events.length < MAX_GROUP_EVENT_BYTES
  }

  private execute(request: Request, group: Group): void {
    const firstSequence = this.engine.sequence + 1
    const eventsFrom = group.events.length
    const fault = request.kind === 'frames' ? this.executeFrames(request.frames, request.timeUs, group) : this.executeCommand(request, group)
    if (fault instanceof Error) {
      this.pendingCommands -= request.count
      request.reject(fault)
      return
    }
    this.continueBacklog(group)
    const { sequence: lastSequence, timestampUs } = this.engine
    group.answers.push({ request, firstSequence, lastSequence, timestampUs, eventsFrom, eventsTo: group.events.length, fault })
  }

  private executeCommand(request: Request & { kind: 'command' }, group: Group): RejectCode | Error | undefined {
    const offset = group.commands.length
    try {
      const fault = encodeCommand(request.command, this.engine.catalog, group.commands)
      if (fault !== undefined) return fault.code
    } catch (error) {
      group.commands.length = offset
      return error instanceof Error ? error : new Error(String(error))
    }
    this.apply(group, offset, request.timeUs)
    return undefined
  }

  /** Applies the frames where they stand, and copies them to the group in one piece: in several only where a command had to be continued. */
  private executeFrames(frames: FrameBuffer, timeUs: number, group: Group): undefined {
    const { engine } = this
    const { commands, events } = group
    const timestampUs = Math.max(engine.timestampUs, timeUs)
    let { sequence } = engine
    let copied = 0
    for (let offset = 0; offset < frames.length; ) {
      frames.stamp(offset, ++sequence, timestampUs)
      engine.apply(frames, offset, events)
      offset += frames.size(offset)
      if (!engine.hasBacklog) continue
      commands.appendRange(frames, copied, offset)
      copied = offset
      this.continueBacklog(group, true)
      sequence = engine.sequence
    }
    commands.appendRange(frames, copied, frames.length)
    return undefined
  }

  /** Time never runs backwards in the journal, whatever the clock does. */
  private apply(group: Group, offset: number, timeUs: number): void {
    const { engine } = this
    group.commands.stamp(offset, engine.sequence + 1, Math.max(engine.timestampUs, timeUs))
    engine.apply(group.commands, offset, group.events)
  }

  /** Goes on with what one command could not finish, as far as the group has room; the next group takes it up first. */
  private continueBacklog(group: Group, entirely = false): void {
    while (this.engine.hasBacklog && (entirely || this.hasRoom(group))) {
      this.apply(group, writeContinue(group.commands), this.engine.timestampUs)
    }
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
    this.options.journal.append(group.commands.used(), group.firstSequence, group.lastSequence).then(
      () => this.commit(group),
      (error: unknown) => this.fail(error),
    )
  }

  private commit(group: Group): void {
    if (this.stopped !== undefined) return
    this.inFlight.shift()
    const { commands, events, firstSequence, lastSequence, timestampUs } = group
    commands.clear()
    if (this.spareBuffers.length < MAX_SPARE_BUFFERS) this.spareBuffers.push(commands)
    const shared = new SharedEvents(events, this.eventMemory)
    try {
      this.committedSequence = lastSequence
      this.options.onCommit({ firstSequence, lastSequence, timestampUs, events, keep: () => shared.keep() })
    } catch (error) {
      this.halt(`what follows the journal failed at sequence ${lastSequence}: ${messageOf(error)}`, error)
      for (const { request } of group.answers) request.reject(this.stopped!)
      for (const hook of group.hooks) hook(this.stopped)
      return
    }
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

function commandResult(events: FrameBuffer, answer: Answer): CommandResult {
  const { firstSequence: sequence, timestampUs, eventsFrom, eventsTo, fault } = answer
  if (fault !== undefined) return { ok: false, sequence: answer.lastSequence, timestampUs, reject: { code: fault } }
  // A command may have no events: a cancel-all without orders.
  if (eventsFrom < eventsTo && events.type(eventsFrom) === COMMAND_REJECTED) {
    const code = REJECT_CODES[events.u8[eventsFrom + RESULT_CODE]!]
    if (code !== undefined && code !== 'none') return { ok: false, sequence, timestampUs, reject: { code } }
  }
  const decoded: Event[] = []
  for (let offset = eventsFrom; offset < eventsTo; offset += events.size(offset)) decoded.push(decodeEvent(events, offset))
  return { ok: true, sequence, timestampUs, events: decoded }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
