import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { copyJournal, copySnapshots } from './copy-storage.js'
import { openFileStorage } from './file-storage.js'
import { append, framesOf, range, readSequences } from './testing/frames.js'

const SMALL = { firstSegmentBytes: 2048, maxSegmentBytes: 4096 }

describe('a copy of a storage', () => {
  let dir: string
  beforeEach(async () => (dir = await mkdtemp(path.join(os.tmpdir(), 'bourse-copy-'))))
  afterEach(() => rm(dir, { recursive: true }))
  const place = (name: string): string => path.join(dir, name)

  it('holds the journal up to where it was durable, and goes on as a journal', async () => {
    const from = await openFileStorage(place('from'), SMALL)
    for (let sequence = 1; sequence <= 200; sequence += 4) await append(from.journal, sequence, sequence + 3)
    expect(await copyJournal(from.journal, place('to'))).to.deep.equal({ firstSequence: 1, lastSequence: 200 })
    await append(from.journal, 201)
    await from.close()
    const to = await openFileStorage(place('to'), { checkAll: true })
    expect(await readSequences(to.journal)).to.deep.equal(range(1, 200))
    await append(to.journal, 201)
    await to.close()
  })

  it('holds every command of a journal that is read in many pieces', async () => {
    const last = 60_000
    const from = await openFileStorage(place('from'))
    for (let sequence = 1; sequence <= last; sequence += 500) await append(from.journal, sequence, sequence + 499)
    await copyJournal(from.journal, place('to'))
    await from.close()
    const to = await openFileStorage(place('to'), { checkAll: true })
    expect(await readSequences(to.journal)).to.deep.equal(range(1, last))
    await to.close()
  })

  it('begins where a journal begins whose older commands were put away', async () => {
    const from = await openFileStorage(place('from'), { ...SMALL, archive: 'delete' })
    for (let sequence = 1; sequence <= 300; sequence++) await append(from.journal, sequence)
    await from.journal.archiveBelow!(150)
    const first = from.journal.firstSequence!
    expect(first).to.be.greaterThan(100)
    expect(await copyJournal(from.journal, place('to'))).to.deep.equal({ firstSequence: first, lastSequence: 300 })
    await from.close()
    for (const checkAll of [true, false]) {
      const to = await openFileStorage(place('to'), { checkAll })
      expect(to.journal.firstSequence).to.equal(first)
      expect(await readSequences(to.journal, first)).to.deep.equal(range(first, 300))
      await append(to.journal, to.journal.lastSequence + 1).then(() => undefined)
      await to.close()
      await rm(place('to'), { recursive: true })
      const again = await openFileStorage(place('from'), { ...SMALL, archive: 'delete' })
      await copyJournal(again.journal, place('to'))
      await again.close()
    }
  })

  it('does not wait for those who write, nor take in what they write meanwhile', async () => {
    const from = await openFileStorage(place('from'), SMALL)
    await append(from.journal, 1, 2)
    let next = 3
    const journal = {
      lastSequence: from.journal.lastSequence,
      async *read(sequence: number) {
        for await (const batch of from.journal.read(sequence)) {
          await append(from.journal, next++)
          yield batch
        }
      },
    }
    expect((await copyJournal(journal, place('to'))).lastSequence).to.equal(2)
    await from.close()
  })

  it('holds the snapshots that are whole', async () => {
    const from = await openFileStorage(place('from'), SMALL)
    await append(from.journal, 1, 9)
    for (const sequence of [3, 9]) await from.snapshots.write(sequence, [framesOf(1, sequence)])
    const corrupt: string[] = []
    expect(await copySnapshots(place('from'), place('to'), (file) => corrupt.push(file))).to.deep.equal([9, 3])
    expect(corrupt).to.deep.equal([])
    await copyJournal(from.journal, place('to'))
    await from.close()
    const to = await openFileStorage(place('to'))
    const parts: Record<number, Uint8Array> = {}
    for await (const snapshot of to.snapshots.read(() => undefined)) parts[snapshot.sequence] = snapshot.parts[0]!
    expect(Buffer.compare(parts[9]!, framesOf(1, 9))).to.equal(0)
    expect(Buffer.compare(parts[3]!, framesOf(1, 3))).to.equal(0)
    await to.close()
  })
})
