/** The books of all markets: price levels in price order, orders in time order within a level. */
import { grownInt32, TypedRows } from '../values/typed-rows.js'
import { type MarketRows } from './market-rows.js'
import { type OrderRows } from './order-rows.js'
import { PriceIndex } from './price-index.js'
import * as orderLayout from './order-layout.js'
import * as marketLayout from './market-layout.js'
import * as levelLayout from './level-layout.js'

const { ORDER_WORDS, ORDER_PRICE, ORDER_LEAVES, ORDER_NEXT, ORDER_PREVIOUS, ORDER_LEVEL } = orderLayout
const { MARKET_WORDS, MARKET_KEY_UNIT } = marketLayout
const { LEVEL_WORDS, LEVEL_PRICE, LEVEL_QUANTITY, LEVEL_HEAD, LEVEL_TAIL, LEVEL_COUNT, LEVEL_LOWER, LEVEL_HIGHER, LEVEL_SIDE } = levelLayout

const SIDE_WORDS = 2
const LOWEST = 0
const HIGHEST = 1
const TWO_32 = 4294967296
/** The side of a level that is not in use. */
const NO_SIDE = -1
const RECENT_MASK = 1023

/**
 * A side is numbered market x 2 + 0 for bids, + 1 for asks. Levels and index nodes of all sides share
 * their pools, so that a thousand quiet markets cost next to nothing.
 */
export class OrderBooks {
  readonly levels = new TypedRows(LEVEL_WORDS, 64)
  private readonly index = new PriceIndex()
  /** Per side: its lowest and its highest level. */
  private sides = new Int32Array(8 * SIDE_WORDS)
  private freeLevel = 0
  /** Levels used lately, by the low bits of tick and side: saves most descents of the index. */
  private readonly recent = new Int32Array(RECENT_MASK + 1)

  constructor(
    private readonly orders: OrderRows,
    private readonly markets: MarketRows,
  ) {}

  /** Makes the two sides of a market known. */
  open(market: number): void {
    this.index.open(market * 2 + 1)
    const needed = (market + 1) * 2 * SIDE_WORDS
    if (needed > this.sides.length) this.sides = grownInt32(this.sides, Math.max(needed, this.sides.length * 2))
  }

  /** The best level of a side, or 0: the highest bid, the lowest ask. */
  best(side: number): number {
    return this.sides[side * SIDE_WORDS + ((side & 1) === 0 ? HIGHEST : LOWEST)]!
  }

  /** The next worse level of the same side, or 0. */
  worse(level: number): number {
    const at = level * 2 * LEVEL_WORDS
    const i32 = this.levels.i32
    return i32[at + ((i32[at + LEVEL_SIDE]! & 1) === 0 ? LEVEL_LOWER : LEVEL_HIGHER)]!
  }

  /** Price of a level in price units. */
  price(level: number): number {
    return this.levels.f64[level * LEVEL_WORDS + LEVEL_PRICE]!
  }

  side(level: number): number {
    return this.levels.i32[level * 2 * LEVEL_WORDS + LEVEL_SIDE]!
  }

  head(level: number): number {
    return this.levels.i32[level * 2 * LEVEL_WORDS + LEVEL_HEAD]!
  }

  /** The level at a price, or 0. */
  levelAt(side: number, price: number): number {
    return this.index.find(side, price / this.markets.f64[(side >> 1) * MARKET_WORDS + MARKET_KEY_UNIT]!)
  }

  /** Price of an order as a double; prices stay below 2^53. */
  priceOf(row: number): number {
    const at = (row * ORDER_WORDS + ORDER_PRICE) * 2
    return this.orders.i32[at + 1]! * TWO_32 + (this.orders.i32[at]! >>> 0)
  }

  /** Puts an order at the tail of its level. */
  add(row: number, side: number): void {
    const price = this.priceOf(row)
    const tick = price / this.markets.f64[(side >> 1) * MARKET_WORDS + MARKET_KEY_UNIT]!
    const cached = ((tick << 1) ^ side) & RECENT_MASK
    let level = this.recent[cached]!
    if (this.levels.f64[level * LEVEL_WORDS + LEVEL_PRICE] !== price || this.levels.i32[level * 2 * LEVEL_WORDS + LEVEL_SIDE] !== side) {
      level = this.index.find(side, tick)
      if (level === 0) level = this.addLevel(side, tick, price)
      this.recent[cached] = level
    }
    const orders = this.orders.i32
    const levels = this.levels.i32
    const order = row * 2 * ORDER_WORDS
    const at = level * 2 * LEVEL_WORDS
    const tail = levels[at + LEVEL_TAIL]!
    orders[order + ORDER_LEVEL] = level
    orders[order + ORDER_PREVIOUS] = tail
    orders[order + ORDER_NEXT] = 0
    if (tail === 0) levels[at + LEVEL_HEAD] = row
    else orders[tail * 2 * ORDER_WORDS + ORDER_NEXT] = row
    levels[at + LEVEL_TAIL] = row
    levels[at + LEVEL_COUNT] = levels[at + LEVEL_COUNT]! + 1
    const amounts = this.levels.i64
    const quantity = level * LEVEL_WORDS + LEVEL_QUANTITY
    amounts[quantity] = BigInt.asIntN(64, amounts[quantity]! + this.orders.i64[row * ORDER_WORDS + ORDER_LEAVES]!)
  }

  /** Takes an order out of its level, and the level away with its last order. */
  remove(row: number): void {
    const orders = this.orders.i32
    const levels = this.levels.i32
    const order = row * 2 * ORDER_WORDS
    const level = orders[order + ORDER_LEVEL]!
    const at = level * 2 * LEVEL_WORDS
    orders[order + ORDER_LEVEL] = 0
    const count = levels[at + LEVEL_COUNT]! - 1
    if (count === 0) {
      this.removeLevel(level)
      return
    }
    levels[at + LEVEL_COUNT] = count
    const next = orders[order + ORDER_NEXT]!
    const previous = orders[order + ORDER_PREVIOUS]!
    if (previous === 0) levels[at + LEVEL_HEAD] = next
    else orders[previous * 2 * ORDER_WORDS + ORDER_NEXT] = next
    if (next === 0) levels[at + LEVEL_TAIL] = previous
    else orders[next * 2 * ORDER_WORDS + ORDER_PREVIOUS] = previous
    const amounts = this.levels.i64
    const quantity = level * LEVEL_WORDS + LEVEL_QUANTITY
    amounts[quantity] = BigInt.asIntN(64, amounts[quantity]! - this.orders.i64[row * ORDER_WORDS + ORDER_LEAVES]!)
  }

  /** Changes what the price index divides prices by; every price in the book must be a multiple of it. */
  rekey(market: number, unit: number): void {
    const f64 = this.markets.f64
    const at = market * MARKET_WORDS + MARKET_KEY_UNIT
    const old = f64[at]!
    f64[at] = unit
    if (old === unit) return
    for (let side = market * 2; side < market * 2 + 2; side++) {
      for (let level = this.best(side); level !== 0; level = this.worse(level)) this.index.remove(side, this.price(level) / old)
      this.index.forget(side)
      for (let level = this.best(side); level !== 0; level = this.worse(level)) this.index.insert(side, this.price(level) / unit, level)
    }
  }

  private addLevel(side: number, tick: number, price: number): number {
    let level = this.freeLevel
    if (level === 0) level = this.levels.add()
    else this.freeLevel = this.levels.i32[level * 2 * LEVEL_WORDS + LEVEL_HEAD]!
    const levels = this.levels.i32
    const at = level * 2 * LEVEL_WORDS
    const ends = side * SIDE_WORDS
    const lower = this.index.insert(side, tick, level)
    const higher = lower === 0 ? this.sides[ends + LOWEST]! : levels[lower * 2 * LEVEL_WORDS + LEVEL_HIGHER]!
    this.levels.f64[level * LEVEL_WORDS + LEVEL_PRICE] = price
    this.levels.i64[level * LEVEL_WORDS + LEVEL_QUANTITY] = 0n
    levels[at + LEVEL_HEAD] = 0
    levels[at + LEVEL_TAIL] = 0
    levels[at + LEVEL_COUNT] = 0
    levels[at + LEVEL_LOWER] = lower
    levels[at + LEVEL_HIGHER] = higher
    levels[at + LEVEL_SIDE] = side
    if (lower === 0) this.sides[ends + LOWEST] = level
    else levels[lower * 2 * LEVEL_WORDS + LEVEL_HIGHER] = level
    if (higher === 0) this.sides[ends + HIGHEST] = level
    else levels[higher * 2 * LEVEL_WORDS + LEVEL_LOWER] = level
    return level
  }

  private removeLevel(level: number): void {
    const levels = this.levels.i32
    const at = level * 2 * LEVEL_WORDS
    const side = levels[at + LEVEL_SIDE]!
    const lower = levels[at + LEVEL_LOWER]!
    const higher = levels[at + LEVEL_HIGHER]!
    if (lower === 0) this.sides[side * SIDE_WORDS + LOWEST] = higher
    else levels[lower * 2 * LEVEL_WORDS + LEVEL_HIGHER] = higher
    if (higher === 0) this.sides[side * SIDE_WORDS + HIGHEST] = lower
    else levels[higher * 2 * LEVEL_WORDS + LEVEL_LOWER] = lower
    this.index.remove(side, this.price(level) / this.markets.f64[(side >> 1) * MARKET_WORDS + MARKET_KEY_UNIT]!)
    levels[at + LEVEL_HEAD] = this.freeLevel
    levels[at + LEVEL_SIDE] = NO_SIDE
    this.freeLevel = level
  }
}
