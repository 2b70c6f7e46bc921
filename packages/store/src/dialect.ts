/** Tells which database a knex handle speaks to. */
import type { Knex } from 'knex'
import type { Dialect } from '@bourse/plugin'

export function dialectOf(knex: Knex): Dialect {
  const client: unknown = knex.client
  const name = typeof client === 'object' && client !== null && 'driverName' in client ? client.driverName : undefined
  if (name === 'better-sqlite3') return 'sqlite'
  if (name === 'pg') return 'postgres'
  throw new Error(`Bourse keeps its records in SQLite (better-sqlite3) or PostgreSQL (pg), not through "${String(name)}".`)
}
