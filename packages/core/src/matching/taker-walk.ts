/** Trades one incoming order against the best resting ones until it is done, blocked, or out of its limit. */
import type { OrderBooks } from './order-books.js'
import type { MarketRows } from './market-rows.js'
import type { OrderRows } from './order-rows.js'
import * as levelLayout from './level-layout.js'
import * as marketLayout from './market-layout.js'
import * as orderLayout from './order-layout.js'

const { LEVEL_WORDS, LEVEL_PRICE, LEVEL_QUANTITY, LEVEL_HEAD } = levelLayout
const { MARKET_WORDS, MARKET_LOT, MARKET_NOTIONAL_UNIT } = marketLayout
const {
  ALLOW,
  BY_QUOTE,
  CANCEL_BOTH,
  CANCEL_TAKER,
  DECREMENT,
  ORDER_ENUMS,
  ORDER_FILLED,
  ORDER_FILLED_QUOTE,
  ORDER_FLAGS,
  ORDER_GROUP,
  ORDER_LEAVES,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_WORDS,
} = orderLayout

/** Why a walk ended. */
export const DONE = 0
/** The next level is beyond the limit. */
export const OUT_OF_LIMIT = 1
/** Nothing rests on the other side any more. */
export const OUT_OF_BOOK = 2
/** The quote amount left buys no lot at the next price. */
export const OUT_OF_BUDGET = 3
/** An order of the same group stood next, and the taker's mode says that it must not go on. */
export const STOPPED_BY_OWN_ORDER = 4

/** What matching leaves to others: money, events, and the end of orders. */
export interface Settlement {
  /** One cell: the quantity of the trade or decrement being reported, because a bigint argument would be allocated. */
  readonly quantity: BigInt64Array
  /** Both orders traded `quantity` at the maker's price; their leaves and filled quantities already say so. */
  trade(taker: number, maker: number): void
  /** The maker has no leaves, and no place in the book any more. */
  makerFilled(maker: number): void
  /** The maker must leave the book by self-trade prevention. */
  cancelMaker(maker: number): void
  /** Both orders lose `quantity` without a trade; the walk has changed nothing yet. */
  decrement(taker: number, maker: number): void
}

export class TakerWalk {
  private readonly quantity: BigInt64Array

  constructor(
    private readonly orders: OrderRows,
    private readonly markets: MarketRows,
    private readonly books: OrderBooks,
    private readonly settlement: Settlement,
  ) {
    this.quantity = settlement.quantity
  }

  /**
   * @param side the side that the taker trades against.
   * @returns why it ended: one of the constants above.
   */
  run(taker: number, side: number): number {
    const { books, settlement, quantity } = this
    const limit = books.priceOf(taker)
    let level = books.best(side)
    if (level === 0) return OUT_OF_BOOK
    // No row is added while the walk goes on, so that the views stay valid.
    const cells = this.orders.i64
    const fields = this.orders.i32
    const levels = books.levels
    const takerAt = taker * ORDER_WORDS
    const group = fields[takerAt * 2 + ORDER_GROUP]!
    const prevention = fields[takerAt * 2 + ORDER_ENUMS]! >>> 24
    const byQuote = (fields[takerAt * 2 + ORDER_FLAGS]! & BY_QUOTE) !== 0
    const isBuy = (side & 1) === 1
    do {
      const price = levels.f64[level * LEVEL_WORDS + LEVEL_PRICE]!
      if (isBuy ? price > limit : price < limit) return OUT_OF_LIMIT
      const maker = levels.i32[level * 2 * LEVEL_WORDS + LEVEL_HEAD]!
      const makerAt = maker * ORDER_WORDS
      if (fields[makerAt * 2 + ORDER_GROUP] === group && prevention !== ALLOW) {
        if (this.preventSelfTrade(taker, maker, prevention)) return STOPPED_BY_OWN_ORDER
        if (!byQuote && cells[takerAt + ORDER_LEAVES]! === 0n) return DONE
        continue
      }
      if (byQuote) {
        if (!this.affordable(taker, maker, side >> 1)) return OUT_OF_BUDGET
      } else {
        const wanted = cells[takerAt + ORDER_LEAVES]!
        const offered = cells[makerAt + ORDER_LEAVES]!
        quantity[0] = wanted < offered ? wanted : offered
        cells[takerAt + ORDER_LEAVES] = BigInt.asIntN(64, wanted - quantity[0]!)
      }
      const traded = quantity[0]!
      const total = level * LEVEL_WORDS + LEVEL_QUANTITY
      cells[takerAt + ORDER_FILLED] = BigInt.asIntN(64, cells[takerAt + ORDER_FILLED]! + traded)
      cells[makerAt + ORDER_FILLED] = BigInt.asIntN(64, cells[makerAt + ORDER_FILLED]! + traded)
      cells[makerAt + ORDER_LEAVES] = BigInt.asIntN(64, cells[makerAt + ORDER_LEAVES]! - traded)
      levels.i64[total] = BigInt.asIntN(64, levels.i64[total]! - traded)
      settlement.trade(taker, maker)
      if (cells[makerAt + ORDER_LEAVES]! === 0n) {
        books.remove(maker)
        settlement.makerFilled(maker)
      }
      if (byQuote ? cells[takerAt + ORDER_FILLED_QUOTE]! === cells[takerAt + ORDER_QUANTITY]! : cells[takerAt + ORDER_LEAVES]! === 0n) return DONE
    } while ((level = books.best(side)) !== 0)
    return OUT_OF_BOOK
  }

  /** Sets the quantity to the whole lots that the rest of the quote amount covers at the maker's price. */
  private affordable(taker: number, maker: number, market: number): boolean {
    const cells = this.orders.i64
    const rules = this.markets.i64
    const budget = cells[taker * ORDER_WORDS + ORDER_QUANTITY]! - cells[taker * ORDER_WORDS + ORDER_FILLED_QUOTE]!
    const unitCost = cells[maker * ORDER_WORDS + ORDER_PRICE]! * rules[market * MARKET_WORDS + MARKET_NOTIONAL_UNIT]!
    const units = budget / unitCost
    const lots = units - (units % rules[market * MARKET_WORDS + MARKET_LOT]!)
    const offered = cells[maker * ORDER_WORDS + ORDER_LEAVES]!
    this.quantity[0] = lots < offered ? lots : offered
    return lots > 0n
  }

  /** Acts on a resting order of the taker's own group. @returns whether the taker must stop. */
  private preventSelfTrade(taker: number, maker: number, prevention: number): boolean {
    if (prevention === CANCEL_TAKER) return true
    if (prevention === DECREMENT) {
      const wanted = this.orders.i64[taker * ORDER_WORDS + ORDER_LEAVES]!
      const offered = this.orders.i64[maker * ORDER_WORDS + ORDER_LEAVES]!
      this.quantity[0] = wanted < offered ? wanted : offered
      this.settlement.decrement(taker, maker)
      return false
    }
    this.settlement.cancelMaker(maker)
    return prevention === CANCEL_BOTH
  }
}
