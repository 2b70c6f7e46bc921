/** Binary message files of the flash1 engine benchmark, and the report lines that go with them. */
import type { Side } from '@bourse/core'
import { readBytes } from './file-lines.js'
import { ReplayError } from './replay-error.js'

export interface Flash1Message {
  readonly type: 'new' | 'cancel' | 'modify'
  readonly side: Side
  readonly immediateOrCancel: boolean
  readonly quantity: bigint
  readonly sequence: bigint
  readonly orderId: string
  readonly price: bigint
}

/** `MEBW_001` read as a little-endian number, in the file's first eight bytes. */
const MAGIC = 0x4d4542575f303031n
const VERSION = 1
const HEADER_BYTES = 16
const RECORD_BYTES = 40
const TYPES = ['new', 'cancel', 'modify'] as const

/** Reads a `.bin` or `.bin.gz`, block by block; checks the header, the count and every record. */
export async function* readFlash1(file: string, onProgress?: (done: number, total: number) => void): AsyncGenerator<readonly Flash1Message[]> {
  let rest = Buffer.alloc(0)
  let expected: number | undefined
  let done = 0
  for await (const { chunk } of readBytes(file)) {
    let bytes = Buffer.concat([rest, chunk])
    if (expected === undefined) {
      if (bytes.length < HEADER_BYTES) {
        rest = bytes
        continue
      }
      expected = readHeader(file, bytes)
      bytes = bytes.subarray(HEADER_BYTES)
    }
    const whole = Math.floor(bytes.length / RECORD_BYTES)
    const messages: Flash1Message[] = []
    for (let i = 0; i < whole; i++) messages.push(readRecord(file, bytes, i * RECORD_BYTES, done + i))
    done += whole
    rest = bytes.subarray(whole * RECORD_BYTES)
    if (messages.length > 0) yield messages
    onProgress?.(done, expected)
  }
  if (expected === undefined) throw new ReplayError(`${file} is too short for a flash1 file: no header of ${HEADER_BYTES} bytes.`)
  if (done !== expected || rest.length > 0) {
    throw new ReplayError(`${file} holds ${done} messages${rest.length > 0 ? ` and ${rest.length} bytes of another` : ''}; its header says ${expected}. Is it complete?`)
  }
}

function readHeader(file: string, bytes: Buffer): number {
  const magic = bytes.readBigUInt64LE(0)
  const version = bytes.readUInt32LE(8)
  if (magic !== MAGIC) throw new ReplayError(`${file} is no flash1 file: it begins with 0x${magic.toString(16)}, not 0x${MAGIC.toString(16)}.`)
  if (version !== VERSION) throw new ReplayError(`${file} is a flash1 file of version ${version}; only version ${VERSION} is known.`)
  return bytes.readUInt32LE(12)
}

function readRecord(file: string, bytes: Buffer, offset: number, index: number): Flash1Message {
  const type = TYPES[bytes[offset]!]
  const side = bytes[offset + 1]!
  const immediate = bytes[offset + 2]!
  if (type === undefined || side > 1 || immediate > 1) {
    throw new ReplayError(`${file}, message ${index}: type ${bytes[offset]}, side ${side}, ioc ${immediate} is no message; expected a type of 0 to 2 and sides and flags of 0 or 1.`)
  }
  return {
    type,
    side: side === 0 ? 'buy' : 'sell',
    immediateOrCancel: immediate === 1,
    quantity: BigInt(bytes.readUInt32LE(offset + 4)),
    sequence: bytes.readBigUInt64LE(offset + 8),
    orderId: bytes.readBigUInt64LE(offset + 16).toString(),
    price: bytes.readBigInt64LE(offset + 24),
  }
}

/** The lines of one message, in the order in which they are to be written: by type, then as they happened. */
export class Flash1Reports {
  private readonly lines: { readonly type: number; readonly text: string }[] = []

  accepted(message: Flash1Message): void {
    this.add(0, `${message.sequence},${sideDigit(message.side)},${message.orderId},${message.price},${message.quantity}`)
  }

  traded(message: Flash1Message, price: bigint, quantity: bigint, makerId: string): void {
    this.add(1, `${message.sequence},${price},${quantity},${makerId},${message.orderId}`)
  }

  cancelled(message: Flash1Message, side: Side, price: bigint): void {
    this.add(2, `${message.sequence},${sideDigit(side)},${message.orderId},${price}`)
  }

  modified(message: Flash1Message, side: Side): void {
    this.add(3, `${message.sequence},${sideDigit(side)},${message.orderId},${message.price},${message.quantity}`)
  }

  cancelRefused(message: Flash1Message): void {
    this.add(4, `${message.sequence},${message.orderId}`)
  }

  modifyRefused(message: Flash1Message): void {
    this.add(5, `${message.sequence},${message.orderId}`)
  }

  /** Hands out the lines of the message and begins the next. */
  take(): string[] {
    const sorted = this.lines.sort((a, b) => a.type - b.type).map(({ text }) => text)
    this.lines.length = 0
    return sorted
  }

  private add(type: number, rest: string): void {
    this.lines.push({ type, text: `${type},${rest}` })
  }
}

function sideDigit(side: Side): number {
  return side === 'buy' ? 0 : 1
}
