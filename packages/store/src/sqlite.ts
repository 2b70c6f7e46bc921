/** Opens SQLite as a store of truth: write-ahead log, a sync at every commit, exact 64-bit integers. */
import knexFactory from 'knex'
import type { Knex } from 'knex'
import BetterSqlite3 from 'better-sqlite3'

const PAST_THE_FLOAT_RANGE = 2n ** 53n + 1n

/** Opens or creates the file; `:memory:` gives a database that lives as long as its handle, for tests. */
export async function openSqlite(file: string): Promise<Knex> {
  const knex = knexFactory.knex({
    client: 'better-sqlite3',
    connection: { filename: file, options: { safeIntegers: true } },
    useNullAsDefault: true,
    // Messages of errors name the statement without its values, which may be secrets.
    compileSqlOnError: false,
    pool: { min: 1, max: 1, afterCreate: prepareConnection },
  })
  try {
    await verify(knex, file)
    return knex
  } catch (error) {
    await knex.destroy()
    throw error
  }
}

/** The native handle behind a knex transaction, for prepared statements that run many rows. */
export async function sqliteHandle(trx: Knex.Transaction): Promise<BetterSqlite3.Database> {
  return nativeOf(await clientOf(trx).acquireConnection())
}

/** The one connection of a database, to have alone until it is given back. */
export async function borrowConnection(knex: Knex): Promise<{ readonly connection: BetterSqlite3.Database; giveBack(): Promise<void> }> {
  const client = clientOf(knex)
  const connection = nativeOf(await client.acquireConnection())
  return { connection, giveBack: () => client.releaseConnection(connection) }
}

interface Connections {
  acquireConnection(): Promise<unknown>
  releaseConnection(connection: unknown): Promise<void>
}

function clientOf({ client }: { client?: unknown }): Connections {
  if (hasConnections(client)) return client
  throw new Error('This version of knex has no acquireConnection(); install the version that @bourse/store asks for.')
}

function hasConnections(client: unknown): client is Connections {
  return typeof client === 'object' && client !== null && ['acquireConnection', 'releaseConnection'].every((name) => typeof Reflect.get(client, name) === 'function')
}

function nativeOf(connection: unknown): BetterSqlite3.Database {
  if (connection instanceof BetterSqlite3) return connection
  throw new Error('The connection does not belong to SQLite through better-sqlite3.')
}

function prepareConnection(connection: BetterSqlite3.Database, done: (error: unknown, connection: BetterSqlite3.Database) => void): void {
  try {
    connection.pragma('journal_mode = WAL')
    connection.pragma('synchronous = FULL')
    connection.pragma('foreign_keys = ON')
    connection.pragma('busy_timeout = 5000')
    // A history of millions of rows outgrows the defaults of 2 MB and 1,000 pages.
    connection.pragma('cache_size = -65536')
    connection.pragma('wal_autocheckpoint = 8192')
    done(undefined, connection)
  } catch (error) {
    done(error, connection)
  }
}

/** Refuses a connection that would lose a commit or a digit. */
async function verify(knex: Knex, file: string): Promise<void> {
  const mode = await single(knex, 'pragma journal_mode')
  if (mode !== (file === ':memory:' ? 'memory' : 'wal')) {
    throw new Error(`SQLite cannot keep a write-ahead log for ${file} (its journal mode is "${String(mode)}"). Put the data directory on a local file system.`)
  }
  const synchronous = await single(knex, 'pragma synchronous')
  if (synchronous !== 2n) throw new Error(`SQLite did not take synchronous=FULL for ${file}; commits would not survive a power cut.`)
  const integer = await single(knex, `select ${PAST_THE_FLOAT_RANGE} as value`)
  if (integer !== PAST_THE_FLOAT_RANGE) throw new Error(`SQLite returns 64-bit integers inexactly (${String(integer)}); install the better-sqlite3 that @bourse/store asks for.`)
}

async function single(knex: Knex, sql: string): Promise<unknown> {
  const rows: unknown = await knex.raw(sql)
  const row: unknown = Array.isArray(rows) ? rows[0] : undefined
  return typeof row === 'object' && row !== null ? Object.values(row)[0] : undefined
}
