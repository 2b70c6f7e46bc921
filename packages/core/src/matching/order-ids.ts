/** An open-addressed table from order ids to the rows of resting orders. */
import { type OrderRows } from './order-rows.js'
import * as orderLayout from './order-layout.js'

const { ORDER_WORDS, ORDER_ID } = orderLayout

export class OrderIds {
  private table = new Int32Array(64)
  private mask = 63
  private count = 0

  constructor(private readonly orders: OrderRows) {}

  /** The row of a resting order, or 0. */
  find(orderId: number): number {
    const f64 = this.orders.f64
    let place = hashId(orderId) & this.mask
    for (;;) {
      const row = this.table[place]!
      if (row === 0 || f64[row * ORDER_WORDS + ORDER_ID] === orderId) return row
      place = (place + 1) & this.mask
    }
  }

  insert(row: number): void {
    if (++this.count * 2 > this.mask) this.grow()
    this.put(row)
  }

  /** Takes out a row that is in the table. */
  remove(row: number): void {
    const { table, mask } = this
    const f64 = this.orders.f64
    let hole = hashId(f64[row * ORDER_WORDS + ORDER_ID]!) & mask
    while (table[hole] !== row) hole = (hole + 1) & mask
    this.count--
    for (let next = (hole + 1) & mask; table[next] !== 0; next = (next + 1) & mask) {
      const home = hashId(f64[table[next]! * ORDER_WORDS + ORDER_ID]!) & mask
      // An entry may move back into the hole unless its home lies behind the hole.
      if (((next - home) & mask) < ((next - hole) & mask)) continue
      table[hole] = table[next]!
      hole = next
    }
    table[hole] = 0
  }

  private put(row: number): void {
    let place = hashId(this.orders.id(row)) & this.mask
    while (this.table[place] !== 0) place = (place + 1) & this.mask
    this.table[place] = row
  }

  private grow(): void {
    const old = this.table
    this.mask = this.mask * 2 + 1
    this.table = new Int32Array(this.mask + 1)
    for (const row of old) if (row !== 0) this.put(row)
  }
}

/** Ids count up by one; multiplying scatters them, so that long-lived runs never form long probes. */
function hashId(orderId: number): number {
  const mixed = Math.imul(orderId | 0, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}
