/** The simulator's own orders in the book of one market, as far as answers have told. */
import type { Side } from '@bourse/core'

export interface RestingOrder {
  readonly clientOrderId: string
  /** Role of the trader whose order it is. */
  readonly owner: string
  readonly side: Side
  ticks: number
  lots: number
  /** Count of reconciliations when it was sent: one that is younger than a list cannot be missing from it. */
  readonly epoch: number
}

/** Kept in order of sending, so that fills at a price go to the oldest first, as in the book. */
export class RestingOrders {
  private readonly orders = new Map<string, RestingOrder>()
  epoch = 0

  add(order: Omit<RestingOrder, 'epoch'>): void {
    this.orders.set(order.clientOrderId, { ...order, epoch: this.epoch })
  }

  remove(clientOrderId: string): RestingOrder | undefined {
    const order = this.orders.get(clientOrderId)
    this.orders.delete(clientOrderId)
    return order
  }

  /** Gives an order another price; like in the book it goes behind the others there. */
  move(order: RestingOrder, ticks: number): void {
    if (!this.orders.delete(order.clientOrderId)) return
    order.ticks = ticks
    this.orders.set(order.clientOrderId, order)
  }

  /** Puts an order back of which was believed what did not happen. */
  restore(order: RestingOrder, ticks = order.ticks): void {
    this.orders.delete(order.clientOrderId)
    order.ticks = ticks
    this.orders.set(order.clientOrderId, order)
  }

  of(owner: string, side?: Side): RestingOrder[] {
    const own: RestingOrder[] = []
    for (const order of this.orders.values()) if (order.owner === owner && (side === undefined || order.side === side)) own.push(order)
    return own
  }

  /** Takes a fill of the simulator's own taker out of the makers' orders at that price. */
  fill(makerSide: Side, ticks: number, lots: number): void {
    let left = lots
    for (const order of this.orders.values()) {
      if (left <= 0) return
      if (order.side !== makerSide || order.ticks !== ticks) continue
      const taken = Math.min(left, order.lots)
      order.lots -= taken
      left -= taken
      if (order.lots === 0) this.orders.delete(order.clientOrderId)
    }
  }

  /** Takes out what a taker with that limit will fill, best price first, where nobody else has orders. */
  sweep(makerSide: Side, limitTicks: number, lots: number): void {
    const sign = makerSide === 'sell' ? 1 : -1
    const reached = [...this.orders.values()].filter((order) => order.side === makerSide && (order.ticks - limitTicks) * sign <= 0)
    reached.sort((a, b) => (a.ticks - b.ticks) * sign)
    let left = lots
    for (const order of reached) {
      if (left <= 0) return
      const taken = Math.min(left, order.lots)
      order.lots -= taken
      left -= taken
      if (order.lots === 0) this.orders.delete(order.clientOrderId)
    }
  }

  /** Best price of all own orders on a side, or undefined. */
  best(side: Side): number | undefined {
    let best: number | undefined
    for (const order of this.orders.values()) {
      if (order.side !== side) continue
      if (best === undefined || (side === 'buy' ? order.ticks > best : order.ticks < best)) best = order.ticks
    }
    return best
  }

  /**
   * Replaces one trader's orders by the list that the exchange gave, keeping what was sent after the list was asked for.
   *
   * @returns lots that went without the simulator's doing, by side: somebody else traded with them.
   */
  reconcile(owner: string, listed: readonly Omit<RestingOrder, 'epoch' | 'owner'>[], askedEpoch: number): { buy: number; sell: number } {
    const lost = { buy: 0, sell: 0 }
    const byId = new Map(listed.map((order) => [order.clientOrderId, order]))
    for (const order of this.of(owner)) {
      const now = byId.get(order.clientOrderId)
      byId.delete(order.clientOrderId)
      if (now === undefined) {
        if (order.epoch >= askedEpoch) continue
        lost[order.side] += order.lots
        this.orders.delete(order.clientOrderId)
      } else {
        lost[order.side] += Math.max(0, order.lots - now.lots)
        order.lots = now.lots
      }
    }
    for (const order of byId.values()) this.orders.set(order.clientOrderId, { ...order, owner, epoch: askedEpoch })
    return lost
  }
}
