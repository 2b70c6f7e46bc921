/** Gives commands to an exchange at a fixed rate, whether or not it keeps up, and measures how long each waits. */
import { FrameBuffer } from '@bourse/core'
import type { Exchange } from '@bourse/exchange'

export interface OpenLoopResult {
  /** Milliseconds from when each command that counts was due to its acknowledgement, ascending. */
  readonly latenciesMs: Float64Array
  /** Longest time in milliseconds during which the thread of the writer did nothing else. */
  readonly longestPauseMs: number
}

export interface OpenLoopOptions {
  readonly exchange: Exchange
  readonly batches: readonly FrameBuffer[]
  /** Commands given. */
  readonly commands: number
  readonly perSecond: number
  /** The first commands, given at the same rate, that do not count: memory grows and code is compiled anew. */
  readonly leadIn: number
  /** Called once, when half of the commands have been given. */
  readonly halfway?: () => void
}

/** Commands that wait beyond this are held back until some are done: the queue of the exchange has a bound. They count as waiting all the same. */
const MOST_UNDER_WAY = 60_000

/**
 * Commands come in packets, each with what is due after another millisecond. In between the thread sleeps, as that of
 * an exchange does: one that looks for what is due all the time takes a processor, on a virtual machine from the disk too.
 */
export const PACKET_MS = 1
/** Most commands of one batch, after a pause. */
const MOST_IN_BATCH = 4096

export function openLoop(options: OpenLoopOptions): Promise<OpenLoopResult> {
  return new Promise((resolve, reject) => new OpenLoop(options, resolve, reject).turn())
}

class OpenLoop {
  private readonly latenciesMs: Float64Array
  /** Where the next command stands. */
  private batch = 0
  private offset = 0
  private readonly spare: FrameBuffer[] = []
  private readonly startMs = performance.now()
  private given = 0
  private done = 0
  private lastTurnMs = this.startMs
  private longestPauseMs = 0
  private halfwayCalled = false

  constructor(
    private readonly options: OpenLoopOptions,
    private readonly resolve: (result: OpenLoopResult) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    this.latenciesMs = new Float64Array(options.commands)
  }

  /** Gives what has become due in the meantime, as a gateway gives what its sockets have brought. */
  turn(): void {
    const nowMs = performance.now()
    this.longestPauseMs = Math.max(this.longestPauseMs, nowMs - this.lastTurnMs - PACKET_MS)
    this.lastTurnMs = nowMs
    const { commands, perSecond, halfway } = this.options
    const due = Math.min(commands, Math.floor(((nowMs - this.startMs) / 1000) * perSecond), this.done + MOST_UNDER_WAY)
    while (due > this.given) this.give(Math.min(due, this.given + MOST_IN_BATCH))
    if (!this.halfwayCalled && this.given * 2 >= commands) {
      this.halfwayCalled = true
      halfway?.()
    }
    if (this.done < commands) setTimeout(() => this.turn(), PACKET_MS)
    else this.resolve({ latenciesMs: this.latenciesMs.subarray(this.options.leadIn).sort(), longestPauseMs: this.longestPauseMs })
  }

  private give(end: number): void {
    const { exchange, perSecond } = this.options
    const first = this.given
    const buffer = this.spare.pop() ?? new FrameBuffer(1 << 12)
    buffer.clear()
    while (this.given < end) this.copyTo(buffer, end)
    exchange.submitFrames(buffer).then((result) => {
      result.release()
      const sinceStartMs = performance.now() - this.startMs
      for (let command = first; command < end; command++) this.latenciesMs[command] = sinceStartMs - (command * 1000) / perSecond
      this.done += end - first
      this.spare.push(buffer)
    }, this.reject)
  }

  /** Copies commands of the present batch up to a number, or to the end of the batch. */
  private copyTo(buffer: FrameBuffer, end: number): void {
    const batch = this.options.batches[this.batch]!
    const from = this.offset
    for (; this.given < end && this.offset < batch.length; this.given++) this.offset += batch.size(this.offset)
    buffer.appendRange(batch, from, this.offset)
    if (this.offset < batch.length) return
    this.batch++
    this.offset = 0
  }
}
