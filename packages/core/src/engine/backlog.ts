/** Work that one command may not finish: a bounded part in each command, the rest by `continue`, first in first out. */
import type { FrameBuffer } from '../values/frames.js'
import { cancelSome, enforceSome } from './bulk-cancel.js'
import { fireDeadline } from './fire-deadline.js'
import { uncrossSome } from './auctions.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'
import type { WorkItem } from './work-item.js'
import { startTriggered } from './trigger-orders.js'

/** Adds work, and does as much of all work as one command may. */
export function beginWork(state: EngineState, ...items: WorkItem[]): void {
  state.room = state.limits.cancelsPerCommand
  state.backlog.push(...items)
  drain(state)
}

/**
 * `continue`: goes on with the backlog, then with triggered orders, then with what is due, deadline by deadline.
 *
 * What one deadline began is finished before the next one fires, as if each had fired at its own time. A deadline
 * counts as one order, so that a command is bounded by {@link EngineState.room} whatever comes together.
 */
export function continueBacklog(state: EngineState, frames: FrameBuffer, offset: number): void {
  const { backlog, deadlines } = state
  if (!hasWork(state) && !deadlines.isDue(state.timestampUs)) {
    reject(state, frames, offset, 'not_permitted')
    return
  }
  state.room = state.limits.cancelsPerCommand
  drain(state)
  if (backlog.length === 0 && state.activating !== 0) startTriggered(state, state.activating)
  while (!hasWork(state) && state.room > 0 && deadlines.isDue(state.timestampUs)) {
    state.room--
    fireDeadline(state, deadlines.takeFirst())
    drain(state)
  }
}

/** Whether a `continue` has something to do before the next command. */
export function hasWork({ backlog, activating }: EngineState): boolean {
  return backlog.length > 0 || activating !== 0
}

function drain(state: EngineState): void {
  const { backlog } = state
  while (backlog.length > 0 && state.room > 0 && workOn(state, backlog[0]!)) backlog.shift()
}

/** Does what the room allows. @returns whether the item is finished. */
function workOn(state: EngineState, item: WorkItem): boolean {
  switch (item.kind) {
    case 'cancel-all':
      return cancelSome(state, item)
    case 'rule-change':
      return enforceSome(state, item)
    case 'uncross':
      return uncrossSome(state, item)
  }
}
