/** Pairs of exits of which one cancels the other, as Binance's order lists. */
import { orderView, type GatewayShare } from '@bourse/api'
import type { Order } from '@bourse/client'
import { BinanceError, missingParameter, notRequired } from '../binance-error.js'
import { isLive } from '../orders/order-words.js'
import { readPrevention, readResponse, readSide, readTimeInForce, stopLeg, type ExitLeg, type MarketNow } from '../orders/order-input.js'
import { cancelledOrder, placedOrder } from '../orders/order-views.js'
import type { Caller } from '../request/callers.js'
import type { Parameters } from '../request/parameters.js'
import { symbolOf } from '../symbols.js'
import { privateCall, type Call } from './call.js'
import { marketNow, type OrderDesk } from './order-calls.js'

const MAX_LISTED_ORDERS = 1_000

export function orderListCalls(desk: OrderDesk): Call[] {
  const { share: { orderQueries, services, reads }, lists, notes } = desk
  const { catalog } = services.exchange
  return [
    privateCall('POST /api/v3/orderList/oco', { socket: 'orderList.place.oco', access: 'trade', orders: 2, once: true }, (parameters, caller) => place(desk, parameters, caller, readLegs)),
    privateCall('POST /api/v3/order/oco', { socket: 'orderList.place', access: 'trade', orders: 2, once: true }, (parameters, caller) => place(desk, parameters, caller, readOldLegs)),
    privateCall('GET /api/v3/orderList', { socket: 'orderList.status', access: 'read', weight: 4 }, async (parameters, { user }) => listView(desk, await findPair(desk, parameters, user.userId))),
    privateCall('DELETE /api/v3/orderList', { socket: 'orderList.cancel', access: 'trade' }, async (parameters, { user }) => {
      const { market } = marketNow(desk, parameters).scale
      const pair = await findPair(desk, parameters, user.userId)
      const live = pair.find(isLive)
      if (live === undefined || live.market !== market.symbol) throw new BinanceError(-2011, 'Unknown order sent.')
      const orderListId = lists.idOf(live)
      const cancelled = await desk.share.orders.cancel(user.userId, { market: live.market, orderId: live.orderId })
      const after = pair.map((order) => (order.orderId === cancelled.orderId ? cancelled : isLive(order) ? { ...cancelled, ...goneWith(order, cancelled) } : order))
      const { listClientOrderId, ...view } = listView(desk, after, orderListId)
      return { ...view, listClientOrderId, orderReports: after.map((order) => ({ ...cancelledOrder(order, notes), orderListId })) }
    }),
    privateCall('GET /api/v3/openOrderList', { socket: 'openOrderLists.status', access: 'read', weight: 6 }, async (_parameters, { user }) => {
      const open = (await orderQueries.open(user.userId)).map((record) => orderView(record, catalog))
      const ids = new Set(open.map((order) => lists.idOf(order)).filter((id) => id >= 0))
      return Promise.all([...ids].sort((one, other) => one - other).map(async (id) => listView(desk, await pairOf(desk, user.userId, id))))
    }),
    privateCall('GET /api/v3/allOrderList', { socket: 'allOrderLists', access: 'read', weight: 20 }, async (parameters, { user }) => {
      await reads.history()
      const { rows } = await services.history.orders({ account: catalog.accountByName(user.userId)!, limit: MAX_LISTED_ORDERS })
      const pairs = new Map<number, Order[]>()
      for (const order of rows.map((row) => orderView(row, catalog)).reverse()) {
        const id = lists.idOf(order)
        if (id >= (parameters.integer('fromId') ?? 0)) pairs.set(id, [...(pairs.get(id) ?? []), order])
      }
      return [...pairs].slice(-parameters.limit(500, 1_000)).map(([id, pair]) => listView(desk, pair, id))
    }),
  ]
}

interface Legs {
  readonly takeProfit: ExitLeg
  readonly stopLoss: ExitLeg
}

async function place(desk: OrderDesk, parameters: Parameters, { user }: Caller, read: (parameters: Parameters, side: 'buy' | 'sell', market: MarketNow) => Legs): Promise<object> {
  const market = marketNow(desk, parameters)
  const side = readSide(parameters)
  const { symbol } = market.scale.market
  const response = readResponse(parameters, 'RESULT')
  const listName = parameters.clientOrderId('listClientOrderId')
  const legs = named(read(parameters, side, market), desk, listName !== undefined)
  const wanted = { market: symbol, side, quantity: parameters.requiredDecimal('quantity'), ...legs, ...readPrevention(parameters) }
  const reports = await desk.lists.naming({ userId: user.userId, clientOrderId: legs.takeProfit.clientOrderId, listClientOrderId: listName }, async () => {
    const { takeProfit, stopLoss } = await desk.share.orders.placeOco(user.userId, wanted)
    const orderIds = [takeProfit.order.orderId, stopLoss.order.orderId] as const
    const orderListId = Math.min(...orderIds)
    desk.lists.placed({ orderListId, listClientOrderId: listName ?? `list-${orderListId}`, userId: user.userId, market: symbol, orderIds, placedMs: takeProfit.order.createdMs })
    return [stopLoss, takeProfit]
  })
  return { ...listView(desk, reports.map(({ order }) => order)), orderReports: reports.map((report) => placedOrder(report, response === 'FULL' ? 'RESULT' : response, desk.notes)) }
}

/** The engine wants both names or none; a list that has a name is known by those of its orders until it has a number. */
function named({ takeProfit, stopLoss }: Legs, { share }: OrderDesk, isNamed: boolean): Legs {
  if (!isNamed && takeProfit.clientOrderId === undefined && stopLoss.clientOrderId === undefined) return { takeProfit, stopLoss }
  const made = (): { clientOrderId: string } => ({ clientOrderId: share.services.randomId().slice(0, 36) })
  return { takeProfit: { ...made(), ...takeProfit }, stopLoss: { ...made(), ...stopLoss } }
}

const LEG_TYPES = ['LIMIT_MAKER', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'] as const

/** `aboveType` and `belowType` with their own parameters. */
function readLegs(parameters: Parameters, side: 'buy' | 'sell', market: MarketNow): Legs {
  const legs = { above: readLeg(parameters, 'above', { side, market }), below: readLeg(parameters, 'below', { side, market }) }
  const [takeProfit, stopLoss] = side === 'sell' ? [legs.above, legs.below] : [legs.below, legs.above]
  if (takeProfit.orderType === 'stop-market' || takeProfit.orderType === 'stop-limit' || (stopLoss.orderType !== 'stop-market' && stopLoss.orderType !== 'stop-limit')) {
    throw new BinanceError(-1158, 'Order list has invalid types for aboveType and belowType.', { hint: 'One leg takes profit (LIMIT_MAKER, TAKE_PROFIT, TAKE_PROFIT_LIMIT), the other stops losses (STOP_LOSS, STOP_LOSS_LIMIT), on the side of the price where that makes sense.' })
  }
  return { takeProfit, stopLoss }
}

function readLeg(parameters: Parameters, prefix: 'above' | 'below', { side, market }: { side: 'buy' | 'sell'; market: MarketNow }): ExitLeg {
  const type = parameters.choice(`${prefix}Type`, LEG_TYPES)
  if (type === undefined) throw missingParameter(`${prefix}Type`)
  parameters.refuse(`${prefix}TrailingDelta`, `${prefix}IcebergQty`)
  const clientOrderId = parameters.clientOrderId(`${prefix}ClientOrderId`)
  const name = clientOrderId === undefined ? {} : { clientOrderId }
  const price = parameters.decimal(`${prefix}Price`)
  if (type === 'LIMIT_MAKER') {
    parameters.refuse(`${prefix}StopPrice`, `${prefix}TimeInForce`)
    if (price === undefined) throw missingParameter(`${prefix}Price`)
    return { orderType: 'limit', price, ...name }
  }
  const types = { STOP_LOSS: 'stop-market', STOP_LOSS_LIMIT: 'stop-limit', TAKE_PROFIT: 'take-profit', TAKE_PROFIT_LIMIT: 'take-profit-limit' } as const
  const leg = { orderType: types[type], side, stopPrice: parameters.requiredDecimal(`${prefix}StopPrice`), price, timeInForce: readTimeInForce(parameters, `${prefix}TimeInForce`) }
  return { ...stopLeg(leg, market), ...name }
}

/** The older form: `price` of a limit, `stopPrice` and perhaps `stopLimitPrice` of a stop. */
function readOldLegs(parameters: Parameters, side: 'buy' | 'sell', market: MarketNow): Legs {
  for (const name of ['limitIcebergQty', 'stopIcebergQty', 'trailingDelta']) if (parameters.has(name)) throw notRequired(name)
  const limitName = parameters.clientOrderId('limitClientOrderId')
  const stopName = parameters.clientOrderId('stopClientOrderId')
  const stopLimitPrice = parameters.decimal('stopLimitPrice')
  const leg = { orderType: stopLimitPrice === undefined ? 'stop-market' : 'stop-limit', side, stopPrice: parameters.requiredDecimal('stopPrice'), price: stopLimitPrice, timeInForce: readTimeInForce(parameters, 'stopLimitTimeInForce') } as const
  return {
    takeProfit: { orderType: 'limit', price: parameters.requiredDecimal('price'), ...(limitName === undefined ? {} : { clientOrderId: limitName }) },
    stopLoss: { ...stopLeg(leg, market), ...(stopName === undefined ? {} : { clientOrderId: stopName }) },
  }
}

/** The other exit, which went with the one that was cancelled. */
function goneWith(order: Order, { updatedMs, sequence }: Order): Order {
  return { ...order, status: 'cancelled', reason: 'requested', updatedMs, sequence }
}

async function findPair(desk: OrderDesk, parameters: Parameters, userId: string): Promise<Order[]> {
  const id = parameters.integer('orderListId')
  if (id !== undefined) return pairOf(desk, userId, id)
  const name = parameters.clientOrderId(parameters.has('origClientOrderId') ? 'origClientOrderId' : 'listClientOrderId')
  if (name === undefined) throw missingParameter('orderListId')
  const list = desk.lists.find(userId, name)
  if (list === undefined) throw noSuchList()
  return pairOf(desk, userId, list.orderListId)
}

/** The two orders of a list: they were accepted in one command, so their ids follow on each other. */
async function pairOf(desk: OrderDesk, userId: string, orderListId: number): Promise<Order[]> {
  const market = desk.lists.marketOf(orderListId)
  const first = await findIn(desk.share, userId, { orderId: orderListId, market })
  const second = await findIn(desk.share, userId, { orderId: orderListId + 1, market: first?.market ?? market })
  if (first === undefined || second === undefined || (desk.lists.idOf(first) !== orderListId && desk.lists.idOf(second) !== orderListId)) throw noSuchList()
  return [first, second]
}

/** Order ids are unique over all markets, the history is kept by market. */
async function findIn({ orderQueries, services }: GatewayShare, userId: string, { orderId, market }: { orderId: number; market: string | undefined }): Promise<Order | undefined> {
  const { catalog } = services.exchange
  const live = services.exchange.engine.order(orderId)?.market
  for (const { id, symbol } of catalog.markets()) {
    if ((market ?? symbol) !== symbol || (live ?? id) !== id) continue
    const record = await orderQueries.find(userId, { market: id, orderId })
    if (record !== undefined) return orderView(record, catalog)
  }
  return undefined
}

function noSuchList(): BinanceError {
  return new BinanceError(-2013, 'Order list does not exist.')
}

function listView({ lists }: OrderDesk, orders: readonly Order[], orderListId = Math.max(...orders.map((order) => lists.idOf(order)))) {
  const done = !orders.some(isLive)
  return {
    orderListId,
    contingencyType: 'OCO',
    listStatusType: done ? 'ALL_DONE' : 'EXEC_STARTED',
    listOrderStatus: done ? 'ALL_DONE' : 'EXECUTING',
    listClientOrderId: lists.nameOf(orderListId),
    transactionTime: Math.max(...orders.map(({ updatedMs }) => updatedMs)),
    symbol: symbolOf(orders[0]!.market),
    orders: orders.map(({ market, orderId, clientOrderId }) => ({ symbol: symbolOf(market), orderId, clientOrderId })),
  }
}
