/** Brings engine, market data and projections to the end of the journal before the first command is taken. */
import { JournalArchivedError, type Journal, type Projection, type SnapshotStore } from '@bourse/plugin'
import { nearestState, type EngineFactory, type EngineState } from './engine-state.js'
import { JournalBehindError } from './exchange-errors.js'
import { eventsAfter } from './projection-feed.js'
import { replay } from './replay.js'

export interface RecoveryOptions {
  readonly journal: Journal
  readonly snapshots: SnapshotStore
  readonly engines: EngineFactory
  readonly projections: readonly Projection[]
  readonly log: (message: string) => void
  /** Share of the replay that is done, 0 to 1. */
  readonly onProgress: (done: number) => void
}

export interface Recovered extends EngineState {
  /** Sequence at which the replay started: that of the snapshot, or 0. */
  readonly startedAt: number
}

/**
 * Starts from the newest snapshot that no projection is behind of, so that the events which a projection
 * lacks are made again, and applies the rest of the journal.
 *
 * @throws JournalBehindError when a snapshot or a projection has seen more than the journal holds.
 * @throws JournalArchivedError when what is needed has been archived: no usable snapshot is left, or a projection is further behind.
 */
export async function recover(options: RecoveryOptions): Promise<Recovered> {
  const { journal } = options
  const end = journal.lastSequence
  const followers: Follower[] = []
  for (const projection of options.projections) {
    const cursor = await projection.cursor()
    if (cursor > end) throw new JournalBehindError(end, cursor, `the projection "${projection.name}"`)
    followers.push({ projection, cursor })
  }
  const state = await nearestState({
    ...options,
    atMost: Math.min(end, ...followers.map(({ cursor }) => cursor)),
    onSnapshot: (sequence) => {
      if (sequence > end) throw new JournalBehindError(end, sequence, 'a snapshot')
    },
  })
  const startedAt = state.engine.sequence
  const { firstSequence = 1 } = journal
  if (startedAt + 1 < firstSequence) {
    const behind = followers.find(({ cursor }) => cursor + 1 < firstSequence)
    options.log(behind === undefined ? 'No snapshot is left that can be used.' : `The projection "${behind.projection.name}" stands at sequence ${behind.cursor} and lacks commands that have been archived.`)
    throw new JournalArchivedError(firstSequence, startedAt + 1)
  }
  for await (const batch of replay(state.engine, journal)) {
    state.marketData.foldAll(batch.events)
    for (const follower of followers) {
      if (batch.lastSequence <= follower.cursor) continue
      await follower.projection.apply(eventsAfter([batch], follower.cursor), batch.lastSequence, state.engine.catalog)
      follower.cursor = batch.lastSequence
    }
    options.onProgress((batch.lastSequence - startedAt) / (end - startedAt))
  }
  if (state.engine.sequence !== end) throw new Error(`The replay ended at sequence ${state.engine.sequence}, the journal at ${end}. The journal's storage is at fault.`)
  return { ...state, startedAt }
}

interface Follower {
  readonly projection: Projection
  cursor: number
}

export interface RebuildOptions {
  readonly journal: Journal
  readonly engines: EngineFactory
  readonly onProgress?: (done: number) => void
  /** The rebuild goes on until it has reached this; it may move meanwhile. */
  readonly target: () => number
}

/** @throws JournalArchivedError unless the journal can be read from the first command on. */
export function expectWhole({ firstSequence = 1 }: Journal): void {
  if (firstSequence > 1) throw new JournalArchivedError(firstSequence, 1)
}

/** Empties a projection and makes it again from the first command on; returns the sequence that it stands at. */
export async function rebuildFromJournal(projection: Projection, options: RebuildOptions): Promise<number> {
  const { journal, engines, target } = options
  expectWhole(journal)
  await projection.reset()
  const engine = engines.create()
  do {
    const wanted = target()
    for await (const batch of replay(engine, journal)) {
      await projection.apply(eventsAfter([batch], 0), batch.lastSequence, engine.catalog)
      options.onProgress?.(Math.min(1, batch.lastSequence / target()))
    }
    if (engine.sequence < wanted) throw new JournalBehindError(engine.sequence, wanted, 'the exchange')
  } while (engine.sequence < target())
  return engine.sequence
}
