/** What a trader, person or program, can ask of an exchange: the interface that every client implementation fulfils. */
import type { Balances, CancelAll, CancelOrder, Candle, CandleInterval, ChangeOrder, Depth, Exchange, Fill, Order, PlacedOrder, PlaceOrder, StreamMessage, Subscription, Ticker, Trade } from './schemas/index.js'

/** Refused by the exchange, or unreachable (`code` is `unavailable`, `status` 0). */
export class ApiRequestError extends Error {
  constructor(
    /** A reject code of the engine or one of API_ERROR_CODES. */
    readonly code: string,
    message: string,
    readonly status: number,
    readonly field?: string,
  ) {
    super(message)
    this.name = 'ApiRequestError'
  }
}

/** Market data that anyone may read. */
export interface MarketDataClient {
  exchange(): Promise<Exchange>
  depth(market: string, limit?: number): Promise<Depth>
  trades(market: string, options?: { limit?: number; beforeId?: number }): Promise<Trade[]>
  candles(market: string, interval: CandleInterval, options?: { fromMs?: number; toMs?: number; limit?: number }): Promise<Candle[]>
  tickers(): Promise<Ticker[]>
  /**
   * Starts a stream. The listener first gets what the channel's snapshot is, then each update; after a lost
   * connection it gets a new snapshot. Resolves to the function that ends it.
   */
  subscribe(subscription: Subscription, listener: StreamListener): Promise<() => void>
}

export interface StreamListener {
  /** The shape by channel is told in `schemas/streams.ts`. */
  onSnapshot(snapshot: unknown): void
  onMessage(message: StreamMessage): void
}

/** Trading for the one who is logged in. Every method rejects with {@link ApiRequestError}. */
export interface TradingClient extends MarketDataClient {
  placeOrder(order: PlaceOrder): Promise<PlacedOrder>
  cancelOrder(order: CancelOrder): Promise<Order>
  changeOrder(change: ChangeOrder): Promise<PlacedOrder>
  cancelAll(scope?: CancelAll): Promise<{ cancelled: number }>
  openOrders(market?: string): Promise<Order[]>
  orders(query?: { market?: string; cursor?: string; limit?: number }): Promise<{ items: Order[]; nextCursor: string | null }>
  fills(query?: { market?: string; cursor?: string; limit?: number }): Promise<{ items: Fill[]; nextCursor: string | null }>
  balances(): Promise<Balances>
}
