/** The tables of matching, with rows that a test fills in: orders without accounts, money or events. */
import * as marketLayout from '../src/matching/market-layout.js'
import { OrderBooks } from '../src/matching/order-books.js'
import * as orderLayout from '../src/matching/order-layout.js'
import { SEAT_GROUP, SEAT_WORDS } from '../src/matching/seat-layout.js'
import { TakerWalk, type Settlement } from '../src/matching/taker-walk.js'
import * as termsLayout from '../src/matching/terms-layout.js'
import { TriggerBook } from '../src/matching/trigger-book.js'
import { RowMemory } from '../src/values/row-memory.js'

const { MARKET_ID, MARKET_KEY_UNIT, MARKET_LOT, MARKET_NOTIONAL_UNIT, MARKET_WORDS } = marketLayout
const { ALLOW, ICEBERG, ORDER_ENUMS, ORDER_FILLED, ORDER_FLAGS, ORDER_ID, ORDER_LEAVES, ORDER_PRICE, ORDER_QUANTITY, ORDER_SEAT, ORDER_WORDS } = orderLayout
const { TERMS_ORDER, TERMS_STOP, TERMS_WORDS } = termsLayout

export interface OrderFields {
  readonly side: number
  readonly price: number
  readonly quantity: number
  readonly filled?: number
  /** What an iceberg shows of what it has left. */
  readonly displayed?: number
  /** From 1 on; orders without one are each of their own. */
  readonly group?: number
  readonly selfTradePrevention?: number
  readonly flags?: number
}

export class BookTables {
  readonly memory = new RowMemory()
  readonly books = new OrderBooks(this.memory)
  readonly triggers = new TriggerBook(this.memory)
  private readonly seats = new Map<number, number>()
  private lastOrderId = 0

  walk(settlement: Settlement): TakerWalk {
    return new TakerWalk(this.memory, this.books, settlement)
  }

  openMarket(market: { id: number; lot?: number; notionalUnit?: number }): number {
    const row = this.memory.take(MARKET_WORDS)
    const { f64, i32, i64 } = this.memory
    i32[row * 2 + MARKET_ID] = market.id
    f64[row + MARKET_KEY_UNIT] = 1
    i64[row + MARKET_LOT] = BigInt(market.lot ?? 1)
    i64[row + MARKET_NOTIONAL_UNIT] = BigInt(market.notionalUnit ?? 1)
    return row
  }

  /** An order with the next id, which rests nowhere. @returns its row. */
  order({ side, price, quantity, filled = 0, displayed, group, selfTradePrevention = ALLOW, flags = 0 }: OrderFields): number {
    const row = this.memory.take(ORDER_WORDS)
    const id = ++this.lastOrderId
    const seat = this.seat(group ?? -id)
    const { f64, i32, i64 } = this.memory
    f64[row + ORDER_ID] = id
    i64[row + ORDER_PRICE] = BigInt(price)
    i64[row + ORDER_QUANTITY] = BigInt(quantity)
    i64[row + ORDER_FILLED] = BigInt(filled)
    i64[row + ORDER_LEAVES] = BigInt(displayed ?? quantity - filled)
    i32[row * 2 + ORDER_ENUMS] = (selfTradePrevention << 24) | side
    i32[row * 2 + ORDER_FLAGS] = flags | (displayed === undefined ? 0 : ICEBERG)
    i32[row * 2 + ORDER_SEAT] = seat
    return row
  }

  /** An order that stands in the book of a market. @returns its row. */
  rest(market: number, fields: OrderFields): number {
    const row = this.order(fields)
    this.books.add(row, market, fields.side)
    return row
  }

  /** The terms of an order that waits for a stop price, in no trigger book yet. @returns their row. */
  terms(order: number, stopPrice: number): number {
    const row = this.memory.take(TERMS_WORDS)
    this.memory.i64[row + TERMS_STOP] = BigInt(stopPrice)
    this.memory.i32[row * 2 + TERMS_ORDER] = order
    return row
  }

  /** The place of a group's account in a market. */
  private seat(group: number): number {
    const known = this.seats.get(group)
    if (known !== undefined) return known
    const row = this.memory.take(SEAT_WORDS)
    this.memory.i32[row * 2 + SEAT_GROUP] = group
    this.seats.set(group, row)
    return row
  }
}
