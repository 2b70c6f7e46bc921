/** Applies journaled commands to an engine and gives their events, in pieces of bounded size. */
import { FRAME_HEADER_BYTES, FrameBuffer, type Engine } from '@bourse/core'
import type { Journal } from '@bourse/plugin'
import type { EventBatch } from './committed-batch.js'

/** So few that their events are still in the processor's cache when they are folded. */
const COMMANDS_PER_PIECE = 512

/** Brings the engine from where it stands to the end of the journal. The events of a step are overwritten by the next one. */
export async function* replay(engine: Engine, journal: Pick<Journal, 'read'>): AsyncGenerator<EventBatch, void, undefined> {
  const events = new FrameBuffer(1 << 18)
  for await (const { frames } of journal.read(engine.sequence + 1)) {
    const commands = FrameBuffer.over(frames)
    let offset = firstBehind(commands, engine.sequence)
    while (offset < commands.length) {
      events.clear()
      const firstSequence = engine.sequence + 1
      let end = offset
      for (let count = 0; count < COMMANDS_PER_PIECE && end < commands.length; count++) end += frameSize(commands, end)
      // A backlog is continued by the command that comes next.
      while (offset < end) offset = engine.applyAll(commands, offset, end, events)
      yield { firstSequence, lastSequence: engine.sequence, timestampUs: engine.timestampUs, events }
    }
  }
}

/** Where the first command behind a sequence stands: a batch may begin before it. */
function firstBehind(commands: FrameBuffer, sequence: number): number {
  let offset = 0
  while (offset < commands.length && commands.sequence(offset) <= sequence) offset += frameSize(commands, offset)
  return offset
}

function frameSize(commands: FrameBuffer, offset: number): number {
  const size = commands.size(offset)
  if (size < FRAME_HEADER_BYTES) throw new Error(`The journal holds no command frame at byte ${offset} of the batch from sequence ${commands.sequence(0)}: its size is ${size}. The program that wrote it is at fault.`)
  return size
}
