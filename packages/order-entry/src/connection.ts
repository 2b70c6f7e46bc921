/** One TCP connection: says hello, waits for the log-on, then carries the messages of a session both ways. */
import type { Socket } from 'node:net'
import { FrameBuffer } from '@bourse/core'
import { FrameStream, HELLO, HELLO_BYTES, HELLO_NONCE, HELLO_TIME, HELLO_VERSION, NONCE_BYTES, PROTOCOL_VERSION, writeHeartbeat, writeLogOff, type LogOffReason } from '@bourse/client/tcp'
import type { EntrySession } from './entry-session.js'
import type { FrameMemory } from './frame-memory.js'
import type { LoggedOn } from './log-on.js'
import type { RequestIntake } from './request-intake.js'

/** No message of a client is longer than the longest ladder of quotes. */
const MAX_MESSAGE_BYTES = 2_048
/** Beyond so many unread bytes nothing more is read from the socket. */
const PAUSE_UNREAD_BYTES = 1 << 20

export interface ConnectionOptions {
  readonly socket: Socket
  readonly memory: FrameMemory
  readonly nonce: Uint8Array
  readonly unreadBytes: number
  now(): number
  /** Called with the first message; whoever is called answers with {@link Connection.open} or {@link Connection.end}. */
  onLogOn(connection: Connection, frames: FrameBuffer): void
  /** Called once, when the connection is no more. */
  onEnd(connection: Connection, reason: LogOffReason | 'connection_lost'): void
}

/** What a connection carries once its client has logged on. */
export interface OpenSession {
  readonly logOn: LoggedOn
  readonly session: EntrySession
  readonly intake: RequestIntake
}

export class Connection {
  readonly address: string
  readonly sinceMs: number
  opened: OpenSession | undefined
  private state: 'waiting' | 'checking' | 'open' | 'ended' = 'waiting'
  private readonly stream = new FrameStream(MAX_MESSAGE_BYTES)
  /** How far the answers of the session have been sent. */
  private position = 0
  private heardMs: number
  private saidMs: number

  constructor(private readonly options: ConnectionOptions) {
    const { socket, now } = options
    this.address = socket.remoteAddress ?? 'unknown'
    this.sinceMs = this.heardMs = this.saidMs = now()
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.received(chunk))
    socket.on('drain', () => socket.resume())
    socket.on('error', () => this.lost())
    socket.on('close', () => this.lost())
    this.hello()
  }

  get nonce(): Uint8Array {
    return this.options.nonce
  }

  get waitsForLogOn(): boolean {
    return this.state === 'waiting' || this.state === 'checking'
  }

  /** Begins to carry a session; answers are sent from a position in its outbox on, behind a first message. */
  open(opened: OpenSession, { first, position }: { first: FrameBuffer; position: number }): void {
    this.opened = opened
    this.position = position
    opened.session.outbox.sentBefore = 0
    this.state = 'open'
    this.send(first)
    this.flush()
    this.options.socket.resume()
  }

  /** Sends a message of the session itself, which bears no number. */
  send(frames: FrameBuffer): void {
    this.saidMs = this.options.now()
    this.options.socket.write(frames.bytes.slice(0, frames.length))
  }

  /** Sends the answers that are new. */
  flush(): void {
    if (this.opened === undefined || this.state !== 'open') return
    const { socket, unreadBytes } = this.options
    const { outbox } = this.opened.session
    if (this.position === outbox.bytes) return
    this.saidMs = this.options.now()
    socket.cork()
    this.position = outbox.read(this.position, (bytes) => socket.write(bytes))
    socket.uncork()
    outbox.sentBefore = this.position - socket.writableLength
    if (socket.writableLength > unreadBytes) this.end('reader_too_slow')
    else if (socket.writableLength > PAUSE_UNREAD_BYTES) socket.pause()
  }

  /** Says a sign of life, or ends a connection whose client says none. */
  tick(nowMs: number): void {
    if (this.opened === undefined) return
    const { heartbeatMs } = this.opened.logOn
    if (nowMs - this.heardMs > 2 * heartbeatMs) return this.end('heartbeat_missed')
    if (nowMs - this.saidMs < heartbeatMs) return
    const frames = new FrameBuffer(64)
    writeHeartbeat(frames)
    this.send(frames)
  }

  /** Says why, and closes. */
  end(reason: LogOffReason): void {
    if (this.state === 'ended') return
    const { socket } = this.options
    this.flushLast()
    this.state = 'ended'
    const frames = new FrameBuffer(64)
    writeLogOff(frames, reason)
    // Whoever does not read is not waited for.
    if (reason === 'reader_too_slow') socket.destroy()
    else socket.end(frames.bytes.slice(0, frames.length), () => socket.destroySoon())
    this.options.onEnd(this, reason)
  }

  private flushLast(): void {
    if (this.state === 'open' && this.opened !== undefined) this.position = this.opened.session.outbox.read(this.position, (bytes) => this.options.socket.write(bytes))
  }

  private lost(): void {
    if (this.state === 'ended') return
    this.state = 'ended'
    this.options.socket.destroy()
    this.options.onEnd(this, 'connection_lost')
  }

  private hello(): void {
    const frames = new FrameBuffer(HELLO_BYTES)
    frames.append(HELLO_BYTES, HELLO)
    frames.u16[HELLO_VERSION >> 1] = PROTOCOL_VERSION
    frames.f64[HELLO_TIME >> 3] = this.sinceMs * 1_000
    frames.u8.set(this.options.nonce.subarray(0, NONCE_BYTES), HELLO_NONCE)
    this.send(frames)
  }

  private received(chunk: Buffer): void {
    if (this.state === 'ended') return
    const { memory, now } = this.options
    this.heardMs = now()
    if (this.state === 'checking') return this.end('malformed_message')
    const frames = this.stream.take(chunk, memory.take(chunk.length))
    if (frames === undefined) return this.end('malformed_message')
    if (this.opened === undefined) {
      if (frames.length === 0) return
      this.state = 'checking'
      // What follows a log-on waits until that is decided.
      this.options.socket.pause()
      return this.options.onLogOn(this, frames)
    }
    const reason = this.opened.intake.take(frames, this.heardMs, () => memory.give(frames))
    if (reason !== undefined) this.end(reason)
    else this.flush()
  }
}
