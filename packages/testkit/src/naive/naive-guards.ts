/** Price band and highest notional of a market in the naive engine. */
import type { MarketSpec, RejectCode, Side } from '@bourse/core'
import type { NaiveMarket } from './naive-state.js'

/** The price that counts for the band; 0 where there is none yet. */
export function referenceOf(market: NaiveMarket): bigint {
  return market.givenReference > 0n ? market.givenReference : market.lastPrice
}

/** The lowest and the highest price of the band; undefined where anything goes. */
function bandOf(market: NaiveMarket): { lowest: bigint; highest: bigint } | undefined {
  const reference = referenceOf(market)
  if (market.spec.priceBandBps === 0 || reference === 0n) return undefined
  const width = (reference * BigInt(market.spec.priceBandBps)) / 10_000n
  return { lowest: reference - width, highest: reference + width }
}

export function isWithinBand(market: NaiveMarket, price: bigint): boolean {
  const band = bandOf(market)
  return band === undefined || (price >= band.lowest && price <= band.highest)
}

/** Whether a trade at this price would be one that the band keeps a taker of this side from. */
export function isBeyondBand(market: NaiveMarket, side: Side, price: bigint): boolean {
  const band = bandOf(market)
  return band !== undefined && (side === 'buy' ? price > band.highest : price < band.lowest)
}

/** What keeps a taker from a price: the band, or the breaker, which then halts the market. */
export type Stop = 'band' | 'breaker'

/** The guards as they are now, for later questions what keeps a taker of this side from a price. */
export function guardsOn(market: NaiveMarket, side: Side, nowUs: number): (price: bigint) => Stop | undefined {
  const band = bandOf(market)
  const corridor = corridorOf(market, nowUs)
  return (price) => {
    if (corridor !== undefined && (side === 'buy' ? price < corridor.lowest : price > corridor.highest)) return 'breaker'
    const stops: { by: Stop; distance: bigint }[] = []
    if (corridor !== undefined) stops.push({ by: 'breaker', distance: side === 'buy' ? price - corridor.highest : corridor.lowest - price })
    if (band !== undefined) stops.push({ by: 'band', distance: side === 'buy' ? price - band.highest : band.lowest - price })
    // The nearer edge is the one that is further behind; the breaker's, where both are the same.
    const passed = stops.filter(({ distance }) => distance > 0n).sort((a, b) => Number(b.distance - a.distance))
    return passed[0]?.by
  }
}

/** Whether a price lies beyond the band as it is now, for later. */
export function bandOn(market: NaiveMarket, side: Side): (price: bigint) => boolean {
  const now: NaiveMarket = { ...market }
  return (price) => isBeyondBand(now, side, price)
}

/** Between which prices a market may trade without a halt: at most so far from every price of the window. */
function corridorOf(market: NaiveMarket, nowUs: number): { lowest: bigint; highest: bigint } | undefined {
  const { breakerMoveBps } = market.spec
  if (breakerMoveBps === 0) return undefined
  const first = quarterOf(market, nowUs) - 4
  const trades = market.window?.trades ?? []
  // The price at the beginning of the window counts as well.
  const prices = [referenceOf(market), priceBefore(market, first), ...trades.filter(({ quarter }) => quarter >= first).map(({ price }) => price)].filter((price) => price > 0n)
  if (prices.length === 0) return undefined
  const low = prices.reduce((a, b) => (a < b ? a : b))
  const high = prices.reduce((a, b) => (a > b ? a : b))
  return { lowest: high - (high * BigInt(breakerMoveBps)) / 10_000n, highest: low + (low * BigInt(breakerMoveBps)) / 10_000n }
}

/** The price when a quarter of the window began; 0 where there was none. */
export function priceBefore({ window }: NaiveMarket, quarter: number): bigint {
  const earlier = window?.trades.filter((trade) => trade.quarter < quarter) ?? []
  return earlier[earlier.length - 1]?.price ?? window?.before ?? 0n
}

export function quarterOf({ spec }: NaiveMarket, nowUs: number): number {
  return Math.floor(nowUs / (spec.breakerWindowMs * 250)) + 1
}

/** Remembers a trade for the breaker; to be called before it becomes the last one. */
export function noteTrade(market: NaiveMarket, price: bigint, nowUs: number): void {
  if (market.spec.breakerMoveBps === 0) return
  market.window ??= { before: referenceOf(market), trades: [] }
  market.window.trades.push({ quarter: quarterOf(market, nowUs), price })
}

export function highestNotional(spec: MarketSpec): bigint {
  const bound = spec.maxPrice * spec.maxQuantity * spec.notionalUnit
  return spec.maxNotional > 0n && spec.maxNotional < bound ? spec.maxNotional : bound
}

/** What is wrong with a limit order in this market, if it is to rest. */
export function faultOfResting(market: NaiveMarket, { side, price }: { side: Side; price: bigint }): RejectCode | undefined {
  if (isWithinBand(market, price)) return undefined
  if (!isBeyondBand(market, side, price)) return 'price_outside_band'
  if (market.spec.state === 'pre-open') return 'price_outside_band'
  // It would be willing to trade beyond the band: then it must have somebody to trade with inside.
  const opposite = side === 'buy' ? market.asks[0] : market.bids[0]
  return opposite !== undefined && !isBeyondBand(market, side, opposite.price) ? undefined : 'price_outside_band'
}
