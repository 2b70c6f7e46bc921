/** A maker's ladder: slots of growing width on each side of its middle, at most one order in each, renewed only where something changed. */
import type { Side } from '@bourse/core'
import type { MarketTerms } from './market-terms.js'
import type { Random } from './random.js'
import type { RestingOrders } from './resting-orders.js'
import { naturalQuantity, roundGrid } from './sizes.js'
import type { Trader } from './trader.js'

export interface LadderShape {
  /** Distances from the middle in ticks, ascending: slot i reaches from edge i to edge i + 1. */
  readonly edges: readonly number[]
  /** Median size in base of an order in the first and in the last slot. */
  readonly firstQuantity: number
  readonly lastQuantity: number
  /** Share of orders at round prices. */
  readonly roundShare: number
  /** Share of orders that are renewed at each visit although nothing is wrong with them. */
  readonly renewal: number
  /** Most cancels and most placements of one visit, for each side. */
  readonly budget: number
}

/** Edges of `slots` slots from the half spread on, each gap the same factor wider, `range` ticks in all. */
export function ladderEdges(slots: number, halfSpread: number, firstGap: number, range: number): number[] {
  let low = 1
  let high = 4
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (geometricSum(firstGap, middle, slots) < range) low = middle
    else high = middle
  }
  const edges = [halfSpread]
  for (let i = 0, gap = firstGap; i < slots; i++, gap *= low) edges.push(edges[i]! + gap)
  return edges
}

function geometricSum(first: number, ratio: number, count: number): number {
  return ratio - 1 < 1e-9 ? first * count : (first * (ratio ** count - 1)) / (ratio - 1)
}

export interface LadderVisit {
  readonly trader: Trader
  readonly market: MarketTerms
  readonly resting: RestingOrders
  readonly random: Random
  readonly shape: LadderShape
  /** Middle of the quotes in ticks, fractions allowed. */
  readonly middle: number
}

/** Brings one side of a maker's ladder in line with its middle. */
export function visitLadder(visit: LadderVisit, side: Side): void {
  const { shape, random, trader, market, resting, middle } = visit
  const sign = side === 'buy' ? -1 : 1
  const slots = shape.edges.length - 1
  const taken = new Array<boolean>(slots).fill(false)
  let cancels = 0
  for (const order of resting.of(trader.role, side)) {
    const slot = slotOf(shape.edges, (order.ticks - middle) * sign)
    const wrong = slot < 0 || slot >= slots || taken[slot]!
    const isDangerous = (order.ticks - middle) * sign < shape.edges[0]! * 0.3
    if (isDangerous || ((wrong || random.chance(shape.renewal)) && cancels < shape.budget)) {
      trader.cancel(market, resting, order.clientOrderId)
      cancels += 1
    } else if (slot >= 0 && slot < slots) {
      taken[slot] = true
    }
  }
  let placed = 0
  for (let slot = 0; slot < slots && placed < shape.budget; slot++) {
    if (taken[slot]) continue
    const ticks = market.validTicks(slotTicks(visit, slot, sign))
    if (ticks === undefined) continue
    const size = naturalQuantity(random, slotQuantity(visit, slot))
    trader.quote(market, resting, { side, ticks, lots: market.lotsFor(size, ticks) })
    placed += 1
  }
}

/** The slot at that distance: -1 nearer than the first edge, the number of slots beyond the last. */
function slotOf(edges: readonly number[], distance: number): number {
  if (distance < edges[0]!) return -1
  for (let slot = 0; slot < edges.length - 1; slot++) if (distance < edges[slot + 1]!) return slot
  return edges.length - 1
}

/** A price within the slot, rounded away from the middle where it has to be whole. */
function slotTicks(visit: LadderVisit, slot: number, sign: 1 | -1): number {
  const { shape, random, middle } = visit
  const near = shape.edges[slot]!
  const far = shape.edges[slot + 1]!
  const exact = middle + sign * random.between(near, far)
  const grid = random.chance(shape.roundShare) ? roundGrid((far - near) * 0.8) : 1
  const rounded = Math.round(exact / grid) * grid
  const distance = (rounded - middle) * sign
  if (distance >= near && distance < far) return rounded
  return sign > 0 ? Math.ceil(middle + near) : Math.floor(middle - near)
}

function slotQuantity(visit: LadderVisit, slot: number): number {
  const { shape, random } = visit
  const place = shape.edges.length < 3 ? 0 : slot / (shape.edges.length - 2)
  const median = shape.firstQuantity * (shape.lastQuantity / shape.firstQuantity) ** place
  const wall = random.chance(0.02) ? random.between(3, 9) : 1
  return random.logNormal(median, 0.85) * wall
}
