/** Trades one incoming order against the best resting ones until it is done, blocked, or out of its limit. */
import { ROW_BITS, type RowMemory } from '../values/row-memory.js'
import type { OrderBooks } from './order-books.js'
import * as levelLayout from './level-layout.js'
import * as marketLayout from './market-layout.js'
import * as orderLayout from './order-layout.js'
import * as registers from './registers.js'
import * as seatLayout from './seat-layout.js'

const { LEVEL_PRICE, LEVEL_QUANTITY, LEVEL_HEAD } = levelLayout
const { MARKET_BEST, MARKET_LOT, MARKET_NOTIONAL_UNIT } = marketLayout
const {
  ALLOW,
  BOUNDED,
  BY_QUOTE,
  CANCEL_BOTH,
  CANCEL_TAKER,
  DECREMENT,
  ICEBERG,
  ORDER_ENUMS,
  ORDER_FILLED,
  ORDER_FILLED_QUOTE,
  ORDER_FLAGS,
  ORDER_LEAVES,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_SEAT,
} = orderLayout
const { QUANTITY, WALK_LIMIT } = registers
const { SEAT_GROUP } = seatLayout
const ROW = ROW_BITS

/** Why a walk ended. */
export const DONE = 0
/** The next level is beyond the limit. */
export const OUT_OF_LIMIT = 1
/** Nothing rests on the other side any more. */
export const OUT_OF_BOOK = 2
/** The quote amount left buys no lot at the next price. */
export const OUT_OF_BUDGET = 3
/** The circuit breaker halted the market before the next trade. */
export const HALTED = 4
/** An order of the same group stood next, and the taker's mode says that it must not go on. */
export const STOPPED_BY_OWN_ORDER = 5
/** The price band ends before the order's limit. From {@link STOPPED_BY_OWN_ORDER} on, what is left must not rest. */
export const OUT_OF_BAND = 6

/** What matching leaves to others: money, events, and the end of orders. It may release rows, but takes none. */
export interface Settlement {
  /** Both orders traded the register `QUANTITY` at the maker's price; their leaves already say so. */
  trade(taker: number, maker: number): void
  /** The maker has no displayed leaves, and no place in the book any more; an iceberg may take a new one. */
  makerFilled(maker: number): void
  /** The maker must leave the book by self-trade prevention. */
  cancelMaker(maker: number): void
  /** Both orders lose the register `QUANTITY` without a trade; the walk has changed nothing yet. */
  decrement(taker: number, maker: number): void
}

export class TakerWalk {
  constructor(
    private readonly memory: RowMemory,
    private readonly books: OrderBooks,
    private readonly settlement: Settlement,
  ) {}

  /**
   * @param market the market's row.
   * @param side the side that the taker trades against.
   * @returns why it ended: one of the constants above.
   */
  run(takerRow: number, marketRow: number, side: number): number {
    const { i32, f64, i64 } = this.memory
    const taker = takerRow & ROW
    const market = marketRow & ROW
    let level = i32[market * 2 + MARKET_BEST + side]! & ROW
    if (level === 0) return OUT_OF_BOOK
    const { books, settlement } = this
    const flags = i32[taker * 2 + ORDER_FLAGS]!
    const limit = (flags & BOUNDED) === 0 ? books.priceOf(taker) : f64[WALK_LIMIT]!
    const prevention = i32[taker * 2 + ORDER_ENUMS]! >>> 24
    const group = i32[(i32[taker * 2 + ORDER_SEAT]! & ROW) * 2 + SEAT_GROUP]!
    const byQuote = (flags & BY_QUOTE) !== 0
    // Sides come at random: a product spares a branch that would be foreseen half the time.
    const sign = side * 2 - 1
    do {
      const price = f64[level + LEVEL_PRICE]!
      if ((price - limit) * sign > 0) return OUT_OF_LIMIT
      const maker = i32[level * 2 + LEVEL_HEAD]! & ROW
      if (prevention !== ALLOW && i32[(i32[maker * 2 + ORDER_SEAT]! & ROW) * 2 + SEAT_GROUP] === group) {
        if (this.preventSelfTrade(taker, maker, prevention)) return STOPPED_BY_OWN_ORDER
        if (!byQuote && i64[taker + ORDER_LEAVES]! === 0n) return DONE
        continue
      }
      if (byQuote) {
        if (!this.affordable(taker, maker, market)) return OUT_OF_BUDGET
      } else {
        const wanted = i64[taker + ORDER_LEAVES]!
        const offered = i64[maker + ORDER_LEAVES]!
        if (wanted < offered) i64[QUANTITY] = wanted
        else i64[QUANTITY] = offered
        i64[taker + ORDER_LEAVES] = BigInt.asIntN(64, wanted - i64[QUANTITY]!)
      }
      const traded = i64[QUANTITY]!
      i64[maker + ORDER_LEAVES] = BigInt.asIntN(64, i64[maker + ORDER_LEAVES]! - traded)
      i64[level + LEVEL_QUANTITY] = BigInt.asIntN(64, i64[level + LEVEL_QUANTITY]! - traded)
      settlement.trade(taker, maker)
      if (i64[maker + ORDER_LEAVES]! === 0n) {
        books.remove(maker)
        settlement.makerFilled(maker)
      }
      if (byQuote) {
        if (i64[taker + ORDER_FILLED_QUOTE]! === i64[taker + ORDER_QUANTITY]!) return DONE
      } else if (i64[taker + ORDER_LEAVES]! === 0n) {
        return DONE
      }
    } while ((level = i32[market * 2 + MARKET_BEST + side]! & ROW) !== 0)
    return OUT_OF_BOOK
  }

  /** Sets the quantity to the whole lots that the rest of the quote amount covers at the maker's price. */
  private affordable(taker: number, maker: number, market: number): boolean {
    const { i64 } = this.memory
    const budget = i64[taker + ORDER_QUANTITY]! - i64[taker + ORDER_FILLED_QUOTE]!
    const units = budget / (i64[maker + ORDER_PRICE]! * i64[market + MARKET_NOTIONAL_UNIT]!)
    const lots = units - (units % i64[market + MARKET_LOT]!)
    const offered = i64[maker + ORDER_LEAVES]!
    i64[QUANTITY] = lots < offered ? lots : offered
    return lots > 0n
  }

  /** Acts on a resting order of the taker's own group. @returns whether the taker must stop. */
  private preventSelfTrade(taker: number, maker: number, prevention: number): boolean {
    if (prevention === CANCEL_TAKER) return true
    if (prevention === DECREMENT) {
      const { i64 } = this.memory
      const wanted = i64[taker + ORDER_LEAVES]!
      // All that is left, the hidden part of an iceberg too.
      const hides = (this.memory.i32[maker * 2 + ORDER_FLAGS]! & ICEBERG) !== 0
      const offered = hides ? i64[maker + ORDER_QUANTITY]! - i64[maker + ORDER_FILLED]! : i64[maker + ORDER_LEAVES]!
      i64[QUANTITY] = wanted < offered ? wanted : offered
      this.settlement.decrement(taker, maker)
      return false
    }
    this.settlement.cancelMaker(maker)
    return prevention === CANCEL_BOTH
  }
}
