/** Decodes the events in the life of an order, and those of the dead-man switches. */
import { NONE_16, type FrameBuffer } from '../../values/frames.js'
import { eventBase, i64At, indexAt, word } from './decode-fields.js'
import {
  ACCEPTED_HELD,
  AMENDED_HELD_CHANGE,
  AMENDED_OLD_LEAVES,
  AMENDED_OLD_PRICE,
  CANCELLED_QUANTITY,
  CANCELLED_RELEASED,
  EVENT_BYTES,
  KEEPS_PLACE,
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
} from '../frames/event-layout.js'
import type { DeadManSwitchFired, DeadManSwitchSet, EventBase, OrderAccepted, OrderAmended, OrderCancelled, OrderExpired, OrderFeeHeld, OrderReduced, OrderRefreshed, OrderRested, OrderState, OrderTerms, OrderTriggered } from '../events/events.js'
import { FEE_HELD_CHANGE, FEE_HELD_ORDER_ID, FEE_HELD_TOTAL } from '../frames/fee-frames.js'
import { CANCEL_REASONS, ORDER_TYPES, SELF_TRADE_PREVENTIONS, SIDES, TIMES_IN_FORCE } from '../vocabulary.js'

const NOTHING = {}

/** Where the quantity stands by which the level of a resting iceberg changed; 0 in the event of an order that is none. */
function displayedAt(frames: FrameBuffer, offset: number): number {
  const plain = EVENT_BYTES[frames.type(offset)]!
  return frames.size(offset) > plain ? offset + plain : 0
}

export function decodeOrderAccepted(frames: FrameBuffer, offset: number): OrderAccepted {
  return Object.assign(orderEvent('order.accepted', frames, offset), orderTerms(frames, offset), { held: i64At(frames, offset + ACCEPTED_HELD) })
}

export function decodeOrderRested(frames: FrameBuffer, offset: number): OrderRested {
  return Object.assign(orderEvent('order.rested', frames, offset), displayed(frames, offset))
}

/** The second event of a frame that tells of an order's acceptance and of its rest. */
export function decodeRestedAtOnce(frames: FrameBuffer, offset: number): OrderRested {
  return orderEvent('order.rested', frames, offset, 1)
}

export function decodeOrderRefreshed(frames: FrameBuffer, offset: number): OrderRefreshed {
  return Object.assign(orderEvent('order.refreshed', frames, offset), { displayedQuantity: i64At(frames, offset + RESTED_DISPLAYED) })
}

export function decodeOrderCancelled(frames: FrameBuffer, offset: number): OrderCancelled {
  return Object.assign(orderEvent('order.cancelled', frames, offset), displayed(frames, offset), {
    reason: word(CANCEL_REASONS, frames.u8[offset + STATE_REASON]),
    rested: frames.u8[offset + STATE_RESTED] === 1,
    cancelledQuantity: i64At(frames, offset + CANCELLED_QUANTITY),
    released: i64At(frames, offset + CANCELLED_RELEASED),
  })
}

export function decodeOrderExpired(frames: FrameBuffer, offset: number): OrderExpired {
  return Object.assign(orderEvent('order.expired', frames, offset), displayed(frames, offset), {
    rested: frames.u8[offset + STATE_RESTED] === 1,
    cancelledQuantity: i64At(frames, offset + CANCELLED_QUANTITY),
    released: i64At(frames, offset + CANCELLED_RELEASED),
  })
}

export function decodeOrderReduced(frames: FrameBuffer, offset: number): OrderReduced {
  return Object.assign(orderEvent('order.reduced', frames, offset), displayed(frames, offset), {
    rested: frames.u8[offset + STATE_RESTED] === 1,
    reducedQuantity: i64At(frames, offset + REDUCED_QUANTITY),
    released: i64At(frames, offset + REDUCED_RELEASED),
    reason: word(CANCEL_REASONS, frames.u8[offset + STATE_REASON]),
  })
}

export function decodeOrderAmended(frames: FrameBuffer, offset: number): OrderAmended {
  return Object.assign(orderEvent('order.amended', frames, offset), orderTerms(frames, offset), {
    rested: frames.u8[offset + STATE_RESTED] === 1,
    keepsPlace: frames.u8[offset + STATE_RESTED] === KEEPS_PLACE,
    oldPrice: i64At(frames, offset + AMENDED_OLD_PRICE),
    oldLeavesQuantity: i64At(frames, offset + AMENDED_OLD_LEAVES),
    heldChange: i64At(frames, offset + AMENDED_HELD_CHANGE),
  })
}

export function decodeOrderTriggered(frames: FrameBuffer, offset: number): OrderTriggered {
  return Object.assign(orderEvent('order.triggered', frames, offset), orderTerms(frames, offset))
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

/**
 * What the events in the life of an order have in common, in one literal: spreading so many fields together costs
 * several times as much as reading them.
 */
function orderEvent<Type extends string>(type: Type, frames: FrameBuffer, offset: number, later = 0): { type: Type } & EventBase & OrderState {
  const orderId = frames.f64[(offset + STATE_ORDER_ID) >> 3]!
  return {
    type,
    sequence: frames.sequence(offset),
    index: indexAt(frames, offset) + later,
    timestampUs: frames.timestampUs(offset),
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
    price: i64At(frames, offset + STATE_PRICE),
    quantity: i64At(frames, offset + STATE_QUANTITY),
    quoteQuantity: i64At(frames, offset + STATE_QUOTE_QUANTITY),
    filledQuantity: i64At(frames, offset + STATE_FILLED_QUANTITY),
    leavesQuantity: i64At(frames, offset + STATE_LEAVES_QUANTITY),
    filledQuote: i64At(frames, offset + STATE_FILLED_QUOTE),
    fee: i64At(frames, offset + STATE_FEE),
  }
}

function orderTerms(frames: FrameBuffer, offset: number): { terms?: OrderTerms } {
  const terms = termsAt(frames, offset)
  if (terms === 0) return NOTHING
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
  return at === 0 ? NOTHING : { displayedQuantity: frames.i64[at >> 3]! }
}
