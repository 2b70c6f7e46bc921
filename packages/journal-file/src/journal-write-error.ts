/** The error of a journal that can write no more. */
import { errorCode } from './file-system.js'

/**
 * A write or sync failed; the journal takes nothing more until the process has started again and recovered.
 *
 * It is never tried again: after a failed sync the operating system may drop the data and report success.
 */
export class JournalWriteError extends Error {
  /** The system's code: `ENOSPC` when space ran out, else for example `EIO`. */
  readonly code: string

  constructor(
    readonly file: string,
    readonly offset: number,
    /** Everything up to this sequence is durable. */
    readonly durableSequence: number,
    cause: unknown,
  ) {
    const code = errorCode(cause)
    const advice = code === 'ENOSPC' ? 'Free space on this disk and start again.' : 'Check the disk, then start again.'
    super(`The journal could not be written: ${file} at byte ${offset}, after sequence ${durableSequence}: ${cause instanceof Error ? cause.message : String(cause)}. Nothing behind that sequence was acknowledged. ${advice}`, { cause })
    this.name = 'JournalWriteError'
    this.code = code
  }
}
