/** Drives an engine with commands in names and decimal strings: the convenience of library users and tests. */
import { FrameBuffer } from '../values/frames.js'
import type { Command } from '../domain/commands/commands.js'
import { encodeCommand, type EncodeFault } from '../domain/encoding/encode-command.js'
import { decodeEvents } from '../domain/frames/event-frames.js'
import type { Event } from '../domain/events/events.js'
import { writeContinue } from '../domain/frames/command-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import type { Engine } from './engine.js'

/**
 * What a command did. A reject changed nothing; `field` and `message` are there where the command could not even be
 * written as a frame. `due` are the events of what was due at its time and came before it.
 */
export type Execution =
  | { readonly ok: true; readonly events: readonly Event[]; readonly due: readonly Event[] }
  | { readonly ok: false; readonly reject: { readonly code: RejectCode } & Partial<EncodeFault>; readonly due: readonly Event[] }

/**
 * Applies one command at a time, after what is due at its time and with whatever it goes on to do in continuation commands.
 *
 * Allocates objects for each command: programs in a hurry write frames with the `write...` functions and call
 * `engine.apply` themselves.
 *
 * @param timestampUs microseconds since 1970, never lower than that of the command before.
 *
 * @example
 * const engine = createEngine()
 * execute(engine, { type: 'asset.define', code: 'BTC', scale: 8 }, 0)
 */
export function execute(engine: Engine, command: Command, timestampUs: number): Execution {
  return executeFrames(engine, command, timestampUs, new FrameBuffer())
}

/** Does what {@link execute} does, and leaves the frames of all events, those of `due` first, in an empty buffer of the caller's. */
export function executeFrames(engine: Engine, command: Command, timestampUs: number, frames: FrameBuffer): Execution {
  const commands = new FrameBuffer(256)
  const fault = encodeCommand(command, engine.catalog, commands)
  if (fault !== undefined) return { ok: false, reject: fault, due: [] }
  continueAll(engine, timestampUs, frames)
  const due = decodeEvents(frames)
  const from = frames.length
  commands.stamp(0, engine.sequence + 1, timestampUs)
  engine.apply(commands, 0, frames)
  continueAll(engine, timestampUs, frames)
  const events = decodeEvents(frames, from)
  const first = events[0]
  return first?.type === 'command.rejected' ? { ok: false, reject: { code: first.code }, due } : { ok: true, events, due }
}

/**
 * Lets time pass without a command: whatever has a deadline at or before the time happens.
 *
 * @param timestampUs microseconds since 1970, never lower than that of the command before.
 * @returns the events, none where nothing was due.
 */
export function fireDue(engine: Engine, timestampUs: number): readonly Event[] {
  return fireDueFrames(engine, timestampUs, new FrameBuffer())
}

/** Does what {@link fireDue} does, and leaves the frames of the events in an empty buffer of the caller's. */
export function fireDueFrames(engine: Engine, timestampUs: number, frames: FrameBuffer): readonly Event[] {
  continueAll(engine, timestampUs, frames)
  return decodeEvents(frames)
}

function continueAll(engine: Engine, timestampUs: number, events: FrameBuffer): void {
  const commands = new FrameBuffer(64)
  while (engine.hasBacklog || engine.isDue(timestampUs)) {
    commands.clear()
    writeContinue(commands)
    commands.stamp(0, engine.sequence + 1, timestampUs)
    engine.apply(commands, 0, events)
  }
}
