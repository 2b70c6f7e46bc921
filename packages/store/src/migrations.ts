/** Brings the schema up to date, one recorded step after another, and refuses a database of a newer version. */
import type { Knex } from 'knex'
import type { Database, Migration } from '@bourse/plugin'

const TABLE = 'schema_migrations'
/** Any number that no other program uses on the same database. */
const POSTGRES_LOCK = 7_326_501

/** The database has been through a migration that this version does not know. */
export class DatabaseTooNewError extends Error {
  readonly code = 'database_too_new'
  constructor(readonly migrations: readonly string[]) {
    super(
      `The database has been changed by a newer version or by a plugin that is not installed: ${migrations.join(', ')}. ` +
        'Nothing was touched. Start the version that wrote it, install the plugin, or restore the backup from before the upgrade.',
    )
    this.name = 'DatabaseTooNewError'
  }
}

/**
 * Runs every migration that is not recorded, in the order of the list, each in a transaction of its own: a crash
 * leaves whole steps behind. Processes that start at once on PostgreSQL wait for each other.
 *
 * @throws DatabaseTooNewError when a recorded step is not in the list.
 */
export async function migrate({ knex, dialect }: Database, migrations: readonly Migration[]): Promise<void> {
  const repeated = migrations.find((migration, index) => migrations.findIndex(({ name }) => name === migration.name) !== index)
  if (repeated !== undefined) throw new Error(`Two migrations are named "${repeated.name}"; give one of them another name.`)
  await locked({ knex, dialect }, (trx) => trx.raw(`create table if not exists ${TABLE} (name text not null primary key, applied_at text not null default current_timestamp)`))
  const applied = await appliedNames(knex)
  const unknown = [...applied].filter((name) => !migrations.some((migration) => migration.name === name))
  if (unknown.length > 0) throw new DatabaseTooNewError(unknown)
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue
    await locked({ knex, dialect }, async (trx) => {
      if ((await appliedNames(trx)).has(migration.name)) return
      await migration.up(trx)
      await trx(TABLE).insert({ name: migration.name })
    })
  }
}

export interface MigrationStatus {
  /** In the order in which they ran. */
  readonly applied: readonly string[]
  /** What the next start runs, in order. */
  readonly pending: readonly string[]
  /** Recorded and not known to this version: it refuses to start. */
  readonly unknown: readonly string[]
}

/** Tells how far the schema is, and changes nothing; a database that is still empty has everything before it. */
export async function migrationStatus({ knex }: Pick<Database, 'knex'>, migrations: readonly Migration[]): Promise<MigrationStatus> {
  const applied = (await knex.schema.hasTable(TABLE)) ? await recordedSteps(knex, migrations) : []
  return {
    applied,
    pending: migrations.map(({ name }) => name).filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !migrations.some((migration) => migration.name === name)),
  }
}

/**
 * Takes the steps back that ran after one, newest first, each in a transaction of its own, and what they hold is lost.
 * For development: a released database only goes forward.
 *
 * @param name the step that stays as the last one; `none` takes back all.
 * @returns the names of the steps that were taken back, in that order.
 * @throws Error when the step has not run; DatabaseTooNewError when one that ran is not known.
 */
export async function migrateDownTo(database: Database, migrations: readonly Migration[], name: string): Promise<string[]> {
  const { applied, unknown } = await migrationStatus(database, migrations)
  if (unknown.length > 0) throw new DatabaseTooNewError(unknown)
  if (name !== 'none' && !applied.includes(name)) {
    throw new Error(`The database has not been through a migration "${name}". It has been through: ${applied.length === 0 ? 'none' : applied.join(', ')}.`)
  }
  const back = applied.slice(applied.indexOf(name) + 1).reverse()
  for (const step of back) await takeBack(database, migrations.find((migration) => migration.name === step)!)
  return back
}

/** Takes every recorded step back, newest first, and with it all data of the exchange; what other programs keep in the database stays. */
export async function rollBackAll(database: Database, migrations: readonly Migration[]): Promise<void> {
  for (const migration of [...migrations].reverse()) await takeBack(database, migration)
}

async function takeBack(database: Database, migration: Migration): Promise<void> {
  await locked(database, async (trx) => {
    if (!(await appliedNames(trx)).has(migration.name)) return
    await migration.down(trx)
    await trx(TABLE).where({ name: migration.name }).delete()
  })
}

async function locked({ knex, dialect }: Database, work: (trx: Knex.Transaction) => Promise<unknown>): Promise<void> {
  await knex.transaction(async (trx) => {
    if (dialect === 'postgres') await trx.raw(`select pg_advisory_xact_lock(${POSTGRES_LOCK})`)
    await work(trx)
  })
}

/** By their time; steps of one run share it and went in the order of the list. */
async function recordedSteps(knex: Knex, migrations: readonly Migration[]): Promise<string[]> {
  const rows = await knex<{ name: string; applied_at: string }>(TABLE).select('name', 'applied_at')
  const place = (name: string): number => migrations.findIndex((migration) => migration.name === name)
  return rows.sort((a, b) => (a.applied_at < b.applied_at ? -1 : a.applied_at > b.applied_at ? 1 : place(a.name) - place(b.name))).map(({ name }) => name)
}

async function appliedNames(knex: Knex): Promise<Set<string>> {
  const rows = await knex<{ name: string }>(TABLE).select('name')
  return new Set(rows.map(({ name }) => name))
}
