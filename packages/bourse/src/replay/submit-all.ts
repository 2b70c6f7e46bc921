/** Submits commands that have to succeed: definitions and funding. */
import { COMMAND_REJECTED, REJECT_CODES, RESULT_CODE, type FrameBuffer } from '@bourse/core'
import type { FrameDoor } from './frame-door.js'
import { ReplayError } from './replay-error.js'

/** @throws ReplayError with the first reject. */
export async function submitAll(door: FrameDoor, frames: FrameBuffer, failure: string): Promise<void> {
  if (frames.length === 0) return
  const { events } = await door.submitFrames(frames)
  for (let offset = 0; offset < events.length; offset += events.size(offset)) {
    if (events.type(offset) !== COMMAND_REJECTED) continue
    throw new ReplayError(`The engine refused a command: ${failure} (${REJECT_CODES[events.u8[offset + RESULT_CODE]!]}).`)
  }
}
