/** `history`: one person's last 100 orders, asked as the API asks, among ten million orders of others. */
import { createEngine, type Catalog, type Event } from '@bourse/core'
import { quantile, secondsSince, summary } from '../measure.js'
import type { Figures, Stage } from '../stage.js'
import { openPostgresStore, openSqliteStore, settle, type BenchStore } from './databases.js'

const ORDERS = 10_000_000
const ACCOUNTS = 100_000
/** Orders of one transaction while they are written. */
const ORDERS_PER_TRANSACTION = 20_000
/** Reads of one run, each of another person. */
const READS = 1_000
const PAGE = 100

export const history: Stage = {
  name: 'history',
  about: "p99 of reading one of 100,000 people's last 100 orders among 10,000,000; SQLite, and PostgreSQL in the details",
  async measure({ runs, share }) {
    const orders = Math.ceil(ORDERS * share)
    const sqlite = await measureStore(await openSqliteStore(), orders, runs)
    const other = await openPostgresStore()
    if (other === undefined) return sqlite
    const { median, min, max, details } = await measureStore(other, orders, runs)
    return { ...sqlite, details: { ...sqlite.details, postgresP99Ms: median, postgresMin: min, postgresMax: max, postgresP50Ms: details?.['p50Ms'] ?? 0, postgresLoadSeconds: details?.['loadSeconds'] ?? 0 } }
  },
}

async function measureStore(bench: BenchStore, orders: number, runs: number): Promise<Figures> {
  try {
    const start = process.hrtime.bigint()
    await load(bench, orders)
    await settle(bench)
    const loadSeconds = secondsSince(start)
    const p99: number[] = []
    const p50: number[] = []
    for (let run = 0; run < runs; run++) {
      const times = await readMany(bench, orders, run)
      p99.push(quantile(times, 0.99))
      p50.push(quantile(times, 0.5))
    }
    return { ...summary('ms', p99), details: { orders, p50Ms: summary('ms', p50).median, loadSeconds } }
  } finally {
    await bench.end()
  }
}

/** Through the projection itself; people's orders are scattered over the whole history. */
async function load({ store }: BenchStore, orders: number): Promise<void> {
  for (let first = 1; first <= orders; first += ORDERS_PER_TRANSACTION) {
    const last = Math.min(orders, first + ORDERS_PER_TRANSACTION - 1)
    const events = Array.from({ length: last - first + 1 }, (_, index) => accepted(first + index))
    await store.projection.apply(events, last, NO_CATALOG)
  }
}

async function readMany({ store }: BenchStore, orders: number, run: number): Promise<number[]> {
  const times: number[] = []
  for (let read = 0; read < READS; read++) {
    const account = accountOf(1 + ((read * 7919 + run * 104_729) % orders))
    const start = process.hrtime.bigint()
    const { rows } = await store.history.orders({ account, limit: PAGE })
    times.push(secondsSince(start) * 1_000)
    if (rows.length === 0 || rows.some((row) => row.account !== account)) throw new Error(`The last orders of account ${account} are not those that were written.`)
  }
  return times.sort((a, b) => a - b)
}

function accountOf(order: number): number {
  return 2 + (Math.imul(order, 0x9e3779b1) >>> 0) % ACCOUNTS
}

/** An order in the middle of its life is written as it was accepted. */
function accepted(orderId: number): Event {
  return {
    type: 'order.accepted', sequence: orderId, index: 0, timestampUs: orderId * 1_000, market: orderId % 4, orderId, account: accountOf(orderId), clientOrderId: orderId.toString(16).padStart(36, '0'),
    side: orderId % 2 === 0 ? 'buy' : 'sell', orderType: 'limit', timeInForce: 'gtc', postOnly: false, selfTradePrevention: 'cancel-taker', quote: false,
    price: 10_000n, quantity: 10n, quoteQuantity: 0n, filledQuantity: 0n, leavesQuantity: 10n, filledQuote: 0n, fee: 0n, held: 0n,
  }
}

/** Orders that only rest need no catalog. */
const NO_CATALOG: Catalog = createEngine().catalog
