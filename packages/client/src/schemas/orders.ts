/** Orders and fills of the one who is logged in. */
import { z } from 'zod'
import { AssetCode, ClientOrderId, Decimal, HistoryQuery, MarketSymbol, Sequence, Side, TimestampMs } from './common.js'

export const OrderType = z.enum(['limit', 'market', 'stop-market', 'stop-limit', 'take-profit', 'take-profit-limit', 'trailing-stop'])
export type OrderType = z.infer<typeof OrderType>

export const TimeInForce = z.enum(['gtc', 'ioc', 'fok', 'gtd'])
export type TimeInForce = z.infer<typeof TimeInForce>

export const SelfTradePrevention = z.enum(['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement', 'none'])
export type SelfTradePrevention = z.infer<typeof SelfTradePrevention>

/** POST /api/v1/orders -> {@link PlacedOrder}. The same clientOrderId with the same input returns the first result; with other input 409. */
export const PlaceOrder = z.strictObject({
  market: MarketSymbol,
  clientOrderId: ClientOrderId.optional(),
  side: Side,
  orderType: OrderType,
  price: Decimal.optional().describe('Limit types: required. Market types: the price that is not passed; required for a stop-market, take-profit or trailing-stop that buys.'),
  quantity: Decimal.optional().describe('Exactly one of quantity (base) and quoteQuantity (market orders only).'),
  quoteQuantity: Decimal.optional(),
  timeInForce: TimeInForce.optional(),
  postOnly: z.union([z.boolean(), z.literal('slide')]).optional().describe('Refused where it would trade at once; `slide` rests one tick from the opposite best instead.'),
  stopPrice: Decimal.optional().describe('Stop and take-profit types: the last trade at this price or beyond starts the order.'),
  displayQuantity: Decimal.optional().describe('In base: the part of a resting order that others see.'),
  expiresMs: TimestampMs.optional().describe('`gtd`: when the order expires.'),
  trailingOffset: Decimal.optional().describe('A trailing-stop follows the best price at this distance in quote, or in basis points; exactly one of them.'),
  trailingBps: z.number().int().min(1).max(9_999).optional(),
  activationPrice: Decimal.optional().describe('A trailing-stop begins to follow when a trade reaches this price; without it, with the next trade.'),
  selfTradePrevention: SelfTradePrevention.optional(),
}).meta({ examples: [{ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '60000.00', quantity: '0.01000' }] })
export type PlaceOrder = z.infer<typeof PlaceOrder>

/** `waiting`: for its stop price, outside the book. */
export const OrderStatus = z.enum(['waiting', 'open', 'partially_filled', 'filled', 'cancelled', 'expired'])
export type OrderStatus = z.infer<typeof OrderStatus>

export const Order = z.object({
  orderId: z.number().int(),
  clientOrderId: z.string(),
  market: MarketSymbol,
  side: Side,
  orderType: OrderType,
  timeInForce: TimeInForce,
  postOnly: z.boolean(),
  price: Decimal.nullable(),
  quantity: Decimal.nullable(),
  quoteQuantity: Decimal.nullable(),
  filledQuantity: Decimal,
  leavesQuantity: Decimal,
  filledQuote: Decimal,
  stopPrice: Decimal.nullable().describe('Null where the order has none; of a trailing-stop the present one.'),
  displayQuantity: Decimal.nullable(),
  expiresMs: TimestampMs.nullable(),
  trailingOffset: Decimal.nullable(),
  trailingBps: z.number().int().nullable(),
  activationPrice: Decimal.nullable(),
  linkedOrderId: z.number().int().nullable().describe('The other one of two exits, as long as each can take the other with it.'),
  selfTradePrevention: SelfTradePrevention,
  averagePrice: Decimal.nullable().describe('For display; filledQuote and filledQuantity are exact.'),
  fee: Decimal,
  feeAsset: AssetCode,
  status: OrderStatus,
  reason: z.string().nullable().describe('Why it was cancelled.'),
  createdMs: TimestampMs,
  updatedMs: TimestampMs,
  sequence: Sequence.describe('Command after which the order looked so.'),
})
export type Order = z.infer<typeof Order>

/** A trade as one of its two sides sees it. */
export const Fill = z.object({
  tradeId: z.number().int(),
  orderId: z.number().int(),
  clientOrderId: z.string(),
  market: MarketSymbol,
  side: Side,
  price: Decimal,
  quantity: Decimal,
  quoteAmount: Decimal,
  fee: Decimal,
  feeAsset: AssetCode,
  liquidity: z.enum(['maker', 'taker']),
  timestampMs: TimestampMs,
  sequence: Sequence,
})
export type Fill = z.infer<typeof Fill>

export const PlacedOrder = z.object({ order: Order, fills: z.array(Fill), repeated: z.boolean() })
export type PlacedOrder = z.infer<typeof PlacedOrder>

/** DELETE /api/v1/orders/:orderId -> Order; over sockets `order.cancel`. Orders are named by orderId or clientOrderId. */
export const CancelOrder = z.strictObject({ market: MarketSymbol, orderId: z.number().int().positive().optional(), clientOrderId: ClientOrderId.optional() })
export type CancelOrder = z.infer<typeof CancelOrder>

/** PATCH /api/v1/orders/:orderId -> PlacedOrder. Either leavesQuantity alone (reduces in place) or new terms (amend). */
export const ChangeOrder = z.strictObject({
  market: MarketSymbol,
  orderId: z.number().int().positive().optional(),
  clientOrderId: ClientOrderId.optional(),
  leavesQuantity: Decimal.optional(),
  price: Decimal.optional(),
  quantity: Decimal.optional().describe('The total, what has been filled included.'),
  stopPrice: Decimal.optional().describe('Of an order that waits for it; not of a trailing-stop.'),
  displayQuantity: Decimal.optional().describe('Of an order that shows a part of itself.'),
  expiresMs: TimestampMs.optional().describe('Of a `gtd` order; leaves it its place in the book.'),
})
export type ChangeOrder = z.infer<typeof ChangeOrder>

/** POST /api/v1/orders/batch -> {@link BatchResult}: each order by itself, in this order. */
export const PlaceOrders = z.strictObject({ orders: z.array(PlaceOrder).min(1).max(20) })
export type PlaceOrders = z.infer<typeof PlaceOrders>

const Refusal = z.object({ code: z.string(), message: z.string(), field: z.string().optional() })

/** What became of each order, in the order in which they were given. */
export const BatchResult = z.array(z.union([z.object({ ok: z.literal(true), placed: PlacedOrder }), z.object({ ok: z.literal(false), error: Refusal })]))
export type BatchResult = z.infer<typeof BatchResult>

/** POST /api/v1/orders/replace -> {@link ReplacedOrder}: cancels one order and places another one in its market, in one command. */
export const ReplaceOrder = z.strictObject({
  market: MarketSymbol,
  orderId: z.number().int().positive().optional().describe('The order that goes, by one of its names.'),
  clientOrderId: ClientOrderId.optional(),
  mode: z.enum(['atomic', 'stop_on_failure', 'allow_failure']).optional().describe('`atomic` (default): both or nothing. `stop_on_failure`: no cancel, no order. `allow_failure`: each step by itself.'),
  order: PlaceOrder.omit({ market: true }),
})
export type ReplaceOrder = z.infer<typeof ReplaceOrder>

export const ReplacedOrder = z.object({
  cancelled: Order.nullable().describe('Null where there was none to cancel (`allow_failure`).'),
  placed: PlacedOrder.nullable().describe('Null where the new order was refused.'),
  failed: z.array(z.object({ step: z.enum(['cancel', 'place']), code: z.string(), message: z.string() })).describe('Why a step failed, where the mode lets the other one stand.'),
})
export type ReplacedOrder = z.infer<typeof ReplacedOrder>

const ExitLeg = z.strictObject({
  orderType: OrderType.describe('Of a take-profit leg limit, take-profit or take-profit-limit; of a stop-loss leg stop-market or stop-limit.'),
  price: Decimal.optional(),
  stopPrice: Decimal.optional(),
  timeInForce: TimeInForce.optional(),
  clientOrderId: ClientOrderId.optional(),
})

/** POST /api/v1/orders/oco -> {@link PlacedPair}: two exits of one quantity, of which the first to trade, trigger or be cancelled takes the other with it. */
export const PlaceOco = z.strictObject({ market: MarketSymbol, side: Side, quantity: Decimal, takeProfit: ExitLeg, stopLoss: ExitLeg })
export type PlaceOco = z.infer<typeof PlaceOco>
export const PlacedPair = z.object({ takeProfit: PlacedOrder, stopLoss: PlacedOrder })
export type PlacedPair = z.infer<typeof PlacedPair>

const BracketExit = ExitLeg.omit({ clientOrderId: true })

/** POST /api/v1/orders/bracket -> {@link PlacedOrder}: an entry, and two exits that trade back what it bought or sold. The exits appear as orders of their own. */
export const PlaceBracket = PlaceOrder.pick({ market: true, clientOrderId: true, side: true, quantity: true, quoteQuantity: true, price: true, timeInForce: true, selfTradePrevention: true }).extend({
  orderType: z.enum(['limit', 'market']),
  postOnly: z.boolean().optional(),
  takeProfit: BracketExit,
  stopLoss: BracketExit,
  mode: z.enum(['incremental', 'complete']).optional().describe('`incremental` (default): the exits follow each fill. `complete`: they start once the entry is filled.'),
})
export type PlaceBracket = z.infer<typeof PlaceBracket>

/** POST /api/v1/orders/cancel-all-after -> {@link DeadManSwitch}. Unless it is sent again in time, all live orders of the market, or of all, are cancelled. */
export const CancelAllAfter = z.strictObject({
  market: MarketSymbol.optional(),
  timeoutMs: z.number().int().min(0).max(86_400_000).describe('Milliseconds from now, at most a day; 0 disables the switch.'),
})
export type CancelAllAfter = z.infer<typeof CancelAllAfter>
export const DeadManSwitch = z.object({ firesMs: TimestampMs.nullable() })
export type DeadManSwitch = z.infer<typeof DeadManSwitch>

const QuoteEntry = z.tuple([Decimal, Decimal])

/** POST /api/v1/quotes -> {@link QuotedLadder}. Replaces all that one quotes in a market; a level is [price, quantity], best first. */
export const PlaceQuotes = z.strictObject({
  market: MarketSymbol,
  bids: z.array(QuoteEntry).max(100),
  asks: z.array(QuoteEntry).max(100),
  postOnly: z.boolean().optional().describe('A ladder of which anything would trade at once is refused as a whole.'),
})
export type PlaceQuotes = z.infer<typeof PlaceQuotes>

/** The orders that changed, each as it is now; those of unchanged levels are not among them. */
export const QuotedLadder = z.object({ orders: z.array(Order), fills: z.array(Fill) })
export type QuotedLadder = z.infer<typeof QuotedLadder>

/** POST /api/v1/quotes/protection: once fills of one's quotes reach a limit within the window, all quotes of the market are withdrawn and new ones refused. */
export const ProtectQuotes = z.strictObject({
  market: MarketSymbol,
  quantity: Decimal.optional().describe('In base.'),
  fills: z.number().int().positive().optional(),
  windowMs: z.number().int().min(0).max(3_600_000).describe('0 ends the protection.'),
  frozenMs: z.number().int().min(0).max(86_400_000).optional().describe('How long new quotes are refused; 0 (default): until DELETE /api/v1/quotes/protection.'),
})
export type ProtectQuotes = z.infer<typeof ProtectQuotes>

/** DELETE /api/v1/orders?market= -> how many were cancelled. */
export const CancelAll = z.strictObject({ market: MarketSymbol.optional() })
export type CancelAll = z.infer<typeof CancelAll>
export const CancelledCount = z.object({ cancelled: z.number().int() })

/** GET /api/v1/orders: the history, closed and open. */
export const OrderQuery = HistoryQuery.extend({
  market: MarketSymbol.optional(),
  side: Side.optional(),
  status: OrderStatus.optional(),
  orderType: OrderType.optional(),
})
export type OrderQuery = z.input<typeof OrderQuery>

/** GET /api/v1/fills */
export const FillQuery = HistoryQuery.extend({ market: MarketSymbol.optional(), side: Side.optional() })
export type FillQuery = z.input<typeof FillQuery>
