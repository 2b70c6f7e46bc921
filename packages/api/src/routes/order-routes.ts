/** Orders, fills, balances and the ledger of the one who is logged in. */
import {
  AssetCode, CancelAll, CancelAllAfter, ChangeOrder, ClientOrderId, LedgerQuery, MarketSymbol, OrderQuery, PlaceBracket, PlaceOco, PlaceOrder, PlaceOrders, PlaceQuotes, ProtectQuotes, queryNumber, ReplaceOrder,
  type Balances, type Fill, type LedgerEntry, type Order, type Page,
} from '@bourse/client'
import { formatDecimal } from '@bourse/core'
import type { LedgerEntryRow } from '@bourse/store'
import { z } from 'zod'
import type { DurableReads } from '../durable-reads.js'
import { ApiFailure } from '../http/failures.js'
import { defineRoute, type Route } from '../http/route.js'
import type { OrderEntry } from '../orders/order-entry.js'
import type { GatewayServices } from '../services.js'
import { asset, milliseconds } from '../views/amounts.js'
import { balanceViews } from '../views/balance-view.js'
import { fillRowView, orderView } from '../views/order-view.js'

const OrderId = queryNumber(1, Number.MAX_SAFE_INTEGER)
const OrderParams = z.strictObject({ orderId: OrderId })
const ByClientOrderId = z.strictObject({ market: MarketSymbol, clientOrderId: ClientOrderId })
const MarketOnly = z.strictObject({ market: MarketSymbol })
const MarketFilter = z.strictObject({ market: MarketSymbol.optional() })
const ChangeByClientOrderId = ChangeOrder.omit({ orderId: true }).required({ clientOrderId: true })
const Orders = OrderQuery.strict()
const Ledger = LedgerQuery.extend({ asset: AssetCode.optional() }).strict()

export function orderRoutes({ exchange, history }: GatewayServices, orders: OrderEntry, reads: DurableReads): Route[] {
  const accountOf = (userId: string): number => {
    const account = exchange.catalog.accountByName(userId)
    if (account === undefined) throw new Error(`The account ${userId} was not opened.`)
    return account
  }
  const marketId = (symbol: string | undefined): number | undefined => {
    if (symbol === undefined) return undefined
    const market = exchange.catalog.marketBySymbol(symbol)
    if (market === undefined) throw new ApiFailure({ status: 404, code: 'unknown_market', message: `There is no market ${symbol}. GET /api/v1/exchange lists them.`, field: 'market' })
    return market.id
  }

  return [
    defineRoute({
      method: 'POST',
      path: '/orders',
      access: 'trade',
      budget: 'order',
      body: PlaceOrder,
      handle: ({ caller, body }) => orders.place(caller.user.userId, body),
    }),
    defineRoute({
      method: 'POST',
      path: '/orders/batch',
      access: 'trade',
      budget: 'order',
      body: PlaceOrders,
      handle: ({ caller, body }) => orders.placeAll(caller.user.userId, body),
    }),
    defineRoute({
      method: 'POST',
      path: '/orders/oco',
      access: 'trade',
      budget: 'order',
      body: PlaceOco,
      handle: ({ caller, body }) => orders.placeOco(caller.user.userId, body),
    }),
    defineRoute({
      method: 'POST',
      path: '/orders/bracket',
      access: 'trade',
      budget: 'order',
      body: PlaceBracket,
      handle: ({ caller, body }) => orders.placeBracket(caller.user.userId, body),
    }),
    defineRoute({
      method: 'POST',
      path: '/orders/replace',
      access: 'trade',
      budget: 'order',
      body: ReplaceOrder,
      handle: ({ caller, body }) => orders.replace(caller.user.userId, body),
    }),
    defineRoute({
      method: 'POST',
      path: '/orders/cancel-all-after',
      access: 'trade',
      budget: 'order',
      body: CancelAllAfter,
      handle: ({ caller, body }) => orders.cancelAllAfter(caller.user.userId, body),
    }),
    defineRoute({
      method: 'POST',
      path: '/quotes',
      access: 'trade',
      budget: 'order',
      body: PlaceQuotes,
      handle: ({ caller, body }) => orders.quote(caller.user.userId, body),
    }),
    defineRoute({
      method: 'POST',
      path: '/quotes/protection',
      access: 'trade',
      budget: 'order',
      body: ProtectQuotes,
      handle: ({ caller, body }) => orders.protectQuotes(caller.user.userId, body),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/quotes/protection',
      access: 'trade',
      budget: 'order',
      query: MarketOnly,
      handle: ({ caller, query }) => orders.resetProtection(caller.user.userId, query.market),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/orders',
      access: 'trade',
      budget: 'order',
      query: CancelAll,
      handle: ({ caller, query }) => orders.cancelAll(caller.user.userId, query),
    }),
    defineRoute({
      method: 'GET',
      path: '/orders/open',
      access: 'read',
      budget: 'read',
      query: MarketFilter,
      handle: ({ caller, query }) => orders.open(caller.user.userId, marketId(query.market)),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/orders/by-client-order-id',
      access: 'trade',
      budget: 'order',
      body: ChangeByClientOrderId,
      handle: ({ caller, body }) => orders.change(caller.user.userId, body),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/orders/by-client-order-id',
      access: 'trade',
      budget: 'order',
      query: ByClientOrderId,
      handle: ({ caller, query }) => orders.cancel(caller.user.userId, query),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/orders/:orderId',
      access: 'trade',
      budget: 'order',
      params: OrderParams,
      body: ChangeOrder,
      handle: ({ caller, params, body }) => {
        if (body.clientOrderId !== undefined || (body.orderId ?? params.orderId) !== params.orderId) {
          throw new ApiFailure({ status: 400, code: 'invalid_request', message: 'The path names the order; leave orderId and clientOrderId out of the body.', field: 'orderId' })
        }
        return orders.change(caller.user.userId, { ...body, orderId: params.orderId })
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/orders/:orderId',
      access: 'trade',
      budget: 'order',
      params: OrderParams,
      query: MarketOnly,
      handle: ({ caller, params, query }) => orders.cancel(caller.user.userId, { market: query.market, orderId: params.orderId }),
    }),
    defineRoute({
      method: 'GET',
      path: '/orders',
      access: 'read',
      budget: 'read',
      query: Orders,
      async handle({ caller, query: { market, cursor, limit } }): Promise<Page<Order>> {
        const filter = { account: accountOf(caller.user.userId), market: marketId(market), cursor, limit }
        await reads.history()
        const { rows, nextCursor } = await history.orders(filter)
        return { items: rows.map((row) => orderView(row, exchange.catalog)), nextCursor }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/fills',
      access: 'read',
      budget: 'read',
      query: Orders,
      async handle({ caller, query: { market, cursor, limit } }): Promise<Page<Fill>> {
        const filter = { account: accountOf(caller.user.userId), market: marketId(market), cursor, limit }
        await reads.history()
        const { rows, nextCursor } = await history.fills(filter)
        return { items: rows.map((row) => fillRowView(row, exchange.catalog)), nextCursor }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/balances',
      access: 'read',
      budget: 'read',
      handle: ({ caller }): Promise<Balances> =>
        reads.read(() => ({ sequence: exchange.engine.sequence, balances: balanceViews(exchange, caller.user.userId, exchange.catalog.assets()) })),
    }),
    defineRoute({
      method: 'GET',
      path: '/ledger',
      access: 'read',
      budget: 'read',
      query: Ledger,
      async handle({ caller, query }): Promise<Page<LedgerEntry>> {
        const assetId = query.asset === undefined ? undefined : exchange.catalog.assetByCode(query.asset)?.id
        if (query.asset !== undefined && assetId === undefined) {
          throw new ApiFailure({ status: 404, code: 'unknown_asset', message: `There is no asset ${query.asset}. GET /api/v1/exchange lists them.`, field: 'asset' })
        }
        await reads.history()
        const { rows, nextCursor } = await history.ledger({ account: accountOf(caller.user.userId), asset: assetId, cursor: query.cursor, limit: query.limit })
        return { items: rows.map(ledgerView), nextCursor }
      },
    }),
  ]

  function ledgerView(entry: LedgerEntryRow): LedgerEntry {
    const { code, scale } = asset(exchange.catalog, entry.asset)
    const { entryId, kind, reference, sequence } = entry
    return { entryId, asset: code, kind, amount: formatDecimal(entry.amount, scale), reference, timestampMs: milliseconds(entry.timestampUs), sequence }
  }
}
