/**
 * Snapshots as files that are whole or absent: written aside, synced, then renamed.
 *
 * The file of the last one that was given up is written over by the next one: space that has been written before takes
 * data several times as fast as new space, and the journal, which syncs beside it, need not wait while a file grows.
 */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { SnapshotStore } from '@bourse/plugin'
import { errorCode, readFully, writeFully, type FileSystem, type OpenFile } from './file-system.js'

/**
 * Header of a snapshot, little-endian: u32 magic, u32 format version, f64 sequence, u32 count of parts, u32 zero,
 * then for each part f64 length, u32 CRC-32 and u32 room behind it in its buffer, in units of 4,096 bytes; then u32 zero and u32 CRC-32 of all of this; then the parts.
 */
const MAGIC = 0x0153_f5b1
const VERSION = 2
const FIXED_BYTES = 24
const PART_BYTES = 16
const MAX_PARTS = 1024
const ROOM_BYTES = 4096
/** Written at once; its checksum takes a fifth of a millisecond. */
const CHUNK_BYTES = 1 << 20
/** Synced at once: the journal's next sync waits behind no more than this. */
const SYNC_BYTES = 1 << 20
const CHECK_BYTES = 1 << 20
const NAME = /^([0-9]{16})\.snapshot$/
const DAMAGED = '.damaged'
/** The file that the next snapshot is written over. */
const SPARE = 'spare'

export interface SnapshotFilesOptions {
  readonly files: FileSystem
  /** How many of the newest stay, at least 2. */
  readonly keep: number
}

export interface FileSnapshots extends SnapshotStore {
  oldestSequence(): Promise<number>
  /** Sequence in the name of the newest file, which may turn out to be damaged; 0 without any. */
  newestSequence(): Promise<number>
}

/** Opens the snapshots of a directory and removes what an interrupted write has left. */
export async function openSnapshotFiles(directory: string, options: SnapshotFilesOptions): Promise<FileSnapshots> {
  const { files } = options
  if (options.keep < 2) throw new RangeError(`Keep at least 2 snapshots, not ${options.keep}: the newest may be damaged.`)
  await files.makeDirectory(directory)
  for (const name of await files.list(directory)) {
    if (name.endsWith('.unfinished')) await files.remove(join(directory, name))
  }
  return new SnapshotFiles(directory, options)
}

/** The snapshots of a directory that somebody else has opened, as it is. */
export function snapshotFiles(directory: string, options: SnapshotFilesOptions): FileSnapshots {
  return new SnapshotFiles(directory, options)
}

class SnapshotFiles implements FileSnapshots {
  private readonly files: FileSystem
  /** Sequences of files that have been checked from end to end. */
  private readonly whole = new Set<number>()
  private last: Promise<void> = Promise.resolve()

  constructor(
    private readonly directory: string,
    private readonly options: SnapshotFilesOptions,
  ) {
    this.files = options.files
  }

  /** One write at a time; a failed one leaves the older snapshots as they were. */
  write(sequence: number, parts: readonly Uint8Array[]): Promise<void> {
    const written = this.last.then(() => this.replace(sequence, parts))
    this.last = written.catch(() => undefined)
    return written
  }

  private async replace(sequence: number, parts: readonly Uint8Array[]): Promise<void> {
    if (!Number.isSafeInteger(sequence) || sequence < 0) throw new RangeError(`A snapshot stands for a whole sequence, not ${sequence}.`)
    if (parts.length > MAX_PARTS) throw new RangeError(`A snapshot has at most ${MAX_PARTS} parts, not ${parts.length}.`)
    const path = this.path(sequence)
    const unfinished = `${path}.unfinished`
    try {
      const file = await this.openToWrite(unfinished)
      try {
        await file.truncate(await writeParts(file, sequence, parts))
        await file.sync()
      } finally {
        await file.close()
      }
      await this.files.rename(unfinished, path)
      await this.files.syncDirectory(this.directory)
    } catch (error) {
      await this.files.remove(unfinished).catch(() => undefined)
      throw error
    }
    for (const old of (await this.sequences()).slice(this.options.keep)) {
      await this.files.rename(this.path(old), join(this.directory, SPARE))
      this.whole.delete(old)
    }
    await this.forgetDamaged()
  }

  /** An empty file, or one whose content is to be written over. */
  private async openToWrite(path: string): Promise<OpenFile> {
    try {
      await this.files.rename(join(this.directory, SPARE), path)
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error
      return this.files.open(path, 'create')
    }
    // Else a power cut could bring its old name back, with a content that is not that of this name any more.
    await this.files.syncDirectory(this.directory)
    return this.files.open(path, 'update')
  }

  /** Damaged files stay for whoever wants to know why, until they are older than every snapshot. */
  private async forgetDamaged(): Promise<void> {
    const oldest = (await this.sequences()).at(-1) ?? 0
    for (const name of await this.files.list(this.directory)) {
      if (name.endsWith(DAMAGED) && Number.parseInt(name, 10) < oldest) await this.files.remove(join(this.directory, name))
    }
  }

  async newestSequence(): Promise<number> {
    return (await this.sequences())[0] ?? 0
  }

  async oldestSequence(): Promise<number> {
    const whole: number[] = []
    for (const sequence of await this.sequences()) if (await this.check(sequence)) whole.push(sequence)
    return whole.length < 2 ? 0 : whole.at(-1)!
  }

  private async check(sequence: number): Promise<boolean> {
    if (this.whole.has(sequence)) return true
    const file = await this.openToRead(sequence)
    if (file === undefined) return false
    try {
      if (!(await isWhole(file, sequence))) return false
    } finally {
      await file.close()
    }
    this.whole.add(sequence)
    return true
  }

  /** Undefined where a newer snapshot has replaced it meanwhile. */
  private openToRead(sequence: number): Promise<OpenFile | undefined> {
    return this.files.open(this.path(sequence), 'read').catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error
      return undefined
    })
  }

  /** A damaged file is set aside, so that it does not count among those that are kept. */
  async *read(onCorrupt: (file: string, reason: string) => void): AsyncIterable<{ sequence: number; parts: readonly Uint8Array[] }> {
    for (const sequence of await this.sequences()) {
      const parts = await this.load(sequence)
      if (parts === undefined) continue
      if (!('reason' in parts)) {
        yield { sequence, parts }
        continue
      }
      const path = this.path(sequence)
      onCorrupt(path, parts.reason)
      // Where that is not possible it is told again at the next start.
      if (parts.damaged) await this.setAside(path).catch(() => undefined)
    }
  }

  private async setAside(path: string): Promise<void> {
    await this.files.rename(path, `${path}${DAMAGED}`)
    await this.files.syncDirectory(this.directory)
  }

  private async load(sequence: number): Promise<Uint8Array[] | Unusable | undefined> {
    const file = await this.openToRead(sequence)
    if (file === undefined) return undefined
    try {
      const parts = await readParts(file, sequence)
      return 'reason' in parts && (await this.isReplaced(sequence)) ? undefined : parts
    } finally {
      await file.close()
    }
  }

  /** Whether the file has been given up, so that whoever had it open may have read something else in its place. */
  private async isReplaced(sequence: number): Promise<boolean> {
    return !(await this.sequences()).includes(sequence)
  }

  /** Newest first. */
  private async sequences(): Promise<number[]> {
    const digits = (await this.files.list(this.directory)).map((name) => NAME.exec(name)?.[1]).filter((text) => text !== undefined)
    return digits.map(Number).sort((a, b) => b - a)
  }

  private path(sequence: number): string {
    return join(this.directory, `${String(sequence).padStart(16, '0')}.snapshot`)
  }
}

/** @returns where the snapshot ends. */
async function writeParts(file: OpenFile, sequence: number, parts: readonly Uint8Array[]): Promise<number> {
  const header = new Uint8Array(FIXED_BYTES + parts.length * PART_BYTES + 8)
  const view = new DataView(header.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, VERSION, true)
  view.setFloat64(8, sequence, true)
  view.setUint32(16, parts.length, true)
  let position = header.length
  let unsynced = 0
  for (const [index, part] of parts.entries()) {
    let crc = 0
    for (let at = 0; at < part.length; at += CHUNK_BYTES) {
      const chunk = part.subarray(at, at + CHUNK_BYTES)
      crc = crc32(chunk, crc)
      await writeFully(file, chunk, position + at)
      unsynced += chunk.length
      if (unsynced < SYNC_BYTES) continue
      await file.sync()
      unsynced = 0
    }
    view.setFloat64(FIXED_BYTES + index * PART_BYTES, part.length, true)
    view.setUint32(FIXED_BYTES + index * PART_BYTES + 8, crc, true)
    view.setUint32(FIXED_BYTES + index * PART_BYTES + 12, part.byteOffset === 0 ? Math.floor((part.buffer.byteLength - part.length) / ROOM_BYTES) : 0, true)
    position += part.length
  }
  view.setUint32(header.length - 4, crc32(header.subarray(0, header.length - 4)), true)
  await writeFully(file, header, 0)
  return position
}

/** Why a file is no snapshot that can be used. */
interface Unusable {
  readonly reason: string
  /** It will never be one; else another version of the program may read it. */
  readonly damaged: boolean
}

interface SnapshotHeader {
  readonly parts: readonly { readonly length: number; readonly room: number; readonly crc: number; readonly position: number }[]
}

function damaged(reason: string): Unusable {
  return { reason, damaged: true }
}

async function readHeader(file: OpenFile, sequence: number): Promise<SnapshotHeader | Unusable> {
  const size = await file.size()
  const fixed = new Uint8Array(FIXED_BYTES)
  if ((await readFully(file, fixed, 0)) < FIXED_BYTES) return damaged('the file is too short')
  const start = new DataView(fixed.buffer)
  if (start.getUint32(0, true) !== MAGIC) return damaged('it does not start like a snapshot')
  const count = start.getUint32(16, true)
  if (count > MAX_PARTS) return damaged('the header is damaged')
  const header = new Uint8Array(FIXED_BYTES + count * PART_BYTES + 8)
  if ((await readFully(file, header, 0)) < header.length) return damaged('the file ends inside its header')
  const view = new DataView(header.buffer)
  if (view.getUint32(header.length - 4, true) !== crc32(header.subarray(0, header.length - 4))) return damaged('the header does not match its checksum')
  const version = view.getUint32(4, true)
  if (version !== VERSION) return { reason: `it was written in format ${version}; this program reads format ${VERSION}`, damaged: false }
  if (view.getFloat64(8, true) !== sequence) return damaged(`it stands for sequence ${view.getFloat64(8, true)}, not for the one in its name`)
  const parts: { length: number; room: number; crc: number; position: number }[] = []
  let position = header.length
  for (let index = 0; index < count; index++) {
    const length = view.getFloat64(FIXED_BYTES + index * PART_BYTES, true)
    if (position + length > size) return damaged(`the file ends inside part ${index}`)
    const at = FIXED_BYTES + index * PART_BYTES
    parts.push({ length, room: view.getUint32(at + 12, true) * ROOM_BYTES, crc: view.getUint32(at + 8, true), position })
    position += length
  }
  return { parts }
}

/** The parts, or why they cannot be trusted. */
async function readParts(file: OpenFile, sequence: number): Promise<Uint8Array[] | Unusable> {
  const header = await readHeader(file, sequence)
  if ('reason' in header) return header
  const parts: Uint8Array[] = []
  for (const [index, { length, room, crc, position }] of header.parts.entries()) {
    const part = new Uint8Array(new ArrayBuffer(length + room), 0, length)
    await readFully(file, part, position)
    if (crc32(part) !== crc) return damaged(`part ${index} does not match its checksum`)
    parts.push(part)
  }
  return parts
}

/** Whether every checksum of a file fits; holds little of it in memory, and lets others have their turn. */
async function isWhole(file: OpenFile, sequence: number): Promise<boolean> {
  const header = await readHeader(file, sequence)
  if ('reason' in header) return false
  const chunk = new Uint8Array(CHECK_BYTES)
  for (const part of header.parts) {
    let crc = 0
    for (let at = 0; at < part.length; at += chunk.length) {
      const bytes = chunk.subarray(0, Math.min(chunk.length, part.length - at))
      await readFully(file, bytes, part.position + at)
      crc = crc32(bytes, crc)
    }
    if (crc !== part.crc) return false
  }
  return true
}
