/** Opens what is under an exchange before anything is served: data directory, journal, SQL, engine, and the configuration applied as commands. */
import { createExchange, type Exchange } from '@bourse/exchange'
import { custodyMigrations } from '@bourse/custody'
import { identityMigrations } from '@bourse/identity'
import { openFileStorage } from '@bourse/journal-file'
import { openStore, type Store } from '@bourse/store'
import type { Project } from '../config/load-project.js'
import { planConfig, type PlanOptions } from '../config/config-plan.js'
import { ConfigError } from '../config/config-error.js'
import { createClock, type SettableClock } from './clock.js'
import { prepareDataDir, type DataDir } from './data-dir.js'

export interface OpenExchange {
  readonly project: Project
  readonly data: DataDir
  readonly clock: SettableClock
  readonly store: Store
  readonly exchange: Exchange
  close(): Promise<void>
}

export interface OpenOptions extends PlanOptions {
  /** False opens the exchange as it is, whatever the configuration says. */
  readonly applyChanges: boolean
  /** What the configuration changes, for people. */
  readonly onConfigChange: (lines: readonly string[]) => void
  /** Replay of the journal, 0 to 1. */
  readonly onRecovery: (done: number) => void
  /** The writer has stopped for good; nothing is acknowledged any more. */
  readonly onHalt: (error: Error) => void
}

/**
 * Opens an exchange and brings it to its configuration.
 *
 * @throws ConfigError when the configuration would destroy something; nothing has been changed then.
 */
export async function openExchange(project: Project, data: DataDir, options: OpenOptions): Promise<OpenExchange> {
  await prepareDataDir(data)
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer()
  }
  try {
    const clock = createClock()
    const storage = await openFileStorage(data.engine)
    closers.push(() => storage.close())
    const url = project.config.database
    const store = await openStore({ ...(url !== undefined && url !== '' ? { url } : { file: data.database }), migrations: [...identityMigrations, ...custodyMigrations] })
    closers.push(() => store.close())
    await store.migrate()
    const exchange = await createExchange({
      journal: storage.journal,
      snapshots: storage.snapshots,
      clock: clock.nowUs,
      projections: [store.projection],
      onHalt: options.onHalt,
      onProgress: options.onRecovery,
    })
    closers.push(() => exchange.close())
    if (options.applyChanges) await applyConfig(project, exchange, options)
    return { project, data, clock, store, exchange, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function applyConfig(project: Project, exchange: Exchange, options: OpenOptions): Promise<void> {
  const plan = planConfig(project, exchange.engine, options)
  if (plan.refusals.length > 0) throw new ConfigError(project.configFile, plan.refusals)
  for (const change of plan.changes) {
    options.onConfigChange(change.lines)
    const result = await exchange.submit(change.command)
    if (!result.ok) throw new ConfigError(project.configFile, [`${change.lines[0] ?? ''}: the engine refused it (${result.reject.code}).`])
  }
}
