/** The rows of the history as its readers see them: integers in the units of the catalog, times in microseconds. */
import type { CancelReason, Candle, Liquidity, OrderStatus, OrderTerms, OrderType, SelfTradePrevention, Side, TimeInForce } from '@bourse/core'

/** One order as it stood after the command `sequence`. */
export interface OrderRow {
  readonly market: number
  readonly orderId: number
  readonly account: number
  readonly clientOrderId: string
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTradePrevention: SelfTradePrevention
  /** Price units; for a market order the protection price, 0 when there was none. */
  readonly price: bigint
  /** Quantity units; 0 for a market order by quote amount. */
  readonly quantity: bigint
  /** Quote units; 0 unless it is a market order by quote amount. */
  readonly quoteQuantity: bigint
  readonly filledQuantity: bigint
  readonly leavesQuantity: bigint
  /** Quote units, exact. */
  readonly filledQuote: bigint
  /** In the asset that the order receives: base for a buy, quote for a sell; what was charged in another asset stands in its fills. */
  readonly fee: bigint
  readonly status: OrderStatus
  readonly reason: CancelReason | null
  readonly createdUs: number
  readonly updatedUs: number
  /** Sequence of the command that placed it: the order of the history. */
  readonly createdSequence: number
  readonly sequence: number
  /** Of a special order; what moves by itself (a trailing stop) as of its last event. */
  readonly terms?: OrderTerms
}

/** A trade as one of its two sides sees it. */
export interface FillRow {
  readonly market: number
  readonly tradeId: number
  readonly orderId: number
  readonly clientOrderId: string
  readonly account: number
  readonly side: Side
  readonly price: bigint
  readonly quantity: bigint
  /** Quote units. */
  readonly quoteAmount: bigint
  /** In the fee asset. */
  readonly fee: bigint
  /** Number of the asset; null: the one that this side receives, base for a buy, quote for a sell. */
  readonly feeAsset: number | null
  readonly liquidity: Liquidity
  readonly timestampUs: number
  readonly sequence: number
}

export interface TradeRow {
  readonly market: number
  readonly tradeId: number
  readonly price: bigint
  readonly quantity: bigint
  readonly quoteAmount: bigint
  readonly takerSide: Side
  readonly timestampUs: number
  readonly sequence: number
}

/** `trade` moves the two sides of a trade; `fee` pays the fees account, which pays a maker's `rebate` and a referrer's `referral` out of it; what the world pays or gets is a deposit or a withdrawal. */
export const LEDGER_ENTRY_KINDS = ['deposit', 'withdrawal', 'transfer', 'trade', 'fee', 'rebate', 'referral'] as const
export type LedgerEntryKind = (typeof LEDGER_ENTRY_KINDS)[number]

/** One change of an account's total (available and held) in an asset; holds alone are not entries. */
export interface LedgerEntryRow {
  /** Unique: sequence and place, for example `1207-3`. */
  readonly entryId: string
  readonly account: number
  readonly asset: number
  readonly kind: LedgerEntryKind
  /** Asset units; negative where the account paid. */
  readonly amount: bigint
  /** The market of a trade or of its fee; null for everything else. */
  readonly market: number | null
  /** The trade's number in decimal, else the request or hold that moved the money. */
  readonly reference: string
  readonly timestampUs: number
  readonly sequence: number
}

/** `openTimeUs` is in microseconds; volumes may be larger than 64 bits. */
export type CandleRow = Candle

/** A part of a list, newest first; `nextCursor` is null at its end. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly nextCursor: string | null
}

/** Where a page begins, and its size: 1 to 1000 rows. */
export interface PageQuery {
  /** `nextCursor` of the page before; a text that is none of ours throws {@link InvalidCursorError}. */
  readonly cursor?: string | undefined
  readonly limit: number
}

/** A page of one account's rows; what is not given does not narrow it. A page may end before it is full: `nextCursor` tells whether there is more. */
interface AccountQuery extends PageQuery {
  readonly account: number
  /** Both inclusive; of orders the time they were placed. */
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}

export interface OrdersQuery extends AccountQuery {
  readonly market?: number | undefined
  readonly side?: Side | undefined
  readonly status?: OrderStatus | undefined
  readonly orderType?: OrderType | undefined
}

export interface FillsQuery extends AccountQuery {
  readonly market?: number | undefined
  readonly side?: Side | undefined
}

export interface LedgerQuery extends AccountQuery {
  readonly asset?: number | undefined
  readonly kind?: LedgerEntryKind | undefined
}

/** A stretch of numbered rows by lowest number and by time (both ends inclusive). */
export interface HistoryWindow {
  readonly fromId?: number | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}

/** Reads of stretches, oldest first. Of more than `limit` rows (1 to 1000): with a start the oldest, without one the newest. */
export interface HistoryWindows {
  /** By order id and time of placement. */
  ordersWithin(query: HistoryWindow & { readonly account: number; readonly market: number; readonly limit: number }): Promise<readonly OrderRow[]>
  /** The newest order of that name among the account's newest 5,000 of the market. */
  orderNamed(query: { readonly account: number; readonly market: number; readonly clientOrderId: string }): Promise<OrderRow | undefined>
  /** By trade id and time. */
  fillsWithin(query: HistoryWindow & { readonly account: number; readonly market: number; readonly limit: number }): Promise<readonly FillRow[]>
  tradesWithin(query: HistoryWindow & { readonly market: number; readonly limit: number }): Promise<readonly TradeRow[]>
  /** Microseconds of the account's newest ledger entry or of the last change of its newest order; 0 where it has neither. */
  lastChangeUs(account: number): Promise<number>
}

/**
 * Reads of the history. Accounts, markets and assets are named by their numbers in the catalog.
 * What is newer than the projection's cursor is not here yet: read live orders and balances from the engine.
 */
export interface HistoryQueries extends HistoryWindows {
  /** Orders of an account, closed and open, by the time they were placed, newest first. */
  orders(query: OrdersQuery): Promise<Page<OrderRow>>
  order(market: number, orderId: number): Promise<OrderRow | undefined>
  fills(query: FillsQuery): Promise<Page<FillRow>>
  /** All fills of one order, oldest first. */
  fillsOfOrder(market: number, orderId: number): Promise<readonly FillRow[]>
  ledger(query: LedgerQuery): Promise<Page<LedgerEntryRow>>
  /** Trades of a market below `beforeId`, newest first. */
  trades(query: { readonly market: number; readonly beforeId?: number | undefined; readonly limit: number }): Promise<readonly TradeRow[]>
  /**
   * Candles whose opening time is within `fromMs` and `toMs` (both inclusive), oldest first. More than `limit` of them:
   * with `fromMs` the oldest, without it the newest.
   */
  candles(query: {
    readonly market: number
    readonly interval: string
    readonly fromMs?: number | undefined
    readonly toMs?: number | undefined
    readonly limit: number
  }): Promise<readonly CandleRow[]>
}

/** The cursor of a page is not one that this list gave out. */
export class InvalidCursorError extends Error {
  readonly code = 'invalid_request'
  constructor(readonly cursor: string) {
    super(`"${cursor}" is not a cursor of this list. Pass the nextCursor of the page before, or none for the first page.`)
    this.name = 'InvalidCursorError'
  }
}
