/** The journal in segment files: group commit on the way in, checked blocks on the way out. */
import { JournalArchivedError, JournalCorruptError, type Journal, type JournalBatch } from '@bourse/plugin'
import { AppendQueue, type AppendGroup } from './append-queue.js'
import { putAway, type ArchivePolicy } from './archive.js'
import { writeBeginning } from './beginning.js'
import { BLOCK_HEADER_BYTES, MOST_UNSYNCED, paddedLength, readBlockHeader, sealBlock } from './block.js'
import { BlockReader } from './block-reader.js'
import { errorCode, readFully, writeFully, writeZeros, type FileSystem, type OpenFile } from './file-system.js'
import { JournalWriteError } from './journal-write-error.js'
import { NewSegment, type MadeSegment } from './new-segment.js'
import { recoverJournal, type CheckProgress, type RecoveredJournal } from './recovery.js'
import { markBlock, segmentCapacity, type Segment, type SegmentSizes } from './segment.js'

/** Blocks on their way to the disk at a time. It leaves threads of the pool to others while the disk stands still. */
const MOST_UNDER_WAY = 3
const LEAST_BLOCK_BYTES = 64 * 1024
/** By how much the making of the next segment is ahead, so that nobody waits for its end. */
const SPARE_LEAD = 1.25

export interface FileJournalOptions extends SegmentSizes {
  readonly files: FileSystem
  readonly onCheckProgress?: CheckProgress | undefined
  /** A snapshot stands for everything up to here: what lies before is checked when it is read. By default everything is checked now. */
  readonly coveredSequence?: number | undefined
  /** What becomes of segments that are released; `keep` by default. */
  readonly archive?: ArchivePolicy | undefined
  /** Told when an unfinished, never acknowledged write was removed from the tail. */
  readonly onTornTail?: (file: string, offset: number, reason: string) => void
  readonly syncTimer?: SyncTimer
  /** A new journal begins behind this sequence: the copy of one whose older commands have been archived. By default 0. */
  readonly beginsAfter?: number | undefined
}

/** Measures the syncs of blocks, on the clock of whoever asks. */
export interface SyncTimer {
  /** Milliseconds that only go forward. */
  now(): number
  synced(tookMs: number): void
}

/** How far the files go; replaced as a whole, so that a reader never sees half of a step. */
interface JournalEnd {
  readonly sequence: number
  /** Index of the tail in the list of segments. */
  readonly segment: number
  readonly offset: number
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

/**
 * Opens or creates the journal of a directory and checks it, as far as no snapshot covers it.
 *
 * @throws JournalCorruptError when something before the tail is damaged.
 */
export async function openFileJournal(directory: string, options: FileJournalOptions): Promise<Journal> {
  const { files } = options
  await files.makeDirectory(directory)
  const found = await recoverJournal(files, directory, { onProgress: options.onCheckProgress, coveredSequence: options.coveredSequence })
  if (found.torn !== undefined) options.onTornTail?.(found.torn.file, found.torn.offset, found.torn.reason)
  for (const path of found.unused) await files.remove(path)
  const tail = found.segments.at(-1)
  if (tail === undefined) {
    const beginsAfter = options.beginsAfter ?? 0
    if (beginsAfter > 0) await writeBeginning(files, directory, { segment: 1, sequence: beginsAfter, chain: 0 })
    const first = await new NewSegment(files, directory, 1, segmentCapacity(options, 1)).whole()
    return new FileJournal(directory, options, { ...found, segments: [first.segment], lastSequence: beginsAfter, startsAfter: beginsAfter }, first.file)
  }
  const file = await files.open(tail.path, 'update')
  try {
    await makeTailDurable(file, found, segmentCapacity(options, tail.number))
    await files.syncDirectory(directory)
  } catch (error) {
    await file.close()
    throw error
  }
  return new FileJournal(directory, options, found, file)
}

/**
 * Removes what stands behind the last whole block, allocates the rest of the segment again, and makes the blocks
 * durable that no later one proves to be: a killed process may have left them in the page cache only. They are written
 * anew, because after a failed sync the cache may hold, as clean, what the disk never got.
 */
async function makeTailDurable(file: OpenFile, found: RecoveredJournal, capacity: number): Promise<void> {
  if (found.torn !== undefined) {
    await file.truncate(found.end)
    await file.sync()
  }
  const size = await file.size()
  try {
    if (size < capacity) await writeZeros(file, size, capacity)
  } catch (error) {
    // On a full disk the exchange still serves what it has; the next append will meet the same error.
    if (errorCode(error) !== 'ENOSPC') throw error
  }
  if (found.unproven !== undefined) {
    const blocks = new Uint8Array(found.end - found.unproven)
    await readFully(file, blocks, found.unproven)
    await writeFully(file, blocks, found.unproven)
  }
  await file.sync()
}

class FileJournal implements Journal {
  private readonly files: FileSystem
  private readonly segments: Segment[]
  private durable: JournalEnd
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
  /** Index of the first segment that has not been put away. */
  private first = 0
  private readonly startsAfter: number
  /** Files that are to be put away. */
  private released: string[]
  private releasing: Promise<void> = Promise.resolve()
  readonly archiveBelow?: (belowSequence: number) => Promise<void>

  constructor(
    private readonly directory: string,
    private readonly sizes: SegmentSizes & Pick<FileJournalOptions, 'files' | 'archive' | 'syncTimer'>,
    found: RecoveredJournal,
    private file: OpenFile,
  ) {
    this.files = sizes.files
    this.segments = found.segments
    this.durable = this.written = { sequence: found.lastSequence, segment: found.segments.length - 1, offset: found.end }
    this.queuedSequence = found.lastSequence
    this.chain = found.chain
    this.sealed = found.sealed
    this.capacity = segmentCapacity(sizes, this.tail.number)
    this.startsAfter = found.startsAfter
    this.released = found.leftovers
    const policy = sizes.archive ?? 'keep'
    if (policy !== 'keep') {
      this.archiveBelow = (belowSequence) => {
        const done = this.releasing.then(() => this.putAway(belowSequence, policy))
        this.releasing = done.catch(() => undefined)
        return done
      }
    }
  }

  get firstSequence(): number {
    return this.segments[this.first]?.marks[0]?.firstSequence ?? this.startsAfter + 1
  }

  get lastSequence(): number {
    return this.durable.sequence
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
    const unsynced = this.written.sequence - this.durable.sequence
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
    const unsynced = sequence - this.durable.sequence
    this.chain = sealBlock(block, payloadLength, { firstSequence, lastSequence, unsynced, previousCrc: this.chain, segment: this.tail.number, offset })
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
      markBlock(this.tail, firstSequence, offset)
      this.durable = end
      if (group === undefined) continue
      this.growSpare()
      group.resolve()
    }
    this.writeOn()
  }

  private async writeSynced(block: Uint8Array, offset: number): Promise<void> {
    const { syncTimer } = this.sizes
    const startedMs = syncTimer?.now() ?? 0
    await writeFully(this.file, block, offset, 'writeSynced')
    syncTimer?.synced(syncTimer.now() - startedMs)
  }

  private get tail(): Segment {
    return this.segments[this.durable.segment]!
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
    const { sequence, segment } = this.durable
    this.file = next.file
    this.capacity = segmentCapacity(this.sizes, next.segment.number)
    this.segments.push(next.segment)
    this.durable = this.written = { sequence, segment: segment + 1, offset: 0 }
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
    const share = (2 * this.durable.offset) / this.capacity - 1
    if (share <= 0) return
    this.spare ??= this.newSegment()
    this.spare.growTo(share * SPARE_LEAD)
  }

  private newSegment(): NewSegment {
    const number = this.tail.number + 1
    return new NewSegment(this.files, this.directory, number, segmentCapacity(this.sizes, number))
  }

  /** What else is on its way counts as failed too, done or not: of an error that concerns several writes the system may tell one only. */
  private fail(cause: unknown): void {
    if (this.failure !== undefined) return
    this.failure = new JournalWriteError(this.tail.path, this.durable.offset, this.durable.sequence, cause)
    for (const { group } of this.underWay) group?.reject(this.failure)
    this.queue.reject(this.failure)
  }

  async *read(fromSequence: number): AsyncIterable<JournalBatch> {
    if (fromSequence > this.durable.sequence) return
    if (fromSequence < this.firstSequence) throw new JournalArchivedError(this.firstSequence, fromSequence)
    let index = this.segments.findLastIndex((segment) => (segment.marks[0]?.firstSequence ?? Infinity) <= fromSequence)
    const mark = this.segments[Math.max(0, index)]!.marks.findLast((candidate) => candidate.firstSequence <= fromSequence)
    let sequence = (mark?.firstSequence ?? 1) - 1
    let offset = mark?.offset ?? 0
    for (index = Math.max(0, index); sequence < this.durable.sequence; index++, offset = 0) {
      const segment = this.segments[index]!
      const file = await this.openToRead(segment.path, index, sequence + 1)
      const reader = new BlockReader(file, segment.number, offset)
      try {
        for (;;) {
          const durable = this.durable
          if (sequence >= durable.sequence) return
          const limit = index === durable.segment ? durable.offset : Infinity
          const step = await reader.next(limit)
          if (step.kind === 'end' && limit === Infinity) break
          if (step.kind !== 'block') throw new JournalCorruptError(segment.path, step.offset, sequence, step.kind === 'bad' ? step.reason : 'the block here is blank')
          const { firstSequence, lastSequence, length } = step.header
          if (firstSequence !== sequence + 1) throw new JournalCorruptError(segment.path, step.offset, sequence, `the block starts at sequence ${firstSequence}`)
          sequence = lastSequence
          if (length > 0 && lastSequence >= fromSequence) yield { firstSequence, lastSequence, frames: step.payload }
        }
      } finally {
        await reader.settle()
        await file.close()
      }
    }
  }

  private openToRead(path: string, index: number, wantedSequence: number): Promise<OpenFile> {
    return this.files.open(path, 'read').catch((error: unknown) => {
      // A slow reader was overtaken.
      throw index < this.first ? new JournalArchivedError(this.firstSequence, wantedSequence) : error
    })
  }

  /** The new beginning is durable before the first file goes: a crash in between leaves files that the next release puts away. */
  private async putAway(belowSequence: number, policy: ArchivePolicy): Promise<void> {
    let index = this.first
    while (index < this.durable.segment && (this.segments[index + 1]?.marks[0]?.firstSequence ?? Infinity) <= belowSequence) index++
    if (index > this.first) {
      const { path, number, marks } = this.segments[index]!
      const header = await this.firstHeader(path)
      await writeBeginning(this.files, this.directory, { segment: number, sequence: marks[0]!.firstSequence - 1, chain: header.previousCrc })
      this.released.push(...this.segments.slice(this.first, index).map((segment) => segment.path))
      this.first = index
    }
    for (let next = this.released[0]; next !== undefined; next = this.released[0]) {
      await putAway(this.files, next, policy)
      this.released.shift()
    }
    if (policy === 'delete' && index > 0) await this.files.syncDirectory(this.directory)
  }

  private async firstHeader(path: string): Promise<{ readonly previousCrc: number }> {
    const bytes = new Uint8Array(BLOCK_HEADER_BYTES)
    const file = await this.files.open(path, 'read')
    try {
      await readFully(file, bytes, 0)
    } finally {
      await file.close()
    }
    const header = readBlockHeader(bytes, 0)
    if (header === undefined) throw new JournalCorruptError(path, 0, this.durable.sequence, 'the block header does not match its checksum')
    return header
  }

  close(): Promise<void> {
    this.closing ??= this.finish()
    return this.closing
  }

  private async finish(): Promise<void> {
    await this.quiet()
    await this.releasing
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
    const { sequence, offset } = this.durable
    if (this.sealed || sequence === 0 || offset + BLOCK_HEADER_BYTES > this.capacity) return
    await this.writeBlock(new Uint8Array(BLOCK_HEADER_BYTES), 0, sequence + 1, sequence).ended
    if (this.failure !== undefined) throw this.failure
    this.sealed = true
  }
}
