/** The messages between an engine's process and those of its gateways: a head of 16 bytes, then a payload of any length. */
import type { Socket } from 'node:net'

/** What a message is. Gateways send the first five, the engine the others; notes go both ways. */
export const LINK_KINDS = ['hello', 'submit', 'frames', 'call', 'reach', 'part', 'state', 'committed', 'answer', 'refused', 'status', 'note'] as const
export type LinkKind = (typeof LINK_KINDS)[number]

export interface LinkMessage {
  readonly kind: LinkKind
  /** Of the request that it is or answers, else 0. */
  readonly id: number
  /** The reader's own. */
  readonly payload: Uint8Array
}

/** Length of the payload (u32), kind (u32), id (f64). */
const HEAD_BYTES = 16
/** Of one message; a part of a state is the longest. */
const MAX_PAYLOAD_BYTES = 2 ** 32 - 1

export class LinkStream {
  private chunks: Buffer[] = []
  private bytes = 0

  constructor(
    private readonly socket: Socket,
    onMessage: (message: LinkMessage) => void,
  ) {
    socket.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk)
      this.bytes += chunk.length
      for (let message = this.next(); message !== undefined; message = this.next()) onMessage(message)
    })
  }

  /** Bytes that wait to be taken by the other side. */
  get waitingBytes(): number {
    return this.socket.writableLength
  }

  send(kind: LinkKind, id: number, payload: Uint8Array): void {
    if (payload.length > MAX_PAYLOAD_BYTES) throw new RangeError(`A message of ${payload.length} bytes is too long for the link.`)
    const head = Buffer.allocUnsafe(HEAD_BYTES)
    head.writeUInt32LE(payload.length, 0)
    head.writeUInt32LE(LINK_KINDS.indexOf(kind), 4)
    head.writeDoubleLE(id, 8)
    this.socket.cork()
    this.socket.write(head)
    if (payload.length > 0) this.socket.write(payload)
    process.nextTick(() => this.socket.uncork())
  }

  sendJson(kind: LinkKind, id: number, value: unknown): void {
    this.send(kind, id, Buffer.from(JSON.stringify(value) ?? 'null'))
  }

  private next(): LinkMessage | undefined {
    if (this.bytes < HEAD_BYTES) return undefined
    const head = this.peek(HEAD_BYTES)
    const length = head.readUInt32LE(0)
    const kind = LINK_KINDS[head.readUInt32LE(4)]
    if (kind === undefined) {
      this.socket.destroy(new Error('The other side of the link speaks another language: it is of another version of the program.'))
      this.chunks = []
      this.bytes = 0
      return undefined
    }
    if (this.bytes < HEAD_BYTES + length) return undefined
    const whole = this.peek(HEAD_BYTES + length)
    this.chunks[0] = whole.subarray(HEAD_BYTES + length)
    if (this.chunks[0].length === 0) this.chunks.shift()
    this.bytes -= HEAD_BYTES + length
    return { kind, id: head.readDoubleLE(8), payload: Uint8Array.prototype.slice.call(whole, HEAD_BYTES, HEAD_BYTES + length) }
  }

  /** At least so many bytes in one piece. */
  private peek(bytes: number): Buffer {
    if (this.chunks[0]!.length < bytes) this.chunks = [Buffer.concat(this.chunks)]
    return this.chunks[0]!
  }
}

export function jsonOf(payload: Uint8Array): unknown {
  return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8'))
}
