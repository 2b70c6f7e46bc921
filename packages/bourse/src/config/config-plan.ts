/** Compares a configuration with what the exchange already is and plans the commands between them; refuses what would destroy. */
import { decimal, formatDecimal, type Command, type LiveOrder, type MarketRulesInput, type MarketSpec, type MarketState } from '@bourse/core'
import type { ReadableEngine } from '@bourse/exchange'
import type { Project } from './load-project.js'
import type { MarketTerms } from './market-terms.js'

/** Rules that resting orders may break once they are new. */
const BREAKABLE = 'tick, lot, minima, maxima, price band'

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
  /** Consents to cancelling the resting orders that break a new tick, lot, minimum, maximum or price band. */
  readonly cancelBreakingOrders: boolean
  /** States in which an operator holds markets by hand: they win over the configuration. */
  readonly held?: ReadonlyMap<string, MarketState>
}

/** What of a project the plan reads. */
export type PlannedProject = Pick<Project, 'config' | 'markets'>

/** Plans what `exchange start` has to submit; a plan with refusals must not be applied. */
export function planConfig(project: PlannedProject, engine: ReadableEngine, options: PlanOptions): ConfigPlan {
  const changes: PlannedChange[] = []
  const refusals: string[] = []
  planAssets(project, engine, changes, refusals)
  for (const terms of project.markets) planMarket(terms, engine, options, changes, refusals)
  planRemovedMarkets(project, engine, refusals)
  return { changes, refusals }
}

/** Plans what brings one market of a project, and the assets that it needs, to its configuration; whatever else has changed waits for a start. */
export function planMarketAlone(project: PlannedProject, symbol: string, engine: ReadableEngine, options: PlanOptions): ConfigPlan {
  const terms = project.markets.find((market) => market.symbol === symbol)
  if (terms === undefined) return { changes: [], refusals: [`market ${symbol}: the configuration does not name it.`] }
  const changes: PlannedChange[] = []
  const refusals: string[] = []
  for (const asset of project.config.assets) if (asset.code === terms.base || asset.code === terms.quote) planAsset(asset, engine, changes, refusals)
  planMarket(terms, engine, options, changes, refusals)
  return { changes, refusals }
}

function planAsset(asset: PlannedProject['config']['assets'][number], engine: ReadableEngine, changes: PlannedChange[], refusals: string[]): void {
  const known = engine.catalog.assetByCode(asset.code)
  if (known === undefined) {
    changes.push({ lines: [`+ asset ${asset.code}, ${asset.scale} decimals`], command: { type: 'asset.define', code: asset.code, scale: asset.scale } })
  } else if (known.scale !== asset.scale) {
    refusals.push(`asset ${asset.code}: the scale is ${known.scale} since the first start and cannot become ${asset.scale}, because every balance is counted in it. Set scale: ${known.scale}.`)
  }
}

function planAssets(project: PlannedProject, engine: ReadableEngine, changes: PlannedChange[], refusals: string[]): void {
  const configured = new Map(project.config.assets.map((asset) => [asset.code, asset]))
  for (const asset of project.config.assets) planAsset(asset, engine, changes, refusals)
  for (const asset of engine.catalog.assets()) {
    if (configured.has(asset.code)) continue
    const issued = -engine.balance(0, asset.id).available
    if (issued !== 0n) {
      refusals.push(`asset ${asset.code}: it was removed, but accounts still own ${formatDecimal(issued, asset.scale)} of it. Put it back, delist its markets (state: 'delisted'), and let the owners withdraw; then remove it.`)
    }
  }
}

function planRemovedMarkets(project: PlannedProject, engine: ReadableEngine, refusals: string[]): void {
  const configured = new Set(project.markets.map((market) => market.symbol))
  for (const market of engine.catalog.markets()) {
    if (configured.has(market.symbol) || market.state === 'delisted') continue
    refusals.push(`market ${market.symbol}: it was removed while it is ${market.state}. Set state: 'delisted', which cancels its orders, start once, and then remove it.`)
  }
}

function planMarket(terms: MarketTerms, engine: ReadableEngine, options: PlanOptions, changes: PlannedChange[], refusals: string[]): void {
  const { symbol, ...pair } = terms
  const known = engine.catalog.marketBySymbol(symbol)
  if (known === undefined) {
    const { rules, ...definition } = pair
    changes.push({
      lines: [`+ market ${symbol}, tick ${rules.tickSize}, lot ${rules.lotSize}, fees ${rules.makerFee} / ${rules.takerFee}`],
      command: { type: 'market.define', symbol, ...definition, ...rules },
    })
    return
  }
  const rules = { ...terms.rules, state: wantedState(terms, known, engine, options.held?.get(symbol)) }
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
      `market ${symbol}: ${breaking} resting order${breaking === 1 ? '' : 's'} would break the new rules (${BREAKABLE}). Wait until they are gone (state: 'cancel-only' keeps new ones out), or start once with --cancel-breaking-orders to cancel them.`,
    )
    return
  }
  changes.push({ lines: [`~ market ${symbol}`, ...lines.map((line) => `    ${line}`)], command: { type: 'market.update', market: symbol, ...rules } })
}

/**
 * The state that a configured one means for a market that runs already: one that an operator holds stays held unless
 * it is to be delisted, one that opens by itself, after a halt of its circuit breaker or at the end of
 * an auction, is left to do so, and `pre-open` is only how a market begins.
 */
function wantedState({ rules: { state: configured } }: MarketTerms, known: MarketSpec, engine: ReadableEngine, held: MarketState | undefined): MarketState {
  if (held !== undefined && configured !== 'delisted') return held
  const opensItself = engine.haltEndsUs(known.id) !== undefined || engine.auctionEndsUs(known.id) !== undefined
  if (opensItself && (configured === 'open' || configured === 'pre-open')) return known.state
  return configured === 'pre-open' && known.state === 'open' ? 'open' : configured
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
export function currentRules(market: MarketSpec, engine: ReadableEngine): MarketRulesInput {
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
    maxNotional: formatDecimal(market.maxNotional, quoteScale),
    priceBandBps: market.priceBandBps,
    breakerMoveBps: market.breakerMoveBps,
    breakerWindowMs: market.breakerWindowMs,
    haltMs: market.haltMs,
    auctionMs: market.auctionMs,
    auctionRandomMs: market.auctionRandomMs,
  }
}

function describeDifference(wanted: MarketRulesInput, current: MarketRulesInput): string[] {
  const lines: string[] = []
  for (const key of Object.keys(current) as (keyof MarketRulesInput)[]) {
    const [from, to] = [String(current[key]), String(wanted[key] ?? 0)]
    if (!sameValue(from, to)) lines.push(`${key}: ${plainNumber(from)} -> ${plainNumber(to)}`)
  }
  return lines
}

function sameValue(a: string, b: string): boolean {
  return plainNumber(a) === plainNumber(b)
}

/** `0.0100` and `0.01` are the same number. */
function plainNumber(text: string): string {
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text
}

/** How many resting orders the engine would cancel under the new rules. */
function countBreakingOrders(rules: MarketRulesInput, market: MarketSpec, engine: ReadableEngine): number {
  if (rules.state === 'delisted') return 0
  const breaks = breaker(rules, market, engine)
  let count = 0
  for (let account = 0; engine.catalog.accountName(account) !== undefined; account++) {
    for (const order of engine.openOrders(account, market.id)) if (breaks(order)) count++
  }
  return count
}

function breaker(rules: MarketRulesInput, market: MarketSpec, engine: ReadableEngine): (order: LiveOrder) => boolean {
  const quoteScale = engine.catalog.asset(market.quote)!.scale
  const tickSize = decimal(rules.tickSize, market.priceScale)
  const lotSize = decimal(rules.lotSize, market.quantityScale)
  const maxPrice = decimal(rules.maxPrice, market.priceScale)
  const maxQuantity = decimal(rules.maxQuantity, market.quantityScale)
  const maxNotional = decimal(rules.maxNotional ?? '0', quoteScale)
  const minQuantity = decimal(rules.minQuantity, market.quantityScale)
  const minNotional = decimal(rules.minNotional, quoteScale)
  const isMinimumHigher = minQuantity > market.minQuantity || minNotional > market.minNotional
  const reference = engine.referencePrice(market.id)
  const bandBps = rules.priceBandBps ?? 0
  const width = (reference * BigInt(bandBps)) / 10_000n
  const isBandNew = bandBps !== market.priceBandBps && bandBps !== 0 && reference !== 0n
  return ({ price, leavesQuantity, filledQuantity }) => {
    const notional = price * leavesQuantity * market.notionalUnit
    if (price % tickSize !== 0n || leavesQuantity % lotSize !== 0n || price > maxPrice || leavesQuantity > maxQuantity) return true
    if (maxNotional !== 0n && notional > maxNotional) return true
    if (isBandNew && (price < reference - width || price > reference + width)) return true
    return isMinimumHigher && filledQuantity === 0n && (leavesQuantity < minQuantity || notional < minNotional)
  }
}
