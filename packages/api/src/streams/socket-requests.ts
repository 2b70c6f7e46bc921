/** What may be asked over a socket, by the name of the event: the same as over REST, with less in between. */
import { CancelAll, CancelAllAfter, CancelOrder, ChangeOrder, PlaceBracket, PlaceOco, PlaceOrder, PlaceOrders, PlaceQuotes, ReplaceOrder } from '@bourse/client'
import { read } from '../http/route.js'
import type { OrderEntry } from '../orders/order-entry.js'

/** Checks the body and carries it out for a person. */
export type SocketRequests = Readonly<Record<string, (userId: string, body: unknown) => Promise<unknown>>>

export function orderRequests(orders: OrderEntry): SocketRequests {
  return {
    'order.place': (userId, body) => orders.place(userId, read(PlaceOrder, body)),
    'order.cancel': (userId, body) => orders.cancel(userId, read(CancelOrder, body)),
    'order.change': (userId, body) => orders.change(userId, read(ChangeOrder, body)),
    'order.cancel-all': (userId, body) => orders.cancelAll(userId, read(CancelAll, body)),
    'order.batch': (userId, body) => orders.placeAll(userId, read(PlaceOrders, body)),
    'order.oco': (userId, body) => orders.placeOco(userId, read(PlaceOco, body)),
    'order.bracket': (userId, body) => orders.placeBracket(userId, read(PlaceBracket, body)),
    'order.replace': (userId, body) => orders.replace(userId, read(ReplaceOrder, body)),
    'order.cancel-all-after': (userId, body) => orders.cancelAllAfter(userId, read(CancelAllAfter, body)),
    'quote.place': (userId, body) => orders.quote(userId, read(PlaceQuotes, body)),
  }
}
