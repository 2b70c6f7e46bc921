/** Looks, without touching anything, at what an order would trade. */
import { type MarketRows } from './market-rows.js'
import type { OrderBooks } from './order-books.js'
import { type OrderRows } from './order-rows.js'
import * as orderLayout from './order-layout.js'
import * as marketLayout from './market-layout.js'

const { ORDER_WORDS, ORDER_PRICE, ORDER_LEAVES, ORDER_NEXT, ORDER_GROUP, CANCEL_MAKER, DECREMENT, ALLOW } = orderLayout
const { MARKET_WORDS, MARKET_LOT, MARKET_NOTIONAL_UNIT } = marketLayout

/** An order that has not been accepted yet. */
export interface ProbedOrder {
  readonly market: number
  readonly isBuy: boolean
  /** Price units: trades at this price or better. */
  readonly limit: number
  readonly group: number
  /** Code of `SELF_TRADE_PREVENTIONS`. */
  readonly selfTradePrevention: number
  /** Quantity units, or with `byQuote` a quote amount. */
  readonly quantity: bigint
  readonly byQuote: boolean
}

/** What it would trade: quantity units and quote units. */
export interface ProbedTrade {
  readonly quantity: bigint
  readonly quote: bigint
}

/**
 * Walks the other side as {@link TakerWalk} would: orders that self-trade prevention would cancel are
 * passed over, those that would stop the taker end the walk.
 */
export function probe(tables: { orders: OrderRows; markets: MarketRows; books: OrderBooks }, order: ProbedOrder): ProbedTrade {
  const { orders, books, markets } = tables
  const notionalUnit = markets.i64[order.market * MARKET_WORDS + MARKET_NOTIONAL_UNIT]!
  const lot = markets.i64[order.market * MARKET_WORDS + MARKET_LOT]!
  let wanted = order.quantity
  let quantity = 0n
  let quote = 0n
  for (let level = books.best(order.market * 2 + (order.isBuy ? 1 : 0)); level !== 0; level = books.worse(level)) {
    const price = books.price(level)
    if (order.isBuy ? price > order.limit : price < order.limit) break
    for (let maker = books.head(level); maker !== 0; maker = orders.field(maker, ORDER_NEXT)) {
      const offered = orders.i64[maker * ORDER_WORDS + ORDER_LEAVES]!
      if (orders.field(maker, ORDER_GROUP) === order.group && order.selfTradePrevention !== ALLOW) {
        if (order.selfTradePrevention === CANCEL_MAKER) continue
        if (order.selfTradePrevention !== DECREMENT || wanted <= offered) return { quantity, quote }
        wanted -= offered
        continue
      }
      const unitCost = orders.i64[maker * ORDER_WORDS + ORDER_PRICE]! * notionalUnit
      const units = order.byQuote ? wanted / unitCost : wanted
      const most = order.byQuote ? units - (units % lot) : units
      const traded = most < offered ? most : offered
      if (traded === 0n) return { quantity, quote }
      quantity += traded
      quote += traded * unitCost
      wanted -= order.byQuote ? traded * unitCost : traded
      if (wanted === 0n) return { quantity, quote }
    }
  }
  return { quantity, quote }
}
