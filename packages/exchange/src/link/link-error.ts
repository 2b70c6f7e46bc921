/** What goes wrong on the way between a gateway and the engine's process. */

/** The engine's process does not answer; it may be starting again. */
export class EngineAwayError extends Error {
  readonly code = 'unavailable'
  constructor(sent: boolean) {
    super(sent ? 'The engine of the exchange went away before it answered. The command may have happened: look at the orders, or send it again with the same clientOrderId.' : 'The engine of the exchange is not there for the moment. Nothing was changed; try again in a few seconds.')
    this.name = 'EngineAwayError'
  }
}

/** A refusal that was made in the engine's process. */
export class LinkError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** What else the error said of itself: status, field. */
    readonly facts: Readonly<Record<string, unknown>>,
  ) {
    super(message)
    this.name = 'LinkError'
  }
}

/** An error as it travels. */
export interface WrittenError {
  readonly code: string
  readonly message: string
  readonly facts: Readonly<Record<string, unknown>>
}

export function writtenError(error: unknown): WrittenError {
  if (!(error instanceof Error)) return { code: 'internal', message: String(error), facts: {} }
  const { code, status, field, retryAfterSeconds } = { code: undefined, status: undefined, field: undefined, retryAfterSeconds: undefined, ...error }
  return { code: typeof code === 'string' ? code : 'internal', message: error.message, facts: { status, field, retryAfterSeconds } }
}
