/** The band of prices around a market's reference price, in which orders may rest and trade. */
import type { RowMemory } from '../values/row-memory.js'
import { BANDED, MARKET_LAST_PRICE, MARKET_LAST_TRADE, MARKET_MODE, MARKET_PRICE_BAND_BPS, MARKET_REFERENCE, MARKET_REFERENCE_TRADE } from './market-layout.js'

const TWO_32 = 4294967296

/** Price units: the price of the last trade, or one that a command gave after it; 0 where there is neither. */
export function referencePrice(memory: RowMemory, market: number): number {
  const { f64, i32 } = memory
  if (f64[market + MARKET_REFERENCE_TRADE] === f64[market + MARKET_LAST_TRADE]) {
    const given = priceAt(i32, market + MARKET_REFERENCE)
    if (given !== 0) return given
  }
  return priceAt(i32, market + MARKET_LAST_PRICE)
}

/** A price in an i64 cell as a double, by its halves: a bigint would be allocated. Prices stay below 2^53. */
function priceAt(i32: Int32Array, cell: number): number {
  return i32[cell * 2 + 1]! * TWO_32 + (i32[cell * 2]! >>> 0)
}

/** The highest price at which somebody may buy, the lowest at which somebody may sell; no bound without a band or a reference price. */
export function bandEdge(memory: RowMemory, market: number, isBuy: boolean): number {
  return bandEdgeAround(memory, market, isBuy, referencePrice(memory, market))
}

/** The same around a price that need not be the present reference; 0: none. */
export function bandEdgeAround(memory: RowMemory, market: number, isBuy: boolean, reference: number): number {
  if ((memory.i32[market * 2 + MARKET_MODE]! & BANDED) === 0 || reference === 0) return isBuy ? Infinity : 0
  const width = widthOf(reference, memory.i32[market * 2 + MARKET_PRICE_BAND_BPS]!)
  return isBuy ? reference + width : reference - width
}

/** A part of a price in basis points, rounded down; exact for every price. */
export function widthOf(price: number, bps: number): number {
  const tenThousands = Math.floor(price / 10_000)
  return tenThousands * bps + Math.floor(((price - tenThousands * 10_000) * bps) / 10_000)
}

/** The price that a market order does not pass: the best opposite one, worse by the band, rounded towards the best. */
export function protectionPrice(best: number, isBuy: boolean, bandBps: number): number {
  const width = widthOf(best, bandBps)
  return isBuy ? best + width : best - width
}
