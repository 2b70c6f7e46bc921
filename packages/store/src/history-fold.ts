/** Folds events into the rows that the history gains or changes: pure, so that a rebuild gives the same rows. */
import { candleOfTrade, mergeCandles, type Candle, type CandleInterval, type Catalog, type Event, openStatus, orderStatusAfter, type OrderEvent, type OrderState, type OrderStatus, type OrderTerms, type Side, type TradeExecuted, type TradeParty } from '@bourse/core'
import type { Row } from './bulk-rows.js'
import { appendLedgerEntries } from './ledger-entries.js'
import { writeTerms } from './order-terms.js'

/** What one batch of events does to the tables, each in the column order of its shape. */
export interface HistoryChanges {
  readonly newOrders: readonly Row[]
  readonly changedOrders: readonly Row[]
  readonly fills: readonly Row[]
  readonly trades: readonly Row[]
  readonly ledgerEntries: readonly Row[]
  /** Candles of {@link FINEST_INTERVAL} by market, oldest first; coarser ones follow from them. */
  readonly candles: ReadonlyMap<number, readonly Candle[]>
}

/** Every coarser interval is a whole number of these. */
export const FINEST_INTERVAL: CandleInterval = '1s'
/** An order that was placed in this batch, or null where an earlier one wrote its row. */
type Placed = Pick<OrderState, 'account' | 'clientOrderId' | 'side' | 'orderType' | 'timeInForce' | 'postOnly' | 'selfTradePrevention'> & { readonly createdUs: number; readonly createdSequence: number }

/** The cells of an order that change; undefined where the batch did not tell. */
interface OrderChange {
  readonly market: number
  readonly orderId: number
  placed: Placed | null
  price: bigint | undefined
  quantity: bigint | undefined
  quoteQuantity: bigint | undefined
  filledQuantity: bigint
  leavesQuantity: bigint
  filledQuote: bigint
  fee: bigint
  status: OrderStatus
  reason: string | null
  updatedUs: number
  sequence: number
  terms: OrderTerms | undefined
}

export function foldHistory(events: readonly Event[], catalog: Catalog): HistoryChanges {
  const orders = new Map<string, OrderChange>()
  const fills: Row[] = []
  const trades: Row[] = []
  const ledgerEntries: Row[] = []
  const candles = new Map<number, Candle[]>()
  for (const event of events) {
    switch (event.type) {
      case 'order.accepted':
      case 'order.rested':
      case 'order.reduced':
      case 'order.amended':
      case 'order.cancelled':
      case 'order.expired':
      case 'order.triggered':
        foldOrder(orders, event)
        break
      case 'trade.executed':
        foldParty(orders, event, event.maker)
        foldParty(orders, event, event.taker)
        trades.push([event.market, event.tradeId, event.price, event.quantity, event.quoteAmount, event.takerSide, event.timestampUs, event.sequence])
        fills.push(fillRow(event, event.maker, 'maker'), fillRow(event, event.taker, 'taker'))
        foldCandle(candles, event)
        break
      default:
    }
    appendLedgerEntries(ledgerEntries, event, catalog)
  }
  const newOrders: Row[] = []
  const changedOrders: Row[] = []
  for (const change of orders.values()) {
    if (change.placed === null) changedOrders.push(changeRow(change))
    else newOrders.push(orderRow(change, change.placed))
  }
  return { newOrders, changedOrders, fills: byAccount(fills), trades, ledgerEntries: byAccount(ledgerEntries), candles }
}

/** Joins candles of the finest interval, oldest first, into those of a coarser one; each beginning as `openTimeUs` tells. */
export function coarserCandles(candles: readonly Candle[], openTimeUs: (timestampUs: number) => number): readonly Candle[] {
  const coarser: Candle[] = []
  for (const candle of candles) {
    const part = { ...candle, openTimeUs: openTimeUs(candle.openTimeUs) }
    const newest = coarser.at(-1)
    if (newest?.openTimeUs === part.openTimeUs) coarser[coarser.length - 1] = mergeCandles(newest, part)
    else coarser.push(part)
  }
  return coarser
}

/** As the tables are kept, so that neighbours are written together; rows of one account stay in order. */
function byAccount(rows: Row[]): readonly Row[] {
  return rows.sort((a, b) => Number(a[0]) - Number(b[0]))
}

function foldOrder(orders: Map<string, OrderChange>, event: OrderEvent): void {
  const key = `${event.market}/${event.orderId}`
  const before = orders.get(key)
  const accepted = event.type === 'order.accepted'
  orders.set(key, {
    market: event.market,
    orderId: event.orderId,
    placed: accepted ? placedBy(event) : (before?.placed ?? null),
    price: event.price,
    quantity: event.quantity,
    quoteQuantity: event.quoteQuantity,
    filledQuantity: event.filledQuantity,
    leavesQuantity: event.leavesQuantity,
    filledQuote: event.filledQuote,
    fee: event.fee,
    status: orderStatusAfter(event),
    reason: event.type === 'order.cancelled' ? event.reason : null,
    updatedUs: event.timestampUs,
    sequence: event.sequence,
    terms: event.terms ?? before?.terms,
  })
}

function placedBy(event: OrderEvent): Placed {
  const { account, clientOrderId, side, orderType, timeInForce, postOnly, selfTradePrevention } = event
  return { account, clientOrderId, side, orderType, timeInForce, postOnly, selfTradePrevention, createdUs: event.timestampUs, createdSequence: event.sequence }
}

function foldParty(orders: Map<string, OrderChange>, trade: TradeExecuted, party: TradeParty): void {
  const key = `${trade.market}/${party.orderId}`
  const before = orders.get(key)
  orders.set(key, {
    market: trade.market,
    orderId: party.orderId,
    placed: before?.placed ?? null,
    price: before?.price,
    quantity: before?.quantity,
    quoteQuantity: before?.quoteQuantity,
    filledQuantity: party.filledQuantity,
    leavesQuantity: party.leavesQuantity,
    filledQuote: party.filledQuote,
    fee: party.totalFee,
    status: party.done ? 'filled' : openStatus(party.filledQuantity),
    reason: null,
    updatedUs: trade.timestampUs,
    sequence: trade.sequence,
    terms: before?.terms,
  })
}

function orderRow(order: OrderChange, placed: Placed): Row {
  const { market, orderId, price, quantity, quoteQuantity, filledQuantity, leavesQuantity, filledQuote, fee, status, reason, updatedUs, sequence } = order
  const { account, clientOrderId, side, orderType, timeInForce, postOnly, selfTradePrevention, createdUs, createdSequence } = placed
  return [
    market, orderId, account, clientOrderId, side, orderType, timeInForce, postOnly ? 1 : 0, selfTradePrevention,
    price ?? 0n, quantity ?? 0n, quoteQuantity ?? 0n, filledQuantity, leavesQuantity, filledQuote, fee, status, reason,
    createdUs, updatedUs, createdSequence, sequence, order.terms === undefined ? null : writeTerms(order.terms),
  ]
}

/** In the order of ORDER_CHANGES; null leaves a cell as it is. */
function changeRow(order: OrderChange): Row {
  const { market, orderId, price, quantity, quoteQuantity, filledQuantity, leavesQuantity, filledQuote, fee, status, reason, updatedUs, sequence } = order
  return [price ?? null, quantity ?? null, quoteQuantity ?? null, filledQuantity, leavesQuantity, filledQuote, fee, status, reason, updatedUs, sequence, order.terms === undefined ? null : writeTerms(order.terms), market, orderId]
}

function fillRow(trade: TradeExecuted, party: TradeParty, liquidity: 'maker' | 'taker'): Row {
  const side: Side = liquidity === 'taker' ? trade.takerSide : trade.takerSide === 'buy' ? 'sell' : 'buy'
  const ordinal = trade.index * 2 + (liquidity === 'taker' ? 1 : 0)
  return [party.account, trade.sequence, ordinal, trade.market, trade.tradeId, party.orderId, side, trade.price, trade.quantity, trade.quoteAmount, party.fee, party.special?.feeAsset ?? null, liquidity, trade.timestampUs]
}

function foldCandle(candles: Map<number, Candle[]>, trade: TradeExecuted): void {
  let list = candles.get(trade.market)
  if (list === undefined) candles.set(trade.market, (list = []))
  const candle = candleOfTrade(FINEST_INTERVAL, trade)
  const newest = list.at(-1)
  if (newest?.openTimeUs === candle.openTimeUs) list[list.length - 1] = mergeCandles(newest, candle)
  else list.push(candle)
}
