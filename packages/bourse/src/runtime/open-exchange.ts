/** Opens what is under an exchange before anything is served: data directory, journal, SQL, engine, and the configuration applied as commands. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { createExchange, type Exchange, type SpaceOptions } from '@bourse/exchange'
import { lockDirectory, openFileStorage, type FileStorageOptions, type Storage } from '@bourse/journal-file'
import type { Journal } from '@bourse/plugin'
import type { Store } from '@bourse/store'
import type { Project } from '../config/load-project.js'
import { planConfig, type PlanOptions } from '../config/config-plan.js'
import { ConfigError } from '../config/config-error.js'
import { BALLAST_BYTES, isFull, trimBallast } from './ballast.js'
import { createClock, type SettableClock } from './clock.js'
import { openProjectStore } from './project-database.js'
import { timedJournal } from './timed-journal.js'
import { heldMarkets, heldStates } from './held-markets.js'
import { prepareDataDir, resetDataDir, type DataDir } from './data-dir.js'

export interface OpenExchange {
  /** What it was started with, and what has been brought in since. */
  readonly project: Project
  readonly data: DataDir
  readonly clock: SettableClock
  readonly store: Store
  readonly exchange: Exchange
  /** To read from; only the exchange appends. */
  readonly journal: Pick<Journal, 'read' | 'firstSequence' | 'lastSequence'>
  /** Goes on with a newer configuration of one market, which has been applied. */
  adopt(project: Project, market: string): void
  /** Calls with each market whose configuration has been adopted; returns the function that ends that. */
  onAdopt(listener: (market: string) => void): () => void
  close(): Promise<void>
}

export interface OpenOptions extends PlanOptions {
  /** Removes all data first, once nobody else holds it. */
  readonly reset?: boolean
  /** Milliseconds since 1970 at which a new exchange begins, when that is not now; the caller lets the clock go afterwards. */
  readonly birthMs?: number
  /** False opens the exchange as it is, whatever the configuration says. */
  readonly applyChanges: boolean
  /** What the configuration changes, for people. */
  readonly onConfigChange: (lines: readonly string[]) => void
  /** Replay of the journal, 0 to 1. */
  readonly onRecovery: (done: number) => void
  /** The writer has stopped for good; nothing is acknowledged any more. */
  readonly onHalt: (error: Error) => void
  /** The journal's disk is full: reads go on, commands are refused until a restart with room. */
  readonly onReadOnly?: (error: Error) => void
  /** Checks the whole journal, also what a snapshot covers; calls back with the share that is done. */
  readonly onCheck?: (done: number) => void
  /** Told how long the journal took, in seconds: each group until it was durable, and each sync. */
  readonly timings?: { appended(seconds: number): void; synced(seconds: number): void }
  /** What an operator should know. */
  readonly log?: (message: string) => void
}

/**
 * Opens an exchange and brings it to its configuration.
 *
 * @throws ConfigError when the configuration would destroy something; nothing has been changed then.
 */
export async function openExchange(project: Project, data: DataDir, options: OpenOptions): Promise<OpenExchange> {
  if (options.reset === true) await resetExchange(project, data)
  await prepareDataDir(data)
  await makeRoom(data, options)
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer()
  }
  try {
    const clock = createClock()
    const { timings } = options
    const storage = await openFileStorage(data.engine, storageOptions(project, options))
    closers.push(() => storage.close())
    const store = await openProjectStore(project, data).catch(async (error: unknown) => {
      throw (await isFull(data.dir)) ? new Error(`The database could not be opened, because the disk of ${data.dir} is full. Free at least ${BALLAST_BYTES >> 20} MB and start again.`, { cause: error }) : error
    })
    closers.push(() => store.close())
    const exchange = await createExchange({
      journal: timings === undefined ? storage.journal : timedJournal(storage.journal, (seconds) => timings.appended(seconds)),
      snapshots: storage.snapshots,
      clock: clock.nowUs,
      projections: [store.projection],
      onHalt: options.onHalt,
      ...(options.onReadOnly !== undefined && { onReadOnly: options.onReadOnly }),
      ...(options.log !== undefined && { log: options.log }),
      onProgress: options.onRecovery,
      space: spaceOptions(project, storage),
    })
    closers.push(() => exchange.close())
    if (exchange.sequence === 0 && options.birthMs !== undefined) clock.setMs(options.birthMs)
    if (options.applyChanges) await applyConfig(project, { exchange, store }, options)
    let current = project
    const adoptListeners = new Set<(market: string) => void>()
    return {
      get project() {
        return current
      },
      adopt(next, market) {
        current = next
        for (const listener of adoptListeners) listener(market)
      },
      onAdopt(listener) {
        adoptListeners.add(listener)
        return () => void adoptListeners.delete(listener)
      },
      data,
      clock,
      store,
      exchange,
      journal: storage.journal,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** On a full disk not even the database could be opened to read. */
async function makeRoom(data: DataDir, { log }: OpenOptions): Promise<void> {
  try {
    if ((await trimBallast(data.dir)) === 'dropped') log?.('The disk is full: what was kept in reserve for that has been given free, so that the exchange can be read. Free space.')
  } catch (error) {
    log?.(`The reserve for a full disk could not be set aside: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

function storageOptions(project: Project, { onCheck, timings, log }: OpenOptions): FileStorageOptions {
  const { snapshots, archive } = project.config.storage
  return {
    keepSnapshots: snapshots,
    archive: archive === 'keep' || archive === 'delete' ? archive : path.resolve(project.dir, archive),
    ...(onCheck !== undefined && { checkAll: true, onCheckProgress: (checked: number, total: number) => onCheck(checked / total) }),
    ...(timings !== undefined && { syncTimer: { now: () => performance.now(), synced: (tookMs: number) => timings.synced(tookMs / 1000) } }),
    ...(log !== undefined && { onTornTail: (file: string, offset: number) => log(`An unfinished write, which was never acknowledged, was removed from ${file} at byte ${offset}.`) }),
  }
}

function spaceOptions(project: Project, storage: Storage): SpaceOptions {
  const { warnBelowMb, readOnlyBelowMb } = project.config.storage
  return { free: () => storage.freeBytes(), warnBelowBytes: warnBelowMb * 1_000_000, readOnlyBelowBytes: readOnlyBelowMb * 1_000_000 }
}

/** Removes the data of an exchange that nobody runs: files, and the tables where they are in PostgreSQL. */
async function resetExchange(project: Project, data: DataDir): Promise<void> {
  if (existsSync(data.engine)) await (await lockDirectory(data.engine)).release()
  if (project.config.database !== undefined && project.config.database !== '') {
    const store = await openProjectStore(project, data)
    await store.wipe()
    await store.close()
  }
  await resetDataDir(data)
}

async function applyConfig(project: Project, { exchange, store }: Pick<OpenExchange, 'exchange' | 'store'>, options: OpenOptions): Promise<void> {
  const held = await heldMarkets(store.settings)
  for (const [market, { state, reason }] of Object.entries(held)) {
    options.log?.(`${market} stays ${state}: an operator holds it${reason === undefined ? '' : ` (${reason})`}. "exchange market resume ${market}" lets it go on.`)
  }
  const plan = planConfig(project, exchange.engine, { ...options, held: heldStates(held) })
  if (plan.refusals.length > 0) throw new ConfigError(project.configFile, plan.refusals)
  if (plan.changes.length > 0 && exchange.status().readOnly !== undefined) {
    options.log?.('The configuration has changed; that takes effect at the first start with room on the disk.')
    return
  }
  for (const change of plan.changes) {
    options.onConfigChange(change.lines)
    const result = await exchange.submit(change.command)
    if (!result.ok) throw new ConfigError(project.configFile, [`${change.lines[0] ?? ''}: the engine refused it (${result.reject.code}).`])
  }
}
