/** The memory that events are written into, used again as soon as nobody reads it. */
import { FrameBuffer } from '@bourse/core'

/** Buffers that wait for their next use, and the bytes beyond which one is not kept. */
const MAX_SPARE = 32
const MAX_SPARE_BYTES = 8 << 20
const EVENT_BYTES_PER_COMMAND = 320

/**
 * A fresh buffer costs more than the events in it: the system zeroes every page at its first touch. So a
 * buffer comes back when all its readers have said that they are done; one of which a reader says nothing
 * is left to the garbage collector.
 */
export class EventMemory {
  private readonly spare: FrameBuffer[] = []

  /** An empty buffer with room for the events of about so many commands. */
  take(commands: number): FrameBuffer {
    return this.spare.pop() ?? new FrameBuffer(commands * EVENT_BYTES_PER_COMMAND)
  }

  give(buffer: FrameBuffer): void {
    if (this.spare.length === MAX_SPARE || buffer.bytes.length > MAX_SPARE_BYTES) return
    buffer.clear()
    this.spare.push(buffer)
  }
}

/** Events of one group with the number of those who read them. */
export class SharedEvents {
  private readers = 1
  private kept = false

  constructor(
    readonly frames: FrameBuffer,
    private readonly memory: EventMemory,
  ) {}

  /** One more reader, who calls {@link SharedEvents.leave} when done, or never. */
  join(): void {
    this.readers++
  }

  /** The frames must last as long as somebody refers to them. */
  keep(): void {
    this.kept = true
  }

  leave(): void {
    this.readers--
    if (this.readers === 0 && !this.kept) this.memory.give(this.frames)
  }
}
