/** Orders and fills of the one who is logged in. */
import { z } from 'zod'
import { AssetCode, ClientOrderId, Decimal, MarketSymbol, PageQuery, Sequence, Side, TimestampMs } from './common.js'

export const OrderType = z.enum(['limit', 'market', 'stop-market', 'stop-limit', 'take-profit', 'take-profit-limit', 'trailing-stop'])
export type OrderType = z.infer<typeof OrderType>

export const TimeInForce = z.enum(['gtc', 'ioc', 'fok', 'gtd'])
export type TimeInForce = z.infer<typeof TimeInForce>

/** POST /api/v1/orders -> {@link PlacedOrder}. The same clientOrderId with the same input returns the first result; with other input 409. */
export const PlaceOrder = z.strictObject({
  market: MarketSymbol,
  clientOrderId: ClientOrderId.optional(),
  side: Side,
  orderType: OrderType,
  /** Limit types: required. Market types: the price that is not passed; required for a stop-market, take-profit or trailing-stop that buys. */
  price: Decimal.optional(),
  /** Exactly one of quantity (base) and quoteQuantity (market orders only). */
  quantity: Decimal.optional(),
  quoteQuantity: Decimal.optional(),
  timeInForce: TimeInForce.optional(),
  /** Refused where it would trade at once; `slide` rests one tick from the opposite best instead. */
  postOnly: z.union([z.boolean(), z.literal('slide')]).optional(),
  /** Stop and take-profit types: the last trade at this price or beyond starts the order. */
  stopPrice: Decimal.optional(),
  /** In base: the part of a resting order that others see. */
  displayQuantity: Decimal.optional(),
  /** `gtd`: when the order expires. */
  expiresMs: TimestampMs.optional(),
  /** A trailing-stop follows the best price at this distance in quote, or in basis points; exactly one of them. */
  trailingOffset: Decimal.optional(),
  trailingBps: z.number().int().min(1).max(9_999).optional(),
  /** A trailing-stop begins to follow when a trade reaches this price; without it, with the next trade. */
  activationPrice: Decimal.optional(),
  selfTradePrevention: z.enum(['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement', 'none']).optional(),
})
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
  /** Null where the order has none; of a trailing-stop the present one. */
  stopPrice: Decimal.nullable(),
  displayQuantity: Decimal.nullable(),
  expiresMs: TimestampMs.nullable(),
  trailingOffset: Decimal.nullable(),
  trailingBps: z.number().int().nullable(),
  activationPrice: Decimal.nullable(),
  /** For display; filledQuote and filledQuantity are exact. */
  averagePrice: Decimal.nullable(),
  fee: Decimal,
  feeAsset: AssetCode,
  status: OrderStatus,
  /** Why it was cancelled. */
  reason: z.string().nullable(),
  createdMs: TimestampMs,
  updatedMs: TimestampMs,
  /** Command after which the order looked so. */
  sequence: Sequence,
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

/** PATCH /api/v1/orders/:orderId -> PlacedOrder. Either leavesQuantity alone (reduces in place) or a new total quantity and/or price (amend). */
export const ChangeOrder = z.strictObject({
  market: MarketSymbol,
  orderId: z.number().int().positive().optional(),
  clientOrderId: ClientOrderId.optional(),
  leavesQuantity: Decimal.optional(),
  price: Decimal.optional(),
  quantity: Decimal.optional(),
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
  /** The order that goes, by one of its names. */
  orderId: z.number().int().positive().optional(),
  clientOrderId: ClientOrderId.optional(),
  /** `atomic` (default): both or nothing. `stop_on_failure`: no cancel, no order. `allow_failure`: each step by itself. */
  mode: z.enum(['atomic', 'stop_on_failure', 'allow_failure']).optional(),
  order: PlaceOrder.omit({ market: true }),
})
export type ReplaceOrder = z.infer<typeof ReplaceOrder>

export const ReplacedOrder = z.object({
  /** Null where there was none to cancel (`allow_failure`). */
  cancelled: Order.nullable(),
  /** Null where the new order was refused. */
  placed: PlacedOrder.nullable(),
  /** Why a step failed, where the mode lets the other one stand. */
  failed: z.array(z.object({ step: z.enum(['cancel', 'place']), code: z.string(), message: z.string() })),
})
export type ReplacedOrder = z.infer<typeof ReplacedOrder>

const ExitLeg = z.strictObject({
  /** Of a take-profit leg limit, take-profit or take-profit-limit; of a stop-loss leg stop-market or stop-limit. */
  orderType: OrderType,
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

/** POST /api/v1/orders/bracket -> {@link PlacedOrder}: an entry that buys, and two exits that sell what it bought. The exits appear as orders of their own. */
export const PlaceBracket = PlaceOrder.pick({ market: true, clientOrderId: true, quantity: true, quoteQuantity: true, price: true, timeInForce: true, selfTradePrevention: true }).extend({
  side: z.literal('buy'),
  orderType: z.enum(['limit', 'market']),
  postOnly: z.boolean().optional(),
  takeProfit: BracketExit,
  stopLoss: BracketExit,
  /** `incremental` (default): the exits follow each fill. `complete`: they start once the entry is filled. */
  mode: z.enum(['incremental', 'complete']).optional(),
})
export type PlaceBracket = z.infer<typeof PlaceBracket>

/** POST /api/v1/orders/cancel-all-after -> {@link DeadManSwitch}. Unless it is sent again in time, all live orders of the market, or of all, are cancelled. */
export const CancelAllAfter = z.strictObject({
  market: MarketSymbol.optional(),
  /** Milliseconds from now, at most a day; 0 disables the switch. */
  timeoutMs: z.number().int().min(0).max(86_400_000),
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
  /** A ladder of which anything would trade at once is refused as a whole. */
  postOnly: z.boolean().optional(),
})
export type PlaceQuotes = z.infer<typeof PlaceQuotes>

/** The orders that changed, each as it is now; those of unchanged levels are not among them. */
export const QuotedLadder = z.object({ orders: z.array(Order), fills: z.array(Fill) })
export type QuotedLadder = z.infer<typeof QuotedLadder>

/** POST /api/v1/quotes/protection: once fills of one's quotes reach a limit within the window, all quotes of the market are withdrawn and new ones refused. */
export const ProtectQuotes = z.strictObject({
  market: MarketSymbol,
  /** In base. */
  quantity: Decimal.optional(),
  fills: z.number().int().positive().optional(),
  /** 0 ends the protection. */
  windowMs: z.number().int().min(0).max(3_600_000),
  /** How long new quotes are refused; 0 (default): until DELETE /api/v1/quotes/protection. */
  frozenMs: z.number().int().min(0).max(86_400_000).optional(),
})
export type ProtectQuotes = z.infer<typeof ProtectQuotes>

/** DELETE /api/v1/orders?market= -> how many were cancelled. */
export const CancelAll = z.strictObject({ market: MarketSymbol.optional() })
export type CancelAll = z.infer<typeof CancelAll>
export const CancelledCount = z.object({ cancelled: z.number().int() })

/** GET /api/v1/orders/open?market=  all live orders, newest first. GET /api/v1/orders?market=&cursor=&limit=  the history, closed and open. GET /api/v1/fills likewise. */
export const OrderQuery = PageQuery.extend({ market: MarketSymbol.optional() })
