/** Databases to test on: SQLite in memory always, PostgreSQL where one answers. */
import knexFactory, { type Knex } from 'knex'

const DATABASE_URL = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test'
let schemas = 0

export interface TestDatabase {
  readonly knex: Knex
  drop(): Promise<void>
}

export const DATABASES: readonly { readonly name: string; open(): Promise<TestDatabase | undefined> }[] = [
  { name: 'SQLite', open: openSqlite },
  { name: 'PostgreSQL', open: openPostgres },
]

/** As the store opens it: every integer is read as a bigint. */
async function openSqlite(): Promise<TestDatabase> {
  const knex = knexFactory({ client: 'better-sqlite3', connection: { filename: ':memory:', options: { safeIntegers: true } }, useNullAsDefault: true })
  return { knex, drop: () => knex.destroy() }
}

/** A schema of its own, so that nothing else on the server is touched; undefined where no server answers. */
async function openPostgres(): Promise<TestDatabase | undefined> {
  const schema = `bourse_identity_${process.pid}_${schemas++}`
  const knex = knexFactory({ client: 'pg', connection: DATABASE_URL, searchPath: [schema], pool: { min: 0, max: 4 } })
  try {
    await knex.raw('create schema ??', [schema])
  } catch {
    await knex.destroy()
    return undefined
  }
  return {
    knex,
    async drop() {
      await knex.raw('drop schema ?? cascade', [schema])
      await knex.destroy()
    },
  }
}
