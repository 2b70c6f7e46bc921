/** What the gateway needs of the rest of the exchange: narrow, so that a test or another composition can stand in. */
import type { Exchange } from '@bourse/client'
import type { Exchange as RunningExchange } from '@bourse/exchange'
import type { Accounts, ApiKeys, Identity } from '@bourse/identity'
import type { HistoryQueries, Records } from '@bourse/store'
import type { Alerts } from './alerts/alerts.js'
import type { UnverifiedMay } from './http/admission.js'
import type { RateLimits } from './http/rate-limits.js'
import type { OneTimeRequests } from './http/taken-requests.js'
import type { Log } from './log.js'
import type { WalletService } from './wallet-service.js'

/** The running exchange: its writer, its engine's state and what it publishes. */
export type TradingService = Pick<RunningExchange, 'submit' | 'catalog' | 'balance' | 'engine' | 'marketData' | 'sequence' | 'onCommitted' | 'historyReached' | 'status'> & {
  /** Resolves once everything is here that anybody, at any gateway, had been told before the call; absent where the engine itself is here. */
  caughtUp?(): Promise<void>
}

export interface GatewayServices {
  readonly exchange: TradingService
  readonly history: HistoryQueries
  /** What people keep here beside their money. */
  readonly records: Records
  readonly identity: Identity
  readonly apiKeys: ApiKeys
  /** What keeps accounts safe, over the same people and keys. */
  readonly accounts: Pick<Accounts, 'security' | 'secondFactors' | 'passkeys' | 'journal' | 'audit' | 'approvals' | 'outbox' | 'listenKeys'>
  /** What a person may do before their e-mail address is proved; `trade` by default: all but withdrawing and making API keys. */
  readonly unverifiedMay?: UnverifiedMay | undefined
  /** Shows mails to programs of the same machine; development only. */
  readonly showsOutbox?: boolean
  readonly wallet: WalletService
  /** The exchange as it presents itself at this moment. */
  presentation(): Exchange
  /** The brand's logo, served under `presentation().brand.logoUrl`. */
  readonly logo?: { readonly contentType: string; readonly bytes: Uint8Array } | undefined
  /** Folder of the terminal's built assets; without it only the API is served. */
  readonly terminalDir?: string | undefined
  /** Secure `__Host-` cookies and strict transport; false only for development over plain HTTP. */
  readonly production: boolean
  /** Origins beside the request's own host whose pages may act, for example the public URL behind a proxy. */
  readonly allowedOrigins?: readonly string[]
  /** Addresses and ranges of own proxies in front, whose X-Forwarded-For entries count; none by default. */
  readonly proxies?: readonly string[]
  /** Accounts of the operator that no limit of requests applies to. */
  isUnlimited?(userId: string): boolean
  /** Sees to it that a signed request is taken once; in the memory of this gateway by default. */
  readonly oneTimeRequests?: OneTimeRequests | undefined
  /** Price alerts; watched by this gateway by default. */
  readonly alerts?: Alerts | undefined
  /** Counts requests; in the memory of this gateway by default. */
  readonly limits?: RateLimits | undefined
  /** Shortest time in milliseconds between two updates of a public stream; 50 by default. */
  readonly conflationMs?: number | undefined
  readonly log: Log
  /** Milliseconds since 1970. */
  now(): number
  randomId(): string
}
