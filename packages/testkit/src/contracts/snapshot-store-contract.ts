/** The suite that every implementation of `SnapshotStore` passes. */
import { expect } from 'chai'
import type { SnapshotStore } from '@bourse/plugin'
import { withTemporaryFolder } from './temporary-folder.js'

export interface SnapshotStoreFixture {
  /** Opens the store that is kept under a folder, an empty one at first; the suite opens it again over the same folder. */
  open(dataDir: string): Promise<SnapshotStore> | SnapshotStore
  /** Damages the newest snapshot in place, where the suite shall see that an older one is used instead. */
  corruptNewest?(dataDir: string): Promise<void>
}

/**
 * Declares the tests; call it in a mocha test file.
 *
 * @example snapshotStoreContract('file snapshots', { open: (dataDir) => openFileSnapshots({ dataDir }) })
 */
export function snapshotStoreContract(name: string, fixture: SnapshotStoreFixture): void {
  describe(`${name}: snapshot store contract`, () => {
    const check = (test: (store: SnapshotStore, dataDir: string) => Promise<void>) => () =>
      withTemporaryFolder(async (dataDir) => test(await fixture.open(dataDir), dataDir))

    it('is empty at first', check(async (store) => {
      expect(await readAll(store)).to.deep.equal([])
    }))

    it('reads back the parts byte for byte, empty ones included', check(async (store) => {
      const parts = [bytes(1, 13), bytes(2, 0), bytes(3, 3_000_000)]
      await store.write(42, parts)
      const [snapshot, ...others] = await readAll(store)
      expect(others).to.deep.equal([])
      expectSnapshot(snapshot, 42, parts)
    }))

    it('keeps what was given at the time of the call that resolved', check(async (store) => {
      const part = bytes(5, 100)
      await store.write(1, [part])
      part.fill(0)
      expectSnapshot((await readAll(store))[0], 1, [bytes(5, 100)])
    }))

    it('gives bytes that are the reader\'s own', check(async (store) => {
      await store.write(1, [bytes(5, 100)])
      for await (const { parts } of store.read(failOnCorrupt)) parts[0]!.fill(0)
      expectSnapshot((await readAll(store))[0], 1, [bytes(5, 100)])
    }))

    it('gives the newest first and keeps at least two', check(async (store) => {
      for (let sequence = 100; sequence <= 800; sequence += 100) await store.write(sequence, [bytes(sequence, 50)])
      const snapshots = await readAll(store)
      expect(snapshots.length).to.be.at.least(2)
      expectSnapshot(snapshots[0], 800, [bytes(800, 50)])
      expectSnapshot(snapshots[1], 700, [bytes(700, 50)])
      const sequences = snapshots.map((snapshot) => snapshot.sequence)
      expect(sequences).to.deep.equal([...sequences].sort((a, b) => b - a))
    }))

    it('holds the same when opened again', check(async (store, dataDir) => {
      await store.write(7, [bytes(7, 10)])
      await store.write(9, [bytes(9, 10), bytes(10, 20)])
      const snapshots = await readAll(await fixture.open(dataDir))
      expectSnapshot(snapshots[0], 9, [bytes(9, 10), bytes(10, 20)])
      expectSnapshot(snapshots[1], 7, [bytes(7, 10)])
    }))

    it('takes the same sequence twice and gives it once', check(async (store) => {
      await store.write(7, [bytes(7, 10)])
      await store.write(7, [bytes(7, 10)])
      const snapshots = await readAll(store)
      expect(snapshots.map((snapshot) => snapshot.sequence)).to.deep.equal([7])
    }))

    const { corruptNewest } = fixture
    if (corruptNewest === undefined) return
    it('skips a corrupt snapshot, says so, and gives the one before', check(async (store, dataDir) => {
      await store.write(7, [bytes(7, 10)])
      await store.write(9, [bytes(9, 10)])
      await corruptNewest(dataDir)
      const reports: string[] = []
      const snapshots = await readAll(await fixture.open(dataDir), (file, reason) => reports.push(`${file}: ${reason}`))
      expectSnapshot(snapshots[0], 7, [bytes(7, 10)])
      expect(reports).to.have.lengthOf(1)
    }))
  })
}

interface Snapshot {
  readonly sequence: number
  readonly parts: readonly Uint8Array[]
}

async function readAll(store: SnapshotStore, onCorrupt = failOnCorrupt): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = []
  for await (const { sequence, parts } of store.read(onCorrupt)) snapshots.push({ sequence, parts: parts.map((part) => Uint8Array.from(part)) })
  return snapshots
}

function failOnCorrupt(file: string, reason: string): void {
  throw new Error(`The store calls a good snapshot corrupt: ${file}: ${reason}`)
}

function expectSnapshot(snapshot: Snapshot | undefined, sequence: number, parts: readonly Uint8Array[]): void {
  expect(snapshot?.sequence).to.equal(sequence)
  expect(snapshot?.parts.map((part) => part.length)).to.deep.equal(parts.map((part) => part.length))
  for (const [index, part] of parts.entries()) expect(Buffer.compare(snapshot!.parts[index]!, part), `part ${index}`).to.equal(0)
}

/** Bytes that follow from a seed. */
function bytes(seed: number, length: number): Uint8Array {
  const result = new Uint8Array(length)
  for (let i = 0, state = seed; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    result[i] = state >>> 24
  }
  return result
}
