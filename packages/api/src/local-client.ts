/** A trading client inside the process: the same order entry as the gateway's, without a network in between. */
import { ApiRequestError, PlaceOrder, CancelOrder, ChangeOrder, type TradingClient } from '@bourse/client'
import { OverloadedError } from '@bourse/plugin'
import type { z } from 'zod'
import { DurableReads } from './durable-reads.js'
import { ApiFailure } from './http/failures.js'
import { OrderEntry } from './orders/order-entry.js'
import type { GatewayServices } from './services.js'
import { marketScale } from './views/amounts.js'
import { balanceViews } from './views/balance-view.js'
import { tickerView } from './views/market-view.js'

export type LocalClient = Pick<TradingClient, 'exchange' | 'tickers' | 'placeOrder' | 'changeOrder' | 'cancelOrder' | 'cancelAll' | 'openOrders' | 'balances'>

export interface LocalClients {
  /** Acts for one person, whose account must be open. */
  clientOf(userId: string): LocalClient
  close(): void
}

/** Lets code of this process trade as the people of the exchange do: same checks, same answers, same errors. */
export function createLocalClients(services: Pick<GatewayServices, 'exchange' | 'history' | 'presentation' | 'now'>): LocalClients {
  const { exchange, history } = services
  const reads = new DurableReads(exchange)
  const orders = new OrderEntry(exchange, history, reads)
  return {
    clientOf: (userId) => ({
      exchange: async () => services.presentation(),
      tickers: async () => exchange.catalog.markets().map(({ id }) => tickerView(exchange.marketData.ticker(id, services.now() * 1000), marketScale(exchange.catalog, id))),
      placeOrder: (order) => asRequest(() => orders.place(userId, checked(PlaceOrder, order))),
      changeOrder: (change) => asRequest(() => orders.change(userId, checked(ChangeOrder, change))),
      cancelOrder: (order) => asRequest(() => orders.cancel(userId, checked(CancelOrder, order))),
      cancelAll: (scope = {}) => asRequest(() => orders.cancelAll(userId, scope)),
      openOrders: (market) => asRequest(() => orders.open(userId, market === undefined ? undefined : exchange.catalog.marketBySymbol(market)?.id)),
      balances: () => asRequest(() => reads.read(() => ({ sequence: exchange.engine.sequence, balances: balanceViews(exchange, userId, exchange.catalog.assets()) }))),
    }),
    close: () => reads.close(),
  }
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ApiRequestError('invalid_request', issue?.message ?? 'The request is not valid.', 400, issue?.path.join('.'))
}

/** Failures as a client over the network would meet them. */
async function asRequest<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof ApiFailure) throw new ApiRequestError(error.code, error.message, error.status, error.field)
    if (error instanceof OverloadedError) throw new ApiRequestError(error.code, error.message, 503)
    throw error
  }
}
