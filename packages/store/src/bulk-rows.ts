/** Writes many rows of one table within a transaction, by the fastest way that each database has. */
import { setImmediate } from 'node:timers/promises'
import type { Knex } from 'knex'
import type BetterSqlite3 from 'better-sqlite3'
import type { Dialect } from '@bourse/plugin'
import { sqliteHandle } from './sqlite.js'
import { sqlType, type Column, type SqlValue, type TableShape } from './table-shape.js'

export type Row = readonly SqlValue[]

/** Rows hold one value for each column, in the order of the shape (or of `columns`). */
export interface BulkRows {
  /** Fails on a key that exists. */
  insert(shape: TableShape, rows: readonly Row[]): Promise<void>
  /** Replaces rows whose key exists; no key twice in one call. */
  upsert(shape: TableShape, rows: readonly Row[]): Promise<void>
  /** Changes rows by their key, whose columns are the last of `columns`; null leaves a cell as it is. No key twice in one call. */
  update(shape: TableShape, columns: readonly string[], rows: readonly Row[]): Promise<void>
}

/** SQLite works in this very thread: after so many rows, less than a millisecond, everything else gets its turn. */
const SQLITE_ROWS = 100
/** Most rows that go to PostgreSQL in one statement: bounds the size of a message. */
const POSTGRES_ROWS = 5_000

export async function bulkRows(trx: Knex.Transaction, dialect: Dialect): Promise<BulkRows> {
  return dialect === 'sqlite' ? sqliteBulk(await sqliteHandle(trx)) : postgresBulk(trx)
}

const statements = new WeakMap<BetterSqlite3.Database, Map<string, BetterSqlite3.Statement>>()

function sqliteBulk(database: BetterSqlite3.Database): BulkRows {
  const run = async (sql: string, rows: readonly Row[]): Promise<void> => {
    const statement = prepared(database, sql)
    for (const [index, row] of rows.entries()) {
      statement.run(row)
      if ((index + 1) % SQLITE_ROWS === 0) await setImmediate()
    }
  }
  const insertion = ({ name, columns }: TableShape): string => `insert into ${name} (${names(columns)}) values (${columns.map(() => '?').join(', ')})`
  return {
    insert: (shape, rows) => run(insertion(shape), rows),
    upsert: (shape, rows) => run(insertion(shape) + onConflict(shape), rows),
    update(shape, columns, rows) {
      const changes = columns.slice(0, -shape.key.length).map((column) => `${column} = coalesce(?, ${column})`)
      const key = columns.slice(-shape.key.length).map((column) => `${column} = ?`)
      return run(`update ${shape.name} set ${changes.join(', ')} where ${key.join(' and ')}`, rows)
    },
  }
}

function prepared(database: BetterSqlite3.Database, sql: string): BetterSqlite3.Statement {
  let known = statements.get(database)
  if (known === undefined) statements.set(database, (known = new Map()))
  let statement = known.get(sql)
  if (statement === undefined) known.set(sql, (statement = database.prepare(sql)))
  return statement
}

function postgresBulk(trx: Knex.Transaction): BulkRows {
  const run = async (columns: readonly Column[], rows: readonly Row[], sql: (unnest: string) => string): Promise<void> => {
    const unnest = `unnest(${columns.map(({ type }) => `?::${sqlType(type, 'postgres')}[]`).join(', ')})`
    for (let start = 0; start < rows.length; start += POSTGRES_ROWS) {
      const part = rows.slice(start, start + POSTGRES_ROWS)
      await trx.raw(sql(unnest), columns.map((column, index) => arrayLiteral(column, part, index)))
    }
  }
  const insertion = ({ name, columns }: TableShape, unnest: string): string => `insert into ${name} (${names(columns)}) select * from ${unnest}`
  return {
    insert: (shape, rows) => run(shape.columns, rows, (unnest) => insertion(shape, unnest)),
    upsert: (shape, rows) => run(shape.columns, rows, (unnest) => insertion(shape, unnest) + onConflict(shape)),
    async update(shape, columns, rows) {
      const described = columns.map((name) => shape.columns.find((column) => column.name === name)!)
      const changes = columns.slice(0, -shape.key.length).map((column) => `${column} = coalesce(change.${column}, ${shape.name}.${column})`)
      const key = shape.key.map((column) => `${shape.name}.${column} = change.${column}`)
      await run(described, rows, (unnest) => `update ${shape.name} set ${changes.join(', ')} from ${unnest} as change (${columns.join(', ')}) where ${key.join(' and ')}`)
    },
  }
}

/** One column of the rows in PostgreSQL's notation for arrays. */
function arrayLiteral(column: Column, rows: readonly Row[], index: number): string {
  const cells = rows.map((row) => {
    const value = row[index]
    if (value === null || value === undefined) return 'NULL'
    return column.type === 'integer' ? value : `"${String(value).replace(/["\\]/g, '\\$&')}"`
  })
  return `{${cells.join(',')}}`
}

function onConflict({ key, columns }: TableShape): string {
  const others = columns.filter(({ name }) => !key.includes(name))
  return ` on conflict (${key.join(', ')}) do update set ${others.map(({ name }) => `${name} = excluded.${name}`).join(', ')}`
}

function names(columns: readonly Column[]): string {
  return columns.map(({ name }) => name).join(', ')
}
