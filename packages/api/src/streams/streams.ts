/** The streams of an exchange, whichever interfaces carry them: public ones by room, private ones by account. */
import type { Alerts } from '../alerts/alerts.js'
import type { DurableReads } from '../durable-reads.js'
import type { TradingService } from '../services.js'
import { AccountStreams } from './account-streams.js'
import { marketNamed } from '../routes/names.js'
import { marketScale } from '../views/amounts.js'
import { AlertStreams } from './alert-streams.js'
import { MarketStreams, type PublicSubscription } from './market-streams.js'
import { OrderFeeds } from './order-feeds.js'
import { SeveralRooms } from './several-rooms.js'
import { StatusStream } from './status-stream.js'

export class Streams {
  /** Each interface adds the rooms of its own sockets. */
  readonly rooms = new SeveralRooms()
  readonly market: MarketStreams
  readonly accounts: AccountStreams
  private readonly exchange: TradingService
  private readonly orders: OrderFeeds
  private readonly status: StatusStream
  readonly alerts: AlertStreams
  private readonly stop: () => void

  constructor({ exchange, reads, alerts, conflationMs, now }: { exchange: TradingService; reads: DurableReads; alerts: Alerts; conflationMs?: number | undefined; now(): number }) {
    this.market = new MarketStreams({ exchange, rooms: this.rooms, conflationMs, now })
    this.accounts = new AccountStreams(exchange, reads)
    this.exchange = exchange
    this.orders = new OrderFeeds(exchange, reads, this.rooms)
    this.status = new StatusStream(exchange, this.rooms, now)
    this.alerts = new AlertStreams(alerts, this.rooms)
    this.stop = exchange.onCommitted((batch) => {
      this.market.changed()
      this.accounts.committed(batch)
      this.orders.committed(batch)
      this.status.look()
    })
  }

  /** Gets ready what {@link Streams.snapshot} will give. The listener must join its room in the turn in which this resolves. */
  async prepare(subscription: PublicSubscription): Promise<void> {
    if (subscription.channel === 'orders') await this.orders.open(marketNamed(this.exchange.catalog, subscription.market).id)
  }

  /** What a new listener of a public stream starts from; it must join its room in the same turn. */
  snapshot(subscription: PublicSubscription): object | null {
    if (subscription.channel === 'status') return this.status.snapshot()
    if (subscription.channel === 'orders') return this.orders.snapshot(marketScale(this.exchange.catalog, marketNamed(this.exchange.catalog, subscription.market).id))
    return this.market.snapshot(subscription)
  }

  close(): void {
    this.stop()
    this.alerts.close()
    this.status.close()
    this.market.close()
  }
}
