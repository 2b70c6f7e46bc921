/** The pool of orders: one row of 128 bytes each, reused after the order is gone. */
import { TypedRows } from '../values/typed-rows.js'
import * as orderLayout from './order-layout.js'

const { ORDER_WORDS, ORDER_ID, ORDER_NEXT, ORDER_LEVEL, ORDER_ENUMS } = orderLayout

export class OrderRows extends TypedRows {
  private free = 0
  /** Rows in use. */
  live = 0

  constructor() {
    super(ORDER_WORDS, 64)
  }

  /** Takes a row; its fields hold old values until the caller sets them. */
  take(): number {
    this.live++
    const row = this.free
    if (row === 0) return this.add()
    this.free = this.i32[row * 2 * ORDER_WORDS + ORDER_NEXT]!
    return row
  }

  release(row: number): void {
    this.live--
    const at = row * 2 * ORDER_WORDS
    this.i32[at + ORDER_NEXT] = this.free
    this.i32[at + ORDER_LEVEL] = 0
    this.free = row
  }

  id(row: number): number {
    return this.f64[row * ORDER_WORDS + ORDER_ID]!
  }

  /** A 32-bit field of a row. */
  field(row: number, field: number): number {
    return this.i32[row * 2 * ORDER_WORDS + field]!
  }

  side(row: number): number {
    return this.i32[row * 2 * ORDER_WORDS + ORDER_ENUMS]! & 0xff
  }
}
