/** A whole trading venue in memory: engine and market data behind one object whose assets and markets the compiler knows. */
import { formatDecimal } from '../values/decimal.js'
import { FrameBuffer } from '../values/frames.js'
import type { Catalog, MarketSpec } from '../domain/catalog.js'
import type { Command } from '../domain/commands/commands.js'
import type { Event } from '../domain/events/events.js'
import { completeMarket, type MarketDraft } from '../domain/market-draft.js'
import { createEngine } from '../engine/create-engine.js'
import type { Engine } from '../engine/engine.js'
import { executeFrames, fireDueFrames, type Execution } from '../engine/execute.js'
import type { EngineLimits } from '../engine/limits.js'
import { MarketData } from '../market-data/market-data.js'
import type { CommandFor } from './command-for.js'

export interface VenueOptions<Asset extends string, Market extends string> {
  /** Ledger decimals by asset code. */
  readonly assets: Readonly<Record<Asset, number>>
  /** Markets by `BASE-QUOTE`, both of them declared assets. */
  readonly markets: Readonly<Record<Market, MarketDraft>>
  /** Microseconds since 1970; asked once a command. A clock that goes back is held at the last time. */
  readonly clock: () => number
  readonly limits?: Partial<EngineLimits>
}

/** Amounts as decimal strings with the asset's digits. */
export interface VenueBalance {
  readonly available: string
  readonly held: string
}

/** Price and quantity of each level as decimal strings, best first. */
export interface VenueDepth {
  readonly bids: readonly (readonly [price: string, quantity: string])[]
  readonly asks: readonly (readonly [price: string, quantity: string])[]
}

export interface Venue<Asset extends string, Market extends string> {
  /** What the venue is made of: reads in exact integers and the numbers of {@link Engine.catalog}. */
  readonly engine: Engine
  readonly marketData: MarketData
  /** Takes a command and everything that it goes on to do; a reject changes nothing. Never throws on a user's input. */
  submit(command: CommandFor<Asset, Market>): Execution
  /** Lets what has come due by the clock happen although no command comes: orders expire, for example. See {@link Engine.nextDeadlineUs}. */
  fireDue(): readonly Event[]
  /** Zeros where the account has none of the asset, or is not known. */
  balance(account: string, asset: Asset): VenueBalance
  depth(market: Market, limit: number): VenueDepth
}

/**
 * Opens a venue with its assets and markets.
 *
 * @throws RangeError when a market cannot be as it is described; the message names the key and the remedy.
 *
 * @example
 * const venue = createVenue({
 *   assets: { BTC: 8, USD: 8 },
 *   markets: { 'BTC-USD': { tickSize: '0.01', lotSize: '0.00001', takerFee: '0.001' } },
 *   clock: () => Date.now() * 1000,
 * })
 * venue.submit({ type: 'account.open', account: 'alice', kind: 'user' })
 */
export function createVenue<const Asset extends string, const Market extends `${NoInfer<Asset>}-${NoInfer<Asset>}`>(options: VenueOptions<Asset, Market>): Venue<Asset, Market> {
  const venue = new MemoryVenue(createEngine(options.limits), options.clock)
  const scales = new Map<string, number>(Object.entries<number>(options.assets))
  for (const [code, scale] of scales) venue.define({ type: 'asset.define', code, scale })
  for (const [symbol, draft] of Object.entries<MarketDraft>(options.markets)) venue.define(describe(symbol, draft, scales))
  return venue
}

function describe(symbol: string, draft: MarketDraft, scales: ReadonlyMap<string, number>): Command {
  const [base = '', quote = ''] = symbol.split('-')
  const [baseScale, quoteScale] = [scales.get(base), scales.get(quote)]
  if (baseScale === undefined || quoteScale === undefined) throw new RangeError(`market ${symbol}: a market is named BASE-QUOTE by two of the assets ${[...scales.keys()].join(', ')}.`)
  const completed = completeMarket(draft, { base: { code: base, scale: baseScale }, quote: { code: quote, scale: quoteScale } })
  if ('problems' in completed) throw new RangeError(completed.problems.join('\n'))
  return completed
}

class MemoryVenue {
  readonly marketData = new MarketData()
  private readonly frames = new FrameBuffer()

  constructor(
    readonly engine: Engine,
    private readonly clock: () => number,
  ) {}

  submit(command: Command): Execution {
    const { engine, frames } = this
    frames.clear()
    const execution = executeFrames(engine, command, Math.max(engine.timestampUs, this.clock()), frames)
    this.marketData.foldAll(frames)
    return execution
  }

  fireDue(): readonly Event[] {
    const { engine, frames } = this
    frames.clear()
    const events = fireDueFrames(engine, Math.max(engine.timestampUs, this.clock()), frames)
    this.marketData.foldAll(frames)
    return events
  }

  /** Submits what the venue itself needs; a reject is the caller's mistake. */
  define(command: Command): void {
    const execution = this.submit(command)
    if (execution.ok) return
    const name = 'symbol' in command ? command.symbol : 'code' in command ? command.code : ''
    throw new RangeError(`${command.type} ${name}: ${execution.reject.message ?? execution.reject.code}`)
  }

  balance(account: string, asset: string): VenueBalance {
    const { catalog } = this.engine
    const id = catalog.accountByName(account)
    const { id: assetId, scale } = known(catalog.assetByCode(asset), asset)
    const { available, held } = id === undefined ? { available: 0n, held: 0n } : this.engine.balance(id, assetId)
    return { available: formatDecimal(available, scale), held: formatDecimal(held, scale) }
  }

  depth(market: string, limit: number): VenueDepth {
    const spec = marketOf(this.engine.catalog, market)
    const { bids, asks } = this.marketData.depth(spec.id, limit)
    const write = (levels: readonly (readonly [bigint, bigint])[]): [string, string][] =>
      levels.map(([price, quantity]) => [formatDecimal(price, spec.priceScale), formatDecimal(quantity, spec.quantityScale)])
    return { bids: write(bids), asks: write(asks) }
  }
}

function marketOf(catalog: Catalog, symbol: string): MarketSpec {
  return known(catalog.marketBySymbol(symbol), symbol)
}

function known<Spec>(spec: Spec | undefined, name: string): Spec {
  if (spec === undefined) throw new RangeError(`"${name}" was not declared when the venue was created.`)
  return spec
}
