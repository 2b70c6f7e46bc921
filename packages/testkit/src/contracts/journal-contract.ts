/** The suite that every implementation of `Journal` passes. */
import { expect } from 'chai'
import { FrameBuffer } from '@bourse/core'
import type { Journal } from '@bourse/plugin'
import { rejection, withTemporaryFolder } from './temporary-folder.js'

/** Opens the journal that is kept under a folder, an empty one at first; the suite closes it and opens it again. */
export type OpenJournal = (dataDir: string) => Promise<Journal>

/**
 * Declares the tests; call it in a mocha test file.
 *
 * @example journalContract('file journal', (dataDir) => openFileJournal({ dataDir }))
 */
export function journalContract(name: string, open: OpenJournal): void {
  describe(`${name}: journal contract`, () => {
    const check = (test: (journal: Journal, dataDir: string) => Promise<void>) => () =>
      withTemporaryFolder(async (dataDir) => {
        const journal = await open(dataDir)
        try {
          await test(journal, dataDir)
        } finally {
          await journal.close().catch(() => undefined)
        }
      })

    declareReading(check)
    declareReopening(check, open)
    declareRefusals(check)
  })
}

type Check = (test: (journal: Journal, dataDir: string) => Promise<void>) => () => Promise<void>

function declareReading(check: Check): void {
  it('is empty at first', check(async (journal) => {
    expect(journal.lastSequence).to.equal(0)
    expect(await readAll(journal, 1)).to.deep.equal({ frames: [], sequences: [] })
  }))

  it('reads back what was appended, byte for byte and without a gap', check(async (journal) => {
    const written = [framesOf(1, 3), framesOf(4, 4), framesOf(5, 20)]
    await journal.append(written[0]!, 1, 3)
    expect(journal.lastSequence).to.equal(3)
    await journal.append(written[1]!, 4, 4)
    await journal.append(written[2]!, 5, 20)
    expect(journal.lastSequence).to.equal(20)
    const read = await readAll(journal, 1)
    expect(Buffer.concat(read.frames).equals(Buffer.concat(written))).to.equal(true)
    expect(read.sequences).to.deep.equal(range(1, 20))
  }))

  it('keeps the order of appends that are under way together, and settles them in order', check(async (journal) => {
    const settled: number[] = []
    const appends = range(1, 200).map((sequence) => journal.append(framesOf(sequence, sequence), sequence, sequence).then(() => settled.push(sequence)))
    await Promise.all(appends)
    expect(settled).to.deep.equal(range(1, 200))
    expect((await readAll(journal, 1)).sequences).to.deep.equal(range(1, 200))
  }))

  it('starts reading at the batch that holds the wanted sequence', check(async (journal) => {
    for (let first = 1; first < 100; first += 10) await journal.append(framesOf(first, first + 9), first, first + 9)
    for (const from of [1, 2, 55, 61, 100]) {
      const { sequences } = await readAll(journal, from)
      expect(sequences[0], `reading from ${from}`).to.be.at.most(from)
      expect(sequences, `reading from ${from}`).to.deep.equal(range(sequences[0]!, 100))
      expect(sequences).to.include(from)
    }
    expect((await readAll(journal, 101)).sequences).to.deep.equal([])
  }))

  it('carries a batch of several megabytes', check(async (journal) => {
    const frames = framesOf(1, 60_000)
    await journal.append(frames, 1, 60_000)
    const read = await readAll(journal, 1)
    expect(Buffer.concat(read.frames).equals(frames)).to.equal(true)
  }))

  it('reads a prefix without a gap while appends go on', check(async (journal) => {
    await journal.append(framesOf(1, 50), 1, 50)
    const appends = Promise.all(range(51, 150).map((sequence) => journal.append(framesOf(sequence, sequence), sequence, sequence)))
    const { sequences } = await readAll(journal, 1)
    expect(sequences.length).to.be.at.least(50)
    expect(sequences).to.deep.equal(range(1, sequences.length))
    await appends
  }))
}

function declareReopening(check: Check, open: OpenJournal): void {
  it('holds everything when opened again, and goes on from there', check(async (journal, dataDir) => {
    await journal.append(framesOf(1, 7), 1, 7)
    await journal.append(framesOf(8, 9), 8, 9)
    await journal.close()
    const again = await open(dataDir)
    try {
      expect(again.lastSequence).to.equal(9)
      await again.append(framesOf(10, 12), 10, 12)
      const read = await readAll(again, 1)
      expect(read.sequences).to.deep.equal(range(1, 12))
      expect(Buffer.concat(read.frames).equals(Buffer.concat([framesOf(1, 7), framesOf(8, 9), framesOf(10, 12)]))).to.equal(true)
    } finally {
      await again.close()
    }
  }))

  it('makes appends durable that were under way when it was closed', check(async (journal, dataDir) => {
    const appends = Promise.all(range(1, 30).map((sequence) => journal.append(framesOf(sequence, sequence), sequence, sequence)))
    await journal.close()
    await appends
    const again = await open(dataDir)
    try {
      expect(again.lastSequence).to.equal(30)
    } finally {
      await again.close()
    }
  }))
}

function declareRefusals(check: Check): void {
  for (const [what, first, last] of [['leaves a gap', 5, 6], ['repeats a sequence', 3, 4]] as const) {
    it(`refuses an append that ${what}, and writes nothing of it`, check(async (journal) => {
      await journal.append(framesOf(1, 3), 1, 3)
      await rejection(attempt(() => journal.append(framesOf(first, last), first, last)))
      expect(journal.lastSequence).to.equal(3)
      expect((await readAll(journal, 1)).sequences).to.deep.equal([1, 2, 3])
    }))
  }

  it('refuses appends after it was closed', check(async (journal) => {
    await journal.append(framesOf(1, 1), 1, 1)
    await journal.close()
    await rejection(attempt(() => journal.append(framesOf(2, 2), 2, 2)))
  }))
}

/** Turns a throw into a rejection: both refuse. */
async function attempt(action: () => Promise<void>): Promise<void> {
  await action()
}

/** Command frames of different sizes whose content follows from their sequence. */
function framesOf(first: number, last: number): Buffer {
  const frames = new FrameBuffer(4096)
  for (let sequence = first; sequence <= last; sequence++) {
    const offset = frames.append(40 + 8 * (sequence % 12), 5)
    frames.stamp(offset, sequence, 1_700_000_000_000_000 + sequence * 7)
    frames.f64[(offset + 32) >> 3] = sequence * 1.5
  }
  return Buffer.from(frames.used())
}

async function readAll(journal: Journal, fromSequence: number): Promise<{ frames: Uint8Array[]; sequences: number[] }> {
  const frames: Uint8Array[] = []
  const sequences: number[] = []
  for await (const batch of journal.read(fromSequence)) {
    frames.push(Uint8Array.from(batch.frames))
    const buffer = FrameBuffer.from(batch.frames)
    const inBatch: number[] = []
    for (let offset = 0; offset < buffer.length; offset += buffer.size(offset)) inBatch.push(buffer.sequence(offset))
    expect([batch.firstSequence, batch.lastSequence], 'the batch names the sequences of its frames').to.deep.equal([inBatch[0], inBatch.at(-1)])
    for (const sequence of inBatch) sequences.push(sequence)
  }
  return { frames, sequences }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}
