/** Deposits and withdrawals of a project: its asset adapters, started, and the custody over them. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { createCustody, type Custody } from '@bourse/custody'
import type { AssetAdapter } from '@bourse/plugin'
import type { Project } from '../config/load-project.js'
import type { OpenExchange } from './open-exchange.js'
import type { Operations } from './operations.js'

export function adaptersOf(project: Project): AssetAdapter[] {
  return project.config.plugins.flatMap((plugin) => plugin.assetAdapters ?? [])
}

export async function startCustody(open: OpenExchange, { log, note }: Pick<Operations, 'log' | 'note'>, closers: (() => Promise<unknown> | void)[]): Promise<Custody> {
  const { project, store, exchange, data } = open
  const adapters = adaptersOf(project)
  for (const adapter of adapters) {
    const dataDir = path.join(data.adapters, adapter.name)
    await mkdir(dataDir, { recursive: true })
    await adapter.start({ dataDir, now: Date.now, log: note })
    closers.push(() => adapter.stop())
  }
  const custody = createCustody({ knex: store.knex, commands: exchange, adapters, now: Date.now, log })
  await custody.start()
  closers.push(() => custody.stop())
  return custody
}
