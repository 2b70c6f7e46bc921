/** A trade of an auction: both orders rest, and trade at a price that need not be the limit of either. */
import { NONE_16, NONE_32 } from '../values/frames.js'
import * as event from '../domain/frames/event-frames.js'
import { SPECIAL_TRADE_BYTES } from '../domain/frames/fee-frames.js'
import { AVAILABLE, HELD } from '../ledger/balance-layout.js'
import { chargeFee } from '../ledger/fees.js'
import { TAKER_RATE } from '../ledger/fee-layout.js'
import { LEVEL_QUANTITY } from '../matching/level-layout.js'
import * as marketLayout from '../matching/market-layout.js'
import * as orderLayout from '../matching/order-layout.js'
import { BASE_AMOUNT, BUYER_FEE, FREED, QUANTITY, QUOTE_AMOUNT, SELLER_FEE, TIMESTAMP } from '../matching/registers.js'
import { SEAT_ACCOUNT, SEAT_BASE, SEAT_QUOTE } from '../matching/seat-layout.js'
import { writeSpecialFees } from './special-trades.js'
import type { EngineState } from './state.js'

const { MARKET_BASE_UNIT, MARKET_FEES_BASE, MARKET_FEES_QUOTE, MARKET_ID, MARKET_LAST_PRICE, MARKET_LAST_TRADE, MARKET_NOTIONAL_UNIT } = marketLayout
const { ORDER_FEE, ORDER_FEE_PREPAID, ORDER_FILLED, ORDER_FILLED_QUOTE, ORDER_FLAGS, ORDER_HELD, ORDER_ID, ORDER_LEAVES, ORDER_LEVEL, ORDER_PRICE, ORDER_QUANTITY, ORDER_SCHEDULE, ORDER_SEAT, ORDER_UPDATED, SPECIAL_FEES } =
  orderLayout

/** Of the event, without and with special fees. */
const PLAIN_BYTES = event.EVENT_BYTES[event.TRADE_EXECUTED]! + event.AUCTION_TRADE_BYTES
const SPECIAL_BYTES = SPECIAL_TRADE_BYTES + event.AUCTION_TRADE_BYTES

/** Two resting orders that trade with each other; rows. */
export interface AuctionPair {
  readonly market: number
  readonly buyer: number
  readonly seller: number
  /** Price units: of the auction. */
  readonly price: bigint
}

/**
 * Trades the smaller of the two leaves. Nobody took from the other, so both pay the rate of a taker; the
 * buyer gets back what it held above the price. An order without leaves leaves the book, an iceberg's next part
 * joins the tail of its level.
 */
export function tradeInAuction(state: EngineState, pair: AuctionPair): void {
  const { market, buyer, seller, price } = pair
  const { i32, i64, f64 } = state.memory
  const wanted = i64[buyer + ORDER_LEAVES]!
  const offered = i64[seller + ORDER_LEAVES]!
  const quantity = wanted < offered ? wanted : offered
  const perTick = quantity * i64[market + MARKET_NOTIONAL_UNIT]!
  i64[QUANTITY] = quantity
  i64[QUOTE_AMOUNT] = price * perTick
  i64[BASE_AMOUNT] = quantity * i64[market + MARKET_BASE_UNIT]!
  i64[FREED] = (i64[buyer + ORDER_PRICE]! - price) * perTick
  for (const order of [buyer, seller]) fill(state, order)
  f64[market + MARKET_LAST_TRADE] = f64[market + MARKET_LAST_TRADE]! + 1
  i64[market + MARKET_LAST_PRICE] = price
  if (((i32[buyer * 2 + ORDER_FLAGS]! | i32[seller * 2 + ORDER_FLAGS]!) & SPECIAL_FEES) === 0) {
    pay(state, pair)
    writeTrade(state, pair, { bytes: PLAIN_BYTES, buyerFee: i64[BUYER_FEE]!, sellerFee: i64[SELLER_FEE]! })
  } else {
    const paid = state.specialTrades.settle(buyer, seller, { inAuction: true })
    const at = writeTrade(state, pair, { bytes: SPECIAL_BYTES, buyerFee: paid.taker.fee, sellerFee: paid.maker.fee })
    writeSpecialFees(state.out.frames, at, paid)
  }
  state.clearing.exits.traded(seller, buyer)
  for (const order of [buyer, seller]) {
    if (i64[order + ORDER_LEAVES]! !== 0n) continue
    state.books.remove(order)
    state.clearing.makerFilled(order)
  }
}

/** Moves the registers' quantity from an order's leaves, and its level's, to what it has traded. */
function fill(state: EngineState, order: number): void {
  const { i32, i64, f64 } = state.memory
  const level = i32[order * 2 + ORDER_LEVEL]!
  const quantity = i64[QUANTITY]!
  i64[order + ORDER_LEAVES] = i64[order + ORDER_LEAVES]! - quantity
  i64[order + ORDER_FILLED] = i64[order + ORDER_FILLED]! + quantity
  i64[order + ORDER_FILLED_QUOTE] = i64[order + ORDER_FILLED_QUOTE]! + i64[QUOTE_AMOUNT]!
  i64[level + LEVEL_QUANTITY] = i64[level + LEVEL_QUANTITY]! - quantity
  f64[order + ORDER_UPDATED] = f64[TIMESTAMP]!
}

/** Held quote money goes to the seller, held base money to the buyer, each less the receiver's fee. */
function pay(state: EngineState, { market, buyer, seller }: AuctionPair): void {
  const { i32, i64 } = state.memory
  const add = (cell: number, amount: bigint): void => void (i64[cell] = i64[cell]! + amount)
  chargeFee(i64, buyer + ORDER_FEE_PREPAID, BASE_AMOUNT, i32[buyer * 2 + ORDER_SCHEDULE]! + TAKER_RATE, BUYER_FEE)
  chargeFee(i64, seller + ORDER_FEE_PREPAID, QUOTE_AMOUNT, i32[seller * 2 + ORDER_SCHEDULE]! + TAKER_RATE, SELLER_FEE)
  add(buyer + ORDER_FEE, i64[BUYER_FEE]!)
  add(seller + ORDER_FEE, i64[SELLER_FEE]!)
  add(buyer + ORDER_HELD, -i64[QUOTE_AMOUNT]! - i64[FREED]!)
  add(seller + ORDER_HELD, -i64[BASE_AMOUNT]!)
  const buyerSeat = i32[buyer * 2 + ORDER_SEAT]! * 2
  const sellerSeat = i32[seller * 2 + ORDER_SEAT]! * 2
  const buyerQuote = i32[buyerSeat + SEAT_QUOTE]!
  add(buyerQuote + HELD, -i64[QUOTE_AMOUNT]! - i64[FREED]!)
  add(buyerQuote + AVAILABLE, i64[FREED]!)
  add(i32[sellerSeat + SEAT_BASE]! + HELD, -i64[BASE_AMOUNT]!)
  add(i32[buyerSeat + SEAT_BASE]! + AVAILABLE, i64[BASE_AMOUNT]! - i64[BUYER_FEE]!)
  add(i32[sellerSeat + SEAT_QUOTE]! + AVAILABLE, i64[QUOTE_AMOUNT]! - i64[SELLER_FEE]!)
  add(i32[market * 2 + MARKET_FEES_BASE]! + AVAILABLE, i64[BUYER_FEE]!)
  add(i32[market * 2 + MARKET_FEES_QUOTE]! + AVAILABLE, i64[SELLER_FEE]!)
}

/** @returns the offset of the event. */
function writeTrade(state: EngineState, { market, buyer, seller, price }: AuctionPair, fees: { bytes: number; buyerFee: bigint; sellerFee: bigint }): number {
  const { i32, i64: cells, f64: doubles } = state.memory
  const at = state.out.beginLong(event.TRADE_EXECUTED, fees.bytes, { account: NONE_32, market: i32[market * 2 + MARKET_ID]!, asset: NONE_16 })
  const { u8, f64, i64 } = state.out.frames
  f64[(at + event.TRADE_ID) >> 3] = doubles[market + MARKET_LAST_TRADE]!
  // The buyer stands as the taker: byte 0 of the side.
  u8[at + event.TRADE_MAKER_DONE] = cells[seller + ORDER_QUANTITY]! === cells[seller + ORDER_FILLED]! ? 1 : 0
  u8[at + event.TRADE_TAKER_DONE] = cells[buyer + ORDER_QUANTITY]! === cells[buyer + ORDER_FILLED]! ? 1 : 0
  i64[(at + event.TRADE_PRICE) >> 3] = price
  i64[(at + event.TRADE_QUANTITY) >> 3] = cells[QUANTITY]!
  i64[(at + event.TRADE_QUOTE_AMOUNT) >> 3] = cells[QUOTE_AMOUNT]!
  u8[at + event.TRADE_IN_AUCTION] = 1
  i64[(at + event.bidPriceAt(state.out.frames, at)) >> 3] = cells[buyer + ORDER_PRICE]!
  i64[(at + event.askPriceAt(state.out.frames, at)) >> 3] = cells[seller + ORDER_PRICE]!
  writeParty(state, at + event.TRADE_MAKER, seller, fees.sellerFee)
  writeParty(state, at + event.TRADE_TAKER, buyer, fees.buyerFee)
  i64[(at + event.TRADE_TAKER + event.PARTY_RELEASED) >> 3] = cells[FREED]!
  return at
}

function writeParty(state: EngineState, at: number, order: number, fee: bigint): void {
  const { i32, i64: cells, f64: doubles } = state.memory
  const { u32, f64, i64 } = state.out.frames
  f64[(at + event.PARTY_ORDER_ID) >> 3] = doubles[order + ORDER_ID]!
  i64[(at + event.PARTY_FEE) >> 3] = fee
  i64[(at + event.PARTY_FILLED_QUANTITY) >> 3] = cells[order + ORDER_FILLED]!
  i64[(at + event.PARTY_LEAVES_QUANTITY) >> 3] = cells[order + ORDER_QUANTITY]! - cells[order + ORDER_FILLED]!
  i64[(at + event.PARTY_FILLED_QUOTE) >> 3] = cells[order + ORDER_FILLED_QUOTE]!
  i64[(at + event.PARTY_TOTAL_FEE) >> 3] = cells[order + ORDER_FEE]!
  u32[(at + event.PARTY_ACCOUNT) >> 2] = i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_ACCOUNT]!
}
