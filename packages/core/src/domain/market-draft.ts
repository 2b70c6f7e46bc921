/** Fills in what the description of a market leaves open: scales, minima, and the largest maxima that cannot overflow. */
import { decimal, decimalPlaces, formatDecimal, MAX_AMOUNT } from '../values/decimal.js'
import type { MarketDefine, MarketRulesInput } from './commands/commands.js'

/** A market as a person describes it: tick and lot, and only what differs from the defaults. */
export interface MarketDraft extends Partial<MarketRulesInput> {
  tickSize: string
  lotSize: string
  /** Decimals of prices for ever; by default those of tickSize. Give more to be able to refine the tick later. */
  priceScale?: number
  /** Decimals of quantities for ever; by default those of lotSize. */
  quantityScale?: number
  /** What the price band is measured from until the first trade. */
  referencePrice?: string
}

/** What a draft is completed with: the two assets and their ledger decimals. */
export interface MarketAssets {
  base: { code: string; scale: number }
  quote: { code: string; scale: number }
}

/** Highest price of a market that names none, in price units: 10,000,000.00 for a tick of a cent. */
const DEFAULT_MAX_PRICE_UNITS = 1_000_000_000n

/**
 * Completes a draft to the command that defines the market.
 *
 * Defaults: open, no minimum notional, one lot as the minimum quantity, no fees, a band of 5 % for market
 * orders, 1,000 open orders an account, self-trade prevention required.
 *
 * @returns the command, or what is wrong with the draft, each a sentence that names the key and the remedy.
 */
export function completeMarket(draft: MarketDraft, { base, quote }: MarketAssets): MarketDefine | { problems: string[] } {
  const symbol = `${base.code}-${quote.code}`
  const priceScale = draft.priceScale ?? decimalPlaces(draft.tickSize)
  const quantityScale = draft.quantityScale ?? decimalPlaces(draft.lotSize)
  const problems = scaleProblems(draft, symbol, { priceScale, quantityScale, base, quote })
  if (problems.length > 0) return { problems }

  const notionalUnit = 10n ** BigInt(quote.scale - priceScale - quantityScale)
  const maxPrice = draft.maxPrice ?? formatDecimal(DEFAULT_MAX_PRICE_UNITS - (DEFAULT_MAX_PRICE_UNITS % decimal(draft.tickSize, priceScale)), priceScale)
  const lot = decimal(draft.lotSize, quantityScale)
  const baseUnit = 10n ** BigInt(base.scale - quantityScale)
  const bound = smaller(MAX_AMOUNT / (decimal(maxPrice, priceScale) * notionalUnit), MAX_AMOUNT / baseUnit)
  const maxQuantity = draft.maxQuantity ?? formatDecimal(roundNumberUpTo(bound, lot), quantityScale)
  return {
    state: 'open',
    minQuantity: draft.lotSize,
    minNotional: '0',
    makerFee: '0',
    takerFee: '0',
    marketBandBps: 500,
    allowSelfTrade: false,
    maxOpenOrders: 1_000,
    ...draft,
    type: 'market.define',
    symbol,
    base: base.code,
    quote: quote.code,
    priceScale,
    quantityScale,
    maxPrice,
    maxQuantity,
  }
}

function scaleProblems(draft: MarketDraft, symbol: string, { priceScale, quantityScale, base, quote }: MarketAssets & { priceScale: number; quantityScale: number }): string[] {
  const problems: string[] = []
  if (Number(draft.tickSize) === 0) problems.push(`market ${symbol}: tickSize must be greater than 0.`)
  if (Number(draft.lotSize) === 0) problems.push(`market ${symbol}: lotSize must be greater than 0.`)
  if (decimalPlaces(draft.tickSize) > priceScale) problems.push(`market ${symbol}: tickSize ${draft.tickSize} is finer than priceScale ${priceScale}. Raise priceScale.`)
  if (decimalPlaces(draft.lotSize) > quantityScale) problems.push(`market ${symbol}: lotSize ${draft.lotSize} is finer than quantityScale ${quantityScale}. Raise quantityScale.`)
  if (quantityScale > base.scale) {
    problems.push(`market ${symbol}: quantities with ${quantityScale} decimals are finer than the asset ${base.code} (scale ${base.scale}). Use a coarser lotSize, or a larger scale of ${base.code}.`)
  }
  const needed = priceScale + quantityScale
  if (needed > quote.scale) {
    problems.push(
      `market ${symbol}: tickSize x lotSize needs ${needed} decimals of ${quote.code}, which has ${quote.scale}. Use a coarser tickSize or lotSize, or give ${quote.code} scale ${needed}.`,
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
