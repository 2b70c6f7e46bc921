/** A trading client inside the process: the same order entry as the gateway's, without a network in between. */
import { ApiRequestError, CancelAll, CancelOrder, ChangeOrder, PlaceOrder, type TradingClient } from '@bourse/client'
import { DurableReads } from './durable-reads.js'
import { failureOf } from './http/failures.js'
import { read } from './http/route.js'
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
      placeOrder: (order) => asRequest(() => orders.place(userId, read(PlaceOrder, order))),
      changeOrder: (change) => asRequest(() => orders.change(userId, read(ChangeOrder, change))),
      cancelOrder: (order) => asRequest(() => orders.cancel(userId, read(CancelOrder, order))),
      cancelAll: (scope = {}) => asRequest(() => orders.cancelAll(userId, read(CancelAll, scope))),
      openOrders: (market) => asRequest(() => orders.open(userId, market === undefined ? undefined : exchange.catalog.marketBySymbol(market)?.id)),
      balances: () => asRequest(() => reads.read(() => ({ sequence: exchange.engine.sequence, balances: balanceViews(exchange, userId, exchange.catalog.assets()) }))),
    }),
    close: () => reads.close(),
  }
}

/** Failures as a client over the network would meet them. */
async function asRequest<Result>(run: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    const failure = failureOf(error)
    throw failure === undefined ? error : new ApiRequestError(failure.code, failure.message, failure.status, failure.field)
  }
}
