/** Reads stretches of the history by id or by time, oldest first; every read walks an index, however long the history is. */
import type { Knex } from 'knex'
import { fillOf, ledgerEntryOf, orderOf, tradeOf, type FillRecord, type LedgerRecord, type OrderRecord, type TradeRecord } from './history-records.js'
import type { HistoryWindow, HistoryWindows } from './history-rows.js'
import { FILLS, LEDGER_ENTRIES, ORDERS, TRADES } from './history-tables.js'
import { checkedLimit } from './page-cursor.js'

const US_PER_MS = 1_000
/** A name is looked for among so many of an account's newest orders of a market: no index by name taxes the projection. */
const NAMED_ORDERS = 5_000

/** Numbered rows of a market, whose times rise with their numbers. */
interface Numbered {
  readonly table: string
  readonly id: string
  readonly timeUs: string
  readonly sequence: string
}
const NUMBERED_ORDERS: Numbered = { table: ORDERS.name, id: 'order_id', timeUs: 'created_us', sequence: 'created_sequence' }
const NUMBERED_TRADES: Numbered = { table: TRADES.name, id: 'trade_id', timeUs: 'timestamp_us', sequence: 'sequence' }

export function createHistoryWindows(knex: Knex): HistoryWindows {
  return {
    async ordersWithin({ account, market, limit, ...window }) {
      const bounds = await idBounds(knex, NUMBERED_ORDERS, market, window)
      if (bounds === undefined) return []
      const rows = knex(ORDERS.name).where({ account, market }).andWhere('order_id', '>=', bounds.from).andWhere('created_sequence', '>=', bounds.fromSequence)
      if (bounds.before !== undefined) rows.andWhere('order_id', '<', bounds.before).andWhere('created_sequence', '<=', bounds.beforeSequence)
      const records: OrderRecord[] = await directed(rows, ['created_sequence', 'order_id'], window, limit)
      return oldestFirst(records, window).map(orderOf)
    },

    async orderNamed({ account, market, clientOrderId }) {
      const newest = knex(ORDERS.name).where({ account, market }).orderBy([
        { column: 'created_sequence', order: 'desc' },
        { column: 'order_id', order: 'desc' },
      ]).limit(NAMED_ORDERS).as('newest')
      const record: OrderRecord | undefined = await knex.from(newest).where({ client_order_id: clientOrderId }).orderBy('order_id', 'desc').first()
      return record === undefined ? undefined : orderOf(record)
    },

    async fillsWithin({ account, market, limit, ...window }) {
      const bounds = await idBounds(knex, NUMBERED_TRADES, market, window)
      if (bounds === undefined) return []
      const rows = knex(FILLS.name)
        .leftJoin(ORDERS.name, { 'orders.market': 'fills.market', 'orders.order_id': 'fills.order_id' })
        .select('fills.*', 'orders.client_order_id')
        .where({ 'fills.account': account, 'fills.market': market })
        .andWhere('fills.trade_id', '>=', bounds.from)
        .andWhere('fills.sequence', '>=', bounds.fromSequence)
      if (bounds.before !== undefined) rows.andWhere('fills.trade_id', '<', bounds.before).andWhere('fills.sequence', '<=', bounds.beforeSequence)
      const records: FillRecord[] = await directed(rows, ['fills.sequence', 'fills.ordinal'], window, limit)
      return oldestFirst(records, window).map(fillOf)
    },

    async tradesWithin({ market, limit, ...window }) {
      const bounds = await idBounds(knex, NUMBERED_TRADES, market, window)
      if (bounds === undefined) return []
      const rows = knex(TRADES.name).where({ market }).andWhere('trade_id', '>=', bounds.from)
      if (bounds.before !== undefined) rows.andWhere('trade_id', '<', bounds.before)
      const records: TradeRecord[] = await directed(rows, ['trade_id'], window, limit)
      return oldestFirst(records, window).map(tradeOf)
    },

    async lastChangeUs(account) {
      const entry: LedgerRecord | undefined = await knex(LEDGER_ENTRIES.name).where({ account }).orderBy([
        { column: 'sequence', order: 'desc' },
        { column: 'ordinal', order: 'desc' },
      ]).first()
      const order: OrderRecord | undefined = await knex(ORDERS.name).where({ account }).orderBy([
        { column: 'created_sequence', order: 'desc' },
        { column: 'order_id', order: 'desc' },
      ]).first()
      return Math.max(entry === undefined ? 0 : ledgerEntryOf(entry).timestampUs, order === undefined ? 0 : orderOf(order).updatedUs)
    },
  }
}

interface IdBounds {
  readonly from: number
  /** Nothing from `from` on is older than this command. */
  readonly fromSequence: number
  /** Undefined: to the end. */
  readonly before: number | undefined
  readonly beforeSequence: number
}

/** The ids, and the commands, between which a window lies; undefined where nothing can be in it. */
async function idBounds(knex: Knex, rows: Numbered, market: number, { fromId, fromMs, toMs }: HistoryWindow): Promise<IdBounds | undefined> {
  const fromTime = fromMs === undefined ? 0 : await firstIdAt(knex, rows, { market, timeUs: fromMs * US_PER_MS })
  const from = Math.max(fromId ?? 0, fromTime)
  const before = toMs === undefined ? undefined : await firstIdAt(knex, rows, { market, timeUs: (toMs + 1) * US_PER_MS })
  if (before !== undefined && before <= from) return undefined
  const first = await rowFrom(knex, rows, { market, id: from })
  if (first === undefined) return undefined
  const end = before === undefined ? undefined : await rowFrom(knex, rows, { market, id: before })
  return { from, fromSequence: first.sequence, before: end === undefined ? undefined : before, beforeSequence: end?.sequence ?? 0 }
}

/** The lowest id from which on no row of the market is older than an instant, found by halving. */
async function firstIdAt(knex: Knex, rows: Numbered, { market, timeUs }: { market: number; timeUs: number }): Promise<number> {
  const last: Record<string, bigint> | undefined = await knex(rows.table).where({ market }).orderBy(rows.id, 'desc').select(rows.id).first()
  let low = 0
  let high = last === undefined ? 0 : Number(last[rows.id]) + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = await rowFrom(knex, rows, { market, id: middle })
    if (row === undefined || row.timeUs >= timeUs) high = middle
    else low = row.id + 1
  }
  return low
}

async function rowFrom(knex: Knex, { table, id, timeUs, sequence }: Numbered, at: { market: number; id: number }): Promise<{ id: number; timeUs: number; sequence: number } | undefined> {
  const row: Record<string, bigint> | undefined = await knex(table).where({ market: at.market }).andWhere(id, '>=', at.id).orderBy(id).select(id, timeUs, sequence).first()
  return row === undefined ? undefined : { id: Number(row[id]), timeUs: Number(row[timeUs]), sequence: Number(row[sequence]) }
}

/** With a start the oldest rows are wanted, without one the newest. */
function hasStart({ fromId, fromMs }: HistoryWindow): boolean {
  return fromId !== undefined || fromMs !== undefined
}

function directed(rows: Knex.QueryBuilder, columns: readonly string[], window: HistoryWindow, limit: number): Knex.QueryBuilder {
  const order = hasStart(window) ? 'asc' : 'desc'
  return rows.orderBy(columns.map((column) => ({ column, order }))).limit(checkedLimit(limit))
}

function oldestFirst<Stored>(records: Stored[], window: HistoryWindow): Stored[] {
  return hasStart(window) ? records : records.reverse()
}
