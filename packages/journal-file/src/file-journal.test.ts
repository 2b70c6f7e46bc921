/** Tests of the file journal on good and failing disks. */
import { expect } from 'chai'
import { journalContract } from '@bourse/testkit'
import { openFileJournal, type FileJournalOptions } from './open-file-journal.js'
import { nodeFileSystem } from './file-system.js'
import { append, framesOf, range, readSequences, rejection } from './testing/frames.js'
import { SimulatedDisk, type DiskOperation, type Fault } from './testing/simulated-disk.js'

const small = { firstSegmentBytes: 4096, maxSegmentBytes: 16_384 }
const options = (files: FileJournalOptions['files']): FileJournalOptions => ({ files, ...small })

journalContract('file journal', (dataDir) => openFileJournal(dataDir, options(nodeFileSystem)))
journalContract('file journal with large segments', (dataDir) => openFileJournal(dataDir, { files: nodeFileSystem, firstSegmentBytes: 1 << 20, maxSegmentBytes: 32 << 20 }))

describe('file journal', () => {
  it('goes on over many segments and reads from any sequence', async () => {
    const disk = new SimulatedDisk()
    let journal = await openFileJournal('/data', options(disk))
    for (let sequence = 1; sequence <= 1000; sequence += 2) await append(journal, sequence, sequence + 1)
    expect(await disk.list('/data')).to.have.length.greaterThan(5)
    for (const opened of [false, true]) {
      if (opened) {
        await journal.close()
        journal = await openFileJournal('/data', options(disk))
      }
      for (const from of [1, 2, 3, 500, 999, 1000]) {
        const sequences = await readSequences(journal, from)
        expect(sequences[0]).to.be.oneOf([from, from - 1])
        expect(sequences.at(-1)).to.equal(1000)
        expect(sequences).to.have.lengthOf(1001 - sequences[0]!)
      }
      expect(await readSequences(journal, 1001)).to.deep.equal([])
    }
  })

  it('reads megabytes of blocks of all sizes, whatever part of them it has read ahead', async () => {
    const disk = new SimulatedDisk()
    const large = { files: disk, firstSegmentBytes: 1 << 22, maxSegmentBytes: 1 << 22 }
    let journal = await openFileJournal('/data', large)
    let last = 0
    // Up to more than is read ahead at once.
    for (const commands of [1, 700, 3000, 9000, 5, 2500, 2500, 2500, 8000, 1, 4000, 6000]) {
      await append(journal, last + 1, last + commands)
      last += commands
    }
    await journal.close()
    journal = await openFileJournal('/data', large)
    for (const from of [1, 702, 13_000, last]) expect((await readSequences(journal, from)).at(-1)).to.equal(last)
    expect(await readSequences(journal, 1)).to.deep.equal(range(1, last))
  })

  it('makes the next segment while the second half of one fills up', async () => {
    const disk = new SimulatedDisk()
    const size = 16 << 20
    const journal = await openFileJournal('/data', { files: disk, firstSegmentBytes: size, maxSegmentBytes: size })
    const next = '/data/00000002.journal'
    const filled: number[] = []
    for (let last = 0; ; ) {
      await append(journal, last + 1, last + 8000)
      last += 8000
      const names = await disk.list('/data')
      if (names.includes('00000003.journal')) break
      filled.push(names.includes('00000002.journal') ? disk.content(next).length : 0)
    }
    await journal.close()
    expect(filled[0]).to.equal(0)
    expect(filled.filter((bytes) => bytes > 0 && bytes < size)).to.have.lengthOf.above(3)
    expect(filled.at(-1)).to.equal(size)
  })

  it('gives a batch larger than any segment a segment to itself', async () => {
    const disk = new SimulatedDisk()
    let journal = await openFileJournal('/data', options(disk))
    await append(journal, 1)
    await append(journal, 2, 1000)
    await append(journal, 1001)
    await journal.close()
    journal = await openFileJournal('/data', options(disk))
    expect(await readSequences(journal)).to.deep.equal(range(1, 1001))
  })

  it('finishes short writes', async () => {
    const disk = new SimulatedDisk()
    const journal = await openFileJournal('/data', options(disk))
    disk.fault = (operation, count) => (operation === 'write' && count % 3 !== 0 ? { kind: 'short' } : undefined)
    for (let sequence = 1; sequence <= 100; sequence++) await append(journal, sequence)
    await journal.close()
    expect(await readSequences(await openFileJournal('/data', options(disk)))).to.deep.equal(range(1, 100))
  })

  for (const [operation, code] of [['sync', 'EIO'], ['write', 'EIO'], ['write', 'ENOSPC']] as const) {
    it(`rejects for ever and never tries again after a ${operation} failed with ${code}`, async () => {
      const disk = new SimulatedDisk()
      const journal = await openFileJournal('/data', options(disk))
      await append(journal, 1, 3)
      failNext(disk, operation, { kind: 'error', code })
      const failing = [append(journal, 4), append(journal, 5), append(journal, 6)]
      for (const promise of failing) expect(await rejection(promise)).to.include({ name: 'JournalWriteError', code, durableSequence: 3 })
      const touched = disk.operations
      expect(await rejection(append(journal, 7))).to.include({ code })
      expect(disk.operations).to.equal(touched)
      expect(journal.lastSequence).to.equal(3)
      expect(await readSequences(journal)).to.deep.equal([1, 2, 3])
      await journal.close()
      expect(disk.operations).to.equal(touched)
    })
  }

  it('meets a full disk before it runs out of allocated space, and keeps every acknowledged command', async () => {
    const disk = new SimulatedDisk()
    disk.capacity = 40_000
    const journal = await openFileJournal('/data', options(disk))
    let acknowledged = 0
    let failure: Error | undefined
    for (let sequence = 1; failure === undefined; sequence++) {
      await append(journal, sequence).then(() => (acknowledged = sequence), (error: Error) => (failure = error))
    }
    expect(failure).to.include({ code: 'ENOSPC' })
    expect(acknowledged).to.be.greaterThan(100)
    expect(await readSequences(journal)).to.deep.equal(range(1, acknowledged))
    await journal.close()

    const still = await openFileJournal('/data', options(disk))
    expect(await readSequences(still)).to.deep.equal(range(1, acknowledged))
    expect(await rejection(append(still, acknowledged + 1))).to.include({ code: 'ENOSPC' })
    await still.close()

    disk.capacity = Infinity
    const freed = await openFileJournal('/data', options(disk))
    await append(freed, acknowledged + 1)
    expect(await readSequences(freed)).to.deep.equal(range(1, acknowledged + 1))
  })

  it('stops when allocating ahead failed for another reason than space', async () => {
    const disk = new SimulatedDisk()
    const journal = await openFileJournal('/data', options(disk))
    disk.fault = (operation, _count, path) => (operation === 'sync' && path.endsWith('2.journal') ? { kind: 'error', code: 'EIO' } : undefined)
    let failure: Error | undefined
    for (let sequence = 1; failure === undefined; sequence++) await append(journal, sequence).catch((error: Error) => (failure = error))
    expect(failure).to.include({ code: 'EIO' })
  })

  it('does not write when it is opened and closed without a command', async () => {
    const disk = new SimulatedDisk()
    const journal = await openFileJournal('/data', options(disk))
    await append(journal, 1)
    await journal.close()
    const before = disk.content('/data/00000001.journal').slice()
    await (await openFileJournal('/data', options(disk))).close()
    expect(Buffer.compare(before, disk.content('/data/00000001.journal'))).to.equal(0)
  })

  it('names the expected sequence when an append does not follow on', async () => {
    const journal = await openFileJournal('/data', options(new SimulatedDisk()))
    await append(journal, 1, 2)
    expect((await rejection(journal.append(framesOf(4, 5), 4, 5))).message).to.contain('from sequence 3')
    await append(journal, 3)
  })
})

function failNext(disk: SimulatedDisk, wanted: DiskOperation, fault: Fault): void {
  let done = false
  disk.fault = (operation) => {
    if (done || operation !== wanted) return undefined
    done = true
    return fault
  }
}
