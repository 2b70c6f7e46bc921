/** An account's place in one market: its resting orders there, and the balances that it trades with. */
import { PairIndex } from '../values/pair-index.js'
import { ROW_BITS, RowPool, type RowMemory } from '../values/row-memory.js'
import type { Balances } from '../ledger/balances.js'
import * as marketLayout from '../matching/market-layout.js'
import * as orderLayout from '../matching/order-layout.js'
import * as seatLayout from '../matching/seat-layout.js'
import * as accountLayout from './account-layout.js'
import type { Accounts } from './accounts.js'

const { FIRST_SEAT, LAST_MARKET, LAST_PAYS, LAST_SEAT } = accountLayout
const { MARKET_BASE, MARKET_ID, MARKET_QUOTE_ASSET } = marketLayout
const { ORDER_SEAT, ORDER_SEAT_NEXT, ORDER_SEAT_PREVIOUS } = orderLayout
const { SEAT_ACCOUNT, SEAT_BASE, SEAT_COUNT, SEAT_GROUP, SEAT_HEAD, SEAT_MARKET, SEAT_MARKET_ID, SEAT_NEXT, SEAT_PAYS, SEAT_QUOTE, SEAT_TAIL, SEAT_WORDS } = seatLayout

const ROW = ROW_BITS
/** Seats follow from the orders and are not part of the logical state: they are made on demand and never removed. */
export class Seats {
  private readonly index: PairIndex
  private readonly pool: RowPool
  constructor(
    private readonly memory: RowMemory,
    private readonly accounts: Accounts,
    private readonly balances: Balances,
  ) {
    this.pool = new RowPool(memory, SEAT_WORDS, SEAT_NEXT)
    this.index = new PairIndex(memory, SEAT_ACCOUNT)
  }

  /** The row of an account's place in a market, by their numbers; 0 where there is none. */
  find(account: number, marketId: number): number {
    const { i32 } = this.memory
    const at = this.accounts.place(account)
    if (i32[at + LAST_MARKET] === marketId && i32[at + LAST_SEAT] !== 0) return i32[at + LAST_SEAT]!
    if (i32[at + FIRST_SEAT] === 0) return 0
    const found = this.index.find(account, marketId)
    if (found !== 0) this.keepLast(account, found)
    return found
  }

  /** What an order of a side pays with: balance row of the seat that was found last for the account, which must have one. */
  paysLast(account: number, side: number): number {
    return this.memory.i32[this.accounts.place(account) + LAST_PAYS + side]!
  }

  /** Makes the place of an account in a market that it has none in. */
  open(account: number, market: number): number {
    const seat = this.pool.take()
    const { i32 } = this.memory
    const marketId = i32[market * 2 + MARKET_ID]!
    i32[seat * 2 + SEAT_ACCOUNT] = account
    i32[seat * 2 + SEAT_MARKET] = market
    i32[seat * 2 + SEAT_MARKET_ID] = marketId
    i32[seat * 2 + SEAT_GROUP] = this.accounts.group(account)
    this.index.insert(seat)
    this.chain(seat)
    const base = this.balances.open(account, i32[market * 2 + MARKET_BASE]!)
    const quote = this.balances.open(account, i32[market * 2 + MARKET_QUOTE_ASSET]!)
    this.memory.i32[seat * 2 + SEAT_BASE] = base
    this.memory.i32[seat * 2 + SEAT_QUOTE] = quote
    this.keepLast(account, seat)
    return seat
  }

  /** All seats, in the order in which they were opened. */
  rows(): Generator<number> {
    return this.pool.rows()
  }

  field(seat: number, field: number): number {
    return this.memory.i32[seat * 2 + field]!
  }

  /** Lists an order that rests under its seat; order ids only grow, so the list stays sorted by them. */
  list(row: number): void {
    const { i32 } = this.memory
    const order = row & ROW
    const seat = (i32[order * 2 + ORDER_SEAT]! & ROW) * 2
    const tail = i32[seat + SEAT_TAIL]! & ROW
    i32[order * 2 + ORDER_SEAT_PREVIOUS] = tail
    i32[order * 2 + ORDER_SEAT_NEXT] = 0
    if (tail === 0) i32[seat + SEAT_HEAD] = order
    else i32[tail * 2 + ORDER_SEAT_NEXT] = order
    i32[seat + SEAT_TAIL] = order
    i32[seat + SEAT_COUNT] = i32[seat + SEAT_COUNT]! + 1
  }

  unlist(row: number): void {
    const { i32 } = this.memory
    const order = row & ROW
    const seat = (i32[order * 2 + ORDER_SEAT]! & ROW) * 2
    const next = i32[order * 2 + ORDER_SEAT_NEXT]! & ROW
    const previous = i32[order * 2 + ORDER_SEAT_PREVIOUS]! & ROW
    if (previous === 0) i32[seat + SEAT_HEAD] = next
    else i32[previous * 2 + ORDER_SEAT_NEXT] = next
    if (next === 0) i32[seat + SEAT_TAIL] = previous
    else i32[next * 2 + ORDER_SEAT_PREVIOUS] = previous
    i32[seat + SEAT_COUNT] = i32[seat + SEAT_COUNT]! - 1
  }

  private keepLast(account: number, seat: number): void {
    const { i32 } = this.memory
    const at = this.accounts.place(account)
    i32[at + LAST_SEAT] = seat
    i32[at + LAST_MARKET] = this.field(seat, SEAT_MARKET_ID)
    i32[at + LAST_PAYS] = this.field(seat, SEAT_PAYS)
    i32[at + LAST_PAYS + 1] = this.field(seat, SEAT_PAYS + 1)
  }

  /** Puts a new seat into its account's chain, which is sorted by market. */
  private chain(seat: number): void {
    const account = this.field(seat, SEAT_ACCOUNT)
    const marketId = this.field(seat, SEAT_MARKET_ID)
    let before = 0
    let after = this.accounts.firstSeat(account)
    while (after !== 0 && this.field(after, SEAT_MARKET_ID) < marketId) {
      before = after
      after = this.field(after, SEAT_NEXT)
    }
    this.memory.i32[seat * 2 + SEAT_NEXT] = after
    if (before === 0) this.accounts.setFirstSeat(account, seat)
    else this.memory.i32[before * 2 + SEAT_NEXT] = seat
  }
}
