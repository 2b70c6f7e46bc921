/** Streams that follow from the depth of a market: coarser groupings, the best levels whole, the best prices. */
import { GroupedDepth, parseDecimal, type Depth as CoreDepth, type DepthChanges } from '@bourse/core'
import type { BestPrices, Depth, Subscription } from '@bourse/client'
import { ApiFailure } from '../http/failures.js'
import type { TradingService } from '../services.js'
import type { MarketScale } from '../views/amounts.js'
import { bestPricesView, depthUpdateView, depthView } from '../views/market-view.js'
import type { Rooms } from './rooms.js'

type GroupedSubscription = Extract<Subscription, { channel: 'depth' | 'top' }> & { readonly grouping: string }
type TopSubscription = Extract<Subscription, { channel: 'top' }>

/** A stream that somebody listens to; forgotten with its last listener. */
interface Followed {
  readonly market: number
  /** Sends what changed, if anything did. */
  publish(scale: MarketScale): void
}

const DEFAULT_LEVELS = 100

export class DerivedBooks {
  private readonly grouped = new Map<string, { readonly market: number; readonly book: GroupedDepth }>()
  private readonly followed = new Map<string, Followed>()
  /** What the changes of one market came to at each grouping, while they are published. */
  private readonly updates = new Map<string, DepthChanges>()

  constructor(
    private readonly marketData: TradingService['marketData'],
    private readonly rooms: Rooms,
  ) {}

  /** A grouped depth; the listener must join the room in the same turn. */
  depth(room: string, { grouping, limit, market }: GroupedSubscription & { readonly limit?: number | undefined }, scale: MarketScale): Depth {
    const book = this.groupedBook(grouping, scale)
    this.follow(room, {
      market: scale.market.id,
      publish: (now) => {
        const update = this.updates.get(keyOf(scale.market.id, book.step))
        if (update !== undefined && (update.bids.length > 0 || update.asks.length > 0)) this.rooms.send(room, { channel: 'depth', market, grouping, data: depthUpdateView(update, now) })
      },
    })
    return depthView(book.read(limit ?? DEFAULT_LEVELS), scale)
  }

  /** The best levels, whole; the listener must join the room in the same turn. */
  top(room: string, { market, levels, grouping }: TopSubscription, scale: MarketScale): Depth {
    const read = (now: MarketScale): Depth => depthView(grouping === undefined ? this.published(now, levels) : this.groupedBook(grouping, now).read(levels), now)
    const first = read(scale)
    let shown = JSON.stringify([first.bids, first.asks])
    if (!this.followed.has(room)) {
      this.follow(room, {
        market: scale.market.id,
        publish: (now) => {
          const data = read(now)
          const text = JSON.stringify([data.bids, data.asks])
          if (text === shown) return
          shown = text
          this.rooms.send(room, { channel: 'top', market, levels, ...(grouping === undefined ? {} : { grouping }), data })
        },
      })
    }
    return first
  }

  /** The best prices; the listener must join the room in the same turn. */
  best(room: string, scale: MarketScale): BestPrices {
    const read = (now: MarketScale): BestPrices => bestPricesView(this.published(now, 1), now)
    const first = read(scale)
    let shown = first
    if (!this.followed.has(room)) {
      this.follow(room, {
        market: scale.market.id,
        publish: (now) => {
          const data = read(now)
          if (data.bid === shown.bid && data.ask === shown.ask && data.bidQuantity === shown.bidQuantity && data.askQuantity === shown.askQuantity) return
          shown = data
          this.rooms.send(room, { channel: 'best', market: data.market, data })
        },
      })
    }
    return first
  }

  publish(changes: DepthChanges, scale: MarketScale): void {
    const { id } = scale.market
    for (const [key, { market, book }] of this.grouped) if (market === id) this.updates.set(key, book.apply(changes))
    for (const [room, stream] of this.followed) {
      if (stream.market !== id) continue
      if (this.rooms.has(room)) stream.publish(scale)
      else this.followed.delete(room)
    }
    this.updates.clear()
    this.forgetGroupings()
  }

  private follow(room: string, stream: Followed): void {
    if (!this.followed.has(room)) this.followed.set(room, stream)
  }

  private published({ market }: MarketScale, levels: number): CoreDepth {
    return this.marketData.depth(market.id, levels, 'published')
  }

  private groupedBook(grouping: string, scale: MarketScale): GroupedDepth {
    const step = groupingStep(grouping, scale)
    const key = keyOf(scale.market.id, step)
    const known = this.grouped.get(key)
    if (known !== undefined) return known.book
    const book = new GroupedDepth(this.published(scale, Infinity), step)
    this.grouped.set(key, { market: scale.market.id, book })
    return book
  }

  /** Nobody who listens needs them any more. */
  private forgetGroupings(): void {
    if (this.followed.size === 0) this.grouped.clear()
  }
}

function keyOf(market: number, step: bigint): string {
  return `${market} ${step}`
}

/** Steps are the tick times 1, 2 or 5 times a power of ten: few enough to be shared. */
export function groupingStep(grouping: string, { market, price }: MarketScale): bigint {
  const step = parseDecimal(grouping, market.priceScale)
  const ticks = typeof step === 'bigint' && step > 0n && step % market.tickSize === 0n ? step / market.tickSize : 0n
  if (typeof step === 'bigint' && /^[125]0{0,9}$/.test(String(ticks))) return step
  throw new ApiFailure({ status: 400, code: 'invalid_request', message: `A grouping is the tick size ${price(market.tickSize)} times 1, 2 or 5 times a power of ten; got ${grouping.slice(0, 40)}.`, field: 'grouping' })
}
