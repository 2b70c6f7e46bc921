/** The journal in segment files: group commit on the way in, checked blocks on the way out. */
import type { Journal, JournalBatch } from '@bourse/plugin'
import { AppendQueue, type AppendGroup } from './append-queue.js'
import type { ArchivePolicy } from './archive.js'
import { BLOCK_HEADER_BYTES, MOST_UNSYNCED, paddedLength, sealBlock } from './block.js'
import { DurableSegments, type JournalEnd } from './durable-segments.js'
import { errorCode, writeFully, type FileSystem, type OpenFile } from './file-system.js'
import { readSegments } from './journal-reading.js'
import { JournalWriteError } from './journal-write-error.js'
import { NewSegment, type MadeSegment } from './new-segment.js'
import type { RecoveredJournal } from './recovery.js'
import { Retention } from './retention.js'
import { segmentCapacity, type SegmentSizes } from './segment.js'

/** Blocks on their way to the disk at a time. It leaves threads of the pool to others while the disk stands still. */
const MOST_UNDER_WAY = 3
const LEAST_BLOCK_BYTES = 64 * 1024
/** By how much the making of the next segment is ahead, so that nobody waits for its end. */
const SPARE_LEAD = 1.25

export interface JournalSettings extends SegmentSizes {
  readonly files: FileSystem
  /** What becomes of segments that are released; `keep` by default. */
  readonly archive?: ArchivePolicy | undefined
  readonly syncTimer?: SyncTimer
}

/** Measures the syncs of blocks, on the clock of whoever asks. */
export interface SyncTimer {
  /** Milliseconds that only go forward. */
  now(): number
  synced(tookMs: number): void
}

/** A block on its way to the disk. */
interface BlockWrite {
  /** Undefined for a seal. */
  readonly group: AppendGroup | undefined
  readonly firstSequence: number
  readonly offset: number
  /** Where the journal ends when it is durable. */
  readonly end: JournalEnd
  isDurable: boolean
  /** Resolves when it is no longer on its way, whatever came of it. */
  ended: Promise<void>
}

export class FileJournal implements Journal {
  private readonly files: FileSystem
  private readonly segments: DurableSegments
  /** Where the next block goes: behind those that are on their way. */
  private written: JournalEnd
  private chain: number
  private sealed: boolean
  private capacity: number
  /** The next segment, from the middle of the present one on. */
  private spare: NewSegment | undefined
  private readonly queue = new AppendQueue()
  private queuedSequence: number
  /** Oldest first. All of them stand in the tail. */
  private readonly underWay: BlockWrite[] = []
  private readonly spareBlocks: Uint8Array[] = []
  /** While the journal goes on to the next segment. */
  private rolling: Promise<void> | undefined
  private failure: Error | undefined
  private closing: Promise<void> | undefined
  private readonly retention: Retention
  readonly archiveBelow?: (belowSequence: number) => Promise<void>

  constructor(
    private readonly directory: string,
    private readonly settings: JournalSettings,
    found: RecoveredJournal,
    private file: OpenFile,
  ) {
    this.files = settings.files
    this.segments = new DurableSegments(found)
    this.written = this.segments.end
    this.queuedSequence = found.lastSequence
    this.chain = found.chain
    this.sealed = found.sealed
    this.capacity = segmentCapacity(settings, this.segments.tail.number)
    const policy = settings.archive ?? 'keep'
    this.retention = new Retention(settings.files, directory, this.segments, policy, found.leftovers)
    if (policy !== 'keep') this.archiveBelow = (belowSequence) => this.retention.below(belowSequence)
  }

  get firstSequence(): number {
    return this.segments.firstSequence
  }

  get lastSequence(): number {
    return this.segments.end.sequence
  }

  append(frames: Uint8Array, firstSequence: number, lastSequence: number): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure)
    if (this.closing !== undefined) return Promise.reject(new Error('The journal is closed; it takes no more commands.'))
    if (frames.length === 0 || firstSequence !== this.queuedSequence + 1 || lastSequence < firstSequence) {
      return Promise.reject(new RangeError(`The journal expects commands from sequence ${this.queuedSequence + 1}; it was given ${frames.length} bytes with sequences ${firstSequence} to ${lastSequence}.`))
    }
    this.queuedSequence = lastSequence
    return new Promise((resolve, reject) => {
      this.queue.push({ frames, firstSequence, lastSequence, resolve, reject })
      this.writeOn()
    })
  }

  /** Writes what waits; what comes while as many blocks as may be are on their way makes up the next one. */
  private writeOn(): void {
    while (!this.queue.isEmpty && this.mayWrite) {
      const group = this.queue.take()
      const size = BLOCK_HEADER_BYTES + paddedLength(group.length)
      const { offset } = this.written
      // A block larger than any segment gets one to itself.
      if (offset === 0 || offset + size <= this.capacity) this.writeGroup(group, size)
      else this.rolling = this.roll(group, size)
    }
  }

  private get mayWrite(): boolean {
    const unsynced = this.written.sequence - this.segments.end.sequence
    return this.failure === undefined && this.rolling === undefined && this.underWay.length < MOST_UNDER_WAY && unsynced <= MOST_UNSYNCED
  }

  private writeGroup(group: AppendGroup, size: number): void {
    const spare = this.spareBlocks.pop()
    const buffer = spare !== undefined && spare.length >= size ? spare : new Uint8Array(Math.max(LEAST_BLOCK_BYTES, 2 ** Math.ceil(Math.log2(size))))
    const block = buffer.subarray(0, size)
    group.copyTo(block, BLOCK_HEADER_BYTES)
    block.fill(0, BLOCK_HEADER_BYTES + group.length)
    this.sealed = false
    this.writeBlock(block, group.length, group.firstSequence, group.lastSequence, group).ended.then(
      () => this.spareBlocks.push(buffer),
      () => undefined,
    )
  }

  private writeBlock(block: Uint8Array, payloadLength: number, firstSequence: number, lastSequence: number, group?: AppendGroup): BlockWrite {
    const { sequence, segment, offset } = this.written
    const unsynced = sequence - this.segments.end.sequence
    this.chain = sealBlock(block, payloadLength, { firstSequence, lastSequence, unsynced, previousCrc: this.chain, segment: this.segments.tail.number, offset })
    this.written = { sequence: lastSequence, segment, offset: offset + block.length }
    const write: BlockWrite = { group, firstSequence, offset, end: this.written, isDurable: false, ended: Promise.resolve() }
    this.underWay.push(write)
    write.ended = this.writeSynced(block, offset).then(
      () => {
        write.isDurable = true
        this.settle()
      },
      (error: unknown) => this.fail(error),
    )
    return write
  }

  /** Acknowledges, in order, what is durable with everything before it. */
  private settle(): void {
    while (this.failure === undefined && this.underWay[0]?.isDurable === true) {
      const { group, firstSequence, offset, end } = this.underWay.shift()!
      this.segments.extend(firstSequence, offset, end)
      if (group === undefined) continue
      this.growSpare()
      group.resolve()
    }
    this.writeOn()
  }

  private async writeSynced(block: Uint8Array, offset: number): Promise<void> {
    const { syncTimer } = this.settings
    const startedMs = syncTimer?.now() ?? 0
    await writeFully(this.file, block, offset, 'writeSynced')
    syncTimer?.synced(syncTimer.now() - startedMs)
  }

  /** Goes on to the next segment, with a group that does not fit into this one; everything in this one is durable before. */
  private async roll(group: AppendGroup, size: number): Promise<void> {
    try {
      await this.underWayEnded()
      if (this.failure === undefined) await this.openNext()
    } catch (error) {
      this.fail(error)
    }
    this.rolling = undefined
    if (this.failure !== undefined) return group.reject(this.failure)
    this.writeGroup(group, size)
    this.writeOn()
  }

  private async underWayEnded(): Promise<void> {
    await Promise.all(this.underWay.map(({ ended }) => ended))
  }

  private async openNext(): Promise<void> {
    const next = await this.nextSegment()
    const full = this.file
    this.file = next.file
    this.capacity = segmentCapacity(this.settings, next.segment.number)
    this.segments.add(next.segment)
    this.written = this.segments.end
    await full.close()
  }

  private async nextSegment(): Promise<MadeSegment> {
    const spare = this.spare
    this.spare = undefined
    try {
      if (spare !== undefined) return await spare.whole()
    } catch (error) {
      // Space may have been freed since; anything else than a full disk is final.
      if (errorCode(error) !== 'ENOSPC') throw error
    }
    return this.newSegment().whole()
  }

  /** The next segment is made while the second half of this one fills up. */
  private growSpare(): void {
    const share = (2 * this.segments.end.offset) / this.capacity - 1
    if (share <= 0) return
    this.spare ??= this.newSegment()
    this.spare.growTo(share * SPARE_LEAD)
  }

  private newSegment(): NewSegment {
    const number = this.segments.tail.number + 1
    return new NewSegment(this.files, this.directory, number, segmentCapacity(this.settings, number))
  }

  /** What else is on its way counts as failed too, done or not: of an error that concerns several writes the system may tell one only. */
  private fail(cause: unknown): void {
    if (this.failure !== undefined) return
    this.failure = new JournalWriteError(this.segments.tail.path, this.segments.end.offset, this.segments.end.sequence, cause)
    for (const { group } of this.underWay) group?.reject(this.failure)
    this.queue.reject(this.failure)
  }

  read(fromSequence: number): AsyncIterable<JournalBatch> {
    return readSegments(this.files, this.segments, fromSequence)
  }

  close(): Promise<void> {
    this.closing ??= this.finish()
    return this.closing
  }

  private async finish(): Promise<void> {
    await this.quiet()
    await this.retention.settled()
    try {
      if (this.failure === undefined) await this.seal()
    } finally {
      await this.file.close()
      await this.spare?.abandon()
    }
  }

  /** Resolves when everything that was given is durable or has failed, and nothing is on its way. */
  private async quiet(): Promise<void> {
    while (this.rolling !== undefined || this.underWay.length > 0) {
      await this.rolling
      await this.underWayEnded()
      if (this.failure !== undefined) return
    }
  }

  /** Ends the journal with a block without commands, so that damage to the last command cannot pass for an unfinished write. */
  private async seal(): Promise<void> {
    const { sequence, offset } = this.segments.end
    if (this.sealed || sequence === 0 || offset + BLOCK_HEADER_BYTES > this.capacity) return
    await this.writeBlock(new Uint8Array(BLOCK_HEADER_BYTES), 0, sequence + 1, sequence).ended
    if (this.failure !== undefined) throw this.failure
    this.sealed = true
  }
}
