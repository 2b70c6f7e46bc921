/** `order.cancel` and `order.reduce`, and how commands name an order that lives. */
import type { FrameBuffer } from '../values/frames.js'
import { ROW_BITS } from '../values/row-memory.js'
import { isTextOrEmptyInWords } from '../values/text-words.js'
import * as command from '../domain/frames/command-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import { MARKET_LOT } from '../matching/market-layout.js'
import * as orderLayout from '../matching/order-layout.js'
import * as seatLayout from '../matching/seat-layout.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'

const { REFERENCE_CLIENT_ORDER_ID } = command
const { ORDER_FILLED, ORDER_QUANTITY, ORDER_SEAT } = orderLayout
const { SEAT_ACCOUNT, SEAT_MARKET, SEAT_MARKET_ID } = seatLayout

const ROW = ROW_BITS
/** Places in a frame, in words of 8 bytes and (the name) of 4. */
const ORDER_ID_WORD = command.REFERENCE_ORDER_ID >> 3
const NAME_WORD = REFERENCE_CLIENT_ORDER_ID >> 2
const REQUESTED = CANCEL_REASONS.indexOf('requested')

export function cancelOrder(state: EngineState, frames: FrameBuffer, offset: number): void {
  const order = findOrder(state, frames, offset)
  if (order === 0) reject(state, frames, offset, notFound(state, frames, offset))
  else state.clearing.cancelResting(order, REQUESTED)
}

export function reduceOrder(state: EngineState, frames: FrameBuffer, offset: number): void {
  const order = findOrder(state, frames, offset)
  if (order === 0) {
    reject(state, frames, offset, notFound(state, frames, offset))
    return
  }
  const wanted = frames.i64[(offset + command.REDUCE_LEAVES) >> 3]!
  const { i64 } = state.memory
  const leaves = i64[order + ORDER_QUANTITY]! - i64[order + ORDER_FILLED]!
  if (wanted < 0n) reject(state, frames, offset, 'quantity_not_positive')
  else if (wanted % i64[marketOf(state, order) + MARKET_LOT]! !== 0n) reject(state, frames, offset, 'quantity_not_multiple_of_lot_size')
  else if (wanted >= leaves) reject(state, frames, offset, 'quantity_not_reduced')
  else if (wanted === 0n) state.clearing.cancelResting(order, REQUESTED)
  else state.clearing.reduceResting(order, BigInt.asIntN(64, leaves - wanted), REQUESTED)
}

/** Row of the market of an order. */
export function marketOf(state: EngineState, order: number): number {
  const { i32 } = state.memory
  return i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_MARKET]!
}

/** The resting order that the command names, of the account and in the market that it names; 0 where there is none. */
export function findOrder(state: EngineState, frames: FrameBuffer, offset: number): number {
  const { u32, f64 } = frames
  const word = offset >> 3
  const account = u32[word * 2 + 1]!
  const orderId = f64[word + ORDER_ID_WORD]!
  const name = word * 2 + NAME_WORD
  // A search by name hashes the words, and finds nothing by words that are no text.
  if (orderId !== 0 && !isTextOrEmptyInWords(u32, name)) return 0
  const order = (orderId !== 0 ? state.ids.find(orderId) : state.names.find(account, u32, name)) & ROW
  if (order === 0) return 0
  const { i32 } = state.memory
  const seat = (i32[order * 2 + ORDER_SEAT]! & ROW) * 2
  return i32[seat + SEAT_ACCOUNT] === account && i32[seat + SEAT_MARKET_ID] === (u32[word * 2 + 6]! & 0xffff) ? order : 0
}

/** Why {@link findOrder} found nothing. */
export function notFound(state: EngineState, frames: FrameBuffer, offset: number): RejectCode {
  const name = (offset + REFERENCE_CLIENT_ORDER_ID) >> 2
  if (frames.account(offset) >= state.accounts.count) return 'unknown_account'
  if (frames.market(offset) >= state.markets.count) return 'unknown_market'
  return isTextOrEmptyInWords(frames.u32, name) ? 'unknown_order' : 'malformed_text'
}
