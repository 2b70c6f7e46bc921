/** `projection`: how fast the history follows the engine into SQL: orders, fills, trades, ledger entries and candles of the reference workload. */
import { createEngine, decodeEvent, execute, FrameBuffer, type Catalog, type Engine } from '@bourse/core'
import { secondsSince, summary } from '../measure.js'
import type { Stage } from '../stage.js'
import { referenceStream, type CommandStream } from '../streams/command-stream.js'
import { referenceWorkload } from '../streams/reference-workload.js'
import { openPostgresStore, openSqliteStore, type BenchStore } from './databases.js'

const OPERATIONS = 100_000
const WARM_UPS = 1
/** Event bytes of one transaction, as the exchange gathers them when it is busy. */
const BYTES_PER_TRANSACTION = 256 * 1024
const TABLES = ['orders', 'fills', 'trades', 'ledger_entries', 'candles']

/** What one transaction is given. */
interface Part {
  readonly frames: FrameBuffer
  readonly lastSequence: number
}

interface Prepared {
  readonly catalog: Catalog
  readonly funding: readonly Part[]
  readonly trading: readonly Part[]
}

export const projection: Stage = {
  name: 'projection',
  about: 'rows of the history that are written from event frames, committed in SQL; SQLite, and PostgreSQL in the details',
  async measure({ runs, share }) {
    const prepared = eventsOf(referenceStream(referenceWorkload(Math.ceil(OPERATIONS * share))))
    const sqlite = await measureStore(await openSqliteStore(), prepared, runs)
    const other = await openPostgresStore()
    if (other === undefined) return summary('rows/s', sqlite.rates)
    const postgres = summary('rows/s', (await measureStore(other, prepared, runs)).rates)
    return { ...summary('rows/s', sqlite.rates), details: { rows: sqlite.rows, postgresRowsPerSecond: postgres.median, postgresMin: postgres.min, postgresMax: postgres.max } }
  },
}

async function measureStore(bench: BenchStore, { catalog, funding, trading }: Prepared, runs: number): Promise<{ rates: number[]; rows: number }> {
  try {
    const rates: number[] = []
    let rows = 0
    for (let run = -WARM_UPS; run < runs; run++) {
      await bench.store.projection.reset()
      for (const part of funding) await apply(bench, part, catalog)
      const before = await countRows(bench)
      const start = process.hrtime.bigint()
      for (const part of trading) await apply(bench, part, catalog)
      const seconds = secondsSince(start)
      rows = (await countRows(bench)) - before
      if (run >= 0) rates.push(rows / seconds)
    }
    return { rates, rows }
  } finally {
    await bench.end()
  }
}

function apply({ store }: BenchStore, { frames, lastSequence }: Part, catalog: Catalog): Promise<void> {
  const events = []
  for (let offset = 0; offset < frames.length; offset += frames.size(offset)) events.push(decodeEvent(frames, offset))
  return store.projection.apply(events, lastSequence, catalog)
}

async function countRows({ store }: BenchStore): Promise<number> {
  let sum = 0
  for (const table of TABLES) {
    const [row] = await store.knex(table).count({ rows: '*' })
    sum += Number(row?.['rows'] ?? 0)
  }
  return sum
}

function eventsOf(stream: CommandStream): Prepared {
  const engine = createEngine()
  for (const command of stream.definitions) {
    const done = execute(engine, command, 0)
    if (!done.ok) throw new Error(`${command.type} was refused: ${done.reject.code}.`)
  }
  return { funding: partsOf(engine, stream.funding()), trading: partsOf(engine, stream.batches), catalog: engine.catalog }
}

function partsOf(engine: Engine, batches: Iterable<FrameBuffer>): Part[] {
  const parts: Part[] = []
  let frames = new FrameBuffer(BYTES_PER_TRANSACTION * 2)
  const end = (): void => {
    if (frames.length > 0) parts.push({ frames, lastSequence: engine.sequence })
    frames = new FrameBuffer(BYTES_PER_TRANSACTION * 2)
  }
  for (const batch of batches) {
    for (let offset = 0; offset < batch.length; offset += batch.size(offset)) {
      batch.stamp(offset, engine.sequence + 1, engine.sequence + 1)
      engine.apply(batch, offset, frames)
      if (frames.length >= BYTES_PER_TRANSACTION) end()
    }
  }
  end()
  return parts
}
