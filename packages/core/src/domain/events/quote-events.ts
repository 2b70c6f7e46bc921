/** Events of the protection of quotes. */
import type { EventBase } from './event-base.js'

/** The market-maker protection of an account's quotes in a market was set, or with a window of 0 ended. */
export interface QuotesProtected extends EventBase {
  readonly type: 'quotes.protected'
  readonly account: number
  readonly market: number
  /** Quantity units; 0: no limit, and so of the fills. */
  readonly quantity: bigint
  readonly fills: number
  readonly windowMs: number
  /** 0: until reset. */
  readonly frozenMs: number
}

/** Fills of the account's quotes reached a limit: its quotes in the market are withdrawn, events of which follow, and new ones are refused. */
export interface QuotesFrozen extends EventBase {
  readonly type: 'quotes.frozen'
  readonly account: number
  readonly market: number
  /** What was filled within the window: quantity units and number of fills. */
  readonly quantity: bigint
  readonly fills: number
  /** Microseconds; undefined: until reset. */
  readonly untilUs: number | undefined
}

/** The account may quote in the market again; its fills are counted anew. */
export interface QuotesUnfrozen extends EventBase {
  readonly type: 'quotes.unfrozen'
  readonly account: number
  readonly market: number
}
