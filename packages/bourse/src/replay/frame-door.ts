/** The one door of the exchange as a replay uses it: a batch of binary command frames in, their event frames out. */
import type { FrameBuffer } from '@bourse/core'
import type { Exchange } from '@bourse/exchange'

/** What a replay needs of an exchange: its door, and what stands now. */
export type FrameDoor = Pick<Exchange, 'engine' | 'submitFrames'>

export interface FrameAnswer {
  readonly firstSequence: number
  readonly events: FrameBuffer
}

/** The offsets in `events` at which the events of each sequence begin: entry i is for `firstSequence + i`, the last one is the end. */
export function eventOffsets(answer: FrameAnswer, commands: number): number[] {
  const { events, firstSequence } = answer
  const offsets = new Array<number>(commands + 1).fill(events.length)
  let next = 0
  for (let offset = 0; offset < events.length; offset += events.size(offset)) {
    const index = events.sequence(offset) - firstSequence
    if (index < 0 || index >= commands) throw new RangeError(`Event of command ${events.sequence(offset)} in the answer to the ${commands} commands from ${firstSequence} on.`)
    while (next <= index) offsets[next++] = offset
  }
  while (next < commands) offsets[next++] = events.length
  return offsets
}
