/** Describes a table once, for its creation and for writing many rows at a time. */
import type { Knex } from 'knex'
import type { Dialect } from '@bourse/plugin'

export type ColumnType = 'integer' | 'text'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly nullable?: true
}

export interface TableShape {
  readonly name: string
  readonly columns: readonly Column[]
  /** Columns of the primary key; SQLite keeps the rows in its order. */
  readonly key: readonly string[]
  readonly indexes: readonly (readonly string[])[]
}

/** What a cell may hold on its way into the database; never a fraction. */
export type SqlValue = bigint | number | string | null

export function integer(name: string): Column {
  return { name, type: 'integer' }
}

export function text(name: string): Column {
  return { name, type: 'text' }
}

export function nullable(column: Column): Column {
  return { ...column, nullable: true }
}

/** Creates the table with 64-bit integers; SQLite's are strict, so that not even by mistake a float gets in. */
export async function createTable(knex: Knex, dialect: Dialect, shape: TableShape): Promise<void> {
  const columns = shape.columns.map((column) => `${column.name} ${sqlType(column.type, dialect)}${column.nullable === true ? '' : ' not null'}`)
  const options = dialect === 'sqlite' ? ' strict, without rowid' : ''
  await knex.raw(`create table ${shape.name} (${columns.join(', ')}, primary key (${shape.key.join(', ')}))${options}`)
  for (const index of shape.indexes) {
    await knex.raw(`create index ${shape.name}_by_${index.join('_')} on ${shape.name} (${index.join(', ')})`)
  }
}

/** The column's type by the name that the database knows it by. */
export function sqlType(type: ColumnType, dialect: Dialect): string {
  return type === 'integer' && dialect === 'postgres' ? 'bigint' : type
}
