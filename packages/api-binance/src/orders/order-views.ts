/** Orders and fills as Binance writes them. */
import type { Fill, Order, PlacedOrder } from '@bourse/client'
import { symbolOf } from '../symbols.js'
import type { OrderNotes } from './order-notes.js'
import { hasNoLimit, selfTradeModeOf, statusOf, timeInForceOf, typeOf, type ResponseType } from './order-words.js'

export const ZERO = '0.00000000'

/** What every view of an order begins with. */
function names(order: Order, notes: OrderNotes): { symbol: string; orderId: number; orderListId: number; clientOrderId: string } {
  return { symbol: symbolOf(order.market), orderId: order.orderId, orderListId: notes.listIdOf(order), clientOrderId: order.clientOrderId }
}

/** A market order by quote amount has no quantity but what it traded. */
function amounts(order: Order, notes: OrderNotes) {
  const type = typeOf(order)
  return {
    price: hasNoLimit(type) ? ZERO : (order.price ?? ZERO),
    origQty: order.quantity ?? order.filledQuantity,
    executedQty: order.filledQuantity,
    origQuoteOrderQty: order.quoteQuantity ?? ZERO,
    cummulativeQuoteQty: order.filledQuote,
    status: statusOf(order, notes.isSpent(order)),
    timeInForce: timeInForceOf(order, type),
    type,
    side: order.side === 'buy' ? 'BUY' : 'SELL',
  }
}

/** When it began to work; -1 while it waits for its stop price. */
function workingTime(order: Order): number {
  return order.status === 'waiting' ? -1 : order.createdMs
}

function trailing({ trailingBps }: Order): { trailingDelta?: number } {
  return trailingBps === null ? {} : { trailingDelta: trailingBps }
}

/** As queries give it. */
export function orderStatus(order: Order, notes: OrderNotes): object {
  return {
    ...names(order, notes),
    ...amounts(order, notes),
    stopPrice: order.stopPrice ?? ZERO,
    icebergQty: order.displayQuantity ?? ZERO,
    time: order.createdMs,
    updateTime: order.updatedMs,
    isWorking: order.status !== 'waiting',
    workingTime: workingTime(order),
    selfTradePreventionMode: selfTradeModeOf(order.selfTradePrevention),
    ...trailing(order),
  }
}

/** As placing gives it. */
export function placedOrder({ order, fills }: PlacedOrder, response: ResponseType, notes: OrderNotes): object {
  const acknowledged = { ...names(order, notes), transactTime: order.updatedMs }
  if (response === 'ACK') return acknowledged
  const result = {
    ...acknowledged,
    ...amounts(order, notes),
    ...(order.stopPrice === null ? {} : { stopPrice: order.stopPrice }),
    ...(order.displayQuantity === null ? {} : { icebergQty: order.displayQuantity }),
    ...trailing(order),
    workingTime: workingTime(order),
    selfTradePreventionMode: selfTradeModeOf(order.selfTradePrevention),
  }
  return response === 'RESULT' ? result : { ...result, fills: fills.map(fillOfOrder) }
}

function fillOfOrder({ price, quantity, fee, feeAsset, tradeId }: Fill): object {
  return { price, qty: quantity, commission: fee, commissionAsset: feeAsset, tradeId }
}

/** As cancelling gives it. @param cancelId the name that the client gave to the cancel. */
export function cancelledOrder(order: Order, notes: OrderNotes, cancelId = order.clientOrderId): object {
  return {
    symbol: symbolOf(order.market),
    origClientOrderId: order.clientOrderId,
    orderId: order.orderId,
    orderListId: notes.listIdOf(order),
    clientOrderId: cancelId,
    transactTime: order.updatedMs,
    ...amounts(order, notes),
    ...(order.stopPrice === null ? {} : { stopPrice: order.stopPrice }),
    ...trailing(order),
    selfTradePreventionMode: selfTradeModeOf(order.selfTradePrevention),
  }
}

/** A trade as one of its sides sees it. */
export function ownTrade(fill: Fill, orderListId: number): object {
  return {
    symbol: symbolOf(fill.market),
    id: fill.tradeId,
    orderId: fill.orderId,
    orderListId,
    price: fill.price,
    qty: fill.quantity,
    quoteQty: fill.quoteAmount,
    commission: fill.fee,
    commissionAsset: fill.feeAsset,
    time: fill.timestampMs,
    isBuyer: fill.side === 'buy',
    isMaker: fill.liquidity === 'maker',
    isBestMatch: true,
  }
}
