/** Runs whole exchanges on a simulated disk that dies or loses power at any write, sync or rename, and checks what is left. */
import { expect } from 'chai'
import type { Command } from '@bourse/core'
import { createExchange } from '@bourse/exchange'
import { openFileStorage } from '@bourse/journal-file'
import { seededRandom, SimulatedDisk } from '@bourse/journal-file/testing'
import { expectZeroSums } from '@bourse/testkit'

const LIVES = 60 * Number(process.env.BOURSE_TEST_SCALE ?? 1)
const ACCOUNTS = ['alice', 'bob']

describe('an exchange on a disk that dies', () => {
  it('has every acknowledged order and balanced books after a crash at any operation', async () => {
    const seed = 1 + Math.floor(Math.random() * 1_000_000)
    const random = seededRandom(seed)
    const acknowledged = new Map<string, number>()
    let disk = new SimulatedDisk()
    await disk.makeDirectory('/')
    for (let life = 0; life < LIVES; life++) {
      try {
        const last = Math.floor(random() * 120)
        disk.fault = (_operation, count) => (count > last ? { kind: 'kill' } : undefined)
        await live(disk, { life, random, acknowledged })
        disk = random() < 0.3 ? disk.afterKill() : disk.afterPowerCut(random)
        await check(disk.clone(), acknowledged)
      } catch (error) {
        throw new Error(`seed ${seed}, life ${life}: ${String(error)}`, { cause: error })
      }
    }
    console.log(`      ${LIVES} crashes, ${acknowledged.size} acknowledged orders, seed ${seed}, none lost`)
  }).timeout(60_000 * Number(process.env.BOURSE_TEST_SCALE ?? 1))
})

interface Life {
  readonly life: number
  readonly random: () => number
  readonly acknowledged: Map<string, number>
}

const options = { firstSegmentBytes: 4096, maxSegmentBytes: 16_384 }

/** Trades until the disk is gone. */
async function live(disk: SimulatedDisk, { life, random, acknowledged }: Life): Promise<void> {
  let halted = false
  try {
    const storage = await openFileStorage('/data', { files: disk, ...options })
    const exchange = await createExchange({ ...storage, snapshotEveryCommands: 40, onHalt: () => (halted = true) })
    if (exchange.catalog.marketBySymbol('BTC-USDT') === undefined) for (const command of setUp()) await exchange.submit(command)
    for (let round = 0; ; round++) {
      const orders = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, index) => order(`${life}-${round}-${index}`, random))
      const results = await Promise.all(orders.map((command) => exchange.submit(command)))
      for (const [index, result] of results.entries()) {
        if (result.ok) acknowledged.set(orders[index]!.clientOrderId, result.sequence)
      }
    }
  } catch (error) {
    // A crash before the writer runs shows as the disk's own error, later as a halt.
    if (!halted && !String(error).includes('killed')) throw error
  }
}

async function check(disk: SimulatedDisk, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const storage = await openFileStorage('/data', { files: disk, ...options })
  const exchange = await createExchange(storage)
  const replayed = await createExchange({ journal: storage.journal, snapshots: { write: async () => undefined, read: async function* () {} } })
  expect(exchange.engine.stateHash()).to.equal(replayed.engine.stateHash())
  expectZeroSums(exchange.engine)
  await exchange.close()
  const accepted = new Map<string, number>()
  for await (const event of exchange.events(1)) if (event.type === 'order.accepted') accepted.set(event.clientOrderId, event.sequence)
  for (const [clientOrderId, sequence] of acknowledged) {
    if (accepted.get(clientOrderId) !== sequence) throw new Error(`the order ${clientOrderId} was acknowledged at sequence ${sequence} and stands at ${accepted.get(clientOrderId)}`)
  }
}

function order(clientOrderId: string, random: () => number): Command & { type: 'order.place'; clientOrderId: string } {
  return {
    type: 'order.place', account: ACCOUNTS[Math.floor(random() * 2)]!, market: 'BTC-USDT', clientOrderId, orderType: 'limit', side: random() < 0.5 ? 'buy' : 'sell',
    price: (100 + Math.floor(random() * 100) / 100).toFixed(2), quantity: (Math.ceil(random() * 100) / 10_000).toFixed(4),
  }
}

function setUp(): Command[] {
  return [
    { type: 'asset.define', code: 'BTC', scale: 8 },
    { type: 'asset.define', code: 'USDT', scale: 8 },
    ...ACCOUNTS.flatMap((account): Command[] => [
      { type: 'account.open', account, kind: 'user' },
      { type: 'ledger.transfer', requestId: `btc-${account}`, from: 'world', to: account, asset: 'BTC', amount: '10000' },
      { type: 'ledger.transfer', requestId: `usdt-${account}`, from: 'world', to: account, asset: 'USDT', amount: '1000000' },
    ]),
    {
      type: 'market.define', symbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', priceScale: 2, quantityScale: 4, state: 'open',
      tickSize: '0.01', lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '1000', maxPrice: '1000000', minNotional: '0',
      makerFee: '0.001', takerFee: '0.002', marketBandBps: 9000, allowSelfTrade: false, maxOpenOrders: 10_000,
    },
  ]
}
