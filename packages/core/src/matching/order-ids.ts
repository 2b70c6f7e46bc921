/** A chained table from order ids to the rows of resting orders. */
import { MemoryTable } from '../values/memory-table.js'
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
  readonly heads: MemoryTable

  constructor(private readonly memory: RowMemory) {
    this.heads = new MemoryTable(memory)
  }

  /** The row of a resting order, or 0. */
  find(orderId: number): number {
    const { i32, f64 } = this.memory
    let row = i32[this.heads.placeOf(orderId)]!
    while (row !== 0 && f64[row + ORDER_ID] !== orderId) row = i32[row * 2 + ORDER_ID_NEXT]!
    return row
  }

  /** The order at which a search for an id begins, or 0. */
  head(orderId: number): number {
    return this.memory.i32[this.heads.placeOf(orderId)]!
  }

  insert(row: number): void {
    this.makeRoom(1)
    this.heads.countOne()
    this.put(row)
  }

  /** Makes room for so many more orders. */
  makeRoom(orders: number): void {
    if (!this.heads.hasRoom(orders)) this.grow(orders)
  }

  /** Takes out a row that is in the table. */
  remove(row: number): void {
    const { i32, f64 } = this.memory
    const place = this.heads.placeOf(f64[row + ORDER_ID]!)
    const next = i32[row * 2 + ORDER_ID_NEXT]!
    let before = i32[place]!
    if (before === row) {
      i32[place] = next
    } else {
      while (i32[before * 2 + ORDER_ID_NEXT] !== row) {
        if (before === 0) throw new Error(`Order ${f64[row + ORDER_ID]} is not among those that rest.`)
        before = i32[before * 2 + ORDER_ID_NEXT]!
      }
      i32[before * 2 + ORDER_ID_NEXT] = next
    }
    this.heads.forgetOne()
  }

  private put(row: number): void {
    const { i32, f64 } = this.memory
    const place = this.heads.placeOf(f64[row + ORDER_ID]!)
    i32[row * 2 + ORDER_ID_NEXT] = i32[place]!
    i32[place] = row
  }

  private grow(orders: number): void {
    for (const head of this.heads.grow(orders)) {
      for (let row = head, next = 0; row !== 0; row = next) {
        next = this.memory.i32[row * 2 + ORDER_ID_NEXT]!
        this.put(row)
      }
    }
  }
}
