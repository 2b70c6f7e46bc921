/** The types of the wire that the terminal's stores share, under one short name. */
import type { Market, PlaceOrder, Trade } from '@bourse/client'

export type { BookLevel } from '@bourse/client'
export type { Asset, Balance, Candle, CandleInterval, Deposit, Exchange, Fill, LedgerEntry, Market, Order, PlaceOrder, Ticker, Trade, User, Withdrawal } from '@bourse/client'

export type Side = Trade['takerSide']
export type OrderType = PlaceOrder['orderType']
export type TimeInForce = NonNullable<PlaceOrder['timeInForce']>
export type MarketState = Market['state']
