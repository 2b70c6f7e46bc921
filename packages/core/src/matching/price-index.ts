/**
 * Finds the level of a price, and its neighbour, on any number of book sides.
 *
 * Each side is a tree of 32 branches over the tick number (price / tick): a node keeps a bitmap of its
 * branches in use, so that the next lower level is found with `clz32`. A dense book shares its nodes, a
 * sparse one pays one short path per level, and no price move ever shifts or rebuilds anything.
 */
import { grownInt32 } from '../values/typed-rows.js'

const BRANCHES = 32
const LOW_TIERS = 6
const LOW_SPAN = 2 ** 30
/** How many ticks a tree of so many tiers covers. */
const SPANS = Float64Array.from({ length: 12 }, (_, height) => BRANCHES ** height)

export class PriceIndex {
  /** Per side: the top node and how many tiers of branches it covers. */
  private roots = new Int32Array(16)
  private heights = new Int32Array(16)
  /** Per node: 32 children (nodes, or levels in the lowest tier) and the bitmap of those in use. Node 0 is none. */
  private children = new Int32Array(16 * BRANCHES)
  private bits = new Int32Array(16)
  private end = 1
  private free = 0
  /** The nodes from the top to the lowest tier, of the last descent that recorded them. */
  private readonly path = new Int32Array(16)

  /** Makes the number of a side known; it starts empty. */
  open(side: number): void {
    if (side < this.roots.length) return
    this.roots = grownInt32(this.roots, Math.max(side + 1, this.roots.length * 2))
    this.heights = grownInt32(this.heights, this.roots.length)
  }

  /** The level at a tick, or 0. */
  find(side: number, tick: number): number {
    let tier = this.heights[side]!
    if (tick >= LOW_SPAN) return this.findHigh(side, tick)
    if (tier < LOW_TIERS && tick >>> (tier * 5) !== 0) return 0
    let node = this.roots[side]!
    while (--tier >= 0) {
      const branch = tier >= LOW_TIERS ? 0 : (tick >>> (tier * 5)) & 31
      node = this.children[node * BRANCHES + branch]!
    }
    return node
  }

  /** Adds a level at a tick that has none. @returns the level at the next lower tick, or 0. */
  insert(side: number, tick: number, level: number): number {
    while (tick >= SPANS[this.heights[side]!]!) this.raise(side)
    const high = Math.floor(tick / LOW_SPAN)
    const low = tick - high * LOW_SPAN
    let node = this.roots[side]!
    let lowerTier = -1
    let lowerNode = 0
    for (let tier = this.heights[side]! - 1; tier >= 0; tier--) {
      const branch = branchOf(high, low, tier)
      const below = this.bits[node]! & ((1 << branch) - 1)
      if (below !== 0) {
        lowerTier = tier
        lowerNode = this.children[node * BRANCHES + 31 - Math.clz32(below)]!
      }
      this.bits[node] = this.bits[node]! | (1 << branch)
      const place = node * BRANCHES + branch
      if (tier === 0) {
        this.children[place] = level
      } else {
        let child = this.children[place]!
        if (child === 0) {
          child = this.takeNode()
          this.children[place] = child
        }
        node = child
      }
    }
    while (lowerTier > 0) {
      lowerNode = this.children[lowerNode * BRANCHES + 31 - Math.clz32(this.bits[lowerNode]!)]!
      lowerTier--
    }
    return lowerNode
  }

  /** Takes out the level at a tick that has one. */
  remove(side: number, tick: number): void {
    const high = Math.floor(tick / LOW_SPAN)
    const low = tick - high * LOW_SPAN
    const height = this.heights[side]!
    let node = this.roots[side]!
    for (let tier = height - 1; tier > 0; tier--) {
      this.path[tier] = node
      node = this.children[node * BRANCHES + branchOf(high, low, tier)]!
    }
    for (let tier = 0; tier < height; tier++) {
      const branch = branchOf(high, low, tier)
      this.children[node * BRANCHES + branch] = 0
      this.bits[node] = this.bits[node]! & ~(1 << branch)
      if (this.bits[node] !== 0 || tier === height - 1) return
      this.releaseNode(node)
      node = this.path[tier + 1]!
    }
  }

  /** Forgets all levels of a side, which must have been removed one by one before. */
  forget(side: number): void {
    if (this.roots[side] !== 0) this.releaseNode(this.roots[side]!)
    this.roots[side] = 0
    this.heights[side] = 0
  }

  private findHigh(side: number, tick: number): number {
    if (tick >= SPANS[this.heights[side]!]!) return 0
    const high = Math.floor(tick / LOW_SPAN)
    const low = tick - high * LOW_SPAN
    let node = this.roots[side]!
    for (let tier = this.heights[side]! - 1; tier >= 0 && node !== 0; tier--) {
      node = this.children[node * BRANCHES + branchOf(high, low, tier)]!
    }
    return node
  }

  /** Puts a new top above the old one, which covers the lowest branch of it. */
  private raise(side: number): void {
    const old = this.roots[side]!
    const top = this.takeNode()
    if (old !== 0 && this.bits[old] !== 0) {
      this.children[top * BRANCHES] = old
      this.bits[top] = 1
    } else if (old !== 0) {
      this.releaseNode(old)
    }
    this.roots[side] = top
    this.heights[side] = this.heights[side]! + 1
  }

  private takeNode(): number {
    const node = this.free
    if (node !== 0) {
      this.free = this.children[node * BRANCHES]!
      this.children[node * BRANCHES] = 0
      return node
    }
    if (this.end === this.bits.length) {
      this.children = grownInt32(this.children, this.children.length * 2)
      this.bits = grownInt32(this.bits, this.bits.length * 2)
    }
    return this.end++
  }

  private releaseNode(node: number): void {
    this.children[node * BRANCHES] = this.free
    this.free = node
  }
}

function branchOf(high: number, low: number, tier: number): number {
  return tier < LOW_TIERS ? (low >>> (tier * 5)) & 31 : (high >>> ((tier - LOW_TIERS) * 5)) & 31
}
