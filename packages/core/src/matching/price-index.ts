/**
 * Finds the level of a price, and its neighbour, on any number of book sides.
 *
 * Each side is a tree of 32 branches over the tick number (price / tick): a node keeps a bitmap of its
 * branches in use, so that the next lower level is found with `clz32`. A dense book shares its nodes, a
 * sparse one pays one short path per level, and no price move ever shifts or rebuilds anything.
 */
import { RowPool, type RowMemory } from '../values/row-memory.js'

const BRANCHES = 32
const LOW_TIERS = 6
const LOW_SPAN = 2 ** 30
/** How many ticks a tree of so many tiers covers. */
const SPANS = Float64Array.from({ length: 12 }, (_, height) => BRANCHES ** height)

/** Words of 8 bytes in the row of a node: 32 children (nodes, or levels in the lowest tier), then the bitmap of those in use. */
export const NODE_WORDS = 17
/** A 32-bit field, counted in 32-bit words from the row's start. */
export const NODE_BITS = BRANCHES
/** Nodes that one new level can take at most, of the 11 tiers for prices below 2^53: ten new tops above the only tier of an index, and a path of ten below the highest. */
export const LEVEL_NODES = 20

/**
 * A side is named by the place, counted in words of 32 bits, where its top node stands in the memory; behind it
 * stands how many tiers of branches that covers.
 */
export class PriceIndex {
  readonly nodes: RowPool
  /** The nodes from the top to the lowest tier, of the last descent that recorded them. */
  private readonly path = new Int32Array(16)

  constructor(private readonly memory: RowMemory) {
    this.nodes = new RowPool(memory, NODE_WORDS, 0)
  }

  /** The level at a tick, or 0. */
  find(side: number, tick: number): number {
    const { i32 } = this.memory
    let tier = i32[side + 1]!
    if (tick >= LOW_SPAN) return this.findHigh(side, tick)
    if (tier < LOW_TIERS && tick >>> (tier * 5) !== 0) return 0
    let node = i32[side]!
    while (--tier >= 0) {
      const branch = tier >= LOW_TIERS ? 0 : (tick >>> (tier * 5)) & 31
      node = i32[node * 2 + branch]!
    }
    return node
  }

  /** Adds a level at a tick that has none. @returns the level at the next lower tick, or 0. */
  insert(side: number, tick: number, level: number): number {
    while (tick >= SPANS[this.memory.i32[side + 1]!]!) this.raise(side)
    const high = Math.floor(tick / LOW_SPAN)
    const low = tick - high * LOW_SPAN
    let node = this.memory.i32[side]!
    let lowerTier = -1
    let lowerNode = 0
    for (let tier = this.memory.i32[side + 1]! - 1; tier >= 0; tier--) {
      const { i32 } = this.memory
      const branch = branchOf(high, low, tier)
      const below = i32[node * 2 + NODE_BITS]! & ((1 << branch) - 1)
      if (below !== 0) {
        lowerTier = tier
        lowerNode = i32[node * 2 + 31 - Math.clz32(below)]!
      }
      i32[node * 2 + NODE_BITS] = i32[node * 2 + NODE_BITS]! | (1 << branch)
      const child = i32[node * 2 + branch]!
      if (tier === 0) i32[node * 2 + branch] = level
      else node = child === 0 ? this.addChild(node, branch) : child
    }
    const { i32 } = this.memory
    while (lowerTier > 0) {
      lowerNode = i32[lowerNode * 2 + 31 - Math.clz32(i32[lowerNode * 2 + NODE_BITS]!)]!
      lowerTier--
    }
    return lowerNode
  }

  /** Takes out the level at a tick that has one. */
  remove(side: number, tick: number): void {
    const { i32 } = this.memory
    const high = Math.floor(tick / LOW_SPAN)
    const low = tick - high * LOW_SPAN
    const height = i32[side + 1]!
    let node = i32[side]!
    for (let tier = height - 1; tier > 0; tier--) {
      this.path[tier] = node
      node = i32[node * 2 + branchOf(high, low, tier)]!
    }
    for (let tier = 0; tier < height; tier++) {
      const branch = branchOf(high, low, tier)
      i32[node * 2 + branch] = 0
      i32[node * 2 + NODE_BITS] = i32[node * 2 + NODE_BITS]! & ~(1 << branch)
      if (i32[node * 2 + NODE_BITS] !== 0 || tier === height - 1) return
      this.nodes.release(node)
      node = this.path[tier + 1]!
    }
  }

  /** Forgets all levels of a side, which must have been removed one by one before. */
  forget(side: number): void {
    const { i32 } = this.memory
    if (i32[side] !== 0) this.nodes.release(i32[side]!)
    i32[side] = 0
    i32[side + 1] = 0
  }

  private findHigh(side: number, tick: number): number {
    const { i32 } = this.memory
    if (tick >= SPANS[i32[side + 1]!]!) return 0
    const high = Math.floor(tick / LOW_SPAN)
    const low = tick - high * LOW_SPAN
    let node = i32[side]!
    for (let tier = i32[side + 1]! - 1; tier >= 0 && node !== 0; tier--) {
      node = i32[node * 2 + branchOf(high, low, tier)]!
    }
    return node
  }

  /** Puts a new top above the old one, which covers the lowest branch of it. */
  private raise(side: number): void {
    const top = this.takeNode()
    const { i32 } = this.memory
    const old = i32[side]!
    if (old !== 0 && i32[old * 2 + NODE_BITS] !== 0) {
      i32[top * 2] = old
      i32[top * 2 + NODE_BITS] = 1
    } else if (old !== 0) {
      this.nodes.release(old)
    }
    i32[side] = top
    i32[side + 1] = i32[side + 1]! + 1
  }

  private addChild(node: number, branch: number): number {
    const child = this.takeNode()
    this.memory.i32[node * 2 + branch] = child
    return child
  }

  private takeNode(): number {
    const node = this.nodes.take()
    this.memory.i32[node * 2] = 0
    return node
  }
}

function branchOf(high: number, low: number, tier: number): number {
  return tier < LOW_TIERS ? (low >>> (tier * 5)) & 31 : (high >>> ((tier - LOW_TIERS) * 5)) & 31
}
