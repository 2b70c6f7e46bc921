/** Reads a journal that is being written: what is durable, in order. */
import { JournalArchivedError, JournalCorruptError, type JournalBatch } from '@bourse/plugin'
import { BlockReader } from './block-reader.js'
import type { DurableSegments } from './durable-segments.js'
import type { FileSystem, OpenFile } from './file-system.js'

/**
 * The batches from the one on that holds a sequence, to what is the end when it is reached.
 *
 * @throws JournalArchivedError when the sequence has been put away, or is while the reader is on its way to it.
 * @throws JournalCorruptError naming file, offset and the last good sequence.
 */
export async function* readSegments(files: FileSystem, segments: DurableSegments, fromSequence: number): AsyncIterable<JournalBatch> {
  const { list } = segments
  if (fromSequence > segments.end.sequence) return
  if (fromSequence < segments.firstSequence) throw new JournalArchivedError(segments.firstSequence, fromSequence)
  let index = Math.max(0, list.findLastIndex((segment) => (segment.marks[0]?.firstSequence ?? Infinity) <= fromSequence))
  const mark = list[index]!.marks.findLast((candidate) => candidate.firstSequence <= fromSequence)
  let sequence = (mark?.firstSequence ?? 1) - 1
  let offset = mark?.offset ?? 0
  for (; sequence < segments.end.sequence; index++, offset = 0) {
    const segment = list[index]!
    const file = await openToRead(files, segments, index, sequence + 1)
    const reader = new BlockReader(file, segment.number, offset)
    try {
      for (;;) {
        const { end } = segments
        if (sequence >= end.sequence) return
        const limit = index === end.segment ? end.offset : Infinity
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

function openToRead(files: FileSystem, segments: DurableSegments, index: number, wantedSequence: number): Promise<OpenFile> {
  return files.open(segments.list[index]!.path, 'read').catch((error: unknown) => {
    // A slow reader was overtaken.
    throw index < segments.first ? new JournalArchivedError(segments.firstSequence, wantedSequence) : error
  })
}
