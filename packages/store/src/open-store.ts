/** Opens the SQL side of an exchange: its records, its settings and the history projection. */
import type { Database, Migration, Projection } from '@bourse/plugin'
import { createHistoryQueries } from './history-queries.js'
import { HistoryProjection } from './history-projection.js'
import type { HistoryQueries } from './history-rows.js'
import { historyMigration, orderTermsMigration } from './history-tables.js'
import { migrate, rollBackAll } from './migrations.js'
import { openPostgres } from './postgres.js'
import { createSettings, settingsMigration, type Settings } from './settings.js'
import { recordsMigration } from './records/record-tables.js'
import { createRecords, type Records } from './records/records.js'
import { openSqlite } from './sqlite.js'

export interface StoreOptions {
  /** `postgres://user:password@host:port/database`; wins over `file`. */
  readonly url?: string | undefined
  /** Path of the SQLite file, made when absent; `:memory:` for tests. */
  readonly file?: string | undefined
  /** Schema of other packages, after the store's own. */
  readonly migrations?: readonly Migration[]
}

export interface Store extends Database {
  readonly projection: Projection
  readonly history: HistoryQueries
  readonly settings: Settings
  readonly records: Records
  /** Runs what is not recorded yet; {@link openStore} has done so already. */
  migrate(): Promise<void>
  /** Removes every table of the exchange and all that is in them. */
  wipe(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the database and brings its schema up to date.
 *
 * @throws DatabaseTooNewError when a newer version has written it; an Error that says what to do when it cannot be reached.
 *
 * @example
 * const store = await openStore({ file: 'data/exchange.db', migrations: [...identityMigrations, ...custodyMigrations] })
 */
export async function openStore({ url, file, migrations = [] }: StoreOptions): Promise<Store> {
  const database = await openDatabase({ url, file })
  const all = allMigrations(migrations)
  try {
    await migrate(database, all)
  } catch (error) {
    await database.knex.destroy()
    throw error
  }
  return {
    ...database,
    projection: new HistoryProjection(database),
    history: createHistoryQueries(database.knex),
    settings: createSettings(database.knex),
    records: createRecords(database.knex),
    migrate: () => migrate(database, all),
    wipe: () => rollBackAll(database, all),
    close: () => database.knex.destroy(),
  }
}

/** Every step of an exchange's schema, in the order in which they run. */
export function allMigrations(ofOthers: readonly Migration[]): readonly Migration[] {
  return [settingsMigration, historyMigration, orderTermsMigration, recordsMigration, ...ofOthers]
}

/** Opens the database as it is, for whoever looks at its schema; its owner destroys the handle. */
export async function openDatabase({ url, file }: Pick<StoreOptions, 'url' | 'file'>): Promise<Database> {
  if (url !== undefined && url !== '') {
    if (!/^postgres(?:ql)?:\/\//.test(url)) throw new Error('The database address must begin with "postgres://"; leave it empty to keep records in a SQLite file.')
    return { knex: await openPostgres(url), dialect: 'postgres' }
  }
  if (file !== undefined && file !== '') return { knex: await openSqlite(file), dialect: 'sqlite' }
  throw new Error('A store needs either the address of a PostgreSQL database (url) or the path of a SQLite file (file).')
}
