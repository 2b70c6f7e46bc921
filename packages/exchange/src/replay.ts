/** Applies journaled commands to an engine and gives their events, in pieces of bounded size. */
import { FRAME_HEADER_BYTES, FrameBuffer, type Engine } from '@bourse/core'
import type { Journal } from '@bourse/plugin'
import type { EventBatch } from './committed-batch.js'

const COMMANDS_PER_PIECE = 4096

/** Brings the engine from where it stands to the end of the journal. The events of a step are overwritten by the next one. */
export async function* replay(engine: Engine, journal: Pick<Journal, 'read'>): AsyncGenerator<EventBatch, void, undefined> {
  const events = new FrameBuffer(1 << 16)
  for await (const { frames } of journal.read(engine.sequence + 1)) {
    const commands = FrameBuffer.from(frames)
    let offset = 0
    while (offset < commands.length) {
      events.clear()
      const firstSequence = engine.sequence + 1
      for (let count = 0; count < COMMANDS_PER_PIECE && offset < commands.length; count++) {
        // The batch may begin before the engine's sequence.
        if (commands.sequence(offset) > engine.sequence) engine.apply(commands, offset, events)
        offset += frameSize(commands, offset)
      }
      if (engine.sequence >= firstSequence) yield { firstSequence, lastSequence: engine.sequence, timestampUs: engine.timestampUs, events }
    }
  }
}

function frameSize(commands: FrameBuffer, offset: number): number {
  const size = commands.size(offset)
  if (size < FRAME_HEADER_BYTES) throw new Error(`The journal holds no command frame at byte ${offset} of the batch from sequence ${commands.sequence(0)}: its size is ${size}. The program that wrote it is at fault.`)
  return size
}
