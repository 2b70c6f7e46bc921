/** `order.place-oco`: two exits of one quantity, of which only one can happen. */
import type { FrameBuffer } from '../values/frames.js'
import * as frame from '../domain/frames/linked-frames.js'
import { ORDER_ID } from '../matching/order-layout.js'
import { enterExits, type NamedExit } from './enter-exits.js'
import { examineOco, oco, readLeg, readPair } from './examine-oco.js'
import { reject } from './reject.js'
import { remember } from './request-memory.js'
import type { EngineState } from './state.js'

export function placeOco(state: EngineState, frames: FrameBuffer, offset: number): void {
  const fault = examineOco(state, frames, offset)
  if (fault !== undefined) {
    if (fault !== 'repeated') reject(state, frames, offset, fault)
    return
  }
  const pair = readPair(frames, offset, state.markets.rows[frames.market(offset)]!)
  const exit = (at: number): NamedExit => ({ order: readLeg(frames, offset + at, pair), frames, nameAt: offset + at + frame.LEG_CLIENT_ORDER_ID })
  const rows = enterExits(state, exit(frame.OCO_TAKE_PROFIT), exit(frame.OCO_STOP_LOSS), oco.hold)
  if (frames.u8[offset + frame.OCO_FLAGS] === 0) return
  const textAt = frame.OCO_TAKE_PROFIT + frame.LEG_CLIENT_ORDER_ID
  remember(state, { window: state.orderRequests, frames, offset, textAt, scope: pair.account, orderId: state.memory.f64[rows.takeProfit + ORDER_ID]! })
}
