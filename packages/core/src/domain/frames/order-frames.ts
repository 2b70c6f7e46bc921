/** Offsets and writers of the commands about orders; the layouts stand in the table of `command-frames.ts`. */
import { NONE_16, type FrameBuffer } from '../../values/frames.js'
import { appendCommand } from '../encoding/append-command.js'
import { ORDER_AMEND, ORDER_CANCEL, ORDER_CANCEL_ALL, ORDER_CANCEL_ALL_AFTER, ORDER_PLACE, ORDER_PLACE_SPECIAL, ORDER_REDUCE } from './command-bytes.js'

/** Flags of `order.place`. */
export const PLACE_POST_ONLY = 1
export const PLACE_IDEMPOTENT = 2
export const PLACE_BY_QUOTE = 4
export const PLACE_HAS_PRICE = 8
/** Further flags of `order.place-special`: a post-only order that would trade goes one tick away from the opposite best instead. */
export const PLACE_2_SLIDE = 1
/** Flags of `order.amend`: which terms it gives anew. */
export const AMEND_PRICE = 1
export const AMEND_QUANTITY = 2
export const AMEND_STOP_PRICE = 4
export const AMEND_DISPLAY_QUANTITY = 8
export const AMEND_EXPIRES_AT = 16
export const AMEND_ALL = 31

/** Byte offsets inside the frames, from the frame's first byte. */
export const PLACE_SIDE = 32
export const PLACE_ORDER_TYPE = 33
export const PLACE_TIME_IN_FORCE = 34
export const PLACE_SELF_TRADE_PREVENTION = 35
export const PLACE_FLAGS = 36
export const PLACE_PRICE = 40
export const PLACE_QUANTITY = 48
export const PLACE_CLIENT_ORDER_ID = 56
/** The terms of `order.place-special`: zero where the order has none of the kind. */
export const PLACE_EXPIRES_AT = 96
export const PLACE_STOP_PRICE = 104
export const PLACE_DISPLAY_QUANTITY = 112
export const PLACE_TRAILING_OFFSET = 120
export const PLACE_TRAILING_BPS = 128
export const PLACE_FLAGS_2 = 132
export const PLACE_ACTIVATION_PRICE = 136
export const PLACE_SPARE = 144
export const REFERENCE_ORDER_ID = 32
export const REFERENCE_CLIENT_ORDER_ID = 40
export const REDUCE_LEAVES = 80
export const AMEND_FLAGS = 76
export const AMEND_NEW_PRICE = 80
export const AMEND_NEW_QUANTITY = 88
export const AMEND_NEW_STOP_PRICE = 96
export const AMEND_NEW_DISPLAY_QUANTITY = 104
export const AMEND_NEW_EXPIRES_AT = 112
export const AFTER_TIMEOUT_MS = 32

export interface OrderPlaceFields {
  account: number
  market: number
  /** Places in `SIDES`, `ORDER_TYPES`, `TIMES_IN_FORCE`, `SELF_TRADE_PREVENTIONS`. */
  side: number
  orderType: number
  timeInForce: number
  selfTradePrevention: number
  /** Sum of the `PLACE_` flags; a limit order sets `PLACE_HAS_PRICE`. */
  flags: number
  /** Price units; 0 where there is none. */
  price: bigint
  /** Quantity units, or with `PLACE_BY_QUOTE` quote units. */
  quantity: bigint
  /** Empty: the engine uses the order id. */
  clientOrderId: string
}

export function writeOrderPlace(frames: FrameBuffer, order: OrderPlaceFields): number {
  return writePlaceFields(frames, appendCommand(frames, ORDER_PLACE), order)
}

/** What a special order has beyond a plain one; absent is 0. Prices in price units, quantities in quantity units. */
export interface OrderTermsFields {
  expiresAtUs: number
  stopPrice: bigint
  displayQuantity: bigint
  trailingOffset: bigint
  trailingBps: number
  activationPrice: bigint
  /** Sum of the `PLACE_2_` flags. */
  flags2: number
}

export function writeOrderPlaceSpecial(frames: FrameBuffer, order: OrderPlaceFields & OrderTermsFields): number {
  return writeSpecialFields(frames, appendCommand(frames, ORDER_PLACE_SPECIAL), order)
}

/** Writes the whole of a special order into a frame that begins like `order.place-special`. */
export function writeSpecialFields(frames: FrameBuffer, offset: number, order: OrderPlaceFields & OrderTermsFields): number {
  writePlaceFields(frames, offset, order)
  frames.f64[(offset + PLACE_EXPIRES_AT) >> 3] = order.expiresAtUs
  frames.i64[(offset + PLACE_STOP_PRICE) >> 3] = order.stopPrice
  frames.i64[(offset + PLACE_DISPLAY_QUANTITY) >> 3] = order.displayQuantity
  frames.i64[(offset + PLACE_TRAILING_OFFSET) >> 3] = order.trailingOffset
  frames.u32[(offset + PLACE_TRAILING_BPS) >> 2] = order.trailingBps
  frames.u32[(offset + PLACE_FLAGS_2) >> 2] = order.flags2
  frames.i64[(offset + PLACE_ACTIVATION_PRICE) >> 3] = order.activationPrice
  return offset
}

/** Writes what every kind of order that is placed has from byte 4 to 96. */
export function writePlaceFields(frames: FrameBuffer, offset: number, order: OrderPlaceFields): number {
  frames.u32[(offset + 4) >> 2] = order.account
  frames.u16[(offset + 24) >> 1] = order.market
  frames.u8[offset + PLACE_SIDE] = order.side
  frames.u8[offset + PLACE_ORDER_TYPE] = order.orderType
  frames.u8[offset + PLACE_TIME_IN_FORCE] = order.timeInForce
  frames.u8[offset + PLACE_SELF_TRADE_PREVENTION] = order.selfTradePrevention
  frames.u8[offset + PLACE_FLAGS] = order.flags
  frames.i64[(offset + PLACE_PRICE) >> 3] = order.price
  frames.i64[(offset + PLACE_QUANTITY) >> 3] = order.quantity
  frames.setText(offset + PLACE_CLIENT_ORDER_ID, order.clientOrderId)
  return offset
}

/** An order of the account: by number, or with `orderId` 0 by its client order id. */
export interface OrderReferenceFields {
  account: number
  market: number
  orderId: number
  clientOrderId: string
}

export function writeOrderCancel(frames: FrameBuffer, order: OrderReferenceFields): number {
  return appendReference(frames, ORDER_CANCEL, order)
}

export function writeOrderReduce(frames: FrameBuffer, order: OrderReferenceFields & { leavesQuantity: bigint }): number {
  const offset = appendReference(frames, ORDER_REDUCE, order)
  frames.i64[(offset + REDUCE_LEAVES) >> 3] = order.leavesQuantity
  return offset
}

/** The terms that an amendment gives anew; what is undefined stays as it is. */
export interface AmendedTermsFields {
  price?: bigint | undefined
  quantity?: bigint | undefined
  stopPrice?: bigint | undefined
  displayQuantity?: bigint | undefined
  expiresAtUs?: number | undefined
}

export function writeOrderAmend(frames: FrameBuffer, order: OrderReferenceFields & AmendedTermsFields): number {
  const offset = appendReference(frames, ORDER_AMEND, order)
  const given = (value: unknown, flag: number): number => (value === undefined ? 0 : flag)
  frames.u8[offset + AMEND_FLAGS] =
    given(order.price, AMEND_PRICE) |
    given(order.quantity, AMEND_QUANTITY) |
    given(order.stopPrice, AMEND_STOP_PRICE) |
    given(order.displayQuantity, AMEND_DISPLAY_QUANTITY) |
    given(order.expiresAtUs, AMEND_EXPIRES_AT)
  frames.i64[(offset + AMEND_NEW_PRICE) >> 3] = order.price ?? 0n
  frames.i64[(offset + AMEND_NEW_QUANTITY) >> 3] = order.quantity ?? 0n
  frames.i64[(offset + AMEND_NEW_STOP_PRICE) >> 3] = order.stopPrice ?? 0n
  frames.i64[(offset + AMEND_NEW_DISPLAY_QUANTITY) >> 3] = order.displayQuantity ?? 0n
  frames.f64[(offset + AMEND_NEW_EXPIRES_AT) >> 3] = order.expiresAtUs ?? 0
  return offset
}

/** Without a market: in all markets. */
export function writeOrderCancelAll(frames: FrameBuffer, account: number, market: number = NONE_16): number {
  const offset = appendCommand(frames, ORDER_CANCEL_ALL)
  frames.u32[(offset + 4) >> 2] = account
  frames.u16[(offset + 24) >> 1] = market
  return offset
}

/** Without a market: for all markets. `timeoutMs` 0 disables. */
export function writeOrderCancelAllAfter(frames: FrameBuffer, order: { account: number; market?: number; timeoutMs: number }): number {
  const offset = appendCommand(frames, ORDER_CANCEL_ALL_AFTER)
  frames.u32[(offset + 4) >> 2] = order.account
  frames.u16[(offset + 24) >> 1] = order.market ?? NONE_16
  frames.u32[(offset + AFTER_TIMEOUT_MS) >> 2] = order.timeoutMs
  return offset
}

function appendReference(frames: FrameBuffer, type: number, order: OrderReferenceFields): number {
  const offset = appendCommand(frames, type)
  frames.u32[(offset + 4) >> 2] = order.account
  frames.u16[(offset + 24) >> 1] = order.market
  frames.f64[(offset + REFERENCE_ORDER_ID) >> 3] = order.orderId
  frames.setText(offset + REFERENCE_CLIENT_ORDER_ID, order.clientOrderId)
  return offset
}
