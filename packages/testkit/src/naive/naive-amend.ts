/** `order.amend` of the naive engine. */
import {
  AMEND_ALL,
  AMEND_DISPLAY_QUANTITY,
  AMEND_EXPIRES_AT,
  AMEND_FLAGS,
  AMEND_NEW_DISPLAY_QUANTITY,
  AMEND_NEW_EXPIRES_AT,
  AMEND_NEW_PRICE,
  AMEND_NEW_QUANTITY,
  AMEND_NEW_STOP_PRICE,
  AMEND_PRICE,
  AMEND_QUANTITY,
  AMEND_STOP_PRICE,
  type RejectCode,
} from '@bourse/core'
import type { FrameReader } from './frame-reader.js'
import { isBeyond, oppositeOf, rest, unrest } from './naive-book.js'
import { cancel, reduce, siblingOf } from './naive-cancel.js'
import { findOrder } from './naive-change.js'
import { moveExpiry } from './naive-deadlines.js'
import { faultOfResting, highestNotional } from './naive-guards.js'
import { available, holdFor, setAside } from './naive-ledger.js'
import { match } from './naive-matching.js'
import { isDone, orderStateOf, termsOf, type NaiveOrder } from './naive-order.js'
import { faultOfPrice } from './naive-order-faults.js'
import { neededFeeHold, refitFeeHold } from './naive-order-fees.js'
import { reasonOf } from './naive-place.js'
import { faultOfTrader, heldAssetOf, placeOf, type NaiveRun, type NaiveState } from './naive-state.js'
import { isMet } from './naive-triggers.js'
import { afterTrades } from './naive-waiting.js'

/** What a command gives anew; undefined where it does not. */
interface Given {
  readonly price: bigint | undefined
  readonly quantity: bigint | undefined
  readonly stopPrice: bigint | undefined
  readonly displayQuantity: bigint | undefined
  readonly expiresAtUs: number | undefined
}

/** What an order is to become. */
interface Wanted {
  readonly price: bigint
  readonly quantity: bigint
}

export function amendOrder(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const order = findOrder(run)
  if (typeof order === 'string') return order
  const given = readGiven(frame)
  if (given === undefined) return 'malformed_frame'
  const wanted: Wanted = { price: given.price ?? order.price, quantity: given.quantity ?? order.quantity }
  const fault = faultOfTerms(state, order, given) ?? faultOfChange(state, order, given, wanted)
  if (fault !== undefined) return fault
  const by = order.quantity - wanted.quantity
  const isEarlierOrLater = given.expiresAtUs !== undefined && given.expiresAtUs !== order.terms!.expiresAtUs
  if (wanted.quantity <= order.filledQuantity) {
    cancel(run, order, 'amended_below_filled', true)
  } else if (!asksToMove(order, given, wanted)) {
    if (by > 0n) reduce(run, order, { by, reason: 'requested', rested: true })
    if (isEarlierOrLater) moveDeadline(run, order, given.expiresAtUs!)
  } else {
    if (isEarlierOrLater) moveExpiry(state, order, given.expiresAtUs!)
    if (isOffBook(state, order)) setTerms(run, order, given, wanted)
    else enterAnew(run, order, given, wanted)
  }
  return undefined
}

function readGiven(frame: FrameReader): Given | undefined {
  const flags = frame.u8(AMEND_FLAGS)
  const expiresAtUs = frame.f64(AMEND_NEW_EXPIRES_AT)
  if ((flags & ~AMEND_ALL) !== 0 || !Number.isSafeInteger(expiresAtUs) || expiresAtUs < 0) return undefined
  const amount = (flag: number, at: number): bigint | undefined => ((flags & flag) === 0 ? undefined : frame.i64(at))
  return {
    price: amount(AMEND_PRICE, AMEND_NEW_PRICE),
    quantity: amount(AMEND_QUANTITY, AMEND_NEW_QUANTITY),
    stopPrice: amount(AMEND_STOP_PRICE, AMEND_NEW_STOP_PRICE),
    displayQuantity: amount(AMEND_DISPLAY_QUANTITY, AMEND_NEW_DISPLAY_QUANTITY),
    expiresAtUs: (flags & AMEND_EXPIRES_AT) === 0 ? undefined : expiresAtUs,
  }
}

/** Whether anything but a smaller quantity and another deadline is asked for. */
function asksToMove({ price, quantity, terms }: NaiveOrder, given: Given, wanted: Wanted): boolean {
  const { stopPrice = terms?.stopPrice, displayQuantity = terms?.displayQuantity } = given
  return wanted.price !== price || wanted.quantity > quantity || stopPrice !== terms?.stopPrice || displayQuantity !== terms?.displayQuantity
}

/** What an order that is linked, or has no such terms, cannot be given. */
function faultOfTerms(state: NaiveState, order: NaiveOrder, { stopPrice, displayQuantity, expiresAtUs }: Given): RejectCode | undefined {
  const { spec, waiting } = state.markets[order.market]!
  const standing = faultOfTrader(state.accounts[order.account]!)
  if (standing !== undefined) return standing
  if (spec.state !== 'open' && spec.state !== 'post-only' && spec.state !== 'pre-open') return 'market_not_open'
  if (siblingOf(state, order) !== undefined || state.brackets.some(({ entry }) => entry === order)) return 'invalid_combination'
  if (stopPrice !== undefined && (!waiting.includes(order) || order.orderType === 'trailing-stop')) return 'invalid_combination'
  if (displayQuantity !== undefined && (order.terms?.displayQuantity ?? 0n) === 0n) return 'invalid_combination'
  if (expiresAtUs !== undefined && (order.terms?.expiresAtUs ?? 0) === 0) return 'invalid_combination'
  return expiresAtUs !== undefined && expiresAtUs <= state.timestampUs ? 'expiry_not_in_future' : undefined
}

function faultOfChange(state: NaiveState, order: NaiveOrder, given: Given, wanted: Wanted): RejectCode | undefined {
  const { spec } = state.markets[order.market]!
  const { stopPrice, expiresAtUs } = given
  // An order that starts as a market order may wait without a price.
  const hasNone = wanted.price === 0n && order.price === 0n
  const fault = (hasNone ? undefined : faultOfPrice(spec, wanted.price)) ?? (stopPrice === undefined ? undefined : faultOfPrice(spec, stopPrice))
  if (fault !== undefined) return fault
  if (wanted.quantity < 0n) return 'quantity_not_positive'
  if (wanted.quantity > spec.maxQuantity) return 'quantity_above_maximum'
  const moves = asksToMove(order, given, wanted)
  if (!moves && wanted.quantity === order.quantity) return (expiresAtUs ?? order.terms?.expiresAtUs) === order.terms?.expiresAtUs ? 'order_changed_nothing' : undefined
  if (wanted.quantity <= order.filledQuantity) return undefined
  if ((wanted.quantity - order.filledQuantity) % spec.lotSize !== 0n) return 'quantity_not_multiple_of_lot_size'
  if (wanted.quantity < spec.minQuantity) return 'quantity_below_minimum'
  const notional = (hasNone ? (stopPrice ?? order.terms!.stopPrice) : wanted.price) * wanted.quantity * spec.notionalUnit
  if (notional < spec.minNotional) return 'notional_below_minimum'
  return moves ? faultOfMove(state, order, given, { ...wanted, notional }) : undefined
}

function faultOfMove(state: NaiveState, order: NaiveOrder, given: Given, wanted: Wanted & { notional: bigint }): RejectCode | undefined {
  const market = state.markets[order.market]!
  const { spec, lastPrice } = market
  const { price, quantity } = wanted
  const waits = isOffBook(state, order)
  const display = given.displayQuantity ?? order.terms?.displayQuantity ?? 0n
  const isWhole = given.displayQuantity === undefined || (display > 0n && display % spec.lotSize === 0n && display < quantity)
  if (!isWhole || (display > 0n && display * 100n < quantity)) return 'display_quantity_out_of_bounds'
  if (wanted.notional > highestNotional(spec)) return 'notional_above_maximum'
  const outside = waits ? undefined : faultOfResting(market, { side: order.side, price })
  if (outside !== undefined) return outside
  const best = oppositeOf(market, order.side)[0]?.price
  const mustRest = order.postOnly || spec.state === 'post-only'
  if (mustRest && !waits && best !== undefined && !isBeyond(best, { side: order.side, price })) return 'would_take_liquidity'
  if (given.stopPrice !== undefined && lastPrice !== 0n && isMet(order, given.stopPrice, lastPrice)) return 'stop_would_trigger'
  const change = heldChange(state, order, wanted)
  const feeChange = neededFeeHold(order, order.held + change) - order.fees.held
  return change + feeChange > available(state, order.account, heldAssetOf(state, order)) ? 'insufficient_balance' : undefined
}

function heldChange(state: NaiveState, order: NaiveOrder, { price, quantity }: Wanted): bigint {
  return holdFor(state, { ...order, price }, quantity - order.filledQuantity) - order.held
}

function isOffBook(state: NaiveState, order: NaiveOrder): boolean {
  return placeOf(state, order)?.rests === false
}

/** The order stays where it is. */
function moveDeadline(run: NaiveRun, order: NaiveOrder, expiresAtUs: number): void {
  moveExpiry(run.state, order, expiresAtUs)
  order.updatedUs = run.frame.timestampUs
  const unchanged = { oldPrice: order.price, oldLeavesQuantity: order.displayed ?? order.leavesQuantity, heldChange: 0n }
  run.emit({ type: 'order.amended', ...orderStateOf(order), ...termsOf(order), rested: false, keepsPlace: !isOffBook(run.state, order), ...unchanged })
}

/** Takes the order out of the book and lets it come in again with its new terms. */
function enterAnew(run: NaiveRun, order: NaiveOrder, given: Given, wanted: Wanted): void {
  unrest(run.state, order)
  setTerms(run, order, given, wanted)
  const end = match(run, order)
  if (!isDone(order)) {
    if (end === 'own_order' || end === 'out_of_band') cancel(run, order, reasonOf(order, end), false)
    else rest(run, order)
  }
  afterTrades(run, run.state.markets[order.market]!)
}

function setTerms(run: NaiveRun, order: NaiveOrder, given: Given, wanted: Wanted): void {
  const { state, frame } = run
  const rested = !isOffBook(state, order)
  const change = heldChange(state, order, wanted)
  const oldPrice = order.price
  const oldLeavesQuantity = order.displayed ?? order.leavesQuantity
  order.displayed = undefined
  setAside(state, { account: order.account, asset: heldAssetOf(state, order), amount: change })
  order.held += change
  order.price = wanted.price
  order.quantity = wanted.quantity
  order.leavesQuantity = wanted.quantity - order.filledQuantity
  if (given.stopPrice !== undefined) order.terms!.stopPrice = given.stopPrice
  if (given.displayQuantity !== undefined) order.terms!.displayQuantity = given.displayQuantity
  order.updatedUs = frame.timestampUs
  refitFeeHold(run, order)
  run.emit({ type: 'order.amended', ...orderStateOf(order), ...termsOf(order), rested, keepsPlace: false, oldPrice, oldLeavesQuantity, heldChange: change })
}
