/** Placing, changing and cancelling orders and quotes. */
import { ROUTES } from '@bourse/client'
import { ApiFailure } from '../http/failures.js'
import { serveRoute, type Route } from '../http/route.js'
import type { OrderEntry } from '../orders/order-entry.js'
import type { GatewayServices } from '../services.js'
import { marketNamed } from './names.js'

export function orderRoutes({ exchange }: GatewayServices, orders: OrderEntry): Route[] {
  return [
    // A crash between the order and the keeping of its answer is healed by the engine, which knows the order by this name.
    serveRoute(ROUTES.placeOrder, ({ caller, body, idempotencyKey }) => orders.place(caller.account, { ...body, clientOrderId: body.clientOrderId ?? idempotencyKey })),
    serveRoute(ROUTES.placeOrders, ({ caller, body }) => orders.placeAll(caller.account, body)),
    serveRoute(ROUTES.placeOco, ({ caller, body }) => orders.placeOco(caller.account, body)),
    serveRoute(ROUTES.placeBracket, ({ caller, body }) => orders.placeBracket(caller.account, body)),
    serveRoute(ROUTES.replaceOrder, ({ caller, body }) => orders.replace(caller.account, body)),
    serveRoute(ROUTES.cancelAllAfter, ({ caller, body }) => orders.cancelAllAfter(caller.account, body)),
    serveRoute(ROUTES.placeQuotes, ({ caller, body }) => orders.quote(caller.account, body)),
    serveRoute(ROUTES.protectQuotes, ({ caller, body }) => orders.protectQuotes(caller.account, body)),
    serveRoute(ROUTES.resetQuoteProtection, ({ caller, query }) => orders.resetProtection(caller.account, query.market)),
    serveRoute(ROUTES.cancelAll, ({ caller, query }) => orders.cancelAll(caller.account, query)),
    serveRoute(ROUTES.openOrders, ({ caller, query }) => orders.open(caller.account, marketNamed(exchange.catalog, query.market)?.id)),
    serveRoute(ROUTES.changeOrderByClientOrderId, ({ caller, body }) => orders.change(caller.account, body)),
    serveRoute(ROUTES.cancelOrderByClientOrderId, ({ caller, query }) => orders.cancel(caller.account, query)),
    serveRoute(ROUTES.changeOrder, ({ caller, params, body }) => {
      if (body.clientOrderId !== undefined || (body.orderId ?? params.orderId) !== params.orderId) {
        throw new ApiFailure({ status: 400, code: 'invalid_request', message: 'The path names the order; leave orderId and clientOrderId out of the body.', field: 'orderId' })
      }
      return orders.change(caller.account, { ...body, orderId: params.orderId })
    }),
    serveRoute(ROUTES.cancelOrder, ({ caller, params, query }) => orders.cancel(caller.account, { market: query.market, orderId: params.orderId })),
  ]
}
