/** Numbers and names of order lists: the engine knows pairs of exits, Binance's clients know lists of orders. */
import type { Order } from '@bourse/client'

export interface OrderList {
  /** The id of the older of its two orders. */
  readonly orderListId: number
  readonly listClientOrderId: string
  readonly userId: string
  readonly market: string
  readonly orderIds: readonly [number, number]
  readonly placedMs: number
}

const MAX_REMEMBERED = 20_000

/**
 * Remembers the lists placed lately, in bounded memory.
 *
 * Two linked orders make a list whether or not it is remembered; what a restart forgets is the name that a client gave.
 */
export class OrderLists {
  private readonly lists = new Map<number, OrderList>()
  private readonly byOrder = new Map<number, OrderList>()
  /** Names of lists that are being placed, by owner and name of an order of theirs. */
  private readonly coming = new Map<string, string>()

  /** @param tell told of each list that was placed here, for other gateways to remember too. */
  constructor(private readonly tell: (list: OrderList) => void = () => undefined) {}

  /** Places a list whose name is known before its number is. */
  async naming<Result>({ userId, clientOrderId, listClientOrderId }: { userId: string; clientOrderId: string | undefined; listClientOrderId: string | undefined }, place: () => Promise<Result>): Promise<Result> {
    const key = `${userId} ${clientOrderId}`
    if (listClientOrderId !== undefined) this.coming.set(key, listClientOrderId)
    try {
      return await place()
    } finally {
      this.coming.delete(key)
    }
  }

  /** The name of a list that is being placed; undefined where none of these orders belongs to one. */
  nameToCome(userId: string, orders: readonly Pick<Order, 'clientOrderId'>[]): string | undefined {
    return orders.map(({ clientOrderId }) => this.coming.get(`${userId} ${clientOrderId}`)).find((name) => name !== undefined)
  }

  /** A list was placed here. */
  placed(list: OrderList): void {
    this.remember(list)
    this.tell(list)
  }

  /** A list was placed, here or at another gateway. */
  remember(list: OrderList): void {
    if (this.lists.size >= MAX_REMEMBERED) this.forget(this.lists.values().next().value!)
    this.lists.set(list.orderListId, list)
    for (const orderId of list.orderIds) this.byOrder.set(orderId, list)
  }

  /** -1 where the order belongs to none. */
  idOf({ orderId, linkedOrderId }: Pick<Order, 'orderId' | 'linkedOrderId'>): number {
    if (linkedOrderId !== null) return Math.min(orderId, linkedOrderId)
    return this.byOrder.get(orderId)?.orderListId ?? -1
  }

  /** -1 where none is remembered for the order. */
  idOfOrder(orderId: number): number {
    return this.byOrder.get(orderId)?.orderListId ?? -1
  }

  /** The market of a list that is remembered. */
  marketOf(orderListId: number): string | undefined {
    return this.lists.get(orderListId)?.market
  }

  /** The name that the client gave, or one made of the number. */
  nameOf(orderListId: number): string {
    return this.lists.get(orderListId)?.listClientOrderId ?? `list-${orderListId}`
  }

  find(userId: string, listClientOrderId: string): OrderList | undefined {
    const derived = /^list-(\d{1,15})$/.exec(listClientOrderId)
    const candidates = derived === null ? [...this.lists.values()].reverse() : [this.lists.get(Number(derived[1]))]
    return candidates.find((list) => list?.userId === userId && (list.listClientOrderId === listClientOrderId || derived !== null))
  }

  private forget({ orderListId, orderIds }: OrderList): void {
    this.lists.delete(orderListId)
    for (const orderId of orderIds) this.byOrder.delete(orderId)
  }
}
