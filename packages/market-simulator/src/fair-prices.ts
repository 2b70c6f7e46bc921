/** The hidden truth that informed agents know: a fair value of every asset, moving with clustered volatility, common shocks and bursts. */
import type { MarketTerms } from './market-terms.js'
import type { Random } from './random.js'

const DAY_MS = 86_400_000
const SLOW_MS = 6 * 3_600_000
const FAST_MS = 8 * 60_000
const SLOW_SIGMA = 0.45
const FAST_SIGMA = 0.4
/** Share of an asset's moves that comes from the shock that all assets share. */
const COMMON_SHARE = 0.7
/** A second quote currency reached through a volatile base moves less than that base. */
const SECOND_QUOTE_SHARE = 0.15
/** Time in which half of a deviation from the anchor decays. */
const HALF_LIFE_MS = 1.5 * DAY_MS
const BURST_MEAN_GAP_MS = 80 * 60_000

/** A short time of news: much activity and a drift. */
interface Burst {
  leftMs: number
  readonly activity: number
  readonly driftPerMs: number
}

interface AssetState {
  logValue: number
  anchor: number
  /** Standard deviation of a day's return. */
  volatility: number
  slow: number
  fast: number
  burst: Burst | undefined
}

/** Values are quoted in the asset that most markets quote in; a market's fair price is base value over quote value, so all markets agree. */
export class FairPrices {
  private readonly assets = new Map<string, AssetState>()
  private readonly markets = new Map<string, MarketTerms>()
  /** Markets that gave an asset its value, in that order: 1 gave the base's, -1 the quote's. */
  private readonly anchors = new Map<string, 1 | -1>()
  private hourOfDay = 0

  constructor(
    markets: readonly MarketTerms[],
    private readonly random: Random,
  ) {
    for (const market of markets) this.markets.set(market.symbol, market)
    const numeraires = countedQuotes(markets)
    // An asset gets its value in the main quote asset where it has a market there, whatever the order of the markets.
    let open = [...markets].sort((a, b) => numeraires.indexOf(a.quote) - numeraires.indexOf(b.quote))
    while (open.length > 0) {
      const reachable = open.find((market) => this.assets.has(market.base) || this.assets.has(market.quote))
      if (reachable === undefined) {
        this.add(numeraires.find((quote) => !this.assets.has(quote) && open.some((market) => market.quote === quote))!, 0, 0)
        continue
      }
      this.reach(reachable)
      open = open.filter((market) => market !== reachable)
    }
  }

  private add(asset: string, logValue: number, volatility: number): void {
    const slow = SLOW_SIGMA * this.random.normal()
    this.assets.set(asset, { logValue, anchor: logValue, volatility, slow, fast: 0, burst: undefined })
  }

  /** Gives the market's still unknown asset the value that its start price implies; a market of two known assets follows from them. */
  private reach(market: MarketTerms): void {
    const base = this.assets.get(market.base)
    const quote = this.assets.get(market.quote)
    if (base === undefined) {
      this.add(market.base, quote!.logValue + Math.log(market.startPrice), market.dailyVolatility)
    } else if (quote === undefined) {
      this.add(market.quote, base.logValue - Math.log(market.startPrice), market.dailyVolatility * SECOND_QUOTE_SHARE)
    }
    if (base === undefined || quote === undefined) this.anchors.set(market.symbol, base === undefined ? 1 : -1)
  }

  /** Moves every value over a span of time that ends at `nowMs`. */
  advance(spanMs: number, nowMs: number): void {
    this.hourOfDay = (nowMs % DAY_MS) / 3_600_000
    const common = this.random.normal()
    for (const asset of this.assets.values()) {
      if (asset.volatility > 0) this.advanceAsset(asset, spanMs, common)
    }
  }

  private advanceAsset(asset: AssetState, spanMs: number, common: number): void {
    asset.slow = this.relax(asset.slow, spanMs / SLOW_MS, SLOW_SIGMA)
    asset.fast = this.relax(asset.fast, spanMs / FAST_MS, FAST_SIGMA)
    const own = this.random.normal()
    const shock = Math.sqrt(COMMON_SHARE) * common + Math.sqrt(1 - COMMON_SHARE) * own
    const sigma = asset.volatility * Math.sqrt(spanMs / DAY_MS) * turbulence(asset)
    asset.logValue += sigma * shock
    asset.logValue += (asset.anchor - asset.logValue) * (1 - 2 ** (-spanMs / HALF_LIFE_MS))
    this.advanceBurst(asset, spanMs)
  }

  private advanceBurst(asset: AssetState, spanMs: number): void {
    if (asset.burst !== undefined) {
      const during = Math.min(spanMs, asset.burst.leftMs)
      asset.logValue += asset.burst.driftPerMs * during
      asset.burst.leftMs -= spanMs
      if (asset.burst.leftMs <= 0) asset.burst = undefined
    } else if (this.random.chance(1 - Math.exp(-spanMs / BURST_MEAN_GAP_MS))) {
      const lengthMs = this.random.between(20_000, 150_000)
      const tenMinuteSigma = asset.volatility / Math.sqrt(144)
      asset.burst = {
        leftMs: lengthMs,
        activity: this.random.between(3, 9),
        driftPerMs: (tenMinuteSigma * this.random.normal() * 1.6) / lengthMs,
      }
      asset.fast += 0.5
    }
  }

  /** One step of a mean-reverting process around zero with the given standing deviation. */
  private relax(value: number, spans: number, sigma: number): number {
    const keep = Math.exp(-spans)
    return value * keep + sigma * Math.sqrt(1 - keep * keep) * this.random.normal()
  }

  /** Quote per base. */
  price(symbol: string): number {
    const market = this.markets.get(symbol)!
    return Math.exp(this.assets.get(market.base)!.logValue - this.assets.get(market.quote)!.logValue)
  }

  /** Standard deviation of the return over a span, in the present state of turbulence. */
  sigma(symbol: string, spanMs: number): number {
    const market = this.markets.get(symbol)!
    const base = this.assets.get(market.base)!
    const quote = this.assets.get(market.quote)!
    const perDay = Math.hypot(base.volatility * turbulence(base), quote.volatility * turbulence(quote))
    return perDay * Math.sqrt(spanMs / DAY_MS)
  }

  /** How busy the market is; 1 on average: follows turbulence, bursts and the hour of the day. */
  activity(symbol: string): number {
    const market = this.markets.get(symbol)!
    const base = this.assets.get(market.base)!
    const quote = this.assets.get(market.quote)!
    const day = 1 + 0.35 * Math.sin(((this.hourOfDay - 9) / 24) * 2 * Math.PI)
    const burst = Math.max(base.burst?.activity ?? 1, quote.burst?.activity ?? 1)
    return day * burst * Math.exp(0.6 * (base.fast + 0.5 * base.slow) - 0.1)
  }

  /** Makes a market's fair price what it really trades at, by moving the asset that it gave its value to; other markets follow. */
  recentre(symbol: string, price: number): void {
    const change = Math.log(price / this.price(symbol))
    this.nudge(symbol, change)
    this.moved(symbol).anchor += change * (this.anchors.get(symbol) ?? 1)
  }

  /** Shifts the market's price by a logarithmic return: the lasting impact of somebody's trading. */
  nudge(symbol: string, logReturn: number): void {
    this.moved(symbol).logValue += logReturn * (this.anchors.get(symbol) ?? 1)
  }

  /** The markets whose last prices determine all values, in an order in which recentring one leaves the earlier ones alone. */
  anchorMarkets(): string[] {
    return [...this.anchors.keys()]
  }

  private moved(symbol: string): AssetState {
    const market = this.markets.get(symbol)!
    return this.assets.get(this.anchors.get(symbol) === -1 ? market.quote : market.base)!
  }
}

/** Factor on an asset's volatility; the mean of its square is about one. */
function turbulence(asset: AssetState): number {
  return Math.exp(asset.slow + asset.fast - 0.3)
}

/** Quote assets, the one of most markets first. */
function countedQuotes(markets: readonly MarketTerms[]): string[] {
  const counts = new Map<string, number>()
  for (const market of markets) counts.set(market.quote, (counts.get(market.quote) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).map(([asset]) => asset)
}
