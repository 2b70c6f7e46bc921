/**
 * Icebergs: orders that take with all they have and rest with a part of it, while the rest is hidden.
 *
 * While one rests, its `ORDER_LEAVES` is what it displays, so that the book and the walk of a taker know
 * nothing of what is hidden: quantity less filled less displayed.
 */
import * as event from '../domain/frames/event-frames.js'
import type { RowMemory } from '../values/row-memory.js'
import { HAS_TERMS, ICEBERG, ORDER_ENUMS, ORDER_FILLED, ORDER_FLAGS, ORDER_LEAVES, ORDER_QUANTITY, ORDER_SEAT, ORDER_TERMS } from '../matching/order-layout.js'
import type { OrderBooks } from '../matching/order-books.js'
import { MARKET_LOT } from '../matching/market-layout.js'
import { SEAT_MARKET } from '../matching/seat-layout.js'
import { TERMS_DISPLAY } from '../matching/terms-layout.js'
import type { EventWriter } from './event-writer.js'

/** An order is displayed in at most so many parts, so that a taker who fills it makes no more trades than that. */
const MAX_PARTS = 100n

/** Whether an order of this quantity may display so much of it: whole lots, less than all, in no more parts than allowed. */
export function isDisplayable(memory: RowMemory, market: number, display: bigint, quantity: bigint): boolean {
  if (display < 0n || display % memory.i64[market + MARKET_LOT]! !== 0n) return false
  // A quantity that is none is refused for that.
  return quantity <= 0n || (display < quantity && display * MAX_PARTS >= quantity)
}

export class Icebergs {
  constructor(
    private readonly memory: RowMemory,
    private readonly books: OrderBooks,
    private readonly out: EventWriter,
  ) {}

  /** Hides what an order is not to display, before it comes into the book. */
  conceal(order: number): void {
    const { i32 } = this.memory
    i32[order * 2 + ORDER_FLAGS] = i32[order * 2 + ORDER_FLAGS]! | ICEBERG
    this.setDisplayed(order)
  }

  /** The same for an order that comes back into the book; nothing where it is no iceberg. */
  concealAgain(order: number): void {
    if (this.displayOf(order) !== 0n) this.conceal(order)
  }

  /** Lets an order that has left the book take with all it has. */
  reveal(order: number): void {
    const { i32 } = this.memory
    i32[order * 2 + ORDER_FLAGS] = i32[order * 2 + ORDER_FLAGS]! & ~ICEBERG
  }

  /** Puts the next part of a filled iceberg at the tail of its level. @returns false where nothing is left. */
  refresh(order: number): boolean {
    const { i32, i64 } = this.memory
    if (i64[order + ORDER_QUANTITY]! === i64[order + ORDER_FILLED]!) return false
    this.setDisplayed(order)
    this.books.add(order, i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_MARKET]!, i32[order * 2 + ORDER_ENUMS]! & 1)
    this.out.refreshed(order)
    return true
  }

  /** After a reduction: what is displayed shrinks only where there is not so much left. */
  shrinkHiddenFirst(order: number, displayed: bigint): void {
    const { i64 } = this.memory
    const open = i64[order + ORDER_QUANTITY]! - i64[order + ORDER_FILLED]!
    i64[order + ORDER_LEAVES] = displayed < open ? displayed : open
  }

  /** Gives a party of a trade, in the event at `offset`, the leaves that include what is hidden. */
  correctTrade(order: number, offset: number, partyAt: number): void {
    const { i64 } = this.memory
    const { frames } = this.out
    const open = i64[order + ORDER_QUANTITY]! - i64[order + ORDER_FILLED]!
    frames.i64[(partyAt + event.PARTY_LEAVES_QUANTITY) >> 3] = open
    frames.u8[offset + (partyAt === offset + event.TRADE_MAKER ? event.TRADE_MAKER_DONE : event.TRADE_TAKER_DONE)] = open === 0n ? 1 : 0
  }

  /** Whether an amended order would still be displayed in no more parts than allowed. */
  mayGrowTo(order: number, quantity: bigint): boolean {
    const display = this.displayOf(order)
    return display === 0n || display * MAX_PARTS >= quantity
  }

  /** Whether what an order displays is whole lots. */
  fitsLot(order: number, lot: bigint): boolean {
    return this.displayOf(order) % lot === 0n
  }

  /** Quantity units; 0 of an order that is no iceberg. */
  private displayOf(order: number): bigint {
    const { i32, i64 } = this.memory
    return (i32[order * 2 + ORDER_FLAGS]! & HAS_TERMS) === 0 ? 0n : i64[i32[order * 2 + ORDER_TERMS]! + TERMS_DISPLAY]!
  }

  private setDisplayed(order: number): void {
    const { i64 } = this.memory
    const open = i64[order + ORDER_QUANTITY]! - i64[order + ORDER_FILLED]!
    const display = this.displayOf(order)
    i64[order + ORDER_LEAVES] = display < open ? display : open
  }
}
