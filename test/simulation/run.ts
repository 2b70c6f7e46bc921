/** What one simulated run carries from one life of its process to the next. */
import { createHash, type Hash } from 'node:crypto'
import { createEngine, restoreEngine } from '@bourse/core'
import type { EngineFactory } from '@bourse/exchange'
import type { FileSystem } from '@bourse/journal-file'
import { SimulatedDisk, type PowerCutCounts } from '@bourse/journal-file/testing'
import type { Journal, SnapshotStore } from '@bourse/plugin'
import { RandomCommands, TWIN_LIMITS, type SeededRandom } from '@bourse/testkit'
import { placeFaults, stream, type Placed } from './faults.js'
import type { Life } from './life.js'
import { Model, type Sent } from './model.js'
import { SimulatedHistory } from './simulated-history.js'

/** Puts something broken in the place of what the exchange is made of, to prove that the simulation notices. */
export interface Sabotage {
  files?(disk: SimulatedDisk): FileSystem
  journal?(journal: Journal): Journal
  snapshots?(snapshots: SnapshotStore): SnapshotStore
  readonly engines?: EngineFactory
}

export interface SimulationOptions {
  readonly seed: number
  readonly commands: number
  /** By default those that follow from the seed. */
  readonly faults?: readonly Placed[]
  readonly sabotage?: Sabotage
  /** Called before each request of the first life, to let something happen at a place of a test's choice. */
  readonly script?: (life: Life) => void
}

export interface Counts extends PowerCutCounts {
  /** Commands that clients have sent. */
  sent: number
  acknowledged: number
  /** Refused at once: over the bounds, or no whole frames. */
  refused: number
  powerCuts: number
  kills: number
  /** Crashes before a start had been finished. */
  crashesWhileStarting: number
  /** The writer halted after a failed write or sync. */
  halts: number
  fullDisks: number
  shortWrites: number
  clockJumps: number
  bitFlips: number
  rottenSnapshots: number
  historyFailures: number
  recoveries: number
  snapshots: number
  orderlyStops: number
  /** Commands that the journal does not hold any more, because they were archived. */
  archived: number
}

export interface Sizes {
  readonly firstSegmentBytes: number
  readonly maxSegmentBytes: number
  readonly keepSnapshots: number
  readonly archive: string
  readonly snapshotEveryCommands: number
  readonly maxQueue: number
}

export const DATA = '/data'
export const JOURNAL = `${DATA}/journal`
export const SNAPSHOTS = `${DATA}/snapshots`
const BIRTH_US = 1_700_000_000_000_000

export class Run {
  readonly counts: Counts = {
    sent: 0, acknowledged: 0, refused: 0, powerCuts: 0, kills: 0, crashesWhileStarting: 0, torn: 0, lost: 0, reordered: 0, names: 0, halts: 0, fullDisks: 0,
    shortWrites: 0, clockJumps: 0, bitFlips: 0, rottenSnapshots: 0, historyFailures: 0, recoveries: 0, snapshots: 0, orderlyStops: 0, archived: 0,
  }
  readonly commands: RandomCommands
  readonly model: Model
  readonly history = new SimulatedHistory()
  readonly sizes: Sizes
  readonly traffic: SeededRandom
  readonly engines: EngineFactory
  /** Frames by sequence, from 1 on, as the writer gave them to the journal. */
  readonly appended: Uint8Array[] = []
  /** Faults that are not due yet. */
  readonly faults: Placed[]
  /** What was sent, never acknowledged, and is not in the journal: sent again. */
  readonly resend: Sent[] = []
  /** Damage to be done before the next start. */
  readonly damage: { readonly kind: 'bit-flip' | 'snapshot-rot'; readonly random: SeededRandom }[] = []
  disk = new SimulatedDisk()
  /** The next starts crash after so many operations of the disk. */
  crashWhileStarting: number[] = []
  /** What the system's clock shows when a life begins. */
  wallUs = BIRTH_US
  lives = 0
  /** Commands that were sent. */
  sent = 0
  /** Every frame of the stage is known to have happened. */
  stageStands = false
  /** The full disk is still full at the next start. */
  stillFull = false
  private readonly digest: Hash = createHash('sha1')

  constructor(readonly options: SimulationOptions) {
    const { seed, commands } = options
    const random = stream(seed, 'sizes')
    const firstSegmentBytes = random.pick([2048, 4096, 16_384])
    this.sizes = {
      firstSegmentBytes,
      maxSegmentBytes: firstSegmentBytes * random.pick([1, 2, 8]),
      keepSnapshots: random.between(2, 4),
      archive: random.pick(['keep', 'delete', '/archive']),
      snapshotEveryCommands: random.pick([30, 100, 400]),
      maxQueue: random.pick([150, 1000]),
    }
    this.commands = new RandomCommands({ seed })
    this.model = new Model((event) => this.commands.observe(event), true)
    this.traffic = stream(seed, 'traffic')
    this.faults = [...(options.faults ?? placeFaults(seed, commands))].sort((a, b) => a.at - b.at || a.index - b.index)
    this.engines = options.sabotage?.engines ?? { create: () => createEngine(TWIN_LIMITS), restore: restoreEngine }
  }

  /** Adds to what two runs of the same seed must have in common. */
  trace(line: string): void {
    this.digest.update(line).update('\n')
  }

  traceDigest(): string {
    return this.digest.copy().digest('hex')
  }
}
