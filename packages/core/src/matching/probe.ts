/** Looks, without touching anything, at what an order would trade. */
import type { RowMemory } from '../values/row-memory.js'
import type { OrderBooks } from './order-books.js'
import { MARKET_LOT, MARKET_NOTIONAL_UNIT } from './market-layout.js'
import { ALLOW, CANCEL_MAKER, DECREMENT, ORDER_FILLED, ORDER_LEAVES, ORDER_NEXT, ORDER_PRICE, ORDER_QUANTITY, ORDER_SEAT } from './order-layout.js'
import { SEAT_GROUP } from './seat-layout.js'

/** An order that has not been accepted yet. */
export interface ProbedOrder {
  /** Row of the market. */
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
export function probe(memory: RowMemory, books: OrderBooks, order: ProbedOrder): ProbedTrade {
  const { i32, i64 } = memory
  const notionalUnit = i64[order.market + MARKET_NOTIONAL_UNIT]!
  const lot = i64[order.market + MARKET_LOT]!
  let wanted = order.quantity
  let quantity = 0n
  let quote = 0n
  for (let level = books.best(order.market, order.isBuy ? 1 : 0); level !== 0; level = books.worse(level)) {
    const price = books.price(level)
    if (order.isBuy ? price > order.limit : price < order.limit) break
    let maker = books.head(level)
    const unitCost = i64[maker + ORDER_PRICE]! * notionalUnit
    // Hidden parts of icebergs come behind everything that the level displays.
    let hidden = 0n
    while (maker !== 0 || hidden > 0n) {
      let offered = hidden
      if (maker === 0) hidden = 0n
      else {
        const row = maker
        maker = i32[row * 2 + ORDER_NEXT]!
        offered = i64[row + ORDER_LEAVES]!
        const open = i64[row + ORDER_QUANTITY]! - i64[row + ORDER_FILLED]!
        if (i32[i32[row * 2 + ORDER_SEAT]! * 2 + SEAT_GROUP] === order.group && order.selfTradePrevention !== ALLOW) {
          if (order.selfTradePrevention === CANCEL_MAKER) continue
          if (order.selfTradePrevention !== DECREMENT || wanted <= open) return { quantity, quote }
          wanted -= open
          continue
        }
        hidden += open - offered
      }
      const units = order.byQuote ? wanted / unitCost : wanted
      const most = order.byQuote ? units - (units % lot) : units
      const traded = most < offered ? most : offered
      if (traded === 0n) return { quantity, quote }
      quantity += traded
      quote += traded * unitCost
      wanted -= order.byQuote ? traded * unitCost : traded
      // What is left of a quote amount buys no lot here, and so ends the walk.
      if (wanted === 0n || traded < offered) return { quantity, quote }
    }
  }
  return { quantity, quote }
}
