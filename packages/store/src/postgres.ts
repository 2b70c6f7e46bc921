/** Opens PostgreSQL with exact 64-bit integers. */
import knexFactory from 'knex'
import type { Knex } from 'knex'
import pg from 'pg'

const INT2 = 21
const INT4 = 23
const INT8 = 20

/** Connects to `postgres://user:password@host:port/database`; the message of a failure never carries the password. */
export async function openPostgres(url: string): Promise<Knex> {
  const knex = knexFactory.knex({
    client: 'pg',
    connection: { connectionString: url, types: { getTypeParser: exactParser } },
    pool: { min: 0, max: 10 },
    // Messages of errors name the statement without its values, which may be secrets.
    compileSqlOnError: false,
    // Failures are thrown; knex would print them as well.
    log: { warn: () => undefined, error: () => undefined },
  })
  try {
    await knex.raw('select 1')
    return knex
  } catch (error) {
    await knex.destroy()
    throw new Error(`Cannot use PostgreSQL at ${describe(url)}: ${reasonOf(error)}. Check the database's address, user and password, and that the server runs.`, { cause: error })
  }
}

/** Reads every integer type as a bigint, so that rows look the same as in SQLite. */
function exactParser(oid: number, format?: string): (text: string) => unknown {
  if (format === 'binary') return pg.types.getTypeParser(oid, 'binary')
  return oid === INT8 || oid === INT4 || oid === INT2 ? BigInt : pg.types.getTypeParser(oid, 'text')
}

function describe(url: string): string {
  try {
    const { host, pathname } = new URL(url)
    return `${host}${pathname}`
  } catch {
    return 'the given address, which is not a URL'
  }
}

/** A refused connection over several addresses comes as an AggregateError without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
