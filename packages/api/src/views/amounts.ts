/** Integers of the engine as decimal strings of the API. */
import { formatDecimal, type AssetSpec, type Catalog, type MarketSpec } from '@bourse/core'

/** Writes the amounts of one market. */
export interface MarketScale {
  readonly market: MarketSpec
  readonly base: AssetSpec
  readonly quote: AssetSpec
  price(units: bigint): string
  quantity(units: bigint): string
  quoteAmount(units: bigint): string
}

export function marketScale(catalog: Catalog, marketId: number): MarketScale {
  const market = catalog.market(marketId)
  if (market === undefined) throw new RangeError(`The catalog has no market ${marketId}.`)
  const base = asset(catalog, market.base)
  const quote = asset(catalog, market.quote)
  return {
    market,
    base,
    quote,
    price: (units) => formatDecimal(units, market.priceScale),
    quantity: (units) => formatDecimal(units, market.quantityScale),
    quoteAmount: (units) => formatDecimal(units, quote.scale),
  }
}

export function asset(catalog: Catalog, id: number): AssetSpec {
  const spec = catalog.asset(id)
  if (spec === undefined) throw new RangeError(`The catalog has no asset ${id}.`)
  return spec
}

export function milliseconds(timestampUs: number): number {
  return Math.floor(timestampUs / 1_000)
}
