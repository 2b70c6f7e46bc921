/** A maker's ladder: slots of growing width on each side of its middle, at most one order in each, renewed only where something changed. */
import type { Side } from '@bourse/core'
import type { MarketTerms } from './market-terms.js'
import type { Random } from './random.js'
import type { RestingOrder, RestingOrders } from './resting-orders.js'
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
  /** Most orders that one visit takes out or moves, and most slots that it fills, for each side. */
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

/** What one side of a ladder lacks and has too much of. */
interface SidePlan {
  readonly side: Side
  /** Orders that have to go, or that a slot may have instead of a new one. */
  readonly spare: RestingOrder[]
  /** Slots without an order. */
  readonly free: number[]
}

/**
 * Brings a maker's ladder in line with its middle.
 *
 * Orders in the way go first, on both sides, so that nothing new meets them. A spare order whose size suits a free
 * slot is moved there: that is one request instead of two.
 */
export function visitLadder(visit: LadderVisit): void {
  const plans = visit.random.chance(0.5) ? [plan(visit, 'buy'), plan(visit, 'sell')] : [plan(visit, 'sell'), plan(visit, 'buy')]
  const fillings = plans.map((side) => assign(visit, side))
  for (const { plan: { spare } } of fillings) for (const order of spare) visit.trader.cancel(visit.market, visit.resting, order.clientOrderId)
  const moves = fillings.flatMap((filling) => filling.moves)
  const outward = moves.filter(({ order, ticks }) => (order.side === 'sell' ? ticks > order.ticks : ticks < order.ticks))
  const inward = moves.filter((move) => !outward.includes(move))
  for (const { order, ticks } of [...outward, ...inward]) visit.trader.move(visit.market, visit.resting, order, ticks)
  for (const { plan: { side }, places } of fillings) {
    for (const { ticks, quantity } of places) visit.trader.quote(visit.market, visit.resting, { side, ticks, lots: visit.market.lotsFor(quantity, ticks) })
  }
}

function plan({ shape, random, trader, resting, middle }: LadderVisit, side: Side): SidePlan {
  const sign = side === 'buy' ? -1 : 1
  const slots = shape.edges.length - 1
  const taken = new Array<boolean>(slots).fill(false)
  const spare: RestingOrder[] = []
  const dangerous: RestingOrder[] = []
  for (const order of resting.of(trader.role, side)) {
    const distance = (order.ticks - middle) * sign
    const slot = slotOf(shape.edges, distance)
    const isWrong = slot < 0 || slot >= slots || taken[slot]!
    if (distance < shape.edges[0]! * 0.3) dangerous.push(order)
    else if (isWrong || random.chance(shape.renewal)) spare.push(order)
    else taken[slot] = true
  }
  const free = taken.flatMap((isTaken, slot) => (isTaken ? [] : [slot]))
  return { side, spare: [...dangerous, ...spare.slice(0, Math.max(0, shape.budget - dangerous.length))], free: free.slice(0, shape.budget) }
}

interface Filling {
  /** `spare` holds only what is left to cancel. */
  readonly plan: SidePlan
  readonly moves: { readonly order: RestingOrder; readonly ticks: number }[]
  readonly places: { readonly ticks: number; readonly quantity: number }[]
}

/** Finds a spare order or a new size for every free slot. */
function assign(visit: LadderVisit, { side, spare, free }: SidePlan): Filling {
  const { market, random } = visit
  const left = [...spare]
  const filling: Filling = { plan: { side, spare: left, free }, moves: [], places: [] }
  for (const slot of free) {
    const ticks = market.validTicks(slotTicks(visit, slot, side === 'buy' ? -1 : 1))
    if (ticks === undefined) continue
    const median = medianQuantity(visit.shape, slot)
    const suits = ({ ticks: before, lots }: RestingOrder): boolean =>
      before !== ticks && lots * market.lot > median * 0.2 && lots * market.lot < median * 4 && !market.isTooSmall(lots, ticks)
    const fitting = left.findIndex(suits)
    if (fitting >= 0) filling.moves.push({ order: left.splice(fitting, 1)[0]!, ticks })
    else filling.places.push({ ticks, quantity: naturalQuantity(random, slotQuantity(visit, slot)) })
  }
  return filling
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

function slotQuantity({ shape, random }: LadderVisit, slot: number): number {
  const wall = random.chance(0.02) ? random.between(3, 9) : 1
  return random.logNormal(medianQuantity(shape, slot), 0.85) * wall
}

function medianQuantity(shape: LadderShape, slot: number): number {
  const place = shape.edges.length < 3 ? 0 : slot / (shape.edges.length - 2)
  return shape.firstQuantity * (shape.lastQuantity / shape.firstQuantity) ** place
}
