/** What the gateway needs of the rest of the exchange: narrow, so that a test or another composition can stand in. */
import type { Exchange } from '@bourse/client'
import type { Exchange as RunningExchange } from '@bourse/exchange'
import type { ApiKeys, Identity } from '@bourse/identity'
import type { HistoryQueries } from '@bourse/store'
import type { Log } from './log.js'
import type { WalletService } from './wallet-service.js'

/** The running exchange: its writer, its engine's state and what it publishes. */
export type TradingService = Pick<RunningExchange, 'submit' | 'catalog' | 'balance' | 'engine' | 'marketData' | 'sequence' | 'onCommitted' | 'historyReached'>

export interface GatewayServices {
  readonly exchange: TradingService
  readonly history: HistoryQueries
  readonly identity: Identity
  readonly apiKeys: ApiKeys
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
  /** Own proxies in front whose X-Forwarded-For entries count; 0 by default. */
  readonly proxies?: number
  /** Accounts of the operator that no limit of requests applies to. */
  isUnlimited?(userId: string): boolean
  readonly log: Log
  /** Milliseconds since 1970. */
  now(): number
  randomId(): string
}
