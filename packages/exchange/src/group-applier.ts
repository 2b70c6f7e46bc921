/** Applies requests to the engine and writes what is to be journaled of them into a group. */
import { encodeCommand, writeContinue, type Engine, type FrameBuffer, type RejectCode } from '@bourse/core'
import type { Group, Request } from './writer-group.js'

/** So few that their events are still in the cache when they are folded. */
export const MAX_GROUP_COMMANDS = 1024
/** A command that makes many events, such as a mass quote of a hundred levels, fills a group sooner. */
const MAX_GROUP_EVENT_BYTES = 8 << 20

export class GroupApplier {
  constructor(public engine: Engine) {}

  /**
   * Fires what is due at a time, or when the last command came if that is later.
   *
   * @returns whether a command of that time may come now: nothing is left, and the group has room.
   */
  catchUp(group: Group, timeUs: number): boolean {
    const { engine } = this
    const atUs = Math.max(engine.timestampUs, timeUs)
    while (this.hasRoom(group)) {
      // What one command began goes on at its own time, before time passes.
      if (engine.hasBacklog) this.continueBacklog(group)
      else if (engine.isDue(atUs)) this.apply(group, writeContinue(group.commands), atUs)
      else return true
    }
    return false
  }

  private hasRoom(group: Group): boolean {
    return this.engine.sequence + 1 - group.firstSequence < MAX_GROUP_COMMANDS && group.events.length < MAX_GROUP_EVENT_BYTES
  }

  /** @returns why nothing of the request was done; the group is as it was then. */
  execute(request: Request, group: Group): Error | undefined {
    const firstSequence = this.engine.sequence + 1
    const eventsFrom = group.events.length
    const fault = request.kind === 'frames' ? this.executeFrames(request.frames, request.timeUs, group) : this.executeCommand(request, group)
    if (fault instanceof Error) return fault
    this.continueBacklog(group)
    const { sequence: lastSequence, timestampUs } = this.engine
    group.answers.push({ request, firstSequence, lastSequence, timestampUs, eventsFrom, eventsTo: group.events.length, fault })
    return undefined
  }

  private executeCommand(request: Request & { kind: 'command' }, group: Group): RejectCode | Error | undefined {
    const offset = group.commands.length
    try {
      const fault = encodeCommand(request.command, this.engine.catalog, group.commands)
      if (fault !== undefined) return fault.code
    } catch (error) {
      group.commands.length = offset
      return error instanceof Error ? error : new Error(String(error))
    }
    this.apply(group, offset, request.timeUs)
    return undefined
  }

  /** Applies the frames where they stand, and copies them to the group in one piece: in several only where a command had to be continued. */
  private executeFrames(frames: FrameBuffer, timeUs: number, group: Group): undefined {
    const { engine } = this
    const { commands, events } = group
    const timestampUs = Math.max(engine.timestampUs, timeUs)
    for (let offset = 0; offset < frames.length; ) {
      let sequence = engine.sequence
      for (let at = offset; at < frames.length; at += frames.size(at)) frames.stamp(at, ++sequence, timestampUs)
      const from = offset
      offset = engine.applyAll(frames, from, frames.length, events)
      commands.appendRange(frames, from, offset)
      this.continueBacklog(group, true)
    }
    return undefined
  }

  /** Time never runs backwards in the journal, whatever the clock does. */
  private apply(group: Group, offset: number, timeUs: number): void {
    const { engine } = this
    group.commands.stamp(offset, engine.sequence + 1, Math.max(engine.timestampUs, timeUs))
    engine.apply(group.commands, offset, group.events)
  }

  /** Goes on with what one command could not finish, as far as the group has room; the next group takes it up first. */
  continueBacklog(group: Group, entirely = false): void {
    while (this.engine.hasBacklog && (entirely || this.hasRoom(group))) {
      this.apply(group, writeContinue(group.commands), this.engine.timestampUs)
    }
  }
}
