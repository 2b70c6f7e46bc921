/** What packages that keep records of their own in SQL share: the database handle and migrations. */
import type { Knex } from 'knex'

export type Dialect = 'sqlite' | 'postgres'

/**
 * The SQL database of an exchange.
 *
 * Every integer column and `count(*)` is read as a bigint on both databases, never through a float; write numbers or
 * bigints. Keep flags as integers 0 and 1, times as integers, decimals as text. SQLite has one connection: inside
 * `knex.transaction(async (trx) => ...)` use `trx` alone, a query through `knex` would wait for ever.
 */
export interface Database {
  readonly knex: Knex
  readonly dialect: Dialect
}

/**
 * One step of the schema. Steps run once, in the order in which they are listed, each in a transaction of its own, and
 * are recorded by name; a step that has been released never changes.
 */
export interface Migration {
  /** Unique over all packages and sortable, for example `custody_0001_deposits`. */
  readonly name: string
  up(knex: Knex): Promise<void>
  down(knex: Knex): Promise<void>
}
