/** What agents must know of a market to write valid prices and quantities: ticks and lots to decimal strings and back. */
import { decimal, formatDecimal, parseDecimal } from '@bourse/core'
import type { TradedMarket } from './simulator-client.js'

/** A market that is to be simulated; the names are those of the configuration's `simulation`. */
export interface SimulatedMarket {
  readonly symbol: string
  /** Quote per base, a decimal string; used where the market has no last price. */
  readonly startPrice: string
  /** Standard deviation of a day's return. */
  readonly dailyVolatility: number
  /** Mean size of a trade in base, a decimal string. */
  readonly typicalQuantity: string
  readonly tradesPerMinute: number
}

/** Prices are counted in ticks and quantities in lots: whole numbers far below 2^53. */
export class MarketTerms {
  readonly symbol: string
  readonly base: string
  readonly quote: string
  /** Quote per base of one tick, and base of one lot; for decisions, not for money. */
  readonly tick: number
  readonly lot: number
  readonly startPrice: number
  readonly dailyVolatility: number
  readonly typicalQuantity: number
  readonly tradesPerMinute: number
  private readonly tickUnits: bigint
  private readonly lotUnits: bigint
  private readonly priceScale: number
  private readonly quantityScale: number
  private readonly minQuantity: number
  private readonly maxQuantity: number
  private readonly minNotional: number
  private readonly maxTicks: number

  constructor(market: TradedMarket, simulated: SimulatedMarket) {
    this.symbol = market.symbol
    this.base = market.base
    this.quote = market.quote
    this.priceScale = market.priceScale
    this.quantityScale = market.quantityScale
    this.tickUnits = decimal(market.tickSize, market.priceScale)
    this.lotUnits = decimal(market.lotSize, market.quantityScale)
    this.tick = Number(market.tickSize)
    this.lot = Number(market.lotSize)
    this.minQuantity = Number(market.minQuantity)
    this.maxQuantity = Number(market.maxQuantity)
    this.minNotional = Number(market.minNotional)
    this.maxTicks = Math.floor(Number(market.maxPrice) / this.tick)
    this.startPrice = Number(simulated.startPrice)
    this.dailyVolatility = simulated.dailyVolatility
    this.typicalQuantity = Number(simulated.typicalQuantity)
    this.tradesPerMinute = simulated.tradesPerMinute
    if (!(this.startPrice > 0) || !(this.typicalQuantity > 0) || !(this.dailyVolatility > 0) || !(this.tradesPerMinute > 0)) {
      throw new RangeError(`Market ${market.symbol} cannot be simulated: startPrice, dailyVolatility, typicalQuantity and tradesPerMinute must all be positive.`)
    }
  }

  /** Ticks of a decimal price as the exchange writes it; undefined where it is none. */
  ticksOf(price: string | null): number | undefined {
    const units = price === null ? 'not_a_decimal' : parseDecimal(price, this.priceScale)
    return typeof units === 'string' ? undefined : Number(units / this.tickUnits)
  }

  lotsOf(quantity: string): number {
    const units = parseDecimal(quantity, this.quantityScale)
    return typeof units === 'string' ? 0 : Number(units / this.lotUnits)
  }

  priceText(ticks: number): string {
    return formatDecimal(BigInt(ticks) * this.tickUnits, this.priceScale)
  }

  quantityText(lots: number): string {
    return formatDecimal(BigInt(lots) * this.lotUnits, this.quantityScale)
  }

  /** A price that the market takes, or undefined beyond its bounds. */
  validTicks(ticks: number): number | undefined {
    const whole = Math.round(ticks)
    return whole >= 1 && whole <= this.maxTicks ? whole : undefined
  }

  /** The quantity in lots, raised to the market's minimum at this price and cut at its maximum. */
  lotsFor(quantity: number, ticks: number): number {
    const least = Math.max(this.minQuantity, (this.minNotional * 1.01) / (ticks * this.tick), this.lot)
    const lots = Math.max(Math.round(quantity / this.lot), Math.ceil(least / this.lot - 1e-9))
    return Math.min(lots, Math.floor(this.maxQuantity / this.lot))
  }

  /** Tells whether an order of that size would be refused as too small. */
  isTooSmall(lots: number, ticks: number): boolean {
    const quantity = lots * this.lot
    return lots < 1 || quantity < this.minQuantity * (1 - 1e-9) || quantity * ticks * this.tick < this.minNotional
  }
}
