/** Takes the messages of an open session: checks them one by one and gives runs of good commands to the exchange. */
import { isCommandSize, ORDER_CANCEL_ALL_AFTER, type FrameBuffer, type RejectCode } from '@bourse/core'
import { HEARTBEAT, HEARTBEAT_BYTES, HELLO, LOG_OFF, NUMBER, type LogOffReason, type ServerReject } from '@bourse/client/tcp'
import { commandFault, isEntryCommand, isRelieving, type CommandOwner } from './command-check.js'
import type { EntrySession } from './entry-session.js'
import type { Pace } from './pace.js'

export interface IntakeOptions {
  readonly session: EntrySession
  readonly pace: { readonly orders: Pace; readonly cancels: Pace }
  /** Commands that may wait for the exchange. */
  readonly maxInFlight: number
  /** Markets that there are. */
  markets(): number
}

export class RequestIntake {
  private owner: CommandOwner = { account: 0, markets: 0 }

  constructor(private readonly options: IntakeOptions) {}

  /**
   * Takes whole messages; their memory stays in use until `free` is called.
   *
   * @returns why the session must end, or undefined.
   */
  take(frames: FrameBuffer, nowMs: number, free: () => void): LogOffReason | undefined {
    const { pace, session, markets } = this.options
    this.owner = { account: session.account, markets: markets() }
    pace.orders.advance(nowMs)
    pace.cancels.advance(nowMs)
    const run = new RunUnderWay(session, frames, free)
    let ended: LogOffReason | undefined
    for (let offset = 0; offset < frames.length && ended === undefined; offset += frames.size(offset)) {
      ended = frames.type(offset) >= HELLO ? this.message(frames, offset, run) : this.command(frames, offset, run)
    }
    run.end()
    return ended
  }

  private message(frames: FrameBuffer, offset: number, run: RunUnderWay): LogOffReason | undefined {
    run.skip(offset)
    const type = frames.type(offset)
    if (type === HEARTBEAT && frames.size(offset) === HEARTBEAT_BYTES) return undefined
    return type === LOG_OFF ? 'requested' : 'malformed_message'
  }

  private command(frames: FrameBuffer, offset: number, run: RunUnderWay): LogOffReason | undefined {
    const { session } = this.options
    const request = frames.f64[(offset + NUMBER) >> 3]!
    if (request !== session.nextRequest) return 'wrong_number'
    session.nextRequest++
    const type = frames.type(offset)
    const fault = this.fault(frames, offset) ?? this.bound(type, run.count)
    if (fault === undefined) {
      run.add(offset, request)
      return undefined
    }
    run.skip(offset)
    session.refuse(request, isEntryCommand(type) ? type : 0, fault)
    return undefined
  }

  private fault(frames: FrameBuffer, offset: number): { engine: RejectCode } | undefined {
    const type = frames.type(offset)
    if (!isEntryCommand(type)) return { engine: 'not_permitted' }
    if (!isCommandSize(type, frames.size(offset))) return { engine: 'malformed_frame' }
    const engine = commandFault(frames, offset, this.owner)
    return engine === undefined ? undefined : { engine }
  }

  /** Over a bound only what relieves the exchange is taken, and that has a bound of its own. */
  private bound(type: number, inRun: number): { server: ServerReject } | undefined {
    const { session, maxInFlight, pace } = this.options
    const relieving = isRelieving(type)
    if (session.inFlight + inRun >= (relieving ? 2 * maxInFlight : maxInFlight)) return { server: 'too_many_in_flight' }
    const allowed = relieving ? pace.cancels.take() : pace.orders.take()
    return allowed || type === ORDER_CANCEL_ALL_AFTER ? undefined : { server: 'too_many_requests' }
  }
}

/** Good commands that stand behind each other in one piece of memory. */
class RunUnderWay {
  count = 0
  private from = 0
  private firstRequest = 0
  private lastOffset = 0
  /** Runs that use the memory, and the intake itself. */
  private users = 1

  constructor(
    private readonly session: EntrySession,
    private readonly frames: FrameBuffer,
    private readonly free: () => void,
  ) {}

  add(offset: number, request: number): void {
    const { u32, f64 } = this.frames
    if (this.count === 0) {
      this.from = offset
      this.firstRequest = request
    }
    u32[(offset + 4) >> 2] = this.session.account
    // Zero says that the writer has not stamped it yet.
    f64[(offset + NUMBER) >> 3] = 0
    this.lastOffset = offset
    this.count++
  }

  /** The message at an offset is none of the run. */
  skip(offset: number): void {
    this.give(offset)
  }

  end(): void {
    this.give(this.frames.length)
    this.leave()
  }

  private give(to: number): void {
    if (this.count === 0) return
    const { session, frames, from, firstRequest, count, lastOffset } = this
    this.count = 0
    this.users++
    const end = Math.min(to, lastOffset + frames.size(lastOffset))
    session.give({ frames: frames.part(from, end), firstRequest, count, lastOffset: lastOffset - from }, () => this.leave())
  }

  private leave(): void {
    this.users--
    if (this.users === 0) this.free()
  }
}
