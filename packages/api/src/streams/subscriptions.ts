/** The streams that one connection follows, public and its own account's. */
import type { StreamMessage, Subscription } from '@bourse/client'
import { ApiFailure, tooManyRequests } from '../http/failures.js'
import type { TradingService } from '../services.js'
import { alertRoom } from './alert-streams.js'
import type { AccountListener } from './account-streams.js'
import { roomOf, type PublicSubscription } from './market-streams.js'
import type { Streams } from './streams.js'

const MAX_SUBSCRIPTIONS = 200

/** How streams reach a connection. */
export interface StreamReader {
  readonly connected: boolean
  join(room: string): void
  leave(room: string): void
  send(message: StreamMessage): void
}

export class Subscriptions {
  /** By the rooms of the streams. */
  readonly public = new Map<string, PublicSubscription>()
  /** The room of the person's price alerts. */
  private alerts: string | undefined
  private account: { readonly userId: string; readonly listener: AccountListener } | undefined

  constructor(
    private readonly exchange: Pick<TradingService, 'catalog'>,
    private readonly streams: Streams,
    private readonly reader: StreamReader,
  ) {}

  /**
   * Follows a public stream: joins and gives the snapshot in one turn, so that no update falls between them and none comes first.
   *
   * @throws ApiFailure for a market that there is not, or too many streams.
   */
  async follow(subscription: PublicSubscription, give: (snapshot: unknown) => void): Promise<void> {
    if ('market' in subscription && this.exchange.catalog.marketBySymbol(subscription.market) === undefined) {
      throw new ApiFailure({ status: 404, code: 'unknown_market', message: `There is no market ${subscription.market}. GET /api/v1/exchange lists them.`, field: 'market' })
    }
    const room = roomOf(subscription)
    await this.streams.prepare(subscription)
    if (!this.reader.connected) return
    if (!this.public.has(room) && this.public.size >= MAX_SUBSCRIPTIONS) throw tooManyRequests(1, `One connection follows at most ${MAX_SUBSCRIPTIONS} streams. Unsubscribe from some, or open another connection.`)
    const snapshot = this.streams.snapshot(subscription)
    this.public.set(room, subscription)
    give(snapshot)
    this.reader.join(room)
  }

  /** Follows a person's price alerts. */
  async followAlerts(userId: string, give: (snapshot: unknown) => void): Promise<void> {
    const snapshot = await this.streams.alerts.snapshot(userId)
    if (!this.reader.connected) return
    this.alerts = alertRoom(userId)
    give(snapshot)
    this.reader.join(this.alerts)
  }

  /** Follows an account. A second subscription replaces the first: its snapshot is newer. */
  followAccount(userId: string, give: (snapshot: unknown) => void): void {
    this.endAccount()
    const { reader } = this
    if (!reader.connected) return
    const isPresent = (): boolean => this.account?.listener === listener
    const listener: AccountListener = {
      get open() {
        return isPresent()
      },
      start: give,
      send: (message: StreamMessage) => reader.send(message),
    }
    this.account = { userId, listener }
    this.streams.accounts.join(userId, listener)
  }

  leave(subscription: Subscription): void {
    if (subscription.channel === 'account') return this.endAccount()
    if (subscription.channel === 'alerts') return this.endAlerts()
    const room = roomOf(subscription)
    this.public.delete(room)
    this.reader.leave(room)
  }

  /** The connection is no more. */
  end(): void {
    this.endAccount()
    this.endAlerts()
    for (const room of this.public.keys()) this.reader.leave(room)
    this.public.clear()
  }

  private endAlerts(): void {
    if (this.alerts !== undefined) this.reader.leave(this.alerts)
    this.alerts = undefined
  }

  private endAccount(): void {
    const { account } = this
    if (account === undefined) return
    this.account = undefined
    this.streams.accounts.leave(account.userId, account.listener)
  }
}
