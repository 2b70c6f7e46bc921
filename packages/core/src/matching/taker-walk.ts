/** Trades one incoming order against the best resting ones until it is done, blocked, or out of its limit. */
import { type OrderBooks } from './order-books.js'
import { type MarketRows } from './market-rows.js'
import { type OrderRows } from './order-rows.js'
import * as orderLayout from './order-layout.js'
import * as marketLayout from './market-layout.js'
import * as levelLayout from './level-layout.js'

const {
  ORDER_WORDS,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_LEAVES,
  ORDER_FILLED,
  ORDER_FILLED_QUOTE,
  ORDER_LEVEL,
  ORDER_GROUP,
  ORDER_ENUMS,
  ORDER_FLAGS,
  BY_QUOTE,
  CANCEL_TAKER,
  CANCEL_BOTH,
  DECREMENT,
  ALLOW,
} = orderLayout
const { MARKET_WORDS, MARKET_LOT, MARKET_NOTIONAL_UNIT } = marketLayout
const { LEVEL_WORDS, LEVEL_PRICE, LEVEL_QUANTITY, LEVEL_HEAD } = levelLayout

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
    const { orders, books } = this
    const limit = books.priceOf(taker)
    const isBuy = (side & 1) === 1
    const group = orders.i32[taker * 2 * ORDER_WORDS + ORDER_GROUP]!
    const mode = orders.i32[taker * 2 * ORDER_WORDS + ORDER_ENUMS]! >>> 24
    const byQuote = (orders.i32[taker * 2 * ORDER_WORDS + ORDER_FLAGS]! & BY_QUOTE) !== 0
    for (;;) {
      const level = books.best(side)
      if (level === 0) return OUT_OF_BOOK
      const price = books.levels.f64[level * LEVEL_WORDS + LEVEL_PRICE]!
      if (isBuy ? price > limit : price < limit) return OUT_OF_LIMIT
      const maker = books.levels.i32[level * 2 * LEVEL_WORDS + LEVEL_HEAD]!
      if (orders.i32[maker * 2 * ORDER_WORDS + ORDER_GROUP] === group && mode !== ALLOW) {
        if (this.preventSelfTrade(taker, maker, mode)) return STOPPED_BY_OWN_ORDER
        if (orders.i64[taker * ORDER_WORDS + ORDER_LEAVES]! === 0n && !byQuote) return DONE
        continue
      }
      if (byQuote) {
        if (!this.affordable(taker, maker, side >> 1)) return OUT_OF_BUDGET
      } else {
        this.smallerLeaves(taker, maker)
      }
      this.fill(taker, maker)
      const amounts = orders.i64
      if (byQuote) {
        if (amounts[taker * ORDER_WORDS + ORDER_FILLED_QUOTE]! === amounts[taker * ORDER_WORDS + ORDER_QUANTITY]!) return DONE
      } else if (amounts[taker * ORDER_WORDS + ORDER_LEAVES]! === 0n) {
        return DONE
      }
    }
  }

  private fill(taker: number, maker: number): void {
    const amounts = this.orders.i64
    const quantity = this.quantity[0]!
    const makerAt = maker * ORDER_WORDS
    const takerAt = taker * ORDER_WORDS
    const makerLeaves = BigInt.asIntN(64, amounts[makerAt + ORDER_LEAVES]! - quantity)
    amounts[makerAt + ORDER_LEAVES] = makerLeaves
    amounts[makerAt + ORDER_FILLED] = BigInt.asIntN(64, amounts[makerAt + ORDER_FILLED]! + quantity)
    amounts[takerAt + ORDER_FILLED] = BigInt.asIntN(64, amounts[takerAt + ORDER_FILLED]! + quantity)
    if ((this.orders.i32[takerAt * 2 + ORDER_FLAGS]! & BY_QUOTE) === 0) {
      amounts[takerAt + ORDER_LEAVES] = BigInt.asIntN(64, amounts[takerAt + ORDER_LEAVES]! - quantity)
    }
    const total = this.orders.i32[makerAt * 2 + ORDER_LEVEL]! * LEVEL_WORDS + LEVEL_QUANTITY
    this.books.levels.i64[total] = BigInt.asIntN(64, this.books.levels.i64[total]! - quantity)
    this.settlement.trade(taker, maker)
    if (makerLeaves === 0n) {
      this.books.remove(maker)
      this.settlement.makerFilled(maker)
    }
  }

  private smallerLeaves(taker: number, maker: number): void {
    const amounts = this.orders.i64
    const wanted = amounts[taker * ORDER_WORDS + ORDER_LEAVES]!
    const offered = amounts[maker * ORDER_WORDS + ORDER_LEAVES]!
    this.quantity[0] = wanted < offered ? wanted : offered
  }

  /** Sets the quantity to the whole lots that the rest of the quote amount covers at the maker's price. */
  private affordable(taker: number, maker: number, market: number): boolean {
    const amounts = this.orders.i64
    const rules = this.markets.i64
    const budget = amounts[taker * ORDER_WORDS + ORDER_QUANTITY]! - amounts[taker * ORDER_WORDS + ORDER_FILLED_QUOTE]!
    const unitCost = amounts[maker * ORDER_WORDS + ORDER_PRICE]! * rules[market * MARKET_WORDS + MARKET_NOTIONAL_UNIT]!
    const units = budget / unitCost
    const lots = units - (units % rules[market * MARKET_WORDS + MARKET_LOT]!)
    const offered = amounts[maker * ORDER_WORDS + ORDER_LEAVES]!
    this.quantity[0] = lots < offered ? lots : offered
    return lots > 0n
  }

  /** Acts on a resting order of the taker's own group. @returns whether the taker must stop. */
  private preventSelfTrade(taker: number, maker: number, mode: number): boolean {
    if (mode === CANCEL_TAKER) return true
    if (mode === DECREMENT) {
      this.smallerLeaves(taker, maker)
      this.settlement.decrement(taker, maker)
      return false
    }
    this.settlement.cancelMaker(maker)
    return mode === CANCEL_BOTH
  }
}
