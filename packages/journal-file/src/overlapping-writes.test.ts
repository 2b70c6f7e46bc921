/** Tests of a journal with several blocks on their way to the disk at once. */
import { expect } from 'chai'
import { JournalCorruptError, type Journal } from '@bourse/plugin'
import { BLOCK_HEADER_BYTES } from './block.js'
import { openFileJournal } from './open-file-journal.js'
import type { OpenFile, OpenMode } from './file-system.js'
import { append, framesOf, range, readSequences, rejection } from './testing/frames.js'
import { SimulatedDisk } from './testing/simulated-disk.js'

const FIRST = '/data/00000001.journal'

/** A disk whose synced writes wait until they are let go, each for itself. */
class PatientDisk extends SimulatedDisk {
  readonly waiting: { go(): void; fail(error: Error): void }[] = []
  isPatient = false

  override async open(path: string, mode: OpenMode): Promise<OpenFile> {
    const file = await super.open(path, mode)
    const writeSynced = file.writeSynced.bind(file)
    file.writeSynced = async (source, position) => {
      if (this.isPatient) await new Promise<void>((go, fail) => this.waiting.push({ go, fail }))
      return writeSynced(source, position)
    }
    return file
  }
}

async function patientJournal(): Promise<{ disk: PatientDisk; journal: Journal }> {
  const disk = new PatientDisk()
  const journal = await open(disk)
  await append(journal, 1, 3)
  disk.isPatient = true
  return { disk, journal }
}

function open(disk: SimulatedDisk, onTornTail?: (file: string, offset: number) => void): Promise<Journal> {
  return openFileJournal('/data', { files: disk, firstSegmentBytes: 4096, maxSegmentBytes: 8192, ...(onTornTail && { onTornTail }) })
}

/** Lets everything that needs no disk happen. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('blocks of a file journal that overlap', () => {
  it('go to the disk three at a time, and what comes meanwhile makes up the next one', async () => {
    const { disk, journal } = await patientJournal()
    const appends = range(4, 13).map((sequence) => append(journal, sequence))
    expect(disk.waiting).to.have.lengthOf(3)
    disk.waiting.shift()!.go()
    await turn()
    expect(disk.waiting).to.have.lengthOf(3)
    disk.isPatient = false
    for (const { go } of disk.waiting.splice(0)) go()
    await Promise.all(appends)
    expect(await blocks(disk)).to.deep.equal([3, 4, 5, 6, 13])
    expect(await readSequences(journal)).to.deep.equal(range(1, 13))
  })

  it('are acknowledged in order, and read only then', async () => {
    const { disk, journal } = await patientJournal()
    const acknowledged: number[] = []
    const appends = [4, 5, 6].map((sequence) => append(journal, sequence).then(() => void acknowledged.push(sequence)))
    for (const [index, expected] of [[2, []], [0, [4]], [1, [4, 5, 6]]] as const) {
      disk.waiting[index]!.go()
      await turn()
      expect(acknowledged).to.deep.equal(expected)
      expect(journal.lastSequence).to.equal(expected.at(-1) ?? 3)
      expect(await readSequences(journal)).to.deep.equal(range(1, journal.lastSequence))
    }
    await Promise.all(appends)
  })

  it('wait for more commands than a block can count before it', async () => {
    const disk = new PatientDisk()
    const size = 16 << 20
    const journal = await openFileJournal('/data', { files: disk, firstSegmentBytes: size, maxSegmentBytes: size })
    disk.isPatient = true
    const appends = [append(journal, 1, 65_536), append(journal, 65_537)]
    expect(disk.waiting).to.have.lengthOf(1)
    disk.isPatient = false
    disk.waiting[0]!.go()
    await Promise.all(appends)
    expect(journal.lastSequence).to.equal(65_537)
  })

  it('fail together: an error of one leaves nothing acknowledged that was on its way', async () => {
    for (const failing of [0, 1, 2]) {
      const { disk, journal } = await patientJournal()
      const appends = range(4, 8).map((sequence) => rejection(append(journal, sequence)))
      const first = disk.waiting.slice(0, 3)
      first[failing]!.fail(Object.assign(new Error('broken'), { code: 'EIO' }))
      await turn()
      for (const { go } of first) go()
      for (const error of await Promise.all(appends)) expect(error).to.include({ name: 'JournalWriteError', code: 'EIO', durableSequence: 3 })
      expect(journal.lastSequence).to.equal(3)
      await journal.close()
    }
  })

  it('are waited for by close, and by the next segment', async () => {
    const { disk, journal } = await patientJournal()
    let closed = false
    const appends = [append(journal, 4), append(journal, 5, 200), append(journal, 201)]
    const closing = journal.close().then(() => (closed = true))
    await turn()
    expect(disk.waiting, 'the second does not fit into the segment').to.have.lengthOf(1)
    disk.isPatient = false
    expect(closed).to.equal(false)
    disk.waiting[0]!.go()
    await Promise.all(appends)
    await closing
    expect(await readSequences(await open(disk))).to.deep.equal(range(1, 201))
  })

  /** A journal of which the second of three blocks that were on their way never came to the disk, and of what was appended behind it. */
  async function withHole(later: readonly (readonly [number, number])[]): Promise<{ disk: SimulatedDisk; at: number }> {
    const { disk, journal } = await patientJournal()
    const appends = [append(journal, 4, 5), append(journal, 6, 8), append(journal, 9)]
    disk.isPatient = false
    for (const { go } of disk.waiting) go()
    await Promise.all(appends)
    for (const [first, last] of later) await append(journal, first, last)
    const content = disk.content(FIRST).slice()
    const at = 2 * BLOCK_HEADER_BYTES + framesOf(1, 5).length
    content.fill(0, at, at + BLOCK_HEADER_BYTES + framesOf(6, 8).length)
    const copy = disk.clone()
    copy.overwrite(FIRST, content)
    return { disk: copy, at }
  }

  it('end a journal cleanly where a power cut left a later one whole and an earlier one not', async () => {
    const { disk, at } = await withHole([])
    const torn: string[] = []
    const journal = await open(disk, (file, offset) => torn.push(`${file}@${offset}`))
    expect(torn).to.deep.equal([`${FIRST}@${at}`])
    expect(await readSequences(journal)).to.deep.equal(range(1, 5))
    await append(journal, 6)
    await journal.close()
    expect(await readSequences(await open(disk))).to.deep.equal(range(1, 6))
  })

  it('are missed where one behind them was written when they were durable', async () => {
    const { disk, at } = await withHole([[10, 12]])
    expect(await rejection(open(disk))).to.be.instanceOf(JournalCorruptError).and.include({ file: FIRST, offset: at, sequence: 5 })
  })

  it('are all made durable again after the process was killed', async () => {
    const { disk, journal } = await patientJournal()
    const appends = [append(journal, 4), append(journal, 5), append(journal, 6)]
    disk.isPatient = false
    disk.fault = (operation) => (operation === 'sync' ? { kind: 'kill' } : undefined)
    for (const { go } of disk.waiting) go()
    await Promise.all(appends.map(rejection))
    const afterKill = disk.afterKill()
    const again = await open(afterKill)
    const { lastSequence } = again
    expect(lastSequence).to.be.greaterThan(3)
    const afterPowerCut = afterKill.afterPowerCut(() => 0)
    expect(await readSequences(await open(afterPowerCut))).to.deep.equal(range(1, lastSequence))
  })

  /** Last sequences of the blocks on a disk. */
  async function blocks(disk: SimulatedDisk): Promise<number[]> {
    const last: number[] = []
    for await (const batch of (await open(disk.clone())).read(1)) last.push(batch.lastSequence)
    return last
  }
})
