/** A copy of a market's book that is kept by the stream `depth`. */
import type { Depth, DepthUpdate } from './schemas/index.js'

/** Price and quantity, as the exchange writes them. */
export type BookLevel = readonly [price: string, quantity: string]

/** What became of an update: `stale` is older than the book; after a `gap` the book waits for a new snapshot. */
export type BookUpdateResult = 'applied' | 'stale' | 'gap'

export interface LocalOrderBook {
  /** Of the last snapshot or update; 0 before the first. */
  readonly sequence: number
  /** False before the first snapshot and after a gap: the levels must not be relied on. */
  readonly ready: boolean
  /** Replaces the whole book. */
  reset(snapshot: Depth): void
  update(update: DepthUpdate): BookUpdateResult
  /** Best first. */
  bids(limit?: number): BookLevel[]
  asks(limit?: number): BookLevel[]
}
