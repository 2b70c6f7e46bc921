/**
 * The binary layout of `order.cancel-replace` and of what it says where one of its steps is refused.
 *
 * | frame | bytes | header | body |
 * |---|---|---|---|
 * | order.cancel-replace | 208 | account, market | the new order as in order.place-special, 160 f64 orderId of the old one (0: by text), 168 text clientOrderId of the old one, 204 u8 mode, 205 zero |
 * | step.rejected | 72 | account, market | 32 u8 code, 33 u8 step, 36 text clientOrderId of the order that the step is about |
 */
import type { FrameBuffer } from '../../values/frames.js'
import { COMMAND_BYTES, ORDER_CANCEL_REPLACE, writeSpecialFields, type OrderPlaceFields, type OrderTermsFields } from './command-frames.js'

/** Byte offsets inside the frames, from the frame's first byte. */
export const REPLACED_ORDER_ID = 160
export const REPLACED_CLIENT_ORDER_ID = 168
export const REPLACE_MODE = 204
export const STEP_CODE = 32
export const STEP_NAME = 33
export const STEP_CLIENT_ORDER_ID = 36

export interface OrderCancelReplaceFields extends OrderPlaceFields, OrderTermsFields {
  /** The order to be cancelled: by number, or with 0 by its client order id. */
  replacedOrderId: number
  replacedClientOrderId: string
  /** Place in `REPLACE_MODES`. */
  mode: number
}

export function writeOrderCancelReplace(frames: FrameBuffer, order: OrderCancelReplaceFields): number {
  const offset = writeSpecialFields(frames, frames.append(COMMAND_BYTES[ORDER_CANCEL_REPLACE]!, ORDER_CANCEL_REPLACE), order)
  frames.f64[(offset + REPLACED_ORDER_ID) >> 3] = order.replacedOrderId
  frames.setText(offset + REPLACED_CLIENT_ORDER_ID, order.replacedClientOrderId)
  frames.u8[offset + REPLACE_MODE] = order.mode
  return offset
}
