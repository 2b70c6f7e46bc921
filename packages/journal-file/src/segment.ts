/** The journal's files: their names and sizes. */
import { join } from 'node:path'
import type { FileSystem } from './file-system.js'

/** One file of the journal that holds blocks. */
export interface Segment {
  /** 1, 2, 3, ... without a gap. */
  readonly number: number
  readonly path: string
  /** Where some blocks start, first one included, so that a reader need not walk the whole file. */
  readonly marks: { readonly firstSequence: number; readonly offset: number }[]
}

/** Sizes in bytes: the first segment is small, each next twice as large up to the maximum. */
export interface SegmentSizes {
  readonly firstSegmentBytes: number
  readonly maxSegmentBytes: number
}

const MARK_DISTANCE_BYTES = 256 * 1024
const NAME = /^([0-9]{8})\.journal$/

export function segmentPath(directory: string, number: number): string {
  return join(directory, `${String(number).padStart(8, '0')}.journal`)
}

/** Numbers of the segment files in a directory, ascending. */
export async function listSegments(files: FileSystem, directory: string): Promise<number[]> {
  const numbers = (await files.list(directory)).map((name) => NAME.exec(name)?.[1]).filter((digits) => digits !== undefined)
  return numbers.map(Number).sort((a, b) => a - b)
}

export function segmentCapacity(sizes: SegmentSizes, number: number): number {
  return Math.min(sizes.firstSegmentBytes * 2 ** (number - 1), sizes.maxSegmentBytes)
}

/** Remembers where a block starts, unless the last mark is near. */
export function markBlock(segment: Segment, firstSequence: number, offset: number): void {
  const last = segment.marks.at(-1)
  if (last === undefined || offset - last.offset >= MARK_DISTANCE_BYTES) segment.marks.push({ firstSequence, offset })
}
