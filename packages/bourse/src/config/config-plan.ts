/** Compares a configuration with what the exchange already is and plans the commands between them; refuses what would destroy. */
import { decimal, formatDecimal, type Command, type MarketRulesInput, type MarketSpec } from '@bourse/core'
import type { ReadableEngine } from '@bourse/exchange'
import type { Project } from './load-project.js'
import type { MarketTerms } from './market-terms.js'

export interface PlannedChange {
  /** Lines for people, `+` added, `~` changed. */
  readonly lines: readonly string[]
  readonly command: Command
}

export interface ConfigPlan {
  readonly changes: readonly PlannedChange[]
  /** Why the configuration cannot be applied as it is, and what to do instead. */
  readonly refusals: readonly string[]
}

export interface PlanOptions {
  /** Consents to cancelling the resting orders that break a new tick, lot or maximum. */
  readonly cancelBreakingOrders: boolean
}

/** Plans what `exchange start` has to submit; a plan with refusals must not be applied. */
export function planConfig(project: Project, engine: ReadableEngine, options: PlanOptions): ConfigPlan {
  const changes: PlannedChange[] = []
  const refusals: string[] = []
  planAssets(project, engine, changes, refusals)
  for (const terms of project.markets) planMarket(terms, engine, options, changes, refusals)
  planRemovedMarkets(project, engine, refusals)
  return { changes, refusals }
}

function planAssets(project: Project, engine: ReadableEngine, changes: PlannedChange[], refusals: string[]): void {
  const configured = new Map(project.config.assets.map((asset) => [asset.code, asset]))
  for (const asset of project.config.assets) {
    const known = engine.catalog.assetByCode(asset.code)
    if (known === undefined) {
      changes.push({ lines: [`+ asset ${asset.code}, ${asset.scale} decimals`], command: { type: 'asset.define', code: asset.code, scale: asset.scale } })
    } else if (known.scale !== asset.scale) {
      refusals.push(`asset ${asset.code}: the scale is ${known.scale} since the first start and cannot become ${asset.scale}, because every balance is counted in it. Set scale: ${known.scale}.`)
    }
  }
  for (const asset of engine.catalog.assets()) {
    if (configured.has(asset.code)) continue
    const issued = -engine.balance(0, asset.id).available
    if (issued !== 0n) {
      refusals.push(`asset ${asset.code}: it was removed, but accounts still own ${formatDecimal(issued, asset.scale)} of it. Put it back, delist its markets (state: 'delisted'), and let the owners withdraw; then remove it.`)
    }
  }
}

function planRemovedMarkets(project: Project, engine: ReadableEngine, refusals: string[]): void {
  const configured = new Set(project.markets.map((market) => market.symbol))
  for (const market of engine.catalog.markets()) {
    if (configured.has(market.symbol) || market.state === 'delisted') continue
    refusals.push(`market ${market.symbol}: it was removed while it is ${market.state}. Set state: 'delisted', which cancels its orders, start once, and then remove it.`)
  }
}

function planMarket(terms: MarketTerms, engine: ReadableEngine, options: PlanOptions, changes: PlannedChange[], refusals: string[]): void {
  const { symbol, rules, ...pair } = terms
  const known = engine.catalog.marketBySymbol(symbol)
  if (known === undefined) {
    changes.push({
      lines: [`+ market ${symbol}, tick ${rules.tickSize}, lot ${rules.lotSize}, fees ${rules.makerFee} / ${rules.takerFee}`],
      command: { type: 'market.define', symbol, ...pair, ...rules },
    })
    return
  }
  const refusal = refuseUpdate(terms, known)
  if (refusal !== undefined) {
    refusals.push(refusal)
    return
  }
  const lines = describeDifference(rules, currentRules(known, engine))
  if (lines.length === 0) return
  const breaking = options.cancelBreakingOrders ? 0 : countBreakingOrders(rules, known, engine)
  if (breaking > 0) {
    refusals.push(
      `market ${symbol}: ${breaking} resting order${breaking === 1 ? '' : 's'} would break the new tick, lot or maximum. Wait until they are gone (state: 'cancel-only' keeps new ones out), or start once with --cancel-breaking-orders to cancel them.`,
    )
    return
  }
  changes.push({ lines: [`~ market ${symbol}`, ...lines.map((line) => `    ${line}`)], command: { type: 'market.update', market: symbol, ...rules } })
}

function refuseUpdate(terms: MarketTerms, known: MarketSpec): string | undefined {
  if (known.state === 'delisted' && terms.rules.state !== 'delisted') {
    return `market ${terms.symbol}: it was delisted, which is final. Remove it, or keep state: 'delisted'.`
  }
  if (terms.priceScale > known.priceScale) {
    return `market ${terms.symbol}: prices have ${known.priceScale} decimals since the first start; tickSize ${terms.rules.tickSize} needs ${terms.priceScale}. Use a tickSize of at most ${known.priceScale} decimals, or list a new market.`
  }
  if (terms.quantityScale > known.quantityScale) {
    return `market ${terms.symbol}: quantities have ${known.quantityScale} decimals since the first start; lotSize ${terms.rules.lotSize} needs ${terms.quantityScale}. Use a lotSize of at most ${known.quantityScale} decimals, or list a new market.`
  }
  return undefined
}

/** The rules in force, written as the configuration would write them. */
function currentRules(market: MarketSpec, engine: ReadableEngine): MarketRulesInput {
  const quoteScale = engine.catalog.asset(market.quote)!.scale
  const price = (units: bigint): string => formatDecimal(units, market.priceScale)
  const quantity = (units: bigint): string => formatDecimal(units, market.quantityScale)
  return {
    state: market.state,
    tickSize: price(market.tickSize),
    lotSize: quantity(market.lotSize),
    minQuantity: quantity(market.minQuantity),
    maxQuantity: quantity(market.maxQuantity),
    maxPrice: price(market.maxPrice),
    minNotional: formatDecimal(market.minNotional, quoteScale),
    makerFee: formatDecimal(BigInt(market.makerFeePpm), 6),
    takerFee: formatDecimal(BigInt(market.takerFeePpm), 6),
    marketBandBps: market.marketBandBps,
    allowSelfTrade: market.allowSelfTrade,
    maxOpenOrders: market.maxOpenOrders,
  }
}

function describeDifference(wanted: MarketRulesInput, current: MarketRulesInput): string[] {
  const lines: string[] = []
  for (const key of Object.keys(current) as (keyof MarketRulesInput)[]) {
    if (!sameValue(String(wanted[key]), String(current[key]))) lines.push(`${key}: ${plainNumber(String(current[key]))} -> ${plainNumber(String(wanted[key]))}`)
  }
  return lines
}

function sameValue(a: string, b: string): boolean {
  return plainNumber(a) === plainNumber(b)
}

/** `0.0100` and `0.01` are the same number. */
function plainNumber(text: string): string {
  return /^\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text
}

function countBreakingOrders(rules: MarketRulesInput, market: MarketSpec, engine: ReadableEngine): number {
  if (rules.state === 'delisted') return 0
  const tickSize = decimal(rules.tickSize, market.priceScale)
  const lotSize = decimal(rules.lotSize, market.quantityScale)
  const maxPrice = decimal(rules.maxPrice, market.priceScale)
  const maxQuantity = decimal(rules.maxQuantity, market.quantityScale)
  let count = 0
  for (let account = 0; engine.catalog.accountName(account) !== undefined; account++) {
    for (const order of engine.openOrders(account, market.id)) {
      const breaks = order.price % tickSize !== 0n || order.leavesQuantity % lotSize !== 0n || order.price > maxPrice || order.leavesQuantity > maxQuantity
      if (breaks) count++
    }
  }
  return count
}
