/** What the simulated traders ask of an exchange: less than the client of the API, so that other doors fit as well. */
import type { CancelAll, CancelOrder, ChangeOrder, Market, PlaceOrder, Ticker } from '@bourse/client'
import type { Side } from '@bourse/core'

/** A market as far as prices and quantities for it must be written. */
export type TradedMarket = Pick<Market, 'symbol' | 'base' | 'quote' | 'tickSize' | 'lotSize' | 'minQuantity' | 'maxQuantity' | 'minNotional' | 'maxPrice' | 'priceScale' | 'quantityScale'>

/** A live order. */
export interface ListedOrder {
  readonly clientOrderId: string
  readonly side: Side
  readonly price: string | null
  readonly leavesQuantity: string
}

/** A placed order and what it took at once. */
export interface TakenOrder {
  readonly order: { readonly side: Side }
  readonly fills: readonly { readonly price: string; readonly quantity: string }[]
}

/** Failures are rejections with an `ApiRequestError` of `@bourse/client`. The client of the API fits as it is. */
export interface SimulatorClient {
  exchange(): Promise<{ readonly markets: readonly TradedMarket[] }>
  tickers(): Promise<readonly Pick<Ticker, 'market' | 'lastPrice' | 'bid' | 'bidQuantity' | 'ask' | 'askQuantity'>[]>
  placeOrder(order: PlaceOrder): Promise<TakenOrder>
  changeOrder(change: ChangeOrder): Promise<unknown>
  cancelOrder(order: CancelOrder): Promise<unknown>
  cancelAll(scope: CancelAll): Promise<unknown>
  openOrders(market: string): Promise<readonly ListedOrder[]>
  balances(): Promise<{ readonly balances: readonly { readonly asset: string; readonly available: string; readonly held: string }[] }>
}
