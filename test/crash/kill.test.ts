/** Kills a trading process at random moments and checks that everything it acknowledged is there. */
import { expect } from 'chai'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createEngine, FrameBuffer, MarketData } from '@bourse/core'
import { createExchange, type Exchange } from '@bourse/exchange'
import { DirectoryLockedError, openFileStorage } from '@bourse/journal-file'
import { expectZeroSums } from '@bourse/testkit'
import { EMPTY_DIGEST, FileProjection, foldDigest, type Digest } from './file-projection.js'

const PROCESS = fileURLToPath(new URL('./trading-process.ts', import.meta.url))
const ROUNDS = 8 * Number(process.env.BOURSE_TEST_SCALE ?? 1)

interface Acknowledged {
  highest: number
  /** Sequence of every acknowledged order, by its client order id. */
  readonly orders: Map<string, number>
}

describe('an exchange that is killed', () => {
  let directory: string
  let copy: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bourse-kill-'))
    copy = `${directory}-copy`
  })
  afterEach(async () => {
    for (const path of [directory, copy]) await rm(path, { recursive: true, force: true })
  })

  it(`has every acknowledged order after each of ${ROUNDS} kills under load`, async () => {
    const acknowledged: Acknowledged = { highest: 0, orders: new Map() }
    const seed = Math.floor(Math.random() * 1_000_000) + 1
    for (let round = 0; round < ROUNDS; round++) {
      const wanted = Math.floor(Math.random() * 1500)
      try {
        await tradeUntilKilled(directory, { seed: seed + round, lines: wanted, acknowledged, whileRunning: round === 0 ? expectLocked : undefined })
        await cp(directory, copy, { recursive: true, filter: (path) => !/lock\.\d+\.[0-9a-f]+$/.test(path) })
        await checkCopy(copy, acknowledged)
        await rm(copy, { recursive: true })
      } catch (error) {
        throw new Error(`seed ${seed}, round ${round}, killed after ${wanted} acknowledgements: ${String(error)}`, { cause: error })
      }
    }
    console.log(`      ${ROUNDS} kills, ${acknowledged.orders.size} acknowledged orders, ${acknowledged.highest} commands, none lost`)
  }).timeout(Math.max(180_000, ROUNDS * 9_000))
})

interface TradeOptions {
  readonly seed: number
  /** Acknowledgements after which the process is killed; more may arrive. */
  readonly lines: number
  readonly acknowledged: Acknowledged
  readonly whileRunning: ((directory: string, pid: number) => Promise<void>) | undefined
}

async function tradeUntilKilled(directory: string, { seed, lines, acknowledged, whileRunning }: TradeOptions): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=bourse-source', '--import=tsx', PROCESS, directory, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  let seen = 0
  for await (const line of createInterface({ input: child.stdout! })) {
    const [what, sequence, clientOrderId] = line.split(' ') as [string, string, string | undefined]
    if (what === 'ready') {
      expect(Number(sequence), 'sequence after the restart').to.be.at.least(acknowledged.highest)
      await whileRunning?.(directory, child.pid!)
      continue
    }
    acknowledged.highest = Math.max(acknowledged.highest, Number(sequence))
    if (clientOrderId !== undefined) acknowledged.orders.set(clientOrderId, Number(sequence))
    if (seen++ === lines) kill(child)
  }
  const [, signal] = (await exited) as [number | null, string | null]
  expect(signal, 'how the process ended').to.equal('SIGKILL')
}

function kill(child: ChildProcess): void {
  child.kill('SIGKILL')
}

async function expectLocked(directory: string, pid: number): Promise<void> {
  const refusal = await openFileStorage(directory).catch((error: unknown) => error)
  expect(refusal).to.be.instanceOf(DirectoryLockedError).and.include({ pid })
}

/** Opens what the killed process has left and compares it with a fold of the journal from its first command. */
async function checkCopy(directory: string, acknowledged: Acknowledged): Promise<void> {
  const storage = await openFileStorage(directory)
  const projection = new FileProjection(directory)
  const exchange = await createExchange({ ...storage, projections: [projection] })
  expect(exchange.sequence).to.be.at.least(acknowledged.highest)
  expectZeroSums(exchange.engine)

  const engine = createEngine()
  const marketData = new MarketData()
  for await (const { frames } of storage.journal.read(1)) {
    const commands = FrameBuffer.from(frames)
    const events = new FrameBuffer()
    for (let offset = 0; offset < commands.length; offset += commands.size(offset)) engine.apply(commands, offset, events)
    marketData.foldAll(events)
  }
  expect(exchange.sequence).to.equal(engine.sequence)
  expect(exchange.engine.stateHash()).to.equal(engine.stateHash())
  expect(bytes(exchange.marketData)).to.equal(bytes(marketData))

  const next = await exchange.submit({ type: 'order.cancel-all', account: 'alice' })
  expect(next.sequence).to.equal(engine.sequence + 1)
  await exchange.close()

  const { orders, digest } = await readHistory(exchange)
  for (const [clientOrderId, sequence] of acknowledged.orders) {
    if (orders.get(clientOrderId) !== sequence) throw new Error(`the order ${clientOrderId} was acknowledged at sequence ${sequence} and stands at ${orders.get(clientOrderId)}`)
  }
  expect(await projection.read()).to.deep.equal(digest)
  await storage.close()
}

/** All accepted orders by client order id, and what a projection of all events must have come to. */
async function readHistory(exchange: Exchange): Promise<{ orders: Map<string, number>; digest: Digest }> {
  const orders = new Map<string, number>()
  let digest = EMPTY_DIGEST
  for await (const event of exchange.events(1)) {
    if (event.type === 'order.accepted') orders.set(event.clientOrderId, event.sequence)
    digest = foldDigest(digest, [event], exchange.sequence)
  }
  return { orders, digest }
}

function bytes(marketData: MarketData): string {
  return marketData.snapshot().map((part) => Buffer.from(part).toString('hex')).join()
}
