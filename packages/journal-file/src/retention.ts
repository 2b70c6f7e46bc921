/** Puts away the segments that nobody needs any more. */
import { JournalCorruptError } from '@bourse/plugin'
import { putAway, type ArchivePolicy } from './archive.js'
import { writeBeginning } from './beginning.js'
import { BLOCK_HEADER_BYTES, readBlockHeader } from './block.js'
import type { DurableSegments } from './durable-segments.js'
import { readFully, type FileSystem } from './file-system.js'

export class Retention {
  private releasing: Promise<void> = Promise.resolve()

  constructor(
    private readonly files: FileSystem,
    private readonly directory: string,
    private readonly segments: DurableSegments,
    private readonly policy: ArchivePolicy,
    /** Files that are to be put away. */
    private readonly released: string[],
  ) {}

  /** Puts away the whole segments below a sequence, one release after another. */
  below(sequence: number): Promise<void> {
    const done = this.releasing.then(() => this.release(sequence))
    this.releasing = done.catch(() => undefined)
    return done
  }

  /** Resolves when no release is under way. */
  settled(): Promise<void> {
    return this.releasing
  }

  /** The new beginning is durable before the first file goes: a crash in between leaves files that the next release puts away. */
  private async release(belowSequence: number): Promise<void> {
    const { files, segments, policy, released } = this
    const { list } = segments
    let index = segments.first
    while (index < segments.end.segment && (list[index + 1]?.marks[0]?.firstSequence ?? Infinity) <= belowSequence) index++
    if (index > segments.first) {
      const { path, number, marks } = list[index]!
      const chain = await this.chainBefore(path)
      await writeBeginning(files, this.directory, { segment: number, sequence: marks[0]!.firstSequence - 1, chain })
      released.push(...list.slice(segments.first, index).map((segment) => segment.path))
      segments.first = index
    }
    for (let next = released[0]; next !== undefined; next = released[0]) {
      await putAway(files, next, policy)
      released.shift()
    }
    if (policy === 'delete' && index > 0) await files.syncDirectory(this.directory)
  }

  /** What the first block of a segment says of the one before it. */
  private async chainBefore(path: string): Promise<number> {
    const bytes = new Uint8Array(BLOCK_HEADER_BYTES)
    const file = await this.files.open(path, 'read')
    try {
      await readFully(file, bytes, 0)
    } finally {
      await file.close()
    }
    const header = readBlockHeader(bytes, 0)
    if (header === undefined) throw new JournalCorruptError(path, 0, this.segments.end.sequence, 'the block header does not match its checksum')
    return header.previousCrc
  }
}
