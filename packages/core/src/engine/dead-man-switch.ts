/** `order.cancel-all-after`: cancels an account's orders unless the account says in time that it is still there. */
import { NONE_16, type FrameBuffer } from '../values/frames.js'
import { AFTER_TIMEOUT_MS } from '../domain/frames/command-frames.js'
import { DEAD_MAN_SWITCH_FIRED, DEAD_MAN_SWITCH_SET, SWITCH_AT } from '../domain/frames/event-frames.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import { DEADLINE_ACCOUNT, DEADLINE_AT, DEADLINE_MARKET } from './deadline-layout.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'

/** A switch that lasts longer protects nobody. */
const MAX_TIMEOUT_MS = 86_400_000
const REASON = CANCEL_REASONS.indexOf('dead_man_switch')

/** Sets, sets again or (with a timeout of 0) disables the switch. */
export function setDeadManSwitch(state: EngineState, frames: FrameBuffer, offset: number): void {
  const account = frames.account(offset)
  const market = frames.market(offset)
  const timeoutMs = frames.u32[(offset + AFTER_TIMEOUT_MS) >> 2]!
  if (account >= state.accounts.count) reject(state, frames, offset, 'unknown_account')
  else if (market !== NONE_16 && market >= state.markets.count) reject(state, frames, offset, 'unknown_market')
  else if (timeoutMs > MAX_TIMEOUT_MS) reject(state, frames, offset, 'timeout_out_of_bounds')
  else {
    const row = state.switches.open(account, market)
    const firesAtUs = timeoutMs === 0 ? 0 : state.timestampUs + timeoutMs * 1000
    if (timeoutMs === 0) state.deadlines.unset(row)
    else state.deadlines.set(row, firesAtUs)
    writeSwitchEvent(state, DEAD_MAN_SWITCH_SET, row, firesAtUs)
  }
}

export function fireDeadManSwitch(state: EngineState, row: number): void {
  writeSwitchEvent(state, DEAD_MAN_SWITCH_FIRED, row, state.memory.f64[row + DEADLINE_AT]!)
  const { i32 } = state.memory
  state.backlog.push({ kind: 'cancel-all', account: i32[row * 2 + DEADLINE_ACCOUNT]!, market: i32[row * 2 + DEADLINE_MARKET]!, reason: REASON })
}

function writeSwitchEvent(state: EngineState, type: number, row: number, atUs: number): void {
  const { i32 } = state.memory
  const at = state.out.begin(type, i32[row * 2 + DEADLINE_ACCOUNT]!, i32[row * 2 + DEADLINE_MARKET]!, NONE_16)
  state.out.frames.f64[(at + SWITCH_AT) >> 3] = atUs
}
