/** What follows the journal: a fold of events whose rows and cursor commit together. */
import type { Catalog, Event } from '@bourse/core'

export interface Projection {
  readonly name: string
  /** Sequence of the last command whose events are committed; 0 when empty. */
  cursor(): Promise<number>
  /** Commits the events of commands up to `throughSequence` and the cursor in one transaction. */
  apply(events: readonly Event[], throughSequence: number, catalog: Catalog): Promise<void>
  /** Drops every row and the cursor, before a rebuild. */
  reset(): Promise<void>
}
