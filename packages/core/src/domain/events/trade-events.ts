/** The event of a trade, with what each party paid. */
import type { EventBase } from './event-base.js'
import type { FeeSource, Side } from '../vocabulary.js'

export interface TradeExecuted extends EventBase {
  readonly type: 'trade.executed'
  readonly market: number
  /** Consecutive within the market, from 1. */
  readonly tradeId: number
  /** Price units: the maker's price. */
  readonly price: bigint
  readonly quantity: bigint
  /** Quote units: price x quantity, exact. */
  readonly quoteAmount: bigint
  /** In an auction always `buy`: then the buyer stands as the taker and the seller as the maker. */
  readonly takerSide: Side
  /** Of an auction: the limits of the two orders, both of which rested, so that both their levels shrank. Price units. */
  readonly auction?: { readonly bidPrice: bigint; readonly askPrice: bigint }
  /** Both orders as they stand after the trade. */
  readonly maker: TradeParty
  readonly taker: TradeParty
}

export interface TradeParty {
  readonly orderId: number
  readonly account: number
  /** Fee of this trade, in the asset that the party receives (buyer: base, seller: quote). */
  readonly fee: bigint
  readonly filledQuantity: bigint
  readonly leavesQuantity: bigint
  readonly filledQuote: bigint
  readonly totalFee: bigint
  /** Held money that this fill did not need and that is available again (a buy below its limit); quote units for a buy, base units for a sell. */
  readonly released: bigint
  /** Nothing more will happen to the order: it was filled in full, or a market order spent its whole quote amount. */
  readonly done: boolean
  /** There where the fee was not simply kept back from what the party received; see `docs/fees.md`. */
  readonly special?: SpecialFee
}

/** How a party of a trade was charged, or paid, by other than the plain fee. */
export interface SpecialFee {
  /** Asset of the party's fee and of the referral. */
  readonly feeAsset: number
  readonly source: FeeSource
  /** Charged so far for the order in the asset that the account chose; `totalFee` is what it paid out of what it received. */
  readonly assetFee: bigint
  /** Given back of what the order held for fees, in the quote asset. */
  readonly feeReleased: bigint
  /** Who got a share of the party's fee, and how much of it. */
  readonly referrer: number | undefined
  readonly referral: bigint
  /** What the maker got out of the taker's fee, in the asset of that fee; 0 for the taker. */
  readonly rebate: bigint
}
