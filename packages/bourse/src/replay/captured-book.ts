/** The venue's book as its capture tells it: a snapshot joined with the diffs that follow it. */
import type { Side } from '@bourse/core'
import type { CapturedDiff, CapturedSnapshot } from './binance-capture.js'

/** Price and quantity in the market's units. */
export type UnitLevel = readonly [price: number, quantity: number]

/** A message with its levels in units; the texts are read by whoever knows the market. */
export interface UnitLevels {
  readonly bids: readonly UnitLevel[]
  readonly asks: readonly UnitLevel[]
}

export type SnapshotUnits = Pick<CapturedSnapshot, 'lastUpdateId'> & UnitLevels
export type DiffUnits = Pick<CapturedDiff, 'firstId' | 'finalId' | 'previousId'> & UnitLevels

/** What a message did to the book. */
export type JoinOutcome =
  /** The book changed; these prices of each side may have. */
  | { readonly kind: 'applied'; readonly diffs: number; readonly bids: ReadonlySet<number>; readonly asks: ReadonlySet<number> }
  /** Kept until a snapshot comes. */
  | { readonly kind: 'waiting' }
  /** Older than the snapshot. */
  | { readonly kind: 'stale' }
  /** A snapshot that a joined book does not need. */
  | { readonly kind: 'unneeded' }
  /** Updates are missing before this one; the book waits for a snapshot again. */
  | { readonly kind: 'gap'; readonly expectedId: number }

/** One side: quantities by price, and the best price found again only after it was removed. */
export class BookSide {
  private readonly levels = new Map<number, number>()
  private bestPrice: number | undefined

  constructor(private readonly side: Side) {}

  /** Adds to a level, or takes from it with a negative quantity. */
  change(price: number, quantity: number): void {
    this.set(price, this.quantity(price) + quantity)
  }

  clear(): void {
    this.levels.clear()
    this.bestPrice = undefined
  }

  set(price: number, quantity: number): void {
    if (quantity === 0) {
      this.levels.delete(price)
      if (price === this.bestPrice) this.bestPrice = this.findBest()
    } else {
      this.levels.set(price, quantity)
      if (this.isBetter(price, this.bestPrice)) this.bestPrice = price
    }
  }

  quantity(price: number): number {
    return this.levels.get(price) ?? 0
  }

  best(): UnitLevel | undefined {
    return this.bestPrice === undefined ? undefined : [this.bestPrice, this.quantity(this.bestPrice)]
  }

  prices(): IterableIterator<number> {
    return this.levels.keys()
  }

  private isBetter(price: number, than: number | undefined): boolean {
    return than === undefined || (this.side === 'buy' ? price > than : price < than)
  }

  private findBest(): number | undefined {
    let best: number | undefined
    for (const price of this.levels.keys()) if (this.isBetter(price, best)) best = price
    return best
  }
}

/**
 * Buffers diffs until a snapshot, applies those that are newer, and from then on demands that none is missing.
 *
 * A diff follows on when its previous id (futures) or its first id less one (spot) is the last id that was applied;
 * the first one after a snapshot may begin before the snapshot and has to end after it.
 */
export class CapturedBook {
  readonly bids = new BookSide('buy')
  readonly asks = new BookSide('sell')
  private lastId: number | undefined
  private firstAfterSnapshot = false
  private waiting: DiffUnits[] = []

  /** Final id of the last update that is in the book; undefined while there is no book. */
  get updateId(): number | undefined {
    return this.lastId
  }

  snapshot(snapshot: SnapshotUnits): JoinOutcome {
    if (this.lastId !== undefined) return { kind: 'unneeded' }
    const before = { bids: new Set(this.bids.prices()), asks: new Set(this.asks.prices()) }
    this.bids.clear()
    this.asks.clear()
    this.lastId = snapshot.lastUpdateId
    this.firstAfterSnapshot = true
    this.put(snapshot, before)
    const waiting = this.waiting
    this.waiting = []
    let diffs = 0
    let gap: JoinOutcome | undefined
    for (const diff of waiting) {
      const outcome = this.diff(diff)
      if (outcome.kind === 'gap') gap = outcome
      if (outcome.kind !== 'applied') continue
      diffs += 1
      for (const price of outcome.bids) before.bids.add(price)
      for (const price of outcome.asks) before.asks.add(price)
    }
    return gap ?? { kind: 'applied', diffs, ...before }
  }

  diff(diff: DiffUnits): JoinOutcome {
    if (this.lastId === undefined) {
      this.waiting.push(diff)
      return { kind: 'waiting' }
    }
    if (diff.finalId <= this.lastId) return { kind: 'stale' }
    const continues = (diff.previousId ?? diff.firstId - 1) === this.lastId
    const follows = continues || (this.firstAfterSnapshot && diff.firstId <= this.lastId + 1)
    if (!follows) {
      const expectedId = this.lastId + 1
      this.lastId = undefined
      this.waiting = [diff]
      return { kind: 'gap', expectedId }
    }
    this.lastId = diff.finalId
    this.firstAfterSnapshot = false
    const changed = { bids: new Set<number>(), asks: new Set<number>() }
    this.put(diff, changed)
    return { kind: 'applied', diffs: 1, ...changed }
  }

  private put(levels: UnitLevels, changed: { bids: Set<number>; asks: Set<number> }): void {
    for (const [price, quantity] of levels.bids) {
      this.bids.set(price, quantity)
      changed.bids.add(price)
    }
    for (const [price, quantity] of levels.asks) {
      this.asks.set(price, quantity)
      changed.asks.add(price)
    }
  }
}
