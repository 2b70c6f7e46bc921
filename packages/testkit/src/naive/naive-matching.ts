/** Matching of the naive engine: one incoming order against two sorted lists. */
import type { TradeParty } from '@bourse/core'
import { isBeyond, oppositeOf, rest, smaller, unrest } from './naive-book.js'
import { cancel, keepAlone, reduce } from './naive-cancel.js'
import { countFill } from './naive-fill-count.js'
import { bandOn, guardsOn, noteTrade } from './naive-guards.js'
import { payFromHeld, releaseFromOrder } from './naive-ledger.js'
import { haltMarket } from './naive-market-states.js'
import { feeOf, isDone, rests, type NaiveOrder } from './naive-order.js'
import { chargeBoth, type ChargedParty, type PaidFee } from './naive-order-fees.js'
import type { NaiveMarket, NaiveRun, NaiveState } from './naive-state.js'

/** Why an incoming order stopped trading. */
export type MatchEnd = 'done' | 'halted' | 'out_of_band' | 'out_of_limit' | 'out_of_book' | 'out_of_budget' | 'own_order'

export function groupOf(state: NaiveState, account: number): string {
  return state.accounts[account]!.group
}

/** Trades an incoming order until it is done or must stop. */
export function match(run: NaiveRun, taker: NaiveOrder): MatchEnd {
  const { state } = run
  const market = state.markets[taker.market]!
  if (market.spec.state !== 'open' && market.spec.state !== 'post-only') return 'out_of_limit'
  const makers = oppositeOf(market, taker.side)
  // Band and breaker are those of the moment before the order: its own trades do not move them.
  const stopAt = guardsOn(market, taker.side, run.frame.timestampUs)
  const isOutOfBand = bandOn(market, taker.side)
  for (;;) {
    const maker = makers[0]
    const stop = maker === undefined || isBeyond(maker.price, taker) ? undefined : stopAt(maker.price)
    if (maker === undefined || isBeyond(maker.price, taker) || stop !== undefined) {
      if (stop === 'breaker') haltMarket(run, market)
      if (rests(taker) && isOutOfBand(taker.price)) return 'out_of_band'
      if (maker === undefined) return 'out_of_book'
      if (stop === undefined) return 'out_of_limit'
      return stop === 'breaker' ? 'halted' : 'out_of_band'
    }
    if (groupOf(state, maker.account) === groupOf(state, taker.account) && taker.selfTradePrevention !== 'none') {
      const stops = preventSelfTrade(run, taker, maker)
      if (stops) return 'own_order'
      if (taker.quoteQuantity === 0n && taker.leavesQuantity === 0n) return 'done'
      continue
    }
    const quantity = smaller(tradable(market, taker, maker.price), maker.displayed ?? maker.leavesQuantity)
    if (quantity === 0n) return 'out_of_budget'
    trade(run, { taker, maker, quantity })
    if (isDone(taker)) return 'done'
  }
}

/** How much an order may still trade at a price; whole lots, where it is bounded by a quote amount. */
function tradable({ spec }: NaiveMarket, order: NaiveOrder, price: bigint): bigint {
  if (order.quoteQuantity === 0n) return order.leavesQuantity
  const units = (order.quoteQuantity - order.filledQuote) / (price * spec.notionalUnit)
  return units - (units % spec.lotSize)
}

/** Acts on an own order that stands in the way. Tells whether the taker must stop. */
function preventSelfTrade(run: NaiveRun, taker: NaiveOrder, maker: NaiveOrder): boolean {
  switch (taker.selfTradePrevention) {
    case 'cancel-taker':
      return true
    case 'cancel-maker':
      cancel(run, maker, 'self_trade_prevention', true)
      return false
    case 'cancel-both':
      cancel(run, maker, 'self_trade_prevention', true)
      return true
    default: {
      const by = smaller(taker.leavesQuantity, maker.leavesQuantity)
      if (by === maker.leavesQuantity) cancel(run, maker, 'self_trade_prevention', true)
      else reduce(run, maker, { by, reason: 'self_trade_prevention', rested: true })
      if (by === taker.leavesQuantity) cancel(run, taker, 'self_trade_prevention', false)
      else reduce(run, taker, { by, reason: 'self_trade_prevention', rested: false })
      return false
    }
  }
}

function trade(run: NaiveRun, { taker, maker, quantity }: { taker: NaiveOrder; maker: NaiveOrder; quantity: bigint }): void {
  const { state } = run
  const market = state.markets[taker.market]!
  const { spec } = market
  const price = maker.price
  const quote = price * quantity * spec.notionalUnit
  const base = quantity * spec.baseUnit
  const [buyer, seller] = taker.side === 'buy' ? [taker, maker] : [maker, taker]

  payFromHeld(state, { from: buyer.account, to: seller.account, asset: spec.quote, amount: quote })
  payFromHeld(state, { from: seller.account, to: buyer.account, asset: spec.base, amount: base })
  buyer.held -= quote
  seller.held -= base
  const released = taker.side === 'buy' && taker.orderType !== 'market' ? (taker.price - price) * quantity * spec.notionalUnit : 0n
  releaseFromOrder(state, taker, released)

  for (const order of [taker, maker]) {
    order.filledQuantity += quantity
    order.filledQuote += quote
    if (order.quoteQuantity === 0n) order.leavesQuantity -= quantity
  }
  const paid = chargeBoth(state, {
    taker: { order: taker, ratePpm: taker.takerFeePpm, ...received(taker) },
    maker: { order: maker, ratePpm: maker.makerFeePpm, ...received(maker) },
    rebates: true,
  })
  maker.updatedUs = run.frame.timestampUs
  if (maker.displayed !== undefined) maker.displayed -= quantity
  const isUsedUp = maker.leavesQuantity === 0n || maker.displayed === 0n
  if (isUsedUp) unrest(state, maker)
  noteTrade(market, price, run.frame.timestampUs)
  market.lastPrice = price
  market.givenReference = 0n
  run.emit({
    type: 'trade.executed',
    market: spec.id,
    tradeId: ++market.lastTradeId,
    price,
    quantity,
    quoteAmount: quote,
    takerSide: taker.side,
    maker: partyOf(maker, paid.maker, 0n),
    taker: partyOf(taker, paid.taker, released),
  })
  keepAlone(run, maker)
  keepAlone(run, taker)
  if (maker.quote) countFill(run, maker, quantity)
  if (isUsedUp && maker.leavesQuantity > 0n) rest(run, maker)

  function received(order: NaiveOrder): Omit<ChargedParty, 'order' | 'ratePpm'> {
    const side = order.side === 'buy' ? { asset: spec.base, amount: base } : { asset: spec.quote, amount: quote }
    return { ...side, quote: spec.quote, quoteAmount: quote }
  }
}

export function partyOf(order: NaiveOrder, { fee, special }: PaidFee, released: bigint): TradeParty {
  return {
    orderId: order.orderId,
    account: order.account,
    fee,
    filledQuantity: order.filledQuantity,
    leavesQuantity: order.leavesQuantity,
    filledQuote: order.filledQuote,
    totalFee: feeOf(order),
    released,
    done: isDone(order),
    ...(special === undefined ? {} : { special }),
  }
}

/** What an order that is not yet accepted would trade, quantity and quote, found on a copy of the book. */
export function probe(state: NaiveState, order: NaiveOrder): { quantity: bigint; quote: bigint } {
  const market = state.markets[order.market]!
  const wanted: NaiveOrder = { ...order }
  const stopAt = guardsOn(market, order.side, state.timestampUs)
  const makers = oppositeOf(market, order.side).map((maker) => ({ ...maker }))
  for (let maker = makers.shift(); maker !== undefined; maker = makers.shift()) {
    if (isBeyond(maker.price, wanted) || stopAt(maker.price) !== undefined || isDone(wanted)) break
    if (groupOf(state, maker.account) === groupOf(state, wanted.account) && wanted.selfTradePrevention !== 'none') {
      if (wanted.selfTradePrevention === 'cancel-maker') continue
      if (wanted.selfTradePrevention !== 'decrement') break
      wanted.leavesQuantity -= smaller(wanted.leavesQuantity, maker.leavesQuantity)
      continue
    }
    const quantity = smaller(tradable(market, wanted, maker.price), maker.displayed ?? maker.leavesQuantity)
    if (quantity === 0n) break
    wanted.filledQuantity += quantity
    wanted.filledQuote += quantity * maker.price * market.spec.notionalUnit
    if (wanted.quoteQuantity === 0n) wanted.leavesQuantity -= quantity
    maker.leavesQuantity -= quantity
    if (maker.displayed !== undefined) maker.displayed -= quantity
    if (maker.leavesQuantity === 0n) continue
    if (maker.displayed !== 0n) {
      makers.unshift(maker)
      continue
    }
    // The next part of an iceberg stands behind all of its price.
    maker.displayed = smaller(maker.terms!.displayQuantity, maker.leavesQuantity)
    const { price } = maker
    const place = makers.findIndex((other) => other.price !== price)
    makers.splice(place < 0 ? makers.length : place, 0, maker)
  }
  return { quantity: wanted.filledQuantity, quote: wanted.filledQuote }
}
