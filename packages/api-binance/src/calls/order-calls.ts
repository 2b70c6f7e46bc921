/** Placing, amending and cancelling orders, and asking after them. */
import { ApiFailure, orderView, type GatewayShare, type MarketScale } from '@bourse/api'
import type { Order } from '@bourse/client'
import { parseDecimal } from '@bourse/core'
import { BinanceError, missingParameter, noSuchOrder } from '../binance-error.js'
import { knownError } from '../failure-translation.js'
import { checkFilters } from '../orders/check-filters.js'
import { readOrder, type MarketNow, type OrderInput } from '../orders/order-input.js'
import type { OrderLists } from '../orders/order-lists.js'
import type { OrderNotes } from '../orders/order-notes.js'
import { cancelledOrder, orderStatus, placedOrder } from '../orders/order-views.js'
import type { Caller } from '../request/callers.js'
import type { Parameters } from '../request/parameters.js'
import type { Symbols } from '../symbols.js'
import { privateCall, type Call } from './call.js'

/** What calls about orders work with. */
export interface OrderDesk {
  readonly share: GatewayShare
  readonly symbols: Symbols
  readonly lists: OrderLists
  readonly notes: OrderNotes
}

/** Names an order as v1 does: by exactly one id. */
export interface OneName {
  readonly market: string
  readonly orderId?: number
  readonly clientOrderId?: string
}

export function orderCalls(desk: OrderDesk): Call[] {
  const { share: { orders, orderQueries }, symbols, notes } = desk
  return [
    privateCall('POST /api/v3/order', { socket: 'order.place', access: 'trade', orders: 1, once: true }, async (parameters, { user }) => {
      const input = readOrder(parameters, marketNow(desk, parameters))
      return placedOrder(await place(desk, user.userId, input), input.response, notes)
    }),
    privateCall('POST /api/v3/order/test', { socket: 'order.test', access: 'trade' }, (parameters) => {
      const market = marketNow(desk, parameters)
      checkFilters(readOrder(parameters, market).order, market.scale)
      return {}
    }),
    privateCall('GET /api/v3/order', { socket: 'order.status', access: 'read', weight: 4 }, async (parameters, caller) => orderStatus(await find(desk, parameters, caller), notes)),
    privateCall('DELETE /api/v3/order', { socket: 'order.cancel', access: 'trade' }, async (parameters, caller) => {
      const name = await cancelName(desk, parameters, caller)
      return cancelledOrder(await orders.cancel(caller.user.userId, name), notes, parameters.clientOrderId('newClientOrderId'))
    }),
    privateCall('PUT /api/v3/order/amend/keepPriority', { socket: 'order.amend.keepPriority', access: 'trade', weight: 4 }, (parameters, caller) => amend(desk, parameters, caller)),
    privateCall('GET /api/v3/openOrders', { socket: 'openOrders.status', access: 'read', weight: 6 }, async (parameters, { user }) => {
      const market = parameters.has('symbol') ? symbols.scale(parameters.symbol()).market.id : undefined
      return (await orderQueries.open(user.userId, market)).reverse().map((record) => orderStatus(orderView(record, catalogOf(desk)), notes))
    }),
    privateCall('DELETE /api/v3/openOrders', { socket: 'openOrders.cancelAll', access: 'trade' }, async (parameters, { user }) => {
      const cancelled = await orders.cancelAllOrders(user.userId, { market: symbols.scale(parameters.symbol()).market.symbol })
      if (cancelled.length === 0) throw new BinanceError(-2011, 'Unknown order sent.')
      return cancelled.map((order) => cancelledOrder(order, notes))
    }),
    privateCall('GET /api/v3/allOrders', { socket: 'allOrders', access: 'read', weight: 20 }, async (parameters, { user }) => {
      const { market } = symbols.scale(parameters.symbol())
      const window = { market: market.id, fromId: parameters.integer('orderId'), fromMs: parameters.integer('startTime'), toMs: parameters.integer('endTime'), limit: parameters.limit(500, 1_000) }
      return (await orderQueries.within(user.userId, window)).map((record) => orderStatus(orderView(record, catalogOf(desk)), notes))
    }),
    privateCall('POST /api/v3/order/cancelReplace', { socket: 'order.cancelReplace', access: 'trade', orders: 1, once: true }, (parameters, caller) => cancelReplace(desk, parameters, caller)),
  ]
}

/** Binance takes the name of an order that is gone for a new one; v1 would give its result again. */
const PLACING = { namesRepeat: false } as const

function place({ share: { orders } }: OrderDesk, userId: string, { order }: OrderInput): ReturnType<GatewayShare['orders']['place']> {
  return orders.place(userId, order, PLACING)
}

export function marketNow({ share, symbols }: OrderDesk, parameters: Parameters): MarketNow {
  const scale = symbols.scale(parameters.symbol())
  return { scale, referencePrice: share.services.exchange.engine.referencePrice(scale.market.id) }
}

function catalogOf({ share }: OrderDesk): GatewayShare['services']['exchange']['catalog'] {
  return share.services.exchange.catalog
}

/** The order that `orderId` or `origClientOrderId` names. @throws BinanceError -2013 */
async function find(desk: OrderDesk, parameters: Parameters, { user }: Caller): Promise<Order> {
  const { market } = desk.symbols.scale(parameters.symbol())
  const { orderId, clientOrderId } = oneName(parameters, market.symbol)
  const record = await desk.share.orderQueries.find(user.userId, { market: market.id, orderId, clientOrderId })
  if (record === undefined) throw noSuchOrder()
  const order = orderView(record, catalogOf(desk))
  const named = parameters.clientOrderId('origClientOrderId')
  if (named !== undefined && order.clientOrderId !== named) throw noSuchOrder()
  return order
}

export function oneName(parameters: Parameters, market: string, names = { id: 'orderId', client: 'origClientOrderId' }): OneName {
  const orderId = parameters.integer(names.id, { least: 1 })
  if (orderId !== undefined) return { market, orderId }
  const clientOrderId = parameters.clientOrderId(names.client)
  if (clientOrderId === undefined) throw new BinanceError(-1102, `Param '${names.client}' or '${names.id}' must be sent, but both were empty/null!`)
  return { market, clientOrderId }
}

/** What shall be cancelled, where the order is still as the client believes. */
async function cancelName(desk: OrderDesk, parameters: Parameters, caller: Caller): Promise<OneName> {
  const { market } = desk.symbols.scale(parameters.symbol())
  const name = oneName(parameters, market.symbol)
  const restriction = parameters.choice('cancelRestrictions', ['ONLY_NEW', 'ONLY_PARTIALLY_FILLED'])
  const checked = restriction !== undefined || (name.orderId !== undefined && parameters.has('origClientOrderId'))
  if (!checked) return name
  const order = await find(desk, parameters, caller).catch((error: unknown) => {
    throw knownError(error)?.code === -2013 ? new BinanceError(-2011, 'Unknown order sent.') : error
  })
  const filled = Number(order.filledQuantity) > 0
  if ((restriction === 'ONLY_NEW' && filled) || (restriction === 'ONLY_PARTIALLY_FILLED' && !filled)) throw new BinanceError(-2011, 'Order was not canceled due to cancel restrictions.')
  return name
}

async function amend(desk: OrderDesk, parameters: Parameters, caller: Caller): Promise<object> {
  const { scale } = marketNow(desk, parameters)
  const newQuantity = parameters.requiredDecimal('newQty')
  const before = await find(desk, parameters, caller)
  requireLess(newQuantity, before, scale)
  const { order } = await desk.share.orders.change(caller.user.userId, { market: scale.market.symbol, orderId: before.orderId, quantity: newQuantity })
  const status = orderStatus(order, desk.notes)
  return { transactTime: order.updatedMs, executionId: order.sequence, amendedOrder: { ...status, qty: order.quantity, preventedQty: '0.00000000', quoteOrderQty: '0.00000000', cumulativeQuoteQty: order.filledQuote } }
}

/** Only less keeps the place in the book; the total never grows by itself, so this cannot be overtaken. */
function requireLess(newQuantity: string, { quantity }: Order, { market }: MarketScale): void {
  const [wanted, present] = [parseDecimal(newQuantity, market.quantityScale), parseDecimal(quantity ?? '0', market.quantityScale)]
  if (typeof wanted === 'string' || typeof present === 'string') throw new BinanceError(-1013, 'Filter failure: LOT_SIZE')
  if (wanted === present) throw new BinanceError(-2038, 'The requested action would change no state; rejecting.')
  if (wanted > present) throw new BinanceError(-2038, 'Order amend (quantity increase) is not supported.')
}

const REPLACE_MODES = { STOP_ON_FAILURE: 'stop_on_failure', ALLOW_FAILURE: 'allow_failure' } as const

async function cancelReplace(desk: OrderDesk, parameters: Parameters, { user }: Caller): Promise<object> {
  const market = marketNow(desk, parameters)
  const mode = parameters.choice('cancelReplaceMode', ['STOP_ON_FAILURE', 'ALLOW_FAILURE'])
  if (mode === undefined) throw missingParameter('cancelReplaceMode')
  const name = oneName(parameters, market.scale.market.symbol, { id: 'cancelOrderId', client: 'cancelOrigClientOrderId' })
  const { order: { market: _market, ...order }, response } = readOrder(parameters, market)
  const result = await desk.share.orders.replace(user.userId, { ...name, mode: REPLACE_MODES[mode], order }, PLACING).catch((error: unknown) => {
    throw failedReplace(error, mode)
  })
  const cancelId = parameters.clientOrderId('cancelNewClientOrderId')
  const refused = (step: 'cancel' | 'place'): object | undefined => {
    const failed = result.failed.find((candidate) => candidate.step === step)
    return failed === undefined ? undefined : stepError(failed)
  }
  const data = {
    cancelResult: result.cancelled === null ? 'FAILURE' : 'SUCCESS',
    newOrderResult: result.placed === null ? 'FAILURE' : 'SUCCESS',
    cancelResponse: result.cancelled === null ? refused('cancel') : cancelledOrder(result.cancelled, desk.notes, cancelId),
    newOrderResponse: result.placed === null ? refused('place') : placedOrder(result.placed, response, desk.notes),
  }
  if (result.failed.length > 0) throw new BinanceError(-2021, 'Order cancel-replace partially failed.', { status: 409, data })
  return data
}

/** What it is called when nothing was done at all. */
function failedReplace(error: unknown, mode: keyof typeof REPLACE_MODES): unknown {
  const known = knownError(error)
  if (known === undefined || known.status !== 400) return error
  const nothingToCancel = { code: -2011, msg: 'Unknown order sent.' }
  if (known.code === -2011) return new BinanceError(-2022, 'Order cancel-replace failed.', { data: { cancelResult: 'FAILURE', newOrderResult: 'NOT_ATTEMPTED', cancelResponse: known.body, newOrderResponse: null } })
  if (mode === 'STOP_ON_FAILURE') return error
  return new BinanceError(-2022, 'Order cancel-replace failed.', { data: { cancelResult: 'FAILURE', newOrderResult: 'FAILURE', cancelResponse: nothingToCancel, newOrderResponse: known.body } })
}

function stepError({ code, message }: { code: string; message: string }): object {
  return knownError(new ApiFailure({ status: 422, code, message }))!.body
}
