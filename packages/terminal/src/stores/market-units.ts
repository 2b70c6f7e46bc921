/** A market's rules as integers: the only form in which the terminal reckons with money. */
import { decimal, formatDecimal, parseDecimal } from '@bourse/core'
import type { Asset, BookLevel, Market } from './wire.js'

/** Prices count in 10^-priceScale, quantities in 10^-quantityScale, totals in the quote asset's unit. */
export interface MarketUnits {
  readonly priceScale: number
  readonly quantityScale: number
  readonly baseScale: number
  readonly quoteScale: number
  readonly tick: bigint
  readonly lot: bigint
  readonly minQuantity: bigint
  readonly maxQuantity: bigint
  readonly minNotional: bigint
  readonly maxPrice: bigint
  /** Parts per million. */
  /** Negative: a rebate. */
  readonly makerPpm: bigint
  readonly takerPpm: bigint
}

const MILLION = 1_000_000n

export function marketUnits(market: Market, assets: readonly Asset[]): MarketUnits {
  const scaleOf = (code: string, fallback: number): number => assets.find((asset) => asset.code === code)?.scale ?? fallback
  const quoteScale = scaleOf(market.quote, market.priceScale + market.quantityScale)
  return {
    priceScale: market.priceScale,
    quantityScale: market.quantityScale,
    baseScale: scaleOf(market.base, market.quantityScale),
    quoteScale,
    tick: decimal(market.tickSize, market.priceScale),
    lot: decimal(market.lotSize, market.quantityScale),
    minQuantity: decimal(market.minQuantity, market.quantityScale),
    maxQuantity: decimal(market.maxQuantity, market.quantityScale),
    minNotional: decimal(market.minNotional, quoteScale),
    maxPrice: decimal(market.maxPrice, market.priceScale),
    makerPpm: market.makerFee.startsWith('-') ? -decimal(market.makerFee.slice(1), 6) : decimal(market.makerFee, 6),
    takerPpm: decimal(market.takerFee, 6),
  }
}

/** Divides non-negative amounts, rounding up. */
function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor
}

/** Moves an amount from one number of decimals to another, rounding down. */
export function rescale(amount: bigint, from: number, to: number): bigint {
  return to >= from ? amount * 10n ** BigInt(to - from) : amount / 10n ** BigInt(from - to)
}

/** Price x quantity in units of the quote asset; exact for multiples of tick and lot, else rounded up. */
export function notionalOf(price: bigint, quantity: bigint, units: MarketUnits): bigint {
  const product = price * quantity
  const excess = units.priceScale + units.quantityScale - units.quoteScale
  return excess <= 0 ? product * 10n ** BigInt(-excess) : divideUp(product, 10n ** BigInt(excess))
}

/** The most that can be bought for a total at a price, in whole lots. */
export function quantityFor(total: bigint, price: bigint, units: MarketUnits): bigint {
  if (price <= 0n) return 0n
  const excess = units.priceScale + units.quantityScale - units.quoteScale
  const scaled = excess >= 0 ? total * 10n ** BigInt(excess) : total / 10n ** BigInt(-excess)
  return floorTo(scaled / price, units.lot)
}

export function floorTo(amount: bigint, step: bigint): bigint {
  return amount - (amount % step)
}

/** A fee in the unit of the amount, rounded up as the exchange does. */
export function feeOn(amount: bigint, ratePpm: bigint): bigint {
  return divideUp(amount * ratePpm, MILLION)
}

export function percentOf(amount: bigint, percent: number): bigint {
  return (amount * BigInt(percent)) / 100n
}

/** Reads what was typed; null when it is not yet, or not at all, an amount of that scale. */
export function readAmount(text: string, scale: number): bigint | null {
  const plain = text.startsWith('.') ? `0${text}` : text.endsWith('.') ? text.slice(0, -1) : text
  const units = parseDecimal(plain.replace(/^0+(?=[0-9])/, ''), scale)
  return typeof units === 'bigint' ? units : null
}

/** Writes an amount for an input: without zeros that say nothing. */
export function writeAmount(amount: bigint, scale: number): string {
  const text = formatDecimal(amount, scale)
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
}

/** What taking from the book would give. */
export interface TakeEstimate {
  readonly quantity: bigint
  readonly total: bigint
  /** False when the book, as far as it is known, holds less than was asked for. */
  readonly complete: boolean
}

/** Walks the levels, best first, for a quantity. */
export function takeQuantity(levels: readonly BookLevel[], wanted: bigint, units: MarketUnits): TakeEstimate {
  let left = wanted
  let total = 0n
  for (const [priceText, quantityText] of levels) {
    if (left === 0n) break
    const offered = decimal(quantityText, units.quantityScale)
    const taken = offered < left ? offered : left
    total += notionalOf(decimal(priceText, units.priceScale), taken, units)
    left -= taken
  }
  return { quantity: wanted - left, total, complete: left === 0n }
}

/** Walks the levels, best first, for as many whole lots as the amount of the quote asset pays. */
export function takeTotal(levels: readonly BookLevel[], amount: bigint, units: MarketUnits): TakeEstimate {
  let left = amount
  let quantity = 0n
  for (const [priceText, quantityText] of levels) {
    const price = decimal(priceText, units.priceScale)
    const offered = decimal(quantityText, units.quantityScale)
    const affordable = quantityFor(left, price, units)
    const taken = offered < affordable ? offered : affordable
    quantity += taken
    left -= notionalOf(price, taken, units)
    if (taken < offered) return { quantity, total: amount - left, complete: true }
  }
  return { quantity, total: amount - left, complete: quantityFor(left, decimal(levels.at(-1)?.[0] ?? '0', units.priceScale), units) === 0n && levels.length > 0 }
}
