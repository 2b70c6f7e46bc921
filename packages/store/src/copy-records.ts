/** Copies the records of an exchange into a folder while it runs, and puts such a copy into an empty database. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, Dialect, Migration } from '@bourse/plugin'
import { copyPostgres, loadPostgres } from './copy-postgres.js'
import { copySqlite, countSqlite } from './copy-sqlite.js'
import { DatabaseTooNewError, migrate, migrationStatus } from './migrations.js'
import { openDatabase, type StoreOptions } from './open-store.js'

export interface CopiedRecords {
  readonly database: Dialect
  /** Steps that the schema had been through, in order. */
  readonly migrations: readonly string[]
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>
}

type Place = Pick<StoreOptions, 'url' | 'file'>

/** Of SQLite, in the folder of a copy. */
export const SQLITE_COPY = 'records.sqlite'

/**
 * Copies every table as it stands at one moment: SQLite by its backup interface, PostgreSQL by one transaction that
 * sees a single state. Nobody has to wait.
 *
 * @param migrations all of the exchange's; tables that none of them makes belong to others and are left out
 * @throws DatabaseTooNewError when the database has been through others.
 */
export async function copyRecords(place: Place, folder: string, migrations: readonly Migration[]): Promise<CopiedRecords> {
  await mkdir(folder, { recursive: true })
  const database = await openDatabase(place)
  try {
    const { applied, unknown } = await migrationStatus(database, migrations)
    if (unknown.length > 0) throw new DatabaseTooNewError(unknown)
    if (database.dialect === 'postgres') {
      return { database: 'postgres', migrations: applied, tables: await copyPostgres(database.knex, folder, await tablesOf(migrations)) }
    }
  } finally {
    await database.knex.destroy()
  }
  const file = join(folder, SQLITE_COPY)
  await copySqlite(place.file!, file)
  const copy = await openDatabase({ file })
  try {
    const { applied } = await migrationStatus(copy, migrations)
    return { database: 'sqlite', migrations: applied, tables: await countSqlite(copy.knex) }
  } finally {
    await copy.knex.raw('pragma journal_mode = DELETE')
    await copy.knex.destroy()
  }
}

/** @throws Error when the database already holds an exchange; nothing has been changed then. */
export async function expectNoRecords(place: Place, migrations: readonly Migration[]): Promise<void> {
  const database = await openDatabase(place)
  try {
    const { applied, unknown } = await migrationStatus(database, migrations)
    if (applied.length + unknown.length > 0) throw new Error('The database already holds an exchange. Restore into an empty one: create another database and put its address into DATABASE_URL.')
  } finally {
    await database.knex.destroy()
  }
}

/**
 * Fills an empty PostgreSQL database from a copy, all of it or nothing but the schema.
 *
 * @throws Error when rows are missing afterwards.
 */
export async function loadRecords(place: Place, folder: string, copied: CopiedRecords, migrations: readonly Migration[]): Promise<void> {
  const database: Database = await openDatabase(place)
  try {
    await migrate(database, migrations.filter(({ name }) => copied.migrations.includes(name)))
    await loadPostgres(database.knex, folder, copied.tables)
  } finally {
    await database.knex.destroy()
  }
}

/** The tables that the migrations make, as an empty database shows. */
async function tablesOf(migrations: readonly Migration[]): Promise<string[]> {
  const database = await openDatabase({ file: ':memory:' })
  try {
    await migrate(database, migrations)
    return Object.keys(await countSqlite(database.knex))
  } finally {
    await database.knex.destroy()
  }
}
