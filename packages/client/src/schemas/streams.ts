/**
 * Streams over socket.io.
 *
 * `emit('subscribe', Subscription, ack)` answers `{ok: true, snapshot}` or `{ok: false, error}`; then the
 * server emits `message` with a {@link StreamMessage} for each update until `unsubscribe`. Requests
 * (`order.place`, `order.cancel`, `order.change`, `order.cancel-all`) are emitted with the bodies of their REST twins
 * and acknowledged by `{ok: true, result}` or `{ok: false, error}`, once durable. Programs log in with
 * `auth: {token}` in the handshake, browsers by cookie.
 */
import { z } from 'zod'
import { PriceAlert } from './alerts.js'
import { Decimal, MarketSymbol, Sequence } from './common.js'
import { BestPrices, Candle, CandleInterval, Depth, DepthUpdate, OrderBookUpdate, Ticker, Trade } from './market-data.js'
import { Fill, Order } from './orders.js'
import { SystemStatus } from './status.js'
import { Balance, Deposit, Withdrawal } from './account.js'

const Grouping = Decimal.describe("Joins levels into steps of this price: the market's tickSize times 1, 2 or 5 times a power of ten.")

export const DepthSubscription = z.strictObject({
  channel: z.literal('depth'),
  market: MarketSymbol,
  limit: z.number().int().min(1).max(1000).optional().describe('Levels a side of the snapshot; 100 by default.'),
  grouping: Grouping.optional(),
})
export const TopSubscription = z.strictObject({ channel: z.literal('top'), market: MarketSymbol, levels: z.union([z.literal(5), z.literal(10), z.literal(20), z.literal(50)]), grouping: Grouping.optional() })
export const BestSubscription = z.strictObject({ channel: z.literal('best'), market: MarketSymbol })
export const OrdersSubscription = z.strictObject({ channel: z.literal('orders'), market: MarketSymbol })
export const TradeSubscription = z.strictObject({ channel: z.literal('trades'), market: MarketSymbol })
export const CandleSubscription = z.strictObject({ channel: z.literal('candles'), market: MarketSymbol, interval: CandleInterval })
export const TickerSubscription = z.strictObject({ channel: z.literal('tickers') })
export const StatusSubscription = z.strictObject({ channel: z.literal('status') })
export const AccountSubscription = z.strictObject({ channel: z.literal('account') })
export const AlertsSubscription = z.strictObject({ channel: z.literal('alerts') })

export const Subscription = z.discriminatedUnion('channel', [
  DepthSubscription, TopSubscription, BestSubscription, OrdersSubscription, TradeSubscription, CandleSubscription, TickerSubscription, StatusSubscription, AccountSubscription, AlertsSubscription,
])
export type Subscription = z.infer<typeof Subscription>

export const AccountSnapshot = z.object({ sequence: Sequence, balances: z.array(Balance), openOrders: z.array(Order) })
export type AccountSnapshot = z.infer<typeof AccountSnapshot>

/** What changed for the account by one or several commands; only what changed is there. */
export const AccountUpdate = z.object({
  sequence: Sequence,
  balances: z.array(Balance),
  orders: z.array(Order),
  fills: z.array(Fill),
  deposits: z.array(Deposit),
  withdrawals: z.array(Withdrawal),
})
export type AccountUpdate = z.infer<typeof AccountUpdate>

export const StreamMessage = z.discriminatedUnion('channel', [
  z.object({ channel: z.literal('depth'), market: MarketSymbol, grouping: Decimal.optional(), data: DepthUpdate }),
  z.object({ channel: z.literal('top'), market: MarketSymbol, levels: z.number().int(), grouping: Decimal.optional(), data: Depth }),
  z.object({ channel: z.literal('best'), market: MarketSymbol, data: BestPrices }),
  z.object({ channel: z.literal('orders'), market: MarketSymbol, data: OrderBookUpdate }),
  z.object({ channel: z.literal('trades'), market: MarketSymbol, data: z.array(Trade) }),
  z.object({ channel: z.literal('candles'), market: MarketSymbol, interval: CandleInterval, data: Candle }),
  z.object({ channel: z.literal('tickers'), data: z.array(Ticker) }),
  z.object({ channel: z.literal('status'), data: SystemStatus }),
  z.object({ channel: z.literal('account'), data: AccountUpdate }),
  z.object({ channel: z.literal('alerts'), data: PriceAlert }),
])
export type StreamMessage = z.infer<typeof StreamMessage>
