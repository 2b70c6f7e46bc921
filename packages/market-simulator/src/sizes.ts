/** How people choose numbers: heavy-tailed sizes, round quantities, round prices. */
import type { MarketTerms } from './market-terms.js'
import type { Random } from './random.js'

/** Size of a taker's order in base: log-normal about the market's typical quantity, now and then far larger. */
export function takerQuantity(random: Random, market: MarketTerms): number {
  const usual = random.logNormal(0.42 * market.typicalQuantity, 1.25)
  return random.chance(0.015) ? usual * random.between(6, 25) : usual
}

/** Rounds a quantity as people do: often to one or two digits, otherwise to the lot. */
export function naturalQuantity(random: Random, quantity: number): number {
  const style = random.next()
  if (style < 0.18) return significant(quantity, 1)
  if (style < 0.45) return significant(quantity, 2)
  return quantity
}

function significant(value: number, digits: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - digits + 1)
  return Math.max(1, Math.round(value / unit)) * unit
}

/** The largest of 1, 2, 5, 10, 20, 50 ... that is not above `limit`, at least 1. */
export function roundGrid(limit: number): number {
  if (limit < 2) return 1
  const decade = 10 ** Math.floor(Math.log10(limit))
  if (limit >= 5 * decade) return 5 * decade
  return limit >= 2 * decade ? 2 * decade : decade
}
