/** `order.cancel-replace`: one order goes, another one comes, in one command. */
import { NONE_16, type FrameBuffer } from '../values/frames.js'
import { isTextOrEmptyInWords, TEXT_WORDS } from '../values/text-words.js'
import * as command from '../domain/frames/command-frames.js'
import { STEP_REJECTED } from '../domain/frames/event-frames.js'
import { rejectByte, type RejectCode } from '../domain/rejects.js'
import * as replace from '../domain/frames/replace-frames.js'
import { CANCEL_REASONS, ORDER_TYPES, REPLACE_MODES, REPLACE_STEPS, TIMES_IN_FORCE } from '../domain/vocabulary.js'
import { MARKET_TRAILING } from '../matching/market-layout.js'
import { NAMED, ORDER_ENUMS, ORDER_FLAGS, ORDER_HELD, ORDER_LEVEL, ORDER_SEAT, WAITING } from '../matching/order-layout.js'
import { SEAT_ACCOUNT, SEAT_COUNT, SEAT_MARKET, SEAT_MARKET_ID } from '../matching/seat-layout.js'
import { TERMS_SIBLING } from '../matching/terms-layout.js'
import { examineOrder } from './examine-order.js'
import { examineSpecial } from './examine-special.js'
import { placeExamined } from './place-order.js'
import { placeExaminedSpecial } from './place-special.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'
import { isTrailing } from './waiting-orders.js'

const ATOMIC = REPLACE_MODES.indexOf('atomic')
const ALLOW_FAILURE = REPLACE_MODES.indexOf('allow_failure')
const CANCEL_STEP = REPLACE_STEPS.indexOf('cancel')
const PLACE_STEP = REPLACE_STEPS.indexOf('place')
const REPLACED = CANCEL_REASONS.indexOf('replaced')
const MARKET_TYPE = ORDER_TYPES.indexOf('market')
const FOK = TIMES_IN_FORCE.indexOf('fok')

/** Faults that refuse the command whatever its mode: it was not understood, or came before. */
const OF_THE_COMMAND: ReadonlySet<RejectCode> = new Set<RejectCode>(['unknown_account', 'unknown_market', 'malformed_frame', 'malformed_text', 'duplicate_request'])

/**
 * Cancels the old order and places the new one.
 *
 * The new order is examined as if the old one were gone: for that the old one is set aside and put back exactly as it
 * was, so that a refusal leaves it untouched, its place in the book included.
 */
export function cancelReplace(state: EngineState, frames: FrameBuffer, offset: number): void {
  const ownFault = faultOfReference(frames, offset)
  const old = ownFault === undefined ? findOld(state, frames, offset) : 0
  if (ownFault !== undefined || isLinked(state, old)) {
    reject(state, frames, offset, ownFault ?? 'invalid_combination')
    return
  }
  const isSpecial = needsLargerFrame(frames, offset)
  const rested = old !== 0 && setAside(state, old)
  const fault = isSpecial ? examineSpecial(state, frames, offset) : examineOrder(state, frames, offset)
  if (old !== 0) putBack(state, old, rested)
  if (fault === 'repeated') return

  const mode = frames.u8[offset + replace.REPLACE_MODE]!
  const refusal = refusalOf(fault, old, mode)
  if (refusal !== undefined) {
    reject(state, frames, offset, refusal)
    return
  }
  if (old === 0) writeStepRejected(state, frames, offset, CANCEL_STEP, 'unknown_order')
  else state.clearing.cancelResting(old, REPLACED)
  if (fault !== undefined) writeStepRejected(state, frames, offset, PLACE_STEP, fault)
  else if (isSpecial) placeExaminedSpecial(state, frames, offset)
  else placeExamined(state, frames, offset)
}

/** Why nothing at all is done; undefined where at least one step is. */
function refusalOf(fault: RejectCode | undefined, old: number, mode: number): RejectCode | undefined {
  if (fault !== undefined && OF_THE_COMMAND.has(fault)) return fault
  if (old === 0) return mode === ALLOW_FAILURE ? fault : 'unknown_order'
  return mode === ATOMIC ? fault : undefined
}

function faultOfReference(frames: FrameBuffer, offset: number): RejectCode | undefined {
  const { u8, u32 } = frames
  const spare = u8[offset + replace.REPLACE_MODE + 1]! | u8[offset + replace.REPLACE_MODE + 2]! | u8[offset + replace.REPLACE_MODE + 3]!
  if (u8[offset + replace.REPLACE_MODE]! >= REPLACE_MODES.length || spare !== 0) return 'malformed_frame'
  return isTextOrEmptyInWords(u32, (offset + replace.REPLACED_CLIENT_ORDER_ID) >> 2) ? undefined : 'malformed_text'
}

/** The live order that is to go, of the account and in the market of the command; 0 where there is none. */
function findOld(state: EngineState, frames: FrameBuffer, offset: number): number {
  const account = frames.account(offset)
  const orderId = frames.f64[(offset + replace.REPLACED_ORDER_ID) >> 3]!
  const name = (offset + replace.REPLACED_CLIENT_ORDER_ID) >> 2
  const order = orderId !== 0 ? state.ids.find(orderId) : state.names.find(account, frames.u32, name)
  if (order === 0) return 0
  const { i32 } = state.memory
  const seat = i32[order * 2 + ORDER_SEAT]!
  return i32[seat * 2 + SEAT_ACCOUNT] === account && i32[seat * 2 + SEAT_MARKET_ID] === frames.market(offset) ? order : 0
}

/** Whether another order would go with it, or would take over what it holds. */
function isLinked(state: EngineState, order: number): boolean {
  if (order === 0) return false
  const terms = state.terms.of(order)
  return terms !== 0 && state.memory.f64[terms + TERMS_SIBLING] !== 0
}

/** Whether the new order has anything that the compact frame has no room for. */
function needsLargerFrame(frames: FrameBuffer, offset: number): boolean {
  const { u8, i64 } = frames
  if (u8[offset + command.PLACE_ORDER_TYPE]! > MARKET_TYPE || u8[offset + command.PLACE_TIME_IN_FORCE]! > FOK) return true
  for (let word = (offset + command.PLACE_EXPIRES_AT) >> 3; word < (offset + replace.REPLACED_ORDER_ID) >> 3; word++) if (i64[word] !== 0n) return true
  return false
}

/** Takes an order from where an examination would meet it: book, names, ids, counts, money. @returns whether it rested. */
function setAside(state: EngineState, order: number): boolean {
  const { i32, i64 } = state.memory
  if ((i32[order * 2 + ORDER_FLAGS]! & NAMED) !== 0) state.names.remove(order)
  state.ids.remove(order)
  count(state, order, -1)
  state.balances.release(state.clearing.paysFrom(order), i64[order + ORDER_HELD]! + state.orderFees.heldOf(order))
  const rested = i32[order * 2 + ORDER_LEVEL] !== 0
  if (rested) state.books.remove(order)
  return rested
}

/** Undoes {@link setAside}. */
function putBack(state: EngineState, order: number, rested: boolean): void {
  const { i32, i64 } = state.memory
  const seat = i32[order * 2 + ORDER_SEAT]!
  if (rested) state.books.putBack(order, i32[seat * 2 + SEAT_MARKET]!, i32[order * 2 + ORDER_ENUMS]! & 0xff)
  state.balances.hold(state.clearing.paysFrom(order), i64[order + ORDER_HELD]! + state.orderFees.heldOf(order))
  count(state, order, 1)
  state.ids.insert(order)
  if ((i32[order * 2 + ORDER_FLAGS]! & NAMED) !== 0) state.names.putBack(order)
}

/** Changes the counts that new orders are held against. */
function count(state: EngineState, order: number, by: number): void {
  const { i32 } = state.memory
  const seat = i32[order * 2 + ORDER_SEAT]!
  const market = i32[seat * 2 + SEAT_MARKET]!
  i32[seat * 2 + SEAT_COUNT] = i32[seat * 2 + SEAT_COUNT]! + by
  const isWaiting = (i32[order * 2 + ORDER_FLAGS]! & WAITING) !== 0
  if (isWaiting && isTrailing((i32[order * 2 + ORDER_ENUMS]! >>> 8) & 0xff)) i32[market * 2 + MARKET_TRAILING] = i32[market * 2 + MARKET_TRAILING]! + by
}

function writeStepRejected(state: EngineState, frames: FrameBuffer, offset: number, step: number, code: RejectCode): void {
  const at = state.out.begin(STEP_REJECTED, frames.account(offset), frames.market(offset), NONE_16)
  const out = state.out.frames
  out.u8[at + replace.STEP_CODE] = rejectByte(code)
  out.u8[at + replace.STEP_NAME] = step
  const from = (offset + (step === CANCEL_STEP ? replace.REPLACED_CLIENT_ORDER_ID : command.PLACE_CLIENT_ORDER_ID)) >> 2
  for (let word = 0; word < TEXT_WORDS; word++) out.u32[((at + replace.STEP_CLIENT_ORDER_ID) >> 2) + word] = frames.u32[from + word]!
}
