/** The types of the wire that the terminal's stores share, under one short name. */
import type { Market, PlaceOrder, Trade } from '@bourse/client'

export type { BookLevel } from '@bourse/client'
export type { Asset, Balance, Candle, CandleInterval, Deposit, Exchange, Fill, LedgerEntry, Market, Order, PlaceOrder, Ticker, Trade, User, Withdrawal } from '@bourse/client'

export type Side = Trade['takerSide']
/** What the ticket offers; `stop` becomes a stop-limit or a take-profit-limit, as its price lies beyond or before the market. */
export type OrderType = 'limit' | 'market' | 'stop'
export type TimeInForce = Exclude<NonNullable<PlaceOrder['timeInForce']>, 'gtd'>
export type MarketState = Market['state']
