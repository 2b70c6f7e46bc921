/** The money that an event moved, as double-entry postings. */
import type { Catalog, MarketSpec } from '../domain/catalog.js'
import type { Event, TradeExecuted, TradeParty } from '../domain/events/events.js'
import type { Side } from '../domain/vocabulary.js'
import { FEES_ACCOUNT } from '../domain/vocabulary.js'

/** Where money of an account lies: free to use, or set aside for an order or a hold. */
export type Bucket = 'available' | 'held'

/**
 * One movement of money; it cannot be unbalanced. Between the buckets of one account it is a hold or
 * its release; between accounts it is a payment. `amount` is positive, in units of the asset.
 */
export interface Posting {
  readonly asset: number
  readonly amount: bigint
  readonly from: number
  readonly fromBucket: Bucket
  readonly to: number
  readonly toBucket: Bucket
}

/**
 * Derives every movement of money from an event: adding the postings of all events from the first on
 * gives the balances of the engine exactly, available and held.
 *
 * @param catalog knows the market of the event and the account of the fees.
 * @returns the postings in the order in which the money moves; none where the event moves nothing.
 */
export function postingsOf(event: Event, catalog: Catalog): Posting[] {
  switch (event.type) {
    case 'trade.executed':
      return tradePostings(event, catalog)
    case 'order.accepted':
      return held(event, paidAsset(catalog, event.market, event.side), event.held)
    case 'order.cancelled':
    case 'order.expired':
    case 'order.reduced':
      return held(event, paidAsset(catalog, event.market, event.side), -event.released)
    case 'order.amended':
      return held(event, paidAsset(catalog, event.market, event.side), event.heldChange)
    case 'order.fee-held':
      return held(event, event.asset, event.change)
    case 'transfer.posted':
      return payment(event.asset, event.amount, { from: event.from, fromBucket: 'available', to: event.to })
    case 'hold.placed':
      return held(event, event.asset, event.amount)
    case 'hold.released':
      return held(event, event.asset, -event.amount)
    case 'hold.settled':
      return payment(event.asset, event.amount, { from: event.account, fromBucket: 'held', to: event.to })
    default:
      return []
  }
}

function tradePostings(trade: TradeExecuted, catalog: Catalog): Posting[] {
  const market = catalog.market(trade.market)
  const fees = catalog.accountByName(FEES_ACCOUNT)
  if (market === undefined || fees === undefined) throw new RangeError(`Trade ${trade.tradeId} is of market ${trade.market}, which the catalog does not know.`)
  const [buyer, seller] = trade.takerSide === 'buy' ? [trade.taker, trade.maker] : [trade.maker, trade.taker]
  const base = trade.quantity * market.baseUnit
  if (trade.taker.special !== undefined) return specialTradePostings({ trade, market, fees, buyer, seller })
  return [
    ...payment(market.quote, trade.quoteAmount - seller.fee, { from: buyer.account, fromBucket: 'held', to: seller.account }),
    ...payment(market.quote, seller.fee, { from: buyer.account, fromBucket: 'held', to: fees }),
    ...held(buyer, market.quote, -buyer.released),
    ...payment(market.base, base - buyer.fee, { from: seller.account, fromBucket: 'held', to: buyer.account }),
    ...payment(market.base, buyer.fee, { from: seller.account, fromBucket: 'held', to: fees }),
    ...held(seller, market.base, -seller.released),
  ]
}

/** The same with special fees: each receives the whole amount, then pays its fee, out of which the referrer gets its share and the maker its rebate. */
function specialTradePostings({ trade, market, fees, buyer, seller }: { trade: TradeExecuted; market: MarketSpec; fees: number; buyer: TradeParty; seller: TradeParty }): Posting[] {
  return [
    ...payment(market.quote, trade.quoteAmount, { from: buyer.account, fromBucket: 'held', to: seller.account }),
    ...held(buyer, market.quote, -buyer.released),
    ...payment(market.base, trade.quantity * market.baseUnit, { from: seller.account, fromBucket: 'held', to: buyer.account }),
    ...held(seller, market.base, -seller.released),
    ...feePostings(trade.taker, fees),
    ...feePostings(trade.maker, fees),
    ...held(buyer, market.quote, -(buyer.special?.feeReleased ?? 0n)),
    ...payment(trade.taker.special?.feeAsset ?? market.base, trade.maker.special?.rebate ?? 0n, { from: fees, fromBucket: 'available', to: trade.maker.account }),
  ]
}

function feePostings({ account, fee, special }: TradeParty, fees: number): Posting[] {
  if (special === undefined) return []
  const { feeAsset, source, referrer, referral } = special
  return [
    ...payment(feeAsset, fee, { from: account, fromBucket: source === 'held' ? 'held' : 'available', to: fees }),
    ...payment(feeAsset, referral, { from: fees, fromBucket: 'available', to: referrer ?? fees }),
  ]
}

/** What an order pays with and holds: a buy the quote asset, a sell the base asset. */
function paidAsset(catalog: Catalog, marketId: number, side: Side): number {
  const market = catalog.market(marketId)
  if (market === undefined) throw new RangeError(`The catalog does not know market ${marketId}.`)
  return side === 'buy' ? market.quote : market.base
}

/** Sets a positive amount aside, or gives a negative one back. */
function held({ account }: { readonly account: number }, asset: number, amount: bigint): Posting[] {
  if (amount === 0n) return []
  return amount > 0n
    ? [{ asset, amount, from: account, fromBucket: 'available', to: account, toBucket: 'held' }]
    : [{ asset, amount: -amount, from: account, fromBucket: 'held', to: account, toBucket: 'available' }]
}

function payment(asset: number, amount: bigint, way: { from: number; fromBucket: Bucket; to: number }): Posting[] {
  return amount === 0n ? [] : [{ asset, amount, ...way, toBucket: 'available' }]
}
