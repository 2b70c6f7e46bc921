/** Tests of what a damaged, cut or interrupted journal becomes when it is opened. */
import { expect } from 'chai'
import { JournalCorruptError, type Journal } from '@bourse/plugin'
import { BLOCK_HEADER_BYTES } from './block.js'
import { openFileJournal } from './open-file-journal.js'
import { append, framesOf, range, readSequences, rejection } from './testing/frames.js'
import { KilledError, seededRandom, SimulatedDisk } from './testing/simulated-disk.js'

const FIRST = '/data/00000001.journal'

function open(disk: SimulatedDisk, onTornTail?: (file: string, offset: number, reason: string) => void): Promise<Journal> {
  return openFileJournal('/data', { files: disk, firstSegmentBytes: 4096, maxSegmentBytes: 8192, ...(onTornTail && { onTornTail }) })
}

/** A journal that was killed, hence without a seal: one block for each [first, last]. */
async function killed(...batches: readonly (readonly [number, number])[]): Promise<{ disk: SimulatedDisk; ends: number[] }> {
  const disk = new SimulatedDisk()
  const journal = await open(disk)
  const ends: number[] = []
  for (const [first, last] of batches) {
    await append(journal, first, last)
    ends.push((ends.at(-1) ?? 0) + BLOCK_HEADER_BYTES + framesOf(first, last).length)
  }
  return { disk: disk.clone(), ends }
}

describe('recovery of a file journal', () => {
  it('gives a clean prefix when the tail is cut at any byte, and goes on from there', async () => {
    const { disk, ends } = await killed([1, 2], [3, 5], [6, 9])
    const content = disk.content(FIRST).slice(0, ends[2])
    const lastAt = [2, 5, 9]
    let checked = 0
    for (let cut = 0; cut <= content.length; cut++) {
      for (const rest of ['cut', 'zeros', 'garbage'] as const) {
        const damaged = rest === 'cut' ? content.slice(0, cut) : new Uint8Array(4096).fill(rest === 'zeros' ? 0 : 0xa5)
        damaged.set(content.subarray(0, cut))
        const copy = disk.clone()
        copy.overwrite(FIRST, damaged)
        const whole = ends.findLastIndex((end) => end <= cut)
        const expected = whole < 0 ? 0 : lastAt[whole]!
        const journal = await open(copy)
        expect(await readSequences(journal), `${rest} at ${cut}`).to.deep.equal(range(1, expected))
        await append(journal, expected + 1)
        await journal.close()
        expect(await readSequences(await open(copy)), `${rest} at ${cut}, appended`).to.deep.equal(range(1, expected + 1))
        checked++
      }
    }
    expect(checked).to.be.greaterThan(1000)
  })

  it('refuses a flipped bit at any byte before the last block, naming file, offset and sequence', async () => {
    const { disk, ends } = await killed([1, 2], [3, 5], [6, 9])
    for (let at = 0; at < ends[1]!; at++) {
      const error = await rejection(open(flipped(disk, FIRST, at, at % 8)))
      expect(error, `byte ${at}`).to.be.instanceOf(JournalCorruptError)
      const block = at < ends[0]! ? 0 : ends[0]!
      expect(error, `byte ${at}`).to.include({ file: FIRST, offset: block, sequence: block === 0 ? 0 : 2 })
      expect(error.message).to.contain(FIRST).and.contain(`byte ${block}`)
    }
  })

  it('refuses a flipped bit in the last command once the journal was closed in order', async () => {
    const disk = new SimulatedDisk()
    const journal = await open(disk)
    await append(journal, 1, 4)
    const end = disk.content(FIRST).findLastIndex((byte) => byte !== 0) + 1
    await journal.close()
    for (let at = 0; at < end; at++) expect(await rejection(open(flipped(disk, FIRST, at, 3)))).to.be.instanceOf(JournalCorruptError)
  })

  it('takes damage to the last block of a killed process for an unfinished write, and says so', async () => {
    const { disk, ends } = await killed([1, 2], [3, 5])
    const told: string[] = []
    const journal = await open(flipped(disk, FIRST, ends[0]! + 60, 0), (file, offset) => told.push(`${file}@${offset}`))
    expect(await readSequences(journal)).to.deep.equal([1, 2])
    expect(told).to.deep.equal([`${FIRST}@${ends[0]}`])
  })

  it('never drops what stands behind damage, even when the last block is unfinished too', async () => {
    const { disk, ends } = await killed([1, 2], [3, 5], [6, 9])
    const content = disk.content(FIRST).slice(0, ends[2]! - 8)
    content[ends[0]! + 60]! ^= 1
    disk.overwrite(FIRST, content)
    expect(await rejection(open(disk))).to.be.instanceOf(JournalCorruptError).and.include({ offset: ends[0] })
  })

  it('refuses when a block in the middle was wiped to zeros', async () => {
    const { disk, ends } = await killed([1, 2], [3, 5], [6, 9])
    const content = disk.content(FIRST).slice()
    content.fill(0, ends[0]!, ends[1]!)
    disk.overwrite(FIRST, content)
    expect(await rejection(open(disk))).to.be.instanceOf(JournalCorruptError).and.include({ offset: ends[0], sequence: 2 })
  })

  describe('with several segments', () => {
    let disk: SimulatedDisk
    let names: string[]
    beforeEach(async () => {
      disk = new SimulatedDisk()
      const journal = await open(disk)
      for (let sequence = 1; sequence <= 400; sequence++) await append(journal, sequence)
      await journal.close()
      names = (await disk.list('/data')).sort().map((name) => `/data/${name}`)
      expect(names.length).to.be.greaterThan(4)
    })

    it('refuses a flipped bit anywhere in any segment but the last', async () => {
      const random = seededRandom(7)
      for (const name of names.slice(0, -2)) {
        for (let round = 0; round < 20; round++) {
          const at = Math.floor(random() * disk.content(name).findLastIndex((byte) => byte !== 0))
          expect(await rejection(open(flipped(disk, name, at, Math.floor(random() * 8)))), `${name} ${at}`).to.be.instanceOf(JournalCorruptError).and.include({ file: name })
        }
      }
    })

    it('refuses when a segment is missing, empty, cut or exchanged', async () => {
      const missing = disk.clone()
      await missing.remove(names[1]!)
      expect(await rejection(open(missing))).to.be.instanceOf(JournalCorruptError).and.include({ file: names[1] })

      const first = disk.clone()
      await first.remove(names[0]!)
      expect(await rejection(open(first))).to.be.instanceOf(JournalCorruptError).and.include({ file: names[0], sequence: 0 })

      for (const content of [new Uint8Array(), disk.content(names[1]!).slice(0, 1000), disk.content(names[0]!), disk.content(names[2]!)]) {
        const copy = disk.clone()
        copy.overwrite(names[1]!, content)
        expect(await rejection(open(copy))).to.be.instanceOf(JournalCorruptError)
      }
    })

    it('removes files that were allocated ahead and never used', async () => {
      disk.overwrite(`/data/${String(names.length + 1).padStart(8, '0')}.journal`, new Uint8Array(8192))
      const journal = await open(disk)
      expect(await readSequences(journal)).to.deep.equal(range(1, 400))
      expect((await disk.list('/data')).length).to.be.at.most(names.length)
    })
  })

  it('refuses a journal that a newer version has written', async () => {
    const { disk } = await killed([1, 2])
    const content = disk.content(FIRST).slice()
    const { crc32 } = await import('node:zlib')
    content[4] = 9
    new DataView(content.buffer).setUint32(44, crc32(content.subarray(0, 44)), true)
    disk.overwrite(FIRST, content)
    expect((await rejection(open(disk))).message).to.contain('format 9')
  })

  it('loses nothing acknowledged when it is killed or loses power at any operation', async () => {
    const seed = Number(process.env.BOURSE_TEST_SEED ?? Date.now() % 1_000_000)
    const random = seededRandom(seed + 1)
    const crashes = 250 * Number(process.env.BOURSE_TEST_SCALE ?? 1)
    for (let round = 0; round < crashes; round++) {
      try {
        await crashRound(random)
      } catch (error) {
        throw new Error(`seed ${seed}, round ${round}: ${String(error)}`, { cause: error })
      }
    }
    console.log(`      ${crashes} journals, five lives each, seed ${seed}, nothing lost`)
  }).timeout(20_000 * Number(process.env.BOURSE_TEST_SCALE ?? 1))
})

/** Runs one journal through five lives, each ending with a kill or a power cut at a random operation. */
async function crashRound(random: () => number): Promise<void> {
  let disk = new SimulatedDisk()
  await disk.makeDirectory('/data')
  let acknowledged = 0
  for (let life = 0; life < 5; life++) {
    const last = Math.floor(random() * 60)
    disk.fault = (_operation, count) => (count > last ? { kind: 'kill' } : undefined)
    acknowledged = await appendUntilKilled(disk, acknowledged, random)
    disk = random() < 0.3 ? disk.afterKill() : disk.afterPowerCut(random)
    const copy = disk.clone()
    const recovered = await readSequences(await open(copy))
    if (recovered.length < acknowledged) throw new Error(`acknowledged ${acknowledged}, recovered ${recovered.length}`)
    expect(recovered).to.deep.equal(range(1, recovered.length))
  }
}

/** The highest acknowledged sequence. Appends go out several at a time, as the writer sends them. */
async function appendUntilKilled(disk: SimulatedDisk, acknowledgedBefore: number, random: () => number): Promise<number> {
  let acknowledged = acknowledgedBefore
  try {
    const journal = await open(disk)
    let next = journal.lastSequence + 1
    for (;;) {
      const group: Promise<void>[] = []
      for (let count = 1 + Math.floor(random() * 4); count > 0; count--) {
        const last = next + Math.floor(random() * 10)
        group.push(append(journal, next, last).then(() => void (acknowledged = Math.max(acknowledged, last))))
        next = last + 1
      }
      const failed = (await Promise.allSettled(group)).find((result) => result.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    }
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    if (!(cause instanceof KilledError)) throw error
  }
  return acknowledged
}

function flipped(disk: SimulatedDisk, path: string, at: number, bit: number): SimulatedDisk {
  const copy = disk.clone()
  const content = copy.content(path).slice()
  content[at]! ^= 1 << bit
  copy.overwrite(path, content)
  return copy
}
