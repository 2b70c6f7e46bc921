/** What the writer takes, and what it journals together: requests, groups of commands, answers. */
import { COMMAND_REJECTED, decodeFrame, REJECT_CODES, RESULT_CODE, type Command, type Event, type FrameBuffer, type RejectCode } from '@bourse/core'
import type { CommandResult } from '@bourse/plugin'
import type { EventRange, FramesResult } from './frames-result.js'

export type Request =
  | { readonly kind: 'command'; readonly command: Command; readonly timeUs: number; readonly count: 1; resolve(result: CommandResult): void; reject(error: Error): void }
  | { readonly kind: 'frames'; readonly frames: FrameBuffer; readonly timeUs: number; readonly count: number; resolve(result: FramesResult): void; reject(error: Error): void }

/** What a request gets when its group is durable. */
export interface Answer extends EventRange {
  readonly request: Request
  /** The command could not be written as a frame; nothing was journaled for it. */
  readonly fault: RejectCode | undefined
}

/** Commands that are journaled by one append. */
export interface Group {
  readonly commands: FrameBuffer
  readonly events: FrameBuffer
  readonly firstSequence: number
  lastSequence: number
  timestampUs: number
  readonly answers: Answer[]
  /** Called when the group has been committed, or with the reason why it will not be. */
  readonly hooks: ((failure?: Error) => void)[]
}

/** The answer to one command, out of the events of its group. */
export function commandResult(events: FrameBuffer, answer: Answer): CommandResult {
  const { firstSequence: sequence, timestampUs, eventsFrom, eventsTo, fault } = answer
  if (fault !== undefined) return { ok: false, sequence: answer.lastSequence, timestampUs, reject: { code: fault } }
  // A command may have no events: a cancel-all without orders.
  if (eventsFrom < eventsTo && events.type(eventsFrom) === COMMAND_REJECTED) {
    const code = REJECT_CODES[events.u8[eventsFrom + RESULT_CODE]!]
    if (code !== undefined && code !== 'none') return { ok: false, sequence, timestampUs, reject: { code } }
  }
  const decoded: Event[] = []
  for (let offset = eventsFrom; offset < eventsTo; offset += events.size(offset)) decoded.push(...decodeFrame(events, offset))
  return { ok: true, sequence, timestampUs, events: decoded }
}
