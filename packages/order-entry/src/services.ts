/** What order entry needs of the rest of the exchange. */
import type { Exchange } from '@bourse/exchange'
import type { ApiKeys, Person } from '@bourse/identity'

/** The exchange's door for frames, and what becomes public behind it. */
export type EntryExchange = Pick<Exchange, 'submit' | 'submitFrames' | 'onCommitted' | 'catalog'>

export interface OrderEntryLimits {
  /** Connections at once. Default 1,000. */
  readonly connections: number
  /** Connections of one address, those that have not logged on included. Default 100. */
  readonly connectionsOfOneAddress: number
  /** Sessions of one account, those included that wait for their client to come back. Default 16. */
  readonly sessionsOfOneAccount: number
  /** Sessions of all together; over it those go first whose client has been away for longest. Default 2,000. */
  readonly sessions: number
  /** Commands of one session that may wait for the exchange; as many cancels more. Default 16,384. */
  readonly inFlight: number
  /** Commands a second of one session, a second's worth at once; cancels have as many of their own. Default 10,000; 0: any number. */
  readonly commandsPerSecond: number
  /** Bytes of answers that are kept for a client that comes back. Default 4 MiB. */
  readonly keepBytes: number
  /** Bytes of answers that a client may leave unread before it is cut. Default 8 MiB. */
  readonly unreadBytes: number
  /** How long a session waits for its client to come back. Default 10 minutes. */
  readonly keepMs: number
  /** How long a connection may take to log on. Default 5,000. */
  readonly logOnMs: number
}

export const DEFAULT_LIMITS: OrderEntryLimits = {
  connections: 1_000,
  connectionsOfOneAddress: 100,
  sessionsOfOneAccount: 16,
  sessions: 2_000,
  inFlight: 16_384,
  commandsPerSecond: 10_000,
  keepBytes: 4 << 20,
  unreadBytes: 8 << 20,
  keepMs: 600_000,
  logOnMs: 5_000,
}

export interface OrderEntryServices {
  readonly exchange: EntryExchange
  readonly apiKeys: Pick<ApiKeys, 'check' | 'find' | 'onEnd'>
  /** Whether a person may trade; everybody by default. */
  mayTrade?(user: Person): boolean
  readonly limits?: Partial<OrderEntryLimits>
  readonly log: { info(message: string, facts?: Readonly<Record<string, unknown>>): void; error(message: string, facts?: Readonly<Record<string, unknown>>): void }
  /** Milliseconds since 1970. */
  now(): number
  randomBytes(size: number): Uint8Array
}
