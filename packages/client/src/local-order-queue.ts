/** A copy of a market's book order by order, kept by the stream `orders`. */
import type { BookLevel, BookUpdateResult } from './local-order-book.js'
import { compareDecimals } from './local-order-book.js'
import type { BookOrder, OrderBook, OrderBookUpdate, Subscription } from './schemas/index.js'
import type { StreamListener } from './trading-client.js'

export interface LocalOrderQueue {
  /** Of the last snapshot or update; 0 before the first. */
  readonly sequence: number
  /** False before the first snapshot and after a gap: the orders must not be relied on. */
  readonly ready: boolean
  reset(snapshot: OrderBook): void
  update(update: OrderBookUpdate): BookUpdateResult
  /** Best price first, by priority within it. */
  orders(side: 'buy' | 'sell'): BookOrder[]
  order(orderId: number): BookOrder | undefined
  /** Orders that stand before this one at its price; undefined where it is not in the book. */
  ahead(orderId: number): BookOrder[] | undefined
}

class StreamedOrderQueue implements LocalOrderQueue {
  sequence = 0
  ready = false
  /** In the order in which they came to the end of their levels. */
  private readonly all = new Map<number, BookOrder>()

  reset(snapshot: OrderBook): void {
    this.all.clear()
    for (const order of snapshot.orders) this.all.set(order.orderId, order)
    this.sequence = snapshot.sequence
    this.ready = true
  }

  update(update: OrderBookUpdate): BookUpdateResult {
    if (!this.ready) return 'gap'
    if (update.sequence <= this.sequence) return 'stale'
    if (update.previousSequence !== this.sequence) {
      this.ready = false
      return 'gap'
    }
    for (const { change, tradeId: _tradeId, ...order } of update.changes) {
      if (change !== 'changed') this.all.delete(order.orderId)
      if (change !== 'removed') this.all.set(order.orderId, order)
    }
    this.sequence = update.sequence
    return 'applied'
  }

  orders(side: 'buy' | 'sell'): BookOrder[] {
    const direction = side === 'buy' ? -1 : 1
    // The sort is stable: orders of one price stay in the order of their priority.
    return [...this.all.values()].filter((order) => order.side === side).sort((one, other) => compareDecimals(one.price, other.price) * direction)
  }

  order(orderId: number): BookOrder | undefined {
    return this.all.get(orderId)
  }

  ahead(orderId: number): BookOrder[] | undefined {
    const order = this.all.get(orderId)
    if (order === undefined) return undefined
    const level = [...this.all.values()].filter(({ side, price }) => side === order.side && price === order.price)
    return level.slice(0, level.indexOf(order))
  }
}

/** An empty queue: give it the stream's snapshot, then each update; after `gap` subscribe anew. */
export function createOrderQueue(): LocalOrderQueue {
  return new StreamedOrderQueue()
}

/** What {@link followOrderQueue} needs of a client. */
export interface OrderFeedSource {
  subscribe(subscription: Extract<Subscription, { channel: 'orders' }>, listener: StreamListener<'orders'>): Promise<() => void>
}

export interface FollowQueueOptions {
  /** After each snapshot and each update. */
  onChange?(queue: LocalOrderQueue): void
  /** The stream is over although nobody stopped it. */
  onEnd?(error: unknown): void
}

/** Keeps a queue up to date over a client's stream; subscribes anew by itself after a gap. */
export async function followOrderQueue(client: OrderFeedSource, market: string, options: FollowQueueOptions = {}): Promise<{ queue: LocalOrderQueue; stop: () => void }> {
  const queue = createOrderQueue()
  let stopped = false
  let end: () => void = () => undefined
  const listener: StreamListener<'orders'> = {
    onSnapshot(snapshot) {
      queue.reset(snapshot)
      options.onChange?.(queue)
    },
    onMessage(message) {
      const wasReady = queue.ready
      const result = queue.update(message.data)
      if (result === 'applied') options.onChange?.(queue)
      else if (result === 'gap' && wasReady) {
        end()
        start().catch((error: unknown) => options.onEnd?.(error))
      }
    },
    onEnd: (error) => options.onEnd?.(error),
  }
  const start = async (): Promise<void> => {
    const stop = await client.subscribe({ channel: 'orders', market }, listener)
    if (stopped) stop()
    else end = stop
  }
  await start()
  return {
    queue,
    stop() {
      stopped = true
      end()
    },
  }
}

/** What the orders of one side come to by price: the same as the depth. */
export function levelsOf(orders: readonly BookOrder[]): BookLevel[] {
  const sums = new Map<string, bigint>()
  let scale = 0
  for (const { price, quantity } of orders) {
    const fraction = quantity.split('.')[1] ?? ''
    scale = fraction.length
    sums.set(price, (sums.get(price) ?? 0n) + BigInt(quantity.replace('.', '')))
  }
  return [...sums].map(([price, units]) => {
    const digits = String(units).padStart(scale + 1, '0')
    return [price, scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`]
  })
}
