/** `order.cancel`, `order.reduce` and `order.amend` of the naive engine. */
import {
  AMEND_FLAGS,
  AMEND_NEW_PRICE,
  AMEND_NEW_QUANTITY,
  AMEND_PRICE,
  AMEND_QUANTITY,
  REDUCE_LEAVES,
  REFERENCE_CLIENT_ORDER_ID,
  REFERENCE_ORDER_ID,
  type RejectCode,
} from '@bourse/core'
import { isBeyond, oppositeOf, rest, unrest } from './naive-book.js'
import { cancel, reduce, siblingOf } from './naive-cancel.js'
import { faultOfResting, highestNotional } from './naive-guards.js'
import { available, holdFor, setAside } from './naive-ledger.js'
import { match } from './naive-matching.js'
import { clientOrderIdOf, isDone, orderStateOf, termsOf, type NaiveOrder } from './naive-order.js'
import { faultOfPrice } from './naive-order-faults.js'
import { neededFeeHold, refitFeeHold } from './naive-order-fees.js'
import { reasonOf } from './naive-place.js'
import { faultOfTrader, heldAssetOf, liveOrders, placeOf, type NaiveRun, type NaiveState } from './naive-state.js'
import { afterTrades } from './naive-waiting.js'

export function cancelOrder(run: NaiveRun): RejectCode | undefined {
  const order = findOrder(run)
  if (typeof order === 'string') return order
  cancel(run, order, 'requested', true)
  return undefined
}

export function reduceOrder(run: NaiveRun): RejectCode | undefined {
  const order = findOrder(run)
  if (typeof order === 'string') return order
  const leaves = run.frame.i64(REDUCE_LEAVES)
  if (leaves < 0n) return 'quantity_not_positive'
  if (leaves % run.state.markets[order.market]!.spec.lotSize !== 0n) return 'quantity_not_multiple_of_lot_size'
  if (leaves >= order.leavesQuantity) return 'quantity_not_reduced'
  if (leaves === 0n) cancel(run, order, 'requested', true)
  else reduce(run, order, { by: order.leavesQuantity - leaves, reason: 'requested', rested: true })
  return undefined
}

/** What an order shall become: its price and its total quantity. */
interface Terms {
  readonly price: bigint
  readonly quantity: bigint
}

export function amendOrder(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const order = findOrder(run)
  if (typeof order === 'string') return order
  const flags = frame.u8(AMEND_FLAGS)
  if ((flags & ~(AMEND_PRICE | AMEND_QUANTITY)) !== 0) return 'malformed_frame'
  const terms: Terms = {
    price: (flags & AMEND_PRICE) !== 0 ? frame.i64(AMEND_NEW_PRICE) : order.price,
    quantity: (flags & AMEND_QUANTITY) !== 0 ? frame.i64(AMEND_NEW_QUANTITY) : order.quantity,
  }
  const fault = faultOfTerms(state, order, terms)
  if (fault !== undefined) return fault
  if (terms.quantity <= order.filledQuantity) cancel(run, order, 'amended_below_filled', true)
  else if (onlyReduces(order, terms)) reduce(run, order, { by: order.quantity - terms.quantity, reason: 'requested', rested: true })
  else if (isOffBook(state, order)) setTerms(run, order, terms)
  else enterAnew(run, order, terms)
  return undefined
}

function onlyReduces(order: NaiveOrder, terms: Terms): boolean {
  return terms.price === order.price && terms.quantity < order.quantity
}

function faultOfTerms(state: NaiveState, order: NaiveOrder, terms: Terms): RejectCode | undefined {
  const market = state.markets[order.market]!
  const { spec } = market
  const standing = faultOfTrader(state.accounts[order.account]!)
  if (standing !== undefined) return standing
  if (spec.state !== 'open' && spec.state !== 'post-only' && spec.state !== 'pre-open') return 'market_not_open'
  if (siblingOf(state, order) !== undefined || state.brackets.some(({ entry }) => entry === order)) return 'invalid_combination'
  // An order that starts as a market order may wait without a price.
  const hasNone = terms.price === 0n && order.price === 0n
  const waits = isOffBook(state, order)
  const fault = hasNone ? undefined : faultOfPrice(spec, terms.price)
  if (fault !== undefined) return fault
  if (terms.quantity < 0n) return 'quantity_not_positive'
  if (terms.quantity > spec.maxQuantity) return 'quantity_above_maximum'
  if (terms.price === order.price && terms.quantity === order.quantity) return 'order_changed_nothing'
  if (terms.quantity <= order.filledQuantity) return undefined
  if ((terms.quantity - order.filledQuantity) % spec.lotSize !== 0n) return 'quantity_not_multiple_of_lot_size'
  if (terms.quantity < spec.minQuantity) return 'quantity_below_minimum'
  const notional = (hasNone ? order.terms!.stopPrice : terms.price) * terms.quantity * spec.notionalUnit
  if (notional < spec.minNotional) return 'notional_below_minimum'
  if (onlyReduces(order, terms)) return undefined
  const display = order.terms?.displayQuantity ?? 0n
  if (display > 0n && display * 100n < terms.quantity) return 'display_quantity_out_of_bounds'
  if (notional > highestNotional(spec)) return 'notional_above_maximum'
  const outside = waits ? undefined : faultOfResting(market, { side: order.side, price: terms.price })
  if (outside !== undefined) return outside
  const best = oppositeOf(market, order.side)[0]?.price
  const mustRest = order.postOnly || spec.state === 'post-only'
  if (mustRest && !waits && best !== undefined && !isBeyond(best, { side: order.side, price: terms.price })) return 'would_take_liquidity'
  const change = heldChange(state, order, terms)
  const feeChange = neededFeeHold(order, order.held + change) - order.fees.held
  return change + feeChange > available(state, order.account, heldAssetOf(state, order)) ? 'insufficient_balance' : undefined
}

function heldChange(state: NaiveState, order: NaiveOrder, { price, quantity }: Terms): bigint {
  return holdFor(state, { ...order, price }, quantity - order.filledQuantity) - order.held
}

function isOffBook(state: NaiveState, order: NaiveOrder): boolean {
  return placeOf(state, order)?.rests === false
}

/** Takes the order out of the book and lets it come in again with its new terms. */
function enterAnew(run: NaiveRun, order: NaiveOrder, terms: Terms): void {
  unrest(run.state, order)
  setTerms(run, order, terms)
  const end = match(run, order)
  if (!isDone(order)) {
    if (end === 'own_order' || end === 'out_of_band') cancel(run, order, reasonOf(order, end), false)
    else rest(run, order)
  }
  afterTrades(run, run.state.markets[order.market]!)
}

function setTerms(run: NaiveRun, order: NaiveOrder, terms: Terms): void {
  const { state, frame } = run
  const rested = !isOffBook(state, order)
  const change = heldChange(state, order, terms)
  const oldPrice = order.price
  const oldLeavesQuantity = order.displayed ?? order.leavesQuantity
  order.displayed = undefined
  setAside(state, { account: order.account, asset: heldAssetOf(state, order), amount: change })
  order.held += change
  order.price = terms.price
  order.quantity = terms.quantity
  order.leavesQuantity = terms.quantity - order.filledQuantity
  order.updatedUs = frame.timestampUs
  refitFeeHold(run, order)
  run.emit({ type: 'order.amended', ...orderStateOf(order), ...termsOf(order), rested, oldPrice, oldLeavesQuantity, heldChange: change })
}

/** The resting order that the command names, of the account and in the market that it names. */
function findOrder({ state, frame }: NaiveRun): NaiveOrder | RejectCode {
  if (state.accounts[frame.account] === undefined) return 'unknown_account'
  if (state.markets[frame.market] === undefined) return 'unknown_market'
  const orderId = frame.f64(REFERENCE_ORDER_ID)
  const name = frame.text(REFERENCE_CLIENT_ORDER_ID)
  if (name === undefined) return 'malformed_text'
  const own = liveOrders(state).filter(({ account, market }) => account === frame.account && market === frame.market)
  return own.find((order) => (orderId !== 0 ? order.orderId === orderId : clientOrderIdOf(order) === name)) ?? 'unknown_order'
}
