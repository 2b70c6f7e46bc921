/** Walks the blocks of one segment file in order and says precisely where and why they end. */
import { BLOCK_ALIGNMENT, BLOCK_HEADER_BYTES, paddedLength, payloadMatches, readBlockHeader, type BlockHeader } from './block.js'
import { readFully, type OpenFile } from './file-system.js'

/** Bytes that are read ahead. */
const AHEAD_BYTES = 512 * 1024
const WINDOW_BYTES = 1 << 20

/** What the reader found at its position. The payload is a view that the next step overwrites. */
export type BlockStep =
  | { readonly kind: 'block'; readonly header: BlockHeader; readonly payload: Uint8Array; readonly offset: number }
  /** Zeros or the end of the file, where a header would stand. */
  | { readonly kind: 'end'; readonly offset: number }
  /** `misplaced` is a whole header that belongs elsewhere: no interrupted write leaves that. */
  | { readonly kind: 'bad'; readonly offset: number; readonly reason: string; readonly misplaced: boolean }

export class BlockReader {
  /** Bytes of the file from `windowStart` on; they stand in `buffer`. */
  private window: Uint8Array = new Uint8Array()
  private windowStart = 0
  private buffer: Uint8Array = new Uint8Array()
  private spare: Uint8Array = new Uint8Array()
  /** What follows the window, while the blocks in it are used: it comes to stand at the middle of its buffer, so that the rest of the window fits in front. */
  private ahead: { readonly buffer: Uint8Array; readonly count: Promise<number> } | undefined

  constructor(
    private readonly file: OpenFile,
    private readonly segment: number,
    private offset = 0,
  ) {}

  /** Where the next block stands. */
  get position(): number {
    return this.offset
  }

  /**
   * Reads the block at the present position and moves behind it. Stays where it is at `end` and `bad`.
   *
   * @param limit never looks at or behind this byte, because it may be in the middle of being written.
   */
  async next(limit = Infinity): Promise<BlockStep> {
    const offset = this.offset
    const head = await this.bytes(offset, BLOCK_HEADER_BYTES, limit)
    if (head.every((byte) => byte === 0)) return { kind: 'end', offset }
    if (head.length < BLOCK_HEADER_BYTES) return bad(offset, 'the file ends inside a block header')
    const header = readBlockHeader(head, 0)
    if (header === undefined) return bad(offset, 'the block header does not match its checksum')
    if (header.segment !== this.segment || header.offset !== offset) {
      return { ...bad(offset, `this block belongs into segment ${header.segment} at byte ${header.offset}`), misplaced: true }
    }
    const whole = await this.bytes(offset, BLOCK_HEADER_BYTES + header.length, limit)
    const payload = whole.subarray(BLOCK_HEADER_BYTES)
    if (payload.length < header.length) return bad(offset, 'the file ends inside a block')
    if (!payloadMatches(header, payload)) return bad(offset, 'the commands do not match their checksum')
    this.offset = offset + BLOCK_HEADER_BYTES + paddedLength(header.length)
    return { kind: 'block', header, payload, offset }
  }

  /** Resolves when no read is under way any more: the file must not be closed before. */
  async settle(): Promise<void> {
    await this.ahead?.count.catch(() => undefined)
  }

  /** At most `length` bytes from a position, fewer at the limit or the end of the file. */
  private async bytes(position: number, length: number, limit: number): Promise<Uint8Array> {
    const wanted = Math.min(length, limit - position)
    if (!this.holds(position, wanted)) await this.advance(position)
    if (!this.holds(position, wanted)) await this.load(position, wanted, limit)
    this.ahead ??= this.readAhead(limit)
    const from = position - this.windowStart
    return this.window.subarray(from, Math.min(from + wanted, this.window.length))
  }

  private holds(position: number, length: number): boolean {
    return position >= this.windowStart && position + length <= this.windowStart + this.window.length
  }

  /** Takes what was read ahead, behind what is left of the window. */
  private async advance(position: number): Promise<void> {
    const { ahead } = this
    if (ahead === undefined) return
    const count = await ahead.count
    this.ahead = undefined
    const left = this.windowStart + this.window.length - position
    if (left < 0 || left > AHEAD_BYTES || position < this.windowStart) return
    ahead.buffer.set(this.window.subarray(this.window.length - left), AHEAD_BYTES - left)
    this.spare = this.buffer
    this.buffer = ahead.buffer
    this.window = ahead.buffer.subarray(AHEAD_BYTES - left, AHEAD_BYTES + count)
    this.windowStart = position
  }

  private async load(position: number, length: number, limit: number): Promise<void> {
    await this.settle()
    this.ahead = undefined
    if (length > this.buffer.length) {
      // A damaged length would ask for gigabytes: nothing can be longer than what is left of the file.
      const left = Math.max(0, (await this.file.size()) - position)
      this.buffer = new Uint8Array(Math.min(left, Math.max(2 * AHEAD_BYTES, length)))
    }
    const target = this.buffer.subarray(0, Math.min(this.buffer.length, Math.max(length, AHEAD_BYTES), limit - position))
    this.windowStart = position
    this.window = target.subarray(0, await readFully(this.file, target, position))
  }

  /** Begins to read what follows the window, unless the file or the limit has come. */
  private readAhead(limit: number): { buffer: Uint8Array; count: Promise<number> } | undefined {
    const from = this.windowStart + this.window.length
    const length = Math.min(AHEAD_BYTES, limit - from)
    if (length < BLOCK_HEADER_BYTES || this.window.length === 0) return undefined
    const buffer = this.spare.length === 0 ? new Uint8Array(2 * AHEAD_BYTES) : this.spare
    this.spare = new Uint8Array()
    const count = readFully(this.file, buffer.subarray(AHEAD_BYTES, AHEAD_BYTES + length), from)
    count.catch(() => undefined)
    return { buffer, count }
  }
}

function bad(offset: number, reason: string): BlockStep & { kind: 'bad' } {
  return { kind: 'bad', offset, reason, misplaced: false }
}

/** What stands behind a given byte of a segment. */
export interface Remainder {
  /** Everything is zero. */
  readonly blank: boolean
  /** The first whole block header that proves something, and where it stands. */
  readonly proof: { readonly offset: number; readonly header: BlockHeader } | undefined
}

const BLANK = new Uint8Array(WINDOW_BYTES)

/**
 * Looks through the rest of a file, from a position where a block may start, for anything that was written there.
 *
 * @param proves whether a whole header at an offset could not stand there unless what is missing before it was durable.
 */
export async function examineRemainder(file: OpenFile, from: number, proves: (header: BlockHeader, offset: number) => boolean): Promise<Remainder> {
  const window = new Uint8Array(Math.min(WINDOW_BYTES, Math.max(0, (await file.size()) - from)))
  let blank = true
  for (let position = from; ; position += WINDOW_BYTES - BLOCK_HEADER_BYTES) {
    const length = await readFully(file, window, position)
    // One native comparison: the rest of a segment is mostly megabytes of zeros.
    if (Buffer.compare(window.subarray(0, length), BLANK.subarray(0, length)) !== 0) {
      blank = false
      const proof = findHeader(window.subarray(0, length), position, proves)
      if (proof !== undefined) return { blank, proof }
    }
    if (length < WINDOW_BYTES) return { blank, proof: undefined }
    // The windows overlap by a header, so that none is cut in two.
  }
}

function findHeader(bytes: Uint8Array, position: number, proves: (header: BlockHeader, offset: number) => boolean): Remainder['proof'] {
  for (let at = 0; at + BLOCK_HEADER_BYTES <= bytes.length; at += BLOCK_ALIGNMENT) {
    const header = readBlockHeader(bytes, at)
    if (header !== undefined && proves(header, position + at)) return { offset: position + at, header }
  }
  return undefined
}
