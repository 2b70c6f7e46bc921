/** A disk in memory that fails, tears, fills up and loses power on command. */
import { basename, dirname, resolve } from 'node:path'
import type { FileSystem, OpenFile, OpenMode } from '../file-system.js'

const SECTOR_BYTES = 512

interface Inode {
  /** What a reader sees now. */
  content: Uint8Array
  /** What has been synced. */
  durable: Uint8Array
  /** Changes since the last sync, in order. */
  pending: Change[]
}

type Change = { readonly position: number; readonly bytes: Uint8Array } | { readonly length: number }

interface Directory {
  readonly names: Map<string, Inode>
  durable: Map<string, Inode>
  /** States of the names since the last sync, in order. */
  history: Map<string, Inode>[]
}

/** What happens to one operation. `short` writes half and reports it; `kill` is the end of the process. */
export type Fault = { readonly kind: 'error'; readonly code: string } | { readonly kind: 'short' } | { readonly kind: 'kill' }
export type DiskOperation = 'write' | 'sync' | 'truncate' | 'create' | 'rename' | 'remove' | 'sync-directory'

/** The process has been killed: nothing reaches the disk any more. */
export class KilledError extends Error {}

export class SimulatedDisk implements FileSystem {
  private readonly directories = new Map<string, Directory>()
  private killed = false
  /** Operations that change the disk, so far. */
  operations = 0
  /** Bytes that all files together may take. */
  capacity = Infinity
  /** Decides the fate of every operation that changes the disk, counted from 1. */
  fault: (operation: DiskOperation, count: number, path: string) => Fault | undefined = () => undefined

  async makeDirectory(path: string): Promise<void> {
    const full = resolve(path)
    if (!this.directories.has(full)) this.directories.set(full, { names: new Map(), durable: new Map(), history: [] })
  }

  async list(path: string): Promise<string[]> {
    return [...this.directory(path).names.keys()]
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    const names = this.directory(dirname(path)).names
    const existing = names.get(basename(path))
    if (mode !== 'create') {
      if (existing === undefined) throw failure('ENOENT', path)
      return new SimulatedFile(this, existing, path)
    }
    this.step('create', path)
    if (existing !== undefined) {
      this.change(existing, { length: 0 })
      return new SimulatedFile(this, existing, path)
    }
    const inode: Inode = { content: new Uint8Array(), durable: new Uint8Array(), pending: [] }
    this.editNames(dirname(path), (map) => map.set(basename(path), inode))
    return new SimulatedFile(this, inode, path)
  }

  async rename(from: string, to: string): Promise<void> {
    this.step('rename', from)
    const inode = this.directory(dirname(from)).names.get(basename(from))
    if (inode === undefined) throw failure('ENOENT', from)
    this.editNames(dirname(from), (map) => {
      map.delete(basename(from))
      map.set(basename(to), inode)
    })
  }

  async remove(path: string): Promise<void> {
    this.step('remove', path)
    if (!this.directory(dirname(path)).names.has(basename(path))) throw failure('ENOENT', path)
    this.editNames(dirname(path), (map) => map.delete(basename(path)))
  }

  async syncDirectory(path: string): Promise<void> {
    this.step('sync-directory', path)
    const directory = this.directories.get(resolve(path))
    if (directory === undefined) return
    directory.durable = new Map(directory.names)
    directory.history = []
  }

  /** The disk after a power cut: synced data stays, of everything else a random part. */
  afterPowerCut(random: () => number): SimulatedDisk {
    const disk = new SimulatedDisk()
    const survivors = new Map<Inode, Inode>()
    for (const [path, directory] of this.directories) {
      const states = [directory.durable, ...directory.history]
      const names = new Map<string, Inode>()
      for (const [name, inode] of states[Math.floor(random() * states.length)]!) {
        if (!survivors.has(inode)) survivors.set(inode, survivor(inode, random))
        names.set(name, survivors.get(inode)!)
      }
      disk.directories.set(path, { names, durable: new Map(names), history: [] })
    }
    return disk
  }

  /** The disk after kill -9: what was written is there, synced or not. */
  afterKill(): SimulatedDisk {
    const disk = new SimulatedDisk()
    for (const [path, { names, durable, history }] of this.directories) disk.directories.set(path, { names: new Map(names), durable, history })
    return disk
  }

  /** Content of a file as a reader sees it; writing to it models damage. */
  content(path: string): Uint8Array {
    return this.directory(dirname(path)).names.get(basename(path))!.content
  }

  /** Replaces a file behind everybody's back. */
  overwrite(path: string, content: Uint8Array): void {
    const inode: Inode = { content: content.slice(), durable: content.slice(), pending: [] }
    const directory = this.directory(dirname(path))
    directory.names.set(basename(path), inode)
    directory.durable.set(basename(path), inode)
  }

  /** A copy that shares nothing with this disk. */
  clone(): SimulatedDisk {
    const disk = new SimulatedDisk()
    for (const [path, directory] of this.directories) {
      disk.directories.set(path, { names: new Map(), durable: new Map(), history: [] })
      for (const [name, inode] of directory.names) disk.overwrite(`${path}/${name}`, inode.content)
    }
    return disk
  }

  /** Counts an operation and lets the fault, if any, happen. Returns true for a short write. */
  step(operation: DiskOperation, path: string): boolean {
    if (this.killed) throw new KilledError('killed')
    const fault = this.fault(operation, ++this.operations, path)
    if (fault?.kind === 'kill') {
      this.killed = true
      throw new KilledError('killed')
    }
    if (fault?.kind === 'error') throw failure(fault.code, path)
    return fault?.kind === 'short'
  }

  change(inode: Inode, change: Change): void {
    inode.content = applied(inode.content, change)
    inode.pending.push(change)
  }

  /** Bytes that may still be written to grow files. */
  spaceLeft(): number {
    let used = 0
    for (const { names } of this.directories.values()) for (const inode of names.values()) used += inode.content.length
    return this.capacity - used
  }

  private directory(path: string): Directory {
    const directory = this.directories.get(resolve(path))
    if (directory === undefined) throw failure('ENOENT', path)
    return directory
  }

  private editNames(path: string, edit: (names: Map<string, Inode>) => void): void {
    const directory = this.directory(path)
    edit(directory.names)
    directory.history.push(new Map(directory.names))
  }
}

class SimulatedFile implements OpenFile {
  constructor(
    private readonly disk: SimulatedDisk,
    private readonly inode: Inode,
    private readonly path: string,
  ) {}

  async size(): Promise<number> {
    return this.inode.content.length
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    const bytes = this.inode.content.subarray(position, position + target.length)
    target.set(bytes)
    return bytes.length
  }

  async write(source: Uint8Array, position: number): Promise<number> {
    let count = source.length
    try {
      if (this.disk.step('write', this.path)) count = Math.ceil(count / 2)
    } catch (error) {
      // A process killed in the middle of a write leaves any part of it.
      if (error instanceof KilledError) this.disk.change(this.inode, { position, bytes: source.slice(0, Math.floor(count / 2)) })
      throw error
    }
    const growth = position + count - this.inode.content.length
    if (growth > 0 && growth > this.disk.spaceLeft()) {
      count -= growth - Math.max(0, this.disk.spaceLeft())
      if (count <= 0) throw failure('ENOSPC', this.path)
    }
    this.disk.change(this.inode, { position, bytes: source.slice(0, count) })
    return count
  }

  async sync(): Promise<void> {
    try {
      this.disk.step('sync', this.path)
    } catch (error) {
      // The page cache calls the pages clean now, although the disk never got them.
      if (!(error instanceof KilledError)) this.inode.pending = []
      throw error
    }
    for (const change of this.inode.pending) this.inode.durable = applied(this.inode.durable, change)
    this.inode.pending = []
  }

  async truncate(length: number): Promise<void> {
    this.disk.step('truncate', this.path)
    this.disk.change(this.inode, { length })
  }

  async close(): Promise<void> {}
}

function applied(content: Uint8Array, change: Change): Uint8Array {
  if ('length' in change) {
    const cut = new Uint8Array(change.length)
    cut.set(content.subarray(0, change.length))
    return cut
  }
  const end = change.position + change.bytes.length
  let target: Uint8Array = content
  if (end > content.length) {
    target = new Uint8Array(end)
    target.set(content)
  }
  target.set(change.bytes, change.position)
  return target
}

function survivor(inode: Inode, random: () => number): Inode {
  let content: Uint8Array = inode.durable.slice()
  for (const change of inode.pending) {
    if ('length' in change) {
      if (random() < 0.5) content = applied(content, change)
      continue
    }
    const fate = random()
    for (let at = 0; at < change.bytes.length; at += SECTOR_BYTES) {
      const kept = fate < 0.3 ? true : fate < 0.6 ? false : random() < 0.5
      if (kept) content = applied(content, { position: change.position + at, bytes: change.bytes.subarray(at, at + SECTOR_BYTES) })
    }
  }
  return { content, durable: content.slice(), pending: [] }
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code })
}

/** A small generator for tests: the same seed gives the same run. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
