/** `ledger.transfer`, `ledger.hold`, `ledger.settle` and `ledger.release`: money that moves without a trade. */
import { MAX_AMOUNT } from '../values/decimal.js'
import { NONE_16, type FrameBuffer } from '../values/frames.js'
import { isTextInWords, TEXT_WORDS } from '../values/text-words.js'
import * as command from '../domain/frames/command-frames.js'
import * as event from '../domain/frames/event-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { KIND_WORLD } from './accounts.js'
import { reject } from './reject.js'
import { HOLD_END_KEY, HOLD_KEY, recognise, remember, TRANSFER_KEY } from './request-memory.js'
import type { EngineState } from './state.js'

export function transfer(state: EngineState, frames: FrameBuffer, offset: number): void {
  const fault = transferFault(state, frames, offset)
  if (fault !== undefined) {
    if (fault !== 'repeated') reject(state, frames, offset, fault)
    return
  }
  const asset = frames.asset(offset)
  const from = frames.account(offset)
  const to = frames.u32[(offset + command.TRANSFER_TO) >> 2]!
  const amount = frames.i64[(offset + command.TRANSFER_AMOUNT) >> 3]!
  state.balances.pay(state.balances.open(from, asset), state.balances.open(to, asset), amount)
  remember(state, { window: state.ledgerRequests, frames, offset, textAt: command.TRANSFER_REQUEST_ID, scope: TRANSFER_KEY, orderId: 0 })
  const at = state.out.begin(event.TRANSFER_POSTED, from, NONE_16, asset)
  const out = state.out.frames
  out.u32[(at + event.POSTED_TO) >> 2] = to
  out.i64[(at + event.POSTED_AMOUNT) >> 3] = amount
  copyText(frames, offset + command.TRANSFER_REQUEST_ID, out, at + event.POSTED_REQUEST_ID)
}

function transferFault(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | 'repeated' | undefined {
  const from = frames.account(offset)
  const to = frames.u32[(offset + command.TRANSFER_TO) >> 2]!
  const amount = frames.i64[(offset + command.TRANSFER_AMOUNT) >> 3]!
  if (!isTextInWords(frames.u32, (offset + command.TRANSFER_REQUEST_ID) >> 2)) return 'malformed_text'
  if (frames.u8[offset + command.TRANSFER_WITHIN]! > 1) return 'malformed_frame'
  if (from >= state.accounts.count || to >= state.accounts.count) return 'unknown_account'
  if (state.catalog.asset(frames.asset(offset)) === undefined) return 'unknown_asset'
  const seen = recognise(state, { window: state.ledgerRequests, frames, offset, textAt: command.TRANSFER_REQUEST_ID, scope: TRANSFER_KEY })
  if (seen !== 'new') return seen === 'repeated' ? 'repeated' : 'duplicate_request'
  if (from === to) return 'invalid_combination'
  if (frames.u8[offset + command.TRANSFER_WITHIN] === 1 && !state.accounts.areFamily(from, to)) return 'not_permitted'
  if (state.accounts.mayNotPay(from)) return 'account_frozen'
  if (amount <= 0n) return 'amount_not_positive'
  if (amount > MAX_AMOUNT) return 'amount_out_of_bounds'
  const available = state.balances.available(state.balances.find(from, frames.asset(offset)))
  if (state.accounts.kind(from) === KIND_WORLD) return available - amount < -MAX_AMOUNT ? 'amount_out_of_bounds' : undefined
  return available < amount ? 'insufficient_balance' : undefined
}

export function placeHold(state: EngineState, frames: FrameBuffer, offset: number): void {
  const fault = holdFault(state, frames, offset)
  if (fault !== undefined) {
    if (fault !== 'repeated') reject(state, frames, offset, fault)
    return
  }
  const account = frames.account(offset)
  const asset = frames.asset(offset)
  const amount = frames.i64[(offset + command.HOLD_AMOUNT) >> 3]!
  state.balances.hold(state.balances.find(account, asset), amount)
  const hold = state.holds.place({ words: frames.u32, at: (offset + command.HOLD_ID) >> 2, account, asset, amount, sequence: state.sequence })
  remember(state, { window: state.ledgerRequests, frames, offset, textAt: command.HOLD_ID, scope: HOLD_KEY, orderId: 0 })
  writeHoldEvent(state, event.HOLD_PLACED, hold)
}

function holdFault(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | 'repeated' | undefined {
  const account = frames.account(offset)
  const asset = frames.asset(offset)
  const amount = frames.i64[(offset + command.HOLD_AMOUNT) >> 3]!
  const name = (offset + command.HOLD_ID) >> 2
  if (!isTextInWords(frames.u32, name)) return 'malformed_text'
  if (account >= state.accounts.count) return 'unknown_account'
  if (state.catalog.asset(asset) === undefined) return 'unknown_asset'
  const live = state.holds.find(frames.u32, name)
  if (live !== 0) {
    const isSame = state.holds.account(live) === account && state.holds.asset(live) === asset && state.holds.amount(live) === amount
    if (!isSame) return 'hold_exists'
    state.out.repeated({ type: command.LEDGER_HOLD, account, firstSequence: state.holds.sequenceOf(live), orderId: 0 })
    return 'repeated'
  }
  const seen = recognise(state, { window: state.ledgerRequests, frames, offset, textAt: command.HOLD_ID, scope: HOLD_KEY })
  if (seen !== 'new') return seen === 'repeated' ? 'repeated' : 'duplicate_request'
  // The name of a hold that ended stays taken while its end is remembered.
  if (state.ledgerRequests.find(frames.u32, name, HOLD_END_KEY) !== 0) return 'duplicate_request'
  if (state.accounts.kind(account) === KIND_WORLD) return 'not_permitted'
  if (state.accounts.mayNotPay(account)) return 'account_frozen'
  if (amount <= 0n) return 'amount_not_positive'
  if (amount > MAX_AMOUNT) return 'amount_out_of_bounds'
  return state.balances.available(state.balances.find(account, asset)) < amount ? 'insufficient_balance' : undefined
}

export function settleHold(state: EngineState, frames: FrameBuffer, offset: number): void {
  const to = frames.account(offset)
  const fault = to >= state.accounts.count ? 'unknown_account' : endFault(state, frames, offset)
  if (fault !== undefined) {
    if (fault !== 'repeated') reject(state, frames, offset, fault)
    return
  }
  const hold = state.holds.find(frames.u32, (offset + command.HOLD_END_ID) >> 2)
  const asset = state.holds.asset(hold)
  const from = state.balances.find(state.holds.account(hold), asset)
  state.balances.payHeld(from, state.balances.open(to, asset), state.holds.amount(hold))
  const at = writeHoldEvent(state, event.HOLD_SETTLED, hold)
  state.out.frames.u32[(at + event.SETTLED_TO) >> 2] = to
  endHold(state, frames, offset, hold)
}

export function releaseHold(state: EngineState, frames: FrameBuffer, offset: number): void {
  const fault = endFault(state, frames, offset)
  if (fault !== undefined) {
    if (fault !== 'repeated') reject(state, frames, offset, fault)
    return
  }
  const hold = state.holds.find(frames.u32, (offset + command.HOLD_END_ID) >> 2)
  const balance = state.balances.find(state.holds.account(hold), state.holds.asset(hold))
  state.balances.release(balance, state.holds.amount(hold))
  writeHoldEvent(state, event.HOLD_RELEASED, hold)
  endHold(state, frames, offset, hold)
}

function endFault(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | 'repeated' | undefined {
  const name = (offset + command.HOLD_END_ID) >> 2
  if (!isTextInWords(frames.u32, name)) return 'malformed_text'
  const seen = recognise(state, { window: state.ledgerRequests, frames, offset, textAt: command.HOLD_END_ID, scope: HOLD_END_KEY })
  if (seen !== 'new') return seen === 'repeated' ? 'repeated' : 'duplicate_request'
  return state.holds.find(frames.u32, name) === 0 ? 'unknown_hold' : undefined
}

function endHold(state: EngineState, frames: FrameBuffer, offset: number, hold: number): void {
  state.holds.remove(hold)
  remember(state, { window: state.ledgerRequests, frames, offset, textAt: command.HOLD_END_ID, scope: HOLD_END_KEY, orderId: 0 })
}

function writeHoldEvent(state: EngineState, type: number, hold: number): number {
  const at = state.out.begin(type, state.holds.account(hold), NONE_16, state.holds.asset(hold))
  const out = state.out.frames
  out.i64[(at + event.HOLD_EVENT_AMOUNT) >> 3] = state.holds.amount(hold)
  state.holds.names.copyTo(hold, out.u32, (at + event.HOLD_EVENT_ID) >> 2)
  return at
}

function copyText(from: FrameBuffer, fromAt: number, to: FrameBuffer, toAt: number): void {
  for (let word = 0; word < TEXT_WORDS; word++) to.u32[(toAt >> 2) + word] = from.u32[(fromAt >> 2) + word]!
}
