/** How orders of the naive engine end or shrink without a trade, and what goes with them. */
import type { CancelReason } from '@bourse/core'
import { displayedOf, smaller, unrest } from './naive-book.js'
import { holdFor, releaseFromOrder } from './naive-ledger.js'
import { orderStateOf, type NaiveOrder } from './naive-order.js'
import { refitFeeHold, releaseFeeHold } from './naive-order-fees.js'
import { liveOrders, placeOf, type NaiveRun, type NaiveState } from './naive-state.js'

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
