/** What an operator may do to a market's rules while the exchange runs: hold it, let it go on, and bring in what the configuration says by now. */
import type { Command } from '@bourse/core'
import { z } from 'zod'
import { ConfigError } from '../config/config-error.js'
import { currentRules, planMarketAlone, type ConfigPlan } from '../config/config-plan.js'
import { loadProject, type Project } from '../config/load-project.js'
import { marketSymbol } from '../config/market-terms.js'
import { heldMarkets, heldStates, HOLD_STATES, holdMarket, releaseMarket } from './held-markets.js'
import type { OpenExchange } from './open-exchange.js'

export const MarketRulesTask = z.discriminatedUnion('task', [
  z.strictObject({ task: z.literal('market.halt'), market: z.string(), state: z.enum(HOLD_STATES), reason: z.string().max(200).optional() }),
  z.strictObject({ task: z.literal('market.resume'), market: z.string() }),
  z.strictObject({ task: z.literal('market.add'), market: z.string() }),
  z.strictObject({ task: z.literal('market.rules'), market: z.string(), apply: z.boolean(), cancelBreakingOrders: z.boolean() }),
])
export type MarketRulesTask = z.infer<typeof MarketRulesTask>

type Tools = Pick<OpenExchange, 'exchange' | 'store' | 'project' | 'adopt'>

/** The configuration does not name the market: the operator has to write it there first. */
export class MarketNotConfiguredError extends Error {
  readonly code = 'market_not_configured'
  constructor(market: string, configFile: string) {
    super(`${market} is not among the markets of ${configFile}. The file says which markets there are: add it there, then say this again.`)
    this.name = 'MarketNotConfiguredError'
  }
}

/**
 * Carries a task out.
 *
 * @param nowMs milliseconds since 1970
 * @returns what `--json` prints.
 * @throws Error with a sentence for the operator; nothing has been changed then.
 */
export async function runMarketRulesTask(task: MarketRulesTask, open: Tools, nowMs: number): Promise<object> {
  switch (task.task) {
    case 'market.halt':
      return halt(task, open, nowMs)
    case 'market.resume':
      return resume(task.market, open)
    case 'market.add':
      return add(task.market, open)
    case 'market.rules':
      return rules(task, open)
  }
}

async function halt({ market, state, reason }: Extract<MarketRulesTask, { task: 'market.halt' }>, open: Tools, nowMs: number): Promise<object> {
  const spec = knownMarket(market, open)
  if (spec.state === 'delisted') throw new Error(`${market} was delisted, which is final: nothing trades there.`)
  const before = (await heldMarkets(open.store.settings))[market]?.before ?? spec.state
  // First: a crash in between leaves a market that the next start holds, never one that it opens.
  await holdMarket(open.store.settings, market, { state, before, sinceMs: nowMs, ...(reason !== undefined && { reason }) })
  const sequence = spec.state === state ? open.exchange.sequence : await setState(market, state, open)
  return { market, from: spec.state, state, sequence, restingOrders: restingOrders(spec.id, open) }
}

async function resume(market: string, open: Tools): Promise<object> {
  const spec = knownMarket(market, open)
  const configured = open.project.markets.find(({ symbol }) => symbol === market)?.rules.state ?? 'open'
  if (configured !== 'open' && configured !== 'pre-open') {
    throw new Error(`${market} is ${configured} in ${open.project.configFile}. Say state: 'open' there, then "exchange market rules ${market} --apply".`)
  }
  const held = await releaseMarket(open.store.settings, market)
  if (held === undefined && spec.state === 'open') throw new Error(`${market} is open already.`)
  const state = held?.before === 'pre-open' ? 'pre-open' : 'open'
  const sequence = spec.state === state ? open.exchange.sequence : await setState(market, state, open)
  return { market, from: spec.state, state, sequence }
}

async function setState(market: string, state: 'open' | 'pre-open' | (typeof HOLD_STATES)[number], { exchange }: Tools): Promise<number> {
  const spec = exchange.catalog.marketBySymbol(market)!
  return submitted({ type: 'market.update', market, ...currentRules(spec, exchange.engine), state }, { exchange, what: `${market}: state ${spec.state} -> ${state}` })
}

async function add(market: string, open: Tools): Promise<object> {
  const known = open.exchange.catalog.marketBySymbol(market)
  if (known !== undefined) throw new Error(`${market} is listed already (it is ${known.state}). "exchange market rules ${market}" shows its rules.`)
  const fresh = await freshProject(market, open)
  return applied(market, planOf(market, fresh, open, await options(open, false)), open, fresh)
}

async function rules({ market, apply, cancelBreakingOrders }: Extract<MarketRulesTask, { task: 'market.rules' }>, open: Tools): Promise<object> {
  const spec = knownMarket(market, open)
  const fresh = await freshProject(market, open)
  const plan = planOf(market, fresh, open, await options(open, cancelBreakingOrders))
  const held = (await heldMarkets(open.store.settings))[market]
  const facts = { market, state: spec.state, ...(held !== undefined && { held }) }
  if (apply) return { ...facts, ...(await applied(market, plan, open, fresh)), rules: currentRules(open.exchange.catalog.marketBySymbol(market)!, open.exchange.engine) }
  return { ...facts, rules: currentRules(spec, open.exchange.engine), changes: linesOf(plan), refusals: plan.refusals, applied: false }
}

async function applied(market: string, plan: ConfigPlan, open: Tools, fresh: Project): Promise<{ changes: string[]; applied: true; sequence: number }> {
  if (plan.refusals.length > 0) throw new ConfigError(fresh.configFile, plan.refusals)
  let sequence = open.exchange.sequence
  for (const { command, lines } of plan.changes) sequence = await submitted(command, { exchange: open.exchange, what: lines[0] ?? command.type })
  open.adopt(withMarketOf(open.project, fresh, market), market)
  return { changes: linesOf(plan), applied: true, sequence }
}

async function submitted(command: Command, { exchange, what }: Pick<Tools, 'exchange'> & { what: string }): Promise<number> {
  const result = await exchange.submit(command)
  if (!result.ok) throw new Error(`${what.trim()}: the engine refused it (${result.reject.code.replaceAll('_', ' ')}).`)
  return result.sequence
}

/** The configuration as it is on disk by now; it may say more than this exchange was started with. */
async function freshProject(market: string, { project }: Tools): Promise<Project> {
  const fresh = await loadProject(project.dir)
  if (!fresh.markets.some(({ symbol }) => symbol === market)) throw new MarketNotConfiguredError(market, fresh.configFile)
  return fresh
}

function planOf(market: string, fresh: Project, { exchange }: Tools, planned: Parameters<typeof planMarketAlone>[3]): ConfigPlan {
  return planMarketAlone(fresh, market, exchange.engine, planned)
}

async function options({ store }: Tools, cancelBreakingOrders: boolean): Promise<Parameters<typeof planMarketAlone>[3]> {
  return { cancelBreakingOrders, held: heldStates(await heldMarkets(store.settings)) }
}

/** What an exchange was started with, with one market and its assets as they are now. */
export function withMarketOf(project: Project, fresh: Project, symbol: string): Project {
  const market = fresh.config.markets.find((candidate) => marketSymbol(candidate) === symbol)!
  const assets = fresh.config.assets.filter(({ code }) => (code === market.base || code === market.quote) && !project.config.assets.some((asset) => asset.code === code))
  return {
    ...project,
    config: { ...project.config, assets: [...project.config.assets, ...assets], markets: [...project.config.markets.filter((candidate) => marketSymbol(candidate) !== symbol), market] },
    markets: [...project.markets.filter((terms) => terms.symbol !== symbol), fresh.markets.find((terms) => terms.symbol === symbol)!],
  }
}

function knownMarket(market: string, { exchange }: Tools) {
  const spec = exchange.catalog.marketBySymbol(market)
  if (spec === undefined) throw new Error(`There is no market ${market}. This exchange has ${exchange.catalog.markets().map(({ symbol }) => symbol).join(', ')}.`)
  return spec
}

function restingOrders(marketId: number, { exchange: { engine } }: Tools): number {
  let count = 0
  for (let account = 0; engine.catalog.accountName(account) !== undefined; account++) count += [...engine.openOrders(account, marketId)].length
  return count
}

function linesOf({ changes }: ConfigPlan): string[] {
  return changes.flatMap(({ lines }) => [...lines])
}
