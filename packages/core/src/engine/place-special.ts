/** `order.place-special`: an order with terms that the compact frame has no room for. */
import type { FrameBuffer } from '../values/frames.js'
import * as command from '../domain/frames/command-frames.js'
import { MARKET_WAITING } from '../matching/market-layout.js'
import { intake } from './examine-order.js'
import { examineSpecial } from './examine-special.js'
import { accept } from './accept-order.js'
import { CONCEALED, enter } from './place-order.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'
import { afterTrades } from './trigger-orders.js'
import { isConditional } from './waiting-orders.js'

export function placeSpecial(state: EngineState, frames: FrameBuffer, offset: number): void {
  const fault = examineSpecial(state, frames, offset)
  if (fault !== undefined) {
    if (fault !== 'repeated') reject(state, frames, offset, fault)
    return
  }
  placeExaminedSpecial(state, frames, offset)
}

/** Takes in the order in {@link intake}, which has passed the examination. */
export function placeExaminedSpecial(state: EngineState, frames: FrameBuffer, offset: number): void {
  const order = accept(state, frames, offset)
  if (hasTerms(frames, offset)) state.terms.attachFrom(order, frames, offset)
  const expiresAtUs = frames.f64[(offset + command.PLACE_EXPIRES_AT) >> 3]!
  if (expiresAtUs !== 0) state.deadlines.set(state.terms.openDeadline(order, frames.account(offset), frames.market(offset)), expiresAtUs)
  state.out.acceptedSpecial(order)
  const enums = frames.u32[(offset + command.PLACE_SIDE) >> 2]!
  if (isConditional((enums >> 8) & 0xff)) {
    state.clearing.list(order)
    state.waiting.prepare(order)
    state.waiting.wait(order)
    return
  }
  const conceals = frames.i64[(offset + command.PLACE_DISPLAY_QUANTITY) >> 3] !== 0n
  enter(state, order, conceals ? enums | CONCEALED : enums)
  if (state.memory.i32[intake.market * 2 + MARKET_WAITING] !== 0) afterTrades(state, intake.market)
}

/** Whether the order stays special: one that only slid is a plain one from then on. */
function hasTerms({ i64, u32 }: FrameBuffer, offset: number): boolean {
  for (let at = command.PLACE_EXPIRES_AT; at < command.PLACE_TRAILING_BPS; at += 8) if (i64[(offset + at) >> 3] !== 0n) return true
  return u32[(offset + command.PLACE_TRAILING_BPS) >> 2] !== 0 || i64[(offset + command.PLACE_ACTIVATION_PRICE) >> 3] !== 0n
}
