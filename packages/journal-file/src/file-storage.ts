/** The storage of an exchange in one directory: lock, journal and snapshots. */
import { dirname, join, resolve } from 'node:path'
import type { Journal, SnapshotStore } from '@bourse/plugin'
import type { ArchivePolicy } from './archive.js'
import { lockDirectory } from './directory-lock.js'
import type { SyncTimer } from './file-journal.js'
import { nodeFileSystem, type FileSystem } from './file-system.js'
import { openFileJournal } from './open-file-journal.js'
import type { CheckProgress } from './recovery.js'
import { openSnapshotFiles } from './snapshot-files.js'

export interface FileStorageOptions {
  /** Size of the first journal file; each next one is twice as large, up to the maximum. Default 1 MiB. */
  readonly firstSegmentBytes?: number
  /** Default 32 MiB. */
  readonly maxSegmentBytes?: number
  /** How many snapshots stay, at least and by default 2. */
  readonly keepSnapshots?: number | undefined
  /**
   * What becomes of journal files that neither a kept snapshot nor a projection needs: `keep` (the default) leaves
   * them, `delete` removes them, anything else is the folder that they are moved to.
   */
  readonly archive?: ArchivePolicy | undefined
  /** Checks the whole journal at opening, also what a snapshot covers, which else is checked when it is read. */
  readonly checkAll?: boolean | undefined
  /** Called while the journal is checked at opening. */
  readonly onCheckProgress?: CheckProgress
  /** Called when an unfinished, never acknowledged write was removed from the end of the journal. */
  readonly onTornTail?: (file: string, offset: number, reason: string) => void
  /** Told how long each sync of the journal took. */
  readonly syncTimer?: SyncTimer
  /** The disk; by default the machine's. With another one the directory is not locked. */
  readonly files?: FileSystem
}

export interface Storage {
  readonly journal: Journal
  readonly snapshots: SnapshotStore
  /** Bytes that may still be written on the disk of the directory. */
  freeBytes(): Promise<number>
  /** Closes the journal, then gives the directory free. */
  close(): Promise<void>
}

/**
 * Opens the storage of an exchange, making the directory where it is missing.
 *
 * @example
 * const storage = await openFileStorage('./data')
 * const exchange = await createExchange(storage)
 * // ...
 * await exchange.close()
 * await storage.close()
 *
 * @throws DirectoryLockedError when another process uses the directory.
 * @throws JournalCorruptError when something before the journal's tail is damaged that no snapshot covers.
 */
export async function openFileStorage(directory: string, options: FileStorageOptions = {}): Promise<Storage> {
  const files = options.files ?? nodeFileSystem
  await files.makeDirectory(directory)
  const lock = options.files === undefined ? await lockDirectory(directory) : undefined
  try {
    const snapshots = await openSnapshotFiles(join(directory, 'snapshots'), { files, keep: options.keepSnapshots ?? 2 })
    const journal = await openFileJournal(join(directory, 'journal'), {
      ...options,
      files,
      coveredSequence: options.checkAll === true ? 0 : await snapshots.newestSequence(),
      firstSegmentBytes: options.firstSegmentBytes ?? 1 << 20,
      maxSegmentBytes: options.maxSegmentBytes ?? 32 << 20,
    })
    await files.syncDirectory(directory)
    await files.syncDirectory(dirname(resolve(directory)))
    return { journal, snapshots, freeBytes: () => files.freeBytes(directory), close: () => journal.close().finally(() => lock?.release()) }
  } catch (error) {
    await lock?.release()
    throw error
  }
}
