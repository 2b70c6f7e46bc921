/** Does what is due, by the kind of the deadline. */
import { DEADLINE_KIND, DEADLINE_ORDER } from './deadline-layout.js'
import { DEADLINE_KINDS } from './deadlines.js'
import { fireDeadManSwitch } from './dead-man-switch.js'
import { endAuction } from './auctions.js'
import type { EngineState } from './state.js'

const AUCTION_END = DEADLINE_KINDS.indexOf('auction-end')
const DEAD_MAN_SWITCH = DEADLINE_KINDS.indexOf('dead-man-switch')
const ORDER = DEADLINE_KINDS.indexOf('order')

/** Fires a deadline that has been taken from the queue; what it begins goes to the end of the backlog. */
export function fireDeadline(state: EngineState, row: number): void {
  switch (state.memory.i32[row * 2 + DEADLINE_KIND]) {
    case DEAD_MAN_SWITCH:
      return fireDeadManSwitch(state, row)
    case ORDER:
      return state.clearing.expire(state.memory.i32[row * 2 + DEADLINE_ORDER]!)
    case AUCTION_END:
      return endAuction(state, row)
  }
}
