/** The reference workload: a seeded stream of limit orders and cancels, with the fills that it must give. */

import { xorshift32 } from './random.js'

export const PLACE = 0
export const CANCEL = 1

/** One operation per index; orders are numbered by their placement, from 1. */
export interface Workload {
  readonly accounts: number
  readonly count: number
  readonly kind: Uint8Array
  /** 0 buy, 1 sell. */
  readonly side: Uint8Array
  readonly price: Int32Array
  readonly quantity: Int32Array
  readonly account: Int32Array
  /** The order placed, or the order to be cancelled. */
  readonly order: Int32Array
  readonly fills: FillChecksum
  /** At the end. */
  readonly liveOrders: number
  readonly levels: number
}

const SEED = 0x9e3779b9
const ACCOUNTS = 10_000
/** Orders that come before the operations that were asked for. */
export const WARM_ORDERS = 5_000
const MIDDLE = 100_000
const WALK = 250
const STEP = 31
const OFFSETS = 250
const MOST_QUANTITY = 100

/** Folds fills into one number, to compare engines. */
export class FillChecksum {
  count = 0
  value = 0

  add(taker: number, maker: number, price: number, quantity: number): void {
    this.count++
    let hash = Math.imul(this.value ^ taker, 0x85ebca6b)
    hash = Math.imul((hash ^ (hash >>> 13)) + maker, 0xc2b2ae35)
    hash = Math.imul((hash ^ (hash >>> 16)) + price, 0x27d4eb2f)
    this.value = (hash ^ (hash >>> 15)) + quantity | 0
  }

  equals(other: FillChecksum): boolean {
    return this.count === other.count && this.value === other.value
  }
}

/**
 * Passive limits to begin with, then 60 % passive limits, 30 % cancels of a random live order, 10 % limits
 * through the other side, while the middle walks. After a million operations some 400,000 trades have
 * happened, and about 5,000 orders rest on some 800 levels.
 */
export function referenceWorkload(operations: number): Workload {
  const count = WARM_ORDERS + operations
  const random = xorshift32(SEED)
  const book = new PlainBook(count)
  const workload = {
    kind: new Uint8Array(count),
    side: new Uint8Array(count),
    price: new Int32Array(count),
    quantity: new Int32Array(count),
    account: new Int32Array(count),
    order: new Int32Array(count),
  }
  let middle = MIDDLE
  let placed = 0
  for (let at = 0; at < count; at++) {
    const dice = at < WARM_ORDERS ? 0 : random() % 100
    middle = Math.min(MIDDLE + WALK, Math.max(MIDDLE - WALK, middle + (random() % (2 * STEP + 1)) - STEP))
    if (dice >= 60 && dice < 90 && book.live.length > 0) {
      const order = book.live[random() % book.live.length]!
      workload.kind[at] = CANCEL
      workload.order[at] = order
      workload.account[at] = workload.account[book.placedAt(order)]!
      book.cancel(order)
      continue
    }
    const side = random() & 1
    const offset = dice >= 90 ? -OFFSETS : 1 + (random() % OFFSETS)
    const order = ++placed
    workload.side[at] = side
    workload.price[at] = side === 0 ? middle - offset : middle + offset
    workload.quantity[at] = 1 + (random() % MOST_QUANTITY)
    workload.account[at] = random() % ACCOUNTS
    workload.order[at] = order
    book.place(order, at, { side, price: workload.price[at]!, quantity: workload.quantity[at]! })
  }
  return { accounts: ACCOUNTS, count, ...workload, fills: book.fills, liveOrders: book.live.length, levels: book.levels() }
}

/** A book so plain that its fills can be trusted: an array of orders per price, dead ones skipped. */
class PlainBook {
  readonly live: number[] = []
  readonly fills = new FillChecksum()
  private readonly queues = [new Map<number, number[]>(), new Map<number, number[]>()] as const
  private readonly leaves: Int32Array
  private readonly at: Int32Array
  private readonly sides: Uint8Array
  private readonly prices: Int32Array
  private readonly livePlace: Int32Array

  constructor(most: number) {
    this.leaves = new Int32Array(most + 1)
    this.at = new Int32Array(most + 1)
    this.sides = new Uint8Array(most + 1)
    this.prices = new Int32Array(most + 1)
    this.livePlace = new Int32Array(most + 1)
  }

  placedAt(order: number): number {
    return this.at[order]!
  }

  levels(): number {
    return this.queues[0].size + this.queues[1].size
  }

  place(order: number, at: number, terms: { side: number; price: number; quantity: number }): void {
    const { side, price } = terms
    this.at[order] = at
    let wanted = terms.quantity
    for (let best = this.best(side ^ 1); wanted > 0 && best !== undefined && (side === 0 ? best <= price : best >= price); best = this.best(side ^ 1)) {
      const maker = this.queues[side ^ 1]!.get(best)![0]!
      const traded = Math.min(wanted, this.leaves[maker]!)
      this.fills.add(order, maker, best, traded)
      wanted -= traded
      this.leaves[maker] = this.leaves[maker]! - traded
      if (this.leaves[maker] === 0) this.remove(maker)
    }
    if (wanted > 0) this.rest(order, { side, price, quantity: wanted })
  }

  cancel(order: number): void {
    this.remove(order)
  }

  private rest(order: number, terms: { side: number; price: number; quantity: number }): void {
    this.leaves[order] = terms.quantity
    this.sides[order] = terms.side
    this.prices[order] = terms.price
    this.livePlace[order] = this.live.push(order) - 1
    const queue = this.queues[terms.side]!.get(terms.price)
    if (queue === undefined) this.queues[terms.side]!.set(terms.price, [order])
    else queue.push(order)
  }

  private remove(order: number): void {
    const side = this.queues[this.sides[order]!]!
    const queue = side.get(this.prices[order]!)!
    queue.splice(queue.indexOf(order), 1)
    if (queue.length === 0) side.delete(this.prices[order]!)
    const last = this.live.pop()!
    const place = this.livePlace[order]!
    if (last === order) return
    this.live[place] = last
    this.livePlace[last] = place
  }

  private best(side: number): number | undefined {
    let best: number | undefined
    for (const price of this.queues[side]!.keys()) {
      if (best === undefined || (side === 0 ? price > best : price < best)) best = price
    }
    return best
  }
}
