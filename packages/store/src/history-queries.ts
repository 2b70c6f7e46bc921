/** Reads the history in pages; every list walks an index, however long the history is. */
import type { Knex } from 'knex'
import { candleOf, fillOf, ledgerEntryOf, orderOf, tradeOf, type CandleRecord, type FillRecord, type LedgerRecord, type OrderRecord, type TradeRecord } from './history-records.js'
import type { FillRow, HistoryQueries } from './history-rows.js'
import { CANDLES, FILLS, ORDERS, TRADES } from './history-tables.js'
import { createHistoryWindows } from './history-windows.js'
import { FILL_ROWS, filteredPage, LEDGER_ROWS, ORDER_ROWS } from './history-pages.js'
import { checkedLimit } from './page-cursor.js'

const US_PER_MS = 1_000

export function createHistoryQueries(knex: Knex): HistoryQueries {
  return {
    ...createHistoryWindows(knex),

    async orders({ account, market, side, status, orderType, ...query }) {
      const found = await filteredPage<OrderRecord>(knex, ORDER_ROWS, { account, index: { market }, filter: { side, status, order_type: orderType }, query })
      return { rows: found.records.map(orderOf), nextCursor: found.nextCursor }
    },

    async order(market, orderId) {
      const record: OrderRecord | undefined = await knex(ORDERS.name).where({ market, order_id: orderId }).first()
      return record === undefined ? undefined : orderOf(record)
    },

    async fills({ account, market, side, ...query }) {
      const found = await filteredPage<FillRecord>(knex, FILL_ROWS, { account, index: { market }, filter: { side }, query })
      const names = await clientOrderIds(knex, found.records)
      return { rows: found.records.map((record) => fillOf({ ...record, client_order_id: names.get(`${record.market}/${record.order_id}`) ?? null })), nextCursor: found.nextCursor }
    },

    async fillsOfOrder(market, orderId): Promise<readonly FillRow[]> {
      const records: FillRecord[] = await fillsWithOrders(knex).where({ 'fills.market': market, 'fills.order_id': orderId }).orderBy(['fills.sequence', 'fills.ordinal'])
      return records.map(fillOf)
    },

    async ledger({ account, asset, kind, ...query }) {
      const found = await filteredPage<LedgerRecord>(knex, LEDGER_ROWS, { account, index: { asset }, filter: { kind }, query })
      return { rows: found.records.map(ledgerEntryOf), nextCursor: found.nextCursor }
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

/** The names of the orders that the fills belong to. */
async function clientOrderIds(knex: Knex, fills: readonly FillRecord[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  const byMarket = new Map<bigint, Set<bigint>>()
  for (const { market, order_id } of fills) byMarket.set(market, (byMarket.get(market) ?? new Set()).add(order_id))
  for (const [market, ids] of byMarket) {
    const records = await knex<OrderRecord>(ORDERS.name).where({ market }).whereIn('order_id', [...ids]).select('order_id', 'client_order_id')
    for (const { order_id, client_order_id } of records) names.set(`${market}/${order_id}`, client_order_id)
  }
  return names
}
