/** Routes for placing, changing and cancelling orders and quotes. */
import { z } from 'zod'
import {
  BatchResult, CancelAll, CancelAllAfter, CancelledCount, ChangeOrder, ClientOrderId, DeadManSwitch, MarketSymbol, Order, PlaceBracket, PlacedOrder, PlacedPair, PlaceOco, PlaceOrder, PlaceOrders, PlaceQuotes, ProtectQuotes, QuotedLadder, queryNumber,
  ReplacedOrder, ReplaceOrder,
} from '../schemas/index.js'
import { Nothing, route } from './route-contract.js'

const OrderParams = z.strictObject({ orderId: queryNumber(1, Number.MAX_SAFE_INTEGER) })
const MarketOnly = z.strictObject({ market: MarketSymbol })
const MarketFilter = z.strictObject({ market: MarketSymbol.optional() })
const write = { access: 'trade', budget: 'order', tag: 'orders', subAccounts: true } as const
const quote = { access: 'trade', budget: 'order', tag: 'quotes', subAccounts: true } as const

export const orderRoutes = {
  placeOrder: route({ name: 'placeOrder', method: 'POST', path: '/orders', ...write, summary: 'Places an order; the same clientOrderId with the same input returns the first result.', body: PlaceOrder, answer: PlacedOrder }),
  placeOrders: route({ name: 'placeOrders', method: 'POST', path: '/orders/batch', ...write, summary: 'Places up to 20 orders, each by itself, in the order given.', body: PlaceOrders, ordersIn: ['orders'], answer: BatchResult }),
  placeOco: route({ name: 'placeOco', method: 'POST', path: '/orders/oco', ...write, summary: 'Places two exits of which one cancels the other.', body: PlaceOco, answer: PlacedPair }),
  placeBracket: route({ name: 'placeBracket', method: 'POST', path: '/orders/bracket', ...write, summary: 'Places an entry, with two exits that trade back what it bought or sold.', body: PlaceBracket, answer: PlacedOrder }),
  replaceOrder: route({ name: 'replaceOrder', method: 'POST', path: '/orders/replace', ...write, summary: 'Cancels one order and places another one in one command.', body: ReplaceOrder, answer: ReplacedOrder }),
  cancelAllAfter: route({ name: 'cancelAllAfter', method: 'POST', path: '/orders/cancel-all-after', ...write, summary: 'Has all orders cancelled unless it is sent again in time.', body: CancelAllAfter, answer: DeadManSwitch }),
  cancelAll: route({ name: 'cancelAll', method: 'DELETE', path: '/orders', ...write, summary: 'Cancels all live orders, of one market or of all.', query: CancelAll, answer: CancelledCount }),
  openOrders: route({ name: 'openOrders', method: 'GET', path: '/orders/open', access: 'read', budget: 'read', tag: 'orders', subAccounts: true, summary: 'All live orders, newest first.', query: MarketFilter, answer: z.array(Order) }),
  changeOrderByClientOrderId: route({
    name: 'changeOrderByClientOrderId',
    method: 'PATCH',
    path: '/orders/by-client-order-id',
    ...write,
    summary: 'Changes a live order, named by its clientOrderId.',
    body: ChangeOrder.omit({ orderId: true }).required({ clientOrderId: true }),
    answer: PlacedOrder,
  }),
  cancelOrderByClientOrderId: route({
    name: 'cancelOrderByClientOrderId',
    method: 'DELETE',
    path: '/orders/by-client-order-id',
    ...write,
    summary: 'Cancels a live order, named by its clientOrderId.',
    query: z.strictObject({ market: MarketSymbol, clientOrderId: ClientOrderId }),
    answer: Order,
  }),
  changeOrder: route({ name: 'changeOrder', method: 'PATCH', path: '/orders/:orderId', ...write, summary: 'Changes a live order: leavesQuantity alone reduces it in place, the other fields amend it.', params: OrderParams, body: ChangeOrder, answer: PlacedOrder }),
  cancelOrder: route({ name: 'cancelOrder', method: 'DELETE', path: '/orders/:orderId', ...write, summary: 'Cancels a live order.', params: OrderParams, query: MarketOnly, answer: Order }),
  placeQuotes: route({ name: 'placeQuotes', method: 'POST', path: '/quotes', ...quote, summary: 'Replaces all that one quotes in a market.', body: PlaceQuotes, ordersIn: ['bids', 'asks'], answer: QuotedLadder }),
  protectQuotes: route({ name: 'protectQuotes', method: 'POST', path: '/quotes/protection', ...quote, summary: 'Withdraws all quotes of a market once fills reach a limit.', body: ProtectQuotes, answer: Nothing }),
  resetQuoteProtection: route({ name: 'resetQuoteProtection', method: 'DELETE', path: '/quotes/protection', ...quote, summary: 'Lets quotes in again after the protection has frozen them.', query: MarketOnly, answer: Nothing }),
} as const
