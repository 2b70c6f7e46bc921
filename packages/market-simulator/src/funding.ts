/** What the simulated accounts need to trade for months: amounts by role and asset. */
import type { SimulatedMarket } from './market-terms.js'
import { SIMULATOR_ROLES, type SimulatorRole } from './trader.js'

/** Days of the market's expected volume that each role should be able to carry on either side. */
const DAYS: Readonly<Record<SimulatorRole, number>> = { maker: 1.5, 'deep-maker': 1.5, taker: 0.8, noise: 0.8, momentum: 0.3 }

export interface FundedMarket extends SimulatedMarket {
  readonly base: string
  readonly quote: string
}

/**
 * Tells what to give each simulated account, as whole amounts in decimal strings.
 *
 * Base and quote of a market get the same worth, so that inventories begin balanced; an asset of several
 * markets gets the sum.
 */
export function simulatorFunding(markets: readonly FundedMarket[]): Record<SimulatorRole, Record<string, string>> {
  const funding = {} as Record<SimulatorRole, Record<string, string>>
  for (const role of SIMULATOR_ROLES) {
    const amounts = new Map<string, number>()
    for (const market of markets) {
      const base = market.tradesPerMinute * 1440 * Number(market.typicalQuantity) * DAYS[role]
      amounts.set(market.base, (amounts.get(market.base) ?? 0) + base)
      amounts.set(market.quote, (amounts.get(market.quote) ?? 0) + base * Number(market.startPrice))
    }
    funding[role] = Object.fromEntries([...amounts].map(([asset, amount]) => [asset, BigInt(Math.ceil(amount)).toString()]))
  }
  return funding
}
