/** Runs a stream of frames through an engine without a journal. */
import { createEngine, execute, FrameBuffer, type Command, type Engine } from '@bourse/core'
import type { Contender } from '../measure.js'
import type { CommandStream } from '../streams/command-stream.js'

/** Event frames are taken away when this many bytes have gathered, as a writer does after each batch. */
const EVENT_BATCH_BYTES = 1 << 16

const events = new FrameBuffer(EVENT_BATCH_BYTES * 2)

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
    for (let offset = 0, looked = 0; offset < batch.length; offset += batch.size(offset)) {
      if (offset >= looked) looked = engine.lookAhead(batch, offset, batch.length)
      batch.stamp(offset, engine.sequence + 1, 0)
      engine.apply(batch, offset, events)
      if (events.length > EVENT_BATCH_BYTES) events.clear()
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
