/** Journals of whole exchanges, cut at any byte of their tail or damaged anywhere before it. */
import { expect } from 'chai'
import { createEngine, FrameBuffer } from '@bourse/core'
import { createExchange, JournalBehindError } from '@bourse/exchange'
import { openFileStorage } from '@bourse/journal-file'
import type { SimulatedDisk } from '@bourse/journal-file/testing'
import { JournalCorruptError } from '@bourse/plugin'
import { SeededRandom, TWIN_LIMITS } from '@bourse/testkit'
import { walkBlocks, type WalkedBlock } from '../simulation/block-walk.js'
import { stream } from '../simulation/faults.js'
import { DATA, JOURNAL, SNAPSHOTS, type Run } from '../simulation/run.js'
import { simulateRun } from '../simulation/simulation.js'
import { newSeed, SCALE, withSeed } from './seeds.js'

interface Recording {
  readonly run: Run
  /** The disk of a process that was killed while it traded: no seal at the end. */
  readonly disk: SimulatedDisk
  readonly blocks: readonly WalkedBlock[]
  /** State by sequence, for every sequence at which a block ends, and 0. */
  readonly hashes: ReadonlyMap<number, string>
}

/** Trades a while and keeps the disk as it is in the middle of it. */
async function record(seed: number): Promise<Recording> {
  let disk: SimulatedDisk | undefined
  const run = await simulateRun({
    seed,
    commands: 400,
    faults: [],
    script: (life) => {
      if (life.run.sent > 300) disk ??= life.run.disk.clone()
    },
  })
  if (disk === undefined) throw new Error('the run has sent nothing')
  const blocks = await walkBlocks(disk, JOURNAL)
  return { run, disk, blocks, hashes: hashesAt(run, new Set(blocks.map(({ lastSequence }) => lastSequence))) }
}

function hashesAt(run: Run, sequences: ReadonlySet<number>): Map<number, string> {
  const engine = createEngine(TWIN_LIMITS)
  const hashes = new Map([[0, engine.stateHash()]])
  for (const frame of run.appended) {
    engine.apply(FrameBuffer.from(frame), 0, new FrameBuffer())
    if (sequences.has(engine.sequence)) hashes.set(engine.sequence, engine.stateHash())
  }
  return hashes
}

function open(disk: SimulatedDisk, { sizes }: Run, checkAll = false): ReturnType<typeof openFileStorage> {
  const { firstSegmentBytes, maxSegmentBytes } = sizes
  return openFileStorage(DATA, { files: disk, firstSegmentBytes, maxSegmentBytes, checkAll })
}

describe('A damaged journal', function () {
  this.timeout(0)

  it('is a clean prefix or refused when its tail is cut at any byte', async () => {
    const seed = newSeed()
    const { run, disk, blocks, hashes } = await record(seed)
    const { path } = blocks.at(-1)!
    const inTail = blocks.filter((block) => block.path === path)
    const end = inTail.at(-1)!.offset + inTail.at(-1)!.length
    const counts = { prefixes: 0, refusals: 0 }
    for (let cut = Math.max(0, end - 150 * SCALE); cut <= end; cut++) {
      for (const rest of ['cut', 'zeros', 'garbage'] as const) {
        await withSeed(seed, `${rest} at byte ${cut} of ${path}`, async () => {
          const copy = cutFile(disk, path, cut, rest)
          // What was zero anyway is not missing.
          const whole = (await walkBlocks(copy, JOURNAL)).at(-1)?.lastSequence ?? 0
          const outcome = await openCut(run, copy)
          if (outcome instanceof Error) {
            expect(outcome, outcome.message).to.be.instanceOf(JournalBehindError)
            counts.refusals++
          } else {
            expect(outcome).to.deep.equal({ sequence: whole, hash: hashes.get(whole) })
            counts.prefixes++
          }
        })
      }
    }
    console.log(`      seed ${seed}: ${counts.prefixes} clean prefixes, ${counts.refusals} refusals because a snapshot knew more`)
    expect(counts.prefixes).to.be.greaterThan(0)
  })

  it('is refused with file and offset for a flipped bit anywhere before the tail, and keeps what stands behind', async () => {
    const seed = newSeed()
    const { run, disk, blocks } = await record(seed)
    const random = stream(seed, 'flips')
    const flips = 300 * SCALE
    for (let flip = 0; flip < flips; flip++) {
      const block = random.pick(blocks.slice(0, -1))
      const at = block.offset + random.below(block.length)
      const copy = flipped(disk, block.path, at, random)
      const content = copy.content(block.path).slice()
      await withSeed(seed, `flip ${flip}, byte ${at} of ${block.path}`, async () => {
        const error = await open(copy, run, true).then(() => undefined, (reason: unknown) => reason)
        expect(error).to.be.instanceOf(JournalCorruptError).and.include({ file: block.path, offset: block.offset })
        expect(Buffer.compare(content, copy.content(block.path)), 'the file was changed').to.equal(0)
      })
    }
    console.log(`      seed ${seed}: ${flips} flipped bits, each refused with file and offset`)
  })

  it('needs no snapshot that is damaged: an older one, or none, gives the same state', async () => {
    const seed = newSeed()
    const { run, disk, blocks, hashes } = await record(seed)
    const random = stream(seed, 'snapshots')
    const last = blocks.at(-1)!.lastSequence
    const flips = 40 * SCALE
    let told = 0
    for (let flip = 0; flip < flips; flip++) {
      const copy = disk.clone()
      for (const name of await copy.list(SNAPSHOTS)) {
        const path = `${SNAPSHOTS}/${name}`
        if (!random.onceIn(3)) copy.overwrite(path, flipped(copy, path, random.below(copy.content(path).length), random).content(path))
      }
      const storage = await open(copy, run)
      const exchange = await createExchange({ ...storage, engines: run.engines, log: (line) => (told += line.includes('damaged') ? 1 : 0) })
      expect(exchange.sequence, `BOURSE_TEST_SEED=${seed}`).to.equal(last)
      expect(exchange.engine.stateHash(), `BOURSE_TEST_SEED=${seed}`).to.equal(hashes.get(last))
      await exchange.close()
    }
    console.log(`      seed ${seed}: ${flips} starts with damaged snapshots, ${told} told`)
  })
})

/** What opening comes to: where the exchange stands, or why it refuses. */
async function openCut(run: Run, disk: SimulatedDisk): Promise<{ sequence: number; hash: string } | Error> {
  const storage = await open(disk, run)
  try {
    const exchange = await createExchange({ ...storage, engines: run.engines })
    return { sequence: exchange.sequence, hash: exchange.engine.stateHash() }
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
}

function cutFile(disk: SimulatedDisk, path: string, cut: number, rest: 'cut' | 'zeros' | 'garbage'): SimulatedDisk {
  const copy = disk.clone()
  const content = copy.content(path)
  const damaged = rest === 'cut' ? content.slice(0, cut) : content.slice().fill(rest === 'zeros' ? 0 : 0xa5, cut)
  copy.overwrite(path, damaged)
  return copy
}

function flipped(disk: SimulatedDisk, path: string, at: number, random: SeededRandom): SimulatedDisk {
  const copy = disk.clone()
  const content = copy.content(path).slice()
  content[at]! ^= 1 << random.below(8)
  copy.overwrite(path, content)
  return copy
}
