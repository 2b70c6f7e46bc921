/** A second engine that gets the same commands in groups, and must come to the same events and states. */
import { createEngine, FrameBuffer, restoreEngine, type Engine, type EngineLimits } from '@bourse/core'

/** Commands in a group, one after another: alone, few, and more than is given to the kernel at a time. */
const SIZES = [1, 7, 40, 3, 300, 12]

export class GroupedTwin {
  private engine: Engine
  private readonly commands = new FrameBuffer()
  private readonly expected = new FrameBuffer()
  private readonly events = new FrameBuffer()
  private count = 0
  private groups = 0

  constructor(limits: Partial<EngineLimits>) {
    this.engine = createEngine(limits)
  }

  /** Takes the command that begins at an offset, and the events that it had. @returns whether a group is full. */
  add(commands: FrameBuffer, offset: number, events: FrameBuffer): boolean {
    this.commands.appendFrom(commands, offset)
    this.expected.appendRange(events, 0, events.length)
    return ++this.count >= SIZES[this.groups % SIZES.length]!
  }

  /** Applies the group. @returns what is not as it was with the other engine. */
  flush(other: Engine): string | undefined {
    const { commands, events, expected } = this
    events.clear()
    for (let at = 0; at < commands.length; ) at = this.engine.applyAll(commands, at, commands.length, events)
    this.engine.checkInvariants()
    const same = events.length === expected.length && events.used().every((byte, at) => byte === expected.u8[at])
    const summary = `in a group of ${this.count} commands up to ${other.sequence}`
    commands.clear()
    expected.clear()
    this.count = 0
    this.groups++
    if (!same) return `events differ ${summary}`
    return this.engine.stateHash() === other.stateHash() ? undefined : `states differ ${summary}`
  }

  /** Goes on from a snapshot or an image of itself. */
  restore(asImage: boolean): void {
    this.engine = restoreEngine(asImage ? this.engine.image() : this.engine.snapshot())
  }
}
