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
import { MarketSymbol, Sequence } from './common.js'
import { Candle, CandleInterval, DepthUpdate, Ticker, Trade } from './market-data.js'
import { Fill, Order } from './orders.js'
import { Balance, Deposit, Withdrawal } from './account.js'

export const Subscription = z.discriminatedUnion('channel', [
  /** Snapshot: Depth with `limit` levels a side (100 by default), updates: DepthUpdate, at most one each 50 ms. */
  z.strictObject({ channel: z.literal('depth'), market: MarketSymbol, limit: z.number().int().min(1).max(1000).optional() }),
  /** Snapshot: the last 50 trades, oldest first. */
  z.strictObject({ channel: z.literal('trades'), market: MarketSymbol }),
  /** Snapshot: the current candle or null. */
  z.strictObject({ channel: z.literal('candles'), market: MarketSymbol, interval: CandleInterval }),
  /** All markets; snapshot: all tickers. */
  z.strictObject({ channel: z.literal('tickers') }),
  /** Private. Snapshot: AccountSnapshot. */
  z.strictObject({ channel: z.literal('account') }),
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
  z.object({ channel: z.literal('depth'), market: MarketSymbol, data: DepthUpdate }),
  z.object({ channel: z.literal('trades'), market: MarketSymbol, data: z.array(Trade) }),
  z.object({ channel: z.literal('candles'), market: MarketSymbol, interval: CandleInterval, data: Candle }),
  z.object({ channel: z.literal('tickers'), data: z.array(Ticker) }),
  z.object({ channel: z.literal('account'), data: AccountUpdate }),
])
export type StreamMessage = z.infer<typeof StreamMessage>
