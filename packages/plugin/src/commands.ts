/** How packages that hold no engine reach it: submit a command, read events and balances. */
import type { Catalog, Command, Event, RejectCode } from '@bourse/core'

/** What became of one command, once it is durable. A reject is a value; a rejected promise means that the writer has halted or is over its bounds. */
export type CommandResult =
  | { readonly ok: true; readonly sequence: number; readonly timestampUs: number; readonly events: readonly Event[] }
  | { readonly ok: false; readonly sequence: number; readonly timestampUs: number; readonly reject: { readonly code: RejectCode } }

export interface Balance {
  readonly available: bigint
  readonly held: bigint
}

/** The public door of the exchange's writer, as other packages see it. */
export interface CommandPort {
  /** Resolves when the command is journaled durably and applied. Rejects with {@link OverloadedError} over the queue's bound. */
  submit(command: Command): Promise<CommandResult>
  readonly catalog: Catalog
  /** Balance of an account by name; zeros where it has none. Reads the engine. */
  balance(account: string, asset: string): Balance
}

/** The writer takes nothing more for now; try again. */
export class OverloadedError extends Error {
  readonly code = 'queue_full'
  constructor() {
    super('The exchange is over its capacity and refused the command; nothing was changed. Try again in a moment.')
    this.name = 'OverloadedError'
  }
}
