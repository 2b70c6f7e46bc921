/** Auctions of the naive engine: collecting until the call ends, one price for all, and the trades at it. */
import { AUCTION_ENDS_AT, type MarketState, type RejectCode } from '@bourse/core'
import { rest, unrest } from './naive-book.js'
import { keepAlone } from './naive-cancel.js'
import { fitExits } from './naive-exits.js'
import { referenceOf } from './naive-guards.js'
import { payFromHeld, releaseFromOrder } from './naive-ledger.js'
import { enterState, forgetAuction } from './naive-market-states.js'
import { partyOf } from './naive-matching.js'
import type { NaiveOrder } from './naive-order.js'
import { chargeBoth } from './naive-order-fees.js'
import type { NaiveMarket, NaiveRun } from './naive-state.js'
import { show } from './naive-waiting.js'

export function callAuction(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const market = state.markets[frame.market]
  if (market === undefined) return 'unknown_market'
  const endsAtUs = frame.f64(AUCTION_ENDS_AT)
  if (!Number.isSafeInteger(endsAtUs) || endsAtUs <= 0) return 'malformed_frame'
  if (market.spec.state === 'delisted') return 'market_not_open'
  forgetAuction(state, market)
  state.deadlines.push({ kind: 'auction-end', atUs: endsAtUs, ticket: ++state.lastTicket, account: 0, market: market.spec.id, orderId: 0 })
  enterState(run, market, { to: 'pre-open', reason: 'auction_called' })
  return undefined
}

/** Whether somebody bids what somebody else asks. */
export function isCrossed({ bids, asks }: NaiveMarket): boolean {
  return bids.some((bid) => asks.some((ask) => bid.price >= ask.price))
}

interface Outcome {
  readonly price: bigint
  readonly quantity: bigint
  readonly surplus: bigint
}

/** What the auction comes to: every limit price between the lowest ask and the highest bid is tried. */
export function outcomeOf(market: NaiveMarket): Outcome | undefined {
  const { bids, asks } = market
  if (!isCrossed(market)) return undefined
  const [highest, lowest] = [bids[0]!.price, asks[0]!.price]
  const prices = [...new Set([...bids, ...asks].map(({ price }) => price))].filter((price) => price >= lowest && price <= highest)
  prices.sort((a, b) => Number(a - b))
  const outcomes = prices.map((price): Outcome => {
    const demand = total(bids.filter((bid) => bid.price >= price))
    const supply = total(asks.filter((ask) => ask.price <= price))
    return { price, quantity: demand < supply ? demand : supply, surplus: demand - supply }
  })
  const most = outcomes.filter(({ quantity }) => outcomes.every((other) => other.quantity <= quantity))
  const least = most.filter(({ surplus }) => most.every((other) => size(other.surplus) >= size(surplus)))
  if (least.every(({ surplus }) => surplus > 0n)) return least[least.length - 1]
  if (least.every(({ surplus }) => surplus < 0n)) return least[0]
  const reference = referenceOf(market)
  if (reference === 0n) return least[Math.floor(least.length / 2)]
  const nearest = least.filter(({ price }) => least.every((other) => size(other.price - reference) >= size(price - reference)))
  return nearest[nearest.length - 1]
}

/** Trades at the auction's price as far as the command has room. Tells whether the auction is over. */
export function uncross(run: NaiveRun, market: NaiveMarket, then: MarketState): boolean {
  if (market.auctionPrice === 0n) {
    const outcome = outcomeOf(market)
    if (outcome !== undefined) {
      market.auctionPrice = outcome.price
      run.emit({ type: 'auction.uncrossed', market: market.spec.id, ...outcome })
    }
  }
  const price = market.auctionPrice
  while (price > 0n) {
    const [buyer, seller] = [market.bids[0], market.asks[0]]
    if (buyer === undefined || seller === undefined || buyer.price < price || seller.price > price) break
    if (run.room === 0) return false
    run.room--
    trade(run, market, { buyer, seller, price })
  }
  market.auctionPrice = 0n
  market.window = undefined
  enterState(run, market, { to: then, reason: 'auction_ended' })
  if (price > 0n) show(run, market, price)
  fitExits(run, market, 'all')
  run.examined = run.events.length
  return true
}

function trade(run: NaiveRun, market: NaiveMarket, { buyer, seller, price }: { buyer: NaiveOrder; seller: NaiveOrder; price: bigint }): void {
  const { state } = run
  const { spec } = market
  const [wanted, offered] = [buyer.displayed ?? buyer.leavesQuantity, seller.displayed ?? seller.leavesQuantity]
  const quantity = wanted < offered ? wanted : offered
  const quote = price * quantity * spec.notionalUnit
  const base = quantity * spec.baseUnit
  payFromHeld(state, { from: buyer.account, to: seller.account, asset: spec.quote, amount: quote })
  payFromHeld(state, { from: seller.account, to: buyer.account, asset: spec.base, amount: base })
  buyer.held -= quote
  seller.held -= base
  const released = (buyer.price - price) * quantity * spec.notionalUnit
  releaseFromOrder(state, buyer, released)
  for (const order of [buyer, seller]) {
    order.filledQuantity += quantity
    order.filledQuote += quote
    order.leavesQuantity -= quantity
    if (order.displayed !== undefined) order.displayed -= quantity
    order.updatedUs = run.frame.timestampUs
  }
  // Both pay as takers.
  const paid = chargeBoth(state, {
    taker: { order: buyer, ratePpm: buyer.takerFeePpm, asset: spec.base, amount: base, quote: spec.quote, quoteAmount: quote },
    maker: { order: seller, ratePpm: seller.takerFeePpm, asset: spec.quote, amount: quote, quote: spec.quote, quoteAmount: quote },
    rebates: false,
  })
  const usedUp = [buyer, seller].filter((order) => order.leavesQuantity === 0n || order.displayed === 0n)
  for (const order of usedUp) unrest(state, order)
  market.lastPrice = price
  market.givenReference = 0n
  run.emit({
    type: 'trade.executed',
    market: spec.id,
    tradeId: ++market.lastTradeId,
    price,
    quantity,
    quoteAmount: quote,
    takerSide: 'buy',
    auction: { bidPrice: buyer.price, askPrice: seller.price },
    maker: partyOf(seller, paid.maker, 0n),
    taker: partyOf(buyer, paid.taker, released),
  })
  keepAlone(run, buyer)
  keepAlone(run, seller)
  // The next part of an iceberg.
  for (const order of usedUp) if (order.leavesQuantity > 0n) rest(run, order)
}

function total(orders: readonly NaiveOrder[]): bigint {
  return orders.reduce((sum, { leavesQuantity }) => sum + leavesQuantity, 0n)
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value
}
