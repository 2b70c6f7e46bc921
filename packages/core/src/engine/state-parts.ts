/**
 * Writes the logical state in its canonical form, and hashes it; `state-layout.ts` shows the layout.
 *
 * Here stand the parts about the exchange as a whole and its markets; those about accounts, money and orders have files
 * of their own.
 */
import { FrameBuffer } from '../values/frames.js'
import * as event from '../domain/frames/event-frames.js'
import { MARKET_AUCTION_PRICE, MARKET_HALTED_AT, MARKET_LAST_PRICE, MARKET_LAST_TRADE, MARKET_WINDOW_LOW, MARKET_WINDOW_QUARTER } from '../matching/market-layout.js'
import * as order from '../matching/order-layout.js'
import { SEQUENCE, TIMESTAMP } from '../matching/registers.js'
import * as deadlineLayout from './deadline-layout.js'
import { writeAssetDefined, writeMarket } from './define.js'
import { accounts, accountSettings, groups, protections } from './parts-of-accounts.js'
import { balances, feeRates, feeTiers, holds, requests } from './parts-of-money.js'
import { brackets, orderFees, orders, orderTerms, outsideBook } from './parts-of-orders.js'
import { DEADLINE_RECORD_WORDS, FORMAT, HEADER, HEADER_WORDS, MARKET_RECORD_WORDS, WORK_RECORD_WORDS } from './state-layout.js'
import { bytesOf, section } from './state-section.js'
import type { EngineState } from './state.js'
import { hashText, hashWords } from './word-hash.js'
import { WORK_KINDS } from './work-item.js'

/** The parts of the state as it stands between two commands. */
export function stateParts(state: EngineState): Uint8Array[] {
  return [
    header(state),
    definitions(state),
    markets(state),
    groups(state),
    accounts(state),
    balances(state),
    orders(state),
    holds(state),
    requests(state.ledgerRequests),
    requests(state.orderRequests),
    feeTiers(state),
    accountSettings(state),
    orderTerms(state),
    backlog(state),
    deadlines(state),
    orderFees(state),
    protections(state),
    outsideBook(state, (market) => state.waiting.first(market)),
    outsideBook(state, (market) => state.waiting.firstTriggered(market)),
    feeRates(state),
    brackets(state),
  ]
}

/** The hash over the parts, each led by its length: 16 hexadecimal digits. */
export function hashParts(parts: readonly Uint8Array[]): string {
  const hash = new Int32Array(2)
  for (const part of parts) {
    const words = new Uint32Array(part.buffer, part.byteOffset, part.length >> 2)
    hashWords(hash, Uint32Array.of(part.length), 0, 1)
    hashWords(hash, words, 0, words.length)
  }
  return hashText(hash)
}

function header(state: EngineState): Uint8Array {
  const part = section(HEADER_WORDS, 1)
  const { f64 } = part.rows
  f64[HEADER.format] = FORMAT
  f64[HEADER.sequence] = state.sequence
  f64[HEADER.timestampUs] = state.timestampUs
  f64[HEADER.lastOrderId] = state.lastOrderId
  f64[HEADER.cancelsPerCommand] = state.limits.cancelsPerCommand
  f64[HEADER.ledgerRequests] = state.limits.ledgerRequests
  f64[HEADER.orderRequests] = state.limits.orderRequests
  f64[HEADER.activationsPerCommand] = state.limits.activationsPerCommand
  f64[HEADER.trailingStopsPerMarket] = state.limits.trailingStopsPerMarket
  f64[HEADER.lastTicket] = state.deadlines.lastTicket
  return bytesOf(part)
}

function definitions(state: EngineState): Uint8Array {
  const frames = new FrameBuffer(4096)
  const { frames: eventsBefore, index } = state.out
  const { sequence, timestampUs } = state
  state.memory.f64.fill(0, SEQUENCE, TIMESTAMP + 1)
  state.out.frames = frames
  state.out.index = 0
  for (const asset of state.catalog.assets()) writeAssetDefined(state, asset)
  for (const market of state.catalog.markets()) writeMarket(state, event.MARKET_DEFINED, market)
  state.memory.f64[SEQUENCE] = sequence
  state.memory.f64[TIMESTAMP] = timestampUs
  state.out.frames = eventsBefore
  state.out.index = index
  return frames.used()
}

function markets(state: EngineState): Uint8Array {
  const part = section(MARKET_RECORD_WORDS, state.markets.count)
  state.markets.rows.forEach((row, market) => {
    const at = market * MARKET_RECORD_WORDS
    part.rows.f64[at] = state.memory.f64[row + MARKET_LAST_TRADE]!
    part.rows.i64[at + 1] = state.memory.i64[row + MARKET_LAST_PRICE]!
    part.rows.i64[at + 2] = state.markets.givenReference(row)
    part.rows.f64[at + 3] = state.memory.f64[row + MARKET_AUCTION_PRICE]!
    part.rows.f64.set(state.memory.f64.subarray(row + MARKET_WINDOW_LOW, row + MARKET_WINDOW_QUARTER + 1), at + 4)
    part.rows.f64[at + 15] = state.memory.f64[row + MARKET_HALTED_AT]!
  })
  return bytesOf(part)
}

function backlog(state: EngineState): Uint8Array {
  const part = section(WORK_RECORD_WORDS, state.backlog.length)
  for (const [record, { kind, account, market, reason }] of state.backlog.entries()) {
    part.u32.set([WORK_KINDS.indexOf(kind), account, market, reason], record * WORK_RECORD_WORDS * 2)
  }
  return bytesOf(part)
}

function deadlines(state: EngineState): Uint8Array {
  const { i32, f64 } = state.memory
  const { DEADLINE_ACCOUNT, DEADLINE_AT, DEADLINE_KIND, DEADLINE_MARKET, DEADLINE_ORDER, DEADLINE_TICKET } = deadlineLayout
  const rows = state.deadlines.inOrder()
  const part = section(DEADLINE_RECORD_WORDS, rows.length)
  rows.forEach((row, record) => {
    const at = record * DEADLINE_RECORD_WORDS
    part.rows.f64[at] = f64[row + DEADLINE_AT]!
    part.rows.f64[at + 1] = f64[row + DEADLINE_TICKET]!
    // Row 0 reads as zero: no order.
    part.rows.f64[at + 2] = f64[i32[row * 2 + DEADLINE_ORDER]! + order.ORDER_ID]!
    part.u32.set([i32[row * 2 + DEADLINE_KIND]!, i32[row * 2 + DEADLINE_ACCOUNT]!, i32[row * 2 + DEADLINE_MARKET]!], (at + 3) * 2)
  })
  return bytesOf(part)
}
