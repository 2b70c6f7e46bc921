/** What becomes public at once: the events of commands that were journaled together. */
import type { FrameBuffer } from '@bourse/core'

export interface CommittedBatch {
  readonly firstSequence: number
  readonly lastSequence: number
  /** Time of the last command. */
  readonly timestampUs: number
  /** Event frames in order, shared by everybody who is told: read only. */
  readonly events: FrameBuffer
}
