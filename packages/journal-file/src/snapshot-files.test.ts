/** Tests of the snapshot files: whole or absent, whatever happens. */
import { expect } from 'chai'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SnapshotStore } from '@bourse/plugin'
import { snapshotStoreContract } from '@bourse/testkit'
import { nodeFileSystem } from './file-system.js'
import { openSnapshotFiles } from './snapshot-files.js'
import { rejection } from './testing/frames.js'
import { KilledError, seededRandom, SimulatedDisk } from './testing/simulated-disk.js'

snapshotStoreContract('snapshot files', {
  open: (dataDir) => openSnapshotFiles(dataDir, { files: nodeFileSystem, keep: 2 }),
  async corruptNewest(dataDir) {
    const path = join(dataDir, (await readdir(dataDir)).sort().at(-1)!)
    const content = await readFile(path)
    content[content.length - 1]! ^= 1
    await writeFile(path, content)
  },
})

const parts = (sequence: number): Uint8Array[] => [new Uint8Array(700).fill(sequence), new Uint8Array(0), new Uint8Array(1300).fill(sequence + 1)]

async function readAll(store: SnapshotStore): Promise<{ sequences: number[]; corrupt: string[] }> {
  const corrupt: string[] = []
  const sequences: number[] = []
  for await (const snapshot of store.read((file, reason) => corrupt.push(`${file}: ${reason}`))) {
    expect(snapshot.parts.map((part) => [...part])).to.deep.equal(parts(snapshot.sequence).map((part) => [...part]))
    sequences.push(snapshot.sequence)
  }
  return { sequences, corrupt }
}

describe('snapshot files', () => {
  it('has the old or the new snapshot, never neither, after a crash at any operation', async () => {
    const random = seededRandom(11)
    for (let last = 0; last < 12; last++) {
      for (let round = 0; round < 20; round++) {
        const disk = new SimulatedDisk()
        const store = await openSnapshotFiles('/snapshots', { files: disk, keep: 2 })
        await store.write(1, parts(1))
        await store.write(2, parts(2))
        const start = disk.operations
        disk.fault = (_operation, count) => (count > start + last ? { kind: 'kill' } : undefined)
        const done = await store.write(3, parts(3)).then(() => true, (error: unknown) => {
          expect(error).to.be.instanceOf(KilledError)
          return false
        })
        const { sequences, corrupt } = await readAll(await openSnapshotFiles('/snapshots', { files: disk.afterPowerCut(random), keep: 2 }))
        expect(corrupt).to.deep.equal([])
        expect(sequences).to.include(2)
        if (done) expect(sequences[0]).to.equal(3)
      }
    }
  })

  it('finds every flipped bit and every cut, and falls back', async () => {
    const disk = new SimulatedDisk()
    const store = await openSnapshotFiles('/snapshots', { files: disk, keep: 2 })
    await store.write(1, parts(1))
    await store.write(2, parts(2))
    const path = '/snapshots/0000000000000002.snapshot'
    const content = disk.content(path).slice()
    for (let at = 0; at < content.length; at++) {
      const damaged = at % 2 === 0 ? content.slice() : content.slice(0, at)
      if (at % 2 === 0) damaged[at]! ^= 1 << (at % 8)
      disk.overwrite(path, damaged)
      const { sequences, corrupt } = await readAll(store)
      expect(sequences, `byte ${at}`).to.deep.equal([1])
      expect(corrupt, `byte ${at}`).to.have.lengthOf(1)
    }
  })

  it('leaves out what a newer one replaces while they are read', async () => {
    const store = await openSnapshotFiles('/snapshots', { files: new SimulatedDisk(), keep: 2 })
    await store.write(1, parts(1))
    await store.write(2, parts(2))
    const read: number[] = []
    for await (const { sequence } of store.read(() => undefined)) {
      read.push(sequence)
      if (sequence === 2) await store.write(3, parts(3))
    }
    expect(read).to.deep.equal([2])
  })

  it('leaves the older ones as they are when the disk is full', async () => {
    const disk = new SimulatedDisk()
    const store = await openSnapshotFiles('/snapshots', { files: disk, keep: 2 })
    await store.write(1, parts(1))
    disk.capacity = 3000
    expect(await rejection(store.write(2, parts(2)))).to.include({ code: 'ENOSPC' })
    expect(await disk.list('/snapshots')).to.deep.equal(['0000000000000001.snapshot'])
    disk.capacity = Infinity
    await store.write(2, parts(2))
    expect((await readAll(store)).sequences).to.deep.equal([2, 1])
  })

  it('writes over the file that was given up last, whether or not the next snapshot is as long', async () => {
    const disk = new SimulatedDisk()
    const random = seededRandom(7)
    const store = await openSnapshotFiles('/snapshots', { files: disk, keep: 2 })
    let created = 0
    let reached = 0
    disk.fault = (operation, count) => {
      if (operation === 'create') created++
      reached = count
      return undefined
    }
    const lengths = [5000, 300, 9000, 40, 7000, 12_000]
    const content = (sequence: number): Uint8Array[] => [new Uint8Array(lengths[sequence % lengths.length]!).fill(sequence)]
    for (let sequence = 1; sequence <= 9; sequence++) await store.write(sequence, content(sequence))
    expect(created).to.equal(3)
    expect((await disk.list('/snapshots')).sort()).to.deep.equal(['0000000000000008.snapshot', '0000000000000009.snapshot', 'spare'])
    // Whatever survives a power cut, the two before the interrupted one are whole, and no name has another's content.
    for (let last = 0; last < 12; last++) {
      const cut = await openSnapshotFiles('/snapshots', { files: disk, keep: 2 })
      const start = reached
      disk.fault = (operation, count) => {
        reached = count
        return count > start + last ? { kind: 'error', code: 'EIO' } : undefined
      }
      await cut.write(10, content(10)).catch(() => undefined)
      disk.fault = () => undefined
      const found: number[] = []
      for await (const { sequence, parts: read } of (await openSnapshotFiles('/snapshots', { files: disk.afterPowerCut(random), keep: 2 })).read(expect.fail)) {
        expect(read.map((part) => [...part])).to.deep.equal(content(sequence).map((part) => [...part]))
        found.push(sequence)
      }
      expect(found).to.include(9)
    }
  })

  it('says nothing of damage where a file was written over while somebody read it', async () => {
    const disk = new SimulatedDisk()
    const store = await openSnapshotFiles('/snapshots', { files: disk, keep: 2 })
    for (let sequence = 1; sequence <= 3; sequence++) await store.write(sequence, parts(sequence))
    let overtaken = false
    disk.pace = async () => {
      // The reader has opened the older file by now.
      if (overtaken || !reading) return
      overtaken = true
      disk.pace = undefined
      await store.write(4, parts(4))
      await store.write(5, parts(5))
    }
    let reading = false
    const read: number[] = []
    for await (const { sequence } of store.read(expect.fail)) {
      read.push(sequence)
      reading = true
    }
    expect(read).to.deep.equal([3])
    expect((await readAll(store)).sequences).to.deep.equal([5, 4])
  })

  it('keeps as many as it is told and refuses fewer than two', async () => {
    const disk = new SimulatedDisk()
    const store = await openSnapshotFiles('/snapshots', { files: disk, keep: 3 })
    for (let sequence = 1; sequence <= 6; sequence++) await store.write(sequence, parts(sequence))
    expect((await readAll(store)).sequences).to.deep.equal([6, 5, 4])
    expect((await rejection(openSnapshotFiles('/snapshots', { files: disk, keep: 1 }))).message).to.contain('at least 2')
  })
})
