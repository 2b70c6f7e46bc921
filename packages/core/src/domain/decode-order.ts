/** Decodes the events in the life of an order, and those of the dead-man switches. */
import { NONE_16, type FrameBuffer } from '../values/frames.js'
import { eventBase, i64At, word } from './decode-fields.js'
import {
  ACCEPTED_HELD,
  AMENDED_HELD_CHANGE,
  AMENDED_OLD_LEAVES,
  AMENDED_OLD_PRICE,
  CANCELLED_QUANTITY,
  CANCELLED_RELEASED,
  EVENT_BYTES,
  REDUCED_QUANTITY,
  REDUCED_RELEASED,
  RESTED_DISPLAYED,
  STATE_CLIENT_ORDER_ID,
  STATE_FEE,
  STATE_FILLED_QUANTITY,
  STATE_FILLED_QUOTE,
  STATE_LEAVES_QUANTITY,
  STATE_ORDER_ID,
  STATE_ORDER_TYPE,
  STATE_POST_ONLY,
  STATE_PRICE,
  STATE_QUANTITY,
  STATE_QUOTE,
  STATE_QUOTE_QUANTITY,
  STATE_REASON,
  STATE_RESTED,
  STATE_SELF_TRADE_PREVENTION,
  STATE_SIDE,
  STATE_TIME_IN_FORCE,
  SWITCH_AT,
  TERMS_ACTIVATION_PRICE,
  TERMS_DISPLAY_QUANTITY,
  TERMS_EXPIRES_AT,
  TERMS_EXTREME,
  TERMS_SIBLING,
  TERMS_STOP_PRICE,
  TERMS_TRAILING_BPS,
  TERMS_TRAILING_OFFSET,
  termsAt,
} from './event-layout.js'
import type { DeadManSwitchFired, DeadManSwitchSet, OrderAccepted, OrderAmended, OrderCancelled, OrderExpired, OrderFeeHeld, OrderReduced, OrderRefreshed, OrderRested, OrderState, OrderTerms, OrderTriggered } from './events.js'
import { FEE_HELD_CHANGE, FEE_HELD_ORDER_ID, FEE_HELD_TOTAL } from './fee-frames.js'
import { CANCEL_REASONS, ORDER_TYPES, SELF_TRADE_PREVENTIONS, SIDES, TIMES_IN_FORCE } from './vocabulary.js'

/** Where the quantity stands by which the level of a resting iceberg changed; 0 in the event of an order that is none. */
function displayedAt(frames: FrameBuffer, offset: number): number {
  const plain = EVENT_BYTES[frames.type(offset)]!
  return frames.size(offset) > plain ? offset + plain : 0
}

export function decodeOrderAccepted(frames: FrameBuffer, offset: number): OrderAccepted {
  return { type: 'order.accepted', ...eventBase(frames, offset), ...orderState(frames, offset), ...orderTerms(frames, offset), held: i64At(frames, offset + ACCEPTED_HELD) }
}

export function decodeOrderRested(frames: FrameBuffer, offset: number): OrderRested {
  return { type: 'order.rested', ...eventBase(frames, offset), ...orderState(frames, offset), ...displayed(frames, offset) }
}

export function decodeOrderRefreshed(frames: FrameBuffer, offset: number): OrderRefreshed {
  return { type: 'order.refreshed', ...eventBase(frames, offset), ...orderState(frames, offset), displayedQuantity: i64At(frames, offset + RESTED_DISPLAYED) }
}

export function decodeOrderCancelled(frames: FrameBuffer, offset: number): OrderCancelled {
  return {
    type: 'order.cancelled',
    ...eventBase(frames, offset),
    ...orderState(frames, offset),
    reason: word(CANCEL_REASONS, frames.u8[offset + STATE_REASON]),
    rested: frames.u8[offset + STATE_RESTED] === 1,
    ...displayed(frames, offset),
    cancelledQuantity: i64At(frames, offset + CANCELLED_QUANTITY),
    released: i64At(frames, offset + CANCELLED_RELEASED),
  }
}

export function decodeOrderExpired(frames: FrameBuffer, offset: number): OrderExpired {
  return {
    type: 'order.expired',
    ...eventBase(frames, offset),
    ...orderState(frames, offset),
    rested: frames.u8[offset + STATE_RESTED] === 1,
    ...displayed(frames, offset),
    cancelledQuantity: i64At(frames, offset + CANCELLED_QUANTITY),
    released: i64At(frames, offset + CANCELLED_RELEASED),
  }
}

export function decodeOrderReduced(frames: FrameBuffer, offset: number): OrderReduced {
  return {
    type: 'order.reduced',
    ...eventBase(frames, offset),
    ...orderState(frames, offset),
    rested: frames.u8[offset + STATE_RESTED] === 1,
    ...displayed(frames, offset),
    reducedQuantity: i64At(frames, offset + REDUCED_QUANTITY),
    released: i64At(frames, offset + REDUCED_RELEASED),
    reason: word(CANCEL_REASONS, frames.u8[offset + STATE_REASON]),
  }
}

export function decodeOrderAmended(frames: FrameBuffer, offset: number): OrderAmended {
  return {
    type: 'order.amended',
    ...eventBase(frames, offset),
    ...orderState(frames, offset),
    ...orderTerms(frames, offset),
    rested: frames.u8[offset + STATE_RESTED] === 1,
    oldPrice: i64At(frames, offset + AMENDED_OLD_PRICE),
    oldLeavesQuantity: i64At(frames, offset + AMENDED_OLD_LEAVES),
    heldChange: i64At(frames, offset + AMENDED_HELD_CHANGE),
  }
}

export function decodeOrderTriggered(frames: FrameBuffer, offset: number): OrderTriggered {
  return { type: 'order.triggered', ...eventBase(frames, offset), ...orderState(frames, offset), ...orderTerms(frames, offset) }
}

export function decodeOrderFeeHeld(frames: FrameBuffer, offset: number): OrderFeeHeld {
  const account = frames.account(offset)
  const asset = frames.asset(offset)
  const market = frames.market(offset)
  return { type: 'order.fee-held', ...eventBase(frames, offset), orderId: frames.f64[(offset + FEE_HELD_ORDER_ID) >> 3]!, account, market, asset, change: i64At(frames, offset + FEE_HELD_CHANGE), held: i64At(frames, offset + FEE_HELD_TOTAL) }
}

export function decodeDeadManSwitchSet(frames: FrameBuffer, offset: number): DeadManSwitchSet {
  const account = frames.account(offset)
  const market = frames.market(offset)
  return { type: 'dead-man-switch.set', ...eventBase(frames, offset), account, market: market === NONE_16 ? undefined : market, firesAtUs: frames.f64[(offset + SWITCH_AT) >> 3]! || undefined }
}

export function decodeDeadManSwitchFired(frames: FrameBuffer, offset: number): DeadManSwitchFired {
  const account = frames.account(offset)
  const market = frames.market(offset)
  return { type: 'dead-man-switch.fired', ...eventBase(frames, offset), account, market: market === NONE_16 ? undefined : market, dueAtUs: frames.f64[(offset + SWITCH_AT) >> 3]! }
}

function orderState(frames: FrameBuffer, offset: number): OrderState {
  const i64 = (at: number): bigint => frames.i64[(offset + at) >> 3]!
  const orderId = frames.f64[(offset + STATE_ORDER_ID) >> 3]!
  return {
    orderId,
    clientOrderId: frames.text(offset + STATE_CLIENT_ORDER_ID) || String(orderId),
    account: frames.account(offset),
    market: frames.market(offset),
    side: word(SIDES, frames.u8[offset + STATE_SIDE]),
    orderType: word(ORDER_TYPES, frames.u8[offset + STATE_ORDER_TYPE]),
    timeInForce: word(TIMES_IN_FORCE, frames.u8[offset + STATE_TIME_IN_FORCE]),
    postOnly: frames.u8[offset + STATE_POST_ONLY] === 1,
    selfTradePrevention: word(SELF_TRADE_PREVENTIONS, frames.u8[offset + STATE_SELF_TRADE_PREVENTION]),
    quote: frames.u8[offset + STATE_QUOTE] === 1,
    price: i64(STATE_PRICE),
    quantity: i64(STATE_QUANTITY),
    quoteQuantity: i64(STATE_QUOTE_QUANTITY),
    filledQuantity: i64(STATE_FILLED_QUANTITY),
    leavesQuantity: i64(STATE_LEAVES_QUANTITY),
    filledQuote: i64(STATE_FILLED_QUOTE),
    fee: i64(STATE_FEE),
  }
}

function orderTerms(frames: FrameBuffer, offset: number): { terms?: OrderTerms } {
  const terms = termsAt(frames, offset)
  if (terms === 0) return {}
  const i64 = (at: number): bigint => frames.i64[(terms + at) >> 3]!
  return {
    terms: {
      stopPrice: i64(TERMS_STOP_PRICE),
      displayQuantity: i64(TERMS_DISPLAY_QUANTITY),
      expiresAtUs: frames.f64[(terms + TERMS_EXPIRES_AT) >> 3]!,
      trailingOffset: i64(TERMS_TRAILING_OFFSET),
      trailingBps: frames.u32[(terms + TERMS_TRAILING_BPS) >> 2]!,
      activationPrice: i64(TERMS_ACTIVATION_PRICE),
      extreme: i64(TERMS_EXTREME),
      siblingOrderId: frames.f64[(terms + TERMS_SIBLING) >> 3]!,
    },
  }
}

function displayed(frames: FrameBuffer, offset: number): { displayedQuantity?: bigint } {
  const at = displayedAt(frames, offset)
  return at === 0 ? {} : { displayedQuantity: frames.i64[at >> 3]! }
}
