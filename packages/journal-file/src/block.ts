/** The journal's unit on disk: one group commit as a checked header and its command frames. */
import { crc32 } from 'node:zlib'

/**
 * Little-endian; the frames follow the header, and the next block follows the frames.
 *
 * | offset | field |
 * |---|---|
 * | 0 | u32 magic |
 * | 4 | u16 format version |
 * | 6 | u16 how many commands before this block were not known to be durable when it was written |
 * | 8 | u32 bytes of frames |
 * | 12 | u32 CRC-32 of the frames |
 * | 16 | f64 first sequence |
 * | 24 | f64 last sequence; one less than the first in a seal, which holds no frames |
 * | 32 | u32 header CRC of the block before, 0 in the first |
 * | 36 | u32 number of the segment |
 * | 40 | u32 offset in the segment, divided by 8 |
 * | 44 | u32 CRC-32 of bytes 0 to 43 |
 *
 * Header and frames have a checksum each. A few blocks may be on their way to the disk at once, and a power cut may leave
 * a later one whole and an earlier one torn: a whole header behind a torn block proves that the torn one had been
 * synced, unless it counts it among the commands that were not.
 */
export const BLOCK_HEADER_BYTES = 48
const MAGIC = 0x0142_f5b1
const VERSION = 2
/** As many commands may be on their way when a block is written. */
export const MOST_UNSYNCED = 0xffff
/** A block starts at a multiple of this. Frames are multiples of it by their own layout. */
export const BLOCK_ALIGNMENT = 8

export interface BlockHeader {
  readonly length: number
  readonly payloadCrc: number
  readonly firstSequence: number
  readonly lastSequence: number
  readonly unsynced: number
  readonly previousCrc: number
  readonly segment: number
  readonly offset: number
  readonly headerCrc: number
}

/** Where a block will stand and what it holds. */
export interface BlockPlace {
  readonly firstSequence: number
  readonly lastSequence: number
  /** Commands before it that are not durable yet, at most {@link MOST_UNSYNCED}. */
  readonly unsynced: number
  readonly previousCrc: number
  readonly segment: number
  readonly offset: number
}

/** Bytes that a payload takes on disk, so that the next block is aligned. */
export function paddedLength(length: number): number {
  return Math.ceil(length / BLOCK_ALIGNMENT) * BLOCK_ALIGNMENT
}

/** Writes the header in front of a payload that stands behind it already; returns the header's CRC, the next block's `previousCrc`. */
export function sealBlock(block: Uint8Array, payloadLength: number, place: BlockPlace): number {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  view.setUint32(0, MAGIC, true)
  view.setUint16(4, VERSION, true)
  view.setUint16(6, place.unsynced, true)
  view.setUint32(8, payloadLength, true)
  view.setUint32(12, crc32(block.subarray(BLOCK_HEADER_BYTES, BLOCK_HEADER_BYTES + payloadLength)), true)
  view.setFloat64(16, place.firstSequence, true)
  view.setFloat64(24, place.lastSequence, true)
  view.setUint32(32, place.previousCrc, true)
  view.setUint32(36, place.segment, true)
  view.setUint32(40, place.offset / BLOCK_ALIGNMENT, true)
  const headerCrc = crc32(block.subarray(0, BLOCK_HEADER_BYTES - 4))
  view.setUint32(44, headerCrc, true)
  return headerCrc
}

/** Reads a header; undefined where its magic or checksum does not fit. Of another format version: a RangeError. */
export function readBlockHeader(bytes: Uint8Array, at: number): BlockHeader | undefined {
  if (at + BLOCK_HEADER_BYTES > bytes.length || bytes[at] !== (MAGIC & 0xff)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, BLOCK_HEADER_BYTES)
  if (view.getUint32(0, true) !== MAGIC) return undefined
  const headerCrc = crc32(bytes.subarray(at, at + BLOCK_HEADER_BYTES - 4))
  if (view.getUint32(44, true) !== headerCrc) return undefined
  const version = view.getUint16(4, true)
  if (version !== VERSION) throw new RangeError(`The journal was written in format ${version}; this program reads format ${VERSION}. Use the version of Bourse that wrote it.`)
  return {
    length: view.getUint32(8, true),
    payloadCrc: view.getUint32(12, true),
    firstSequence: view.getFloat64(16, true),
    lastSequence: view.getFloat64(24, true),
    unsynced: view.getUint16(6, true),
    previousCrc: view.getUint32(32, true),
    segment: view.getUint32(36, true),
    offset: view.getUint32(40, true) * BLOCK_ALIGNMENT,
    headerCrc,
  }
}

/** Whether the frames are the ones that the header was written for. */
export function payloadMatches(header: BlockHeader, payload: Uint8Array): boolean {
  return payload.length === header.length && crc32(payload) === header.payloadCrc
}
