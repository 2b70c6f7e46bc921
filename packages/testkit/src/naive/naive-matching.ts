/** Matching of the naive engine: one incoming order against two sorted lists. */
import type { CancelReason, TimeInForce, TradeParty } from '@bourse/core'
import { holdFor, payFromHeld, releaseFromOrder } from './naive-ledger.js'
import { chargeBoth, refitFeeHold, releaseFeeHold, type ChargedParty, type PaidFee } from './naive-order-fees.js'
import { haltMarket } from './naive-auction.js'
import { bandOn, guardsOn, noteTrade } from './naive-guards.js'
import { feeOf, liveOrders, orderStateOf, placeOf, type NaiveMarket, type NaiveOrder, type NaiveRun, type NaiveState } from './naive-state.js'
import { countFill } from './naive-protection.js'

/** Why an incoming order stopped trading. */
export type MatchEnd = 'done' | 'halted' | 'out_of_band' | 'out_of_limit' | 'out_of_book' | 'out_of_budget' | 'own_order'

/** The orders that an order of this side trades with, best first. */
export function oppositeOf(market: NaiveMarket, side: 'buy' | 'sell'): NaiveOrder[] {
  return side === 'buy' ? market.asks : market.bids
}

/** Whether a maker's price is beyond what a taker accepts. */
export function isBeyond(price: bigint, taker: { side: 'buy' | 'sell'; price: bigint }): boolean {
  return taker.side === 'buy' ? price > taker.price : price < taker.price
}

export function groupOf(state: NaiveState, account: number): string {
  return state.accounts[account]!.group
}

/** Puts an order behind all of its price and better. */
export function rest(run: NaiveRun, order: NaiveOrder): void {
  const market = run.state.markets[order.market]!
  const list = order.side === 'buy' ? market.bids : market.asks
  const place = list.findIndex(({ price }) => (order.side === 'buy' ? price < order.price : price > order.price))
  list.splice(place < 0 ? list.length : place, 0, order)
  const display = order.terms?.displayQuantity ?? 0n
  const isRefresh = order.displayed !== undefined
  if (display !== 0n) order.displayed = smaller(display, order.leavesQuantity)
  if (isRefresh) run.emit({ type: 'order.refreshed', ...orderStateOf(order), displayedQuantity: order.displayed! })
  else run.emit({ type: 'order.rested', ...orderStateOf(order), ...displayedOf(order.displayed) })
}

/** What an event of a resting iceberg tells beside the order. */
function displayedOf(quantity: bigint | undefined): { displayedQuantity?: bigint } {
  return quantity === undefined ? {} : { displayedQuantity: quantity }
}

/** Takes an order out of the list that it stands in. @returns whether that was a side of the book. */
export function unrest(state: NaiveState, order: NaiveOrder): boolean {
  const place = placeOf(state, order)
  place?.list.splice(place.list.indexOf(order), 1)
  return place?.rests ?? false
}

/** Ends an order with quantity left and gives back what it holds. */
export function cancel(run: NaiveRun, order: NaiveOrder, reason: CancelReason, lives: boolean): void {
  const sibling = part(run.state, order)
  const rested = lives && unrest(run.state, order)
  const cancelledQuantity = order.leavesQuantity
  const released = order.held
  order.leavesQuantity = 0n
  releaseFromOrder(run.state, order, released)
  run.emit({ type: 'order.cancelled', ...orderStateOf(order), reason, rested, ...displayedOf(order.displayed), cancelledQuantity, released })
  if (sibling !== undefined) endBracketOf(run, order)
  // An entry that is cancelled while it rests has no fills that its exits do not know of.
  const bracket = lives ? run.state.brackets.find(({ entry }) => entry === order) : undefined
  if (bracket !== undefined) run.state.brackets.splice(run.state.brackets.indexOf(bracket), 1)
  releaseFeeHold(run, order)
  if (sibling !== undefined) cancel(run, sibling, 'linked_order', true)
}

/** Where an exit trades, is triggered or is gone, its bracket is over and what is left of the entry is cancelled. */
function endBracketOf(run: NaiveRun, exit: NaiveOrder): void {
  const { brackets } = run.state
  const bracket = brackets.find(({ exits }) => exits?.includes(exit))
  if (bracket === undefined) return
  brackets.splice(brackets.indexOf(bracket), 1)
  if (placeOf(run.state, bracket.entry) !== undefined && bracket.entry.leavesQuantity > 0n) cancel(run, bracket.entry, 'linked_order', true)
}

/** Ends the pair that an exit belongs to. @returns the other exit. */
function part(state: NaiveState, order: NaiveOrder): NaiveOrder | undefined {
  const sibling = siblingOf(state, order)
  if (sibling === undefined) return undefined
  sibling.terms!.siblingOrderId = 0
  order.terms!.siblingOrderId = 0
  return sibling
}

export function siblingOf(state: NaiveState, order: NaiveOrder): NaiveOrder | undefined {
  const siblingOrderId = order.terms?.siblingOrderId ?? 0
  return siblingOrderId === 0 ? undefined : liveOrders(state).find(({ orderId }) => orderId === siblingOrderId)
}

/** The other exit goes as soon as one trades or is triggered; what the pair holds and the one does not need is free again. */
export function keepAlone(run: NaiveRun, order: NaiveOrder): void {
  const sibling = part(run.state, order)
  if (sibling === undefined) return
  const needed = holdFor(run.state, order, order.leavesQuantity)
  sibling.held += order.held - needed
  order.held = needed
  endBracketOf(run, order)
  cancel(run, sibling, 'linked_order', true)
  refitFeeHold(run, order)
}

/** Ends an order whose deadline has come, and gives back what it holds. */
export function expire(run: NaiveRun, order: NaiveOrder): void {
  const rested = unrest(run.state, order)
  const cancelledQuantity = order.leavesQuantity
  const released = order.held
  order.leavesQuantity = 0n
  releaseFromOrder(run.state, order, released)
  run.emit({ type: 'order.expired', ...orderStateOf(order), rested, ...displayedOf(order.displayed), cancelledQuantity, released })
  releaseFeeHold(run, order)
}

/** Takes quantity off an order in place, less than its leaves, and gives back what that held. */
export function reduce(run: NaiveRun, order: NaiveOrder, change: { by: bigint; reason: CancelReason; rested: boolean }): void {
  const { by, reason } = change
  const sibling = siblingOf(run.state, order)
  if (sibling !== undefined) return reducePair(run, [order, sibling], { by, reason })
  const rested = placeOf(run.state, order)?.rests ?? false
  order.quantity -= by
  order.leavesQuantity -= by
  // A market buy holds the probed cost of its trades, in which what is decremented has no part.
  const released = order.orderType === 'market' && order.side === 'buy' ? 0n : holdFor(run.state, order, by)
  releaseFromOrder(run.state, order, released)
  refitFeeHold(run, order)
  if (change.rested) order.updatedUs = run.frame.timestampUs
  // What is hidden goes first.
  const displayed = order.displayed
  if (displayed !== undefined) order.displayed = smaller(displayed, order.leavesQuantity)
  const lost = displayed === undefined ? undefined : displayed - order.displayed!
  run.emit({ type: 'order.reduced', ...orderStateOf(order), rested, ...displayedOf(lost), reducedQuantity: by, released, reason })
}

/** Both exits of a pair become smaller; the older one holds what the dearer of them needs. */
function reducePair(run: NaiveRun, pair: readonly [NaiveOrder, NaiveOrder], { by, reason }: { by: bigint; reason: CancelReason }): void {
  const { state } = run
  for (const order of pair) {
    order.quantity -= by
    order.leavesQuantity -= by
    order.updatedUs = run.frame.timestampUs
  }
  const holder = pair[0].orderId < pair[1].orderId ? pair[0] : pair[1]
  const needs = pair.map((order) => holdFor(state, order, order.leavesQuantity))
  const excess = holder.held - (needs[0]! > needs[1]! ? needs[0]! : needs[1]!)
  releaseFromOrder(state, holder, excess)
  refitFeeHold(run, holder)
  for (const order of pair) {
    run.emit({ type: 'order.reduced', ...orderStateOf(order), rested: placeOf(state, order)?.rests ?? false, reducedQuantity: by, released: order === holder ? excess : 0n, reason })
  }
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

/** Whether what does not trade at once is to stay. */
export function rests(order: { timeInForce: TimeInForce }): boolean {
  return order.timeInForce !== 'ioc' && order.timeInForce !== 'fok'
}

/** Nothing left to trade: no leaves, or the whole quote amount used. */
export function isDone(order: NaiveOrder): boolean {
  return order.quoteQuantity > 0n ? order.filledQuote === order.quoteQuantity : order.leavesQuantity === 0n
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

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
