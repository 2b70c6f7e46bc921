/** How an exchange stands: for operators, metrics and readiness. */
import type { SpaceStatus } from './space-watch.js'

export interface ProjectionStatus {
  readonly name: string
  /** Sequence up to which it is committed. */
  readonly cursor: number
  /** Commands that it is behind. */
  readonly lag: number
  readonly waitingBytes: number
  /** Why its last transaction failed. */
  readonly error?: string
}

export interface ExchangeStatus {
  /** Sequence of the last applied command. */
  readonly sequence: number
  /** Sequence of the last command that is durable and public. */
  readonly durableSequence: number
  /** Commands that wait to become durable. */
  readonly queued: number
  /** Sequence of the newest snapshot known to this process. */
  readonly snapshotSequence: number
  readonly halted?: string
  readonly readOnly?: string
  /** Where the disk is watched. */
  readonly space?: SpaceStatus
  readonly projections: readonly ProjectionStatus[]
}
