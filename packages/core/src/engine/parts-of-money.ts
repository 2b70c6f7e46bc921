/** Writes the parts of the state about money: balances, holds, the requests that moved it, and what fees cost. */
import { AVAILABLE, HELD } from '../ledger/balance-layout.js'
import { REQUEST_HASH_HIGH, REQUEST_HASH_LOW, REQUEST_WORDS, type RequestWindow } from '../ledger/request-window.js'
import { BALANCE_RECORD_WORDS, HOLD_RECORD_WORDS, RATE_RECORD_WORDS, REQUEST_RECORD_WORDS, TIER_RECORD_WORDS } from './state-layout.js'
import { bytesOf, section } from './state-section.js'
import type { EngineState } from './state.js'

/** Part 5 of the table in `state-layout.ts`. */
export function balances(state: EngineState): Uint8Array {
  const { balances: table } = state
  const rows = rowsByAccount(state)
  const part = section(BALANCE_RECORD_WORDS, rows.length)
  let at = 0
  for (const row of rows) {
    part.u32[at * 2] = table.account(row)
    part.u32[at * 2 + 1] = table.asset(row)
    part.rows.i64[at + 1] = state.memory.i64[row + AVAILABLE]!
    part.rows.i64[at + 2] = state.memory.i64[row + HELD]!
    at += BALANCE_RECORD_WORDS
  }
  return bytesOf(part)
}

/** The balances that are not zero, by account and then by asset: counted out by account, and the few of each put in order. */
function rowsByAccount(state: EngineState): Int32Array {
  const { balances: table } = state
  const { i64 } = state.memory
  const filled = new Int32Array(table.count)
  const starts = new Int32Array(state.accounts.count + 1)
  let count = 0
  for (const row of table.rows()) {
    if (i64[row + AVAILABLE] === 0n && i64[row + HELD] === 0n) continue
    filled[count++] = row
    const after = table.account(row) + 1
    starts[after] = starts[after]! + 1
  }
  for (let account = 1; account < starts.length; account++) starts[account] = starts[account]! + starts[account - 1]!
  const ends = starts.slice()
  const sorted = new Int32Array(count)
  for (let index = 0; index < count; index++) {
    const row = filled[index]!
    const account = table.account(row)
    const asset = table.asset(row)
    let at = ends[account]!
    ends[account] = at + 1
    for (; at > starts[account]! && table.asset(sorted[at - 1]!) > asset; at--) sorted[at] = sorted[at - 1]!
    sorted[at] = row
  }
  return sorted
}

/** Part 7 of the table in `state-layout.ts`. */
export function holds(state: EngineState): Uint8Array {
  const rows = state.holds.live()
  const part = section(HOLD_RECORD_WORDS, rows.length)
  rows.forEach((hold, record) => {
    const at = record * HOLD_RECORD_WORDS
    part.rows.f64[at] = state.holds.sequenceOf(hold)
    part.rows.i64[at + 1] = state.holds.amount(hold)
    part.u32[at * 2 + 4] = state.holds.account(hold)
    part.u32[at * 2 + 5] = state.holds.asset(hold)
    state.holds.names.copyTo(hold, part.u32, at * 2 + 6)
  })
  return bytesOf(part)
}

/** Parts 8 and 9 of the table in `state-layout.ts`. */
export function requests(window: RequestWindow): Uint8Array {
  const part = section(REQUEST_RECORD_WORDS, Math.min(window.total, window.limit))
  let record = 0
  for (const row of window.rows()) {
    const at = record++ * REQUEST_RECORD_WORDS
    part.rows.f64[at] = window.firstSequence(row)
    part.rows.f64[at + 1] = window.orderId(row)
    part.u32[at * 2 + 4] = window.i32[row * 2 * REQUEST_WORDS + REQUEST_HASH_LOW]!
    part.u32[at * 2 + 5] = window.i32[row * 2 * REQUEST_WORDS + REQUEST_HASH_HIGH]!
    part.u32[at * 2 + 6] = window.keys.scope(row)
    window.keys.copyTo(row, part.u32, at * 2 + 7)
  }
  return bytesOf(part)
}

/** Part 10 of the table in `state-layout.ts`. */
export function feeTiers(state: EngineState): Uint8Array {
  const tiers = state.tiers.entries()
  const part = section(TIER_RECORD_WORDS, tiers.length)
  tiers.forEach(({ market, tier, schedule }, record) => {
    const at = record * TIER_RECORD_WORDS * 2
    part.u32[at] = market
    part.u32[at + 1] = tier
    part.u32[at + 2] = state.schedules.makerPpm(schedule)
    part.u32[at + 3] = state.schedules.takerPpm(schedule)
  })
  return bytesOf(part)
}

/** Part 19 of the table in `state-layout.ts`. */
export function feeRates(state: EngineState): Uint8Array {
  const rates = state.rates.entries()
  const part = section(RATE_RECORD_WORDS, rates.length)
  rates.forEach(({ feeAsset, asset, feeAssetAmount, assetAmount, discountPpm }, record) => {
    const at = record * RATE_RECORD_WORDS
    part.u32.set([feeAsset, asset, discountPpm, 0], at * 2)
    part.rows.i64.set([feeAssetAmount, assetAmount], at + 2)
  })
  return bytesOf(part)
}
