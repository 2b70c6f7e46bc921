/** A journal whose disk a test holds back, lets go, or breaks. */
import type { Journal, JournalBatch, SnapshotStore } from '@bourse/plugin'
import { createMemoryStorage } from '../memory-storage.js'

export class GatedJournal implements Journal {
  /** Appends as they arrived: first and last sequence. */
  readonly appends: [number, number][] = []
  private readonly memory: Journal
  private held = false
  private failure: Error | undefined
  private waiting: (() => void)[] = []

  constructor(memory: Journal = createMemoryStorage().journal) {
    this.memory = memory
  }

  get lastSequence(): number {
    return this.memory.lastSequence
  }

  append(frames: Uint8Array, firstSequence: number, lastSequence: number): Promise<void> {
    this.appends.push([firstSequence, lastSequence])
    return new Promise((resolve, reject) => {
      this.waiting.push(() => {
        if (this.failure !== undefined) reject(this.failure)
        else this.memory.append(frames, firstSequence, lastSequence).then(resolve, reject)
      })
      if (!this.held) this.release()
    })
  }

  hold(): void {
    this.held = true
  }

  /** Lets what waits become durable, and what comes. */
  release(): void {
    this.held = false
    for (const go of this.waiting.splice(0)) go()
  }

  /** Every append fails from now on, those that wait included. */
  break(code: string): void {
    this.failure = Object.assign(new Error(`${code}: the disk`), { code })
    this.release()
  }

  read(fromSequence: number): AsyncIterable<JournalBatch> {
    return this.memory.read(fromSequence)
  }

  close(): Promise<void> {
    return this.memory.close()
  }
}

export interface GatedStorage {
  readonly journal: GatedJournal
  readonly snapshots: SnapshotStore
}

export function gatedStorage(): GatedStorage {
  const { journal, snapshots } = createMemoryStorage()
  return { journal: new GatedJournal(journal), snapshots }
}
