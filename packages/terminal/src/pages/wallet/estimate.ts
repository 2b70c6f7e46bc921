/** What balances are worth in one asset, at the last prices: an estimate, but reckoned exactly. */
import { decimal } from '@bourse/core'
import { marketUnits, notionalOf, rescale } from '../../stores/market-units.js'
import type { Asset, Balance, Market, Ticker } from '../../stores/wire.js'

export interface Prices {
  readonly assets: readonly Asset[]
  readonly markets: readonly Market[]
  readonly tickers: ReadonlyMap<string, Ticker>
}

/** The asset in which most markets are quoted. */
export function estimateAsset(markets: readonly Market[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { quote } of markets) counts.set(quote, (counts.get(quote) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** Available and held together, in the asset's unit. */
export function totalOf(balance: Balance | undefined, scale: number): bigint {
  return balance === undefined ? 0n : decimal(balance.available, scale) + decimal(balance.held, scale)
}

/** The worth in units of the target asset; null where no market tells it. */
export function worthOf(asset: Asset, amount: bigint, target: string, prices: Prices): bigint | null {
  if (asset.code === target) return amount
  const market = prices.markets.find(({ base, quote }) => base === asset.code && quote === target)
  const lastPrice = market && prices.tickers.get(market.symbol)?.lastPrice
  if (market === undefined || lastPrice == null) return null
  const units = marketUnits(market, prices.assets)
  return notionalOf(decimal(lastPrice, units.priceScale), rescale(amount, asset.scale, units.quantityScale), units)
}
