/** Snapshots made by the process beside a trading exchange stand for the same state as the exchange's own. */
import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, FrameBuffer, writeOrderPlace, PLACE_HAS_PRICE, type Command } from '@bourse/core'
import { createExchange, type Exchange } from '@bourse/exchange'
import { openFileStorage, type Storage } from '@bourse/journal-file'

const SMALL_SEGMENTS = { firstSegmentBytes: 8 << 10, maxSegmentBytes: 32 << 10 }
const SET_UP: readonly Command[] = [
  { type: 'asset.define', code: 'BTC', scale: 8 },
  { type: 'asset.define', code: 'USDT', scale: 8 },
  {
    type: 'market.define', symbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', priceScale: 2, quantityScale: 4, state: 'open',
    tickSize: '0.01', lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '1000', maxPrice: '1000000', minNotional: '0',
    makerFee: '0.001', takerFee: '0.002', marketBandBps: 9000, allowSelfTrade: true, maxOpenOrders: 100_000,
  },
  { type: 'account.open', account: 'alice', kind: 'user' },
  { type: 'ledger.transfer', requestId: 'b', from: 'world', to: 'alice', asset: 'BTC', amount: '1000000' },
  { type: 'ledger.transfer', requestId: 'u', from: 'world', to: 'alice', asset: 'USDT', amount: '100000000' },
]

describe('the process that makes snapshots', () => {
  let directory: string
  let storage: Storage
  let exchange: Exchange
  const logged: string[] = []

  async function open(): Promise<void> {
    storage = await openFileStorage(directory, SMALL_SEGMENTS)
    exchange = await createExchange({ ...storage, snapshotEveryCommands: Infinity, log: (message) => logged.push(message) })
  }

  async function close(): Promise<void> {
    await exchange.close()
    await storage.close()
  }

  async function trade(orders: number): Promise<void> {
    const batches: Promise<unknown>[] = []
    for (let at = 0; at < orders; ) {
      const frames = new FrameBuffer()
      for (const end = Math.min(orders, at + 100); at < end; at++) {
        const price = BigInt(10_000 + ((at * 7919) % 200))
        writeOrderPlace(frames, { account: 2, market: 0, side: at & 1, orderType: 0, timeInForce: 0, selfTradePrevention: 4, flags: PLACE_HAS_PRICE, price, quantity: BigInt(1 + (at % 50)), clientOrderId: `${exchange.engine.sequence}-${at}` })
      }
      batches.push(exchange.submitFrames(frames))
    }
    await Promise.all(batches)
  }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bourse-snapshot-'))
    logged.length = 0
    await open()
    for (const command of SET_UP) expect(await exchange.submit(command)).to.include({ ok: true })
  })
  afterEach(async () => {
    await close()
    await rm(directory, { recursive: true, force: true })
  })

  it('follows the journal over many segments and writes what the exchange itself would write', async () => {
    await trade(500)
    await exchange.snapshot()
    await trade(3000)
    const traded = trade(500)
    await exchange.snapshot()
    await traded
    expect(logged).to.deep.equal([])
    const sequence = exchange.status().snapshotSequence
    expect(sequence).to.be.at.least(3500)
    // The state of the exchange at that sequence, made from the journal.
    const engine = createEngine()
    const events = new FrameBuffer()
    for await (const batch of storage.journal.read(1)) {
      const commands = FrameBuffer.from(batch.frames)
      for (let offset = 0; offset < commands.length && engine.sequence < sequence; offset += commands.size(offset)) engine.apply(commands, offset, events)
    }
    for await (const { sequence: stands, parts } of storage.snapshots.read((file, reason) => expect.fail(`${file}: ${reason}`))) {
      if (stands !== sequence) continue
      expect(parts.slice(1, 1 + engine.snapshot().length).map((part) => Buffer.from(part).toString('hex'))).to.deep.equal(engine.snapshot().map((part) => Buffer.from(part).toString('hex')))
    }
    const hash = exchange.engine.stateHash()
    await close()
    await open()
    expect(exchange.engine.stateHash()).to.equal(hash)
  }).timeout(60_000)

  it('is replaced by the exchange itself when it ends in the middle, and started again for the next snapshot', async () => {
    await trade(200)
    await exchange.snapshot()
    for (const pid of children()) process.kill(pid, 'SIGKILL')
    await trade(200)
    await exchange.snapshot()
    expect(exchange.status().snapshotSequence).to.equal(exchange.sequence)
    await trade(200)
    await exchange.snapshot()
    expect(exchange.status().snapshotSequence).to.equal(exchange.sequence)
    expect((await readdir(join(directory, 'snapshots'))).filter((name) => name.endsWith('.snapshot'))).to.have.length(2)
  }).timeout(60_000)

  it('lets a program end in order that closes while its answer is on the way', () => {
    const program = `
      const { createExchange } = await import('@bourse/exchange')
      const { openFileStorage } = await import('@bourse/journal-file')
      const storage = await openFileStorage(process.argv[1])
      const exchange = await createExchange({ ...storage, snapshotEveryCommands: Infinity })
      await exchange.submit({ type: 'asset.define', code: 'BTC', scale: 8 })
      await exchange.snapshot()
      await exchange.submit({ type: 'asset.define', code: 'ETH', scale: 8 })
      void exchange.snapshot()
      // The answer arrives while nothing is read: it is there when closing begins.
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000))
      await new Promise((resolve) => setImmediate(resolve))
      await exchange.close()
      await storage.close()
      console.log('closed')`
    const other = `${directory}-program`
    try {
      const output = execFileSync(process.execPath, ['--conditions=bourse-source', '--import=tsx', '--input-type=module', '-e', program, other], { encoding: 'utf8' })
      expect(output).to.contain('closed')
    } finally {
      rmSync(other, { recursive: true, force: true })
    }
  }).timeout(60_000)

  it('ends with the exchange', async () => {
    await trade(100)
    await exchange.snapshot()
    expect(children()).to.have.length(1)
    await close()
    expect(children()).to.deep.equal([])
    await open()
  }).timeout(60_000)
})

/** The processes of this one that make snapshots. */
function children(): number[] {
  const own = existsSync('/proc/self/task') ? childrenFromProc() : childrenFromPs()
  return own.filter(({ args }) => args.includes('snapshot-process')).map(({ pid }) => pid)
}

function childrenFromProc(): { pid: number; args: string }[] {
  const pids = readdirSync('/proc/self/task').flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' '))
  return pids.filter((pid) => pid !== '').map((pid) => ({ pid: Number(pid), args: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }))
}

function childrenFromPs(): { pid: number; args: string }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return Number(parent) === process.pid ? [{ pid: Number(pid), args: args! }] : []
  })
}
