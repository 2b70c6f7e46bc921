/** The database of a project: where it is, and every migration of its packages. */
import { custodyMigrations } from '@bourse/custody'
import { identityMigrations } from '@bourse/identity'
import type { Migration } from '@bourse/plugin'
import { allMigrations, openStore, type Store } from '@bourse/store'
import type { Project } from '../config/load-project.js'
import type { DataDir } from './data-dir.js'

/** Of the packages above the store, in the order in which they run. */
const MIGRATIONS: readonly Migration[] = [...identityMigrations, ...custodyMigrations]

/** All of them, the store's own first. */
export const PROJECT_MIGRATIONS: readonly Migration[] = allMigrations(MIGRATIONS)

export interface DatabasePlace {
  /** PostgreSQL, where the configuration names one. */
  readonly url: string | undefined
  /** SQLite, where it does not. */
  readonly file: string
}

export function databasePlace(project: Pick<Project, 'config'>, data: DataDir): DatabasePlace {
  const { database } = project.config
  return { url: database === '' ? undefined : database, file: data.database }
}

/** Opens the records of an exchange, brought up to date. */
export function openProjectStore(project: Pick<Project, 'config'>, data: DataDir): Promise<Store> {
  return openStore({ ...databasePlace(project, data), migrations: MIGRATIONS })
}
