/** Cuts what arrives on a socket into whole frames, aligned as their readers need it. */
import { FRAME_HEADER_BYTES, FrameBuffer } from '@bourse/core'

/** The shortest message: a header without account, market and time. */
const LEAST_BYTES = FRAME_HEADER_BYTES / 2

export class FrameStream {
  private rest = new Uint8Array(0)

  /** @param maxBytes of one message; a longer one, or one of an impossible size, is a fault of the sender. */
  constructor(private readonly maxBytes: number) {}

  /**
   * Takes the next piece; returns the whole frames that stand now, which belong to the caller.
   *
   * @param target memory to be used again; undefined takes new one.
   * @returns undefined when what arrived is no frame: the stream cannot be read any further.
   */
  take(chunk: Uint8Array, target?: FrameBuffer): FrameBuffer | undefined {
    const bytes = this.rest.length + chunk.length
    const frames = target !== undefined && target.bytes.length >= bytes ? target : new FrameBuffer(Math.max(1 << 12, bytes))
    frames.bytes.set(this.rest)
    frames.bytes.set(chunk, this.rest.length)
    let end = 0
    while (end + 2 <= bytes) {
      const size = frames.u16[end >> 1]!
      if (size < LEAST_BYTES || size > this.maxBytes || (size & 7) !== 0) return undefined
      if (end + size > bytes) break
      end += size
    }
    frames.length = end
    this.rest = end === bytes ? EMPTY : frames.bytes.slice(end, bytes)
    return frames
  }
}

const EMPTY = new Uint8Array(0)
