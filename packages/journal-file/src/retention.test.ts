/** Tests of journals whose oldest segments are put away, and of starts that do not read what a snapshot covers. */
import { expect } from 'chai'
import { JournalArchivedError, JournalCorruptError, type Journal } from '@bourse/plugin'
import { openFileJournal, type FileJournalOptions } from './open-file-journal.js'
import { openFileStorage } from './file-storage.js'
import { append, range, readSequences, rejection } from './testing/frames.js'
import { KilledError, seededRandom, SimulatedDisk } from './testing/simulated-disk.js'

const LAST = 300

function open(disk: SimulatedDisk, more: Partial<FileJournalOptions> = {}): Promise<Journal> {
  return openFileJournal('/data/journal', { files: disk, firstSegmentBytes: 2048, maxSegmentBytes: 4096, ...more })
}

async function filled(archive: string): Promise<{ disk: SimulatedDisk; journal: Journal }> {
  const disk = new SimulatedDisk()
  const journal = await open(disk, { archive })
  for (let sequence = 1; sequence <= LAST; sequence++) await append(journal, sequence)
  return { disk, journal }
}

async function segments(disk: SimulatedDisk, directory = '/data/journal'): Promise<string[]> {
  return (await disk.list(directory).catch(() => [])).filter((name) => name.endsWith('.journal')).sort()
}

describe('retention of a file journal', () => {
  for (const policy of ['delete', '/archive'] as const) {
    it(`puts away whole segments below a sequence and no other (${policy})`, async () => {
      const { disk, journal } = await filled(policy)
      const before = await segments(disk)
      expect(journal.firstSequence).to.equal(1)
      await journal.archiveBelow!(150)
      const first = journal.firstSequence!
      expect(first).to.be.within(100, 150)
      expect(await readSequences(journal, first)).to.deep.equal(range(first, LAST))
      const after = await segments(disk)
      expect(after.length).to.be.lessThan(before.length)
      expect(before.slice(-after.length)).to.deep.equal(after)
      expect(await segments(disk, '/archive')).to.deep.equal(policy === 'delete' ? [] : before.slice(0, -after.length))
      await append(journal, LAST + 1)
      await journal.close()

      const again = await open(disk, { archive: policy })
      expect(again.firstSequence).to.equal(first)
      expect(await readSequences(again, first)).to.deep.equal(range(first, LAST + 1))
      for (const from of [1, first - 1]) {
        const error = await rejection(readSequences(again, from))
        expect(error).to.be.instanceOf(JournalArchivedError).and.include({ firstSequence: first, wantedSequence: from })
        expect(error.message).to.contain(`begins at sequence ${first}`)
      }
    })
  }

  it('keeps the tail, whatever is released, and everything by default', async () => {
    const { disk, journal } = await filled('delete')
    await journal.archiveBelow!(Infinity)
    expect(journal.firstSequence).to.be.at.most(LAST)
    expect(await readSequences(journal, LAST)).to.include(LAST)
    await append(journal, LAST + 1)
    await journal.close()
    expect((await open(disk)).archiveBelow).to.equal(undefined)
  })

  it('is whole again when the archived files are put back', async () => {
    const { disk, journal } = await filled('/archive')
    await journal.archiveBelow!(200)
    await journal.close()
    for (const name of await segments(disk, '/archive')) await disk.rename(`/archive/${name}`, `/data/journal/${name}`)
    await disk.remove('/data/journal/beginning.json')
    const again = await open(disk)
    expect(again.firstSequence).to.equal(1)
    expect(await readSequences(again)).to.deep.equal(range(1, LAST))
  })

  it('copies to an archive on another disk before it removes', async () => {
    const { disk, journal } = await filled('/archive')
    const whole = disk.content('/data/journal/00000001.journal').slice()
    disk.fault = (operation, _count, path) => (operation === 'rename' && path.endsWith('.journal') ? { kind: 'error', code: 'EXDEV' } : undefined)
    await journal.archiveBelow!(100)
    expect(Buffer.compare(disk.content('/archive/00000001.journal'), whole)).to.equal(0)
    expect(await segments(disk)).not.to.include('00000001.journal')
  })

  it('loses nothing that it keeps after a crash at any operation of a release', async () => {
    const seed = Number(process.env.BOURSE_TEST_SEED ?? Date.now() % 1_000_000)
    const random = seededRandom(seed + 1)
    let crashes = 0
    for (let step = 1, done = false; !done; step++) {
      const { disk, journal } = await filled('delete')
      const start = disk.operations
      disk.fault = (_operation, count) => (count >= start + step ? { kind: 'kill' } : undefined)
      done = await journal.archiveBelow!(200).then(() => true, (error: unknown) => {
        expect(error).to.be.instanceOf(KilledError)
        return false
      })
      const left = step % 2 === 0 ? disk.afterKill() : disk.afterPowerCut(random)
      const again = await open(left, { archive: 'delete' })
      const first = again.firstSequence!
      expect(first, `seed ${seed}, step ${step}`).to.be.at.most(200)
      expect(await readSequences(again, first), `seed ${seed}, step ${step}`).to.deep.equal(range(first, LAST))
      await again.archiveBelow!(200)
      expect(await readSequences(again, 200)).to.include(LAST)
      expect((await segments(left))[0], 'what the crash left behind is gone').to.equal(`${String((await firstSegment(left))).padStart(8, '0')}.journal`)
      crashes++
    }
    console.log(`      seed ${seed}: ${crashes} crashes`)
  })

  it('is refused when the record of its beginning is damaged, or the first file that was kept is gone', async () => {
    const { disk, journal } = await filled('delete')
    await journal.archiveBelow!(200)
    await journal.close()
    const path = '/data/journal/beginning.json'
    const content = disk.content(path).slice()
    for (let at = 0; at < content.length; at++) {
      const copy = disk.clone()
      const damaged = content.slice()
      damaged[at]! ^= 1
      copy.overwrite(path, damaged)
      expect(await rejection(open(copy)), `byte ${at}`).to.be.instanceOf(JournalCorruptError)
    }
    const gone = disk.clone()
    await gone.remove(`/data/journal/${(await segments(gone))[0]}`)
    expect(await rejection(open(gone))).to.be.instanceOf(JournalCorruptError)
    const unknown = disk.clone()
    await unknown.remove(path)
    expect(await rejection(open(unknown))).to.be.instanceOf(JournalCorruptError)
  })
})

describe('a start with a snapshot', () => {
  it('reads only the segments that it needs, and finds damage in the others when they are read or checked', async () => {
    const disk = new SimulatedDisk()
    const storage = await openFileStorage('/data', { files: disk, firstSegmentBytes: 2048, maxSegmentBytes: 4096 })
    for (let sequence = 1; sequence <= LAST; sequence++) await append(storage.journal, sequence)
    await storage.snapshots.write(250, [new Uint8Array(10)])
    await storage.close()
    const path = '/data/journal/00000002.journal'
    const content = disk.content(path).slice()
    content[1500]! ^= 8
    disk.overwrite(path, content)

    let checked = 0
    const options = { files: disk, firstSegmentBytes: 2048, maxSegmentBytes: 4096, onCheckProgress: (done: number) => (checked = done) }
    const again = await openFileStorage('/data', options)
    expect(checked).to.be.lessThan(12_000)
    expect(await readSequences(again.journal, 251)).to.include.members(range(251, LAST))
    const error = await rejection(readSequences(again.journal, 1))
    expect(error).to.be.instanceOf(JournalCorruptError).and.include({ file: path })
    await again.close()
    expect(await rejection(openFileStorage('/data', { ...options, checkAll: true }))).to.be.instanceOf(JournalCorruptError).and.include({ file: path })
  })

  it('is refused for damage in what the snapshot does not cover', async () => {
    const disk = new SimulatedDisk()
    const storage = await openFileStorage('/data', { files: disk, firstSegmentBytes: 2048, maxSegmentBytes: 4096 })
    for (let sequence = 1; sequence <= 150; sequence++) await append(storage.journal, sequence)
    await storage.snapshots.write(150, [new Uint8Array(10)])
    const covered = (await segments(disk)).length
    for (let sequence = 151; sequence <= LAST; sequence++) await append(storage.journal, sequence)
    await storage.close()
    for (const name of (await segments(disk)).slice(covered, -1)) {
      const copy = disk.clone()
      const content = copy.content(`/data/journal/${name}`).slice()
      content[100]! ^= 1
      copy.overwrite(`/data/journal/${name}`, content)
      expect(await rejection(openFileStorage('/data', { files: copy, firstSegmentBytes: 2048, maxSegmentBytes: 4096 })), name).to.be.instanceOf(JournalCorruptError)
    }
  })

  it('keeps what the snapshot covers when the first write into the last segment was interrupted', async () => {
    const disk = new SimulatedDisk()
    const sizes = { firstSegmentBytes: 2048, maxSegmentBytes: 4096 }
    const storage = await openFileStorage('/data', { files: disk, ...sizes })
    let begun = await written(disk)
    let tried = 0
    for (let sequence = 1; sequence <= LAST; sequence++) {
      await storage.snapshots.write(sequence - 1, [new Uint8Array(10)])
      await append(storage.journal, sequence)
      const names = await written(disk)
      if (names.length === begun.length) continue
      begun = names
      if (names.length < 3) continue
      tried++
      const copy = disk.clone()
      const path = `/data/journal/${names.at(-1)!}`
      const content = copy.content(path).slice()
      content[60]! ^= 1
      copy.overwrite(path, content)
      const again = await openFileStorage('/data', { files: copy, ...sizes })
      expect(await readSequences(again.journal)).to.deep.equal(range(1, sequence - 1))
      await append(again.journal, sequence)
      await again.close()
      expect(await readSequences(await open(copy))).to.deep.equal(range(1, sequence))
    }
    expect(tried).to.be.above(2)
  })
})

async function firstSegment(disk: SimulatedDisk): Promise<number> {
  return Number(/"segment":([0-9]+)/.exec(Buffer.from(disk.content('/data/journal/beginning.json')).toString())![1])
}

/** The segments that hold anything. */
async function written(disk: SimulatedDisk): Promise<string[]> {
  return (await segments(disk)).filter((name) => disk.content(`/data/journal/${name}`).some((byte) => byte !== 0))
}
