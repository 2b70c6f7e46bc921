/** The table of streams: who may listen, what a subscription says, what it starts from and what follows. */
import { z } from 'zod'
import { AccountSnapshot, AccountUpdate, BestPrices, Candle, Depth, DepthUpdate, OrderBook, OrderBookUpdate, PriceAlert, SystemStatus, Ticker, Trade } from '../schemas/index.js'
import {
  AccountSubscription, AlertsSubscription, BestSubscription, CandleSubscription, DepthSubscription, OrdersSubscription, StatusSubscription, TickerSubscription, TopSubscription, TradeSubscription, type Subscription,
} from '../schemas/streams.js'

export interface StreamContract {
  readonly access: 'public' | 'read'
  readonly summary: string
  readonly subscription: z.ZodObject
  readonly snapshot: z.ZodType
  /** `data` of its messages. */
  readonly data: z.ZodType
}

export const STREAMS = {
  depth: { access: 'public', summary: 'A book: at most one update each 50 ms. An update applies to a book whose sequence equals its previousSequence.', subscription: DepthSubscription, snapshot: Depth, data: DepthUpdate },
  top: { access: 'public', summary: 'The best levels of a book, whole each time they change, at most once each 50 ms.', subscription: TopSubscription, snapshot: Depth, data: Depth },
  best: { access: 'public', summary: 'The best bid and ask, each time they change, at most once each 50 ms.', subscription: BestSubscription, snapshot: BestPrices, data: BestPrices },
  orders: { access: 'public', summary: 'A book order by order: everything that happened to a resting order, nothing left out. An update applies to a book whose sequence equals its previousSequence.', subscription: OrdersSubscription, snapshot: OrderBook, data: OrderBookUpdate },
  trades: { access: 'public', summary: 'Trades of a market; starts from the last 50, oldest first.', subscription: TradeSubscription, snapshot: z.array(Trade), data: z.array(Trade) },
  candles: { access: 'public', summary: 'The candle that is under way, each time it changes; null before the first trade.', subscription: CandleSubscription, snapshot: Candle.nullable(), data: Candle },
  tickers: { access: 'public', summary: 'The last 24 hours of all markets, as they change.', subscription: TickerSubscription, snapshot: z.array(Ticker), data: z.array(Ticker) },
  status: { access: 'public', summary: 'Whether the exchange and its markets trade, when that changes.', subscription: StatusSubscription, snapshot: SystemStatus, data: SystemStatus },
  account: { access: 'read', summary: "What changes for one's account: balances, orders, fills, deposits, withdrawals.", subscription: AccountSubscription, snapshot: AccountSnapshot, data: AccountUpdate },
  alerts: { access: 'read', summary: "One's price alerts; then each that has fired.", subscription: AlertsSubscription, snapshot: z.array(PriceAlert), data: PriceAlert },
} as const satisfies Record<Subscription['channel'], StreamContract>
