/** Reads the journal of a directory that another process owns and writes, up to where that one says it is durable. */
import { join } from 'node:path'
import { JournalCorruptError, type BesideStorage, type JournalBatch } from '@bourse/plugin'
import { BlockReader } from './block-reader.js'
import { nodeFileSystem } from './file-system.js'
import { listSegments, segmentPath } from './segment.js'
import { snapshotFiles } from './snapshot-files.js'

export interface BesideOptions {
  /** Of the whole storage. */
  readonly directory: string
  readonly keepSnapshots: number
}

/** Opens the storage for reading its journal and writing its snapshots; takes no lock, that is the owner's. */
export async function openStorageBeside({ directory, keepSnapshots }: BesideOptions): Promise<BesideStorage> {
  const journal = new JournalBeside(join(directory, 'journal'))
  return {
    snapshots: snapshotFiles(join(directory, 'snapshots'), { files: nodeFileSystem, keep: keepSnapshots }),
    read: (fromSequence, toSequence) => journal.read(fromSequence, toSequence),
  }
}

/** Where the block behind the last one that was read stands. */
interface Place {
  readonly segment: number
  readonly offset: number
  /** Sequence of the last command before it. */
  readonly sequence: number
}

class JournalBeside {
  private place: Place | undefined

  constructor(private readonly directory: string) {}

  async *read(fromSequence: number, toSequence: number): AsyncGenerator<JournalBatch, void, undefined> {
    if (fromSequence > toSequence) return
    const { place } = this
    let { segment, offset, sequence } = place !== undefined && place.sequence < fromSequence ? place : await this.startBefore(fromSequence)
    while (sequence < toSequence) {
      const path = segmentPath(this.directory, segment)
      const file = await nodeFileSystem.open(path, 'read')
      try {
        const reader = new BlockReader(file, segment, offset)
        while (sequence < toSequence) {
          const step = await reader.next()
          if (step.kind === 'end') break
          if (step.kind === 'bad') throw new JournalCorruptError(path, step.offset, sequence, step.reason)
          const { firstSequence, lastSequence, length } = step.header
          if (firstSequence !== sequence + 1) throw new JournalCorruptError(path, step.offset, sequence, `the block starts at sequence ${firstSequence}`)
          sequence = lastSequence
          offset = reader.position
          this.place = { segment, offset, sequence }
          if (length > 0 && lastSequence >= fromSequence) yield { firstSequence, lastSequence, frames: step.payload.slice() }
        }
      } finally {
        await file.close()
      }
      segment++
      offset = 0
    }
  }

  /** The start of the newest segment whose first block is not behind a sequence. */
  private async startBefore(sequence: number): Promise<Place> {
    const numbers = await listSegments(nodeFileSystem, this.directory)
    for (const segment of numbers.reverse()) {
      const file = await nodeFileSystem.open(segmentPath(this.directory, segment), 'read')
      try {
        const step = await new BlockReader(file, segment).next()
        if (step.kind === 'block' && step.header.firstSequence <= sequence) return { segment, offset: 0, sequence: step.header.firstSequence - 1 }
      } finally {
        await file.close()
      }
    }
    throw new Error(`The journal in ${this.directory} does not hold sequence ${sequence}.`)
  }
}
