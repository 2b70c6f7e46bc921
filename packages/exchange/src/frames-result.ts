/** What became of a batch of frames, once it is durable. */
import type { FrameBuffer } from '@bourse/core'
import type { SharedEvents } from './event-memory.js'

export interface FramesResult {
  /** Sequence of the first command; the others follow on, except where one had to be continued (see {@link Exchange.submitFrames}). */
  readonly firstSequence: number
  readonly lastSequence: number
  /** Time of the last command. */
  readonly timestampUs: number
  /** The events of these commands in order; read only, and not after {@link FramesResult.release}. */
  readonly events: FrameBuffer
  /** Gives the memory of the events back for later ones. Worth it for callers in a hurry; without it the events simply last. */
  release(): void
}

/** Where the events of a batch stand among those of its group. */
export interface EventRange {
  readonly firstSequence: number
  readonly lastSequence: number
  readonly timestampUs: number
  readonly eventsFrom: number
  readonly eventsTo: number
}

export class DurableFrames implements FramesResult {
  private view: FrameBuffer | undefined
  private released = false

  constructor(
    private readonly shared: SharedEvents,
    private readonly range: EventRange,
  ) {
    shared.join()
  }

  get firstSequence(): number {
    return this.range.firstSequence
  }

  get lastSequence(): number {
    return this.range.lastSequence
  }

  get timestampUs(): number {
    return this.range.timestampUs
  }

  get events(): FrameBuffer {
    if (this.released) throw new Error('The events of this batch were released.')
    return (this.view ??= this.shared.frames.part(this.range.eventsFrom, this.range.eventsTo))
  }

  release(): void {
    if (this.released) return
    this.released = true
    this.view = undefined
    this.shared.leave()
  }
}
