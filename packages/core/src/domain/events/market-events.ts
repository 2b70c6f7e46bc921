/** Events about assets and markets: what they are, and in which state. */
import type { AssetSpec, MarketSpec } from '../catalog.js'
import type { EventBase } from './event-base.js'
import type { MarketState, StateReason } from '../vocabulary.js'

export interface AssetDefined extends EventBase {
  readonly type: 'asset.defined'
  readonly asset: AssetSpec
}

export interface MarketDefined extends EventBase {
  readonly type: 'market.defined'
  readonly market: MarketSpec
}

export interface MarketUpdated extends EventBase {
  readonly type: 'market.updated'
  readonly market: MarketSpec
}

/** The price from which the band is measured until the next trade. */
export interface MarketReferenceSet extends EventBase {
  readonly type: 'market.reference-set'
  readonly market: number
  /** Price units. */
  readonly referencePrice: bigint
}

/** The market takes other orders from now on than before; see `MARKET_STATES`. */
export interface MarketStateChanged extends EventBase {
  readonly type: 'market.state-changed'
  readonly market: number
  readonly state: MarketState
  readonly reason: StateReason
  /** When the call of an auction ends, or at the earliest begins after a halt of the breaker; undefined where the state has no end of its own. */
  readonly untilUs: number | undefined
}

/** The call of an auction has ended and its price is found: the trades at it follow, in this command and its continuations. */
export interface AuctionUncrossed extends EventBase {
  readonly type: 'auction.uncrossed'
  readonly market: number
  /** Price units. */
  readonly price: bigint
  /** What trades, quantity units. */
  readonly quantity: bigint
  /** What is left at the price on one side, quantity units: positive of buyers, negative of sellers. */
  readonly surplus: bigint
}
