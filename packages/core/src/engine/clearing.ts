/** Settles what matching decides: pays trades, charges fees, closes orders, and writes the events. */
import * as event from '../domain/event-frames.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import { type Balances } from '../ledger/balances.js'
import { chargeFee, type FeeSchedules } from '../ledger/fees.js'
import { type MarketRows } from '../matching/market-rows.js'
import { type OrderBooks } from '../matching/order-books.js'
import type { OrderIds } from '../matching/order-ids.js'
import { type OrderRows } from '../matching/order-rows.js'
import type { Settlement } from '../matching/taker-walk.js'
import type { EventWriter } from './event-writer.js'
import type { OrderNames } from './order-names.js'
import { type Seats } from './seats.js'
import * as orderLayout from '../matching/order-layout.js'
import * as marketLayout from '../matching/market-layout.js'
import * as levelLayout from '../matching/level-layout.js'
import * as balanceLayout from '../ledger/balance-layout.js'
import * as seatLayout from './seat-layout.js'
import * as feeLayout from '../ledger/fee-layout.js'

const {
  ORDER_WORDS,
  ORDER_ID,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_LEAVES,
  ORDER_FILLED,
  ORDER_FILLED_QUOTE,
  ORDER_FEE,
  ORDER_HELD,
  ORDER_FEE_FRACTION,
  ORDER_UPDATED,
  ORDER_LEVEL,
  ORDER_SEAT,
  ORDER_SCHEDULE,
  ORDER_ENUMS,
  ORDER_FLAGS,
  BY_QUOTE,
  NAMED,
  BUY,
} = orderLayout
const { MARKET_WORDS, MARKET_LAST_TRADE, MARKET_NOTIONAL_UNIT, MARKET_BASE_UNIT, MARKET_FEES_BASE, MARKET_FEES_QUOTE } = marketLayout
const { LEVEL_WORDS, LEVEL_QUANTITY } = levelLayout
const { BALANCE_WORDS, AVAILABLE, HELD } = balanceLayout
const { SEAT_WORDS, SEAT_ACCOUNT, SEAT_MARKET, SEAT_BASE, SEAT_QUOTE } = seatLayout
const { SCHEDULE_WORDS, MAKER_RATE, TAKER_RATE } = feeLayout

const SELF_TRADE_PREVENTION = CANCEL_REASONS.indexOf('self_trade_prevention')

/** The tables that clearing works on. */
export interface ClearingTables {
  readonly orders: OrderRows
  readonly books: OrderBooks
  readonly markets: MarketRows
  readonly seats: Seats
  readonly ids: OrderIds
  readonly names: OrderNames
  readonly balances: Balances
  readonly schedules: FeeSchedules
  readonly out: EventWriter
}

export class Clearing implements Settlement {
  private readonly orders: OrderRows
  private readonly books: OrderBooks
  private readonly markets: MarketRows
  private readonly seats: Seats
  private readonly ids: OrderIds
  private readonly names: OrderNames
  private readonly balances: Balances
  private readonly schedules: FeeSchedules
  private readonly out: EventWriter
  readonly quantity = new BigInt64Array(1)

  constructor(tables: ClearingTables) {
    this.orders = tables.orders
    this.books = tables.books
    this.markets = tables.markets
    this.seats = tables.seats
    this.ids = tables.ids
    this.names = tables.names
    this.balances = tables.balances
    this.schedules = tables.schedules
    this.out = tables.out
  }

  /**
   * Pays a trade: the buyer's held quote money goes to the seller, the seller's held base money to the
   * buyer, each less the receiver's fee; what a buyer held above the price is available again.
   */
  trade(taker: number, maker: number): void {
    const { orders, seats } = this
    const cells = orders.i64
    const takerAt = taker * ORDER_WORDS
    const makerAt = maker * ORDER_WORDS
    const takerSeat = orders.i32[takerAt * 2 + ORDER_SEAT]! * 2 * SEAT_WORDS
    const makerSeat = orders.i32[makerAt * 2 + ORDER_SEAT]! * 2 * SEAT_WORDS
    const market = seats.i32[takerSeat + SEAT_MARKET]! * MARKET_WORDS
    const takerBuys = (orders.i32[takerAt * 2 + ORDER_ENUMS]! & 0xff) === BUY
    const takerIsMarketOrder = (orders.i32[takerAt * 2 + ORDER_ENUMS]! & 0xff00) !== 0

    const quantity = this.quantity[0]!
    const price = cells[makerAt + ORDER_PRICE]!
    const unitQuantity = BigInt.asIntN(64, quantity * this.markets.i64[market + MARKET_NOTIONAL_UNIT]!)
    const quote = BigInt.asIntN(64, price * unitQuantity)
    const base = BigInt.asIntN(64, quantity * this.markets.i64[market + MARKET_BASE_UNIT]!)
    const takerReceives = takerBuys ? base : quote
    const makerReceives = takerBuys ? quote : base

    const rates = this.schedules.i64
    const takerFee = chargeFee(cells, takerAt + ORDER_FEE_FRACTION, takerReceives, rates[orders.i32[takerAt * 2 + ORDER_SCHEDULE]! * SCHEDULE_WORDS + TAKER_RATE]!)
    const makerFee = chargeFee(cells, makerAt + ORDER_FEE_FRACTION, makerReceives, rates[orders.i32[makerAt * 2 + ORDER_SCHEDULE]! * SCHEDULE_WORDS + MAKER_RATE]!)
    // A maker trades at its own price, so it never holds too much; a limit buyer that takes may.
    const takerFreed = takerBuys && !takerIsMarketOrder ? BigInt.asIntN(64, BigInt.asIntN(64, cells[takerAt + ORDER_PRICE]! - price) * unitQuantity) : 0n
    const takerPays = takerBuys ? quote : base
    const makerPays = takerBuys ? base : quote

    cells[takerAt + ORDER_FILLED_QUOTE] = BigInt.asIntN(64, cells[takerAt + ORDER_FILLED_QUOTE]! + quote)
    cells[makerAt + ORDER_FILLED_QUOTE] = BigInt.asIntN(64, cells[makerAt + ORDER_FILLED_QUOTE]! + quote)
    cells[takerAt + ORDER_FEE] = BigInt.asIntN(64, cells[takerAt + ORDER_FEE]! + takerFee)
    cells[makerAt + ORDER_FEE] = BigInt.asIntN(64, cells[makerAt + ORDER_FEE]! + makerFee)
    cells[takerAt + ORDER_HELD] = BigInt.asIntN(64, cells[takerAt + ORDER_HELD]! - BigInt.asIntN(64, takerPays + takerFreed))
    cells[makerAt + ORDER_HELD] = BigInt.asIntN(64, cells[makerAt + ORDER_HELD]! - makerPays)
    orders.f64[makerAt + ORDER_UPDATED] = this.out.timestampUs

    const money = this.balances.i64
    const paidBySeat = takerBuys ? SEAT_QUOTE : SEAT_BASE
    const gotBySeat = takerBuys ? SEAT_BASE : SEAT_QUOTE
    const takerPaid = seats.i32[takerSeat + paidBySeat]! * BALANCE_WORDS
    const takerGot = seats.i32[takerSeat + gotBySeat]! * BALANCE_WORDS
    const makerPaid = seats.i32[makerSeat + gotBySeat]! * BALANCE_WORDS
    const makerGot = seats.i32[makerSeat + paidBySeat]! * BALANCE_WORDS
    const feeOfTaker = this.markets.i32[market * 2 + (takerBuys ? MARKET_FEES_BASE : MARKET_FEES_QUOTE)]! * BALANCE_WORDS
    const feeOfMaker = this.markets.i32[market * 2 + (takerBuys ? MARKET_FEES_QUOTE : MARKET_FEES_BASE)]! * BALANCE_WORDS
    money[takerPaid + HELD] = BigInt.asIntN(64, money[takerPaid + HELD]! - BigInt.asIntN(64, takerPays + takerFreed))
    money[takerPaid + AVAILABLE] = BigInt.asIntN(64, money[takerPaid + AVAILABLE]! + takerFreed)
    money[makerPaid + HELD] = BigInt.asIntN(64, money[makerPaid + HELD]! - makerPays)
    money[takerGot + AVAILABLE] = BigInt.asIntN(64, money[takerGot + AVAILABLE]! + BigInt.asIntN(64, takerReceives - takerFee))
    money[makerGot + AVAILABLE] = BigInt.asIntN(64, money[makerGot + AVAILABLE]! + BigInt.asIntN(64, makerReceives - makerFee))
    money[feeOfTaker + AVAILABLE] = BigInt.asIntN(64, money[feeOfTaker + AVAILABLE]! + takerFee)
    money[feeOfMaker + AVAILABLE] = BigInt.asIntN(64, money[feeOfMaker + AVAILABLE]! + makerFee)

    const tradeId = this.markets.f64[market + MARKET_LAST_TRADE]! + 1
    this.markets.f64[market + MARKET_LAST_TRADE] = tradeId
    const offset = this.out.beginMarketEvent(event.TRADE_EXECUTED, seats.i32[takerSeat + SEAT_MARKET]!)
    const { u8, u32, f64, i64 } = this.out.frames
    const word = offset >> 3
    f64[word + 4] = tradeId
    u8[offset + event.TRADE_TAKER_SIDE] = orders.i32[takerAt * 2 + ORDER_ENUMS]! & 0xff
    u8[offset + event.TRADE_MAKER_DONE] = cells[makerAt + ORDER_LEAVES]! === 0n ? 1 : 0
    u8[offset + event.TRADE_TAKER_DONE] = this.isDone(takerAt) ? 1 : 0
    i64[word + 6] = price
    i64[word + 7] = quantity
    i64[word + 8] = quote
    const makerWord = word + event.TRADE_MAKER / 8
    f64[makerWord] = orders.f64[makerAt + ORDER_ID]!
    i64[makerWord + 1] = makerFee
    i64[makerWord + 2] = cells[makerAt + ORDER_FILLED]!
    i64[makerWord + 3] = cells[makerAt + ORDER_LEAVES]!
    i64[makerWord + 4] = cells[makerAt + ORDER_FILLED_QUOTE]!
    i64[makerWord + 5] = cells[makerAt + ORDER_FEE]!
    u32[(makerWord + 7) * 2] = seats.i32[makerSeat + SEAT_ACCOUNT]!
    const takerWord = word + event.TRADE_TAKER / 8
    f64[takerWord] = orders.f64[takerAt + ORDER_ID]!
    i64[takerWord + 1] = takerFee
    i64[takerWord + 2] = cells[takerAt + ORDER_FILLED]!
    i64[takerWord + 3] = cells[takerAt + ORDER_LEAVES]!
    i64[takerWord + 4] = cells[takerAt + ORDER_FILLED_QUOTE]!
    i64[takerWord + 5] = cells[takerAt + ORDER_FEE]!
    i64[takerWord + 6] = takerFreed
    u32[(takerWord + 7) * 2] = seats.i32[takerSeat + SEAT_ACCOUNT]!
  }

  makerFilled(maker: number): void {
    this.unlist(maker)
    this.forget(maker)
  }

  cancelMaker(maker: number): void {
    this.cancelResting(maker, SELF_TRADE_PREVENTION)
  }

  decrement(taker: number, maker: number): void {
    const quantity = this.quantity[0]!
    if (this.orders.i64[maker * ORDER_WORDS + ORDER_LEAVES]! === quantity) this.cancelResting(maker, SELF_TRADE_PREVENTION)
    else this.reduceResting(maker, quantity, SELF_TRADE_PREVENTION)
    if (this.orders.i64[taker * ORDER_WORDS + ORDER_LEAVES]! === quantity) {
      this.cancelRemainder(taker, SELF_TRADE_PREVENTION)
      return
    }
    const released = this.shrink(taker, quantity)
    this.out.reduced(taker, { reason: SELF_TRADE_PREVENTION, rested: false, quantity, released })
  }

  /** Takes an order out of the book and gives back what it holds. */
  cancelResting(row: number, reason: number): void {
    this.out.cancelled(row, reason, true)
    this.books.remove(row)
    this.releaseHold(row)
    this.unlist(row)
    this.forget(row)
  }

  /** Gives back what an order on its way in holds; the caller forgets the order. */
  cancelRemainder(row: number, reason: number): void {
    this.out.cancelled(row, reason, false)
    this.releaseHold(row)
    this.orders.i64[row * ORDER_WORDS + ORDER_LEAVES] = 0n
  }

  /** Makes a resting order smaller by less than its leaves; it keeps its place. */
  reduceResting(row: number, quantity: bigint, reason: number): void {
    const level = this.orders.field(row, ORDER_LEVEL) * LEVEL_WORDS + LEVEL_QUANTITY
    this.books.levels.i64[level] = BigInt.asIntN(64, this.books.levels.i64[level]! - quantity)
    const released = this.shrink(row, quantity)
    this.orders.f64[row * ORDER_WORDS + ORDER_UPDATED] = this.out.timestampUs
    this.out.reduced(row, { reason, rested: true, quantity, released })
  }

  /** Whether nothing is left to trade: no leaves, or the whole quote amount spent. */
  isDone(at: number): boolean {
    const cells = this.orders.i64
    return (this.orders.i32[at * 2 + ORDER_FLAGS]! & BY_QUOTE) === 0
      ? cells[at + ORDER_LEAVES]! === 0n
      : cells[at + ORDER_FILLED_QUOTE]! === cells[at + ORDER_QUANTITY]!
  }

  /** Lists an order that rests now under its id and its account. */
  list(row: number): void {
    this.ids.insert(row)
    this.seats.list(row, this.orders.i32[row * 2 * ORDER_WORDS + ORDER_SEAT]!)
  }

  /** Takes an order off the lists of resting orders. */
  unlist(row: number): void {
    this.ids.remove(row)
    this.seats.unlist(row, this.orders.i32[row * 2 * ORDER_WORDS + ORDER_SEAT]!)
  }

  /** Frees the name and the row of an order that is gone. */
  forget(row: number): void {
    if ((this.orders.i32[row * 2 * ORDER_WORDS + ORDER_FLAGS]! & NAMED) !== 0) this.names.remove(row)
    this.orders.release(row)
  }

  /** Balance row of what an order pays with: quote for a buy, base for a sell. */
  paysFrom(row: number): number {
    const seat = this.orders.i32[row * 2 * ORDER_WORDS + ORDER_SEAT]! * 2 * SEAT_WORDS
    return this.seats.i32[seat + (this.orders.side(row) === BUY ? SEAT_QUOTE : SEAT_BASE)]!
  }

  private releaseHold(row: number): void {
    const at = row * ORDER_WORDS + ORDER_HELD
    const money = this.balances.i64
    const balance = this.paysFrom(row) * BALANCE_WORDS
    const held = this.orders.i64[at]!
    money[balance + HELD] = BigInt.asIntN(64, money[balance + HELD]! - held)
    money[balance + AVAILABLE] = BigInt.asIntN(64, money[balance + AVAILABLE]! + held)
    this.orders.i64[at] = 0n
  }

  /** Takes quantity off an order's total and leaves. @returns what its hold was lowered by. */
  private shrink(row: number, quantity: bigint): bigint {
    const cells = this.orders.i64
    const at = row * ORDER_WORDS
    cells[at + ORDER_QUANTITY] = BigInt.asIntN(64, cells[at + ORDER_QUANTITY]! - quantity)
    cells[at + ORDER_LEAVES] = BigInt.asIntN(64, cells[at + ORDER_LEAVES]! - quantity)
    const market = this.seats.field(this.orders.field(row, ORDER_SEAT), SEAT_MARKET) * MARKET_WORDS
    const isBuy = this.orders.side(row) === BUY
    const isMarketOrder = (this.orders.field(row, ORDER_ENUMS) & 0xff00) !== 0
    // A market buy holds the probed cost of its trades, in which what is decremented has no part.
    if (isBuy && isMarketOrder) return 0n
    const released = isBuy
      ? BigInt.asIntN(64, BigInt.asIntN(64, cells[at + ORDER_PRICE]! * quantity) * this.markets.i64[market + MARKET_NOTIONAL_UNIT]!)
      : BigInt.asIntN(64, quantity * this.markets.i64[market + MARKET_BASE_UNIT]!)
    cells[at + ORDER_HELD] = BigInt.asIntN(64, cells[at + ORDER_HELD]! - released)
    this.balances.release(this.paysFrom(row), released)
    return released
  }
}
