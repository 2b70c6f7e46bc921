/** Settles what matching decides: pays trades, charges fees, closes orders, and writes the events. */
import { NONE_16, NONE_32 } from '../values/frames.js'
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

const { TRADE_EXECUTED, TRADE_MAKER_DONE, TRADE_TAKER_DONE, TRADE_TAKER_SIDE } = event
/** Words of 8 bytes from the start of a trade event. */
const TRADE_ID_WORD = event.TRADE_ID >> 3
const TAKER_SIDE_WORD = event.TRADE_TAKER_SIDE >> 3
const PRICE_WORD = event.TRADE_PRICE >> 3
const MAKER_WORD = event.TRADE_MAKER >> 3
const TAKER_WORD = event.TRADE_TAKER >> 3
const NO_ASSET = NONE_16 << 16
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
  /** Sequence and timestamp of the command. */
  readonly clock: Float64Array
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
  private readonly clock: Float64Array
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
    this.clock = tables.clock
  }

  /**
   * Pays a trade: the buyer's held quote money goes to the seller, the seller's held base money to the
   * buyer, each less the receiver's fee; what a buyer held above the price is available again.
   */
  trade(taker: number, maker: number): void {
    const fields = this.orders.i32
    const cells = this.orders.i64
    const takerAt = taker * ORDER_WORDS
    const makerAt = maker * ORDER_WORDS
    const enums = fields[takerAt * 2 + ORDER_ENUMS]!
    const takerBuys = (enums & 0xff) === BUY
    const buyerAt = takerBuys ? takerAt : makerAt
    const sellerAt = takerBuys ? makerAt : takerAt
    const seats = this.seats.i32
    const buyerSeat = fields[buyerAt * 2 + ORDER_SEAT]! * 2 * SEAT_WORDS
    const sellerSeat = fields[sellerAt * 2 + ORDER_SEAT]! * 2 * SEAT_WORDS
    const market = seats[buyerSeat + SEAT_MARKET]!
    const rules = market * MARKET_WORDS

    const price = cells[makerAt + ORDER_PRICE]!
    const quantity = this.quantity[0]!
    const perTick = BigInt.asIntN(64, quantity * this.markets.i64[rules + MARKET_NOTIONAL_UNIT]!)
    const quote = BigInt.asIntN(64, price * perTick)
    const base = BigInt.asIntN(64, quantity * this.markets.i64[rules + MARKET_BASE_UNIT]!)
    // A maker bought at its own price; a market order holds the exact cost. Only a limit buyer that takes held more.
    const freed = takerBuys && (enums & 0xff00) === 0 ? BigInt.asIntN(64, BigInt.asIntN(64, cells[takerAt + ORDER_PRICE]! - price) * perTick) : 0n
    const rates = this.schedules.i64
    const buyerRate = fields[buyerAt * 2 + ORDER_SCHEDULE]! * SCHEDULE_WORDS + (takerBuys ? TAKER_RATE : MAKER_RATE)
    const sellerRate = fields[sellerAt * 2 + ORDER_SCHEDULE]! * SCHEDULE_WORDS + (takerBuys ? MAKER_RATE : TAKER_RATE)
    const buyerFee = chargeFee(cells, buyerAt + ORDER_FEE_FRACTION, base, rates[buyerRate]!)
    const sellerFee = chargeFee(cells, sellerAt + ORDER_FEE_FRACTION, quote, rates[sellerRate]!)
    const spent = BigInt.asIntN(64, quote + freed)

    cells[buyerAt + ORDER_FILLED_QUOTE] = BigInt.asIntN(64, cells[buyerAt + ORDER_FILLED_QUOTE]! + quote)
    cells[buyerAt + ORDER_FEE] = BigInt.asIntN(64, cells[buyerAt + ORDER_FEE]! + buyerFee)
    cells[buyerAt + ORDER_HELD] = BigInt.asIntN(64, cells[buyerAt + ORDER_HELD]! - spent)
    cells[sellerAt + ORDER_FILLED_QUOTE] = BigInt.asIntN(64, cells[sellerAt + ORDER_FILLED_QUOTE]! + quote)
    cells[sellerAt + ORDER_FEE] = BigInt.asIntN(64, cells[sellerAt + ORDER_FEE]! + sellerFee)
    cells[sellerAt + ORDER_HELD] = BigInt.asIntN(64, cells[sellerAt + ORDER_HELD]! - base)
    this.orders.f64[makerAt + ORDER_UPDATED] = this.clock[1]!

    const money = this.balances.i64
    const buyerQuote = seats[buyerSeat + SEAT_QUOTE]! * BALANCE_WORDS
    const buyerBase = seats[buyerSeat + SEAT_BASE]! * BALANCE_WORDS
    const sellerQuote = seats[sellerSeat + SEAT_QUOTE]! * BALANCE_WORDS
    const sellerBase = seats[sellerSeat + SEAT_BASE]! * BALANCE_WORDS
    const feesBase = this.markets.i32[rules * 2 + MARKET_FEES_BASE]! * BALANCE_WORDS
    const feesQuote = this.markets.i32[rules * 2 + MARKET_FEES_QUOTE]! * BALANCE_WORDS
    money[buyerQuote + HELD] = BigInt.asIntN(64, money[buyerQuote + HELD]! - spent)
    money[buyerQuote + AVAILABLE] = BigInt.asIntN(64, money[buyerQuote + AVAILABLE]! + freed)
    money[sellerBase + HELD] = BigInt.asIntN(64, money[sellerBase + HELD]! - base)
    money[buyerBase + AVAILABLE] = BigInt.asIntN(64, money[buyerBase + AVAILABLE]! + BigInt.asIntN(64, base - buyerFee))
    money[sellerQuote + AVAILABLE] = BigInt.asIntN(64, money[sellerQuote + AVAILABLE]! + BigInt.asIntN(64, quote - sellerFee))
    money[feesBase + AVAILABLE] = BigInt.asIntN(64, money[feesBase + AVAILABLE]! + buyerFee)
    money[feesQuote + AVAILABLE] = BigInt.asIntN(64, money[feesQuote + AVAILABLE]! + sellerFee)

    const word = this.out.extend(TRADE_EXECUTED, NONE_32, market | NO_ASSET) >> 3
    const { u8, u32, f64, i64 } = this.out.frames
    const tradeId = this.markets.f64[rules + MARKET_LAST_TRADE]! + 1
    this.markets.f64[rules + MARKET_LAST_TRADE] = tradeId
    f64[word + TRADE_ID_WORD] = tradeId
    i64[word + TAKER_SIDE_WORD] = 0n
    u8[word * 8 + TRADE_TAKER_SIDE] = enums & 0xff
    u8[word * 8 + TRADE_MAKER_DONE] = cells[makerAt + ORDER_LEAVES]! === 0n ? 1 : 0
    u8[word * 8 + TRADE_TAKER_DONE] = this.isDone(takerAt) ? 1 : 0
    i64[word + PRICE_WORD] = price
    i64[word + PRICE_WORD + 1] = quantity
    i64[word + PRICE_WORD + 2] = quote
    const buyer = word + (takerBuys ? TAKER_WORD : MAKER_WORD)
    const seller = word + (takerBuys ? MAKER_WORD : TAKER_WORD)
    f64[buyer] = this.orders.f64[buyerAt + ORDER_ID]!
    i64[buyer + 1] = buyerFee
    i64[buyer + 2] = cells[buyerAt + ORDER_FILLED]!
    i64[buyer + 3] = cells[buyerAt + ORDER_LEAVES]!
    i64[buyer + 4] = cells[buyerAt + ORDER_FILLED_QUOTE]!
    i64[buyer + 5] = cells[buyerAt + ORDER_FEE]!
    i64[buyer + 6] = freed
    u32[(buyer + 7) * 2] = seats[buyerSeat + SEAT_ACCOUNT]!
    u32[(buyer + 7) * 2 + 1] = 0
    f64[seller] = this.orders.f64[sellerAt + ORDER_ID]!
    i64[seller + 1] = sellerFee
    i64[seller + 2] = cells[sellerAt + ORDER_FILLED]!
    i64[seller + 3] = cells[sellerAt + ORDER_LEAVES]!
    i64[seller + 4] = cells[sellerAt + ORDER_FILLED_QUOTE]!
    i64[seller + 5] = cells[sellerAt + ORDER_FEE]!
    i64[seller + 6] = 0n
    u32[(seller + 7) * 2] = seats[sellerSeat + SEAT_ACCOUNT]!
    u32[(seller + 7) * 2 + 1] = 0
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
    this.orders.f64[row * ORDER_WORDS + ORDER_UPDATED] = this.clock[1]!
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
