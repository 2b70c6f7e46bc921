/** A book in coarser steps of price: the levels of each step as one, folded from the changes of the depth. */
import type { Depth, DepthChanges } from './depth-book.js'
import type { DepthLevel } from './depth-levels.js'

/** One side: what stands at each price, and what that comes to at each step. */
interface GroupedSide {
  readonly quantities: Map<bigint, bigint>
  readonly groups: Map<bigint, bigint>
}

/**
 * Bids are gathered at the step at or below their price, asks at the step at or above it, so that a group never
 * promises a better price than its orders have.
 *
 * @example
 * const grouped = new GroupedDepth(data.depth(0, Infinity, 'published'), 100n)
 * const update = grouped.apply(data.takeDepthChanges(0)!)
 */
export class GroupedDepth {
  sequence: number
  timestampUs: number
  private readonly bids: GroupedSide = { quantities: new Map(), groups: new Map() }
  private readonly asks: GroupedSide = { quantities: new Map(), groups: new Map() }

  /**
   * @param whole every level of the book.
   * @param step price units, above 0.
   */
  constructor(
    whole: Depth,
    readonly step: bigint,
  ) {
    this.sequence = whole.sequence
    this.timestampUs = whole.timestampUs
    for (const [price, quantity] of whole.bids) this.set(this.bids, this.bidGroup(price), price, quantity)
    for (const [price, quantity] of whole.asks) this.set(this.asks, this.askGroup(price), price, quantity)
  }

  /** @returns the groups that changed, best first. @throws Error when the changes do not follow on what is here. */
  apply(changes: DepthChanges): DepthChanges {
    if (changes.previousSequence !== this.sequence) throw new Error(`Grouped depth: changes from ${changes.previousSequence} on do not follow on ${this.sequence}.`)
    const changedBids = new Set<bigint>()
    const changedAsks = new Set<bigint>()
    for (const [price, quantity] of changes.bids) changedBids.add(this.set(this.bids, this.bidGroup(price), price, quantity))
    for (const [price, quantity] of changes.asks) changedAsks.add(this.set(this.asks, this.askGroup(price), price, quantity))
    const previousSequence = this.sequence
    this.sequence = changes.sequence
    this.timestampUs = changes.timestampUs
    const now = ({ groups }: GroupedSide, changed: Set<bigint>): DepthLevel[] => [...changed].map((group) => [group, groups.get(group) ?? 0n])
    return { previousSequence, sequence: this.sequence, timestampUs: this.timestampUs, bids: now(this.bids, changedBids).sort(highestFirst), asks: now(this.asks, changedAsks).sort(lowestFirst) }
  }

  /** The best `limit` groups of each side. */
  read(limit: number): Depth {
    const { sequence, timestampUs } = this
    return { sequence, timestampUs, bids: [...this.bids.groups].sort(highestFirst).slice(0, limit), asks: [...this.asks.groups].sort(lowestFirst).slice(0, limit) }
  }

  private set({ quantities, groups }: GroupedSide, group: bigint, price: bigint, quantity: bigint): bigint {
    const sum = (groups.get(group) ?? 0n) - (quantities.get(price) ?? 0n) + quantity
    if (quantity === 0n) quantities.delete(price)
    else quantities.set(price, quantity)
    if (sum === 0n) groups.delete(group)
    else groups.set(group, sum)
    return group
  }

  private bidGroup(price: bigint): bigint {
    return price - (price % this.step)
  }

  private askGroup(price: bigint): bigint {
    return this.bidGroup(price + this.step - 1n)
  }
}

function highestFirst([a]: DepthLevel, [b]: DepthLevel): number {
  return a < b ? 1 : -1
}

function lowestFirst([a]: DepthLevel, [b]: DepthLevel): number {
  return a < b ? -1 : 1
}
