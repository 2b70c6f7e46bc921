/** The journal's files: their names, sizes and how a new one comes into being. */
import { join } from 'node:path'
import { writeZeros, type FileSystem, type OpenFile } from './file-system.js'

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

/**
 * Creates a segment of written zeros, durable with its name.
 *
 * Overwriting allocated bytes makes an fdatasync almost twice as fast as appending, and a full disk shows
 * here, before a command is journaled. On failure the file is removed, so that it does not take the last space.
 */
export async function createSegment(files: FileSystem, directory: string, number: number, capacity: number): Promise<{ segment: Segment; file: OpenFile }> {
  const path = segmentPath(directory, number)
  const file = await files.open(path, 'create')
  try {
    await writeZeros(file, 0, capacity)
    await file.sync()
    await files.syncDirectory(directory)
  } catch (error) {
    await file.close()
    await files.remove(path).catch(() => undefined)
    throw error
  }
  return { segment: { number, path, marks: [] }, file }
}
