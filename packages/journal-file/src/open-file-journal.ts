/** Opening a journal: what it is opened with, its check, and a tail that is durable before the first append. */
import type { Journal } from '@bourse/plugin'
import { writeBeginning } from './beginning.js'
import { FileJournal, type JournalSettings } from './file-journal.js'
import { errorCode, readFully, writeFully, writeZeros, type OpenFile } from './file-system.js'
import { NewSegment } from './new-segment.js'
import { recoverJournal, type CheckProgress, type RecoveredJournal } from './recovery.js'
import { segmentCapacity } from './segment.js'

export interface FileJournalOptions extends JournalSettings {
  readonly onCheckProgress?: CheckProgress | undefined
  /** A snapshot stands for everything up to here: what lies before is checked when it is read. By default everything is checked now. */
  readonly coveredSequence?: number | undefined
  /** Told when an unfinished, never acknowledged write was removed from the tail. */
  readonly onTornTail?: (file: string, offset: number, reason: string) => void
  /** A new journal begins behind this sequence: the copy of one whose older commands have been archived. By default 0. */
  readonly beginsAfter?: number | undefined
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
