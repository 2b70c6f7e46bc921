/** Turns a market of the configuration into the terms of the commands that define or update it. */
import { decimal, decimalPlaces, formatDecimal, MAX_AMOUNT, type MarketRulesInput } from '@bourse/core'
import type { ExchangeConfig, MarketConfig } from './schema.js'

export interface MarketTerms {
  readonly symbol: string
  readonly base: string
  readonly quote: string
  readonly priceScale: number
  readonly quantityScale: number
  /** What may change while the market runs. */
  readonly rules: MarketRulesInput
}

/** Highest price of a market that names none, in price units: 10,000,000.00 for a tick of a cent. */
const DEFAULT_MAX_PRICE_UNITS = 1_000_000_000n

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

  const priceScale = market.priceScale ?? decimalPlaces(market.tickSize)
  const quantityScale = market.quantityScale ?? decimalPlaces(market.lotSize)
  const problems = scaleProblems(market, symbol, { priceScale, quantityScale, baseScale: base.scale, quoteScale: quote.scale })
  if (problems.length > 0) return { problems }

  const notionalUnit = 10n ** BigInt(quote.scale - priceScale - quantityScale)
  const maxPrice = market.maxPrice ?? formatDecimal(DEFAULT_MAX_PRICE_UNITS - (DEFAULT_MAX_PRICE_UNITS % decimal(market.tickSize, priceScale)), priceScale)
  const lot = decimal(market.lotSize, quantityScale)
  const baseUnit = 10n ** BigInt(base.scale - quantityScale)
  const bound = smaller(MAX_AMOUNT / (decimal(maxPrice, priceScale) * notionalUnit), MAX_AMOUNT / baseUnit)
  const maxQuantity = market.maxQuantity ?? formatDecimal(roundNumberUpTo(bound, lot), quantityScale)
  const fees = market.fees ?? config.fees
  return {
    symbol,
    base: market.base,
    quote: market.quote,
    priceScale,
    quantityScale,
    rules: {
      state: market.state,
      tickSize: market.tickSize,
      lotSize: market.lotSize,
      minQuantity: market.minQuantity ?? market.lotSize,
      maxQuantity,
      maxPrice,
      minNotional: market.minNotional,
      makerFee: fees.maker,
      takerFee: fees.taker,
      marketBandBps: market.marketBandBps,
      allowSelfTrade: market.allowSelfTrade,
      maxOpenOrders: market.maxOpenOrders,
    },
  }
}

function scaleProblems(
  market: MarketConfig,
  symbol: string,
  scales: { priceScale: number; quantityScale: number; baseScale: number; quoteScale: number },
): string[] {
  const problems: string[] = []
  if (Number(market.tickSize) === 0) problems.push(`market ${symbol}: tickSize must be greater than 0.`)
  if (Number(market.lotSize) === 0) problems.push(`market ${symbol}: lotSize must be greater than 0.`)
  if (decimalPlaces(market.tickSize) > scales.priceScale) problems.push(`market ${symbol}: tickSize ${market.tickSize} is finer than priceScale ${scales.priceScale}. Raise priceScale.`)
  if (decimalPlaces(market.lotSize) > scales.quantityScale) problems.push(`market ${symbol}: lotSize ${market.lotSize} is finer than quantityScale ${scales.quantityScale}. Raise quantityScale.`)
  if (scales.quantityScale > scales.baseScale) {
    problems.push(`market ${symbol}: quantities with ${scales.quantityScale} decimals are finer than the asset ${market.base} (scale ${scales.baseScale}). Use a coarser lotSize, or a larger scale of ${market.base}.`)
  }
  const needed = scales.priceScale + scales.quantityScale
  if (needed > scales.quoteScale) {
    problems.push(
      `market ${symbol}: tickSize x lotSize needs ${needed} decimals of ${market.quote}, which has ${scales.quoteScale}. Use a coarser tickSize or lotSize, or give ${market.quote} scale ${needed}.`,
    )
  }
  return problems
}

/** The largest 1, 2 or 5 times a power of ten, in whole lots, that does not pass the bound. */
function roundNumberUpTo(bound: bigint, lot: bigint): bigint {
  const power = 10n ** BigInt(bound.toString().length - 1)
  const leading = bound / power >= 5n ? 5n : bound / power >= 2n ? 2n : 1n
  const round = leading * power
  return round - (round % lot)
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
