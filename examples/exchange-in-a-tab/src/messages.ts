/** What the page and the worker tell each other. */

/** From the page. Prices and quantities are decimal strings as typed. */
export type Request =
  | { readonly type: 'look'; readonly lastTradeId: number }
  | { readonly type: 'speed'; readonly factor: number }
  | { readonly type: 'place'; readonly side: 'buy' | 'sell'; readonly price: string; readonly quantity: string }
  | { readonly type: 'cancel-all' }

export interface TapeTrade {
  readonly tradeId: number
  readonly price: string
  readonly quantity: string
  readonly takerSide: 'buy' | 'sell'
  readonly timeMs: number
}

/** Prices as numbers: for drawing only. */
export interface Bar {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
}

/** One look at the exchange. */
export interface View {
  readonly type: 'view'
  readonly timeMs: number
  readonly commands: number
  readonly trades: number
  readonly bids: readonly (readonly [price: string, quantity: string])[]
  readonly asks: readonly (readonly [price: string, quantity: string])[]
  /** Those after the last trade that the page knows, oldest first. */
  readonly tape: readonly TapeTrade[]
  readonly bars: readonly Bar[]
  readonly balances: readonly { readonly asset: string; readonly available: string; readonly held: string }[]
  readonly openOrders: number
}

/** What became of an order or a cancel of the page. */
export interface Outcome {
  readonly type: 'outcome'
  readonly ok: boolean
  readonly text: string
}
