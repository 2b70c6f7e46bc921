/** Walks the blocks of one segment file in order and says precisely where and why they end. */
import { BLOCK_ALIGNMENT, BLOCK_HEADER_BYTES, paddedLength, payloadMatches, readBlockHeader, type BlockHeader } from './block.js'
import { readFully, type OpenFile } from './file-system.js'

const WINDOW_BYTES = 1 << 20

/** What the reader found at its position. The payload is a view that the next step overwrites. */
export type BlockStep =
  | { readonly kind: 'block'; readonly header: BlockHeader; readonly payload: Uint8Array; readonly offset: number }
  /** Zeros or the end of the file, where a header would stand. */
  | { readonly kind: 'end'; readonly offset: number }
  /** `misplaced` is a whole header that belongs elsewhere: no interrupted write leaves that. */
  | { readonly kind: 'bad'; readonly offset: number; readonly reason: string; readonly misplaced: boolean }

export class BlockReader {
  private window = new Uint8Array()
  private windowStart = 0
  private windowLength = 0

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

  /** At most `length` bytes from a position, fewer at the limit or the end of the file. */
  private async bytes(position: number, length: number, limit: number): Promise<Uint8Array> {
    const wanted = Math.min(length, limit - position)
    if (position < this.windowStart || position + wanted > this.windowStart + this.windowLength) await this.load(position, wanted, limit)
    const from = position - this.windowStart
    return this.window.subarray(from, Math.min(from + wanted, this.windowLength))
  }

  private async load(position: number, length: number, limit: number): Promise<void> {
    if (length > this.window.length) {
      // A damaged length would ask for gigabytes: nothing can be longer than what is left of the file.
      const left = Math.max(0, (await this.file.size()) - position)
      this.window = new Uint8Array(Math.min(left, Math.max(WINDOW_BYTES, length)))
    }
    const target = this.window.subarray(0, Math.min(this.window.length, limit - position))
    this.windowStart = position
    this.windowLength = await readFully(this.file, target, position)
  }
}

function bad(offset: number, reason: string): BlockStep & { kind: 'bad' } {
  return { kind: 'bad', offset, reason, misplaced: false }
}

/** What stands behind a given byte of a segment. */
export interface Remainder {
  /** Everything is zero. */
  readonly blank: boolean
  /** The first whole block header. */
  readonly header: { readonly offset: number; readonly firstSequence: number } | undefined
}

const BLANK = new Uint8Array(WINDOW_BYTES)

/** Looks through the rest of a file, from a position where a block may start, for anything that was written there. */
export async function examineRemainder(file: OpenFile, from: number): Promise<Remainder> {
  const window = new Uint8Array(Math.min(WINDOW_BYTES, Math.max(0, (await file.size()) - from)))
  let blank = true
  for (let position = from; ; position += WINDOW_BYTES - BLOCK_HEADER_BYTES) {
    const length = await readFully(file, window, position)
    // One native comparison: the rest of a segment is mostly megabytes of zeros.
    if (Buffer.compare(window.subarray(0, length), BLANK.subarray(0, length)) !== 0) {
      blank = false
      const header = findHeader(window.subarray(0, length))
      if (header !== undefined) return { blank, header: { offset: position + header.at, firstSequence: header.firstSequence } }
    }
    if (length < WINDOW_BYTES) return { blank, header: undefined }
    // The windows overlap by a header, so that none is cut in two.
  }
}

function findHeader(bytes: Uint8Array): { at: number; firstSequence: number } | undefined {
  for (let at = 0; at + BLOCK_HEADER_BYTES <= bytes.length; at += BLOCK_ALIGNMENT) {
    const header = readBlockHeader(bytes, at)
    if (header !== undefined) return { at, firstSequence: header.firstSequence }
  }
  return undefined
}
