/** What the engine must do at a time: a queue ordered by the time, and within it by the order in which the deadlines were set. */
import { RowPool, type RowMemory } from '../values/row-memory.js'
import { grownInt32 } from '../values/typed-rows.js'
import { NEXT_DEADLINE } from '../matching/registers.js'
import * as layout from './deadline-layout.js'

const { DEADLINE_ACCOUNT, DEADLINE_AT, DEADLINE_KIND, DEADLINE_MARKET, DEADLINE_ORDER, DEADLINE_PLACE, DEADLINE_TICKET, DEADLINE_WORDS } = layout

/** What a deadline is for. The place in the list is the code in its row and in a snapshot. */
export const DEADLINE_KINDS = ['none', 'dead-man-switch', 'order', 'auction-end'] as const

/** A binary heap of rows: setting and taking back cost the logarithm of their number, reading the first nothing. */
export class Deadlines {
  private readonly pool: RowPool
  /** Rows from place 1 on; no row fires before the one at half its place. */
  private heap = new Int32Array(16)
  private count = 0
  /** Ticket of the deadline that was set last. */
  lastTicket = 0

  constructor(private readonly memory: RowMemory) {
    this.pool = new RowPool(memory, DEADLINE_WORDS, DEADLINE_PLACE)
    this.memory.f64[NEXT_DEADLINE] = Infinity
  }

  /** Whether the first deadline lies at or before a time. */
  isDue(timestampUs: number): boolean {
    return this.memory.f64[NEXT_DEADLINE]! <= timestampUs
  }

  /** Makes a deadline that is not set yet. @returns its row. */
  open(deadline: { kind: number; account: number; market: number; order: number }): number {
    const row = this.pool.take()
    const { i32 } = this.memory
    i32[row * 2 + DEADLINE_KIND] = deadline.kind
    i32[row * 2 + DEADLINE_ACCOUNT] = deadline.account
    i32[row * 2 + DEADLINE_MARKET] = deadline.market
    i32[row * 2 + DEADLINE_ORDER] = deadline.order
    i32[row * 2 + DEADLINE_PLACE] = 0
    return row
  }

  /** Sets a deadline, or sets it again: it stands behind all others of its time. */
  set(row: number, atUs: number): void {
    this.restore(row, atUs, ++this.lastTicket)
  }

  /** Sets a deadline under the ticket that it had. */
  restore(row: number, atUs: number, ticket: number): void {
    this.unset(row)
    if (++this.count >= this.heap.length) this.heap = grownInt32(this.heap, this.heap.length * 2)
    this.memory.f64[row + DEADLINE_AT] = atUs
    this.memory.f64[row + DEADLINE_TICKET] = ticket
    this.rise(row, this.count)
    this.tellFirst()
  }

  /** Takes a deadline back, where it is set; the row stays the owner's. */
  unset(row: number): void {
    const { i32 } = this.memory
    const place = i32[row * 2 + DEADLINE_PLACE]!
    if (place === 0) return
    const last = this.heap[this.count--]!
    i32[row * 2 + DEADLINE_PLACE] = 0
    if (last !== row) {
      if (place > 1 && this.isBefore(last, this.heap[place >> 1]!)) this.rise(last, place)
      else this.sink(last, place)
    }
    this.tellFirst()
  }

  /** Gives the row of a deadline back that is not set. */
  release(row: number): void {
    this.pool.release(row)
  }

  /** The row of the first deadline, which is no longer set. */
  takeFirst(): number {
    const row = this.heap[1]!
    this.unset(row)
    return row
  }

  /** The rows of what is set, in the order in which they fire. */
  inOrder(): number[] {
    return Array.from(this.heap.subarray(1, this.count + 1)).sort((a, b) => (this.isBefore(a, b) ? -1 : 1))
  }

  isSet(row: number): boolean {
    return this.memory.i32[row * 2 + DEADLINE_PLACE] !== 0
  }

  /** @returns what is wrong with the order of the queue; undefined where nothing is. */
  fault(): string | undefined {
    const { i32, f64 } = this.memory
    for (let place = 1; place <= this.count; place++) {
      const row = this.heap[place]!
      if (i32[row * 2 + DEADLINE_PLACE] !== place) return `The deadline at place ${place} says that it stands at ${i32[row * 2 + DEADLINE_PLACE]}.`
      if (place > 1 && this.isBefore(row, this.heap[place >> 1]!)) return `The deadline at place ${place} fires before the one above it.`
    }
    const first = this.count === 0 ? Infinity : f64[this.heap[1]! + DEADLINE_AT]!
    return f64[NEXT_DEADLINE] === first ? undefined : `The first deadline is at ${first}, not at ${f64[NEXT_DEADLINE]}.`
  }

  private isBefore(a: number, b: number): boolean {
    const { f64 } = this.memory
    const difference = f64[a + DEADLINE_AT]! - f64[b + DEADLINE_AT]!
    return difference !== 0 ? difference < 0 : f64[a + DEADLINE_TICKET]! < f64[b + DEADLINE_TICKET]!
  }

  /** Puts a row at a place or above it. */
  private rise(row: number, from: number): void {
    let place = from
    while (place > 1 && this.isBefore(row, this.heap[place >> 1]!)) {
      this.put(this.heap[place >> 1]!, place)
      place >>= 1
    }
    this.put(row, place)
  }

  /** Puts a row at a place or below it. */
  private sink(row: number, from: number): void {
    let place = from
    for (let child = place * 2; child <= this.count; child = place * 2) {
      if (child < this.count && this.isBefore(this.heap[child + 1]!, this.heap[child]!)) child++
      if (this.isBefore(row, this.heap[child]!)) break
      this.put(this.heap[child]!, place)
      place = child
    }
    this.put(row, place)
  }

  private put(row: number, place: number): void {
    this.heap[place] = row
    this.memory.i32[row * 2 + DEADLINE_PLACE] = place
  }

  private tellFirst(): void {
    this.memory.f64[NEXT_DEADLINE] = this.count === 0 ? Infinity : this.memory.f64[this.heap[1]! + DEADLINE_AT]!
  }
}
