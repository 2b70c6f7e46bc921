/** What becomes public at once: the events of commands that were journaled together. */
import type { FrameBuffer } from '@bourse/core'

/** Events of commands that follow on each other. */
export interface EventBatch {
  readonly firstSequence: number
  readonly lastSequence: number
  /** Time of the last command. */
  readonly timestampUs: number
  /** Event frames in order, shared by everybody who is told: read only. */
  readonly events: FrameBuffer
}

export interface CommittedBatch extends EventBatch {
  /** The commands themselves as the journal holds them, stamped; read only, and overwritten after the call. */
  readonly commands: FrameBuffer
  /** Makes the events last beyond the call in which they were told; without it their memory is used again for later ones. */
  keep(): void
}
