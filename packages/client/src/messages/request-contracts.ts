/** What may be asked over a socket, by the name of the event; bodies and answers are those of the REST twins. */
import type { z } from 'zod'
import { COSTS, ROUTES, type Cost } from '../routes/index.js'
import { CancelAll, CancelOrder, ChangeOrder, Order, PlacedOrder } from '../schemas/index.js'

export interface RequestContract<Body extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  readonly summary: string
  readonly body: Body
  readonly answer: Answer
  readonly cost: Cost
  /** Fields of the body that list orders, each of which counts as one. */
  readonly ordersIn: readonly string[]
}

/** A request with the body and the answer of a route. */
function twin<Body extends z.ZodType, Answer extends z.ZodType>({ summary, body, answer, budget, ordersIn }: { summary: string; body: Body; answer: Answer; budget: keyof typeof COSTS; ordersIn: readonly string[] }): RequestContract<Body, Answer> {
  return { summary, body, answer, cost: COSTS[budget], ordersIn }
}

function orderRequest<Body extends z.ZodType, Answer extends z.ZodType>(summary: string, body: Body, answer: Answer): RequestContract<Body, Answer> {
  return { summary, body, answer, cost: COSTS.order, ordersIn: [] }
}

/** The table of requests over a socket. */
export const REQUESTS = {
  'order.place': twin(ROUTES.placeOrder),
  'order.cancel': orderRequest('Cancels a live order, named by orderId or clientOrderId.', CancelOrder, Order),
  'order.change': orderRequest('Changes a live order, named by orderId or clientOrderId.', ChangeOrder, PlacedOrder),
  'order.cancel-all': orderRequest(ROUTES.cancelAll.summary, CancelAll, ROUTES.cancelAll.answer),
  'order.batch': twin(ROUTES.placeOrders),
  'order.oco': twin(ROUTES.placeOco),
  'order.bracket': twin(ROUTES.placeBracket),
  'order.replace': twin(ROUTES.replaceOrder),
  'order.cancel-all-after': twin(ROUTES.cancelAllAfter),
  'quote.place': twin(ROUTES.placeQuotes),
} as const
export type RequestName = keyof typeof REQUESTS
