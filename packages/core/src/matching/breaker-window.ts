/**
 * The prices that the circuit breaker compares with: those of its window up to now.
 *
 * The window is kept in quarters, each with its lowest and highest price; five of them, the present one and the four
 * before it, cover the whole window and at most a quarter more. A quarter begins with the price before it.
 */
import type { RowMemory } from '../values/row-memory.js'
import { BREAKER, MARKET_BREAKER_BPS, MARKET_MODE, MARKET_QUARTER_US, MARKET_WINDOW_HIGH, MARKET_WINDOW_LOW, MARKET_WINDOW_QUARTER } from './market-layout.js'
import { referencePrice, widthOf } from './price-band.js'
import { TIMESTAMP } from './registers.js'

/** Quarters that are kept. */
export const WINDOW_QUARTERS = 5

/** The highest and the lowest price at which a market may trade now without being halted; no bound without a breaker or a price. */
export function corridor(memory: RowMemory, market: number): { lowest: number; highest: number } {
  if ((memory.i32[market * 2 + MARKET_MODE]! & BREAKER) === 0) return { lowest: 0, highest: Infinity }
  const { low, high } = extremes(memory, market)
  if (low === 0) return { lowest: 0, highest: Infinity }
  const bps = memory.i32[market * 2 + MARKET_BREAKER_BPS]!
  return { lowest: high - widthOf(high, bps), highest: low + widthOf(low, bps) }
}

/** Lowest and highest price of the window, 0 where there is none. */
function extremes(memory: RowMemory, market: number): { low: number; high: number } {
  const { f64 } = memory
  const newest = f64[market + MARKET_WINDOW_QUARTER]!
  let low = referencePrice(memory, market)
  let high = low
  for (let quarter = firstQuarter(presentQuarter(memory, market)); quarter <= newest; quarter++) {
    const lowest = f64[market + MARKET_WINDOW_LOW + (quarter % WINDOW_QUARTERS)]!
    if (lowest === 0) continue
    low = low === 0 ? lowest : Math.min(low, lowest)
    high = Math.max(high, f64[market + MARKET_WINDOW_HIGH + (quarter % WINDOW_QUARTERS)]!)
  }
  return { low, high }
}

/**
 * Notes the trades of one order, whose prices lie between the first and the last.
 *
 * @param before the price before them, 0 where there was none.
 */
export function notePrices(memory: RowMemory, market: number, prices: { before: number; first: number; last: number }): void {
  const { f64 } = memory
  const present = presentQuarter(memory, market)
  const { before, first, last } = prices
  for (let quarter = Math.max(f64[market + MARKET_WINDOW_QUARTER]! + 1, firstQuarter(present)); quarter <= present; quarter++) {
    f64[market + MARKET_WINDOW_LOW + (quarter % WINDOW_QUARTERS)] = before
    f64[market + MARKET_WINDOW_HIGH + (quarter % WINDOW_QUARTERS)] = before
  }
  f64[market + MARKET_WINDOW_QUARTER] = present
  const low = market + MARKET_WINDOW_LOW + (present % WINDOW_QUARTERS)
  const high = market + MARKET_WINDOW_HIGH + (present % WINDOW_QUARTERS)
  const lowest = Math.min(first, last)
  f64[low] = f64[low] === 0 ? lowest : Math.min(f64[low]!, lowest)
  f64[high] = Math.max(f64[high]!, first, last)
}

/** Begins anew: what was traded before no longer counts. */
export function forgetPrices(memory: RowMemory, market: number): void {
  memory.f64.fill(0, market + MARKET_WINDOW_LOW, market + MARKET_WINDOW_QUARTER + 1)
}

/** The oldest quarter that belongs to a window. */
function firstQuarter(present: number): number {
  return Math.max(1, present - WINDOW_QUARTERS + 1)
}

/** Quarters are numbered from the beginning of 1970, from 1 on. */
function presentQuarter({ f64 }: RowMemory, market: number): number {
  return Math.floor(f64[TIMESTAMP]! / f64[market + MARKET_QUARTER_US]!) + 1
}
