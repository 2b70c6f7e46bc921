/**
 * A process beside the exchange that makes its snapshots: it follows the journal with an engine of its own,
 * so that the engine that trades never has to hold still to be written down.
 *
 * Started by {@link SnapshotProcess} with the storage in its argument. Asked with a sequence that is durable, it
 * answers with the sequence of the snapshot that it has made durable, which may be a little higher.
 */
import type { BesideStorage, StorageBeside } from '@bourse/plugin'
import { coreEngines, foldAll, nearestState, packState, type EngineState } from './engine-state.js'
import { replay } from './replay.js'
import type { SnapshotAnswer, SnapshotRequest } from './snapshots-beside.js'

let storage: BesideStorage | undefined
let state: EngineState | undefined

async function take(toSequence: number): Promise<number> {
  storage ??= await open(JSON.parse(process.argv[2]!) as StorageBeside)
  const { snapshots } = storage
  state ??= await nearestState({ snapshots, engines: coreEngines, atMost: toSequence, log: (message) => console.error(message) })
  const { engine, marketData } = state
  const journal = storage
  for await (const { events } of replay(engine, { read: (fromSequence) => journal.read(fromSequence, toSequence) })) foldAll(marketData, events)
  if (engine.sequence < toSequence) throw new Error(`The journal ended at sequence ${engine.sequence}, before ${toSequence}.`)
  const parts = packState(engine.snapshot(), marketData.snapshot())
  // A turn of the event loop, in which the end of the owner shows: the directory may be somebody else's by now.
  await new Promise((resolve) => setImmediate(resolve))
  await snapshots.write(engine.sequence, parts)
  return engine.sequence
}

async function open({ module, options }: StorageBeside): Promise<BesideStorage> {
  const { openStorageBeside } = (await import(module)) as { openStorageBeside(options: unknown): Promise<BesideStorage> }
  return openStorageBeside(options)
}

function answer(message: SnapshotAnswer): void {
  process.send?.(message)
}

process.on('message', ({ sequence }: SnapshotRequest) => {
  take(sequence).then(
    (taken) => answer({ sequence: taken }),
    (error: unknown) => {
      // What failed may have left the state half way: the next request starts from a snapshot.
      state = undefined
      answer({ error: error instanceof Error ? error.message : String(error) })
    },
  )
})
process.on('disconnect', () => process.exit())
// The terminal's interrupt reaches every process of the group; the owner decides when this one ends.
process.on('SIGINT', () => undefined)
