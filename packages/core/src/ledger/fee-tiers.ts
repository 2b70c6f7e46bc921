/** The rates of fee tiers: of one market where it has its own, else those for all markets. */
import { MAX_FEE_TIER } from '../domain/fee-frames.js'
import { NONE_16 } from '../values/frames.js'

/** A tier's row of rates in one market, or with `NONE_16` in all others. */
export interface FeeTier {
  readonly market: number
  readonly tier: number
  /** Row of the rates; see `fees.ts`. */
  readonly schedule: number
}

export class FeeTiers {
  /** Rows of rates by market, with `NONE_16` for all; each by tier, 0 where the tier has none. */
  private readonly schedules = new Map<number, Int32Array>()

  define({ market, tier, schedule }: FeeTier): void {
    let rows = this.schedules.get(market)
    if (rows === undefined) this.schedules.set(market, (rows = new Int32Array(MAX_FEE_TIER + 1)))
    rows[tier] = schedule
  }

  /** The row of a tier's rates in a market; 0 where nobody gave it any. */
  schedule(tier: number, market: number): number {
    return this.schedules.get(market)?.[tier] || this.schedules.get(NONE_16)?.[tier] || 0
  }

  /** Whether the tier has rates anywhere. */
  isDefined(tier: number): boolean {
    for (const rows of this.schedules.values()) if (rows[tier] !== 0) return true
    return false
  }

  /** By market (those for all markets last), then by tier. */
  entries(): FeeTier[] {
    const markets = [...this.schedules.keys()].sort((a, b) => a - b)
    return markets.flatMap((market) => [...this.schedules.get(market)!].flatMap((schedule, tier) => (schedule === 0 ? [] : [{ market, tier, schedule }])))
  }
}
