/** Encodes the commands that place, change and cancel orders. */
import { NONE_16, type FrameBuffer } from '../../values/frames.js'
import type { Catalog, MarketSpec } from '../catalog.js'
import * as frame from '../frames/command-frames.js'
import type { OrderAmend, OrderCancel, OrderCancelAll, OrderCancelAllAfter, OrderCancelReplace, OrderPlace, OrderReduce, OrderReference } from '../commands/commands.js'
import { account, amount, Fault, market, member, positive, price, quantity, text, timeout } from './encode-fields.js'
import { writeOrderCancelReplace } from '../frames/replace-frames.js'
import { ORDER_TYPES, REPLACE_MODES, SELF_TRADE_PREVENTIONS, SIDES, TIMES_IN_FORCE, type OrderType } from '../vocabulary.js'

/** Types that trade like a market order once they start, and so do not rest. */
export const STARTS_AS_MARKET: ReadonlySet<string> = new Set<OrderType>(['market', 'stop-market', 'take-profit', 'trailing-stop'])
/** Fields that only the frame of special orders has. */
const TERMS = ['stopPrice', 'displayQuantity', 'expiresAt', 'trailingOffset', 'trailingBps', 'activationPrice'] as const

export function encodeCancel(command: OrderCancel, catalog: Catalog, frames: FrameBuffer): void {
  frame.writeOrderCancel(frames, reference(command, catalog))
}

export function encodeReduce(command: OrderReduce, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, command.market)
  frame.writeOrderReduce(frames, { ...reference(command, catalog), leavesQuantity: quantity(command.leavesQuantity, target, 'leavesQuantity') })
}

export function encodeCancelAll(command: OrderCancelAll, catalog: Catalog, frames: FrameBuffer): void {
  frame.writeOrderCancelAll(frames, account(catalog, command.account, 'account'), command.market === undefined ? NONE_16 : market(catalog, command.market).id)
}

export function encodeCancelAllAfter(command: OrderCancelAllAfter, catalog: Catalog, frames: FrameBuffer): void {
  frame.writeOrderCancelAllAfter(frames, {
    account: account(catalog, command.account, 'account'),
    market: command.market === undefined ? NONE_16 : market(catalog, command.market).id,
    timeoutMs: timeout(command.timeoutMs, 'timeoutMs'),
  })
}

export function encodePlace(order: OrderPlace, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, order.market)
  const fields = placeFields(order, target, catalog)
  if (isSpecial(order)) frame.writeOrderPlaceSpecial(frames, { ...fields, ...termsFields(order, target) })
  else frame.writeOrderPlace(frames, fields)
}

export function encodeReplace(command: OrderCancelReplace, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, command.market)
  const replaced = reference(command, catalog)
  const order: OrderPlace = { ...command.order, type: 'order.place', account: command.account, market: command.market }
  writeOrderCancelReplace(frames, {
    ...placeFields(order, target, catalog),
    ...termsFields(order, target),
    replacedOrderId: replaced.orderId,
    replacedClientOrderId: replaced.clientOrderId,
    mode: member(REPLACE_MODES, command.mode ?? 'atomic', 'mode'),
  })
}

export function placeFields(order: OrderPlace, target: MarketSpec, catalog: Catalog): frame.OrderPlaceFields {
  const byQuote = order.quoteQuantity !== undefined
  if (byQuote === (order.quantity !== undefined)) {
    throw new Fault('invalid_combination', 'quantity', 'Give exactly one of quantity and quoteQuantity.')
  }
  const orderType = member(ORDER_TYPES, order.orderType, 'orderType')
  const flags =
    (order.postOnly === true || order.postOnly === 'slide' ? frame.PLACE_POST_ONLY : 0) |
    (order.idempotent === true ? frame.PLACE_IDEMPOTENT : 0) |
    (byQuote ? frame.PLACE_BY_QUOTE : 0) |
    (order.price !== undefined ? frame.PLACE_HAS_PRICE : 0)
  return {
    account: account(catalog, order.account, 'account'),
    market: target.id,
    side: member(SIDES, order.side, 'side'),
    orderType,
    timeInForce: member(TIMES_IN_FORCE, order.timeInForce ?? (STARTS_AS_MARKET.has(order.orderType) ? 'ioc' : order.expiresAt === undefined ? 'gtc' : 'gtd'), 'timeInForce'),
    selfTradePrevention: member(SELF_TRADE_PREVENTIONS, order.selfTradePrevention ?? 'cancel-taker', 'selfTradePrevention'),
    flags,
    price: order.price === undefined ? 0n : price(order.price, target, 'price'),
    quantity: byQuote
      ? amount(order.quoteQuantity, catalog.asset(target.quote)!.scale, 'quoteQuantity')
      : quantity(order.quantity, target, 'quantity'),
    clientOrderId: order.clientOrderId === undefined ? '' : text(order.clientOrderId, 'clientOrderId'),
  }
}

/** Whether an order needs the larger frame. */
function isSpecial(order: OrderPlace): boolean {
  return (order.orderType !== 'limit' && order.orderType !== 'market') || order.timeInForce === 'gtd' || order.postOnly === 'slide' || TERMS.some((field) => order[field] !== undefined)
}

/** A term that is given is not zero: zero stands for one that is not given. */
function termsFields(order: OrderPlace, target: MarketSpec): frame.OrderTermsFields {
  const given = (value: string | undefined, read: typeof price, field: string): bigint => {
    if (value === undefined) return 0n
    const units = read(value, target, field)
    if (units === 0n) throw new Fault(read === price ? 'price_not_positive' : 'quantity_not_positive', field, `${field} must be more than 0.`)
    return units
  }
  return {
    expiresAtUs: order.expiresAt === undefined ? 0 : expiry(order.expiresAt),
    stopPrice: given(order.stopPrice, price, 'stopPrice'),
    displayQuantity: given(order.displayQuantity, quantity, 'displayQuantity'),
    trailingOffset: given(order.trailingOffset, price, 'trailingOffset'),
    trailingBps: order.trailingBps === undefined ? 0 : positive(order.trailingBps, 'trailingBps', 0xffffffff),
    activationPrice: given(order.activationPrice, price, 'activationPrice'),
    flags2: order.postOnly === 'slide' ? frame.PLACE_2_SLIDE : 0,
  }
}

export function encodeAmend(order: OrderAmend, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, order.market)
  frame.writeOrderAmend(frames, {
    ...reference(order, catalog),
    price: order.price === undefined ? undefined : price(order.price, target, 'price'),
    quantity: order.quantity === undefined ? undefined : quantity(order.quantity, target, 'quantity'),
    stopPrice: order.stopPrice === undefined ? undefined : price(order.stopPrice, target, 'stopPrice'),
    displayQuantity: order.displayQuantity === undefined ? undefined : quantity(order.displayQuantity, target, 'displayQuantity'),
    expiresAtUs: order.expiresAt === undefined ? undefined : expiry(order.expiresAt),
  })
}

function reference(order: OrderReference, catalog: Catalog): frame.OrderReferenceFields {
  if ((order.orderId === undefined) === (order.clientOrderId === undefined)) {
    throw new Fault('invalid_combination', 'orderId', 'Give exactly one of orderId and clientOrderId.')
  }
  if (order.orderId !== undefined && !(Number.isSafeInteger(order.orderId) && order.orderId > 0)) {
    throw new Fault('unknown_order', 'orderId', `${order.orderId} is not an order id.`)
  }
  return {
    account: account(catalog, order.account, 'account'),
    market: market(catalog, order.market).id,
    orderId: order.orderId ?? 0,
    clientOrderId: order.clientOrderId === undefined ? '' : text(order.clientOrderId, 'clientOrderId'),
  }
}

/** Microseconds of a time in milliseconds. */
function expiry(value: number): number {
  if (!Number.isInteger(value) || value <= 0 || !Number.isSafeInteger(value * 1000)) {
    throw new Fault('expiry_not_in_future', 'expiresAt', `expiresAt must be a time in whole milliseconds since 1970, not ${String(value)}.`)
  }
  return value * 1000
}
