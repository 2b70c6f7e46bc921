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

/** The band as it is now, for later questions whether a price is beyond it. */
export function bandOn(market: NaiveMarket, side: Side): (price: bigint) => boolean {
  const now: NaiveMarket = { ...market }
  return (price) => isBeyondBand(now, side, price)
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
