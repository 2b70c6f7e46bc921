/** A chained table from order ids to the rows of resting orders. */
import type { RowMemory } from '../values/row-memory.js'
import * as orderLayout from './order-layout.js'

const { ORDER_ID, ORDER_ID_NEXT } = orderLayout

/**
 * One head per place, the low bits of the id; orders of the same place are chained through their rows.
 *
 * Ids count up by one, so new orders fill neighbouring places: a cache line of heads serves sixteen of them.
 * An old order that stays makes one chain longer and no other, as it would where places are probed.
 */
export class OrderIds {
  private heads = new Int32Array(64)
  private mask = 63
  private count = 0

  constructor(private readonly memory: RowMemory) {}

  /** The row of a resting order, or 0. */
  find(orderId: number): number {
    const { i32, f64 } = this.memory
    let row = this.heads[orderId & this.mask]!
    while (row !== 0 && f64[row + ORDER_ID] !== orderId) row = i32[row * 2 + ORDER_ID_NEXT]!
    return row
  }

  /** The order at which a search for an id begins, or 0. */
  head(orderId: number): number {
    return this.heads[orderId & this.mask]!
  }

  insert(row: number): void {
    if (++this.count * 2 > this.mask) this.grow()
    this.put(row)
  }

  /** Takes out a row that is in the table. */
  remove(row: number): void {
    const { i32, f64 } = this.memory
    const place = f64[row + ORDER_ID]! & this.mask
    const next = i32[row * 2 + ORDER_ID_NEXT]!
    this.count--
    let before = this.heads[place]!
    if (before === row) {
      this.heads[place] = next
      return
    }
    while (i32[before * 2 + ORDER_ID_NEXT] !== row) before = i32[before * 2 + ORDER_ID_NEXT]!
    i32[before * 2 + ORDER_ID_NEXT] = next
  }

  private put(row: number): void {
    const place = this.memory.f64[row + ORDER_ID]! & this.mask
    this.memory.i32[row * 2 + ORDER_ID_NEXT] = this.heads[place]!
    this.heads[place] = row
  }

  private grow(): void {
    const old = this.heads
    this.mask = this.mask * 2 + 1
    this.heads = new Int32Array(this.mask + 1)
    for (const head of old) {
      for (let row = head, next = 0; row !== 0; row = next) {
        next = this.memory.i32[row * 2 + ORDER_ID_NEXT]!
        this.put(row)
      }
    }
  }
}
