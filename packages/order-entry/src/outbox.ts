/** The answers of one session in the order of their numbers, and as many of the last ones as may be asked for again. */
import { FrameBuffer } from '@bourse/core'
import { ANSWER_NUMBER } from '@bourse/client/tcp'

const CHUNK_BYTES = 1 << 16

interface Chunk {
  readonly frames: FrameBuffer
  /** Number of its first answer. */
  readonly firstNumber: number
  /** Bytes of all answers before it. */
  readonly before: number
}

export class Outbox {
  /** Number of the next answer. */
  nextNumber = 1
  /** Where {@link Outbox.append} wrote last. */
  frames = new FrameBuffer(CHUNK_BYTES)
  /** Answers before this position are on their way: their memory may be used again once they are too old to be kept. */
  sentBefore = 0
  private chunks: Chunk[] = [{ frames: this.frames, firstNumber: 1, before: 0 }]
  private before = 0

  /** @param maxBytes that are kept to be sent again, at least; beyond it the oldest answers go. */
  constructor(private readonly maxBytes: number) {}

  /** Bytes of all answers so far. */
  get bytes(): number {
    return this.before + this.frames.length
  }

  /** The oldest answer that is still here; the next one where none is. */
  get firstNumber(): number {
    return this.chunks[0]!.firstNumber
  }

  /** Makes room for the next answer, zeroed but for its size, type and number; returns its offset in {@link Outbox.frames}. */
  append(size: number, type: number): number {
    if (this.frames.length + size > CHUNK_BYTES) this.turn()
    const at = this.frames.append(size, type)
    this.frames.f64[(at + ANSWER_NUMBER) >> 3] = this.nextNumber++
    return at
  }

  /** Where the answer of a number stands among the bytes of all answers; it must be here, or the next one. */
  positionOf(number: number): number {
    if (number >= this.nextNumber) return this.bytes
    const chunk = this.chunks.findLast(({ firstNumber }) => firstNumber <= number)
    if (chunk === undefined) throw new RangeError(`The answer ${number} is gone; the oldest is ${this.firstNumber}.`)
    let offset = 0
    for (let left = number - chunk.firstNumber; left > 0; left--) offset += chunk.frames.size(offset)
    return chunk.before + offset
  }

  /** Gives what stands behind a position, in pieces that last as long as they are referred to; returns the new position. */
  read(position: number, take: (bytes: Uint8Array) => void): number {
    const from = this.chunks.findLastIndex(({ before }) => before <= position)
    for (const { frames, before } of this.chunks.slice(Math.max(0, from))) {
      const start = Math.max(0, position - before)
      if (start < frames.length) take(frames.bytes.subarray(start, frames.length))
    }
    return this.bytes
  }

  private turn(): void {
    this.before += this.frames.length
    const oldest = this.chunks.length > Math.ceil(this.maxBytes / CHUNK_BYTES) ? this.chunks.shift() : undefined
    if (oldest !== undefined && oldest.before + oldest.frames.length <= this.sentBefore) {
      this.frames = oldest.frames
      this.frames.clear()
    } else this.frames = new FrameBuffer(CHUNK_BYTES)
    this.chunks.push({ frames: this.frames, firstNumber: this.nextNumber, before: this.before })
  }
}
