/** Orders and fills of the one who is logged in. */
import { z } from 'zod'
import { AssetCode, ClientOrderId, Decimal, MarketSymbol, PageQuery, Sequence, Side, TimestampMs } from './common.js'

/** POST /api/v1/orders -> {@link PlacedOrder}. The same clientOrderId with the same input returns the first result; with other input 409. */
export const PlaceOrder = z.strictObject({
  market: MarketSymbol,
  clientOrderId: ClientOrderId.optional(),
  side: Side,
  orderType: z.enum(['limit', 'market']),
  /** Limit: required. Market: optional protection price. */
  price: Decimal.optional(),
  /** Exactly one of quantity (base) and quoteQuantity (market orders only). */
  quantity: Decimal.optional(),
  quoteQuantity: Decimal.optional(),
  timeInForce: z.enum(['gtc', 'ioc', 'fok']).optional(),
  postOnly: z.boolean().optional(),
  selfTradePrevention: z.enum(['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement', 'none']).optional(),
})
export type PlaceOrder = z.infer<typeof PlaceOrder>

export const OrderStatus = z.enum(['open', 'partially_filled', 'filled', 'cancelled', 'expired'])
export type OrderStatus = z.infer<typeof OrderStatus>

export const Order = z.object({
  orderId: z.number().int(),
  clientOrderId: z.string(),
  market: MarketSymbol,
  side: Side,
  orderType: z.enum(['limit', 'market', 'stop-market', 'stop-limit', 'take-profit', 'take-profit-limit', 'trailing-stop']),
  timeInForce: z.enum(['gtc', 'ioc', 'fok', 'gtd']),
  postOnly: z.boolean(),
  price: Decimal.nullable(),
  quantity: Decimal.nullable(),
  quoteQuantity: Decimal.nullable(),
  filledQuantity: Decimal,
  leavesQuantity: Decimal,
  filledQuote: Decimal,
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

/** DELETE /api/v1/orders?market= -> how many were cancelled. */
export const CancelAll = z.strictObject({ market: MarketSymbol.optional() })
export type CancelAll = z.infer<typeof CancelAll>
export const CancelledCount = z.object({ cancelled: z.number().int() })

/** GET /api/v1/orders/open?market=  all live orders, newest first. GET /api/v1/orders?market=&cursor=&limit=  the history, closed and open. GET /api/v1/fills likewise. */
export const OrderQuery = PageQuery.extend({ market: MarketSymbol.optional() })
