/** The orders that wait for a price, of all markets: levels by stop price, orders by their id within a level. */
import { RowPool, type RowMemory } from '../values/row-memory.js'
import * as level from './level-layout.js'
import { MARKET_TRIGGER_INDEX, MARKET_TRIGGERS } from './market-layout.js'
import { ORDER_ID } from './order-layout.js'
import { PriceIndex } from './price-index.js'
import { TERMS_LEVEL, TERMS_NEXT, TERMS_ORDER, TERMS_PREVIOUS, TERMS_STOP } from './terms-layout.js'

/** Orders that start when the last price is at or below their stop price; the highest comes first. */
export const DOWN = 0
/** Orders that start when the last price is at or above their stop price; the lowest comes first. */
export const UP = 1

/**
 * The structure of `OrderBooks` over rows of terms: bids are the triggers on the way down, asks those on
 * the way up. Its price index counts in price units, so that a new tick changes nothing here and a stop
 * price that a trailing stop has computed need not fit the tick.
 */
export class TriggerBook {
  private readonly levels: RowPool
  private readonly index: PriceIndex

  constructor(private readonly memory: RowMemory) {
    this.levels = new RowPool(memory, level.LEVEL_WORDS, level.LEVEL_HEAD)
    this.index = new PriceIndex(memory)
  }

  /** The level that a moving price meets first, or 0. */
  best(market: number, direction: number): number {
    return this.memory.i32[market * 2 + MARKET_TRIGGERS + 1 + direction]!
  }

  /** The level that it meets next, or 0. */
  next(row: number): number {
    const { i32 } = this.memory
    return i32[row * 2 + (i32[row * 2 + level.LEVEL_SIDE] === DOWN ? level.LEVEL_LOWER : level.LEVEL_HIGHER)]!
  }

  /** Stop price of a level in price units. */
  price(row: number): number {
    return this.memory.f64[row + level.LEVEL_PRICE]!
  }

  /** The terms of the order that was accepted first among those of a level. */
  head(row: number): number {
    return this.memory.i32[row * 2 + level.LEVEL_HEAD]!
  }

  /** The level at a stop price, or 0. */
  levelAt(market: number, direction: number, price: number): number {
    return this.index.find(indexOf(market, direction), price)
  }

  /** Puts an order, by its terms, among those of its stop price, behind the ones that were accepted before it. */
  add(terms: number, market: number, direction: number): void {
    const price = Number(this.memory.i64[terms + TERMS_STOP]!)
    const row = this.levelAt(market, direction, price) || this.addLevel(market, direction, price)
    const { i32 } = this.memory
    let previous = i32[row * 2 + level.LEVEL_TAIL]!
    while (previous !== 0 && this.orderId(previous) > this.orderId(terms)) previous = i32[previous * 2 + TERMS_PREVIOUS]!
    const next = previous === 0 ? i32[row * 2 + level.LEVEL_HEAD]! : i32[previous * 2 + TERMS_NEXT]!
    i32[terms * 2 + TERMS_LEVEL] = row
    i32[terms * 2 + TERMS_PREVIOUS] = previous
    i32[terms * 2 + TERMS_NEXT] = next
    if (previous === 0) i32[row * 2 + level.LEVEL_HEAD] = terms
    else i32[previous * 2 + TERMS_NEXT] = terms
    if (next === 0) i32[row * 2 + level.LEVEL_TAIL] = terms
    else i32[next * 2 + TERMS_PREVIOUS] = terms
  }

  /** Takes an order, by its terms, out of its level; one that stands in none is left alone. */
  remove(terms: number): void {
    const { i32 } = this.memory
    const row = i32[terms * 2 + TERMS_LEVEL]!
    if (row === 0) return
    i32[terms * 2 + TERMS_LEVEL] = 0
    const next = i32[terms * 2 + TERMS_NEXT]!
    const previous = i32[terms * 2 + TERMS_PREVIOUS]!
    if (previous === 0) i32[row * 2 + level.LEVEL_HEAD] = next
    else i32[previous * 2 + TERMS_NEXT] = next
    if (next === 0) i32[row * 2 + level.LEVEL_TAIL] = previous
    else i32[next * 2 + TERMS_PREVIOUS] = previous
    if (previous === 0 && next === 0) this.removeLevel(row)
  }

  private addLevel(market: number, direction: number, price: number): number {
    const row = this.levels.take()
    const { i32, f64 } = this.memory
    const ends = market * 2 + MARKET_TRIGGERS + direction * 2
    const lower = this.index.insert(indexOf(market, direction), price, row)
    const higher = lower === 0 ? i32[ends]! : i32[lower * 2 + level.LEVEL_HIGHER]!
    f64[row + level.LEVEL_PRICE] = price
    i32[row * 2 + level.LEVEL_HEAD] = 0
    i32[row * 2 + level.LEVEL_TAIL] = 0
    i32[row * 2 + level.LEVEL_LOWER] = lower
    i32[row * 2 + level.LEVEL_HIGHER] = higher
    i32[row * 2 + level.LEVEL_MARKET] = market
    i32[row * 2 + level.LEVEL_SIDE] = direction
    if (lower === 0) i32[ends] = row
    else i32[lower * 2 + level.LEVEL_HIGHER] = row
    if (higher === 0) i32[ends + 1] = row
    else i32[higher * 2 + level.LEVEL_LOWER] = row
    return row
  }

  private removeLevel(row: number): void {
    const { i32 } = this.memory
    const market = i32[row * 2 + level.LEVEL_MARKET]!
    const direction = i32[row * 2 + level.LEVEL_SIDE]!
    const ends = market * 2 + MARKET_TRIGGERS + direction * 2
    const lower = i32[row * 2 + level.LEVEL_LOWER]!
    const higher = i32[row * 2 + level.LEVEL_HIGHER]!
    if (lower === 0) i32[ends] = higher
    else i32[lower * 2 + level.LEVEL_HIGHER] = higher
    if (higher === 0) i32[ends + 1] = lower
    else i32[higher * 2 + level.LEVEL_LOWER] = lower
    this.index.remove(indexOf(market, direction), this.price(row))
    this.levels.release(row)
  }

  private orderId(terms: number): number {
    return this.memory.f64[this.memory.i32[terms * 2 + TERMS_ORDER]! + ORDER_ID]!
  }
}

/** How the price index names a market's direction. */
function indexOf(market: number, direction: number): number {
  return market * 2 + MARKET_TRIGGER_INDEX + direction * 2
}
