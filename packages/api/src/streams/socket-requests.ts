/** Carries out what is asked over a socket, by the table of requests: the same as over REST, with less in between. */
import { REQUESTS, type Cost, type RequestName } from '@bourse/client'
import type { z } from 'zod'
import { costOf, read } from '../http/route.js'
import type { OrderEntry } from '../orders/order-entry.js'

export interface SocketRequest {
  /** What it costs, as far as its raw body tells. */
  cost(body: unknown): Cost
  /** Checks the body and carries it out for a person. */
  run(userId: string, body: unknown): Promise<unknown>
}
export type SocketRequests = Readonly<Record<string, SocketRequest>>

type Carriers = { readonly [Name in RequestName]: (userId: string, body: z.output<(typeof REQUESTS)[Name]['body']>) => Promise<z.input<(typeof REQUESTS)[Name]['answer']>> }

export function orderRequests(orders: OrderEntry): SocketRequests {
  const carriers: Carriers = {
    'order.place': (userId, body) => orders.place(userId, body),
    'order.cancel': (userId, body) => orders.cancel(userId, body),
    'order.change': (userId, body) => orders.change(userId, body),
    'order.cancel-all': (userId, body) => orders.cancelAll(userId, body),
    'order.batch': (userId, body) => orders.placeAll(userId, body),
    'order.oco': (userId, body) => orders.placeOco(userId, body),
    'order.bracket': (userId, body) => orders.placeBracket(userId, body),
    'order.replace': (userId, body) => orders.replace(userId, body),
    'order.cancel-all-after': (userId, body) => orders.cancelAllAfter(userId, body),
    'quote.place': (userId, body) => orders.quote(userId, body),
  }
  return Object.fromEntries(Object.keys(REQUESTS).map((name) => [name, socketRequest(name as RequestName, carriers)]))
}

function socketRequest<Name extends RequestName>(name: Name, carriers: Carriers): SocketRequest {
  const { body: schema, cost, ordersIn } = REQUESTS[name]
  return {
    cost: (body) => costOf(cost, ordersIn, body),
    run: (userId, body) => carriers[name](userId, read(schema, body) as z.output<(typeof REQUESTS)[Name]['body']>),
  }
}
