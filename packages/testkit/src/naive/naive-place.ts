/** `order.place` of the naive engine: read, judge, then hold, match, rest or cancel. */
import {
  ORDER_TYPES,
  PLACE_2_SLIDE,
  PLACE_ACTIVATION_PRICE,
  PLACE_BY_QUOTE,
  PLACE_CLIENT_ORDER_ID,
  PLACE_DISPLAY_QUANTITY,
  PLACE_EXPIRES_AT,
  PLACE_FLAGS,
  PLACE_FLAGS_2,
  PLACE_HAS_PRICE,
  PLACE_IDEMPOTENT,
  PLACE_ORDER_TYPE,
  PLACE_POST_ONLY,
  PLACE_PRICE,
  PLACE_QUANTITY,
  PLACE_SELF_TRADE_PREVENTION,
  PLACE_SIDE,
  PLACE_SPARE,
  PLACE_STOP_PRICE,
  PLACE_TIME_IN_FORCE,
  PLACE_TRAILING_BPS,
  PLACE_TRAILING_OFFSET,
  SELF_TRADE_PREVENTIONS,
  SIDES,
  TIMES_IN_FORCE,
  type CancelReason,
  type RejectCode,
} from '@bourse/core'
import type { FrameReader } from './frame-reader.js'
import { isBeyond, oppositeOf, rest } from './naive-book.js'
import { cancel } from './naive-cancel.js'
import { awaitExpiry } from './naive-deadlines.js'
import { available, holdFor, setAside } from './naive-ledger.js'
import { match, probe, type MatchEnd } from './naive-matching.js'
import { orderOf } from './naive-new-order.js'
import { isDone, orderStateOf, rests, termsOf, type NaiveOrder, type NaiveTerms } from './naive-order.js'
import { faultOfLiquidity, faultOfStanding, faultOfTerms, faultOfTrigger } from './naive-order-faults.js'
import { attachFees, neededFeeHold } from './naive-order-fees.js'
import { recall, remember, type RequestKey } from './naive-requests.js'
import { heldAssetOf, type NaiveRun, type NaiveState, type WantedOrder } from './naive-state.js'
import { isConditional, wait } from './naive-triggers.js'
import { afterTrades } from './naive-waiting.js'

/** What a bracket adds to the order that is its entry. */
export interface EntryOf {
  fault(entry: WantedOrder): RejectCode | undefined
  accepted(entry: NaiveOrder): void
}

export function placeOrder(run: NaiveRun, bracket?: EntryOf): RejectCode | undefined {
  const asked = readOrder(run)
  if (typeof asked === 'string') return asked
  const wanted = slide(asked)
  const { state } = run
  const key: RequestKey = { requests: state.orderRequests, scope: wanted.account, text: wanted.name }
  if (wanted.idempotent) {
    const recalled = recall(run, key)
    if (recalled !== 'new') return recalled === 'repeated' ? undefined : 'duplicate_request'
  }
  const waits = isConditional(wanted.orderType)
  const fault = faultOfTerms(state, wanted) ?? faultOfStanding(state, wanted) ?? (waits ? faultOfTrigger(state, wanted) : faultOfLiquidity(wanted))
  if (fault !== undefined) return fault
  const order = orderOf(run, wanted)
  const found = waits ? { quantity: 0n, quote: 0n } : probe(state, order)
  order.held = neededHold(state, order, found)
  if (order.held + neededFeeHold(order, order.held) > available(state, order.account, heldAssetOf(state, order))) return 'insufficient_balance'
  const faultOfBracket = bracket?.fault(wanted)
  if (faultOfBracket !== undefined) return faultOfBracket

  if (wanted.idempotent) remember(run, key, { limit: state.limits.orderRequests, orderId: order.orderId })
  bracket?.accepted(order)
  accept(run, order)
  if (waits) {
    wait(run, order)
    return undefined
  }
  if (order.timeInForce === 'fok' && found.quantity < order.quantity) cancel(run, order, 'fok_not_filled', false)
  else trade(run, order)
  afterTrades(run, wanted.market)
  return undefined
}

/** Takes in an order whose hold is known and covered. */
export function accept(run: NaiveRun, order: NaiveOrder): void {
  const { state } = run
  state.lastOrderId = order.orderId
  setAside(state, { account: order.account, asset: heldAssetOf(state, order), amount: order.held })
  attachFees(run, order)
  awaitExpiry(state, order)
  run.emit({ type: 'order.accepted', ...orderStateOf(order), ...termsOf(order), held: order.held })
}

/** Trades an accepted order, and rests or cancels what is left of it. */
export function trade(run: NaiveRun, order: NaiveOrder): void {
  const end = match(run, order)
  if (isDone(order)) return
  if (rests(order) && end !== 'own_order' && end !== 'out_of_band') rest(run, order)
  else cancel(run, order, reasonOf(order, end), false)
}

function readOrder({ state, frame }: NaiveRun): WantedOrder | RejectCode {
  if (state.accounts[frame.account] === undefined) return 'unknown_account'
  const market = state.markets[frame.market]
  if (market === undefined) return 'unknown_market'
  const side = frame.word(SIDES, PLACE_SIDE)
  const orderType = frame.word(ORDER_TYPES, PLACE_ORDER_TYPE)
  const timeInForce = frame.word(TIMES_IN_FORCE, PLACE_TIME_IN_FORCE)
  const selfTradePrevention = frame.word(SELF_TRADE_PREVENTIONS, PLACE_SELF_TRADE_PREVENTION)
  const flags = frame.u8(PLACE_FLAGS)
  const known = PLACE_POST_ONLY | PLACE_IDEMPOTENT | PLACE_BY_QUOTE | PLACE_HAS_PRICE
  if (side === undefined || orderType === undefined || timeInForce === undefined || selfTradePrevention === undefined || (flags & ~known) !== 0) return 'malformed_frame'
  const isSpecial = frame.carriesTerms
  // The compact frame knows no more than this.
  if (!isSpecial && (orderType !== 'limit' && orderType !== 'market' || timeInForce === 'gtd')) return 'malformed_frame'
  const terms = isSpecial ? readTerms(frame) : undefined
  if (terms === 'malformed') return 'malformed_frame'
  const name = frame.text(PLACE_CLIENT_ORDER_ID)
  const idempotent = (flags & PLACE_IDEMPOTENT) !== 0
  if (name === undefined || (name === '' && idempotent)) return 'malformed_text'
  return {
    account: frame.account,
    market,
    side,
    orderType,
    timeInForce,
    selfTradePrevention,
    postOnly: (flags & PLACE_POST_ONLY) !== 0,
    idempotent,
    quote: false,
    byQuote: (flags & PLACE_BY_QUOTE) !== 0,
    price: (flags & PLACE_HAS_PRICE) !== 0 ? frame.i64(PLACE_PRICE) : undefined,
    askedPrice: (flags & PLACE_HAS_PRICE) !== 0 ? frame.i64(PLACE_PRICE) : undefined,
    slides: isSpecial && (frame.u32(PLACE_FLAGS_2) & PLACE_2_SLIDE) !== 0,
    quantity: frame.i64(PLACE_QUANTITY),
    name,
    terms,
  }
}

/** The order with the price that it has after sliding. */
function slide(order: WantedOrder): WantedOrder {
  const best = oppositeOf(order.market, order.side)[0]?.price
  if (!order.slides || order.price === undefined || best === undefined || isBeyond(best, { side: order.side, price: order.price })) return order
  const { tickSize } = order.market.spec
  return { ...order, price: order.side === 'buy' ? best - tickSize : best + tickSize }
}

function readTerms(frame: FrameReader): NaiveTerms | 'malformed' {
  const expiresAtUs = frame.f64(PLACE_EXPIRES_AT)
  const isTime = Number.isInteger(expiresAtUs) && expiresAtUs >= 0 && expiresAtUs <= Number.MAX_SAFE_INTEGER
  if (!isTime || (frame.u32(PLACE_FLAGS_2) & ~PLACE_2_SLIDE) !== 0 || frame.i64(PLACE_SPARE) !== 0n || frame.i64(PLACE_SPARE + 8) !== 0n) return 'malformed'
  return {
    stopPrice: frame.i64(PLACE_STOP_PRICE),
    displayQuantity: frame.i64(PLACE_DISPLAY_QUANTITY),
    expiresAtUs,
    trailingOffset: frame.i64(PLACE_TRAILING_OFFSET),
    trailingBps: frame.u32(PLACE_TRAILING_BPS),
    activationPrice: frame.i64(PLACE_ACTIVATION_PRICE),
    extreme: 0n,
    siblingOrderId: 0,
    follows: false,
  }
}

/** With a limit or a cap: the whole quantity at its price. Market: what it would spend; a sell by quantity all of it. */
function neededHold(state: NaiveState, order: NaiveOrder, found: { quantity: bigint; quote: bigint }): bigint {
  if (order.orderType !== 'market') return holdFor(state, order, order.quantity)
  if (order.side === 'buy') return order.quoteQuantity > 0n ? order.quoteQuantity : found.quote
  return holdFor(state, order, order.quoteQuantity > 0n ? found.quantity : order.quantity)
}

export function reasonOf(order: NaiveOrder, end: MatchEnd): CancelReason {
  if (end === 'own_order') return 'self_trade_prevention'
  if (end === 'out_of_band') return 'price_band'
  if (end === 'halted') return 'circuit_breaker'
  if (order.orderType === 'limit') return 'ioc_remainder'
  return end === 'out_of_limit' ? 'protection_price' : 'market_remainder'
}
