/** What an exchange is opened with. */
import type { Journal, Projection, SnapshotStore } from '@bourse/plugin'
import type { EngineFactory } from './engine-state.js'
import type { SpaceOptions } from './space-watch.js'
import type { Timers } from './timers.js'

export interface ExchangeOptions {
  /** Who opens journal and snapshots also closes them, after the exchange. */
  readonly journal: Journal
  readonly snapshots: SnapshotStore
  /** Microseconds since 1970; by default the system's time. A clock that goes back is held at the last time. */
  readonly clock?: () => number
  /** Turns and pauses of the event loop; another one than the system's is for simulations. */
  readonly timers?: Timers
  /** From 0 to below 1: draws how long an auction after a halt collects orders. By default the system's chance, which nobody foresees. */
  readonly random?: () => number
  /** What follows the committed events with a cursor of its own: SQL history, for example. */
  readonly projections?: readonly Projection[]
  /** Commands between two snapshots, which bound how long a restart replays. Default 1,000,000. */
  readonly snapshotEveryCommands?: number
  /** Commands that may wait to become durable. Default 65,536; cancels have a reserve beyond it. */
  readonly maxQueue?: number
  /** Bytes of events that may wait for the slowest projection before new orders are refused. Default 32 MiB. */
  readonly maxProjectionLagBytes?: number
  /** Pause before a failed projection is tried again. Default 1,000. */
  readonly projectionRetryMs?: number
  /** Watches the disk, and refuses commands before it is full. Without it a full disk is met by the journal, and only a restart helps. */
  readonly space?: SpaceOptions
  /** Share of the replay at start, 0 to 1. */
  readonly onProgress?: (done: number) => void
  /** The writer has stopped for good: the process should end, and be started again. */
  readonly onHalt?: (error: Error) => void
  /** The journal's disk is full, or nearly: reads go on, commands are refused. */
  readonly onReadOnly?: (error: Error) => void
  readonly log?: (message: string) => void
  /** Another engine than the core's, for tests. */
  readonly engines?: EngineFactory
}
