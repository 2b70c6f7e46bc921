/** Commands of market makers: ladders of quotes, and their protection. */
import type { SelfTradePrevention } from '../vocabulary.js'

/** One level of a ladder: the quantity that shall stand at a price; zero withdraws what stands there. */
export interface QuoteEntry {
  price: string
  quantity: string
}

/**
 * Replaces all quotes of an account in a market (FIX MassQuote): what the new ladder does not name is withdrawn.
 *
 * Best price first on each side, each price once, at most `MAX_QUOTE_ENTRIES` on both sides together.
 */
export interface QuotePlace {
  type: 'quote.place'
  account: string
  market: string
  bids: readonly QuoteEntry[]
  asks: readonly QuoteEntry[]
  /** With true, a ladder of which anything would trade at once is refused as a whole. */
  postOnly?: boolean
  selfTradePrevention?: SelfTradePrevention
}

/**
 * Sets the market-maker protection of an account's quotes in a market, in place of the one before: once fills of
 * its quotes reach a limit within the window, all its quotes there are withdrawn and new ones are refused.
 */
export interface QuoteProtect {
  type: 'quote.protect'
  account: string
  market: string
  /** In base; at least one of the two limits, unless the window is 0. */
  quantity?: string
  /** Number of fills. */
  fills?: number
  /** The window begins with a fill and lasts so long, at most an hour; 0 ends the protection, and a freeze with it. */
  windowMs: number
  /** How long new quotes are refused, at most a day; 0: until `quote.reset-protection`. */
  frozenMs?: number
}

/** Lets an account quote again in a market, and counts fills anew. */
export interface QuoteResetProtection {
  type: 'quote.reset-protection'
  account: string
  market: string
}
