/** A journal and snapshots that last as long as the process: for tests, demonstrations and paper trading. */
import type { Journal, JournalBatch, SnapshotStore } from '@bourse/plugin'

/** @example const exchange = await createExchange(createMemoryStorage()) */
export function createMemoryStorage(): { journal: Journal; snapshots: SnapshotStore } {
  return { journal: new MemoryJournal(), snapshots: new MemorySnapshots() }
}

class MemoryJournal implements Journal {
  private readonly batches: JournalBatch[] = []
  private closed = false
  lastSequence = 0

  async append(frames: Uint8Array, firstSequence: number, lastSequence: number): Promise<void> {
    if (this.closed) throw new Error('The journal is closed; it takes no more commands.')
    if (frames.length === 0 || firstSequence !== this.lastSequence + 1 || lastSequence < firstSequence) {
      throw new RangeError(`The journal expects commands from sequence ${this.lastSequence + 1}; it was given ${frames.length} bytes with sequences ${firstSequence} to ${lastSequence}.`)
    }
    this.batches.push({ firstSequence, lastSequence, frames: frames.slice() })
    this.lastSequence = lastSequence
  }

  async *read(fromSequence: number): AsyncIterable<JournalBatch> {
    let low = 0
    let high = this.batches.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.batches[middle]!.lastSequence < fromSequence) low = middle + 1
      else high = middle
    }
    for (let index = low; index < this.batches.length; index++) yield this.batches[index]!
  }

  async close(): Promise<void> {
    this.closed = true
  }
}

class MemorySnapshots implements SnapshotStore {
  private newest: { sequence: number; parts: readonly Uint8Array[] }[] = []

  async write(sequence: number, parts: readonly Uint8Array[]): Promise<void> {
    const others = this.newest.filter((snapshot) => snapshot.sequence !== sequence)
    const copies = parts.map((part) => part.slice())
    this.newest = [{ sequence, parts: copies }, ...others].sort((a, b) => b.sequence - a.sequence).slice(0, 2)
  }

  async *read(): AsyncIterable<{ sequence: number; parts: readonly Uint8Array[] }> {
    for (const { sequence, parts } of this.newest) yield { sequence, parts: parts.map((part) => part.slice()) }
  }
}
