/** Pages of one account's rows, newest first, by filters: every page reads a bounded stretch of an index. */
import type { Knex } from 'knex'
import { sequenceRange, type TimedRows, type TimeRange } from './account-times.js'
import { FILLS, LEDGER_ENTRIES, ORDERS } from './history-tables.js'
import type { PageQuery } from './history-rows.js'
import { checkedLimit, decodeCursor, encodeCursor } from './page-cursor.js'

/** Rows that a page reads at most to find those that fit; a page may end before it is full, and the next one goes on. */
export const MAX_SCANNED_ROWS = 5_000

interface PagedRows extends TimedRows {
  /** Tells apart the rows of one sequence. */
  readonly ordinal: string
}

export const ORDER_ROWS: PagedRows = { table: ORDERS.name, sequence: 'created_sequence', ordinal: 'order_id', timeUs: 'created_us' }
export const FILL_ROWS: PagedRows = { table: FILLS.name, sequence: 'sequence', ordinal: 'ordinal', timeUs: 'timestamp_us' }
export const LEDGER_ROWS: PagedRows = { table: LEDGER_ENTRIES.name, sequence: 'sequence', ordinal: 'ordinal', timeUs: 'timestamp_us' }

type Filter = Readonly<Record<string, string | number | undefined>>

export interface FilteredQuery {
  readonly account: number
  /** By columns that an index begins with. */
  readonly index: Filter
  /** By columns that only the rows tell. */
  readonly filter: Filter
  readonly query: PageQuery & TimeRange
}

export async function filteredPage<Stored>(knex: Knex, rows: PagedRows, { account, index, filter, query }: FilteredQuery): Promise<{ records: Stored[]; nextCursor: string | null }> {
  const limit = checkedLimit(query.limit)
  const range = await sequenceRange(knex, rows, account, query)
  const stretch = newestFirst(knex(rows.table).where({ account, ...given(index) }), rows)
  if (query.cursor !== undefined) stretch.whereRaw('(??, ??) < (?, ?)', [rows.sequence, rows.ordinal, ...decodeCursor(query.cursor)])
  if (range !== undefined) stretch.andWhere(rows.sequence, '>=', range.from).andWhere(rows.sequence, '<', range.before)
  const wanted = given(filter)
  if (Object.keys(wanted).length === 0) {
    const records: Stored[] = await stretch.limit(limit + 1)
    return { records: records.slice(0, limit), nextCursor: records.length > limit ? cursorOf(records[limit - 1], rows) : null }
  }
  const scanned = stretch.clone().limit(MAX_SCANNED_ROWS).as('scanned')
  const records: Stored[] = await newestFirst(knex.from(scanned).where(wanted), rows).limit(limit + 1)
  if (records.length > limit) return { records: records.slice(0, limit), nextCursor: cursorOf(records[limit - 1], rows) }
  const last: Stored | undefined = await stretch.clone().offset(MAX_SCANNED_ROWS - 1).first()
  return { records, nextCursor: last === undefined ? null : cursorOf(last, rows) }
}

function newestFirst(query: Knex.QueryBuilder, { sequence, ordinal }: PagedRows): Knex.QueryBuilder {
  return query.orderBy([
    { column: sequence, order: 'desc' },
    { column: ordinal, order: 'desc' },
  ])
}

function given(filter: Filter): Record<string, string | number> {
  return Object.fromEntries(Object.entries(filter).filter((entry): entry is [string, string | number] => entry[1] !== undefined))
}

function cursorOf(record: unknown, { sequence, ordinal }: PagedRows): string {
  if (typeof record !== 'object' || record === null) throw new Error('A page without a last row has no cursor.')
  return encodeCursor([Number(Reflect.get(record, sequence)), Number(Reflect.get(record, ordinal))])
}
