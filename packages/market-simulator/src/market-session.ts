/** One market as its agents act in it: who sends what in a span of time, coarse in the past and fine when live. */
import type { Side } from '@bourse/core'
import type { FairPrices } from './fair-prices.js'
import { ladderEdges, visitLadder, type LadderShape } from './ladder.js'
import type { MarketTerms } from './market-terms.js'
import type { Random } from './random.js'
import { RestingOrders } from './resting-orders.js'
import { naturalQuantity, takerQuantity } from './sizes.js'
import type { SimulatorRole, Trader } from './trader.js'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** How far quotes lag behind the fair price before they follow, in standard deviations of one second. */
const LAG_SIGMAS = 1.2
/** A spread of so many usual ones is wide. */
const WIDE_SPREADS = 5
const TREND_MS = 4 * MINUTE_MS
/** The roles that leave orders in the book. */
const RESTING_ROLES = ['maker', 'deep-maker', 'noise'] as const

export interface SessionParts {
  readonly market: MarketTerms
  readonly fair: FairPrices
  readonly random: Random
  readonly traders: Readonly<Record<SimulatorRole, Trader>>
  /** How many of the simulated markets share the base and the quote asset: a trader's inventory is for all of them. */
  readonly shares: { readonly base: number; readonly quote: number }
}

export class MarketSession {
  readonly market: MarketTerms
  readonly resting = new RestingOrders()
  /** While paused, nothing is sent. */
  paused = false
  private readonly fair: FairPrices
  private readonly random: Random
  private readonly traders: Readonly<Record<SimulatorRole, Trader>>
  /** Middle of the quotes and its slow average, in ticks. */
  private middle: number
  private trend: number

  constructor(private readonly parts: SessionParts) {
    this.market = parts.market
    this.fair = parts.fair
    this.random = parts.random
    this.traders = parts.traders
    this.middle = this.trend = this.fairTicks()
  }

  /** Forgets where quotes stood: the fair price was set anew. */
  recentre(): void {
    this.middle = this.trend = this.fairTicks()
  }

  private fairTicks(): number {
    return this.fair.price(this.market.symbol) / this.market.tick
  }

  private sigmaTicks(spanMs: number): number {
    return this.fair.sigma(this.market.symbol, spanMs) * this.middle
  }

  /** Trading that a span of time should see, in base. */
  private expectedVolume(spanMs: number): number {
    return ((this.market.tradesPerMinute * spanMs) / MINUTE_MS) * this.fair.activity(this.market.symbol) * this.market.typicalQuantity
  }

  /** One round of the past: takers move the price to where it is fair now, makers post around it with few orders. */
  coarseRound(spanMs: number): void {
    if (this.paused) return
    const { random, market, resting, traders } = this
    const volume = this.expectedVolume(spanMs)
    const sigma = Math.max(1, this.sigmaTicks(spanMs))
    const fair = this.fairTicks()
    const before = this.middle
    this.follow(fair, spanMs)
    const direction: Side = fair > before ? 'buy' : 'sell'
    const against: Side = direction === 'buy' ? 'sell' : 'buy'
    if (random.chance(0.5)) this.noiseTake(against, volume * random.between(0.1, 0.35), sigma)
    const limit = market.validTicks(fair - (direction === 'buy' ? 1 : -1) * 0.1 * sigma)
    if (limit !== undefined) {
      const swept = naturalQuantity(random, volume * random.between(0.45, 0.9))
      traders.taker.sweep(market, resting, { side: direction, ticks: limit, lots: market.lotsFor(swept, limit) })
    }
    const shape: LadderShape = {
      edges: ladderEdges(3, Math.max(0.6, 0.06 * sigma), Math.max(1, 0.35 * sigma), Math.max(4, 2.4 * sigma)),
      firstQuantity: volume * 0.3,
      lastQuantity: volume * 0.5,
      roundShare: 0.3,
      renewal: 0,
      budget: 2,
    }
    this.visit(traders.maker, shape)
    if (random.chance(0.6)) this.noiseTake(random.chance(0.6) ? against : direction, volume * random.between(0.05, 0.35), sigma)
    if (random.chance(0.12)) this.momentumTake(volume * 0.3, sigma)
  }

  /** A noise trader takes at the touch, now and then far beyond it: that leaves a wick. */
  private noiseTake(side: Side, quantity: number, sigma: number): void {
    const { random, market, resting, traders } = this
    const goesFar = random.chance(0.3)
    const reach = (goesFar ? random.between(0.8, 2.5) : 0.5) * sigma
    const ticks = market.validTicks(this.middle + (side === 'buy' ? reach : -reach))
    if (ticks === undefined) return
    const size = naturalQuantity(random, goesFar ? quantity * random.between(1.5, 4) : quantity)
    traders.noise.sweep(market, resting, { side, ticks, lots: market.lotsFor(size, ticks) })
  }

  private momentumTake(quantity: number, sigma: number): void {
    const strength = (this.middle - this.trend) / Math.max(1, this.sigmaTicks(TREND_MS))
    if (Math.abs(strength) < 0.8) return
    const side: Side = strength > 0 ? 'buy' : 'sell'
    const ticks = this.market.validTicks(this.middle + Math.sign(strength) * sigma)
    if (ticks === undefined) return
    const lots = this.market.lotsFor(naturalQuantity(this.random, quantity * Math.min(3, Math.abs(strength))), ticks)
    this.traders.momentum.sweep(this.market, this.resting, { side, ticks, lots })
  }

  /** Whether somebody swept the touch, so that makers hurry to quote again. */
  get isWide(): boolean {
    const bid = this.resting.best('buy')
    const ask = this.resting.best('sell')
    return bid === undefined || ask === undefined || ask - bid > WIDE_SPREADS * this.nearShape().edges[1]!
  }

  /** One short span as people see it: trades one by one, quotes that flicker. */
  fineStep(spanMs: number, visitMakers: boolean): void {
    if (this.paused) return
    const { random, market } = this
    const rate = (market.tradesPerMinute * this.fair.activity(market.symbol)) / MINUTE_MS
    for (let n = random.poisson(rate * spanMs); n > 0; n--) this.fineTake()
    const fair = this.fairTicks()
    const lag = LAG_SIGMAS * Math.max(0.8, this.sigmaTicks(1000))
    if (Math.abs(fair - this.middle) > lag) this.follow(fair, spanMs)
    else this.follow(this.middle + random.normal() * 0.15, spanMs)
    if (!visitMakers) return
    this.clearCrossed('noise')
    this.clearCrossed('deep-maker')
    this.visit(this.traders.maker, this.nearShape())
    if (random.chance(0.45)) this.visit(this.traders['deep-maker'], this.deepShape())
    this.visitNoiseOrders()
  }

  private follow(ticks: number, spanMs: number): void {
    this.middle = Math.max(1, ticks)
    this.trend += (this.middle - this.trend) * (1 - Math.exp(-spanMs / TREND_MS))
  }

  private fineTake(): void {
    const { random, market, resting, traders } = this
    const kind = random.next()
    if (kind < 0.12) return this.momentumTake(takerQuantity(random, market), this.sigmaTicks(2000))
    const gap = this.fairTicks() - this.middle
    const trader = kind < 0.5 ? traders.taker : traders.noise
    const pull = kind < 0.5 ? gap / Math.max(1, this.sigmaTicks(1000)) : 0
    const side: Side = random.chance(0.5 + 0.35 * Math.tanh(pull + this.inventoryPull(trader))) ? 'buy' : 'sell'
    const touch = resting.best(side === 'buy' ? 'sell' : 'buy')
    const ticks = market.validTicks(touch ?? this.middle)
    if (ticks === undefined) return
    const lots = market.lotsFor(naturalQuantity(random, takerQuantity(random, market)), ticks)
    if (trader === traders.noise && random.chance(0.7)) return trader.takeAtMarket(market, resting, { side, ticks, lots })
    const slip = random.exponential(Math.max(2, this.sigmaTicks(500)))
    const limit = market.validTicks(ticks + (side === 'buy' ? slip : -slip))
    if (limit !== undefined) trader.take(market, resting, { side, ticks: limit, lots })
  }

  /** Positive when the trader holds too little of the base and should buy: inventories return to half and half. */
  private inventoryPull(trader: Trader): number {
    const base = (trader.total(this.market.base) / this.parts.shares.base) * this.middle * this.market.tick
    const quote = trader.total(this.market.quote) / this.parts.shares.quote
    return base + quote === 0 ? 0 : (quote - base) / (quote + base)
  }

  private visit(trader: Trader, shape: LadderShape): void {
    const { market, resting, random } = this
    const skew = this.inventoryPull(trader) * shape.edges[1]!
    const middle = Math.max(1, this.middle + skew)
    visitLadder({ trader, market, resting, random, shape, middle })
  }

  /** Fourteen orders a side, a few ticks apart at the touch. */
  private nearShape(): LadderShape {
    const turbulence = this.sigmaTicks(1000) / Math.max(1e-9, (this.market.dailyVolatility * this.middle) / Math.sqrt(DAY_MS / 1000))
    const halfSpread = Math.max(0.55, this.middle * 1.2e-7) * (0.6 + 0.5 * turbulence)
    const range = Math.max(17, this.middle * 1.6e-4)
    const quantity = this.market.typicalQuantity
    return { edges: ladderEdges(14, halfSpread, 1.5, range), firstQuantity: quantity * 0.8, lastQuantity: quantity * 2, roundShare: 0.15, renewal: 0.025, budget: 8 }
  }

  /** Eighteen orders a side out to about one percent, larger and at rounder prices. */
  private deepShape(): LadderShape {
    const near = Math.max(8, this.middle * 1.2e-4)
    const range = Math.max(40, this.middle * 0.009)
    const quantity = this.market.typicalQuantity
    return { edges: ladderEdges(18, near, Math.max(1.5, range / 200), range), firstQuantity: quantity * 2, lastQuantity: quantity * 14, roundShare: 0.65, renewal: 0.006, budget: 5 }
  }

  /** Takes back orders that the middle has passed: they would keep the maker from quoting. */
  private clearCrossed(role: 'noise' | 'deep-maker'): void {
    const { market, resting } = this
    for (const order of resting.of(role)) {
      const isCrossed = order.side === 'buy' ? order.ticks > this.middle - 0.5 : order.ticks < this.middle + 0.5
      if (isCrossed) this.traders[role].cancel(market, resting, order.clientOrderId)
    }
  }

  /** Noise traders leave orders of their own, some near, some at round prices far away, and take them back at whim. */
  private visitNoiseOrders(): void {
    const { random, market, resting, traders } = this
    if (random.chance(0.5)) return
    const side: Side = random.chance(0.5) ? 'buy' : 'sell'
    const sign = side === 'buy' ? -1 : 1
    const own = resting.of('noise', side)
    if (own.length > 10 || (own.length > 4 && random.chance(0.4))) {
      traders.noise.cancel(market, resting, own[random.integer(0, own.length - 1)]!.clientOrderId)
      return
    }
    const distance = random.logNormal(Math.max(3, this.middle * 0.0004), 1.3)
    const grid = random.chance(0.6) ? 10 * (distance > 50 ? 10 : 1) : 1
    const ticks = market.validTicks(Math.round((this.middle + sign * distance) / grid) * grid)
    if (ticks === undefined || (ticks - this.middle) * sign < 0.5 || distance > this.middle * 0.1) return
    const lots = market.lotsFor(naturalQuantity(random, takerQuantity(random, market) * 1.5), ticks)
    traders.noise.quote(market, resting, { side, ticks, lots })
  }

  /** Hits what strangers quote beyond the fair price: a bid above it, an ask below it. */
  takeMispriced(best: { bid: number | undefined; bidLots: number; ask: number | undefined; askLots: number }): void {
    if (this.paused) return
    const { market, resting, traders, random } = this
    const fair = this.fairTicks()
    const margin = 1 + this.sigmaTicks(1000) * 2
    const most = market.lotsFor(takerQuantity(random, market) * 4, Math.max(1, Math.round(fair)))
    if (best.bid !== undefined && best.bid > fair + margin) traders.taker.take(market, resting, { side: 'sell', ticks: best.bid, lots: Math.min(most, best.bidLots) })
    if (best.ask !== undefined && best.ask < fair - margin) traders.taker.take(market, resting, { side: 'buy', ticks: best.ask, lots: Math.min(most, best.askLots) })
  }

  /** Asks for the live orders of everyone who rests orders here; what strangers took moves the fair price. */
  reconcile(): void {
    if (this.paused) return
    for (const role of RESTING_ROLES) {
      this.traders[role].reconcile(this.market, this.resting, ({ buy, sell }) => this.impact((sell - buy) * this.market.lot))
    }
  }

  /** Lasting impact of strangers' trading, by the square-root law: a day's volume moves the price by a day's volatility. */
  private impact(netBought: number): void {
    const daily = ((this.market.tradesPerMinute * DAY_MS) / MINUTE_MS) * this.market.typicalQuantity
    const share = Math.min(0.05, Math.abs(netBought) / daily)
    if (share > 0) this.fair.nudge(this.market.symbol, Math.sign(netBought) * this.market.dailyVolatility * Math.sqrt(share) * 0.5)
  }

  /** Takes every simulated order out of the market. */
  withdraw(): void {
    for (const role of RESTING_ROLES) this.traders[role].withdraw(this.market, this.resting)
  }
}
