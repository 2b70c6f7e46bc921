/** A process for the kill test: trades without a pause on the exchange of the directory in its argument, and says what was acknowledged. */
import { writeSync } from 'node:fs'
import type { Command } from '@bourse/core'
import { createExchange } from '@bourse/exchange'
import { openFileStorage } from '@bourse/journal-file'
import { FileProjection } from './file-projection.js'

const [dataDir = '', seed = '1'] = process.argv.slice(2)
const ACCOUNTS = ['alice', 'bob', 'carol']
const MARKET = 'BTC-USDT'

const storage = await openFileStorage(dataDir, { firstSegmentBytes: 32 << 10, maxSegmentBytes: 128 << 10 })
const exchange = await createExchange({ ...storage, projections: [new FileProjection(dataDir)], snapshotEveryCommands: 400 })

/** A line to the parent that is out of this process when the call returns. */
function say(line: string): void {
  let rest = Buffer.from(`${line}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      // The parent is slow to read and the pipe is full.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

let state = Number(seed)
function random(): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) / 2 ** 32
}

const setUp: Command[] = [
  { type: 'asset.define', code: 'BTC', scale: 8 },
  { type: 'asset.define', code: 'USDT', scale: 8 },
  {
    type: 'market.define', symbol: MARKET, base: 'BTC', quote: 'USDT', priceScale: 2, quantityScale: 4, state: 'open',
    tickSize: '0.01', lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '1000', maxPrice: '1000000', minNotional: '0',
    makerFee: '0.001', takerFee: '0.002', marketBandBps: 9000, allowSelfTrade: false, maxOpenOrders: 10_000,
  },
  ...ACCOUNTS.flatMap((account): Command[] => [
    { type: 'account.open', account, kind: 'user' },
    { type: 'ledger.transfer', requestId: `btc-${account}`, from: 'world', to: account, asset: 'BTC', amount: '1000000' },
    { type: 'ledger.transfer', requestId: `usdt-${account}`, from: 'world', to: account, asset: 'USDT', amount: '100000000' },
  ]),
]

/** A trader of its own: waits for each acknowledgement before the next order. */
async function tradeForEver(trader: number): Promise<never> {
  for (let count = 0; ; count++) {
    const account = ACCOUNTS[Math.floor(random() * ACCOUNTS.length)]!
    const clientOrderId = `${seed}-${trader}-${count}`
    const result = await exchange.submit(
      random() < 0.02
        ? { type: 'order.cancel-all', account }
        : {
            type: 'order.place', account, market: MARKET, clientOrderId, orderType: 'limit', side: random() < 0.5 ? 'buy' : 'sell',
            price: (100 + Math.floor(random() * 200) / 100).toFixed(2), quantity: (Math.ceil(random() * 1000) / 10_000).toFixed(4),
          },
    )
    const accepted = result.ok && result.events[0]?.type === 'order.accepted'
    say(accepted ? `order ${result.sequence} ${clientOrderId}` : `done ${result.sequence}`)
  }
}

if (exchange.sequence === 0) for (const command of setUp) await exchange.submit(command)
say(`ready ${exchange.sequence}`)
await Promise.all(Array.from({ length: 16 }, (_, trader) => tradeForEver(trader)))
