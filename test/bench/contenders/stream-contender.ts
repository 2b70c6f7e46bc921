/** Runs a stream of frames through an engine without a journal. */
import { createEngine, execute, FrameBuffer, type Command, type Engine } from '@bourse/core'
import type { Contender } from '../measure.js'
import type { CommandStream } from '../streams/command-stream.js'

/** As many commands as a writer applies before it takes the events away. */
const BATCH = 256

const events = new FrameBuffer(1 << 17)

/** An engine with the definitions and accounts of a stream. */
export function fundedEngine(stream: { readonly definitions: readonly Command[]; funding(): Iterable<FrameBuffer> }): Engine {
  const engine = createEngine()
  for (const command of stream.definitions) {
    const done = execute(engine, command, 0)
    if (!done.ok) throw new Error(`${command.type} was refused: ${done.reject.code}.`)
  }
  applyAll(engine, stream.funding())
  return engine
}

/** Applies every command of the batches, stamped with the next sequences; the events are dropped. */
export function applyAll(engine: Engine, batches: Iterable<FrameBuffer>): void {
  for (const batch of batches) {
    for (let offset = 0; offset < batch.length; ) {
      let sequence = engine.sequence
      let end = offset
      for (let count = 0; count < BATCH && end < batch.length; count++, end += batch.size(end)) batch.stamp(end, ++sequence, 0)
      events.clear()
      offset = engine.applyAll(batch, offset, end, events)
    }
  }
}

export class StreamContender implements Contender {
  private engine: Engine | undefined

  constructor(
    readonly name: string,
    private readonly stream: CommandStream,
  ) {}

  get operations(): number {
    return this.stream.commands
  }

  /** A fresh engine with open and funded accounts. */
  prepare(): void {
    this.engine = fundedEngine(this.stream)
  }

  run(): void {
    applyAll(this.engine!, this.stream.batches)
  }

  /** @throws InvariantViolation when the last run has left a state that cannot be. */
  check(): void {
    this.engine!.checkInvariants()
  }
}
