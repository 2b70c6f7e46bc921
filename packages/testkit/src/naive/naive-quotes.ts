/** `quote.place` of the naive engine: judge the whole ladder, withdraw, enter. */
import {
  QUOTE_ASKS,
  QUOTE_BIDS,
  QUOTE_ENTRIES,
  QUOTE_ENTRY_BYTES,
  QUOTE_FLAGS,
  QUOTE_POST_ONLY,
  QUOTE_SELF_TRADE_PREVENTION,
  SELF_TRADE_PREVENTIONS,
  type RejectCode,
  type SelfTradePrevention,
  type Side,
} from '@bourse/core'
import { isBeyond, oppositeOf } from './naive-book.js'
import { cancel, reduce } from './naive-cancel.js'
import { isFrozen } from './naive-fill-count.js'
import { highestNotional, isWithinBand } from './naive-guards.js'
import { available, holdFor } from './naive-ledger.js'
import { orderOf } from './naive-new-order.js'
import type { NaiveOrder } from './naive-order.js'
import { faultOfPrice } from './naive-order-faults.js'
import { neededFeeHold } from './naive-order-fees.js'
import { accept, trade } from './naive-place.js'
import { faultOfTrader, liveOrders, type NaiveMarket, type NaiveRun, type NaiveState } from './naive-state.js'
import { afterTrades } from './naive-waiting.js'

interface Entry {
  readonly side: Side
  readonly price: bigint
  readonly quantity: bigint
}

interface Ladder {
  readonly account: number
  readonly market: NaiveMarket
  readonly selfTradePrevention: SelfTradePrevention
  readonly postOnly: boolean
  /** The bids and then the asks, each best first. */
  readonly entries: readonly Entry[]
}

export function placeQuotes(run: NaiveRun): RejectCode | undefined {
  const ladder = readLadder(run)
  if (typeof ladder === 'string') return ladder
  const { state } = run
  const standing = quotesOf(state, ladder)
  const successors = successorsOf(standing, ladder)
  const fresh = ladder.entries.filter((entry) => entry.quantity > 0n && ![...successors.values()].includes(entry))
  const fault = faultOfTerms(state, ladder) ?? faultOfEntries(ladder) ?? faultOfFresh(ladder, fresh) ?? faultOfStanding(state, ladder, standing) ?? faultOfMoney(run, ladder, { standing, successors, fresh })
  if (fault !== undefined) return fault

  for (const order of standing) {
    const successor = successors.get(order)
    if (successor === undefined) cancel(run, order, 'quote_replaced', true)
    else if (successor.quantity < order.leavesQuantity) reduce(run, order, { by: order.leavesQuantity - successor.quantity, reason: 'quote_replaced', rested: true })
  }
  const accepted = fresh.map((entry) => {
    const order = quoteOf(run, ladder, entry)
    accept(run, order)
    return order
  })
  for (const order of accepted) trade(run, order)
  afterTrades(run, ladder.market)
  return undefined
}

/** The order that an entry makes. */
function quoteOf(run: NaiveRun, ladder: Ladder, entry: Entry): NaiveOrder {
  const order = orderOf(run, { ...ladder, ...entry, orderType: 'limit', timeInForce: 'gtc', idempotent: false, byQuote: false, name: '', quote: true, terms: undefined })
  order.held = holdFor(run.state, order, order.quantity)
  return order
}

function readLadder({ state, frame }: NaiveRun): Ladder | RejectCode {
  if (state.accounts[frame.account] === undefined) return 'unknown_account'
  const market = state.markets[frame.market]
  if (market === undefined) return 'unknown_market'
  const bids = frame.u16(QUOTE_BIDS)
  const count = bids + frame.u16(QUOTE_ASKS)
  const selfTradePrevention = frame.word(SELF_TRADE_PREVENTIONS, QUOTE_SELF_TRADE_PREVENTION)
  const flags = frame.u8(QUOTE_FLAGS)
  if (frame.bytes !== QUOTE_ENTRIES + count * QUOTE_ENTRY_BYTES) return 'malformed_frame'
  if (selfTradePrevention === undefined || (flags & ~QUOTE_POST_ONLY) !== 0) return 'malformed_frame'
  const entries = Array.from({ length: count }, (_, index): Entry => {
    const at = QUOTE_ENTRIES + index * QUOTE_ENTRY_BYTES
    return { side: index < bids ? 'buy' : 'sell', price: frame.i64(at), quantity: frame.i64(at + 8) }
  })
  return { account: frame.account, market, selfTradePrevention, postOnly: flags === QUOTE_POST_ONLY, entries }
}

/** The account's quotes in the market, oldest first. */
export function quotesOf(state: NaiveState, { account, market }: { account: number; market: NaiveMarket }): NaiveOrder[] {
  const own = liveOrders(state).filter((order) => order.quote && order.account === account && order.market === market.spec.id)
  return own.sort((a, b) => a.orderId - b.orderId)
}

/** Which quotes go on, each as an entry of its own: one at the same price that wants no more than is left. */
function successorsOf(standing: readonly NaiveOrder[], { entries }: Ladder): Map<NaiveOrder, Entry> {
  const successors = new Map<NaiveOrder, Entry>()
  for (const order of standing) {
    const entry = entries.find(({ side, price }) => side === order.side && price === order.price)
    const isTaken = entry !== undefined && [...successors.values()].includes(entry)
    if (entry !== undefined && !isTaken && entry.quantity > 0n && entry.quantity <= order.leavesQuantity) successors.set(order, entry)
  }
  return successors
}

function faultOfTerms(state: NaiveState, { account, market: { spec }, selfTradePrevention, postOnly, entries }: Ladder): RejectCode | undefined {
  const standing = faultOfTrader(state.accounts[account]!)
  if (standing === 'not_permitted') return standing
  // Nothing but zeros is a cancel.
  if (entries.every(({ quantity }) => quantity === 0n)) return undefined
  if (standing !== undefined) return standing
  const isCollected = spec.state === 'pre-open' && !postOnly
  if (spec.state !== 'open' && spec.state !== 'post-only' && !isCollected) return 'market_not_open'
  if (selfTradePrevention === 'none' && !spec.allowSelfTrade) return 'self_trade_prevention_required'
  return isFrozen(state, account, spec.id) ? 'quotes_frozen' : undefined
}

function faultOfEntries({ market: { spec }, entries }: Ladder): RejectCode | undefined {
  for (const [index, { side, price, quantity }] of entries.entries()) {
    const fault = faultOfPrice(spec, price)
    if (fault !== undefined) return fault
    const before = entries[index - 1]
    if (before?.side === side && (side === 'buy' ? before.price <= price : before.price >= price)) return 'quote_prices_not_sorted'
    if (quantity < 0n) return 'quantity_not_positive'
    if (quantity > spec.maxQuantity) return 'quantity_above_maximum'
    if (quantity % spec.lotSize !== 0n) return 'quantity_not_multiple_of_lot_size'
  }
  const offered = entries.filter(({ quantity }) => quantity > 0n)
  const crosses = offered.some((bid) => bid.side === 'buy' && offered.some((ask) => ask.side === 'sell' && ask.price <= bid.price))
  return crosses ? 'quote_crosses_itself' : undefined
}

function faultOfFresh({ market }: Ladder, fresh: readonly Entry[]): RejectCode | undefined {
  const { spec } = market
  for (const { price, quantity } of fresh) {
    if (quantity < spec.minQuantity) return 'quantity_below_minimum'
    const notional = price * quantity * spec.notionalUnit
    if (notional < spec.minNotional) return 'notional_below_minimum'
    if (notional > highestNotional(spec)) return 'notional_above_maximum'
    if (!isWithinBand(market, price)) return 'price_outside_band'
  }
  return undefined
}

function faultOfStanding(state: NaiveState, ladder: Ladder, standing: readonly NaiveOrder[]): RejectCode | undefined {
  const { account, market, entries } = ladder
  const { spec } = market
  const offered = entries.filter(({ quantity }) => quantity > 0n)
  if (offered.length === 0) return undefined
  const others = liveOrders(state).filter((order) => order.account === account && order.market === spec.id && !standing.includes(order))
  if (others.length + offered.length > spec.maxOpenOrders) return 'too_many_open_orders'
  if (ladder.postOnly || spec.state === 'post-only') {
    const takes = offered.some((entry) => oppositeOf(market, entry.side).some((order) => !standing.includes(order) && !isBeyond(order.price, entry)))
    if (takes) return 'would_take_liquidity'
  }
  return undefined
}

/** The whole ladder must be covered, with what the old one sets free. */
function faultOfMoney(run: NaiveRun, ladder: Ladder, plan: { standing: readonly NaiveOrder[]; successors: ReadonlyMap<NaiveOrder, Entry>; fresh: readonly Entry[] }): RejectCode | undefined {
  const { state } = run
  const { account, market: { spec }, entries } = ladder
  if (entries.every(({ quantity }) => quantity === 0n)) return undefined
  const orders = plan.fresh.map((entry) => quoteOf(run, ladder, entry))
  for (const [side, asset] of [['buy', spec.quote], ['sell', spec.base]] as const) {
    const needed = sum(entries.filter((entry) => entry.side === side).map((entry) => holdFor(state, { ...entry, market: spec.id }, entry.quantity)))
    const fees = sum(orders.filter((order) => order.side === side).map((order) => neededFeeHold(order, order.held)))
    const freed = sum(plan.standing.filter((order) => order.side === side).map((order) => order.held + (plan.successors.has(order) ? 0n : order.fees.held)))
    if (needed + fees > available(state, account, asset) + freed) return 'insufficient_balance'
  }
  return undefined
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
