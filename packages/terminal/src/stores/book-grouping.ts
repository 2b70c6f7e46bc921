/** Turns the levels of an order book into the rows that are shown: grouped by price step, with running totals. */
import { decimal } from '@bourse/core'
import type { BookLevel, Side } from './wire.js'

/** Amounts in units of 10^-scale of the market's price and quantity. */
export interface BookRow {
  readonly price: bigint
  readonly quantity: bigint
  /** Quantity from the best price up to and with this row. */
  readonly cumulative: bigint
}

export interface GroupingOptions {
  /** The side whose orders rest here: `buy` for bids. */
  readonly side: Side
  /** Price step of a row, in units of the price. */
  readonly step: bigint
  /** How many rows at most. */
  readonly rows: number
  readonly priceScale: number
  readonly quantityScale: number
}

/** Bids are rounded down to the step and asks up, so that a row never promises a better price than there is. */
export function groupPrice(price: bigint, side: Side, step: bigint): bigint {
  const below = (price / step) * step
  return side === 'buy' || below === price ? below : below + step
}

/** Groups levels that come best first; the last row holds all levels of its step that are known. */
export function groupLevels(levels: readonly BookLevel[], options: GroupingOptions): BookRow[] {
  const rows: { price: bigint; quantity: bigint; cumulative: bigint }[] = []
  let cumulative = 0n
  for (const [priceText, quantityText] of levels) {
    const price = groupPrice(decimal(priceText, options.priceScale), options.side, options.step)
    const quantity = decimal(quantityText, options.quantityScale)
    const last = rows.at(-1)
    if (last?.price === price) {
      cumulative += quantity
      last.quantity += quantity
      last.cumulative = cumulative
      continue
    }
    if (rows.length === options.rows) break
    cumulative += quantity
    rows.push({ price, quantity, cumulative })
  }
  return rows
}

const STEP_MULTIPLES = [1n, 10n, 50n, 100n, 500n, 1000n, 5000n, 10_000n, 100_000n]

/** The price steps to offer: multiples of the tick up to about a hundredth of the price, at most six. */
export function groupingSteps(tick: bigint, lastPrice: bigint | null): bigint[] {
  const largest = lastPrice === null ? tick * 100n : lastPrice / 100n
  return STEP_MULTIPLES.map((multiple) => tick * multiple)
    .filter((step, index) => index === 0 || step <= largest)
    .slice(0, 6)
}
