/**
 * Examines an `order.place-special` before anything is changed: the ladder of `examine-order.ts`, with the
 * terms of special orders.
 *
 * The first rule that an order breaks is the reject it gets, in this order: account, market, bytes of the
 * frame, repetition of an idempotent order, kind of account, state of the market, combination.
 */
import type { FrameBuffer } from '../values/frames.js'
import { isEmptyInWords, NO_TEXT } from '../values/text-words.js'
import * as command from '../domain/frames/command-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { ORDER_TYPES, SELF_TRADE_PREVENTIONS, TIMES_IN_FORCE } from '../domain/vocabulary.js'
import { MARKET_STATE, STATE_POST_ONLY, STATE_PRE_OPEN } from '../matching/market-layout.js'
import { BUY } from '../matching/order-layout.js'
import { feeHoldFault, intake } from './examine-order.js'
import { examineConditional } from './examine-conditional.js'
import { examineSpecialLimit } from './examine-special-limit.js'
import { nameHash } from './order-names.js'
import { recognise } from './request-memory.js'
import type { EngineState } from './state.js'
import { isConditional } from './waiting-orders.js'

const LIMIT = ORDER_TYPES.indexOf('limit')
const IOC = TIMES_IN_FORCE.indexOf('ioc')
const FOK = TIMES_IN_FORCE.indexOf('fok')
const ALL_FLAGS = command.PLACE_POST_ONLY | command.PLACE_IDEMPOTENT | command.PLACE_BY_QUOTE | command.PLACE_HAS_PRICE
/** Flags of the second kind that are known. */
const ALL_FLAGS_2 = command.PLACE_2_SLIDE

/** Finds the first rule that the order breaks; changes nothing but `intake` and the register `HOLD`. */
export function examineSpecial(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | 'repeated' | undefined {
  const account = frames.account(offset)
  const marketId = frames.market(offset)
  const { u8, u32 } = frames
  const name = (offset + command.PLACE_CLIENT_ORDER_ID) >> 2
  if (account >= state.accounts.count) return 'unknown_account'
  if (marketId >= state.markets.count) return 'unknown_market'
  if (!isWellFormed(frames, offset)) return 'malformed_frame'
  intake.nameHash = nameHash(account, u32, name)
  intake.seat = state.seats.find(account, marketId)
  if (intake.nameHash === NO_TEXT && !isEmptyInWords(u32, name)) return 'malformed_text'
  if ((u8[offset + command.PLACE_FLAGS]! & command.PLACE_IDEMPOTENT) !== 0) {
    if (u32[name] === 0) return 'malformed_text'
    const seen = recognise(state, { window: state.orderRequests, frames, offset, textAt: command.PLACE_CLIENT_ORDER_ID, scope: account })
    if (seen !== 'new') return seen === 'repeated' ? 'repeated' : 'duplicate_request'
  }
  const standingFault = state.accounts.tradingFault(account)
  if (standingFault !== undefined) return standingFault
  const market = state.markets.rows[marketId]!
  const marketState = state.memory.i32[market * 2 + MARKET_STATE]!
  if (marketState > STATE_POST_ONLY && !isCollected(marketState, frames, offset)) return 'market_not_open'
  intake.hasSettings = state.accounts.hasSettings(account)
  const fault = examineTerms(state, frames, offset, market)
  return fault === undefined && intake.hasSettings ? feeHoldFault(state, account, u8[offset + command.PLACE_SIDE] === BUY) : fault
}

function examineTerms(state: EngineState, frames: FrameBuffer, offset: number, market: number): RejectCode | undefined {
  const orderType = frames.u8[offset + command.PLACE_ORDER_TYPE]!
  if (orderType !== LIMIT && frames.u32[(offset + command.PLACE_FLAGS_2) >> 2] !== 0) return 'invalid_combination'
  if (isConditional(orderType)) return examineConditional(state, frames, offset, market)
  return orderType === LIMIT ? examineSpecialLimit(state, frames, offset, market) : 'invalid_combination'
}

/** Whether an auction collects the order: a limit order that can rest and does not promise to. */
function isCollected(marketState: number, { u8 }: FrameBuffer, offset: number): boolean {
  const timeInForce = u8[offset + command.PLACE_TIME_IN_FORCE]!
  const isPostOnly = (u8[offset + command.PLACE_FLAGS]! & command.PLACE_POST_ONLY) !== 0
  return marketState === STATE_PRE_OPEN && u8[offset + command.PLACE_ORDER_TYPE] === LIMIT && timeInForce !== IOC && timeInForce !== FOK && !isPostOnly
}

/** Whether every byte is one that the vocabulary knows. */
function isWellFormed(frames: FrameBuffer, offset: number): boolean {
  const { u8, f64 } = frames
  const expiresAtUs = f64[(offset + command.PLACE_EXPIRES_AT) >> 3]!
  return (
    u8[offset + command.PLACE_SIDE]! <= 1 &&
    u8[offset + command.PLACE_ORDER_TYPE]! < ORDER_TYPES.length &&
    u8[offset + command.PLACE_TIME_IN_FORCE]! < TIMES_IN_FORCE.length &&
    u8[offset + command.PLACE_SELF_TRADE_PREVENTION]! < SELF_TRADE_PREVENTIONS.length &&
    u8[offset + command.PLACE_FLAGS]! <= ALL_FLAGS &&
    frames.u32[(offset + command.PLACE_FLAGS_2) >> 2]! <= ALL_FLAGS_2 &&
    expiresAtUs >= 0 &&
    expiresAtUs <= Number.MAX_SAFE_INTEGER &&
    Number.isInteger(expiresAtUs) &&
    frames.i64[(offset + command.PLACE_SPARE) >> 3] === 0n &&
    frames.i64[(offset + command.PLACE_SPARE + 8) >> 3] === 0n
  )
}
