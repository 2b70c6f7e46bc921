/** A running exchange as others see it: engine, journal, market data and projections behind one door. */
import type { Command, Event, FrameBuffer, MarketData } from '@bourse/core'
import type { CommandPort, CommandResult, JournalBatch, Projection } from '@bourse/plugin'
import type { CommittedBatch } from './committed-batch.js'
import type { ReadableEngine } from './engine-state.js'
import type { ExchangeStatus } from './exchange-status.js'
import type { FramesResult } from './frames-result.js'

export interface Exchange extends CommandPort {
  /**
   * Takes one command in names and decimal strings. Resolves when it is durable, with its events or the reject.
   *
   * Commands are taken in the order of the calls; a later one may use a name that an earlier one defines.
   *
   * @throws OverloadedError, ExchangeHaltedError, ExchangeReadOnlyError or ExchangeClosedError as a rejection: not acknowledged.
   */
  submit(command: Command): Promise<CommandResult>
  /**
   * The one door: takes a batch of command frames, which are applied together, and resolves when they are durable.
   *
   * The buffer belongs to the exchange until then. Sequence and time of each command are stamped into it. They
   * follow on without a gap, except behind a command that goes on in continuation commands, which come in between.
   *
   * @throws RangeError as a rejection when the buffer does not hold whole command frames, else as {@link Exchange.submit}.
   */
  submitFrames(frames: FrameBuffer): Promise<FramesResult>
  /** What stands now, which is at or after the last acknowledged command. */
  readonly engine: ReadableEngine
  /** Folded from durable commands only. */
  readonly marketData: MarketData
  /** Sequence of the last command that is durable and public. */
  readonly sequence: number
  /** Calls with every batch after it became durable, in order, before its promises resolve; see {@link CommittedBatch.keep}. Returns the function that stops that. */
  onCommitted(listener: (batch: CommittedBatch) => void): () => void
  /** History from a sequence on (JournalArchivedError where that has been archived), then live events without a gap; ends when the exchange is closed, throws when it halts. */
  events(fromSequence: bigint | number): AsyncIterable<Event>
  /** Resolves when every projection is committed at least up to a sequence. */
  historyReached(sequence: number): Promise<void>
  /**
   * Empties a projection and makes it again from the journal, while trading goes on.
   *
   * @throws JournalArchivedError as a rejection when the journal has lost its beginning to the archive; the projection is as it was.
   */
  rebuildProjection(projection: Projection, onProgress?: (done: number) => void): Promise<void>
  /** Calls back with the whole state at a durable sequence, in a turn in which no later command is public yet. */
  state(give: (state: { readonly sequence: number; readonly parts: readonly Uint8Array[] }) => void): Promise<void>
  /** Durable commands as they were journaled, from the batch that holds a sequence on to the last that is durable now; JournalArchivedError where it has been archived. */
  commands(fromSequence: number): AsyncIterable<JournalBatch>
  /** Makes a snapshot durable that stands for everything applied so far. Where commands have been archived it waits for projections that are behind the one before. */
  snapshot(): Promise<void>
  status(): ExchangeStatus
  /** Takes no more commands; makes those that were taken durable, feeds the projections and writes a snapshot. */
  close(): Promise<void>
}
