/** Assets and markets as the engine knows them, in integers; and what their scales mean. */
import type { AccountKind, AccountPurpose, Freeze, MarketState } from './vocabulary.js'

/** One asset; amounts are integers in units of 10^-scale. */
export interface AssetSpec {
  readonly id: number
  /** 1 to 16 characters of A-Z, 0-9; unique. */
  readonly code: string
  /** Ledger decimals, 0 to 18; never changes. */
  readonly scale: number
}

/**
 * One market.
 *
 * A price is an integer in units of 10^-priceScale quote per base, a quantity in units of
 * 10^-quantityScale base. Both scales are fixed when the market is defined, so that an old price
 * keeps its meaning; tick and lot are rules and may change.
 */
export interface MarketSpec extends MarketRules {
  readonly id: number
  /** `BASE-QUOTE`, unique. */
  readonly symbol: string
  readonly base: number
  readonly quote: number
  readonly priceScale: number
  readonly quantityScale: number
  /** Base units in one unit of quantity: 10^(base scale - quantityScale). */
  readonly baseUnit: bigint
  /** Quote units in price 1 x quantity 1: 10^(quote scale - priceScale - quantityScale), at least 1. */
  readonly notionalUnit: bigint
}

/** What a command may change on a market that runs. */
export interface MarketRules {
  readonly state: MarketState
  /** Price units; every limit price is a multiple of it. */
  readonly tickSize: bigint
  /** Quantity units; every quantity is a multiple of it. */
  readonly lotSize: bigint
  readonly minQuantity: bigint
  readonly maxQuantity: bigint
  /** Price units; with maxQuantity it bounds the notional so that int64 cannot overflow. */
  readonly maxPrice: bigint
  /** Quote units. */
  readonly minNotional: bigint
  /** Parts per million of the received amount, up to 500,000; negative: the maker gets so much out of the taker's fee. */
  readonly makerFeePpm: number
  /** Parts per million of the received amount, 0 to 500,000. */
  readonly takerFeePpm: number
  /** A market order trades at most this far from the best opposite price, in basis points, 1 to 9,999. */
  readonly marketBandBps: number
  /** Whether orders may ask for no self-trade prevention. */
  readonly allowSelfTrade: boolean
  /** Most live orders of one account in this market. */
  readonly maxOpenOrders: number
  /** Quote units; 0: the most that maxPrice and maxQuantity allow. */
  readonly maxNotional: bigint
  /** How far from the reference price an order may rest or trade, in basis points, 1 to 9,999; 0: anywhere. */
  readonly priceBandBps: number
  /** A move of more than so many basis points within the window halts the market; 0: no breaker, and the fields below are 0. */
  readonly breakerMoveBps: number
  readonly breakerWindowMs: number
  /** How long a market halted by the breaker waits for its auction, and how long that collects orders: at least, and by chance longer. */
  readonly haltMs: number
  readonly auctionMs: number
  readonly auctionRandomMs: number
}

/** What an account was opened as, for good. */
export interface AccountSpec {
  readonly id: number
  readonly name: string
  readonly kind: AccountKind
  readonly purpose: AccountPurpose
  readonly group: string
  /** Of a sub-account. */
  readonly parent: number | undefined
}

/** What `account.update` may change of an account. */
export interface AccountSettings {
  /** Number of the fee tier; 0: the fees of each market's own rules. */
  readonly feeTier: number
  /** The asset that pays its fees where it can; undefined: fees are kept back from what an order receives. */
  readonly feeAsset: number | undefined
  /** The account that gets a share of its fees. */
  readonly referrer: number | undefined
  /** Parts per million of the fee; 0 without a referrer. */
  readonly referralPpm: number
  readonly frozen: Freeze
}

/** Names to definitions, as far as the commands and events so far have made them known. */
export interface Catalog {
  asset(id: number): AssetSpec | undefined
  assetByCode(code: string): AssetSpec | undefined
  assets(): readonly AssetSpec[]
  market(id: number): MarketSpec | undefined
  marketBySymbol(symbol: string): MarketSpec | undefined
  markets(): readonly MarketSpec[]
  /** The account's number, or undefined. Numbers are dense and start at 0 (`world`) and 1 (`fees`). */
  accountByName(name: string): number | undefined
  accountName(id: number): string | undefined
}
