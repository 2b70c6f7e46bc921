/** What one has and what happened to it: balances, and the pages of orders, fills and ledger entries, as lists or as files. */
import { Fill, LedgerEntry, Order, ROUTES, type Balances, type Page } from '@bourse/client'
import { formatDecimal, type Catalog } from '@bourse/core'
import type { LedgerEntryRow, Page as RowPage } from '@bourse/store'
import type { z } from 'zod'
import type { DurableReads } from '../durable-reads.js'
import { csvDownload } from '../http/csv.js'
import { serveRoute, type Route, type Served } from '../http/route.js'
import type { GatewayServices } from '../services.js'
import { asset, milliseconds } from '../views/amounts.js'
import { balanceViews } from '../views/balance-view.js'
import { fillRowView, orderView } from '../views/order-view.js'
import { accountNamed, assetNamed, marketNamed } from './names.js'

/** Rows that a file reads at a time. */
const FILE_PAGE = 1_000

export function historyRoutes({ exchange, history }: GatewayServices, reads: DurableReads): Route[] {
  const { catalog } = exchange
  return [
    serveRoute(ROUTES.balances, ({ caller }): Promise<Balances> => reads.read(() => ({ sequence: exchange.engine.sequence, balances: balanceViews(exchange, caller.account, catalog.assets()) }))),
    serveRoute(ROUTES.orders, ({ caller, query }) => {
      const { format: _format, market, ...filter } = query
      const wanted = { ...filter, account: accountNamed(catalog, caller.account), market: marketNamed(catalog, market)?.id }
      return listed(query, { name: 'orders', item: Order }, async (page) => pageOf(await history.orders({ ...wanted, ...page }), (row) => orderView(row, catalog)))
    }),
    serveRoute(ROUTES.fills, ({ caller, query }) => {
      const { format: _format, market, ...filter } = query
      const wanted = { ...filter, account: accountNamed(catalog, caller.account), market: marketNamed(catalog, market)?.id }
      return listed(query, { name: 'fills', item: Fill }, async (page) => pageOf(await history.fills({ ...wanted, ...page }), (row) => fillRowView(row, catalog)))
    }),
    serveRoute(ROUTES.ledger, ({ caller, query }) => {
      const { format: _format, asset: code, ...filter } = query
      const wanted = { ...filter, account: accountNamed(catalog, caller.account), asset: assetNamed(catalog, code)?.id }
      return listed(query, { name: 'ledger', item: LedgerEntry }, async (page) => pageOf(await history.ledger({ ...wanted, ...page }), (row) => ledgerView(row, catalog)))
    }),
  ]

  /** One page, or a file of all pages. */
  async function listed<Item extends object>(query: ListQuery, list: { name: string; item: z.ZodObject }, page: (at: { cursor: string | undefined; limit: number }) => Promise<Page<Item>>): Promise<Served<Page<Item>>> {
    await reads.history()
    const first = { cursor: query.cursor, limit: query.format === 'csv' ? FILE_PAGE : query.limit }
    const begun = await page(first)
    if (query.format !== 'csv') return begun
    return csvDownload({ fileName: `${list.name}.csv`, columns: Object.keys(list.item.shape), first: begun, page: (cursor) => page({ cursor, limit: FILE_PAGE }) })
  }
}

interface ListQuery {
  readonly format?: 'json' | 'csv' | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

function pageOf<Row, Item>({ rows, nextCursor }: RowPage<Row>, view: (row: Row) => Item): Page<Item> {
  return { items: rows.map(view), nextCursor }
}

export function ledgerView(entry: LedgerEntryRow, catalog: Catalog): LedgerEntry {
  const { code, scale } = asset(catalog, entry.asset)
  const { entryId, kind, reference, sequence } = entry
  return { entryId, asset: code, kind, amount: formatDecimal(entry.amount, scale), reference, timestampMs: milliseconds(entry.timestampUs), sequence }
}
