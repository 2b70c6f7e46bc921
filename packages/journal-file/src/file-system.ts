/** The few file operations that storage needs, so that tests can put a failing disk underneath. */
import * as fs from 'node:fs'
import { promises } from 'node:fs'

/** An open file; positions are bytes from its start. */
export interface OpenFile {
  size(): Promise<number>
  /** Reads at most `target.length` bytes and tells how many; 0 at the end of the file. */
  read(target: Uint8Array, position: number): Promise<number>
  /** Writes at most `source.length` bytes and tells how many. */
  write(source: Uint8Array, position: number): Promise<number>
  /**
   * Writes at most `source.length` bytes within the file's length, and tells how many once they are durable. Several
   * such writes may be on their way; each is told of the errors that concern it.
   */
  writeSynced(source: Uint8Array, position: number): Promise<number>
  /** Makes content and length durable. */
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/** `read` and `update` need an existing file, `create` makes it or empties it. */
export type OpenMode = 'read' | 'update' | 'create'

export interface FileSystem {
  /** Makes the directory and its parents where they are missing. */
  makeDirectory(path: string): Promise<void>
  /** Names in a directory, in no order. */
  list(path: string): Promise<string[]>
  open(path: string, mode: OpenMode): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** Makes created, renamed and removed names of a directory durable. */
  syncDirectory(path: string): Promise<void>
  /** Bytes that may still be written by this user on the disk of a directory. */
  freeBytes(path: string): Promise<number>
}

const FLAGS: Record<OpenMode, string> = { read: 'r', update: 'r+', create: 'w+' }

/**
 * Where the system offers a write that returns when it is durable, descriptors of their own are opened for such writes:
 * one call instead of two, which takes a third less time. Elsewhere a sync follows the write, which on macOS does more.
 */
const SYNCED_WRITE_FLAGS = process.platform === 'linux' ? fs.constants.O_WRONLY | fs.constants.O_DSYNC : undefined

/** A file of the machine. Callbacks instead of FileHandle: half the overhead per write. */
class NodeFile implements OpenFile {
  /** Descriptors for synced writes, and those of them that no write uses. */
  private readonly synced: number[] = []
  private readonly idle: number[] = []
  private turns: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly descriptor: number,
    private readonly path: string,
  ) {}

  size(): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.fstat(this.descriptor, (error, stats) => (error ? reject(error) : resolve(stats.size)))
    })
  }

  read(target: Uint8Array, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.read(this.descriptor, target, 0, target.length, position, (error, count) => (error ? reject(error) : resolve(count)))
    })
  }

  write(source: Uint8Array, position: number): Promise<number> {
    return writeTo(this.descriptor, source, position)
  }

  /** Each of several at a time has a descriptor of its own: an error is told once to each, not to whoever asks first. */
  async writeSynced(source: Uint8Array, position: number): Promise<number> {
    if (SYNCED_WRITE_FLAGS === undefined) return this.writeThenSync(source, position)
    const descriptor = this.idle.pop() ?? (await this.openSynced(SYNCED_WRITE_FLAGS))
    try {
      return await writeTo(descriptor, source, position)
    } finally {
      this.idle.push(descriptor)
    }
  }

  private async openSynced(flags: number): Promise<number> {
    const descriptor = await openDescriptor(this.path, flags)
    this.synced.push(descriptor)
    return descriptor
  }

  /** One after another, since all share one descriptor. */
  private writeThenSync(source: Uint8Array, position: number): Promise<number> {
    const turn = this.turns.then(async () => {
      const count = await this.write(source, position)
      await this.sync()
      return count
    })
    this.turns = turn.catch(() => undefined)
    return turn
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.fdatasync(this.descriptor, (error) => (error ? reject(error) : resolve()))
    })
  }

  truncate(length: number): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.ftruncate(this.descriptor, length, (error) => (error ? reject(error) : resolve()))
    })
  }

  async close(): Promise<void> {
    for (const descriptor of this.synced.splice(0)) await closeDescriptor(descriptor)
    await closeDescriptor(this.descriptor)
  }
}

function openDescriptor(path: string, flags: string | number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.open(path, flags, 0o600, (error, descriptor) => (error ? reject(error) : resolve(descriptor)))
  })
}

function writeTo(descriptor: number, source: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(descriptor, source, 0, source.length, position, (error, count) => (error ? reject(error) : resolve(count)))
  })
}

function closeDescriptor(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.close(descriptor, (error) => (error ? reject(error) : resolve()))
  })
}

/** The machine's own files. */
export const nodeFileSystem: FileSystem = {
  async makeDirectory(path) {
    await promises.mkdir(path, { recursive: true })
  },
  list: (path) => promises.readdir(path),
  open: async (path, mode) => new NodeFile(await openDescriptor(path, FLAGS[mode]), path),
  rename: (from, to) => promises.rename(from, to),
  remove: (path) => promises.unlink(path),
  async freeBytes(path) {
    const { bavail, bsize } = await promises.statfs(path)
    return bavail * bsize
  },
  async syncDirectory(path) {
    // Windows opens no directory as a file; NTFS journals its names itself.
    if (process.platform === 'win32') return
    const directory = await promises.open(path, 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  },
}

/**
 * Writes all bytes, going on after a short write.
 *
 * @throws the file system's error; an error with code `EIO` when a write takes nothing.
 */
export async function writeFully(file: OpenFile, bytes: Uint8Array, position: number, how: 'write' | 'writeSynced' = 'write'): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const count = await file[how](done === 0 ? bytes : bytes.subarray(done), position + done)
    if (count <= 0) throw Object.assign(new Error(`the file took ${done} of ${bytes.length} bytes at ${position} and then nothing`), { code: 'EIO' })
    done += count
  }
}

/** Reads until the target is full or the file ends; returns the bytes read. */
export async function readFully(file: OpenFile, target: Uint8Array, position: number): Promise<number> {
  let done = 0
  while (done < target.length) {
    const count = await file.read(done === 0 ? target : target.subarray(done), position + done)
    if (count === 0) break
    done += count
  }
  return done
}

const ZEROS = new Uint8Array(1 << 20)

/** Fills a range with written zeros, so that later writes in it need no new space. */
export async function writeZeros(file: OpenFile, from: number, to: number): Promise<void> {
  for (let at = from; at < to; ) at = await syncedZeros(file, at, to)
}

/**
 * Begins to fill a range with zeros and makes them durable, a piece only: a disk that gets all of it at once holds up
 * whoever syncs another file meanwhile.
 *
 * @returns how far it came.
 */
export async function syncedZeros(file: OpenFile, from: number, to: number): Promise<number> {
  const zeros = ZEROS.subarray(0, Math.min(ZEROS.length, to - from))
  await writeFully(file, zeros, from)
  await file.sync()
  return from + zeros.length
}

/** The code of a file system error, such as `ENOSPC`; `unknown` where it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}
