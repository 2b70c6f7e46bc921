/** Pairs of exits of one quantity: the first that trades, triggers or ends takes the other with it. */
import type { RowMemory } from '../values/row-memory.js'
import type { OrderIds } from '../matching/order-ids.js'
import { MARKET_BASE_UNIT, MARKET_NOTIONAL_UNIT } from '../matching/market-layout.js'
import * as layout from '../matching/order-layout.js'
import { SEAT_MARKET } from '../matching/seat-layout.js'
import { TERMS_SIBLING } from '../matching/terms-layout.js'

/**
 * Both orders of a pair have terms, which name the other, and nothing of either has been filled: the first
 * fill parts them. The older one holds the money for both, as much as the dearer of the two needs.
 */
export class LinkedOrders {
  constructor(
    private readonly memory: RowMemory,
    private readonly ids: OrderIds,
  ) {}

  /** Links two live orders that have terms. */
  join(first: number, second: number): void {
    this.point(first, second)
    this.point(second, first)
  }

  /** The other order of a pair. */
  siblingOf(order: number): number {
    return this.ids.find(this.memory.f64[this.termsOf(order) + TERMS_SIBLING]!)
  }

  /** Ends a pair; each order keeps the hold that it has. @returns the other order. */
  part(order: number): number {
    const sibling = this.siblingOf(order)
    for (const each of [order, sibling]) {
      this.memory.f64[this.termsOf(each) + TERMS_SIBLING] = 0
      this.memory.i32[each * 2 + layout.ORDER_FLAGS] = this.memory.i32[each * 2 + layout.ORDER_FLAGS]! & ~layout.LINKED
    }
    return sibling
  }

  /** Leaves an order of a former pair what it needs of what both hold, and the other the rest. */
  handOver(order: number, sibling: number): void {
    const { i64 } = this.memory
    const total = i64[order + layout.ORDER_HELD]! + i64[sibling + layout.ORDER_HELD]!
    const needed = this.neededBy(order)
    i64[order + layout.ORDER_HELD] = needed
    i64[sibling + layout.ORDER_HELD] = BigInt.asIntN(64, total - needed)
  }

  /** What must be held for what is left of an order: quote units for a buy at its price, base units for a sell. */
  neededBy(order: number): bigint {
    const { i32, i64 } = this.memory
    const market = i32[i32[order * 2 + layout.ORDER_SEAT]! * 2 + SEAT_MARKET]!
    const leaves = i64[order + layout.ORDER_LEAVES]!
    const isBuy = (i32[order * 2 + layout.ORDER_ENUMS]! & 0xff) === layout.BUY
    return BigInt.asIntN(64, isBuy ? i64[order + layout.ORDER_PRICE]! * leaves * i64[market + MARKET_NOTIONAL_UNIT]! : leaves * i64[market + MARKET_BASE_UNIT]!)
  }

  /** What must be held for a pair: what the dearer order of the two needs. */
  neededByPair(order: number, sibling: number): bigint {
    const [one, other] = [this.neededBy(order), this.neededBy(sibling)]
    return one > other ? one : other
  }

  private point(order: number, sibling: number): void {
    const { f64, i32 } = this.memory
    f64[this.termsOf(order) + TERMS_SIBLING] = f64[sibling + layout.ORDER_ID]!
    i32[order * 2 + layout.ORDER_FLAGS] = i32[order * 2 + layout.ORDER_FLAGS]! | layout.LINKED
  }

  private termsOf(order: number): number {
    return this.memory.i32[order * 2 + layout.ORDER_TERMS]!
  }
}
