/** Writes the parts of the state about orders: in the books and outside, their terms, fees and brackets. */
import { TEXT_WORDS } from '../values/text-words.js'
import { complementOfMillion } from '../ledger/fees.js'
import * as order from '../matching/order-layout.js'
import { SEAT_ACCOUNT, SEAT_MARKET_ID } from '../matching/seat-layout.js'
import * as terms from '../matching/terms-layout.js'
import { ordersWithFeeTerms } from './define-fees.js'
import { BRACKET_RECORD, ORDER_FEES_RECORD_WORDS, ORDER_RECORD, TERMS_RECORD } from './state-layout.js'
import { bytesOf, section, type Section } from './state-section.js'
import type { EngineState } from './state.js'

const AMOUNTS = Int32Array.from(ORDER_RECORD.amounts)

/** Part 6 of the table in `state-layout.ts`. */
export function orders(state: EngineState): Uint8Array {
  const part = section(ORDER_RECORD.words, state.clearing.orders.live)
  const { i32 } = state.memory
  let record = 0
  for (const market of state.markets.rows) {
    for (let side = 0; side < 2; side++) {
      for (let level = state.books.best(market, side); level !== 0; level = state.books.worse(level)) {
        for (let row = state.books.head(level); row !== 0; row = i32[row * 2 + order.ORDER_NEXT]!) writeOrder(state, row, part, record++)
      }
    }
  }
  // Room was made for all live orders; some wait outside the books.
  part.rows.end = record
  return bytesOf(part)
}

/** Parts 17 and 18: the orders of the lists that begin at each market's first one. */
export function outsideBook(state: EngineState, first: (market: number) => number): Uint8Array {
  const rows: number[] = []
  for (const market of state.markets.rows) {
    for (let row = first(market); row !== 0; row = state.waiting.next(row)) rows.push(row)
  }
  const part = section(ORDER_RECORD.words, rows.length)
  for (const [record, row] of rows.entries()) writeOrder(state, row, part, record)
  return bytesOf(part)
}

function writeOrder(state: EngineState, row: number, part: Section, record: number): void {
  const at = record * ORDER_RECORD.words
  const { i32, i64: cells, f64: doubles } = state.memory
  const { f64, i64 } = part.rows
  const { u32 } = part
  f64[at] = doubles[row + order.ORDER_ID]!
  // Not by a closure: it would make a bigint of every amount.
  for (let place = 0; place < AMOUNTS.length; place++) i64[at + 1 + place] = cells[row + AMOUNTS[place]!]!
  i64[at + ORDER_RECORD.feeFraction] = complementOfMillion(cells[row + order.ORDER_FEE_PREPAID]!)
  f64[at + 9] = state.terms.createdUs(row)
  f64[at + 10] = doubles[row + order.ORDER_UPDATED]!
  const seat = i32[row * 2 + order.ORDER_SEAT]!
  const schedule = i32[row * 2 + order.ORDER_SCHEDULE]!
  const flags = i32[row * 2 + order.ORDER_FLAGS]!
  u32[at * 2 + ORDER_RECORD.account] = i32[seat * 2 + SEAT_ACCOUNT]!
  u32[at * 2 + ORDER_RECORD.market] = i32[seat * 2 + SEAT_MARKET_ID]!
  u32[at * 2 + ORDER_RECORD.enums] = i32[row * 2 + order.ORDER_ENUMS]!
  // The part tells where it stands, and its terms what it is linked with.
  u32[at * 2 + ORDER_RECORD.flags] = flags & ~(order.OFF_BOOK | order.LINKED | order.BRACKET)
  u32[at * 2 + ORDER_RECORD.makerPpm] = state.schedules.makerPpm(schedule)
  u32[at * 2 + ORDER_RECORD.takerPpm] = state.schedules.takerPpm(schedule)
  if ((flags & order.NAMED) !== 0) u32.set(i32.subarray(row * 2 + order.ORDER_NAME * 2, row * 2 + order.ORDER_NAME * 2 + TEXT_WORDS), at * 2 + ORDER_RECORD.text)
}

/** Part 12 of the table in `state-layout.ts`. */
export function orderTerms(state: EngineState): Uint8Array {
  const part = section(TERMS_RECORD.words, state.terms.live)
  const { i32, i64, f64 } = state.memory
  let record = 0
  const rows = [...state.terms.rows()].sort((a, b) => marketOfTerms(state, a) - marketOfTerms(state, b) || idOfTerms(state, a) - idOfTerms(state, b))
  for (const row of rows) {
    const at = record++ * TERMS_RECORD.words
    part.rows.f64[at] = idOfTerms(state, row)
    part.rows.i64[at + terms.TERMS_STOP] = i64[row + terms.TERMS_STOP]!
    part.rows.i64[at + terms.TERMS_DISPLAY] = i64[row + terms.TERMS_DISPLAY]!
    part.rows.f64[at + terms.TERMS_EXPIRES] = f64[row + terms.TERMS_EXPIRES]!
    part.rows.i64[at + terms.TERMS_OFFSET] = i64[row + terms.TERMS_OFFSET]!
    part.rows.i64[at + terms.TERMS_ACTIVATION] = i64[row + terms.TERMS_ACTIVATION]!
    part.rows.i64[at + terms.TERMS_EXTREME] = i64[row + terms.TERMS_EXTREME]!
    part.rows.f64[at + terms.TERMS_SIBLING] = f64[row + terms.TERMS_SIBLING]!
    part.u32[at * 2 + TERMS_RECORD.market] = marketOfTerms(state, row)
    part.u32[at * 2 + TERMS_RECORD.bps] = i32[row * 2 + terms.TERMS_BPS]!
    part.u32[at * 2 + TERMS_RECORD.follows] = i32[row * 2 + terms.TERMS_FOLLOWS]!
  }
  return bytesOf(part)
}

function idOfTerms(state: EngineState, row: number): number {
  return state.memory.f64[state.memory.i32[row * 2 + terms.TERMS_ORDER]! + order.ORDER_ID]!
}

function marketOfTerms(state: EngineState, row: number): number {
  const { i32 } = state.memory
  return i32[i32[i32[row * 2 + terms.TERMS_ORDER]! * 2 + order.ORDER_SEAT]! * 2 + SEAT_MARKET_ID]!
}

/** Part 15 of the table in `state-layout.ts`. */
export function orderFees(state: EngineState): Uint8Array {
  const part = section(ORDER_FEES_RECORD_WORDS, state.orderFees.terms.live)
  ordersWithFeeTerms(state).forEach((row, record) => {
    const at = record * ORDER_FEES_RECORD_WORDS
    part.rows.f64[at] = state.memory.f64[row + order.ORDER_ID]!
    part.rows.i64.set(state.orderFees.saved(row), at + 1)
  })
  return bytesOf(part)
}

/** Part 20 of the table in `state-layout.ts`. */
export function brackets(state: EngineState): Uint8Array {
  const part = section(BRACKET_RECORD.words, state.brackets.all.size)
  let record = 0
  for (const bracket of state.brackets.all.values()) {
    const at = record++ * BRACKET_RECORD.words
    const { takeProfit, stopLoss, gone } = bracket
    part.rows.f64[at] = bracket.entryId
    part.rows.f64[at + 1] = bracket.takeProfitId
    part.rows.f64[at + 2] = bracket.stopLossId
    part.rows.i64.set([gone?.opened ?? 0n, bracket.covered, takeProfit.price, takeProfit.stopPrice, stopLoss.price, stopLoss.stopPrice], at + 3)
    part.u32[at * 2 + BRACKET_RECORD.account] = takeProfit.account
    part.u32[at * 2 + BRACKET_RECORD.market] = state.brackets.marketId(bracket)
    part.u32[at * 2 + BRACKET_RECORD.bits] = (bracket.complete ? 1 : 0) | (gone === undefined ? 0 : 2) | (gone?.inFull === true ? 4 : 0) | (takeProfit.side === order.BUY ? 8 : 0)
    part.u32[at * 2 + BRACKET_RECORD.prevention] = takeProfit.selfTradePrevention
    for (const [place, leg] of [takeProfit, stopLoss].entries()) {
      part.u32[at * 2 + BRACKET_RECORD.legs + place] = leg.orderType | (leg.timeInForce << 8) | (leg.flags << 16)
    }
  }
  return bytesOf(part)
}
