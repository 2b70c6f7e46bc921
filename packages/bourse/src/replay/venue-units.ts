/** Reads a venue's decimal strings in the units of one market, and says when the market cannot express them. */
import { formatDecimal, parseDecimal, type MarketSpec } from '@bourse/core'
import type { CapturedLevel, CapturedTrade } from './binance-capture.js'
import type { UnitLevel } from './captured-book.js'

/** What keeps a captured number out of a market. */
export interface UnitFault {
  readonly what: 'price' | 'quantity'
  readonly text: string
  readonly reason: string
}

/** Numbers are safe integers: price units and quantity units of the market. */
export class VenueUnits {
  private readonly tick: number
  private readonly lot: number
  private readonly maxPrice: number
  private readonly maxQuantity: number
  private readonly minQuantity: number

  constructor(private readonly market: MarketSpec) {
    this.tick = Number(market.tickSize)
    this.lot = Number(market.lotSize)
    this.maxPrice = Number(market.maxPrice)
    this.maxQuantity = Number(market.maxQuantity)
    this.minQuantity = Number(market.minQuantity)
  }

  price(text: string): number | UnitFault {
    return this.read('price', text, this.market.priceScale, this.tick)
  }

  quantity(text: string): number | UnitFault {
    return this.read('quantity', text, this.market.quantityScale, this.lot)
  }

  /**
   * A level's quantity in whole lots, rounded down, but one lot where there is anything: venues keep old orders that
   * today's lot size would not allow, and only sizes suffer by this, never prices.
   */
  levelQuantity(text: string): number | UnitFault {
    const exact = this.quantity(text)
    if (typeof exact === 'number') return exact
    const cut = parseDecimal(wholeDecimals(text, this.market.quantityScale), this.market.quantityScale)
    if (typeof cut === 'string' || !Number.isSafeInteger(Number(cut))) return exact
    return Math.max(this.lot, Math.floor(Number(cut) / this.lot) * this.lot)
  }

  private read(what: 'price' | 'quantity', text: string, scale: number, step: number): number | UnitFault {
    const units = parseDecimal(text, scale)
    const stepText = formatDecimal(BigInt(step), scale)
    const rule = what === 'price' ? `tick size ${stepText}` : `lot size ${stepText}`
    if (typeof units === 'string') {
      const reason = units === 'too_many_decimals' ? `${this.market.symbol} has a ${rule}` : `it is no plain decimal that ${this.market.symbol} can hold`
      return { what, text, reason }
    }
    const value = Number(units)
    if (!Number.isSafeInteger(value)) return { what, text, reason: 'it is too large' }
    if (value % step !== 0) return { what, text, reason: `${this.market.symbol} has a ${rule}` }
    return value
  }

  /** Reads a level of which the capture is known to fit. */
  level([price, quantity]: CapturedLevel): UnitLevel {
    return [this.sure(this.price(price)), this.sure(this.levelQuantity(quantity))]
  }

  trade(trade: CapturedTrade): { price: number; quantity: number } {
    return { price: this.sure(this.price(trade.price)), quantity: this.sure(this.quantity(trade.quantity)) }
  }

  private sure(value: number | UnitFault): number {
    if (typeof value === 'number') return value
    throw new RangeError(`${value.what} ${value.text}: ${value.reason}. The capture was checked before; this is a fault of the replay.`)
  }

  /** Whether the market takes an order at that price at all; far levels of a venue may lie beyond its bounds. */
  isQuotable(price: number, quantity: number): boolean {
    return price >= this.tick && price <= this.maxPrice && quantity <= this.maxQuantity
  }

  /** The least quantity that may be placed at a price. */
  leastQuantity(price: number): number {
    const notional = this.market.minNotional
    const perUnit = BigInt(price) * this.market.notionalUnit
    const forNotional = notional === 0n ? 0 : Number((notional + perUnit - 1n) / perUnit)
    const least = Math.max(this.minQuantity, forNotional, this.lot)
    return Math.ceil(least / this.lot) * this.lot
  }

  priceText(price: number): string {
    return formatDecimal(BigInt(price), this.market.priceScale)
  }

  quantityText(quantity: number): string {
    return formatDecimal(BigInt(quantity), this.market.quantityScale)
  }
}

/** A decimal with the digits beyond the scale cut off. */
function wholeDecimals(text: string, scale: number): string {
  const point = text.indexOf('.')
  if (point < 0) return text
  return scale === 0 ? text.slice(0, point) : text.slice(0, point + 1 + scale)
}
