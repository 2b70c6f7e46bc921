/** A plain WebSocket with bounds: how much may wait for its reader, and how long it may be silent. */
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Outgoing, OutgoingTurn } from './outgoing.js'
import { textFrame } from './text-frame.js'

/** A reader that has this much unread is cut off: after reconnecting, snapshots bring it up to date. */
export const MAX_UNREAD_BYTES = 4_000_000
/** Each connection is asked for a sign of life so often, and cut when it gave none since the last time. */
const PING_MS = 30_000

export interface PlainSocketOptions {
  /** The stream under the WebSocket, to which prepared frames are written. */
  readonly wire: Duplex
  /** Packs what a turn brings into one write for each connection. */
  readonly turn: OutgoingTurn
  readonly maxUnreadBytes?: number
  readonly pingMs?: number
  onCut(reason: 'slow' | 'silent'): void
}

export class PlainSocket implements Outgoing {
  readonly frames: Buffer[] = []
  private alive = true
  private cut = false
  private readonly pings: NodeJS.Timeout

  constructor(
    private readonly socket: WebSocket,
    private readonly options: PlainSocketOptions,
  ) {
    socket.on('pong', () => (this.alive = true))
    socket.on('message', () => (this.alive = true))
    // Every fault of the transport ends in "close".
    socket.on('error', () => socket.terminate())
    this.pings = setInterval(() => this.ping(), options.pingMs ?? PING_MS)
    this.pings.unref()
    socket.on('close', () => clearInterval(this.pings))
  }

  get open(): boolean {
    return this.socket.readyState === this.socket.OPEN && !this.cut
  }

  send(text: string): void {
    this.publish(textFrame(text))
  }

  /** Sends a frame that was prepared once for all who get it. */
  publish(frame: Buffer): void {
    if (this.open) this.options.turn.add(this, frame)
  }

  /** A reader that is too far behind is cut instead. */
  write(bytes: Buffer): void {
    if (!this.open) return
    const { wire, maxUnreadBytes = MAX_UNREAD_BYTES } = this.options
    wire.write(bytes)
    if (wire.writableLength > maxUnreadBytes) this.end('slow')
  }

  /** Closes politely, with one of WebSocket's codes; what was said before comes first. */
  close(code: number, reason: string): void {
    const said = this.frames.splice(0)
    if (said.length > 0) this.write(Buffer.concat(said))
    this.socket.close(code, reason)
  }

  /** Closing politely would wait for a reader that does not read. */
  terminate(): void {
    this.cut = true
    this.socket.terminate()
  }

  private ping(): void {
    if (!this.alive) return this.end('silent')
    this.alive = false
    if (this.open) this.socket.ping()
  }

  private end(reason: 'slow' | 'silent'): void {
    if (this.cut) return
    this.options.onCut(reason)
    this.terminate()
  }
}
