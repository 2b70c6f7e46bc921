/** The stream `orders`: a book order by order, for each market that somebody listens to. */
import { decodeEvent, ORDER_AMENDED, ORDER_CANCELLED, ORDER_EXPIRED, ORDER_REDUCED, ORDER_REFRESHED, ORDER_RESTED, OrderFeed, TRADE_EXECUTED, type FrameBuffer } from '@bourse/core'
import type { OrderBook, OrderBookUpdate } from '@bourse/client'
import type { CommittedBatch } from '@bourse/exchange'
import type { DurableReads } from '../durable-reads.js'
import { unavailable } from '../http/failures.js'
import type { TradingService } from '../services.js'
import { marketScale, milliseconds, type MarketScale } from '../views/amounts.js'
import type { Rooms } from './rooms.js'

const FOLLOWED_EVENTS = new Set([ORDER_RESTED, ORDER_REFRESHED, ORDER_CANCELLED, ORDER_EXPIRED, ORDER_REDUCED, ORDER_AMENDED, TRADE_EXECUTED])

export class OrderFeeds {
  private readonly feeds = new Map<number, OrderFeed>()
  private readonly opening = new Map<number, Promise<void>>()
  /** Listeners that are about to join: a feed must not be forgotten before. */
  private readonly joining = new Map<number, number>()

  constructor(
    private readonly exchange: TradingService,
    private readonly reads: DurableReads,
    private readonly rooms: Rooms,
  ) {}

  /** Begins to follow a market; then {@link OrderFeeds.snapshot} has something to give. */
  async open(market: number): Promise<void> {
    if (this.feeds.has(market)) return
    const under = this.opening.get(market) ?? this.begin(market).finally(() => this.opening.delete(market))
    this.opening.set(market, under)
    this.joining.set(market, (this.joining.get(market) ?? 0) + 1)
    try {
      await under
    } finally {
      // The one who waits joins in the turn that follows.
      setImmediate(() => this.joined(market))
    }
  }

  /** The book as it was published last; the listener must join the room in the same turn. */
  snapshot(scale: MarketScale): OrderBook {
    const feed = this.feeds.get(scale.market.id)
    if (feed === undefined) throw unavailable('The book is not at hand yet. Subscribe again.')
    return { market: scale.market.symbol, sequence: feed.sequence, orders: feed.resting().map(({ orderId, side, price, quantity }) => ({ orderId, side, price: scale.price(price), quantity: scale.quantity(quantity) })) }
  }

  /** Follows what became durable, and sends what it changed: one message a market. */
  committed({ events, lastSequence, timestampUs }: CommittedBatch): void {
    if (this.feeds.size === 0) return
    this.forgetUnheard()
    for (let offset = 0; offset < events.length; offset += events.size(offset)) this.follow(events, offset)
    for (const [market, feed] of this.feeds) {
      const changes = feed.take()
      if (changes.length === 0) continue
      const scale = marketScale(this.exchange.catalog, market)
      const data: OrderBookUpdate = {
        market: scale.market.symbol,
        previousSequence: feed.sequence,
        sequence: lastSequence,
        timestampMs: milliseconds(timestampUs),
        changes: changes.map(({ orderId, side, price, quantity, change, tradeId }) => ({ orderId, side, price: scale.price(price), quantity: quantity === 0n ? '0' : scale.quantity(quantity), change, tradeId: tradeId ?? null })),
      }
      feed.sequence = lastSequence
      this.rooms.send(roomOfOrders(scale.market.symbol), { channel: 'orders', market: scale.market.symbol, data })
    }
  }

  private follow(events: FrameBuffer, offset: number): void {
    if (!FOLLOWED_EVENTS.has(events.type(offset))) return
    const feed = this.feeds.get(events.market(offset))
    if (feed !== undefined) feed.follow(decodeEvent(events, offset))
  }

  /** The engine may be ahead of what is public: the book read now begins to count when it is durable. */
  private begin(market: number): Promise<void> {
    const { engine } = this.exchange
    const feed = new OrderFeed(market, engine.sequence, engine.restingOrders(market))
    return new Promise((resolve) => {
      this.reads.when(feed.sequence, () => {
        this.feeds.set(market, feed)
        resolve()
      })
    })
  }

  private joined(market: number): void {
    const others = (this.joining.get(market) ?? 1) - 1
    if (others > 0) this.joining.set(market, others)
    else this.joining.delete(market)
  }

  private forgetUnheard(): void {
    for (const market of this.feeds.keys()) {
      const symbol = this.exchange.catalog.market(market)?.symbol ?? ''
      if (!this.joining.has(market) && !this.rooms.has(roomOfOrders(symbol))) this.feeds.delete(market)
    }
  }
}

export function roomOfOrders(market: string): string {
  return `orders ${market}`
}
