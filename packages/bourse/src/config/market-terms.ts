/** Turns a market of the configuration into the terms of the commands that define or update it. */
import { completeMarket, type MarketDraft, type MarketRulesInput } from '@bourse/core'
import type { ExchangeConfig, MarketConfig } from './schema.js'

export interface MarketTerms {
  readonly symbol: string
  readonly base: string
  readonly quote: string
  readonly priceScale: number
  readonly quantityScale: number
  /** What the price band is measured from until the first trade. */
  readonly referencePrice?: string
  /** What may change while the market runs. */
  readonly rules: MarketRulesInput
}

/** `BASE-QUOTE`. */
export function marketSymbol(market: Pick<MarketConfig, 'base' | 'quote'>): string {
  return `${market.base}-${market.quote}`
}

/**
 * Fills in what a market leaves open.
 *
 * @returns the terms, or what is wrong with them, each a sentence that names the key and the remedy.
 */
export function marketTerms(config: ExchangeConfig, market: MarketConfig): MarketTerms | { problems: string[] } {
  const symbol = marketSymbol(market)
  const base = config.assets.find((asset) => asset.code === market.base)
  const quote = config.assets.find((asset) => asset.code === market.quote)
  if (base === undefined || quote === undefined) {
    const missing = base === undefined ? market.base : market.quote
    return { problems: [`market ${symbol}: "${missing}" is not among the assets. Add { code: '${missing}' } to assets.`] }
  }
  if (base === quote) return { problems: [`market ${symbol}: base and quote must differ.`] }
  const completed = completeMarket(draftOf(config, market), { base, quote })
  if ('problems' in completed) return completed
  const { type: _command, symbol: _symbol, base: _base, quote: _quote, priceScale, quantityScale, referencePrice, ...rules } = completed
  return { symbol, base: base.code, quote: quote.code, priceScale, quantityScale, ...given({ referencePrice }), rules }
}

/** The keys of a configured market that are rules carry the same names; only fees and circuit breaker are written as objects. */
function draftOf(config: ExchangeConfig, market: MarketConfig): MarketDraft {
  const { base: _base, quote: _quote, simulation: _simulation, fees = config.fees, circuitBreaker, ...rules } = market
  return { ...given(rules), ...breakerRules(circuitBreaker), makerFee: fees.maker, takerFee: fees.taker }
}

function breakerRules(breaker: MarketConfig['circuitBreaker']): Partial<MarketRulesInput> {
  if (breaker === undefined) return {}
  const { moveBps, windowMs, haltMs, auctionMs, auctionRandomMs } = breaker
  return { breakerMoveBps: moveBps, breakerWindowMs: windowMs, haltMs, auctionMs, auctionRandomMs }
}

/** The same values without the keys that are undefined. */
function given<Values extends object>(values: Values): { [Key in keyof Values]: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [Key in keyof Values]: Exclude<Values[Key], undefined> }
}
