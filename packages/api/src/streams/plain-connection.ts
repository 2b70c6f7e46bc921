/** One plain WebSocket: what it is told, in one write a turn, and what happens when its reader does not keep up. */
import type { Socket } from 'node:net'
import type { StreamMessage } from '@bourse/client'
import type { WebSocket } from 'ws'
import type { Admitted } from '../http/admission.js'
import type { Outgoing, OutgoingTurn } from './outgoing.js'
import { textFrame } from './text-frame.js'

/** A reader with this much unread gets no more public messages; snapshots bring it up to date once it has read. */
export const LAGGING_BYTES = 1 << 20
/** A reader with this much unread, of what may not be left out, is cut. */
export const MAX_UNREAD_BYTES = 4 << 20

export interface PlainConnectionOptions {
  readonly socket: WebSocket
  /** The stream under the WebSocket, to which prepared frames are written. */
  readonly wire: Socket
  readonly turn: OutgoingTurn
  /** Called once it has read again: with the rooms of which it missed messages. */
  onCaughtUp(connection: PlainConnection, missed: readonly string[]): void
  /** Called before a reader that does not keep up is cut. */
  onCut(connection: PlainConnection): void
}

export class PlainConnection implements Outgoing {
  readonly frames: Buffer[] = []
  /** Cancels all orders of the account when the connection ends. */
  cancelOnDisconnect = false
  /** Answered the last ping. */
  alive = true
  private readonly missed = new Set<string>()
  private cut = false

  constructor(
    /** Who is connected; a log-on may come later. */
    public admitted: Admitted,
    private readonly options: PlainConnectionOptions,
  ) {
    options.wire.on('drain', () => this.drained())
  }

  get connected(): boolean {
    return this.options.socket.readyState === this.options.socket.OPEN
  }

  /** Sends a message of its own: an answer, or what concerns its account. */
  send(message: object): void {
    if (this.connected) this.options.turn.add(this, textFrame(JSON.stringify(message)))
  }

  /** Sends a public message that was prepared for all; whoever lags misses it, and is told. */
  publish(room: string, frame: Buffer): void {
    if (!this.connected) return
    if (this.missed.has(room) || this.options.wire.writableLength > LAGGING_BYTES) this.missed.add(room)
    else this.options.turn.add(this, frame)
  }

  write(bytes: Buffer): void {
    const { wire } = this.options
    if (!this.connected || this.cut) return
    wire.write(bytes)
    if (wire.writableLength <= MAX_UNREAD_BYTES) return
    this.cut = true
    this.options.onCut(this)
    // Closing politely would wait for the reader that does not read.
    wire.destroy()
  }

  /** @param code of the WebSocket protocol. */
  close(code: number, reason: string): void {
    this.options.socket.close(code, reason)
  }

  ping(): void {
    this.alive = false
    this.options.socket.ping()
  }

  terminate(): void {
    this.options.socket.terminate()
  }

  private drained(): void {
    if (this.missed.size === 0) return
    const rooms = [...this.missed]
    this.missed.clear()
    this.options.onCaughtUp(this, rooms)
  }
}

/** The connections that listen to public streams over plain WebSockets. */
export class PlainRooms {
  private readonly members = new Map<string, Set<PlainConnection>>()

  has(room: string): boolean {
    return this.members.has(room)
  }

  join(room: string, connection: PlainConnection): void {
    const members = this.members.get(room) ?? new Set()
    this.members.set(room, members.add(connection))
  }

  leave(room: string, connection: PlainConnection): void {
    const members = this.members.get(room)
    members?.delete(connection)
    if (members?.size === 0) this.members.delete(room)
  }

  /** Serialises and frames a message once, for all who listen. */
  send(room: string, message: StreamMessage): void {
    const members = this.members.get(room)
    if (members === undefined) return
    const frame = textFrame(JSON.stringify(message))
    for (const member of members) member.publish(room, frame)
  }
}
