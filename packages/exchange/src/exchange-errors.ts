/** Why an exchange takes no commands, or does not start. */

/** The writer has stopped for good: what it keeps in memory can no longer be trusted to be what is on disk. */
export class ExchangeHaltedError extends Error {
  readonly code = 'exchange_halted'
  constructor(reason: string, cause: unknown) {
    super(`The exchange has halted: ${reason.replace(/\.$/, '')}. The command was not acknowledged; after a restart its order or request id tells whether it happened.`, { cause })
    this.name = 'ExchangeHaltedError'
  }
}

/** The disk is full: what stands is still served, nothing new is taken. */
export class ExchangeReadOnlyError extends Error {
  readonly code = 'exchange_read_only'
  constructor(cause: unknown, message = 'The exchange is read-only, because the disk of its journal is full. The command was not acknowledged. Free space and start the exchange again.') {
    super(message, { cause })
    this.name = 'ExchangeReadOnlyError'
  }
}

/** The disk is nearly full: nothing new is taken until there is room again. */
export class ExchangeLowSpaceError extends ExchangeReadOnlyError {
  constructor(
    readonly freeBytes: number,
    readonly neededBytes: number,
  ) {
    const [free, needed] = [freeBytes, neededBytes].map((bytes) => (bytes / 1_000_000).toFixed(0))
    super(undefined, `The exchange is read-only, because only ${free} MB are left on the disk of its journal and it keeps ${needed} MB in reserve. The command was not acknowledged. Free space: commands are taken again by themselves.`)
    this.name = 'ExchangeLowSpaceError'
  }
}

/** The exchange is being closed, or has been. */
export class ExchangeClosedError extends Error {
  readonly code = 'exchange_closed'
  constructor() {
    super('The exchange is closed; it takes no more commands.')
    this.name = 'ExchangeClosedError'
  }
}

/** Something that was made from the journal knows more than the journal: acknowledged commands are gone. */
export class JournalBehindError extends Error {
  readonly code = 'journal_behind'
  constructor(
    readonly journalSequence: number,
    readonly otherSequence: number,
    what: string,
  ) {
    super(`The journal ends at sequence ${journalSequence}, but ${what} stands at ${otherSequence}: acknowledged commands are missing. Restore journal, snapshots and database from the same backup. Nothing was changed.`)
    this.name = 'JournalBehindError'
  }
}
