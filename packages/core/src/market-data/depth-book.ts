/** The depth of one market: both sides, and the sequence that names its state. */
import { DepthLevels, type DepthLevel, type DepthView } from './depth-levels.js'

/** Levels best first. `sequence` is that of the last command that changed a level of this market, 0 before the first. */
export interface Depth {
  readonly sequence: number
  readonly timestampUs: number
  readonly bids: DepthLevel[]
  readonly asks: DepthLevel[]
}

/** Leads from any depth between `previousSequence` and `sequence` to that at `sequence`: every level touched, with its new quantity (0n: gone). */
export interface DepthChanges extends Depth {
  readonly previousSequence: number
}

/** Quantities in quantity units; undefined where a side is empty. */
export interface BestPrices {
  readonly bid: DepthLevel | undefined
  readonly ask: DepthLevel | undefined
}

/** Changed levels kept for a take that does not come; beyond it the book goes on as if one had. */
export const MAX_KEPT_CHANGES = 20_000

export class DepthBook {
  sequence = 0
  timestampUs = 0
  readonly bids = new DepthLevels('bid')
  readonly asks = new DepthLevels('ask')
  private taken: { sequence: number; timestampUs: number } | undefined

  /**
   * Every change of a level tells when it happened.
   *
   * Where nobody takes, kept changes stay bounded: the published depth jumps to the present one, and a
   * subscriber would see by the next `previousSequence` that it missed something.
   */
  touch(sequence: number, timestampUs: number): void {
    if (sequence !== this.sequence && this.bids.keptChanges + this.asks.keptChanges > MAX_KEPT_CHANGES) this.track()
    this.sequence = sequence
    this.timestampUs = timestampUs
  }

  read(limit: number, view: DepthView): Depth {
    const { sequence, timestampUs } = view === 'published' && this.taken !== undefined ? this.taken : this
    return { sequence, timestampUs, bids: this.bids.levels(limit, view), asks: this.asks.levels(limit, view) }
  }

  best(): BestPrices {
    return { bid: this.bids.levels(1, 'current')[0], ask: this.asks.levels(1, 'current')[0] }
  }

  /** Keeps changes from here on. */
  track(): void {
    this.taken = { sequence: this.sequence, timestampUs: this.timestampUs }
    this.bids.track()
    this.asks.track()
  }

  /** What changed since the last take; undefined when nothing did or changes are not kept. */
  take(): DepthChanges | undefined {
    const { taken, sequence, timestampUs } = this
    if (taken === undefined || taken.sequence === sequence) return undefined
    this.taken = { sequence, timestampUs }
    return { previousSequence: taken.sequence, sequence, timestampUs, bids: this.bids.take(), asks: this.asks.take() }
  }
}
