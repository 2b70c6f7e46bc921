/** An open-addressed table from order ids to the rows of resting orders. */
import type { RowMemory } from '../values/row-memory.js'
import * as orderLayout from './order-layout.js'

const { ORDER_ID } = orderLayout

/** Entries of two words: the low 32 bits of the id, and the row (0: free). */
export class OrderIds {
  private table = new Int32Array(128)
  private mask = 63
  private count = 0

  constructor(private readonly memory: RowMemory) {}

  /** The row of a resting order, or 0. */
  find(orderId: number): number {
    const { table, mask } = this
    const key = orderId | 0
    let place = hashKey(key) & mask
    for (;;) {
      const row = table[place * 2 + 1]!
      if (row === 0) return 0
      if (table[place * 2] === key && this.memory.f64[row + ORDER_ID] === orderId) return row
      place = (place + 1) & mask
    }
  }

  insert(row: number): void {
    if (++this.count * 2 > this.mask) this.grow()
    const { table, mask } = this
    const key = this.memory.f64[row + ORDER_ID]! | 0
    let place = hashKey(key) & mask
    while (table[place * 2 + 1] !== 0) place = (place + 1) & mask
    table[place * 2] = key
    table[place * 2 + 1] = row
  }

  /** Takes out a row that is in the table. */
  remove(row: number): void {
    const { table, mask } = this
    let hole = hashKey(this.memory.f64[row + ORDER_ID]! | 0) & mask
    while (table[hole * 2 + 1] !== row) hole = (hole + 1) & mask
    this.count--
    for (let next = (hole + 1) & mask; table[next * 2 + 1] !== 0; next = (next + 1) & mask) {
      const home = hashKey(table[next * 2]!) & mask
      // An entry may move back into the hole unless its home lies behind the hole.
      if (((next - home) & mask) < ((next - hole) & mask)) continue
      table[hole * 2] = table[next * 2]!
      table[hole * 2 + 1] = table[next * 2 + 1]!
      hole = next
    }
    table[hole * 2 + 1] = 0
  }

  private grow(): void {
    const old = this.table
    this.mask = this.mask * 2 + 1
    this.table = new Int32Array((this.mask + 1) * 2)
    for (let entry = 0; entry < old.length; entry += 2) {
      if (old[entry + 1] === 0) continue
      let place = hashKey(old[entry]!) & this.mask
      while (this.table[place * 2 + 1] !== 0) place = (place + 1) & this.mask
      this.table[place * 2] = old[entry]!
      this.table[place * 2 + 1] = old[entry + 1]!
    }
  }
}

/** Ids count up by one; multiplying scatters them, so that long-lived runs never form long probes. */
function hashKey(key: number): number {
  const mixed = Math.imul(key, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}
