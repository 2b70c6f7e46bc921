/** What other interfaces over the same exchange share with v1: services, limits, streams; one of each. */
import type { Person } from '@bourse/identity'
import type { Alerts } from './alerts/alerts.js'
import type { DurableReads } from './durable-reads.js'
import type { ApiFailure } from './http/failures.js'
import type { OriginRules, ProxyTrust } from './http/origins.js'
import type { RateLimits } from './http/rate-limits.js'
import type { OneTimeRequests } from './http/taken-requests.js'
import type { MarketQueries } from './market/market-queries.js'
import type { OrderEntry } from './orders/order-entry.js'
import type { OrderQueries } from './orders/order-queries.js'
import type { GatewayServices } from './services.js'
import type { OpenConnections } from './streams/open-connections.js'
import type { Streams } from './streams/streams.js'

export interface GatewayShare {
  readonly services: GatewayServices
  readonly markets: MarketQueries
  readonly alerts: Alerts
  readonly orders: OrderEntry
  readonly orderQueries: OrderQueries
  readonly reads: DurableReads
  readonly limits: RateLimits
  readonly oneTimeRequests: OneTimeRequests
  readonly origins: OriginRules
  readonly proxies: ProxyTrust
  readonly streams: Streams
  readonly openConnections: OpenConnections
  /** Opens the person's account in the engine unless it is there: before they act. */
  prepareAccount(userId: string): Promise<void>
  /** Why a person may not trade, where they may not: their address is not proved. */
  mayNotTrade(user: Person): ApiFailure | undefined
}
