/** A disk in memory that fails, tears, fills up and loses power on command. */
import { basename, dirname, resolve } from 'node:path'
import type { FileSystem, OpenFile, OpenMode } from '../file-system.js'

const SECTOR_BYTES = 512

interface Inode {
  /** What a reader sees now. */
  content: SharedBytes
  /** What has been synced. */
  durable: SharedBytes
  /** Changes since the last sync, in order. */
  pending: Change[]
}

type Change = { readonly position: number; readonly bytes: Uint8Array } | { readonly length: number }

/** Bytes of a file that several disks may look at: copied before the first change. */
interface SharedBytes {
  readonly bytes: Uint8Array
  readonly shared: boolean
}

const EMPTY: SharedBytes = { bytes: new Uint8Array(), shared: true }

interface Directory {
  readonly names: Map<string, Inode>
  durable: Map<string, Inode>
  /** States of the names since the last sync, in order. */
  history: Map<string, Inode>[]
}

/** What happens to one operation. `short` writes half and reports it; `kill` is the end of the process. */
export type Fault = { readonly kind: 'error'; readonly code: string } | { readonly kind: 'short' } | { readonly kind: 'kill' }
export type DiskOperation = 'write' | 'sync' | 'truncate' | 'create' | 'rename' | 'remove' | 'sync-directory'

/** What power cuts have done to writes that were not synced. */
export interface PowerCutCounts {
  /** Writes of which a part survived. */
  torn: number
  /** Writes of which nothing survived. */
  lost: number
  /** Writes that survived although an earlier one to the same file did not. */
  reordered: number
  /** Created, renamed or removed names that came undone. */
  names: number
}

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
  /** Awaited before every operation, reads included: how long the disk takes for it. */
  pace: (() => Promise<void>) | undefined

  async makeDirectory(path: string): Promise<void> {
    await this.pace?.()
    const full = resolve(path)
    if (!this.directories.has(full)) this.directories.set(full, { names: new Map(), durable: new Map(), history: [] })
  }

  async list(path: string): Promise<string[]> {
    await this.pace?.()
    return [...this.directory(path).names.keys()]
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    await this.pace?.()
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
    const inode: Inode = { content: EMPTY, durable: EMPTY, pending: [] }
    this.editNames(dirname(path), (map) => map.set(basename(path), inode))
    return new SimulatedFile(this, inode, path)
  }

  /** Between two directories both names may survive a power cut, or none. */
  async rename(from: string, to: string): Promise<void> {
    await this.pace?.()
    this.step('rename', from)
    const inode = this.directory(dirname(from)).names.get(basename(from))
    if (inode === undefined) throw failure('ENOENT', from)
    const across = resolve(dirname(from)) !== resolve(dirname(to))
    if (across) this.editNames(dirname(to), (map) => map.set(basename(to), inode))
    this.editNames(dirname(from), (map) => {
      map.delete(basename(from))
      if (!across) map.set(basename(to), inode)
    })
  }

  async remove(path: string): Promise<void> {
    await this.pace?.()
    this.step('remove', path)
    if (!this.directory(dirname(path)).names.has(basename(path))) throw failure('ENOENT', path)
    this.editNames(dirname(path), (map) => map.delete(basename(path)))
  }

  async syncDirectory(path: string): Promise<void> {
    await this.pace?.()
    this.step('sync-directory', path)
    const directory = this.directories.get(resolve(path))
    if (directory === undefined) return
    directory.durable = new Map(directory.names)
    directory.history = []
  }

  async freeBytes(): Promise<number> {
    await this.pace?.()
    return Math.max(0, this.spaceLeft())
  }

  /** The disk after a power cut: synced data stays, of everything else a random part. */
  afterPowerCut(random: () => number, counts?: PowerCutCounts): SimulatedDisk {
    const disk = new SimulatedDisk()
    const survivors = new Map<Inode, Inode>()
    for (const [path, directory] of this.directories) {
      const states = [directory.durable, ...directory.history]
      const kept = Math.floor(random() * states.length)
      if (counts !== undefined) counts.names += states.length - 1 - kept
      const names = new Map<string, Inode>()
      for (const [name, inode] of states[kept]!) {
        if (!survivors.has(inode)) survivors.set(inode, survivor(inode, random, counts))
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

  get isKilled(): boolean {
    return this.killed
  }

  /** Ends the process: nothing reaches the disk from now on. */
  kill(): void {
    this.killed = true
  }

  /** Content of a file as a reader sees it; writing to it models damage. */
  content(path: string): Uint8Array {
    const inode = this.directory(dirname(path)).names.get(basename(path))!
    inode.content = { bytes: inode.content.shared ? inode.content.bytes.slice() : inode.content.bytes, shared: false }
    return inode.content.bytes
  }

  /** Replaces a file behind everybody's back. */
  overwrite(path: string, content: Uint8Array): void {
    const bytes = { bytes: content.slice(), shared: true }
    const inode: Inode = { content: bytes, durable: bytes, pending: [] }
    const directory = this.directory(dirname(path))
    directory.names.set(basename(path), inode)
    directory.durable.set(basename(path), inode)
  }

  /** A copy that shares nothing with this disk. */
  clone(): SimulatedDisk {
    const disk = new SimulatedDisk()
    for (const [path, directory] of this.directories) {
      disk.directories.set(path, { names: new Map(), durable: new Map(), history: [] })
      for (const [name, inode] of directory.names) {
        const bytes = (inode.content = { ...inode.content, shared: true })
        const copy: Inode = { content: bytes, durable: bytes, pending: [] }
        disk.directories.get(path)!.names.set(name, copy)
        disk.directories.get(path)!.durable.set(name, copy)
      }
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

  /** Bytes that all files take. */
  used(): number {
    let used = 0
    for (const { names } of this.directories.values()) for (const inode of names.values()) used += inode.content.bytes.length
    return used
  }

  /** Bytes that may still be written to grow files. */
  spaceLeft(): number {
    return this.capacity - this.used()
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
    return this.inode.content.bytes.length
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    await this.disk.pace?.()
    const bytes = this.inode.content.bytes.subarray(position, position + target.length)
    target.set(bytes)
    return bytes.length
  }

  async write(source: Uint8Array, position: number): Promise<number> {
    await this.disk.pace?.()
    let count = source.length
    try {
      if (this.disk.step('write', this.path)) count = Math.ceil(count / 2)
    } catch (error) {
      // A process killed in the middle of a write leaves any part of it.
      if (error instanceof KilledError) this.disk.change(this.inode, { position, bytes: source.slice(0, Math.floor(count / 2)) })
      throw error
    }
    const growth = position + count - this.inode.content.bytes.length
    if (growth > 0 && growth > this.disk.spaceLeft()) {
      count -= growth - Math.max(0, this.disk.spaceLeft())
      if (count <= 0) throw failure('ENOSPC', this.path)
    }
    this.disk.change(this.inode, { position, bytes: source.slice(0, count) })
    return count
  }

  /** Two steps, so that either can fail or be the last. */
  async writeSynced(source: Uint8Array, position: number): Promise<number> {
    const count = await this.write(source, position)
    await this.sync()
    return count
  }

  /** Makes durable what was written before the call; what is written while it lasts may still be lost. */
  async sync(): Promise<void> {
    const last = this.inode.pending.at(-1)
    await this.disk.pace?.()
    const { inode } = this
    try {
      this.disk.step('sync', this.path)
    } catch (error) {
      // The page cache calls the pages clean now, although the disk never got them.
      if (!(error instanceof KilledError)) inode.pending = []
      throw error
    }
    const synced = inode.pending.splice(0, last === undefined ? 0 : inode.pending.indexOf(last) + 1)
    for (const change of synced) inode.durable = applied(inode.durable, change)
  }

  async truncate(length: number): Promise<void> {
    await this.disk.pace?.()
    this.disk.step('truncate', this.path)
    this.disk.change(this.inode, { length })
  }

  async close(): Promise<void> {}
}

function applied(content: SharedBytes, change: Change): SharedBytes {
  if ('length' in change) {
    const cut = new Uint8Array(change.length)
    cut.set(content.bytes.subarray(0, change.length))
    return { bytes: cut, shared: false }
  }
  const end = change.position + change.bytes.length
  let target = content.bytes
  if (end > target.length || content.shared) {
    target = new Uint8Array(Math.max(end, target.length))
    target.set(content.bytes)
  }
  target.set(change.bytes, change.position)
  return { bytes: target, shared: false }
}

function survivor(inode: Inode, random: () => number, counts: PowerCutCounts | undefined): Inode {
  let content: SharedBytes = (inode.durable = { bytes: inode.durable.bytes, shared: true })
  let gap = false
  for (const change of inode.pending) {
    const before = content
    let sectors = 1
    let kept = 0
    if ('length' in change) {
      if (random() < 0.5) content = applied(content, change)
      kept = content === before ? 0 : 1
    } else {
      sectors = Math.ceil(change.bytes.length / SECTOR_BYTES)
      const fate = random()
      for (let at = 0; at < change.bytes.length; at += SECTOR_BYTES) {
        const stays = fate < 0.3 ? true : fate < 0.6 ? false : random() < 0.5
        if (!stays) continue
        kept++
        content = applied(content, { position: change.position + at, bytes: change.bytes.subarray(at, at + SECTOR_BYTES) })
      }
    }
    if (counts !== undefined) {
      if (kept === 0) counts.lost++
      else if (kept < sectors) counts.torn++
      if (kept > 0 && gap) counts.reordered++
    }
    gap ||= kept < sectors
  }
  const durable = { bytes: content.bytes, shared: true }
  return { content: durable, durable, pending: [] }
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
