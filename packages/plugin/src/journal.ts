/** What the writer needs of a journal and of a snapshot store; `testkit` holds the suite that every implementation passes. */

/** One durable group of command frames, as read back. */
export interface JournalBatch {
  readonly firstSequence: number
  readonly lastSequence: number
  /** Whole command frames, one after another, from a multiple of 8 bytes in their buffer on. They may be overwritten by the next step of the reader. */
  readonly frames: Uint8Array
}

export interface Journal {
  /** Sequence of the last durable command, 0 when empty. */
  readonly lastSequence: number
  /** Sequence of the oldest command that can be read; 1, also where it is absent, unless older ones have been archived. */
  readonly firstSequence?: number
  /**
   * Appends whole frames whose sequences follow on without a gap. Resolves when they are durable.
   * Several calls may be under way; they become durable in order. The bytes must not change until the promise settles.
   * Rejects for ever after the first failed write, with an error whose `code` is `ENOSPC` where space ran out.
   */
  append(frames: Uint8Array, firstSequence: number, lastSequence: number): Promise<void>
  /** Reads what is durable, from the batch that holds `fromSequence`. Throws {@link JournalCorruptError}, and {@link JournalArchivedError} below the first sequence. */
  read(fromSequence: number): AsyncIterable<JournalBatch>
  /** Tells that no start will need commands below a sequence: they may be put away. Absent in a journal that keeps everything. */
  archiveBelow?(belowSequence: number): Promise<void>
  close(): Promise<void>
}

/** Keeps at least the two newest snapshots; a snapshot is whole or absent. */
export interface SnapshotStore {
  /** Makes the parts durable under the sequence that they stand for. The bytes must not change until the promise settles. */
  write(sequence: number, parts: readonly Uint8Array[]): Promise<void>
  /** Sequence of the oldest snapshot kept, when that and a newer one are whole; else 0. What lies before it is not needed to start. */
  oldestSequence?(): Promise<number>
  /** Newest first; a corrupt one is skipped and told through `onCorrupt`. The bytes of the parts are the reader's own; a part that began a larger buffer begins one about as large, which is zero behind it. */
  read(onCorrupt: (file: string, reason: string) => void): AsyncIterable<{ readonly sequence: number; readonly parts: readonly Uint8Array[] }>
}

/** The commands that somebody wants to read were archived. */
export class JournalArchivedError extends Error {
  readonly code = 'journal_archived'
  constructor(
    readonly firstSequence: number,
    readonly wantedSequence: number,
  ) {
    super(`The journal begins at sequence ${firstSequence}, because older commands have been archived; from sequence ${wantedSequence} on nothing can be made from it. Put the archived files back first, or restore a backup.`)
    this.name = 'JournalArchivedError'
  }
}

/** A record before the tail does not check: the writer must halt. */
export class JournalCorruptError extends Error {
  readonly code = 'journal_corrupt'
  constructor(
    readonly file: string,
    readonly offset: number,
    readonly sequence: number,
    reason: string,
  ) {
    super(`The journal is damaged: ${file} at byte ${offset}, after sequence ${sequence}: ${reason}. Nothing was skipped. Restore this file from a backup.`)
    this.name = 'JournalCorruptError'
  }
}
