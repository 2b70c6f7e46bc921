/** The history's rows as the database returns them, and what they mean: every integer is a bigint until here. */
import type { CancelReason, Candle, Liquidity, OrderStatus, OrderType, SelfTradePrevention, Side, TimeInForce } from '@bourse/core'
import { readTerms } from './order-terms.js'
import type { FillRow, LedgerEntryKind, LedgerEntryRow, OrderRow, TradeRow } from './history-rows.js'

export interface OrderRecord {
  market: bigint
  order_id: bigint
  account: bigint
  client_order_id: string
  side: Side
  order_type: OrderType
  time_in_force: TimeInForce
  post_only: bigint
  self_trade_prevention: SelfTradePrevention
  price: bigint
  quantity: bigint
  quote_quantity: bigint
  filled_quantity: bigint
  leaves_quantity: bigint
  filled_quote: bigint
  fee: bigint
  status: OrderStatus
  reason: CancelReason | null
  created_us: bigint
  updated_us: bigint
  created_sequence: bigint
  sequence: bigint
  terms: string | null
}

export function orderOf(record: OrderRecord): OrderRow {
  return {
    market: Number(record.market),
    orderId: Number(record.order_id),
    account: Number(record.account),
    clientOrderId: record.client_order_id,
    side: record.side,
    orderType: record.order_type,
    timeInForce: record.time_in_force,
    postOnly: record.post_only === 1n,
    selfTradePrevention: record.self_trade_prevention,
    price: record.price,
    quantity: record.quantity,
    quoteQuantity: record.quote_quantity,
    filledQuantity: record.filled_quantity,
    leavesQuantity: record.leaves_quantity,
    filledQuote: record.filled_quote,
    fee: record.fee,
    status: record.status,
    reason: record.reason,
    createdUs: Number(record.created_us),
    updatedUs: Number(record.updated_us),
    createdSequence: Number(record.created_sequence),
    sequence: Number(record.sequence),
    ...(record.terms === null ? {} : { terms: readTerms(record.terms) }),
  }
}

export interface FillRecord {
  account: bigint
  sequence: bigint
  ordinal: bigint
  market: bigint
  trade_id: bigint
  order_id: bigint
  /** Of the order, by a join. */
  client_order_id: string | null
  side: Side
  price: bigint
  quantity: bigint
  quote_amount: bigint
  fee: bigint
  fee_asset: bigint | null
  liquidity: Liquidity
  timestamp_us: bigint
}

export function fillOf(record: FillRecord): FillRow {
  return {
    market: Number(record.market),
    tradeId: Number(record.trade_id),
    orderId: Number(record.order_id),
    clientOrderId: record.client_order_id ?? '',
    account: Number(record.account),
    side: record.side,
    price: record.price,
    quantity: record.quantity,
    quoteAmount: record.quote_amount,
    fee: record.fee,
    feeAsset: record.fee_asset === null ? null : Number(record.fee_asset),
    liquidity: record.liquidity,
    timestampUs: Number(record.timestamp_us),
    sequence: Number(record.sequence),
  }
}

export interface TradeRecord {
  market: bigint
  trade_id: bigint
  price: bigint
  quantity: bigint
  quote_amount: bigint
  taker_side: Side
  timestamp_us: bigint
  sequence: bigint
}

export function tradeOf(record: TradeRecord): TradeRow {
  return {
    market: Number(record.market),
    tradeId: Number(record.trade_id),
    price: record.price,
    quantity: record.quantity,
    quoteAmount: record.quote_amount,
    takerSide: record.taker_side,
    timestampUs: Number(record.timestamp_us),
    sequence: Number(record.sequence),
  }
}

export interface LedgerRecord {
  account: bigint
  sequence: bigint
  ordinal: bigint
  asset: bigint
  kind: LedgerEntryKind
  amount: bigint
  market: bigint | null
  reference: string
  timestamp_us: bigint
}

export function ledgerEntryOf(record: LedgerRecord): LedgerEntryRow {
  return {
    entryId: `${record.sequence}-${record.ordinal}`,
    account: Number(record.account),
    asset: Number(record.asset),
    kind: record.kind,
    amount: record.amount,
    market: record.market === null ? null : Number(record.market),
    reference: record.reference,
    timestampUs: Number(record.timestamp_us),
    sequence: Number(record.sequence),
  }
}

export interface CandleRecord {
  market: bigint
  interval: string
  open_time_us: bigint
  open: bigint
  high: bigint
  low: bigint
  close: bigint
  volume: string
  quote_volume: string
  trades: bigint
}

export function candleOf(record: CandleRecord): Candle {
  return {
    openTimeUs: Number(record.open_time_us),
    open: record.open,
    high: record.high,
    low: record.low,
    close: record.close,
    volume: BigInt(record.volume),
    quoteVolume: BigInt(record.quote_volume),
    trades: Number(record.trades),
  }
}
