/** Carries the whole state of an engine as it lies in memory: quick, and only for the version of the program that took it. */
import { FrameBuffer } from '../values/frames.js'
import { imageSizes, loadImage, takeImage, type ImageMemory } from '../values/memory-image.js'
import * as balance from '../ledger/balance-layout.js'
import * as fee from '../ledger/fee-layout.js'
import * as level from '../matching/level-layout.js'
import * as market from '../matching/market-layout.js'
import * as order from '../matching/order-layout.js'
import * as registers from '../matching/registers.js'
import * as seat from '../matching/seat-layout.js'
import * as terms from '../matching/terms-layout.js'
import * as account from './account-layout.js'
import * as deadline from './deadline-layout.js'
import { DEFAULT_LIMITS } from './limits.js'
import { EngineState } from './state.js'

/** Goes up when images, rows, or what stands in them, change in a way that neither their layouts nor the names of fields tell. */
const VERSION = 2

/** Where the fields of all rows stand: an image of other rows is refused. */
const LAYOUT = JSON.stringify([VERSION, account, balance, fee, level, market, order, registers, seat, terms, deadline])

/** Copies the state as it stands between two commands; the parts are overwritten by the next image in the same memory. */
export function imageOf(state: EngineState, memory?: ImageMemory): Uint8Array[] {
  leaveEvents(state)
  return takeImage(state, LAYOUT, memory)
}

/** Gets memory for an image of the present size, a little at a step. */
export function prepareImage(state: EngineState, memory: ImageMemory): Iterable<void> {
  leaveEvents(state)
  return memory.prepare(imageSizes(state))
}

/** @throws RangeError when the parts are of another version or layout. */
export function stateOfImage(parts: readonly Uint8Array[]): EngineState {
  const state = new EngineState(DEFAULT_LIMITS)
  leaveEvents(state)
  loadImage(state, LAYOUT, parts)
  state.breakerHalts = 0
  return state
}

/** The frames that events were written to last are the caller's, not part of the state. */
function leaveEvents(state: EngineState): void {
  state.out.frames = new FrameBuffer(64)
}
