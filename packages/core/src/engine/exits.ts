/** What trades, reductions and ends of orders mean to the pairs of exits and the brackets that they belong to. */
import type { RowMemory } from '../values/row-memory.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import type { Balances } from '../ledger/balances.js'
import { LEVEL_QUANTITY } from '../matching/level-layout.js'
import type { OrderIds } from '../matching/order-ids.js'
import * as layout from '../matching/order-layout.js'
import { TIMESTAMP } from '../matching/registers.js'
import type { Brackets } from './brackets.js'
import type { EventWriter } from './event-writer.js'
import type { LinkedOrders } from './linked-orders.js'
import type { OrderFees } from './order-fees.js'

const { BRACKET, LINKED, OFF_BOOK, ORDER_FLAGS, ORDER_HELD, ORDER_ID, ORDER_LEAVES, ORDER_LEVEL, ORDER_QUANTITY, ORDER_UPDATED, SPECIAL_FEES } = layout
const LINKED_ORDER = CANCEL_REASONS.indexOf('linked_order')

/** The tables that exits work on. */
export interface ExitTables {
  readonly memory: RowMemory
  readonly ids: OrderIds
  readonly linked: LinkedOrders
  readonly brackets: Brackets
  readonly balances: Balances
  readonly orderFees: OrderFees
  readonly out: EventWriter
}

/** What ends orders and knows their balances. */
export interface OrderEnds {
  cancelResting(order: number, reason: number): void
  paysFrom(order: number): number
}

export class Exits {
  private readonly memory: RowMemory

  constructor(
    private readonly tables: ExitTables,
    private readonly ends: OrderEnds,
  ) {
    this.memory = tables.memory
  }

  /** Two orders have traded, and the event tells it: entries are remembered, exits go on alone. In an auction an exit may be either party. */
  traded(taker: number, maker: number): void {
    for (const order of [maker, taker]) {
      const flags = this.memory.i32[order * 2 + ORDER_FLAGS]!
      if ((flags & BRACKET) !== 0) this.tables.brackets.touch(order)
      if ((flags & LINKED) !== 0) this.keepAlone(order)
    }
  }

  /** Parts an exit that trades or was triggered from the other one, which is cancelled; its bracket is over. */
  keepAlone(order: number): void {
    const { linked, orderFees } = this.tables
    const sibling = linked.part(order)
    linked.handOver(order, sibling)
    this.closeBracket(order)
    this.ends.cancelResting(sibling, LINKED_ORDER)
    if ((this.memory.i32[order * 2 + ORDER_FLAGS]! & SPECIAL_FEES) !== 0) orderFees.refit(order)
  }

  /** An order is cancelled or expires. @returns the other exit, to be cancelled once the order is gone; 0 where there is none. */
  leave(order: number): number {
    const { i32 } = this.memory
    const { brackets, linked } = this.tables
    const flags = i32[order * 2 + ORDER_FLAGS]!
    if ((flags & BRACKET) !== 0) {
      // An entry that is cancelled while it rests has no fills that its exits do not know of.
      const bracket = brackets.ofEntry(order)
      if (bracket !== undefined) brackets.close(bracket)
      i32[order * 2 + ORDER_FLAGS] = flags & ~BRACKET
    }
    if ((flags & LINKED) === 0) return 0
    const sibling = linked.part(order)
    this.closeBracket(order)
    return sibling
  }

  /** Cancels the exit that {@link leave} told of. */
  cancelOther(sibling: number): void {
    this.ends.cancelResting(sibling, LINKED_ORDER)
  }

  /** Makes both exits of a pair smaller; the older one holds for both. */
  reducePair(order: number, quantity: bigint, reason: number): void {
    const { i32, i64, f64 } = this.memory
    const { linked, balances, orderFees, out } = this.tables
    const sibling = linked.siblingOf(order)
    const pair = [order, sibling]
    const places = pair.map((each) => this.shrinkLevel(each, quantity))
    for (const each of pair) {
      i64[each + ORDER_QUANTITY] = BigInt.asIntN(64, i64[each + ORDER_QUANTITY]! - quantity)
      i64[each + ORDER_LEAVES] = BigInt.asIntN(64, i64[each + ORDER_LEAVES]! - quantity)
      f64[each + ORDER_UPDATED] = f64[TIMESTAMP]!
    }
    const holder = f64[order + ORDER_ID]! < f64[sibling + ORDER_ID]! ? order : sibling
    const released = i64[holder + ORDER_HELD]! - linked.neededByPair(order, sibling)
    i64[holder + ORDER_HELD] = BigInt.asIntN(64, i64[holder + ORDER_HELD]! - released)
    balances.release(this.ends.paysFrom(holder), released)
    if ((i32[holder * 2 + ORDER_FLAGS]! & SPECIAL_FEES) !== 0) orderFees.refit(holder)
    for (const [place, each] of pair.entries()) {
      out.reduced(each, { reason, rested: places[place]!, quantity, released: each === holder ? released : 0n, displayed: quantity })
    }
  }

  /** Ends the bracket of an exit: what is left of its entry is cancelled. */
  private closeBracket(exit: number): void {
    const { brackets, ids } = this.tables
    const bracket = brackets.ofExit(exit)
    if (bracket === undefined) return
    brackets.close(bracket)
    const entry = bracket.gone === undefined ? ids.find(bracket.entryId) : 0
    if (entry !== 0 && this.memory.i64[entry + ORDER_LEAVES] !== 0n) this.ends.cancelResting(entry, LINKED_ORDER)
  }

  /** Takes quantity of an order off its level, if it stands in one. @returns whether it does. */
  private shrinkLevel(order: number, quantity: bigint): boolean {
    const { i32, i64 } = this.memory
    if ((i32[order * 2 + ORDER_FLAGS]! & OFF_BOOK) !== 0) return false
    const level = i32[order * 2 + ORDER_LEVEL]!
    i64[level + LEVEL_QUANTITY] = BigInt.asIntN(64, i64[level + LEVEL_QUANTITY]! - quantity)
    return true
  }
}
