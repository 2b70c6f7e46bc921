/** The error of a broken invariant: the writer must halt, nothing may be skipped. */

export class InvariantViolation extends Error {
  readonly code = 'invariant_violation'

  constructor(what: string) {
    super(`${what} The engine's state cannot be trusted any further: stop, and restart from the last snapshot and the journal.`)
    this.name = 'InvariantViolation'
  }
}
