/** The state that journal and snapshots stand for, without an exchange that goes on from there. */
import { JournalArchivedError, type Journal, type SnapshotStore } from '@bourse/plugin'
import { coreEngines, nearestState } from './engine-state.js'
import { replay } from './replay.js'

export interface StoredState {
  /** Sequence of the last command. */
  readonly sequence: number
  readonly stateHash: string
  /** Time of the last command, microseconds since 1970; 0 without any. */
  readonly timestampUs: number
}

export interface StoredStateOptions {
  readonly journal: Pick<Journal, 'read' | 'firstSequence' | 'lastSequence'>
  readonly snapshots: SnapshotStore
  readonly log: (message: string) => void
}

/**
 * Starts from the newest usable snapshot and applies the rest of the journal; writes nothing.
 *
 * @throws JournalCorruptError when the journal is damaged, JournalArchivedError when neither a snapshot nor the journal reaches back far enough.
 */
export async function readStoredState({ journal, snapshots, log }: StoredStateOptions): Promise<StoredState> {
  const { firstSequence = 1, lastSequence } = journal
  const { engine } = await nearestState({ snapshots, engines: coreEngines, atMost: lastSequence, log })
  if (engine.sequence + 1 < firstSequence) throw new JournalArchivedError(firstSequence, engine.sequence + 1)
  for await (const batch of replay(engine, journal)) void batch
  if (engine.sequence !== lastSequence) throw new Error(`The replay ended at sequence ${engine.sequence}, the journal at ${lastSequence}.`)
  return { sequence: engine.sequence, stateHash: engine.stateHash(), timestampUs: engine.timestampUs }
}
