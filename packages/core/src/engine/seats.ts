/** An account's place in one market: its resting orders there, and the balances that it trades with. */
import { PairIndex } from '../values/pair-index.js'
import { TypedRows } from '../values/typed-rows.js'
import { type OrderRows } from '../matching/order-rows.js'
import type { Balances } from '../ledger/balances.js'
import type { Accounts } from './accounts.js'
import * as orderLayout from '../matching/order-layout.js'
import * as seatLayout from './seat-layout.js'

const { ORDER_WORDS, ORDER_SEAT_NEXT, ORDER_SEAT_PREVIOUS } = orderLayout
const { SEAT_WORDS, SEAT_ACCOUNT, SEAT_MARKET, SEAT_BASE, SEAT_QUOTE, SEAT_COUNT, SEAT_HEAD, SEAT_TAIL, SEAT_NEXT } = seatLayout

/** Seats follow from the orders and are not part of the logical state: they are made on demand and never removed. */
export class Seats extends TypedRows {
  private readonly index = new PairIndex()

  constructor(
    private readonly accounts: Accounts,
    private readonly balances: Balances,
    private readonly orders: OrderRows,
  ) {
    super(SEAT_WORDS, 64)
  }

  /** The row of an account's place in a market, or 0. */
  find(account: number, market: number): number {
    return this.index.find(account, market)
  }

  /** Makes the place of an account in a market that it has none in. */
  open(account: number, market: { id: number; base: number; quote: number }): number {
    const seat = this.add()
    const at = seat * 2 * SEAT_WORDS
    this.i32[at + SEAT_ACCOUNT] = account
    this.i32[at + SEAT_MARKET] = market.id
    this.i32[at + SEAT_BASE] = this.balances.open(account, market.base)
    this.i32[at + SEAT_QUOTE] = this.balances.open(account, market.quote)
    this.index.insert(account, market.id, seat)
    this.chain(seat)
    return seat
  }

  field(seat: number, field: number): number {
    return this.i32[seat * 2 * SEAT_WORDS + field]!
  }

  /** Lists an order that rests; order ids only grow, so the list stays sorted by them. */
  list(row: number, seat: number): void {
    const orders = this.orders.i32
    const at = seat * 2 * SEAT_WORDS
    const order = row * 2 * ORDER_WORDS
    const tail = this.i32[at + SEAT_TAIL]!
    orders[order + ORDER_SEAT_PREVIOUS] = tail
    orders[order + ORDER_SEAT_NEXT] = 0
    if (tail === 0) this.i32[at + SEAT_HEAD] = row
    else orders[tail * 2 * ORDER_WORDS + ORDER_SEAT_NEXT] = row
    this.i32[at + SEAT_TAIL] = row
    this.i32[at + SEAT_COUNT] = this.i32[at + SEAT_COUNT]! + 1
  }

  unlist(row: number, seat: number): void {
    const orders = this.orders.i32
    const at = seat * 2 * SEAT_WORDS
    const next = orders[row * 2 * ORDER_WORDS + ORDER_SEAT_NEXT]!
    const previous = orders[row * 2 * ORDER_WORDS + ORDER_SEAT_PREVIOUS]!
    if (previous === 0) this.i32[at + SEAT_HEAD] = next
    else orders[previous * 2 * ORDER_WORDS + ORDER_SEAT_NEXT] = next
    if (next === 0) this.i32[at + SEAT_TAIL] = previous
    else orders[next * 2 * ORDER_WORDS + ORDER_SEAT_PREVIOUS] = previous
    this.i32[at + SEAT_COUNT] = this.i32[at + SEAT_COUNT]! - 1
  }

  /** Puts a new seat into its account's chain, which is sorted by market. */
  private chain(seat: number): void {
    const account = this.field(seat, SEAT_ACCOUNT)
    const market = this.field(seat, SEAT_MARKET)
    let before = 0
    let after = this.accounts.firstSeat(account)
    while (after !== 0 && this.field(after, SEAT_MARKET) < market) {
      before = after
      after = this.field(after, SEAT_NEXT)
    }
    this.i32[seat * 2 * SEAT_WORDS + SEAT_NEXT] = after
    if (before === 0) this.accounts.setFirstSeat(account, seat)
    else this.i32[before * 2 * SEAT_WORDS + SEAT_NEXT] = seat
  }
}
