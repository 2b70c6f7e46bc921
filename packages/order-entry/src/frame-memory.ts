/** Memory for what arrives, used again as soon as the exchange is done with it. */
import { FrameBuffer } from '@bourse/core'

/** What a socket gives at once, and an unfinished message before it. */
const BUFFER_BYTES = (1 << 16) + (1 << 12)
const MAX_SPARE = 64

export class FrameMemory {
  private readonly spare: FrameBuffer[] = []

  /** @param bytes that arrive now; small pieces are not worth a large buffer. */
  take(bytes: number): FrameBuffer | undefined {
    return this.spare.pop() ?? (bytes > BUFFER_BYTES >> 4 ? new FrameBuffer(BUFFER_BYTES) : undefined)
  }

  give(frames: FrameBuffer): void {
    if (this.spare.length < MAX_SPARE && frames.bytes.length >= BUFFER_BYTES) this.spare.push(frames)
  }
}
