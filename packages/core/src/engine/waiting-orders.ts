/** Orders outside the book: those that wait for their stop price, and those that met it and wait for their turn. */
import type { RowMemory } from '../values/row-memory.js'
import { ORDER_TYPES } from '../domain/vocabulary.js'
import * as market from '../matching/market-layout.js'
import * as order from '../matching/order-layout.js'
import { SEAT_MARKET } from '../matching/seat-layout.js'
import * as terms from '../matching/terms-layout.js'
import { DOWN, TriggerBook, UP } from '../matching/trigger-book.js'

const STOP_LIMIT = ORDER_TYPES.indexOf('stop-limit')
const TAKE_PROFIT = ORDER_TYPES.indexOf('take-profit')
const TAKE_PROFIT_LIMIT = ORDER_TYPES.indexOf('take-profit-limit')
const TRAILING_STOP = ORDER_TYPES.indexOf('trailing-stop')
const STOP_MARKET = ORDER_TYPES.indexOf('stop-market')
/** Beyond it no trade can be, and doubles are not exact. */
const MAX_PRICE = BigInt(Number.MAX_SAFE_INTEGER)
const ALL_BPS = 10_000n

/** Whether an order of this type, a place in `ORDER_TYPES`, waits for a trade before it starts. */
export function isConditional(orderType: number): boolean {
  return orderType >= STOP_MARKET && orderType <= TRAILING_STOP
}

export function isTrailing(orderType: number): boolean {
  return orderType === TRAILING_STOP
}

/** Whether an order of this type has a limit of its own once it starts, and so may rest. */
export function startsAsLimit(orderType: number): boolean {
  return orderType === STOP_LIMIT || orderType === TAKE_PROFIT_LIMIT
}

/** Which way the price must go: a stop follows it, a take-profit waits for it to come. */
export function directionOf(side: number, orderType: number): number {
  const takesProfit = orderType === TAKE_PROFIT || orderType === TAKE_PROFIT_LIMIT
  return (side === order.BUY) === takesProfit ? DOWN : UP
}

/**
 * Every market has a list of its waiting orders by their id, and a queue of those that were triggered,
 * first in first out. Both are chained by the fields that a resting order has for its level.
 */
export class WaitingOrders {
  readonly triggers: TriggerBook

  constructor(private readonly memory: RowMemory) {
    this.triggers = new TriggerBook(memory)
  }

  /** The waiting order with the lowest id, or 0; more by {@link next}. */
  first(marketRow: number): number {
    return this.memory.i32[marketRow * 2 + market.MARKET_WAITING_HEAD]!
  }

  /** The order that was triggered first and has not started, or 0; more by {@link next}. */
  firstTriggered(marketRow: number): number {
    return this.memory.i32[marketRow * 2 + market.MARKET_QUEUE_HEAD]!
  }

  next(row: number): number {
    return this.memory.i32[row * 2 + order.ORDER_NEXT]!
  }

  /** Lets an order with terms wait; its id is higher than that of any that waits already. */
  wait(row: number): void {
    const { i32 } = this.memory
    const marketRow = this.marketOf(row)
    const own = i32[row * 2 + order.ORDER_TERMS]!
    i32[row * 2 + order.ORDER_FLAGS] = i32[row * 2 + order.ORDER_FLAGS]! | order.WAITING
    i32[marketRow * 2 + market.MARKET_WAITING] = i32[marketRow * 2 + market.MARKET_WAITING]! + 1
    this.append(row, marketRow, market.MARKET_WAITING_HEAD)
    if (isTrailing(this.typeOf(row))) this.addTrailing(own, marketRow)
    this.enlist(own)
  }

  /** Lets a new trailing stop follow from the next trade on where its activation price is met already, or it has none. */
  prepare(row: number): void {
    const { i32, i64 } = this.memory
    const own = i32[row * 2 + order.ORDER_TERMS]!
    const activation = i64[own + terms.TERMS_ACTIVATION]!
    const last = i64[this.marketOf(row) + market.MARKET_LAST_PRICE]!
    const isMet = last !== 0n && ((i32[row * 2 + order.ORDER_ENUMS]! & 0xff) === order.SELL ? last >= activation : last <= activation)
    if (isTrailing(this.typeOf(row)) && (activation === 0n || isMet)) i32[own * 2 + terms.TERMS_FOLLOWS] = 1
  }

  /** Takes a waiting or triggered order out of its list. */
  leave(row: number): void {
    const { i32 } = this.memory
    const flags = i32[row * 2 + order.ORDER_FLAGS]!
    const marketRow = this.marketOf(row)
    if ((flags & order.WAITING) !== 0) {
      const own = i32[row * 2 + order.ORDER_TERMS]!
      i32[marketRow * 2 + market.MARKET_WAITING] = i32[marketRow * 2 + market.MARKET_WAITING]! - 1
      this.detach(row, marketRow, market.MARKET_WAITING_HEAD)
      this.triggers.remove(own)
      if (isTrailing(this.typeOf(row))) this.removeTrailing(own, marketRow)
    } else {
      this.detach(row, marketRow, market.MARKET_QUEUE_HEAD)
    }
    i32[row * 2 + order.ORDER_FLAGS] = flags & ~(order.WAITING | order.TRIGGERED)
  }

  /** Moves a waiting order to the end of the queue. */
  trigger(row: number): void {
    this.leave(row)
    this.queue(row)
  }

  /** Puts an order that waits nowhere at the end of the queue. */
  queue(row: number): void {
    const { i32 } = this.memory
    i32[row * 2 + order.ORDER_FLAGS] = i32[row * 2 + order.ORDER_FLAGS]! | order.TRIGGERED
    this.append(row, this.marketOf(row), market.MARKET_QUEUE_HEAD)
  }

  /** Lets the trailing stops of a market see a trade; those that follow it move. */
  follow(marketRow: number, price: bigint): void {
    const { i32 } = this.memory
    for (let own = i32[marketRow * 2 + market.MARKET_TRAILING_HEAD]!; own !== 0; own = i32[own * 2 + terms.TERMS_TRAILING_NEXT]!) this.move(own, price)
  }

  /** Gives a waiting order, by its terms, another stop price. */
  setStop(own: number, stopPrice: bigint): void {
    this.triggers.remove(own)
    this.memory.i64[own + terms.TERMS_STOP] = stopPrice
    this.enlist(own)
  }

  private move(own: number, price: bigint): void {
    const { i32, i64 } = this.memory
    const row = i32[own * 2 + terms.TERMS_ORDER]!
    const isSell = (i32[row * 2 + order.ORDER_ENUMS]! & 0xff) === order.SELL
    const activation = i64[own + terms.TERMS_ACTIVATION]!
    if (i32[own * 2 + terms.TERMS_FOLLOWS] === 0) {
      if (isSell ? price < activation : price > activation) return
      i32[own * 2 + terms.TERMS_FOLLOWS] = 1
    }
    const extreme = i64[own + terms.TERMS_EXTREME]!
    if (extreme !== 0n && (isSell ? price <= extreme : price >= extreme)) return
    i64[own + terms.TERMS_EXTREME] = price
    this.setStop(own, this.trailingStop(own, isSell))
  }

  /** The stop price of a trailing stop: its extreme, worse by the distance; rounded away from the extreme, so that the whole distance counts. */
  private trailingStop(own: number, isSell: boolean): bigint {
    const { i32, i64 } = this.memory
    const extreme = i64[own + terms.TERMS_EXTREME]!
    const offset = i64[own + terms.TERMS_OFFSET]!
    if (offset !== 0n) return isSell ? extreme - offset : extreme + offset
    const bps = BigInt(i32[own * 2 + terms.TERMS_BPS]!)
    return isSell ? (extreme * (ALL_BPS - bps)) / ALL_BPS : (extreme * (ALL_BPS + bps) + ALL_BPS - 1n) / ALL_BPS
  }

  /** Puts an order into the trigger book, unless no trade can reach its stop price. */
  private enlist(own: number): void {
    const stop = this.memory.i64[own + terms.TERMS_STOP]!
    if (stop <= 0n || stop > MAX_PRICE) return
    const row = this.memory.i32[own * 2 + terms.TERMS_ORDER]!
    this.triggers.add(own, this.marketOf(row), directionOf(this.memory.i32[row * 2 + order.ORDER_ENUMS]! & 0xff, this.typeOf(row)))
  }

  private addTrailing(own: number, marketRow: number): void {
    const { i32 } = this.memory
    const head = i32[marketRow * 2 + market.MARKET_TRAILING_HEAD]!
    i32[own * 2 + terms.TERMS_TRAILING_NEXT] = head
    i32[own * 2 + terms.TERMS_TRAILING_PREVIOUS] = 0
    if (head !== 0) i32[head * 2 + terms.TERMS_TRAILING_PREVIOUS] = own
    i32[marketRow * 2 + market.MARKET_TRAILING_HEAD] = own
    i32[marketRow * 2 + market.MARKET_TRAILING] = i32[marketRow * 2 + market.MARKET_TRAILING]! + 1
  }

  private removeTrailing(own: number, marketRow: number): void {
    const { i32 } = this.memory
    const next = i32[own * 2 + terms.TERMS_TRAILING_NEXT]!
    const previous = i32[own * 2 + terms.TERMS_TRAILING_PREVIOUS]!
    if (next !== 0) i32[next * 2 + terms.TERMS_TRAILING_PREVIOUS] = previous
    if (previous === 0) i32[marketRow * 2 + market.MARKET_TRAILING_HEAD] = next
    else i32[previous * 2 + terms.TERMS_TRAILING_NEXT] = next
    i32[marketRow * 2 + market.MARKET_TRAILING] = i32[marketRow * 2 + market.MARKET_TRAILING]! - 1
  }

  /** Appends to a list of which head and tail stand in the market's row. */
  private append(row: number, marketRow: number, head: number): void {
    const { i32 } = this.memory
    const tail = i32[marketRow * 2 + head + 1]!
    i32[row * 2 + order.ORDER_PREVIOUS] = tail
    i32[row * 2 + order.ORDER_NEXT] = 0
    if (tail === 0) i32[marketRow * 2 + head] = row
    else i32[tail * 2 + order.ORDER_NEXT] = row
    i32[marketRow * 2 + head + 1] = row
  }

  private detach(row: number, marketRow: number, head: number): void {
    const { i32 } = this.memory
    const next = i32[row * 2 + order.ORDER_NEXT]!
    const previous = i32[row * 2 + order.ORDER_PREVIOUS]!
    if (previous === 0) i32[marketRow * 2 + head] = next
    else i32[previous * 2 + order.ORDER_NEXT] = next
    if (next === 0) i32[marketRow * 2 + head + 1] = previous
    else i32[next * 2 + order.ORDER_PREVIOUS] = previous
  }

  private marketOf(row: number): number {
    const { i32 } = this.memory
    return i32[i32[row * 2 + order.ORDER_SEAT]! * 2 + SEAT_MARKET]!
  }

  private typeOf(row: number): number {
    return (this.memory.i32[row * 2 + order.ORDER_ENUMS]! >>> 8) & 0xff
  }
}
