/** Transfers and named holds of the naive engine. */
import { HOLD_AMOUNT, HOLD_END_ID, HOLD_ID, MAX_AMOUNT, TRANSFER_AMOUNT, TRANSFER_REQUEST_ID, TRANSFER_TO, TRANSFER_WITHIN, type RejectCode } from '@bourse/core'
import { available, pay, payFromHeld, setAside } from './naive-ledger.js'
import { find, HOLD_END_KEY, HOLD_KEY, recall, remember, TRANSFER_KEY, type RequestKey } from './naive-requests.js'
import { mayNotPay, type NaiveHold, type NaiveRun } from './naive-state.js'

export function transfer(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const [from, to, asset, amount] = [frame.account, frame.u32(TRANSFER_TO), frame.asset, frame.i64(TRANSFER_AMOUNT)]
  const requestId = frame.text(TRANSFER_REQUEST_ID)
  if (requestId === undefined || requestId === '') return 'malformed_text'
  if (frame.u8(TRANSFER_WITHIN) > 1) return 'malformed_frame'
  if (state.accounts[from] === undefined || state.accounts[to] === undefined) return 'unknown_account'
  if (state.assets[asset] === undefined) return 'unknown_asset'
  const recalled = recall(run, keyOf(run, TRANSFER_KEY, requestId))
  if (recalled !== 'new') return recalled === 'repeated' ? undefined : 'duplicate_request'
  if (from === to) return 'invalid_combination'
  const [above, aboveOther] = [state.accounts[from].parent ?? from, state.accounts[to].parent ?? to]
  if (frame.u8(TRANSFER_WITHIN) === 1 && above !== aboveOther) return 'not_permitted'
  if (mayNotPay(state.accounts[from])) return 'account_frozen'
  if (amount <= 0n) return 'amount_not_positive'
  if (amount > MAX_AMOUNT) return 'amount_out_of_bounds'
  const left = available(state, from, asset) - amount
  if (state.accounts[from].kind === 'world') {
    if (left < -MAX_AMOUNT) return 'amount_out_of_bounds'
  } else if (left < 0n) return 'insufficient_balance'
  pay(state, { from, to, asset, amount })
  rememberLedger(run, TRANSFER_KEY, requestId)
  run.emit({ type: 'transfer.posted', requestId, from, to, asset, amount })
  return undefined
}

export function placeHold(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const [account, asset, amount] = [frame.account, frame.asset, frame.i64(HOLD_AMOUNT)]
  const holdId = frame.text(HOLD_ID)
  if (holdId === undefined || holdId === '') return 'malformed_text'
  if (state.accounts[account] === undefined) return 'unknown_account'
  if (state.assets[asset] === undefined) return 'unknown_asset'
  const live = state.holds.find((hold) => hold.holdId === holdId)
  if (live !== undefined) {
    if (live.account !== account || live.asset !== asset || live.amount !== amount) return 'hold_exists'
    run.emit({ type: 'command.repeated', command: 'ledger.hold', account, firstSequence: live.sequence, orderId: 0 })
    return undefined
  }
  const recalled = recall(run, keyOf(run, HOLD_KEY, holdId))
  if (recalled !== 'new') return recalled === 'repeated' ? undefined : 'duplicate_request'
  // The name of a hold that ended stays taken while its end is remembered.
  if (find(keyOf(run, HOLD_END_KEY, holdId)) !== undefined) return 'duplicate_request'
  if (state.accounts[account].kind === 'world') return 'not_permitted'
  if (mayNotPay(state.accounts[account])) return 'account_frozen'
  if (amount <= 0n) return 'amount_not_positive'
  if (amount > MAX_AMOUNT) return 'amount_out_of_bounds'
  if (available(state, account, asset) < amount) return 'insufficient_balance'
  setAside(state, { account, asset, amount })
  state.holds.push({ holdId, account, asset, amount, sequence: frame.sequence })
  rememberLedger(run, HOLD_KEY, holdId)
  run.emit({ type: 'hold.placed', holdId, account, asset, amount })
  return undefined
}

export function settleHold(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const to = frame.account
  if (state.accounts[to] === undefined) return 'unknown_account'
  const hold = endingHold(run)
  if (hold === 'repeated') return undefined
  if (typeof hold === 'string') return hold
  const { holdId, account, asset, amount } = hold
  payFromHeld(state, { from: account, to, asset, amount })
  endHold(run, hold)
  run.emit({ type: 'hold.settled', holdId, account, to, asset, amount })
  return undefined
}

export function releaseHold(run: NaiveRun): RejectCode | undefined {
  const hold = endingHold(run)
  if (hold === 'repeated') return undefined
  if (typeof hold === 'string') return hold
  const { holdId, account, asset, amount } = hold
  setAside(run.state, { account, asset, amount: -amount })
  endHold(run, hold)
  run.emit({ type: 'hold.released', holdId, account, asset, amount })
  return undefined
}

/** The live hold that a command ends, unless something is in the way. */
function endingHold(run: NaiveRun): NaiveHold | RejectCode | 'repeated' {
  const { state, frame } = run
  const holdId = frame.text(HOLD_END_ID)
  if (holdId === undefined || holdId === '') return 'malformed_text'
  const recalled = recall(run, keyOf(run, HOLD_END_KEY, holdId))
  if (recalled !== 'new') return recalled === 'repeated' ? 'repeated' : 'duplicate_request'
  return state.holds.find((hold) => hold.holdId === holdId) ?? 'unknown_hold'
}

function endHold(run: NaiveRun, hold: NaiveHold): void {
  const { holds } = run.state
  holds.splice(holds.indexOf(hold), 1)
  rememberLedger(run, HOLD_END_KEY, hold.holdId)
}

function keyOf(run: NaiveRun, scope: number, text: string): RequestKey {
  return { requests: run.state.ledgerRequests, scope, text }
}

function rememberLedger(run: NaiveRun, scope: number, text: string): void {
  remember(run, keyOf(run, scope, text), { limit: run.state.limits.ledgerRequests, orderId: 0 })
}
