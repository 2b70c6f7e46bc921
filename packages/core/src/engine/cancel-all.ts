/** `order.cancel-all`. */
import { NONE_16, type FrameBuffer } from '../values/frames.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import { beginWork } from './backlog.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'

const REQUESTED = CANCEL_REASONS.indexOf('requested')

/** Cancels an account's orders, in one market or in all. */
export function cancelAll(state: EngineState, frames: FrameBuffer, offset: number): void {
  const account = frames.account(offset)
  const market = frames.market(offset)
  if (account >= state.accounts.count) reject(state, frames, offset, 'unknown_account')
  else if (market !== NONE_16 && market >= state.markets.count) reject(state, frames, offset, 'unknown_market')
  else beginWork(state, { kind: 'cancel-all', account, market, reason: REQUESTED })
}
