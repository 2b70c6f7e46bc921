/** Market-maker protection: counts the fills of quotes, by account and market, and remembers where a limit was reached. */
import type { RowMemory } from '../values/row-memory.js'
import type { QuoteProtectFields } from '../domain/frames/quote-frames.js'
import { MARKET_STATE } from '../matching/market-layout.js'
import { ORDER_SEAT } from '../matching/order-layout.js'
import { QUANTITY, REACHED_PROTECTIONS, TIMESTAMP } from '../matching/registers.js'
import { SEAT_MARKET } from '../matching/seat-layout.js'

const STATE_OPEN = 0

export interface QuoteProtection extends Readonly<QuoteProtectFields> {
  /** Fills in the present window, 0 where none has begun. */
  filledCount: number
  filledQuantity: bigint
  /** Microseconds: the first fill of the present window. */
  windowStartUs: number
  /** Microseconds: before it no quotes are taken; Infinity: until reset. */
  frozenUntilUs: number
}

export class QuoteProtections {
  /** By the row of the seat. */
  private readonly bySeat = new Map<number, QuoteProtection>()
  /** Seats whose limits the command in hand has reached, in that order. */
  private readonly reached = new Set<number>()

  constructor(private readonly memory: RowMemory) {}

  find(seat: number): QuoteProtection | undefined {
    return this.bySeat.get(seat)
  }

  set(seat: number, protection: QuoteProtection): void {
    this.bySeat.set(seat, protection)
  }

  remove(seat: number): void {
    this.bySeat.delete(seat)
  }

  /** By market, then by account. */
  sorted(): QuoteProtection[] {
    return [...this.bySeat.values()].sort((a, b) => a.market - b.market || a.account - b.account)
  }

  isFrozen(seat: number): boolean {
    const protection = this.bySeat.get(seat)
    return protection !== undefined && protection.frozenUntilUs > this.memory.f64[TIMESTAMP]!
  }

  /** Counts the trade that the registers describe, in which a quote was the maker; fills of an auction do not count. */
  countFill(quote: number): void {
    const { i32, i64, f64 } = this.memory
    const seat = i32[quote * 2 + ORDER_SEAT]!
    const protection = this.bySeat.get(seat)
    if (protection === undefined || i32[i32[seat * 2 + SEAT_MARKET]! * 2 + MARKET_STATE] !== STATE_OPEN) return
    const nowUs = f64[TIMESTAMP]!
    if (protection.filledCount === 0 || nowUs >= protection.windowStartUs + protection.windowMs * 1000) {
      startCounting(protection)
      protection.windowStartUs = nowUs
    }
    protection.filledCount++
    protection.filledQuantity += i64[QUANTITY]!
    const { fills, quantity } = protection
    if ((fills === 0 || protection.filledCount < fills) && (quantity === 0n || protection.filledQuantity < quantity)) return
    this.reached.add(seat)
    f64[REACHED_PROTECTIONS] = this.reached.size
  }

  /** The seats whose limits the command has reached; they are forgotten. */
  takeReached(): number[] {
    const seats = [...this.reached]
    this.reached.clear()
    this.memory.f64[REACHED_PROTECTIONS] = 0
    return seats
  }
}

/** Ends the present window. */
export function startCounting(protection: QuoteProtection): void {
  protection.filledCount = 0
  protection.filledQuantity = 0n
  protection.windowStartUs = 0
}
