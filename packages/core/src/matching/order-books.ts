/** The books of all markets: price levels in price order, orders in time order within a level. */
import { MemoryTable } from '../values/memory-table.js'
import { ROW_BITS, RowPool, type RowMemory } from '../values/row-memory.js'
import { PriceIndex } from './price-index.js'
import * as levelLayout from './level-layout.js'
import * as marketLayout from './market-layout.js'
import * as orderLayout from './order-layout.js'

const { LEVEL_WORDS, LEVEL_ORDER_PRICE, LEVEL_PRICE, LEVEL_QUANTITY, LEVEL_HEAD, LEVEL_TAIL, LEVEL_COUNT, LEVEL_LOWER, LEVEL_HIGHER, LEVEL_MARKET, LEVEL_SIDE } = levelLayout
const { MARKET_BEST, MARKET_INDEX, MARKET_KEY_UNIT, MARKET_LEVELS } = marketLayout
const { ORDER_PRICE, ORDER_LEAVES, ORDER_NEXT, ORDER_PREVIOUS, ORDER_LEVEL } = orderLayout

const ROW = ROW_BITS
const TWO_32 = 4294967296
const LEAST_RECENT = 1_024
const MOST_RECENT = 1 << 20
/** Odd; the highest bits of a product with them differ for prices and markets that are near each other. */
export const SPREAD = 0x9e3779b1
export const SPREAD_BOOKS = 0x85ebca6b

/**
 * A side of a book is named by its market's row and 0 for bids, 1 for asks. Levels and index nodes of all
 * books share their pools, so that a thousand quiet markets cost next to nothing.
 */
export class OrderBooks {
  readonly levels: RowPool
  readonly index: PriceIndex
  /** Levels used lately, by a hash of price, market and side: saves most descents of the index. As many places as there are levels, and more. */
  readonly recent: MemoryTable

  constructor(private readonly memory: RowMemory) {
    this.levels = new RowPool(memory, LEVEL_WORDS, LEVEL_HEAD)
    this.index = new PriceIndex(memory)
    this.recent = new MemoryTable(memory, LEAST_RECENT)
  }

  /** Makes room for a new level, and for more levels used lately where there are many; to be called before a command. */
  makeRoom(): void {
    const { levels, recent } = this
    if (levels.live >= recent.length && recent.length < MOST_RECENT) recent.resize(recent.length * 4)
  }

  /** The best level of a side, or 0: the highest bid, the lowest ask. */
  best(market: number, side: number): number {
    return this.memory.i32[market * 2 + MARKET_BEST + side]!
  }

  /** The next worse level of the same side, or 0. */
  worse(level: number): number {
    const i32 = this.memory.i32
    return i32[level * 2 + (i32[level * 2 + LEVEL_SIDE] === 0 ? LEVEL_LOWER : LEVEL_HIGHER)]!
  }

  /** Price of a level in price units. */
  price(level: number): number {
    return this.memory.f64[level + LEVEL_PRICE]!
  }

  side(level: number): number {
    return this.memory.i32[level * 2 + LEVEL_SIDE]!
  }

  /** The oldest order of a level. */
  head(level: number): number {
    return this.memory.i32[level * 2 + LEVEL_HEAD]!
  }

  /** The level at a price, or 0. */
  levelAt(market: number, side: number, price: number): number {
    return this.index.find(indexOf(market, side), price / this.memory.f64[market + MARKET_KEY_UNIT]!)
  }

  /** The same for a price that is a multiple of the market's tick; an order that is added there next finds it faster. */
  lookUp(market: number, side: number, price: number): number {
    const { i32, f64 } = this.memory
    const place = this.recentPlace(market, side, price | 0)
    const recent = i32[place]! & ROW
    if (f64[recent + LEVEL_PRICE] === price && i32[recent * 2 + LEVEL_MARKET] === market && i32[recent * 2 + LEVEL_SIDE] === side) return recent
    const level = this.levelAt(market, side, price)
    if (level !== 0) i32[place] = level
    return level
  }

  /** The level that is likely to be at a price, of which the lower half is given, without a look at it; 0 or another one where it is not. */
  guess(market: number, side: number, priceBits: number): number {
    return this.memory.i32[this.recentPlace(market, side, priceBits)]!
  }

  /** Price of an order as a double; prices stay below 2^53. */
  priceOf(row: number): number {
    const i32 = this.memory.i32
    const order = row & ROW
    return i32[(order + ORDER_PRICE) * 2 + 1]! * TWO_32 + (i32[(order + ORDER_PRICE) * 2]! >>> 0)
  }

  /** Puts an order at the tail of its level. */
  add(row: number, marketRow: number, side: number): void {
    const { i32, i64 } = this.memory
    const order = row & ROW
    const market = marketRow & ROW
    const place = this.recentPlace(market, side, i32[(order + ORDER_PRICE) * 2]!)
    let level = i32[place]! & ROW
    if (i64[level + LEVEL_ORDER_PRICE]! !== i64[order + ORDER_PRICE]! || i32[level * 2 + LEVEL_MARKET] !== market || i32[level * 2 + LEVEL_SIDE] !== side) level = this.findOrAddLevel(order, market, side) & ROW
    const tail = i32[level * 2 + LEVEL_TAIL]! & ROW
    i32[order * 2 + ORDER_LEVEL] = level
    i32[order * 2 + ORDER_PREVIOUS] = tail
    i32[order * 2 + ORDER_NEXT] = 0
    if (tail === 0) i32[level * 2 + LEVEL_HEAD] = order
    else i32[tail * 2 + ORDER_NEXT] = order
    i32[level * 2 + LEVEL_TAIL] = order
    i32[level * 2 + LEVEL_COUNT] = i32[level * 2 + LEVEL_COUNT]! + 1
    i64[level + LEVEL_QUANTITY] = BigInt.asIntN(64, i64[level + LEVEL_QUANTITY]! + i64[order + ORDER_LEAVES]!)
  }

  /** Takes an order out of its level, and the level away with its last order. */
  remove(row: number): void {
    const { i32, i64 } = this.memory
    const order = row & ROW
    const level = i32[order * 2 + ORDER_LEVEL]! & ROW
    i32[order * 2 + ORDER_LEVEL] = 0
    const count = i32[level * 2 + LEVEL_COUNT]! - 1
    if (count === 0) {
      this.removeLevel(level)
      return
    }
    i32[level * 2 + LEVEL_COUNT] = count
    const next = i32[order * 2 + ORDER_NEXT]! & ROW
    const previous = i32[order * 2 + ORDER_PREVIOUS]! & ROW
    if (previous === 0) i32[level * 2 + LEVEL_HEAD] = next
    else i32[previous * 2 + ORDER_NEXT] = next
    if (next === 0) i32[level * 2 + LEVEL_TAIL] = previous
    else i32[next * 2 + ORDER_PREVIOUS] = previous
    i64[level + LEVEL_QUANTITY] = BigInt.asIntN(64, i64[level + LEVEL_QUANTITY]! - i64[order + ORDER_LEAVES]!)
  }

  /** Puts an order that was just removed back into the place that it had; nothing may have changed in the book since. */
  putBack(row: number, market: number, side: number): void {
    const { i32, i64 } = this.memory
    const order = row & ROW
    const next = i32[order * 2 + ORDER_NEXT]!
    const previous = i32[order * 2 + ORDER_PREVIOUS]!
    if (next === 0) {
      this.add(order, market, side)
      return
    }
    const level = i32[next * 2 + ORDER_LEVEL]!
    i32[order * 2 + ORDER_LEVEL] = level
    i32[next * 2 + ORDER_PREVIOUS] = order
    if (previous === 0) i32[level * 2 + LEVEL_HEAD] = order
    else i32[previous * 2 + ORDER_NEXT] = order
    i32[level * 2 + LEVEL_COUNT] = i32[level * 2 + LEVEL_COUNT]! + 1
    i64[level + LEVEL_QUANTITY] = BigInt.asIntN(64, i64[level + LEVEL_QUANTITY]! + i64[order + ORDER_LEAVES]!)
  }

  /** Changes what the price index divides prices by; every price in the book must be a multiple of it. */
  rekey(market: number, unit: number): void {
    const old = this.memory.f64[market + MARKET_KEY_UNIT]!
    this.memory.f64[market + MARKET_KEY_UNIT] = unit
    if (old === unit) return
    for (let side = 0; side < 2; side++) {
      const number = indexOf(market, side)
      for (let level = this.best(market, side); level !== 0; level = this.worse(level)) this.index.remove(number, this.price(level) / old)
      this.index.forget(number)
      for (let level = this.best(market, side); level !== 0; level = this.worse(level)) this.index.insert(number, this.price(level) / unit, level)
    }
  }

  private addLevel(market: number, side: number, price: number): number {
    const level = this.levels.take()
    const { i32, f64, i64 } = this.memory
    const ends = market * 2 + MARKET_LEVELS + side * 2
    const lower = this.index.insert(indexOf(market, side), price / f64[market + MARKET_KEY_UNIT]!, level)
    const higher = lower === 0 ? i32[ends]! : i32[lower * 2 + LEVEL_HIGHER]!
    f64[level + LEVEL_PRICE] = price
    const high = Math.floor(price / TWO_32)
    i32[(level + LEVEL_ORDER_PRICE) * 2] = price - high * TWO_32
    i32[(level + LEVEL_ORDER_PRICE) * 2 + 1] = high
    i64[level + LEVEL_QUANTITY] = 0n
    i32[level * 2 + LEVEL_HEAD] = 0
    i32[level * 2 + LEVEL_TAIL] = 0
    i32[level * 2 + LEVEL_COUNT] = 0
    i32[level * 2 + LEVEL_LOWER] = lower
    i32[level * 2 + LEVEL_HIGHER] = higher
    i32[level * 2 + LEVEL_MARKET] = market
    i32[level * 2 + LEVEL_SIDE] = side
    if (lower === 0) i32[ends] = level
    else i32[lower * 2 + LEVEL_HIGHER] = level
    if (higher === 0) i32[ends + 1] = level
    else i32[higher * 2 + LEVEL_LOWER] = level
    return level
  }

  private removeLevel(level: number): void {
    const { i32, f64 } = this.memory
    const market = i32[level * 2 + LEVEL_MARKET]!
    const side = i32[level * 2 + LEVEL_SIDE]!
    const ends = market * 2 + MARKET_LEVELS + side * 2
    const lower = i32[level * 2 + LEVEL_LOWER]!
    const higher = i32[level * 2 + LEVEL_HIGHER]!
    if (lower === 0) i32[ends] = higher
    else i32[lower * 2 + LEVEL_HIGHER] = higher
    if (higher === 0) i32[ends + 1] = lower
    else i32[higher * 2 + LEVEL_LOWER] = lower
    this.index.remove(indexOf(market, side), f64[level + LEVEL_PRICE]! / f64[market + MARKET_KEY_UNIT]!)
    i32[level * 2 + LEVEL_MARKET] = 0
    this.levels.release(level)
  }

  /** @param priceBits the lower half of the price. */
  private recentPlace(market: number, side: number, priceBits: number): number {
    const hash = Math.imul(priceBits, SPREAD) ^ Math.imul(market ^ side, SPREAD_BOOKS)
    return this.recent.highPlaceOf(hash)
  }

  private findOrAddLevel(order: number, market: number, side: number): number {
    const price = this.priceOf(order)
    const level = this.levelAt(market, side, price) || this.addLevel(market, side, price)
    this.memory.i32[this.recentPlace(market, side, price | 0)] = level
    return level
  }
}

/** How the price index names a side. */
function indexOf(market: number, side: number): number {
  return market * 2 + MARKET_INDEX + side * 2
}
