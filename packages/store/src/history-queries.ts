/** Reads the history in pages; every list walks an index, however long the history is. */
import type { Knex } from 'knex'
import { candleOf, fillOf, ledgerEntryOf, orderOf, tradeOf, type CandleRecord, type FillRecord, type LedgerRecord, type OrderRecord, type TradeRecord } from './history-records.js'
import type { FillRow, HistoryQueries, Page, PageQuery } from './history-rows.js'
import { CANDLES, FILLS, LEDGER_ENTRIES, ORDERS, TRADES } from './history-tables.js'
import { checkedLimit, decodeCursor, encodeCursor, type Place } from './page-cursor.js'

const US_PER_MS = 1_000

export function createHistoryQueries(knex: Knex): HistoryQueries {
  return {
    async orders({ account, market, ...query }) {
      const filter = market === undefined ? { account } : { account, market }
      const records = await page<OrderRecord>(knex(ORDERS.name).where(filter), query, ['created_sequence', 'order_id'])
      return pageOf(records, query.limit, orderOf, ({ created_sequence, order_id }) => [Number(created_sequence), Number(order_id)])
    },

    async order(market, orderId) {
      const record: OrderRecord | undefined = await knex(ORDERS.name).where({ market, order_id: orderId }).first()
      return record === undefined ? undefined : orderOf(record)
    },

    async fills({ account, market, ...query }) {
      const filter = market === undefined ? { 'fills.account': account } : { 'fills.account': account, 'fills.market': market }
      const records = await page<FillRecord>(fillsWithOrders(knex).where(filter), query, ['fills.sequence', 'fills.ordinal'])
      return pageOf(records, query.limit, fillOf, ({ sequence, ordinal }) => [Number(sequence), Number(ordinal)])
    },

    async fillsOfOrder(market, orderId): Promise<readonly FillRow[]> {
      const records: FillRecord[] = await fillsWithOrders(knex).where({ 'fills.market': market, 'fills.order_id': orderId }).orderBy(['fills.sequence', 'fills.ordinal'])
      return records.map(fillOf)
    },

    async ledger({ account, asset, ...query }) {
      const filter = asset === undefined ? { account } : { account, asset }
      const records = await page<LedgerRecord>(knex(LEDGER_ENTRIES.name).where(filter), query, ['sequence', 'ordinal'])
      return pageOf(records, query.limit, ledgerEntryOf, ({ sequence, ordinal }) => [Number(sequence), Number(ordinal)])
    },

    async trades({ market, beforeId, limit }) {
      const trades = knex(TRADES.name).where({ market })
      if (beforeId !== undefined) trades.andWhere('trade_id', '<', beforeId)
      const records: TradeRecord[] = await trades.orderBy('trade_id', 'desc').limit(checkedLimit(limit))
      return records.map(tradeOf)
    },

    async candles({ market, interval, fromMs, toMs, limit }) {
      const candles = knex(CANDLES.name).where({ market, interval })
      if (fromMs !== undefined) candles.andWhere('open_time_us', '>=', fromMs * US_PER_MS)
      if (toMs !== undefined) candles.andWhere('open_time_us', '<=', toMs * US_PER_MS)
      const records: CandleRecord[] = await candles.orderBy('open_time_us', fromMs === undefined ? 'desc' : 'asc').limit(checkedLimit(limit))
      if (fromMs === undefined) records.reverse()
      return records.map(candleOf)
    },
  }
}

function fillsWithOrders(knex: Knex): Knex.QueryBuilder {
  return knex(FILLS.name)
    .leftJoin(ORDERS.name, { 'orders.market': 'fills.market', 'orders.order_id': 'fills.order_id' })
    .select('fills.*', 'orders.client_order_id')
}

/** Reads one row more than asked for, which tells whether the list goes on. */
async function page<Stored>(rows: Knex.QueryBuilder, { cursor, limit }: PageQuery, [first, second]: readonly [string, string]): Promise<Stored[]> {
  if (cursor !== undefined) {
    const [sequence, ordinal] = decodeCursor(cursor)
    rows.whereRaw('(??, ??) < (?, ?)', [first, second, sequence, ordinal])
  }
  const records: Stored[] = await rows.orderBy([
    { column: first, order: 'desc' },
    { column: second, order: 'desc' },
  ]).limit(checkedLimit(limit) + 1)
  return records
}

function pageOf<Stored, Row>(records: readonly Stored[], limit: number, rowOf: (record: Stored) => Row, placeOf: (record: Stored) => Place): Page<Row> {
  const shown = records.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown.map(rowOf), nextCursor: records.length > limit && last !== undefined ? encodeCursor(placeOf(last)) : null }
}
