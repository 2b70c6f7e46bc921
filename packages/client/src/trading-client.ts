/** What a trader, person or program, can ask of an exchange: the interface that every client implementation fulfils. */
import type { AccountSnapshot, Balances, BestPrices, CancelAll, CancelOrder, Candle, CandleInterval, ChangeOrder, Depth, Exchange, Fill, FillQuery, Order, OrderBook, OrderQuery, PlacedOrder, PlaceOrder, PriceAlert, StreamMessage, Subscription, SystemStatus, Ticker, Trade } from './schemas/index.js'

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

/** One page of a list, newest first; pass `nextCursor` as `cursor` to go on. */
export interface Page<Item> {
  items: Item[]
  nextCursor: string | null
}

/** What narrows a list: the query of its route, with numbers as numbers. */
export type HistoryFilter<Query> = { [Name in Exclude<keyof Query, 'format'>]?: Name extends 'limit' | 'fromMs' | 'toMs' ? number : Query[Name] }

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
  subscribe<Channel extends StreamChannel>(subscription: Extract<Subscription, { channel: Channel }>, listener: StreamListener<Channel>): Promise<() => void>
}

/** What a stream starts from, by channel. */
export interface StreamSnapshots {
  depth: Depth
  /** The last 50, oldest first. */
  trades: Trade[]
  /** The candle that is under way, null before the first trade. */
  candles: Candle | null
  tickers: Ticker[]
  /** The best levels, whole. */
  top: Depth
  best: BestPrices
  /** Every resting order. */
  orders: OrderBook
  status: SystemStatus
  account: AccountSnapshot
  /** All of them; what follows are those that fire. */
  alerts: PriceAlert[]
}
export type StreamChannel = keyof StreamSnapshots

export interface StreamListener<Channel extends StreamChannel = StreamChannel> {
  onSnapshot(snapshot: StreamSnapshots[Channel]): void
  onMessage(message: Extract<StreamMessage, { channel: Channel }>): void
  /** The stream is over although nobody ended it: after a reconnection the exchange refused it (logged out, market gone). */
  onEnd?(error: ApiRequestError): void
}

/** Trading for the one who is logged in. Every method rejects with {@link ApiRequestError}. */
export interface TradingClient extends MarketDataClient {
  placeOrder(order: PlaceOrder): Promise<PlacedOrder>
  cancelOrder(order: CancelOrder): Promise<Order>
  changeOrder(change: ChangeOrder): Promise<PlacedOrder>
  cancelAll(scope?: CancelAll): Promise<{ cancelled: number }>
  openOrders(market?: string): Promise<Order[]>
  orders(query?: HistoryFilter<OrderQuery>): Promise<Page<Order>>
  fills(query?: HistoryFilter<FillQuery>): Promise<Page<Fill>>
  balances(): Promise<Balances>
}
