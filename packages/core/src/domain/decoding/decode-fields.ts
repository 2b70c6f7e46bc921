/** Reads what events of every subject have: the base, and words and numbers in their bytes. */
import type { FrameBuffer } from '../../values/frames.js'
import { EVENT_INDEX } from '../frames/event-layout.js'
import type { EventBase } from '../events/events.js'

/** The 8 bytes at `at` as an integer. */
export function i64At(frames: FrameBuffer, at: number): bigint {
  return frames.i64[at >> 3]!
}

/** The place of the event among those of its command. */
export function indexAt(frames: FrameBuffer, offset: number): number {
  return frames.u32[(offset + EVENT_INDEX) >> 2]!
}

export function eventBase(frames: FrameBuffer, offset: number): EventBase {
  return {
    sequence: frames.sequence(offset),
    index: indexAt(frames, offset),
    timestampUs: frames.timestampUs(offset),
  }
}

/** What is written as the number plus 1, or as 0 for none. */
export function numberOrNone(written: number): number | undefined {
  return written === 0 ? undefined : written - 1
}

export function word<W extends string>(words: readonly W[], code: number | undefined): W {
  const found = words[code ?? -1]
  if (found === undefined) throw new RangeError(`Byte ${code} is none of ${words.join(', ')}.`)
  return found
}
