/** Chooses the market that an address means. */
import type { Market } from '../../stores/wire.js'

/** The named market, or undefined when it does not exist; without a name the last one, else the first that is open. */
export function marketToShow(markets: readonly Market[], named: string | null, last: string | undefined): Market | undefined {
  if (named !== null) return markets.find((market) => market.symbol === named)
  return markets.find((market) => market.symbol === last) ?? markets.find((market) => market.state === 'open') ?? markets[0]
}
