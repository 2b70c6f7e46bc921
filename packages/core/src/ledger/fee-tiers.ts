/** The rates of fee tiers: of one market where it has its own, else those for all markets. */
import { MAX_FEE_TIER } from '../domain/frames/fee-frames.js'
import { NONE_16 } from '../values/frames.js'

/** A tier's row of rates in one market, or with `NONE_16` in all others. */
export interface FeeTier {
  readonly market: number
  readonly tier: number
  /** Row of the rates; see `fees.ts`. */
  readonly schedule: number
}

export class FeeTiers {
  /** Rows of rates by tier, 0 where the tier has none: for all markets, and by market where one has its own. */
  private readonly general = new Int32Array(MAX_FEE_TIER + 1)
  private readonly own: (Int32Array | undefined)[] = []

  define({ market, tier, schedule }: FeeTier): void {
    const rows = market === NONE_16 ? this.general : (this.own[market] ??= new Int32Array(MAX_FEE_TIER + 1))
    rows[tier] = schedule
  }

  /** The row of a tier's rates in a market; 0 where nobody gave it any. */
  schedule(tier: number, market: number): number {
    const own = this.own[market]
    return (own !== undefined && own[tier]!) || this.general[tier]!
  }

  /** Whether the tier has rates anywhere. */
  isDefined(tier: number): boolean {
    return this.general[tier] !== 0 || this.own.some((rows) => rows !== undefined && rows[tier] !== 0)
  }

  /** By market (those for all markets last), then by tier. */
  entries(): FeeTier[] {
    const tables = [...[...this.own.entries()], [NONE_16, this.general] as const]
    return tables.flatMap(([market, rows]) => [...(rows ?? [])].flatMap((schedule, tier) => (schedule === 0 ? [] : [{ market, tier, schedule }])))
  }
}
