/** Tells an owner when a pair of exits begins and when it is over: Binance's event `listStatus`. */
import type { Order } from '@bourse/client'
import type { OrderNotes } from '../orders/order-notes.js'
import { isLive } from '../orders/order-words.js'
import { symbolOf } from '../symbols.js'

export class ListEvents {
  /** The orders of each list that is not over, by their ids. */
  private readonly lists = new Map<number, Map<number, Order>>()
  private readonly listOf = new Map<number, number>()

  /** @param openOrders lists among them have been told of. */
  constructor(
    openOrders: readonly Order[],
    private readonly notes: OrderNotes,
    private readonly userId: string,
  ) {
    for (const order of openOrders) this.note(order)
  }

  /** The events that follow on what happened to these orders. */
  of(orders: readonly Order[], nowMs: number): object[] {
    const known = new Set(this.lists.keys())
    const touched = new Set(orders.flatMap((order) => this.note(order) ?? []))
    return [...touched].flatMap((id) => {
      const list = [...this.lists.get(id)!.values()]
      const isDone = list.length === 2 && !list.some(isLive)
      if (isDone) this.forget(id)
      return [...(known.has(id) ? [] : [this.event(id, list, { isDone: false, nowMs })]), ...(isDone ? [this.event(id, list, { isDone, nowMs })] : [])]
    })
  }

  /** @returns the list that the order belongs to. */
  private note(order: Order): number | undefined {
    // Once one exit trades or is triggered, neither names the other any more.
    const id = order.linkedOrderId === null ? this.listOf.get(order.orderId) : Math.min(order.orderId, order.linkedOrderId)
    if (id === undefined) return undefined
    const list = this.lists.get(id) ?? new Map<number, Order>()
    this.lists.set(id, list.set(order.orderId, order))
    this.listOf.set(order.orderId, id)
    return id
  }

  private forget(id: number): void {
    for (const orderId of this.lists.get(id)!.keys()) this.listOf.delete(orderId)
    this.lists.delete(id)
  }

  private event(id: number, orders: readonly Order[], { isDone, nowMs }: { isDone: boolean; nowMs: number }): object {
    const inOrder = orders.toSorted((one, other) => one.orderId - other.orderId)
    return {
      e: 'listStatus',
      E: nowMs,
      s: symbolOf(inOrder[0]!.market),
      g: id,
      c: 'OCO',
      l: isDone ? 'ALL_DONE' : 'EXEC_STARTED',
      L: isDone ? 'ALL_DONE' : 'EXECUTING',
      r: 'NONE',
      C: this.notes.listNameOf(id, this.userId, inOrder),
      T: Math.max(...inOrder.map(({ updatedMs }) => updatedMs)),
      O: inOrder.map(({ market, orderId, clientOrderId }) => ({ s: symbolOf(market), i: orderId, c: clientOrderId })),
    }
  }
}
