/** `order.place`: sets money aside for an order, trades it, and rests or cancels what is left. */
import type { FrameBuffer } from '../values/frames.js'
import { ROW_BITS } from '../values/row-memory.js'
import { PLACE_SIDE } from '../domain/frames/command-frames.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import * as marketLayout from '../matching/market-layout.js'
import { DONE, STOPPED_BY_OWN_ORDER } from '../matching/taker-walk.js'
import { accept } from './accept-order.js'
import { examineOrder, intake } from './examine-order.js'
import { takeLiquidity } from './guarded-market.js'
import { placePlain } from './plain-order.js'
import { reject } from './reject.js'
import { remainderReason } from './remainder-reason.js'
import type { EngineState } from './state.js'
import { afterTrades } from './trigger-orders.js'

const { MARKET_WAITING } = marketLayout
/** Fields of the four bytes that stand in a frame from the side on, and their place in words of 4 bytes. */
const ENUMS_WORD = PLACE_SIDE >> 2
const MARKET_ORDER = 0xff00
const NOT_GTC = 0xff0000
const GTD = 0x030000
const ROW = ROW_BITS

const FOK_NOT_FILLED = CANCEL_REASONS.indexOf('fok_not_filled')

export function placeOrder(state: EngineState, frames: FrameBuffer, offset: number): void {
  if (placePlain(state, frames, offset)) return
  const fault = examineOrder(state, frames, offset)
  if (fault !== undefined) {
    if (fault !== 'repeated') reject(state, frames, offset, fault)
    return
  }
  placeExamined(state, frames, offset)
}

/** Takes in the order in {@link intake}, which has passed the examination. */
export function placeExamined(state: EngineState, frames: FrameBuffer, offset: number): void {
  const order = accept(state, frames, offset)
  state.out.accepted(order)
  enter(state, order, frames.u32[(offset >> 3) * 2 + ENUMS_WORD]!)
  if (state.memory.i32[(intake.market & ROW) * 2 + MARKET_WAITING] !== 0) afterTrades(state, intake.market)
}

/** A bit of the enums given to {@link enter} that the order's own do not have: what rests is an iceberg. */
export const CONCEALED = 2

/** Lets the accepted order in {@link intake} trade, and rests or cancels what is left. */
export function enter(state: EngineState, order: number, enums: number): void {
  const { clearing, books } = state
  if (intake.unfillable) {
    clearing.cancelRemainder(order, FOK_NOT_FILLED)
    clearing.forget(order)
    return
  }
  const side = enums & 1
  const market = intake.market
  const ended = takeLiquidity(state, order, market, side ^ 1)
  if (ended === DONE) {
    clearing.forget(order)
  } else if (ended < STOPPED_BY_OWN_ORDER && ((enums & NOT_GTC) === 0 || (enums & NOT_GTC) === GTD)) {
    if ((enums & CONCEALED) !== 0) state.icebergs.conceal(order)
    books.add(order, market, side)
    clearing.list(order)
    state.out.rested(order)
  } else {
    clearing.cancelRemainder(order, remainderReason((enums & MARKET_ORDER) === 0, ended))
    clearing.forget(order)
  }
}
