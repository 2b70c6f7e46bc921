/** `order.cancel` and `order.reduce` of the naive engine, and how commands name an order that lives. */
import { REDUCE_LEAVES, REFERENCE_CLIENT_ORDER_ID, REFERENCE_ORDER_ID, type RejectCode } from '@bourse/core'
import { cancel, reduce } from './naive-cancel.js'
import { clientOrderIdOf, type NaiveOrder } from './naive-order.js'
import { liveOrders, type NaiveRun } from './naive-state.js'

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

/** The resting order that the command names, of the account and in the market that it names. */
export function findOrder({ state, frame }: NaiveRun): NaiveOrder | RejectCode {
  if (state.accounts[frame.account] === undefined) return 'unknown_account'
  if (state.markets[frame.market] === undefined) return 'unknown_market'
  const orderId = frame.f64(REFERENCE_ORDER_ID)
  const name = frame.text(REFERENCE_CLIENT_ORDER_ID)
  if (name === undefined) return 'malformed_text'
  const own = liveOrders(state).filter(({ account, market }) => account === frame.account && market === frame.market)
  return own.find((order) => (orderId !== 0 ? order.orderId === orderId : clientOrderIdOf(order) === name)) ?? 'unknown_order'
}
