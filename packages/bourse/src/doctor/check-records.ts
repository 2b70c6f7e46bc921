/** Looks at the database of an exchange: whether it answers, its version and schema, its clock, and whether its sealed secrets open. */
import { existsSync } from 'node:fs'
import type { Database } from '@bourse/plugin'
import { trySealedSecrets } from '@bourse/identity'
import { migrationStatus, openDatabase } from '@bourse/store'
import { masterKeyFrom, openSecretBox } from '../runtime/master-key.js'
import { PROJECT_MIGRATIONS, type DatabasePlace } from '../runtime/project-database.js'
import { checkDatabaseClock } from './check-data.js'
import { messageOf, ok, problem, warning, type Finding } from './finding.js'

/** @param keyFile where the master key is kept, when the environment gives none */
export async function checkRecords(place: DatabasePlace, keyFile: string): Promise<Finding[]> {
  if (place.url === undefined && !existsSync(place.file)) return [ok('database', 'There is no SQLite file yet; the first start makes it.')]
  let database: Database
  try {
    database = await openDatabase(place)
  } catch (error) {
    return [problem('database', messageOf(error), place.url === undefined ? 'Check who owns the file, and restore it from a backup if it is damaged.' : 'Start the database, or put its right address into DATABASE_URL in .env.')]
  }
  try {
    return [await versionOf(database), ...(await clockOf(database)), ...(await schemaOf(database, keyFile))]
  } catch (error) {
    return [problem('database', messageOf(error), 'Look whether the database is whole and its user may read every table.')]
  } finally {
    await database.knex.destroy()
  }
}

async function versionOf({ knex, dialect }: Database): Promise<Finding> {
  if (dialect === 'sqlite') return ok('database', `SQLite ${String((await rowsOf(knex.raw('select sqlite_version() as version')))[0]?.['version'])}.`)
  const [row] = await rowsOf(knex.raw("select current_setting('server_version') as version, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits"))
  const words = `PostgreSQL ${String(row?.['version'])}`
  if (row?.['fsync'] === 'on' && row['commits'] !== 'off') return ok('database', `${words}.`)
  return warning('database', `${words}, which may lose commits in a power cut.`, 'Set fsync = on and synchronous_commit = on in postgresql.conf.')
}

async function clockOf({ knex, dialect }: Database): Promise<Finding[]> {
  if (dialect === 'sqlite') return []
  const askedMs = Date.now()
  const [row] = await rowsOf(knex.raw('select (extract(epoch from clock_timestamp()) * 1000)::text as now'))
  const answeredMs = Date.now()
  return [checkDatabaseClock(Number(row?.['now']), (askedMs + answeredMs) / 2)]
}

async function schemaOf(database: Database, keyFile: string): Promise<Finding[]> {
  const { applied, pending, unknown } = await migrationStatus(database, PROJECT_MIGRATIONS)
  if (unknown.length > 0) {
    return [problem('database: schema', `A newer version, or a plugin that is missing, has changed it: ${unknown.join(', ')}.`, 'Start the version that wrote it, or restore the backup from before the upgrade.')]
  }
  if (pending.length > 0) return [ok('database: schema', applied.length === 0 ? 'It is empty; the first start fills it.' : `The next start runs ${pending.join(', ')}.`)]
  return [ok('database: schema', `It is up to date (${applied.length} steps).`), await secretsOf(database, keyFile)]
}

async function secretsOf({ knex }: Database, keyFile: string): Promise<Finding> {
  if (masterKeyFrom() === 'file' && !existsSync(keyFile)) return problem('secrets: sealed', `There is no master key: neither BOURSE_SECRET_KEY nor ${keyFile}.`, 'Put back the key that the database was made with. A start would make a new one, and what is sealed would stay closed.')
  const { tried, closed, reason } = await trySealedSecrets(knex, await openSecretBox(keyFile))
  if (closed > 0) return problem('secrets: sealed', `${closed} of ${tried} sealed secrets do not open. ${reason ?? ''}`, 'Put the master key that they were sealed under into .env as BOURSE_SECRET_KEY, or behind the present one as BOURSE_SECRET_KEY_EARLIER. Without it their owners must make new keys and second factors.')
  return tried === 0 ? ok('secrets: sealed', 'The database holds none yet.') : ok('secrets: sealed', `All of ${tried} that were tried open.`)
}

/** SQLite gives rows, PostgreSQL an answer that has them. */
async function rowsOf(answer: PromiseLike<unknown>): Promise<Record<string, unknown>[]> {
  const value = await answer
  return (Array.isArray(value) ? value : (value as { rows: unknown[] }).rows) as Record<string, unknown>[]
}
