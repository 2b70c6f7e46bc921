/** Reads a journal from its first byte and decides where it ends: behind the last whole block, or not at all. */
import { JournalCorruptError } from '@bourse/plugin'
import { BLOCK_ALIGNMENT, BLOCK_HEADER_BYTES, paddedLength } from './block.js'
import { BlockReader, examineRemainder } from './block-reader.js'
import type { FileSystem, OpenFile } from './file-system.js'
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
  /** The last block, in the tail. */
  readonly lastBlock: { readonly offset: number; readonly length: number } | undefined
  /** It ends with a seal: the journal was closed in order. */
  readonly sealed: boolean
  /** A write that was interrupted before it was acknowledged stands behind the end. */
  readonly torn: { readonly file: string; readonly offset: number; readonly reason: string } | undefined
  /** Segment files behind the tail that were allocated and never used. */
  readonly unused: string[]
}

/** Called now and then while the journal is checked. */
export type CheckProgress = (checkedBytes: number, totalBytes: number) => void

/**
 * Checks every block of the journal.
 *
 * An unfinished last write is a clean end. Damage with anything whole behind it is not: blocks are written
 * one after another, each after the one before was durable, so what is damaged had been acknowledged.
 *
 * @throws JournalCorruptError naming file, offset and the last good sequence.
 */
export async function recoverJournal(files: FileSystem, directory: string, onProgress?: CheckProgress): Promise<RecoveredJournal> {
  const numbers = await listSegments(files, directory)
  const scan = new Scan(files, onProgress)
  for (const number of numbers) scan.totalBytes += await withFile(files, segmentPath(directory, number), (file) => file.size())
  for (const [index, number] of numbers.entries()) {
    const path = segmentPath(directory, index + 1)
    if (number !== index + 1) throw new JournalCorruptError(path, 0, scan.sequence, `the file is missing, but ${segmentPath(directory, number)} exists`)
    await withFile(files, path, (file) => scan.segment(file, number, path))
  }
  return scan.result()
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
  readonly offset: number
  readonly reason: string
}

class Scan {
  sequence = 0
  totalBytes = 0
  private chain = 0
  private end = 0
  private lastBlock: { offset: number; length: number } | undefined
  private sealed = false
  private readonly segments: Segment[] = []
  private readonly unused: string[] = []
  private torn: Stop | undefined
  private stop: Stop | undefined
  private checkedBytes = 0

  constructor(
    private readonly files: FileSystem,
    private readonly onProgress: CheckProgress | undefined,
  ) {}

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
      if (!empty || number === 1) this.segments.push(segment)
      else this.unused.push(path)
      if (step.kind === 'bad') {
        if (step.misplaced) throw new JournalCorruptError(path, step.offset, this.sequence, step.reason)
        this.stop = this.torn = { file: path, offset: step.offset, reason: step.reason }
        await this.expectNothing(file, step.offset + BLOCK_ALIGNMENT, path, this.stop)
      } else {
        const here: Stop = { file: path, offset: step.offset, reason: 'the block here is blank' }
        await this.expectNothing(file, step.offset, path, here, (blank) => {
          if (!blank) this.stop = this.torn = here
          else if (empty) this.stop = here
        })
      }
      return
    }
  }

  private take(segment: Segment, header: { firstSequence: number; lastSequence: number; previousCrc: number; headerCrc: number; length: number }, offset: number): void {
    if (header.previousCrc !== this.chain || header.firstSequence !== this.sequence + 1 || header.lastSequence < this.sequence) {
      throw new JournalCorruptError(segment.path, offset, this.sequence, `the block holds sequences ${header.firstSequence} to ${header.lastSequence} and does not follow the block before it`)
    }
    markBlock(segment, header.firstSequence, offset)
    const length = BLOCK_HEADER_BYTES + paddedLength(header.length)
    this.sequence = header.lastSequence
    this.chain = header.headerCrc
    this.end = offset + length
    this.lastBlock = { offset, length: BLOCK_HEADER_BYTES + header.length }
    this.sealed = header.length === 0
    this.checkedBytes += length
    this.onProgress?.(this.checkedBytes, this.totalBytes)
  }

  /** Refuses the journal when a whole block header stands behind the place where the blocks stopped. */
  private async expectNothing(file: OpenFile, from: number, path: string, stop: Stop, then?: (blank: boolean) => void): Promise<void> {
    const rest = await examineRemainder(file, from)
    if (rest.header !== undefined) {
      const found = `${stop.reason}, but a block from sequence ${rest.header.firstSequence} stands behind it (${path} at byte ${rest.header.offset})`
      throw new JournalCorruptError(stop.file, stop.offset, this.sequence, found)
    }
    then?.(rest.blank)
  }

  result(): RecoveredJournal {
    const { segments, sequence, chain, end, lastBlock, sealed, torn, unused } = this
    return { segments, lastSequence: sequence, chain, end, lastBlock, sealed, torn, unused }
  }
}
