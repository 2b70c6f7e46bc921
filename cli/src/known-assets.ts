/** Assets that create-exchange knows by name, with rough prices that give a new market sensible steps and a starting point. */

export interface KnownAsset {
  readonly code: string
  readonly name: string
  /** Decimals of the ledger: chosen so that the whole supply stays far below 2^63 units. */
  readonly scale: number
  /** Order of magnitude only: it decides steps and where the simulated market starts, nothing else. */
  readonly roughUsd: number
  /** Other assets are priced in it. */
  readonly quotes: boolean
}

export const KNOWN_ASSETS: readonly KnownAsset[] = [
  { code: 'BTC', name: 'Bitcoin', scale: 8, roughUsd: 64_000, quotes: false },
  { code: 'ETH', name: 'Ether', scale: 8, roughUsd: 3_100, quotes: false },
  { code: 'SOL', name: 'Solana', scale: 8, roughUsd: 150, quotes: false },
  { code: 'XRP', name: 'XRP', scale: 6, roughUsd: 0.6, quotes: false },
  { code: 'ADA', name: 'Cardano', scale: 6, roughUsd: 0.45, quotes: false },
  { code: 'DOGE', name: 'Dogecoin', scale: 6, roughUsd: 0.15, quotes: false },
  { code: 'LTC', name: 'Litecoin', scale: 8, roughUsd: 85, quotes: false },
  { code: 'LINK', name: 'Chainlink', scale: 8, roughUsd: 14, quotes: false },
  { code: 'USDT', name: 'Tether', scale: 8, roughUsd: 1, quotes: true },
  { code: 'USDC', name: 'USD Coin', scale: 8, roughUsd: 1, quotes: true },
  { code: 'USD', name: 'US Dollar', scale: 8, roughUsd: 1, quotes: true },
  { code: 'EUR', name: 'Euro', scale: 8, roughUsd: 1.1, quotes: true },
  { code: 'GBP', name: 'Pound Sterling', scale: 8, roughUsd: 1.3, quotes: true },
]

/** Decimals of an asset that is not known. */
export const DEFAULT_SCALE = 8

/** What is assumed for an asset that is not known. */
const UNKNOWN_USD = 1

export function knownAsset(code: string): KnownAsset | undefined {
  return KNOWN_ASSETS.find((asset) => asset.code === code)
}

/** How much quote a unit of base costs, roughly. */
export function roughPrice(base: string, quote: string): number {
  return (knownAsset(base)?.roughUsd ?? UNKNOWN_USD) / (knownAsset(quote)?.roughUsd ?? UNKNOWN_USD)
}

/**
 * The markets to offer for some assets: everything against the first asset that others are priced in.
 *
 * Where there is none, the last asset takes that place.
 */
export function usualMarkets(codes: readonly string[]): string[] {
  const quote = codes.find((code) => knownAsset(code)?.quotes === true) ?? codes.at(-1)
  return codes.filter((code) => code !== quote).map((code) => `${code}-${quote}`)
}
