/** The rows of terms: what special orders have beyond plain ones. */
import type { FrameBuffer } from '../values/frames.js'
import { RowPool, type RowMemory } from '../values/row-memory.js'
import * as command from '../domain/frames/command-frames.js'
import type { OrderTerms } from '../domain/events/events.js'
import * as layout from '../matching/order-layout.js'
import * as terms from '../matching/terms-layout.js'
import { DEADLINE_KINDS, type Deadlines } from './deadlines.js'

const ORDER_DEADLINE = DEADLINE_KINDS.indexOf('order')

export class OrderTermsRows {
  private readonly pool: RowPool

  constructor(
    private readonly memory: RowMemory,
    private readonly deadlines: Deadlines,
  ) {
    this.pool = new RowPool(memory, terms.TERMS_WORDS, terms.TERMS_NEXT)
  }

  /** Rows in use. */
  get live(): number {
    return this.pool.live
  }

  /** The row of an order's terms, or 0. */
  of(order: number): number {
    const { i32 } = this.memory
    return (i32[order * 2 + layout.ORDER_FLAGS]! & layout.HAS_TERMS) === 0 ? 0 : i32[order * 2 + layout.ORDER_TERMS]!
  }

  /** Gives an order a row of terms, all zero but the time of acceptance. */
  attach(order: number): number {
    const row = this.pool.take()
    const { f64, i32 } = this.memory
    f64.fill(0, row, row + terms.TERMS_WORDS)
    f64[row + terms.TERMS_CREATED] = f64[order + layout.ORDER_CREATED]!
    i32[row * 2 + terms.TERMS_ORDER] = order
    i32[order * 2 + layout.ORDER_TERMS] = row
    i32[order * 2 + layout.ORDER_FLAGS] = i32[order * 2 + layout.ORDER_FLAGS]! | layout.HAS_TERMS
    return row
  }

  /** Gives an order the terms of its `order.place-special`. */
  attachFrom(order: number, frames: FrameBuffer, offset: number): number {
    const row = this.attach(order)
    const { f64, i64, i32 } = this.memory
    const from = frames.i64
    i64[row + terms.TERMS_STOP] = from[(offset + command.PLACE_STOP_PRICE) >> 3]!
    i64[row + terms.TERMS_DISPLAY] = from[(offset + command.PLACE_DISPLAY_QUANTITY) >> 3]!
    f64[row + terms.TERMS_EXPIRES] = frames.f64[(offset + command.PLACE_EXPIRES_AT) >> 3]!
    i64[row + terms.TERMS_OFFSET] = from[(offset + command.PLACE_TRAILING_OFFSET) >> 3]!
    i64[row + terms.TERMS_ACTIVATION] = from[(offset + command.PLACE_ACTIVATION_PRICE) >> 3]!
    i32[row * 2 + terms.TERMS_BPS] = frames.u32[(offset + command.PLACE_TRAILING_BPS) >> 2]!
    return row
  }

  /** Makes the deadline of an order that has an expiry; the caller sets it. */
  openDeadline(order: number, account: number, market: number): number {
    const row = this.deadlines.open({ kind: ORDER_DEADLINE, account, market, order })
    this.memory.i32[this.of(order) * 2 + terms.TERMS_DEADLINE] = row
    return row
  }

  /** Moves the deadline of an order that has one. */
  setExpiry(order: number, expiresAtUs: number): void {
    const row = this.of(order)
    this.memory.f64[row + terms.TERMS_EXPIRES] = expiresAtUs
    this.deadlines.set(this.memory.i32[row * 2 + terms.TERMS_DEADLINE]!, expiresAtUs)
  }

  release(row: number): void {
    const deadline = this.memory.i32[row * 2 + terms.TERMS_DEADLINE]!
    if (deadline !== 0) {
      this.deadlines.unset(deadline)
      this.deadlines.release(deadline)
    }
    this.memory.i32[row * 2 + terms.TERMS_ORDER] = 0
    this.pool.release(row)
  }

  /** The rows in use, in no order that means anything. */
  *rows(): Generator<number> {
    for (const row of this.pool.rows()) if (this.memory.i32[row * 2 + terms.TERMS_ORDER] !== 0) yield row
  }

  /** When an order was accepted, microseconds. */
  createdUs(order: number): number {
    const row = this.of(order)
    return this.memory.f64[row === 0 ? order + layout.ORDER_CREATED : row + terms.TERMS_CREATED]!
  }

  /** The terms of an order as an object; undefined where it has none. */
  read(order: number): OrderTerms | undefined {
    const row = this.of(order)
    if (row === 0) return undefined
    const { f64, i64, i32 } = this.memory
    return {
      stopPrice: i64[row + terms.TERMS_STOP]!,
      displayQuantity: i64[row + terms.TERMS_DISPLAY]!,
      expiresAtUs: f64[row + terms.TERMS_EXPIRES]!,
      trailingOffset: i64[row + terms.TERMS_OFFSET]!,
      trailingBps: i32[row * 2 + terms.TERMS_BPS]!,
      activationPrice: i64[row + terms.TERMS_ACTIVATION]!,
      extreme: i64[row + terms.TERMS_EXTREME]!,
      siblingOrderId: f64[row + terms.TERMS_SIBLING]!,
    }
  }

  /** Appends the terms of an order to its event, the last one of the frames. */
  append(order: number, frames: FrameBuffer, event: number): void {
    const row = this.of(order)
    if (row === 0) return
    const word = frames.extend(terms.TERMS_EVENT_WORDS * 8) >> 3
    frames.u16[event >> 1] = frames.u16[event >> 1]! + terms.TERMS_EVENT_WORDS * 8
    const { f64, i64, i32 } = this.memory
    frames.i64[word] = i64[row + terms.TERMS_STOP]!
    frames.i64[word + 1] = i64[row + terms.TERMS_DISPLAY]!
    frames.f64[word + 2] = f64[row + terms.TERMS_EXPIRES]!
    frames.i64[word + 3] = i64[row + terms.TERMS_OFFSET]!
    frames.u32[(word + 4) * 2] = i32[row * 2 + terms.TERMS_BPS]!
    frames.u32[(word + 4) * 2 + 1] = 0
    frames.i64[word + 5] = i64[row + terms.TERMS_ACTIVATION]!
    frames.i64[word + 6] = i64[row + terms.TERMS_EXTREME]!
    frames.f64[word + 7] = f64[row + terms.TERMS_SIBLING]!
  }
}
