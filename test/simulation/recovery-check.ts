/** What must hold whenever the process has started, whatever happened before. */
import type { MarketData } from '@bourse/core'
import type { Exchange } from '@bourse/exchange'
import { openFileStorage, openSnapshotFiles } from '@bourse/journal-file'
import type { SimulatedDisk } from '@bourse/journal-file/testing'
import { JournalArchivedError, JournalCorruptError, type Journal } from '@bourse/plugin'
import { expectZeroSums, type SeededRandom } from '@bourse/testkit'
import { walkBlocks } from './block-walk.js'
import { digestOf } from './model.js'
import { DATA, JOURNAL, SNAPSHOTS, type Run } from './run.js'

export interface OpenedJournal {
  readonly run: Run
  readonly journal: Journal
  /** Where the journal ends, according to the plain reader of blocks. */
  readonly walkedEnd: number
  /** Draws which of the slower checks are made this time. */
  readonly random: SeededRandom
}

/**
 * Checks what the journal holds before an exchange is opened on it, and lets the model take what turned out to have happened.
 *
 * @throws Error saying what does not hold.
 */
export async function checkJournal({ run, journal, walkedEnd, random }: OpenedJournal): Promise<void> {
  const { model } = run
  const end = journal.lastSequence
  if (end < model.engine.sequence) throw new Error(`sequence ${model.engine.sequence} was acknowledged, but the journal ends at ${end}`)
  if (end !== walkedEnd) throw new Error(`the journal holds whole commands up to sequence ${walkedEnd}, but it was opened with ${end}`)
  if (end > run.appended.length) throw new Error(`the journal ends at ${end}, but only ${run.appended.length} commands were written`)
  await expectWritten(run, journal, random)
  for (let sequence = model.engine.sequence + 1; sequence <= end; sequence++) model.apply(run.appended[sequence - 1]!)
  run.appended.length = end
  run.resend.unshift(...model.forgetPending())
  if (!model.agreesWithTwin()) throw new Error(`at sequence ${end} the naive twin of the engine has another state`)
}

/** Checks an exchange that has just been opened, before its writer has its first turn. */
export function checkState(run: Run, exchange: Exchange, random: SeededRandom): void {
  const { model, history } = run
  const end = model.engine.sequence
  if (exchange.sequence !== end || exchange.engine.sequence !== end) throw new Error(`the journal ends at ${end}, the exchange stands at ${exchange.sequence} and its engine at ${exchange.engine.sequence}`)
  expectSameState(run, exchange, 'after the start')
  expectZeroSums(exchange.engine)
  if (history.cursor !== end || history.digest !== model.digests[end]) throw new Error(`the history stands at ${history.cursor} of ${end}, or holds other events`)
  if (random.onceIn(4) && bytesOf(exchange.marketData) !== bytesOf(model.marketData)) throw new Error(`at sequence ${end} market data differs from a fold of all events`)
}

/** What the exchange shows is what the commands that are known to have happened come to. */
export function expectSameState({ model }: Run, exchange: Exchange, when: string): void {
  const [actual, expected] = [exchange.engine.stateHash(), model.engine.stateHash()]
  if (actual !== expected) throw new Error(`${when} the state at sequence ${exchange.engine.sequence} is ${actual}; a replay in a plain engine comes to ${expected} at ${model.engine.sequence}`)
}

/** Reads the journal, mostly from a place near its end, and compares every byte with what the writer appended. */
async function expectWritten(run: Run, journal: Journal, random: SeededRandom): Promise<void> {
  const whole = run.appended.length < 2000 || random.onceIn(10)
  const { firstSequence: oldest = 1 } = journal
  const from = whole ? oldest : Math.max(oldest, run.model.engine.sequence - random.below(1000))
  let sequence: number | undefined
  for await (const { firstSequence, lastSequence, frames } of journal.read(from)) {
    if (sequence === undefined ? firstSequence > from : firstSequence !== sequence + 1) throw new Error(`reading from ${from}, a batch from ${firstSequence} follows ${sequence}`)
    const expected = Buffer.concat(run.appended.slice(firstSequence - 1, lastSequence))
    if (!expected.equals(frames)) throw new Error(`the commands ${firstSequence} to ${lastSequence} in the journal are not those that were written`)
    sequence = lastSequence
  }
  if ((sequence ?? 0) !== journal.lastSequence && from <= journal.lastSequence) throw new Error(`the journal ends at ${journal.lastSequence}, but reading stopped at ${sequence}`)
}

/** The stream of events from some sequence on is what the model's events come to. */
export async function checkEvents({ run: { model }, exchange, journal, random }: Omit<OpenedJournal, 'walkedEnd'> & { readonly exchange: Exchange }): Promise<void> {
  const end = model.engine.sequence
  if (end === 0) return
  const from = random.between(1, end)
  let digest = model.digests[from - 1]!
  const last = lastWithEvents(model.digests, end)
  if (last < from) return
  let reached = 0
  try {
    for await (const event of exchange.events(from)) {
      digest = digestOf(digest, [event])
      reached = event.sequence
      if (digest === model.digests[last] || reached > last) break
    }
  } catch (error) {
    // What was archived cannot be made again, and is not expected to be.
    if (error instanceof JournalArchivedError && (journal.firstSequence ?? 1) > 1) return
    throw error
  }
  if (reached !== last || digest !== model.digests[last]) throw new Error(`the events from sequence ${from} to ${last} are not those of a replay`)
}

/** The last sequence up to a bound whose command had events at all. */
function lastWithEvents(digests: readonly string[], end: number): number {
  let last = end
  while (last > 0 && digests[last] === digests[last - 1]) last--
  return last
}

function bytesOf(marketData: MarketData): string {
  return marketData.snapshot().map((part) => Buffer.from(part).toString('hex')).join()
}

/** Flips one bit before the tail of a copy of the journal: opening it must refuse, and name the place. */
export async function expectFlipNoticed(run: Run, disk: SimulatedDisk, random: SeededRandom): Promise<void> {
  const copy = disk.clone()
  const blocks = (await walkBlocks(copy, JOURNAL)).slice(0, -1)
  if (blocks.length === 0) return
  const block = random.pick(blocks)
  const at = block.offset + random.below(block.length)
  flipBit(copy, block.path, at, random.below(8))
  run.counts.bitFlips++
  const { firstSegmentBytes, maxSegmentBytes } = run.sizes
  const options = { files: copy, firstSegmentBytes, maxSegmentBytes }
  // A start does not look at what a snapshot covers; a full check looks at everything.
  const error = await openFileStorage(DATA, options).then(() => openFileStorage(DATA, { ...options, checkAll: true })).then(() => undefined, (reason: unknown) => reason)
  const place = `a flipped bit in byte ${at} of ${block.path}`
  if (!(error instanceof JournalCorruptError)) throw new Error(`${place} was not noticed: ${String(error)}`)
  if (error.file !== block.path || error.offset !== block.offset) throw new Error(`${place} was reported at byte ${error.offset} of ${error.file}, its block starts at ${block.offset}`)
}

/** Flips one bit of the newest snapshot, where there is another whole one; tells whether it did. */
export async function rotSnapshot(disk: SimulatedDisk, random: SeededRandom): Promise<boolean> {
  const newest = (await disk.list(SNAPSHOTS)).filter((name) => name.endsWith('.snapshot')).sort().at(-1)
  if (newest === undefined) return false
  // An exchange that has put its old journal away stands damage to one snapshot, not to all of them.
  const copy = disk.clone()
  const snapshots = await openSnapshotFiles(SNAPSHOTS, { files: copy, keep: 2 })
  if ((await copy.list(JOURNAL)).includes('beginning.json') && (await snapshots.oldestSequence()) === 0) return false
  const path = `${SNAPSHOTS}/${newest}`
  const length = disk.content(path).length
  if (length === 0) return false
  flipBit(disk, path, random.below(length), random.below(8))
  return true
}

function flipBit(disk: SimulatedDisk, path: string, at: number, bit: number): void {
  const content = disk.content(path).slice()
  content[at]! ^= 1 << bit
  disk.overwrite(path, content)
}
