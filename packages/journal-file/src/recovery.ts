/** Reads a journal from its first byte and decides where it ends: behind the last whole block, or not at all. */
import { JournalCorruptError } from '@bourse/plugin'
import { BIRTH, readBeginning, type Beginning } from './beginning.js'
import { BLOCK_ALIGNMENT, BLOCK_HEADER_BYTES, paddedLength, readBlockHeader, type BlockHeader } from './block.js'
import { BlockReader, examineRemainder } from './block-reader.js'
import { readFully, type FileSystem, type OpenFile } from './file-system.js'
import { listSegments, markBlock, segmentPath, type Segment } from './segment.js'

/** What was found, and where the next block goes. */
export interface RecoveredJournal {
  /** The segments that hold blocks; the last one is the tail. */
  readonly segments: Segment[]
  readonly lastSequence: number
  /** Header CRC of the last block. */
  readonly chain: number
  /** Offset in the tail where the next block goes. */
  readonly end: number
  /** Offset in the tail of the first block of which no later one proves that it is durable; undefined where there is no block. */
  readonly unproven: number | undefined
  /** It ends with a seal: the journal was closed in order. */
  readonly sealed: boolean
  /** A write that was interrupted before it was acknowledged stands behind the end. */
  readonly torn: { readonly file: string; readonly offset: number; readonly reason: string } | undefined
  /** Segment files behind the tail that were allocated and never used. */
  readonly unused: string[]
  /** Sequence of the last command before the first segment: 0, unless older ones have been put away. */
  readonly startsAfter: number
  /** Segment files before the beginning, which were to be put away. */
  readonly leftovers: string[]
}

/** Called now and then while the journal is checked. */
export type CheckProgress = (checkedBytes: number, totalBytes: number) => void

export interface RecoveryScope {
  readonly onProgress?: CheckProgress | undefined
  /** A snapshot stands for everything up to here: older segments are not checked before somebody reads them. By default everything is checked. */
  readonly coveredSequence?: number | undefined
}

/**
 * Checks the blocks of the journal, from the segment on that holds what no snapshot covers.
 *
 * Unfinished last writes are a clean end. Damage with a block behind it that was written later is not: every block
 * tells what was durable when it was written, and what is damaged had been acknowledged.
 *
 * @throws JournalCorruptError naming file, offset and the last good sequence.
 */
export async function recoverJournal(files: FileSystem, directory: string, { onProgress, coveredSequence = 0 }: RecoveryScope = {}): Promise<RecoveredJournal> {
  const beginning = await readBeginning(files, directory)
  const present = await listSegments(files, directory)
  const numbers = present.filter((number) => number >= beginning.segment)
  const leftovers = present.filter((number) => number < beginning.segment).map((number) => segmentPath(directory, number))
  const scan = new Scan(files, beginning, onProgress)
  for (const [index, number] of numbers.entries()) {
    const path = segmentPath(directory, beginning.segment + index)
    if (number !== beginning.segment + index) throw new JournalCorruptError(path, 0, scan.sequence, `the file is missing, but ${segmentPath(directory, number)} exists`)
  }
  const covered = coveredSequence <= beginning.sequence ? [] : await readCovered(files, directory, numbers, coveredSequence)
  for (const [index, head] of covered.entries()) scan.skip(segmentPath(directory, numbers[index]!), head)
  const rest = numbers.slice(covered.length)
  for (const number of rest) scan.totalBytes += await withFile(files, segmentPath(directory, number), (file) => file.size())
  for (const number of rest) {
    const path = segmentPath(directory, number)
    await withFile(files, path, (file) => scan.segment(file, number, path))
  }
  return { ...scan.result(), leftovers }
}

/** The first header of each segment before the one that holds what follows a sequence, and of that one: the others are not read. */
async function readCovered(files: FileSystem, directory: string, numbers: readonly number[], coveredSequence: number): Promise<CoveredSegment[]> {
  const heads: Omit<CoveredSegment, 'next'>[] = []
  const first = new Uint8Array(BLOCK_HEADER_BYTES)
  for (const number of numbers) {
    const path = segmentPath(directory, number)
    const length = await withFile(files, path, (file) => readFully(file, first, 0))
    const header = readBlockHeader(first.subarray(0, length), 0)
    if (header === undefined || header.segment !== number || header.offset !== 0 || header.firstSequence > coveredSequence + 1) break
    heads.push({ number, header })
  }
  // The last of them is where the check begins; a write that was interrupted there leaves the one before as the tail.
  let last = heads.pop()
  while (last !== undefined && heads.length > 0 && !(await beginsWhole(files, segmentPath(directory, last.number), last.number))) last = heads.pop()
  return last === undefined ? [] : heads.map((head, index) => ({ ...head, next: (heads[index + 1] ?? last).header }))
}

function beginsWhole(files: FileSystem, path: string, number: number): Promise<boolean> {
  return withFile(files, path, async (file) => {
    const reader = new BlockReader(file, number)
    const { kind } = await reader.next()
    await reader.settle()
    return kind === 'block'
  })
}

interface CoveredSegment {
  readonly number: number
  /** Of its first block. */
  readonly header: BlockHeader
  /** Of the first block of the segment behind it. */
  readonly next: BlockHeader
}

async function withFile<T>(files: FileSystem, path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
  const file = await files.open(path, 'read')
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

/** Where the blocks stopped; nothing whole may follow. */
interface Stop {
  readonly file: string
  readonly segment: number
  readonly offset: number
  readonly reason: string
}

class Scan {
  sequence = 0
  totalBytes = 0
  private chain = 0
  private end = 0
  /** Blocks of the tail of which no later one proves that they are durable. */
  private unproven: { readonly offset: number; readonly lastSequence: number }[] = []
  private sealed = false
  private readonly segments: Segment[] = []
  private readonly unused: string[] = []
  private torn: Stop | undefined
  private stop: Stop | undefined
  private checkedBytes = 0

  constructor(
    private readonly files: FileSystem,
    private readonly beginning: Beginning,
    private readonly onProgress: CheckProgress | undefined,
  ) {
    this.sequence = beginning.sequence
    this.chain = beginning.chain
  }

  /** Takes a segment as it is, which a snapshot covers; whoever reads it finds out. */
  skip(path: string, { number, header, next }: CoveredSegment): void {
    if (header.firstSequence !== this.sequence + 1 || header.previousCrc !== this.chain || next.firstSequence <= header.lastSequence) {
      throw new JournalCorruptError(path, 0, this.sequence, `the block holds sequences ${header.firstSequence} to ${header.lastSequence} and does not follow the block before it`)
    }
    this.segments.push({ number, path, marks: [{ firstSequence: header.firstSequence, offset: 0 }] })
    this.sequence = next.firstSequence - 1
    this.chain = next.previousCrc
  }

  async segment(file: OpenFile, number: number, path: string): Promise<void> {
    if (this.stop !== undefined) return this.expectNothing(file, 0, path, this.stop, () => this.unused.push(path))
    const segment: Segment = { number, path, marks: [] }
    const reader = new BlockReader(file, number)
    for (;;) {
      const step = await reader.next()
      if (step.kind === 'block') {
        this.take(segment, step.header, step.offset)
        continue
      }
      const empty = segment.marks.length === 0
      if (!empty || number === this.beginning.segment) this.segments.push(segment)
      else this.unused.push(path)
      if (step.kind === 'bad') {
        if (step.misplaced) throw new JournalCorruptError(path, step.offset, this.sequence, step.reason)
        this.stop = this.torn = { file: path, segment: number, offset: step.offset, reason: step.reason }
        await this.expectNothing(file, step.offset + BLOCK_ALIGNMENT, path, this.stop)
      } else {
        const here: Stop = { file: path, segment: number, offset: step.offset, reason: 'the block here is blank' }
        await this.expectNothing(file, step.offset, path, here, (blank) => {
          if (!blank) this.stop = this.torn = here
          else if (empty) this.stop = here
        })
      }
      return reader.settle()
    }
  }

  private take(segment: Segment, header: BlockHeader, offset: number): void {
    if (header.previousCrc !== this.chain || header.firstSequence !== this.sequence + 1 || header.lastSequence < this.sequence) {
      throw new JournalCorruptError(segment.path, offset, this.sequence, `the block holds sequences ${header.firstSequence} to ${header.lastSequence} and does not follow the block before it`)
    }
    markBlock(segment, header.firstSequence, offset)
    const length = BLOCK_HEADER_BYTES + paddedLength(header.length)
    this.sequence = header.lastSequence
    this.chain = header.headerCrc
    this.end = offset + length
    const durableSequence = header.firstSequence - 1 - header.unsynced
    this.unproven = this.unproven.filter(({ lastSequence }) => lastSequence > durableSequence)
    this.unproven.push({ offset, lastSequence: header.lastSequence })
    this.sealed = header.length === 0
    this.checkedBytes += length
    this.onProgress?.(this.checkedBytes, this.totalBytes)
  }

  /** Refuses the journal when a block stands behind the place where the blocks stopped that was written after what is missing there had been durable. */
  private async expectNothing(file: OpenFile, from: number, path: string, stop: Stop, then?: (blank: boolean) => void): Promise<void> {
    const { proof, blank } = await examineRemainder(file, from, (header, offset) => !this.mayOvertake(header, offset, stop))
    if (proof !== undefined) {
      const found = `${stop.reason}, but a block from sequence ${proof.header.firstSequence} stands behind it (${path} at byte ${proof.offset})`
      throw new JournalCorruptError(stop.file, stop.offset, this.sequence, found)
    }
    then?.(blank)
  }

  /** Whether a block was on its way together with everything that is missing, and came to be durable alone. */
  private mayOvertake({ segment, offset, firstSequence, unsynced }: BlockHeader, at: number, stop: Stop): boolean {
    return segment === stop.segment && offset === at && unsynced > 0 && firstSequence - 1 - unsynced <= this.sequence
  }

  result(): Omit<RecoveredJournal, 'leftovers'> {
    const { beginning } = this
    // The first segment that is kept held a command when the ones before it were put away.
    if (beginning !== BIRTH && this.unproven.length === 0) {
      throw new JournalCorruptError(this.segments[0]?.path ?? `segment ${beginning.segment}`, 0, beginning.sequence, 'the first segment that was kept is missing or blank')
    }
    const { segments, sequence, chain, end, sealed, torn, unused } = this
    const unproven = this.unproven[0]?.offset
    if (unproven === undefined && sequence > beginning.sequence) throw new Error(`The journal holds commands up to ${sequence}, but no block was found behind which the next one goes.`)
    return { segments, lastSequence: sequence, chain, end, unproven, sealed, torn, unused, startsAfter: beginning.sequence }
  }
}
