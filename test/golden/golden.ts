/** Journals that were recorded once and must be replayed to the same end for ever. */
import { createHash, type Hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { COMMAND_TYPES, createEngine, decodeEvents, FrameBuffer, type CommandType, type Engine, type Event } from '@bourse/core'
import { openFileJournal } from '@bourse/journal-file'
import { SimulatedDisk } from '@bourse/journal-file/testing'
import { randomStream } from '@bourse/testkit'

/** What a replay comes to. */
export interface Facts {
  readonly commands: number
  /** Of the engine's state as it is laid out in memory: may change with that layout, see docs/ARCHITECTURE.md. */
  readonly stateHash: string
  /** Of all events in words: must never change. */
  readonly events: string
  /** Of all balances and resting orders in words: must never change. */
  readonly books: string
}

export interface Golden extends Facts {
  /** Name of the file beside this one, without its ending. */
  readonly name: string
}

const FOLDER = fileURLToPath(new URL('.', import.meta.url))
const SEGMENT = '/journal/00000001.journal'

export function goldenPath(name: string): string {
  return `${FOLDER}${name}`
}

export function readManifest(): Golden[] {
  return JSON.parse(readFileSync(goldenPath('manifest.json'), 'utf8')) as Golden[]
}

/** The bytes of a journal file that holds a random stream and was closed in order. */
export async function recordJournal(seed: number, commands: number): Promise<Uint8Array> {
  const { frames } = randomStream({ seed, commands })
  const disk = new SimulatedDisk()
  // One file holds all of it.
  const firstSegmentBytes = frames.length * 2 + 4096
  const journal = await openFileJournal('/journal', { files: disk, firstSegmentBytes, maxSegmentBytes: firstSegmentBytes })
  let sequence = 0
  for (let offset = 0; offset < frames.length; ) {
    const first = sequence + 1
    const from = offset
    for (let count = 0; count < 100 && offset < frames.length; count++, sequence++) offset += frames.size(offset)
    await journal.append(frames.bytes.slice(from, offset), first, sequence)
  }
  await journal.close()
  const content = disk.content(SEGMENT)
  return content.slice(0, content.findLastIndex((byte) => byte !== 0) + 1)
}

/** Replays a journal file with the production reader; says also which commands it holds. */
export async function replayJournal(bytes: Uint8Array): Promise<Facts & { readonly types: ReadonlySet<CommandType> }> {
  const disk = new SimulatedDisk()
  await disk.makeDirectory('/journal')
  disk.overwrite(SEGMENT, bytes)
  const journal = await openFileJournal('/journal', { files: disk, firstSegmentBytes: bytes.length, maxSegmentBytes: bytes.length })
  const engine = createEngine()
  const events = createHash('sha256')
  const types = new Set<CommandType>()
  const out = new FrameBuffer()
  for await (const { frames } of journal.read(1)) {
    const commands = FrameBuffer.from(frames)
    for (let offset = 0; offset < commands.length; offset += commands.size(offset)) {
      const type = COMMAND_TYPES[commands.type(offset)]
      if (type !== undefined && type !== 'none') types.add(type)
      out.clear()
      engine.apply(commands, offset, out)
      for (const event of decodeEvents(out)) addEvent(events, event)
    }
  }
  return { commands: engine.sequence, stateHash: engine.stateHash(), events: events.digest('hex'), books: booksOf(engine), types }
}

/** Types of commands that a recording lacks. */
export function missingTypes(types: ReadonlySet<CommandType>): CommandType[] {
  return COMMAND_TYPES.filter((type) => type !== 'none').filter((type) => !types.has(type))
}

/** Fields in the order of their names, so that only their content counts; what is absent does not. */
function addEvent(hash: Hash, event: Event): void {
  hash.update(JSON.stringify(event, inOrder)).update('\n')
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function booksOf(engine: Engine): string {
  const hash = createHash('sha256')
  for (let account = 0; engine.catalog.accountName(account) !== undefined; account++) {
    for (const { id, code } of engine.catalog.assets()) {
      const { available, held } = engine.balance(account, id)
      if (available !== 0n || held !== 0n) hash.update(`${engine.catalog.accountName(account)} ${code} ${available} ${held}\n`)
    }
    for (const { orderId, market, side, price, leavesQuantity } of engine.openOrders(account)) hash.update(`${orderId} ${account} ${market} ${side} ${price} ${leavesQuantity}\n`)
  }
  return hash.digest('hex')
}
