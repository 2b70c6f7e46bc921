/** `exchange market add`, `halt`, `resume` and `rules`: the markets of an exchange that runs or rests, in accord with its configuration. */
import path from 'node:path'
import { loadProject, type Project } from '../config/load-project.js'
import { marketTerms } from '../config/market-terms.js'
import { ExchangeConfigSchema } from '../config/schema.js'
import { perform, print, type AnswerFlags } from './manage-commands.js'

/** A task that looks or changes one market must not bring in whatever else the configuration says. */
const AS_IT_IS = { applyChanges: false } as const

export interface AddFlags extends AnswerFlags {
  readonly tick?: string
  readonly lot?: string
  readonly minNotional?: string
}

export async function addMarketCommand(market: string, flags: AddFlags): Promise<void> {
  const project = await loadProject(path.resolve(flags.project))
  if (!project.markets.some(({ symbol }) => symbol === market)) throw new Error(howToConfigure(market, project, flags))
  const done = await perform(flags, { task: 'market.add', market }, AS_IT_IS)
  print(flags, done, `${indented(done['changes'])}\n${market} is listed. A start keeps it so, since the configuration names it; deposits and withdrawals of a new asset begin with the next start.`)
}

export async function haltMarketCommand(market: string, flags: AnswerFlags & { state: string; reason?: string }): Promise<void> {
  const { state, reason } = flags
  const done = await perform(flags, { task: 'market.halt', market, state, ...(reason !== undefined && { reason }) }, AS_IT_IS)
  print(flags, done, `  ~ market ${market}\n      state: ${String(done['from'])} -> ${String(done['state'])}\n${String(done['restingOrders'])} resting orders stay where they are. It stays so at every start, until "exchange market resume ${market}", or an auction opens it.`)
}

export async function resumeMarketCommand(market: string, flags: AnswerFlags): Promise<void> {
  const done = await perform(flags, { task: 'market.resume', market }, AS_IT_IS)
  print(flags, done, `  ~ market ${market}\n      state: ${String(done['from'])} -> ${String(done['state'])}`)
}

export async function marketRulesCommand(market: string, flags: AnswerFlags & { apply?: boolean; cancelBreakingOrders?: boolean }): Promise<void> {
  const done = await perform(flags, { task: 'market.rules', market, apply: flags.apply ?? false, cancelBreakingOrders: flags.cancelBreakingOrders ?? false }, AS_IT_IS)
  const rules = Object.entries(done['rules'] as Record<string, unknown>).map(([key, value]) => `  ${key.padEnd(16)} ${String(value)}`)
  const changes = done['changes'] as string[]
  const refusals = (done['refusals'] ?? []) as string[]
  const ending =
    refusals.length > 0
      ? `\nThe configuration says otherwise, but that cannot be done:\n${refusals.map((refusal) => `  - ${refusal}`).join('\n')}`
      : changes.length === 0
        ? '\nThe configuration says the same.'
        : done['applied'] === true
          ? `\nChanged:\n${indented(changes)}`
          : `\nThe configuration says otherwise; --apply brings it in now, or the next start does:\n${indented(changes)}`
  const held = done['held'] as { state: string; reason?: string } | undefined
  const hold = held === undefined ? '' : `\nHeld by hand${held.reason === undefined ? '' : ` (${held.reason})`}: "exchange market resume ${market}" lets it go on.`
  print(flags, done, `${market}\n${rules.join('\n')}\n${ending}${hold}`)
  if (refusals.length > 0) process.exitCode = 1
}

/** The lines that are missing in the configuration, checked as far as the flags go. */
function howToConfigure(symbol: string, project: Project, { tick, lot, minNotional }: AddFlags): string {
  const [base = '', quote = '', more] = symbol.split('-')
  if (base === '' || quote === '' || more !== undefined) throw new Error(`"${symbol}" is no market: write base and quote, for example SOL-USDT.`)
  const market = { base, quote, tickSize: tick ?? '0.01', lotSize: lot ?? '0.001', minNotional: minNotional ?? '5' }
  const missing = [base, quote].filter((code) => !project.config.assets.some((asset) => asset.code === code))
  const assets = [...project.config.assets, ...missing.map((code) => ({ code }))]
  const parsed = ExchangeConfigSchema.pick({ assets: true, markets: true }).safeParse({ assets, markets: [market] })
  if (!parsed.success) throw new Error(parsed.error.issues.map((issue) => `${issue.path.slice(2).join('.')}: ${issue.message}`).join('\n'))
  const terms = marketTerms({ ...project.config, assets: parsed.data.assets }, parsed.data.markets[0]!)
  if ('problems' in terms) throw new Error(terms.problems.join('\n'))
  const assetLines = missing.length === 0 ? '' : `  assets: [ ..., ${missing.map((code) => `{ code: '${code}' }`).join(', ')} ],\n`
  const guessed = tick === undefined || lot === undefined || minNotional === undefined ? ' Choose tickSize, lotSize and minNotional as the market needs them.' : ''
  return `${project.configFile} says which markets there are, and does not name ${symbol}. Add\n\n${assetLines}  markets: [ ..., { base: '${base}', quote: '${quote}', tickSize: '${market.tickSize}', lotSize: '${market.lotSize}', minNotional: '${market.minNotional}' } ],\n\nthen say this again: it lists the market at once, without a restart.${guessed}`
}

function indented(lines: unknown): string {
  return (lines as string[]).map((line) => `  ${line}`).join('\n')
}
