/** Copies journal and snapshots to another directory, in today's format and checked on the way: for backups. */
import { join } from 'node:path'
import type { Journal, SnapshotStore } from '@bourse/plugin'
import { openFileJournal } from './open-file-journal.js'
import { nodeFileSystem } from './file-system.js'
import { openSnapshotFiles, snapshotFiles } from './snapshot-files.js'

const SIZES = { firstSegmentBytes: 1 << 20, maxSegmentBytes: 32 << 20 }
/** Bytes that are read ahead of what is durable in the copy. */
const MAX_UNDER_WAY_BYTES = 8 << 20
/** Two are enough to start; a copy keeps whatever it is given. */
const KEEP = 1000

export interface CopiedJournal {
  readonly firstSequence: number
  readonly lastSequence: number
}

/**
 * Copies the commands of a journal up to a durable sequence into a new journal below a storage directory, while the
 * journal goes on.
 *
 * @param onProgress share that is done, 0 to 1
 * @throws JournalCorruptError when the journal is damaged, JournalArchivedError when its beginning was put away meanwhile.
 */
export async function copyJournal(journal: Pick<Journal, 'read' | 'firstSequence' | 'lastSequence'>, directory: string, onProgress: (done: number) => void = () => undefined): Promise<CopiedJournal> {
  const { firstSequence = 1, lastSequence } = journal
  const copy = await openFileJournal(join(directory, 'journal'), { ...SIZES, files: nodeFileSystem, beginsAfter: firstSequence - 1 })
  try {
    const underWay: { readonly bytes: number; readonly done: Promise<void> }[] = []
    let bytesUnderWay = 0
    for await (const batch of journal.read(firstSequence)) {
      if (copy.lastSequence >= lastSequence || batch.firstSequence > lastSequence) break
      const bytes = batch.frames.length
      // The reader's bytes are overwritten by its next step, before they are durable here.
      underWay.push({ bytes, done: copy.append(batch.frames.slice(), batch.firstSequence, batch.lastSequence) })
      bytesUnderWay += bytes
      while (bytesUnderWay > MAX_UNDER_WAY_BYTES) {
        const oldest = underWay.shift()!
        await oldest.done
        bytesUnderWay -= oldest.bytes
      }
      onProgress(Math.min(1, (batch.lastSequence - firstSequence + 1) / (lastSequence - firstSequence + 1)))
    }
    await Promise.all(underWay.map(({ done }) => done))
    return { firstSequence, lastSequence: copy.lastSequence }
  } finally {
    await copy.close()
  }
}

/**
 * Copies the whole snapshots of a storage directory, which another process may be using, below another one.
 *
 * @returns their sequences, newest first; damaged ones are left out and told.
 */
export async function copySnapshots(from: string, to: string, onCorrupt: (file: string, reason: string) => void): Promise<number[]> {
  const source: SnapshotStore = snapshotFiles(join(from, 'snapshots'), { files: nodeFileSystem, keep: KEEP })
  const target = await openSnapshotFiles(join(to, 'snapshots'), { files: nodeFileSystem, keep: KEEP })
  const sequences: number[] = []
  for await (const { sequence, parts } of source.read(onCorrupt)) {
    await target.write(sequence, parts)
    sequences.push(sequence)
  }
  return sequences
}
