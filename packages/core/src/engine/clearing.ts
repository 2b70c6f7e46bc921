/** Settles what matching decides: pays trades, charges fees, closes orders, and writes the events. */
import { NONE_16, NONE_32 } from '../values/frames.js'
import { ROW_BITS, RowPool, type RowMemory } from '../values/row-memory.js'
import * as event from '../domain/frames/event-frames.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import type { Balances } from '../ledger/balances.js'
import * as balanceLayout from '../ledger/balance-layout.js'
import { chargeFee } from '../ledger/fees.js'
import * as feeLayout from '../ledger/fee-layout.js'
import type { OrderBooks } from '../matching/order-books.js'
import type { OrderIds } from '../matching/order-ids.js'
import type { Settlement } from '../matching/taker-walk.js'
import * as levelLayout from '../matching/level-layout.js'
import * as marketLayout from '../matching/market-layout.js'
import * as orderLayout from '../matching/order-layout.js'
import * as registers from '../matching/registers.js'
import * as seatLayout from '../matching/seat-layout.js'
import type { Brackets } from './brackets.js'
import type { ClearingTables } from './clearing-tables.js'
import type { EventWriter } from './event-writer.js'
import { Exits } from './exits.js'
import type { OrderFees } from './order-fees.js'
import type { Icebergs } from './icebergs.js'
import type { OrderNames } from './order-names.js'
import type { OrderTermsRows } from './order-terms.js'
import type { QuoteProtections } from './quote-protections.js'
import type { Seats } from './seats.js'
import type { SpecialTrades } from './special-trades.js'
import type { WaitingOrders } from './waiting-orders.js'

const { AVAILABLE, HELD } = balanceLayout
const { MAKER_RATE, TAKER_RATE } = feeLayout
const { LEVEL_QUANTITY } = levelLayout
const { MARKET_BASE_UNIT, MARKET_FEES_BASE, MARKET_FEES_QUOTE, MARKET_LAST_PRICE, MARKET_LAST_TRADE, MARKET_NOTIONAL_UNIT } = marketLayout
const {
  BRACKET,
  BUY,
  BY_QUOTE,
  HAS_TERMS,
  ICEBERG,
  LINKED,
  NAMED,
  OFF_BOOK,
  ORDER_ENUMS,
  ORDER_FEE,
  ORDER_FEE_PREPAID,
  ORDER_FILLED,
  ORDER_FILLED_QUOTE,
  ORDER_FLAGS,
  ORDER_HELD,
  ORDER_ID,
  ORDER_LEAVES,
  ORDER_LEVEL,
  ORDER_NEXT,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_SCHEDULE,
  ORDER_SEAT,
  ORDER_TERMS,
  ORDER_UPDATED,
  ORDER_WORDS,
  SPECIAL_FEES,
  QUOTE,
} = orderLayout
const { BASE_AMOUNT, BUYER_FEE, FREED, QUANTITY, QUOTE_AMOUNT, SELLER_FEE, TIMESTAMP } = registers
const { SEAT_ACCOUNT, SEAT_BASE, SEAT_MARKET, SEAT_MARKET_ID, SEAT_PAYS, SEAT_QUOTE } = seatLayout
const { TRADE_EXECUTED } = event

/** Words of 8 bytes from the start of a trade event. */
const TRADE_ID_WORD = event.TRADE_ID >> 3
const FLAGS_WORD = event.TRADE_TAKER_SIDE >> 3
const PRICE_WORD = event.TRADE_PRICE >> 3
const MAKER_WORD = event.TRADE_MAKER >> 3
const TAKER_WORD = event.TRADE_TAKER >> 3
const PARTY_WORDS = TAKER_WORD - MAKER_WORD
/** Bits of the flags word: the bytes after the taker's side. */
const MAKER_DONE_BIT = 1 << ((event.TRADE_MAKER_DONE & 3) * 8)
const TAKER_DONE_BIT = 1 << ((event.TRADE_TAKER_DONE & 3) * 8)
const ROW = ROW_BITS
const NO_ACCOUNT = NONE_32
const NO_ASSET = NONE_16 << 16
/** The order type among the four bytes of the enums, and `market` there: the one type whose hold is its probed cost. */
const TYPE_BITS = 0xff00
const MARKET_ORDER = 0x100
const SELF_TRADE_PREVENTION = CANCEL_REASONS.indexOf('self_trade_prevention')

/** Orders whose trades are more than payments. */
const WATCHED = QUOTE | ICEBERG | LINKED | BRACKET
const TRADE_BYTES = event.EVENT_BYTES[TRADE_EXECUTED]!

export class Clearing implements Settlement {
  private readonly memory: RowMemory
  private readonly books: OrderBooks
  private readonly seats: Seats
  private readonly ids: OrderIds
  private readonly names: OrderNames
  private readonly terms: OrderTermsRows
  private readonly waiting: WaitingOrders
  private readonly brackets: Brackets
  readonly exits: Exits
  private readonly balances: Balances
  private readonly out: EventWriter
  private readonly orderFees: OrderFees
  private readonly specialTrades: SpecialTrades
  private readonly protections: QuoteProtections
  private readonly icebergs: Icebergs
  /** The rows of orders. */
  readonly orders: RowPool

  constructor(tables: ClearingTables) {
    this.memory = tables.memory
    this.books = tables.books
    this.seats = tables.seats
    this.ids = tables.ids
    this.names = tables.names
    this.terms = tables.terms
    this.waiting = tables.waiting
    this.brackets = tables.brackets
    this.exits = new Exits(tables, this)
    this.balances = tables.balances
    this.out = tables.out
    this.orderFees = tables.orderFees
    this.specialTrades = tables.specialTrades
    this.protections = tables.protections
    this.icebergs = tables.icebergs
    this.orders = new RowPool(tables.memory, ORDER_WORDS, ORDER_NEXT)
  }

  /**
   * Pays a trade: the buyer's held quote money goes to the seller, the seller's held base money to the
   * buyer, each less the receiver's fee; what a buyer held above the price is available again.
   */
  trade(takerRow: number, makerRow: number): void {
    const { i32, i64, f64 } = this.memory
    const taker = takerRow & ROW
    const maker = makerRow & ROW
    const enums = i32[taker * 2 + ORDER_ENUMS]!
    // Sides come at random: exchanging the rows by arithmetic spares a branch that would be foreseen half the time.
    const side = enums & 1
    const exchanged = (taker ^ maker) & -side
    const buyer = taker ^ exchanged
    const seller = maker ^ exchanged
    const buyerSeat = (i32[buyer * 2 + ORDER_SEAT]! & ROW) * 2
    const sellerSeat = (i32[seller * 2 + ORDER_SEAT]! & ROW) * 2
    const market = i32[buyerSeat + SEAT_MARKET]! & ROW

    const price = i64[maker + ORDER_PRICE]!
    const perTick = BigInt.asIntN(64, i64[QUANTITY]! * i64[market + MARKET_NOTIONAL_UNIT]!)
    const quote = BigInt.asIntN(64, price * perTick)
    const base = BigInt.asIntN(64, i64[QUANTITY]! * i64[market + MARKET_BASE_UNIT]!)
    i64[taker + ORDER_FILLED] = BigInt.asIntN(64, i64[taker + ORDER_FILLED]! + i64[QUANTITY]!)
    i64[maker + ORDER_FILLED] = BigInt.asIntN(64, i64[maker + ORDER_FILLED]! + i64[QUANTITY]!)
    i64[QUOTE_AMOUNT] = quote
    i64[BASE_AMOUNT] = base
    i64[FREED] = 0n
    // A maker bought at its own price; a market order holds the exact cost. Only a buyer with a limit that takes held more.
    if (side === BUY && (enums & TYPE_BITS) !== MARKET_ORDER) i64[FREED] = BigInt.asIntN(64, BigInt.asIntN(64, i64[taker + ORDER_PRICE]! - price) * perTick)
    f64[maker + ORDER_UPDATED] = f64[TIMESTAMP]!
    f64[market + MARKET_LAST_TRADE] = f64[market + MARKET_LAST_TRADE]! + 1
    i64[market + MARKET_LAST_PRICE] = price
    const flags = i32[taker * 2 + ORDER_FLAGS]! | i32[maker * 2 + ORDER_FLAGS]!
    if ((flags & SPECIAL_FEES) !== 0) {
      const at = this.out.frames.length
      this.specialTrades.trade(taker, maker)
      if ((flags & WATCHED) !== 0) this.afterTrade(taker, maker, at)
      return
    }
    chargeFee(i64, buyer + ORDER_FEE_PREPAID, BASE_AMOUNT, i32[buyer * 2 + ORDER_SCHEDULE]! + TAKER_RATE - side, BUYER_FEE)
    chargeFee(i64, seller + ORDER_FEE_PREPAID, QUOTE_AMOUNT, i32[seller * 2 + ORDER_SCHEDULE]! + MAKER_RATE + side, SELLER_FEE)
    const buyerFee = i64[BUYER_FEE]!
    const sellerFee = i64[SELLER_FEE]!
    const freed = i64[FREED]!

    i64[buyer + ORDER_FILLED_QUOTE] = BigInt.asIntN(64, i64[buyer + ORDER_FILLED_QUOTE]! + quote)
    i64[buyer + ORDER_FEE] = BigInt.asIntN(64, i64[buyer + ORDER_FEE]! + buyerFee)
    i64[buyer + ORDER_HELD] = BigInt.asIntN(64, i64[buyer + ORDER_HELD]! - BigInt.asIntN(64, quote + freed))
    i64[seller + ORDER_FILLED_QUOTE] = BigInt.asIntN(64, i64[seller + ORDER_FILLED_QUOTE]! + quote)
    i64[seller + ORDER_FEE] = BigInt.asIntN(64, i64[seller + ORDER_FEE]! + sellerFee)
    i64[seller + ORDER_HELD] = BigInt.asIntN(64, i64[seller + ORDER_HELD]! - base)

    const buyerQuote = i32[buyerSeat + SEAT_QUOTE]! & ROW
    const buyerBase = i32[buyerSeat + SEAT_BASE]! & ROW
    const sellerQuote = i32[sellerSeat + SEAT_QUOTE]! & ROW
    const sellerBase = i32[sellerSeat + SEAT_BASE]! & ROW
    const feesBase = i32[market * 2 + MARKET_FEES_BASE]! & ROW
    const feesQuote = i32[market * 2 + MARKET_FEES_QUOTE]! & ROW
    i64[buyerQuote + HELD] = BigInt.asIntN(64, i64[buyerQuote + HELD]! - BigInt.asIntN(64, quote + freed))
    i64[buyerQuote + AVAILABLE] = BigInt.asIntN(64, i64[buyerQuote + AVAILABLE]! + freed)
    i64[sellerBase + HELD] = BigInt.asIntN(64, i64[sellerBase + HELD]! - base)
    i64[buyerBase + AVAILABLE] = BigInt.asIntN(64, i64[buyerBase + AVAILABLE]! + BigInt.asIntN(64, base - buyerFee))
    i64[sellerQuote + AVAILABLE] = BigInt.asIntN(64, i64[sellerQuote + AVAILABLE]! + BigInt.asIntN(64, quote - sellerFee))
    i64[feesBase + AVAILABLE] = BigInt.asIntN(64, i64[feesBase + AVAILABLE]! + buyerFee)
    i64[feesQuote + AVAILABLE] = BigInt.asIntN(64, i64[feesQuote + AVAILABLE]! + sellerFee)
    this.writeTrade(taker, maker, side)
    if ((flags & WATCHED) !== 0) this.afterTrade(taker, maker, this.out.frames.length - TRADE_BYTES)
  }

  /** What a trade, whose event stands at `at`, means to quotes, icebergs and exits. */
  private afterTrade(taker: number, maker: number, at: number): void {
    const { i32 } = this.memory
    if ((i32[maker * 2 + ORDER_FLAGS]! & QUOTE) !== 0) this.protections.countFill(maker)
    if ((i32[maker * 2 + ORDER_FLAGS]! & ICEBERG) !== 0) this.icebergs.correctTrade(maker, at, at + event.TRADE_MAKER)
    if ((i32[taker * 2 + ORDER_FLAGS]! & ICEBERG) !== 0) this.icebergs.correctTrade(taker, at, at + event.TRADE_TAKER)
    this.exits.traded(taker, maker)
  }

  makerFilled(maker: number): void {
    if ((this.memory.i32[maker * 2 + ORDER_FLAGS]! & ICEBERG) !== 0 && this.icebergs.refresh(maker)) return
    this.unlist(maker)
    this.forget(maker)
  }

  cancelMaker(maker: number): void {
    this.cancelResting(maker, SELF_TRADE_PREVENTION)
  }

  decrement(taker: number, maker: number): void {
    const { i64 } = this.memory
    const quantity = i64[QUANTITY]!
    if (i64[maker + ORDER_QUANTITY]! - i64[maker + ORDER_FILLED]! === quantity) this.cancelResting(maker, SELF_TRADE_PREVENTION)
    else this.reduceResting(maker, quantity, SELF_TRADE_PREVENTION)
    if (i64[taker + ORDER_LEAVES]! === quantity) {
      this.cancelRemainder(taker, SELF_TRADE_PREVENTION)
      return
    }
    const released = this.shrink(taker, quantity)
    this.out.reduced(taker, { reason: SELF_TRADE_PREVENTION, rested: false, quantity, released })
  }

  /** Takes an order out of the book, or from among those that wait outside, and gives back what it holds. */
  cancelResting(order: number, reason: number): void {
    this.out.cancelled(order, reason, (this.memory.i32[order * 2 + ORDER_FLAGS]! & OFF_BOOK) === 0)
    this.leave(order)
  }

  /** Ends an order whose deadline has come. */
  expire(order: number): void {
    this.out.expired(order, (this.memory.i32[order * 2 + ORDER_FLAGS]! & OFF_BOOK) === 0)
    this.leave(order)
  }

  private leave(order: number): void {
    const other = (this.memory.i32[order * 2 + ORDER_FLAGS]! & (LINKED | BRACKET)) === 0 ? 0 : this.exits.leave(order)
    if ((this.memory.i32[order * 2 + ORDER_FLAGS]! & OFF_BOOK) === 0) this.books.remove(order)
    else this.waiting.leave(order)
    this.releaseHold(order)
    this.unlist(order)
    this.forget(order)
    if (other !== 0) this.exits.cancelOther(other)
  }

  /** Gives back what an order on its way in holds; the caller forgets the order. */
  cancelRemainder(order: number, reason: number): void {
    this.out.cancelled(order, reason, false)
    this.releaseHold(order)
    this.memory.i64[order + ORDER_LEAVES] = 0n
  }

  /** Makes a resting or waiting order smaller by less than its leaves; it keeps its place. */
  reduceResting(order: number, quantity: bigint, reason: number): void {
    const { i32, i64, f64 } = this.memory
    if ((i32[order * 2 + ORDER_FLAGS]! & LINKED) !== 0) {
      this.exits.reducePair(order, quantity, reason)
      return
    }
    const level = i32[order * 2 + ORDER_LEVEL]!
    const rested = (i32[order * 2 + ORDER_FLAGS]! & OFF_BOOK) === 0
    const displayed = i64[order + ORDER_LEAVES]!
    const released = this.shrink(order, quantity)
    if ((i32[order * 2 + ORDER_FLAGS]! & ICEBERG) !== 0) this.icebergs.shrinkHiddenFirst(order, displayed)
    const lost = BigInt.asIntN(64, displayed - i64[order + ORDER_LEAVES]!)
    if (rested) i64[level + LEVEL_QUANTITY] = BigInt.asIntN(64, i64[level + LEVEL_QUANTITY]! - lost)
    f64[order + ORDER_UPDATED] = f64[TIMESTAMP]!
    this.out.reduced(order, { reason, rested, quantity, released, displayed: lost })
  }

  /** Whether nothing is left to trade: no leaves, or the whole quote amount spent. */
  isDone(row: number): boolean {
    const { i32, i64 } = this.memory
    const order = row & ROW
    return (i32[order * 2 + ORDER_FLAGS]! & BY_QUOTE) === 0
      ? i64[order + ORDER_LEAVES]! === 0n
      : i64[order + ORDER_FILLED_QUOTE]! === i64[order + ORDER_QUANTITY]!
  }

  /** Lists an order that rests now under its id and its account. */
  list(order: number): void {
    this.ids.insert(order)
    this.seats.list(order)
  }

  /** Takes an order off the lists of resting orders. */
  unlist(order: number): void {
    this.ids.remove(order)
    this.seats.unlist(order)
  }

  /** Frees the name, the terms and the row of an order that is gone. */
  forget(order: number): void {
    const { i32 } = this.memory
    const flags = i32[order * 2 + ORDER_FLAGS]!
    if ((flags & NAMED) !== 0) this.names.remove(order)
    if ((flags & (HAS_TERMS | SPECIAL_FEES | BRACKET)) !== 0) {
      if ((flags & BRACKET) !== 0) this.brackets.leave(order)
      if ((flags & HAS_TERMS) !== 0) this.terms.release(i32[order * 2 + ORDER_TERMS]!)
      if ((flags & SPECIAL_FEES) !== 0) this.orderFees.detach(order)
    }
    this.orders.release(order)
  }

  /** Balance row of what an order pays with: quote for a buy, base for a sell. */
  paysFrom(row: number): number {
    const { i32 } = this.memory
    const order = row & ROW
    const seat = (i32[order * 2 + ORDER_SEAT]! & ROW) * 2
    return i32[seat + SEAT_PAYS + (i32[order * 2 + ORDER_ENUMS]! & 1)]!
  }

  private releaseHold(row: number): void {
    const { i64 } = this.memory
    const order = row & ROW
    const balance = this.paysFrom(order) & ROW
    const held = i64[order + ORDER_HELD]!
    i64[balance + HELD] = BigInt.asIntN(64, i64[balance + HELD]! - held)
    i64[balance + AVAILABLE] = BigInt.asIntN(64, i64[balance + AVAILABLE]! + held)
    i64[order + ORDER_HELD] = 0n
  }

  /** Takes quantity off an order's total and leaves. @returns what its hold was lowered by. */
  private shrink(order: number, quantity: bigint): bigint {
    const { i32, i64 } = this.memory
    i64[order + ORDER_QUANTITY] = BigInt.asIntN(64, i64[order + ORDER_QUANTITY]! - quantity)
    i64[order + ORDER_LEAVES] = BigInt.asIntN(64, i64[order + ORDER_LEAVES]! - quantity)
    const enums = i32[order * 2 + ORDER_ENUMS]!
    const isBuy = (enums & 0xff) === BUY
    // A market buy holds the probed cost of its trades, in which what is decremented has no part.
    if (isBuy && (enums & TYPE_BITS) === MARKET_ORDER) return 0n
    const market = i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_MARKET]!
    const released = isBuy
      ? BigInt.asIntN(64, BigInt.asIntN(64, i64[order + ORDER_PRICE]! * quantity) * i64[market + MARKET_NOTIONAL_UNIT]!)
      : BigInt.asIntN(64, quantity * i64[market + MARKET_BASE_UNIT]!)
    i64[order + ORDER_HELD] = BigInt.asIntN(64, i64[order + ORDER_HELD]! - released)
    this.balances.release(this.paysFrom(order), released)
    if ((i32[order * 2 + ORDER_FLAGS]! & SPECIAL_FEES) !== 0) this.orderFees.refit(order)
    return released
  }

  /** Writes the event of the trade that the registers describe. */
  private writeTrade(takerRow: number, makerRow: number, side: number): void {
    const { i32, i64: cells } = this.memory
    const taker = takerRow & ROW
    const maker = makerRow & ROW
    const exchanged = (taker ^ maker) & -side
    const buyer = taker ^ exchanged
    const seller = maker ^ exchanged
    const buyerSeat = (i32[buyer * 2 + ORDER_SEAT]! & ROW) * 2
    const sellerSeat = (i32[seller * 2 + ORDER_SEAT]! & ROW) * 2
    const word = this.out.extend(TRADE_EXECUTED, NO_ACCOUNT, i32[buyerSeat + SEAT_MARKET_ID]! | NO_ASSET) >> 3
    // All 8-byte fields are copied as integers, whatever they mean: fewer views fit into more registers.
    const { u32, i64 } = this.out.frames
    i64[word + TRADE_ID_WORD] = cells[(i32[buyerSeat + SEAT_MARKET]! & ROW) + MARKET_LAST_TRADE]!
    u32[(word + FLAGS_WORD) * 2] =
      side | (cells[maker + ORDER_LEAVES]! === 0n ? MAKER_DONE_BIT : 0) | (this.isDone(taker) ? TAKER_DONE_BIT : 0)
    u32[(word + FLAGS_WORD) * 2 + 1] = 0
    i64[word + PRICE_WORD] = cells[maker + ORDER_PRICE]!
    i64[word + PRICE_WORD + 1] = cells[QUANTITY]!
    i64[word + PRICE_WORD + 2] = cells[QUOTE_AMOUNT]!
    const buyerWord = word + TAKER_WORD - side * PARTY_WORDS
    i64[buyerWord] = cells[buyer + ORDER_ID]!
    i64[buyerWord + 1] = cells[BUYER_FEE]!
    i64[buyerWord + 2] = cells[buyer + ORDER_FILLED]!
    i64[buyerWord + 3] = cells[buyer + ORDER_LEAVES]!
    i64[buyerWord + 4] = cells[buyer + ORDER_FILLED_QUOTE]!
    i64[buyerWord + 5] = cells[buyer + ORDER_FEE]!
    i64[buyerWord + 6] = cells[FREED]!
    u32[(buyerWord + 7) * 2] = i32[buyerSeat + SEAT_ACCOUNT]!
    u32[(buyerWord + 7) * 2 + 1] = 0
    const sellerWord = word + MAKER_WORD + side * PARTY_WORDS
    i64[sellerWord] = cells[seller + ORDER_ID]!
    i64[sellerWord + 1] = cells[SELLER_FEE]!
    i64[sellerWord + 2] = cells[seller + ORDER_FILLED]!
    i64[sellerWord + 3] = cells[seller + ORDER_LEAVES]!
    i64[sellerWord + 4] = cells[seller + ORDER_FILLED_QUOTE]!
    i64[sellerWord + 5] = cells[seller + ORDER_FEE]!
    i64[sellerWord + 6] = 0n
    u32[(sellerWord + 7) * 2] = i32[sellerSeat + SEAT_ACCOUNT]!
    u32[(sellerWord + 7) * 2 + 1] = 0
  }
}
