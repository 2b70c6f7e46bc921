/** The exchange as it presents itself to clients: brand and names from the project, rules from the engine. */
import { formatDecimal, type Catalog, type MarketSpec } from '@bourse/core'
import type { Asset, Exchange, Market } from '@bourse/client'
import type { AssetAdapter } from '@bourse/plugin'
import type { Project } from '../config/load-project.js'
import { showsOutbox } from './project-accounts.js'

export interface PresentationInput {
  readonly project: Project
  readonly catalog: Catalog
  readonly adapters: readonly AssetAdapter[]
  readonly simulated: boolean
  readonly nowMs: number
}

/** Describes only what the configuration offers: a removed asset stays in the journal but is not shown. */
export function presentExchange(input: PresentationInput): Exchange {
  const { project, catalog } = input
  const networks = new Map(input.adapters.flatMap((adapter) => adapter.networks().map((facts) => [facts.asset, { adapter, facts }] as const)))
  const assets = project.config.assets.map((asset): Asset => {
    const network = networks.get(asset.code)
    return {
      code: asset.code,
      name: asset.name ?? asset.code,
      scale: asset.scale,
      ...(network !== undefined && {
        network: {
          name: network.facts.network,
          requiredConfirmations: network.facts.requiredConfirmations,
          minimumDeposit: network.facts.minimumDeposit,
          minimumWithdrawal: network.facts.minimumWithdrawal,
          withdrawalFee: network.facts.withdrawalFee,
          deposit: network.adapter.capabilities.includes('deposit'),
          withdraw: network.adapter.capabilities.includes('withdraw'),
          faucet: network.adapter.capabilities.includes('faucet'),
        },
      }),
    }
  })
  const markets = project.markets.flatMap((terms) => {
    const market = catalog.marketBySymbol(terms.symbol)
    return market === undefined ? [] : [presentMarket(market, catalog)]
  })
  return { brand: project.brand.presentation, assets, markets, time: input.nowMs, simulated: input.simulated, outbox: showsOutbox(project) && project.config.mail.smtpUrl === undefined }
}

function presentMarket(market: MarketSpec, catalog: Catalog): Market {
  const base = catalog.asset(market.base)!
  const quote = catalog.asset(market.quote)!
  const price = (units: bigint): string => formatDecimal(units, market.priceScale)
  const quantity = (units: bigint): string => formatDecimal(units, market.quantityScale)
  return {
    symbol: market.symbol,
    base: base.code,
    quote: quote.code,
    state: market.state,
    tickSize: price(market.tickSize),
    lotSize: quantity(market.lotSize),
    minQuantity: quantity(market.minQuantity),
    maxQuantity: quantity(market.maxQuantity),
    minNotional: formatDecimal(market.minNotional, quote.scale),
    maxPrice: price(market.maxPrice),
    priceScale: market.priceScale,
    quantityScale: market.quantityScale,
    makerFee: formatDecimal(BigInt(market.makerFeePpm), 6),
    takerFee: formatDecimal(BigInt(market.takerFeePpm), 6),
  }
}
