/** The default journal and snapshot store, in files. */
export { openFileStorage, type FileStorageOptions, type Storage } from './file-storage.js'
export { lockDirectory, DirectoryLockedError, type DirectoryLock } from './directory-lock.js'
export { openFileJournal, type FileJournalOptions } from './file-journal.js'
export type { ArchivePolicy } from './archive.js'
export { openSnapshotFiles, type FileSnapshots, type SnapshotFilesOptions } from './snapshot-files.js'
export { JournalWriteError } from './journal-write-error.js'
export { nodeFileSystem, type FileSystem, type OpenFile, type OpenMode } from './file-system.js'
export type { CheckProgress } from './recovery.js'
