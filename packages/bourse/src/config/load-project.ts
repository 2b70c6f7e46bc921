/** Loads a project folder: its `.env`, its `exchange.config.ts` and its brand, all checked before anything starts. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createJiti } from 'jiti'
import type { z } from 'zod'
import { ConfigError } from './config-error.js'
import { loadBrand, type BrandFiles } from './brand-files.js'
import { marketSymbol, marketTerms, type MarketTerms } from './market-terms.js'
import { ExchangeConfigSchema, type ExchangeConfig } from './schema.js'

const CONFIG_FILES = ['exchange.config.ts', 'exchange.config.js', 'exchange.config.mjs']

export interface Project {
  readonly dir: string
  readonly configFile: string
  readonly config: ExchangeConfig
  readonly markets: readonly MarketTerms[]
  readonly brand: BrandFiles
}

/**
 * Reads and checks a project.
 *
 * @throws ConfigError naming every key that is wrong.
 */
export async function loadProject(dir: string): Promise<Project> {
  const configFile = CONFIG_FILES.map((name) => path.join(dir, name)).find((file) => existsSync(file))
  if (configFile === undefined) {
    throw new ConfigError(dir, ['there is no exchange.config.ts here. Run the command in the folder of an exchange, name one with --project DIR, or create one with "npx create-exchange".'])
  }
  await loadEnvironment(path.join(dir, '.env'))
  const config = parseConfig(configFile, await importDefault(configFile))
  const markets = checkMarkets(configFile, config)
  const brand = await loadBrand(dir, configFile, config.brand)
  return { dir, configFile, config, markets, brand }
}

/** Variables that are already set win over the file. */
async function loadEnvironment(file: string): Promise<void> {
  if (!existsSync(file)) return
  for (const line of (await readFile(file, 'utf8')).split(/\r?\n/)) {
    const match = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line)
    if (match === null || match[1] === undefined || match[2] === undefined) continue
    process.env[match[1]] ??= match[2].replace(/^(["'])(.*)\1$/, '$2')
  }
}

async function importDefault(file: string): Promise<unknown> {
  try {
    return await createJiti(import.meta.url, { fsCache: false, moduleCache: false }).import(file, { default: true })
  } catch (error) {
    throw new ConfigError(file, [`it could not be loaded: ${error instanceof Error ? error.message : String(error)}`])
  }
}

/** Checks a configuration object against the schema; every problem names its key. */
export function parseConfig(file: string, value: unknown): ExchangeConfig {
  const parsed = ExchangeConfigSchema.safeParse(value)
  if (!parsed.success) throw new ConfigError(file, parsed.error.issues.map(describeIssue))
  return parsed.data
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const key = issue.path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`), '')
  return `${key === '' ? 'the configuration' : key}: ${issue.message}`
}

function checkMarkets(file: string, config: ExchangeConfig): MarketTerms[] {
  const problems: string[] = []
  const terms: MarketTerms[] = []
  repeated(config.assets.map((asset) => asset.code)).forEach((code) => problems.push(`assets: ${code} stands there twice.`))
  repeated(config.markets.map(marketSymbol)).forEach((symbol) => problems.push(`markets: ${symbol} stands there twice.`))
  for (const market of config.markets) {
    const result = marketTerms(config, market)
    if ('problems' in result) problems.push(...result.problems)
    else terms.push(result)
  }
  if (problems.length > 0) throw new ConfigError(file, problems)
  return terms
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}
