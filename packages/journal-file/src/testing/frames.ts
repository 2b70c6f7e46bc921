/** Command frames whose content follows from their sequence, for tests of storage. */
import { FrameBuffer } from '@bourse/core'
import type { Journal } from '@bourse/plugin'

/** Frames of different sizes, one for each sequence. */
export function framesOf(first: number, last: number): Uint8Array {
  const frames = new FrameBuffer()
  for (let sequence = first; sequence <= last; sequence++) {
    const offset = frames.append(40 + 8 * (sequence % 9), 5)
    frames.stamp(offset, sequence, 1_700_000_000_000_000 + sequence)
    frames.f64[(offset + 32) >> 3] = sequence * 1.5
    frames.u8[frames.length - 1] = 0x5a
  }
  return frames.used().slice()
}

export function append(journal: Journal, first: number, last = first): Promise<void> {
  return journal.append(framesOf(first, last), first, last)
}

/** Reads from a sequence to the end; throws unless every byte is what {@link framesOf} wrote. Returns the sequences. */
export async function readSequences(journal: Journal, from = 1): Promise<number[]> {
  const sequences: number[] = []
  for await (const batch of journal.read(from)) {
    if (Buffer.compare(batch.frames, framesOf(batch.firstSequence, batch.lastSequence)) !== 0) throw new Error(`the frames from ${batch.firstSequence} differ`)
    for (let sequence = batch.firstSequence; sequence <= batch.lastSequence; sequence++) sequences.push(sequence)
  }
  return sequences
}

export function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}

/** The reason of a promise that must reject. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('Expected a rejection with an Error.')
}
