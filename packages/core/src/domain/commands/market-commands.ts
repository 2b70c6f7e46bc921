/** Commands that define assets and markets and set how a market trades. */
import type { MarketState } from '../vocabulary.js'

export interface AssetDefine {
  type: 'asset.define'
  code: string
  scale: number
}

/** Rules as decimal strings: prices in quote, quantities in base, notionals in quote; fees as fractions (`0.001` is 0.1 %, at most 6 decimals), the maker's negative for a rebate. */
export interface MarketRulesInput {
  state: MarketState
  tickSize: string
  lotSize: string
  minQuantity: string
  maxQuantity: string
  maxPrice: string
  minNotional: string
  makerFee: string
  takerFee: string
  marketBandBps: number
  allowSelfTrade: boolean
  maxOpenOrders: number
  /** In quote; absent or 0: the most that maxPrice and maxQuantity allow. */
  maxNotional?: string
  /** How far from the reference price an order may rest or trade, in basis points, 1 to 9,999; absent or 0: anywhere. */
  priceBandBps?: number
  /** The circuit breaker: a move of more than so many basis points (1 to 9,999) within the window halts the market; absent or 0: none. */
  breakerMoveBps?: number
  /** Milliseconds, 1 to 86,400,000; given with `breakerMoveBps` only. */
  breakerWindowMs?: number
  /** How long the breaker halts a market before the auction that opens it again is called, milliseconds. */
  haltMs?: number
  /** How long that auction collects orders, and how much longer at most, by chance. */
  auctionMs?: number
  auctionRandomMs?: number
}

export interface MarketDefine extends MarketRulesInput {
  type: 'market.define'
  symbol: string
  base: string
  quote: string
  /** Decimals of prices and quantities, for ever; at least those of tickSize and lotSize. */
  priceScale: number
  quantityScale: number
  /** What the price band is measured from until the first trade; see {@link MarketSetReference}. */
  referencePrice?: string
}

/** Replaces all rules of a market; resting orders that break the new tick, lot, maxima or band are cancelled. */
export interface MarketUpdate extends MarketRulesInput {
  type: 'market.update'
  market: string
}

/**
 * Sets the price from which the price band is measured, until the next trade.
 *
 * Resting orders outside the band around it are cancelled.
 */
export interface MarketSetReference {
  type: 'market.set-reference'
  market: string
  referencePrice: string
}

/**
 * Calls an auction: the market collects limit orders until the call ends, then all that can trade do so at one
 * price, and the market opens. In a market that is in an auction already, sets a new end.
 */
export interface MarketAuction {
  type: 'market.auction'
  market: string
  /** Whole milliseconds since 1970; at or before the time of the command: at once. */
  endsAt: number
}
