/** A book order by order, folded from events: what a follower needs to keep the queue of every level. */
import type { BookOrder } from '../domain/book-order.js'
import type { Event } from '../domain/events/events.js'

/** `added`: at the end of its level. `changed`: keeps its place. `removed`: its quantity is 0. */
export interface BookOrderChange extends BookOrder {
  readonly change: 'added' | 'changed' | 'removed'
  /** The trade that changed it. */
  readonly tradeId: number | undefined
}

/**
 * Follows one market from a list of its resting orders.
 *
 * Events up to the list's sequence are left out. An iceberg whose displayed part was filled is removed and added
 * again at the end of its level, as everybody sees it.
 */
export class OrderFeed {
  /** Oldest first within each price. */
  private readonly orders = new Map<number, BookOrder>()
  private changes: BookOrderChange[] = []

  constructor(
    readonly market: number,
    public sequence: number,
    orders: readonly BookOrder[],
  ) {
    for (const order of orders) this.orders.set(order.orderId, order)
  }

  /** All resting orders; those of one price in the order of their priority. */
  resting(): readonly BookOrder[] {
    return [...this.orders.values()]
  }

  /** @param event one of this market, in order. @throws Error for an event about a resting order that is not here. */
  follow(event: Event): void {
    if (event.sequence <= this.sequence) return
    switch (event.type) {
      case 'order.rested':
        return this.add(event.orderId, { side: event.side, price: event.price, quantity: event.displayedQuantity ?? event.leavesQuantity })
      case 'order.refreshed':
        return this.add(event.orderId, { side: event.side, price: event.price, quantity: event.displayedQuantity })
      case 'order.cancelled':
      case 'order.expired':
        if (event.rested) this.remove(event.orderId, undefined)
        return
      case 'order.amended':
        if (event.rested) this.remove(event.orderId, undefined)
        return
      case 'order.reduced':
        if (event.rested) this.reduce(event.orderId, event.displayedQuantity ?? event.reducedQuantity, undefined)
        return
      case 'trade.executed':
        this.reduce(event.maker.orderId, event.quantity, event.tradeId)
        if (event.auction !== undefined) this.reduce(event.taker.orderId, event.quantity, event.tradeId)
        return
      default:
    }
  }

  /** What changed since the last call, in order. */
  take(): readonly BookOrderChange[] {
    return this.changes.splice(0)
  }

  private add(orderId: number, order: Omit<BookOrder, 'orderId'>): void {
    // A key that is set anew must go to the end.
    this.orders.delete(orderId)
    const added = { orderId, ...order }
    this.orders.set(orderId, added)
    this.changes.push({ ...added, change: 'added', tradeId: undefined })
  }

  private remove(orderId: number, tradeId: number | undefined): void {
    const order = this.known(orderId)
    this.orders.delete(orderId)
    this.changes.push({ ...order, quantity: 0n, change: 'removed', tradeId })
  }

  private reduce(orderId: number, by: bigint, tradeId: number | undefined): void {
    const order = this.known(orderId)
    if (by >= order.quantity) return this.remove(orderId, tradeId)
    const changed = { ...order, quantity: order.quantity - by }
    this.orders.set(orderId, changed)
    this.changes.push({ ...changed, change: 'changed', tradeId })
  }

  private known(orderId: number): BookOrder {
    const order = this.orders.get(orderId)
    if (order === undefined) throw new Error(`Order feed: order ${orderId} of market ${this.market} is not in the book. Begin with all resting orders, and leave out no event.`)
    return order
  }
}
