/** A whole stream of random commands as an exchange would have journaled it: stamped, with the writer's own commands in between. */
import { createEngine, decodeEvents, FrameBuffer, writeContinue, type Engine, type EngineLimits } from '@bourse/core'
import { RandomCommands } from './random-commands.js'

export interface RandomStreamOptions {
  readonly seed: number
  readonly commands: number
  /** Of the engine; those of a new exchange by default. */
  readonly limits?: EngineLimits
  /** Called after every command with its event frames, which the next one overwrites. */
  readonly onEvents?: (events: FrameBuffer, engine: Engine) => void
}

export interface RandomStream {
  /** All command frames, one after another. */
  readonly frames: FrameBuffer
  /** The engine behind the last command. */
  readonly engine: Engine
}

const BIRTH_US = 1_700_000_000_000_000

/** Runs random commands through an engine; the same seed gives the same stream. */
export function randomStream({ seed, commands, limits, onEvents }: RandomStreamOptions): RandomStream {
  const random = new RandomCommands({ seed })
  const engine = createEngine(limits)
  const frames = new FrameBuffer(1 << 16)
  const events = new FrameBuffer()
  let timestampUs = BIRTH_US
  for (let sequence = 1; sequence <= commands; sequence++) {
    // What one command began goes on at its own time; then time passes, and what is due comes before the next command.
    if (!engine.hasBacklog && !engine.isDue(timestampUs)) timestampUs += random.elapsedUs()
    const offset = engine.hasBacklog || engine.isDue(timestampUs) ? writeContinue(frames) : nextFrame(random, frames)
    frames.stamp(offset, sequence, timestampUs)
    events.clear()
    engine.apply(frames, offset, events)
    for (const event of decodeEvents(events)) random.observe(event)
    onEvents?.(events, engine)
  }
  return { frames, engine }
}

/** The next command that can stand in a journal: of a size by which a reader finds the one behind it. */
function nextFrame(random: RandomCommands, frames: FrameBuffer): number {
  for (;;) {
    const offset = random.next(frames)
    const size = frames.size(offset)
    if (size === frames.length - offset && size % 8 === 0) return offset
    frames.length = offset
  }
}
