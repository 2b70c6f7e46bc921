/** Derives the steps of a market (tick, lot, smallest order) from a rough price, in powers of ten. */
import { knownAsset } from './known-assets.js'

export interface MarketSteps {
  readonly tickSize: string
  readonly lotSize: string
  readonly minNotional: string
  /** A usual size of a trade, in base. */
  readonly typicalQuantity: string
}

export interface MarketFacts {
  /** In quote. */
  readonly price: number
  readonly baseScale: number
  readonly quote: string
  readonly quoteScale: number
}

/** A lot is worth about as much, in US dollars. */
const LOT_USD = 0.3
const SMALLEST_ORDER_USD = 5
const TYPICAL_TRADE_USD = 1_200
/** Prices are written with five digits, or four where the quote asset has no room for more. */
const PRICE_DIGITS = [5, 4]
const COARSEST_TICK_DECIMALS = 2

/**
 * Chooses steps that the ledger can hold: the decimals of tick and lot together do not exceed those of the quote asset.
 */
export function marketSteps({ price, baseScale, quote, quoteScale }: MarketFacts): MarketSteps {
  const quoteUsd = knownAsset(quote)?.roughUsd ?? 1
  const baseUsd = price * quoteUsd
  const wantedLot = clamp(-Math.round(Math.log10(LOT_USD / baseUsd)), 0, baseScale)
  const tickDecimals = tickCandidates(price, quoteScale).find((decimals) => decimals + wantedLot <= quoteScale) ?? tickCandidates(price, quoteScale).at(-1) ?? 0
  const lotDecimals = Math.min(wantedLot, quoteScale - tickDecimals)
  return {
    tickSize: powerOfTen(-tickDecimals),
    lotSize: powerOfTen(-lotDecimals),
    minNotional: smallestOrder(quoteUsd, quoteScale),
    typicalQuantity: oneDigit(TYPICAL_TRADE_USD / baseUsd, lotDecimals),
  }
}

/** A price as the configuration writes it: as many digits as its tick allows, at least one tick. */
export function writePrice(price: number, tickSize: string): string {
  const decimals = tickSize.split('.')[1]?.length ?? 0
  const text = price.toFixed(decimals)
  return Number(text) === 0 ? tickSize : trimZeros(text)
}

function tickCandidates(price: number, quoteScale: number): number[] {
  return PRICE_DIGITS.map((digits) => clamp(digits - 1 - Math.floor(Math.log10(price)), COARSEST_TICK_DECIMALS, quoteScale)).map((decimals) => Math.min(decimals, quoteScale))
}

function smallestOrder(quoteUsd: number, quoteScale: number): string {
  const amount = SMALLEST_ORDER_USD / quoteUsd
  if (amount >= 1 && amount < 10) return '5'
  return powerOfTen(Math.max(Math.ceil(Math.log10(amount)), -quoteScale))
}

/** Rounds to one digit, but never below one lot. */
function oneDigit(value: number, decimals: number): string {
  const exponent = Math.max(Math.floor(Math.log10(value)), -decimals)
  const digit = Math.max(1, Math.round(value / 10 ** exponent))
  return exponent >= 0 ? String(digit * 10 ** exponent) : trimZeros((digit * 10 ** exponent).toFixed(-exponent))
}

/** `-3` -> `0.001`, without an exponent. */
function powerOfTen(exponent: number): string {
  return exponent >= 0 ? `1${'0'.repeat(exponent)}` : `0.${'0'.repeat(-exponent - 1)}1`
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
