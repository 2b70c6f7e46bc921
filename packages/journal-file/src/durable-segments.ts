/** The segments of an open journal and how far they are durable: what its writer, its readers and its archive share. */
import type { RecoveredJournal } from './recovery.js'
import { markBlock, type Segment } from './segment.js'

/** How far the files go; replaced as a whole, so that a reader never sees half of a step. */
export interface JournalEnd {
  readonly sequence: number
  /** Index of the tail in the list of segments. */
  readonly segment: number
  readonly offset: number
}

export class DurableSegments {
  readonly list: Segment[]
  end: JournalEnd
  /** Index of the first segment that has not been put away. */
  first = 0
  private readonly startsAfter: number

  constructor(found: Pick<RecoveredJournal, 'segments' | 'lastSequence' | 'end' | 'startsAfter'>) {
    this.list = found.segments
    this.end = { sequence: found.lastSequence, segment: found.segments.length - 1, offset: found.end }
    this.startsAfter = found.startsAfter
  }

  /** Sequence of the first command that is kept, or of the first one to come. */
  get firstSequence(): number {
    return this.list[this.first]?.marks[0]?.firstSequence ?? this.startsAfter + 1
  }

  get tail(): Segment {
    return this.list[this.end.segment]!
  }

  /** A block of the tail has become durable. */
  extend(firstSequence: number, offset: number, end: JournalEnd): void {
    markBlock(this.tail, firstSequence, offset)
    this.end = end
  }

  /** The tail is full, and another one takes its place. */
  add(segment: Segment): void {
    this.list.push(segment)
    this.end = { sequence: this.end.sequence, segment: this.end.segment + 1, offset: 0 }
  }
}
