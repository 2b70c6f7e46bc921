import type { TradeExecuted } from '@bourse/core'
import { expect } from 'chai'
import { onEveryDatabase } from '../test/databases.js'
import { CATALOG, tradingEvents } from '../test/trading-events.js'
import { openStore, type Store } from './index.js'

const COMMANDS = 300
const EVENTS = tradingEvents(COMMANDS, 5)
const ACCOUNT = 7
const MARKET = 0
const TRADES = EVENTS.filter((event): event is TradeExecuted => event.type === 'trade.executed' && event.market === MARKET)
const ORDERS = EVENTS.flatMap((event) => (event.type === 'order.accepted' && event.account === ACCOUNT && event.market === MARKET ? [event] : []))
const FILLED = TRADES.filter(({ maker, taker }) => maker.account === ACCOUNT || taker.account === ACCOUNT).map(({ tradeId }) => tradeId)

onEveryDatabase('history windows', (create) => {
  let store: Store
  beforeEach(async () => {
    store = await (await create()).open()
    await store.projection.apply(EVENTS, COMMANDS, CATALOG)
  })

  it('give the newest rows without a start, oldest first', async () => {
    const orders = await store.history.ordersWithin({ account: ACCOUNT, market: MARKET, limit: 5 })
    expect(orders.map(({ orderId }) => orderId)).to.deep.equal(ORDERS.slice(-5).map(({ orderId }) => orderId))
    const trades = await store.history.tradesWithin({ market: MARKET, limit: 5 })
    expect(trades.map(({ tradeId }) => tradeId)).to.deep.equal(TRADES.slice(-5).map(({ tradeId }) => tradeId))
    const fills = await store.history.fillsWithin({ account: ACCOUNT, market: MARKET, limit: 5 })
    expect([...new Set(fills.map(({ tradeId }) => tradeId))]).to.deep.equal(FILLED.slice(-new Set(fills.map(({ tradeId }) => tradeId)).size))
  })

  it('give the oldest rows from an id on', async () => {
    const fromId = ORDERS[3]!.orderId + 1
    const orders = await store.history.ordersWithin({ account: ACCOUNT, market: MARKET, fromId, limit: 4 })
    expect(orders.map(({ orderId }) => orderId)).to.deep.equal(ORDERS.slice(4, 8).map(({ orderId }) => orderId))
    const fills = await store.history.fillsWithin({ account: ACCOUNT, market: MARKET, fromId: FILLED[2]!, limit: 1 })
    expect(fills[0]).to.include({ tradeId: FILLED[2], account: ACCOUNT })
    expect((await store.history.tradesWithin({ market: MARKET, fromId: 30, limit: 3 })).map(({ tradeId }) => tradeId)).to.deep.equal([30, 31, 32])
  })

  it('keep to the times given, both ends included, wherever they lie', async () => {
    const times = [...new Set([TRADES[0]!, TRADES[Math.floor(TRADES.length / 2)]!, TRADES.at(-1)!].map(({ timestampUs }) => Math.floor(timestampUs / 1_000)))]
    for (const fromMs of [undefined, 0, ...times, times.at(-1)! + 1]) {
      for (const toMs of [undefined, ...times]) {
        const within = (us: number): boolean => us >= (fromMs ?? 0) * 1_000 && us < ((toMs ?? Infinity) + 1) * 1_000
        const wanted = (ids: readonly number[]): readonly number[] => (fromMs === undefined ? ids.slice(-20) : ids.slice(0, 20))
        const trades = await store.history.tradesWithin({ market: MARKET, fromMs, toMs, limit: 20 })
        expect(trades.map(({ tradeId }) => tradeId), `${fromMs}-${toMs}`).to.deep.equal(wanted(TRADES.filter(({ timestampUs }) => within(timestampUs)).map(({ tradeId }) => tradeId)))
        const orders = await store.history.ordersWithin({ account: ACCOUNT, market: MARKET, fromMs, toMs, limit: 20 })
        expect(orders.map(({ orderId }) => orderId)).to.deep.equal(wanted(ORDERS.filter(({ timestampUs }) => within(timestampUs)).map(({ orderId }) => orderId)))
      }
    }
  })

  it('find the newest order of a name, of the right account and market only', async () => {
    const { clientOrderId, orderId } = ORDERS[2]!
    expect((await store.history.orderNamed({ account: ACCOUNT, market: MARKET, clientOrderId }))?.orderId).to.equal(orderId)
    expect(await store.history.orderNamed({ account: ACCOUNT + 1, market: MARKET, clientOrderId })).to.equal(undefined)
    expect(await store.history.orderNamed({ account: ACCOUNT, market: 1, clientOrderId })).to.equal(undefined)
  })

  it('tell when an account last changed', async () => {
    const [entry] = (await store.history.ledger({ account: ACCOUNT, limit: 1 })).rows
    const [order] = (await store.history.orders({ account: ACCOUNT, limit: 1 })).rows
    expect(await store.history.lastChangeUs(ACCOUNT)).to.equal(Math.max(entry!.timestampUs, order!.updatedUs))
    expect(await store.history.lastChangeUs(999)).to.equal(0)
  })
})

describe('history windows in SQLite', () => {
  it('walk an index and read no whole table', async () => {
    const store = await openStore({ file: ':memory:' })
    await store.projection.apply(EVENTS, COMMANDS, CATALOG)
    const statements: { sql: string; bindings: readonly unknown[] }[] = []
    store.knex.on('query', ({ sql, bindings }: { sql: string; bindings: readonly unknown[] }) => statements.push({ sql, bindings }))
    for (const window of [{}, { fromId: 5 }, { fromMs: 1 }, { fromMs: 1, toMs: 1e13 }, { toMs: Math.floor(TRADES.at(-1)!.timestampUs / 1_000) - 1 }]) {
      await store.history.ordersWithin({ account: ACCOUNT, market: MARKET, ...window, limit: 5 })
      await store.history.fillsWithin({ account: ACCOUNT, market: MARKET, ...window, limit: 5 })
      await store.history.tradesWithin({ market: MARKET, ...window, limit: 5 })
    }
    await store.history.lastChangeUs(ACCOUNT)
    const seen = new Set(statements.splice(0).map(({ sql, bindings }) => JSON.stringify({ sql, bindings: bindings.map(Number) })))
    for (const statement of seen) {
      const { sql, bindings } = JSON.parse(statement) as { sql: string; bindings: string[] }
      const plan: { detail: string }[] = await store.knex.raw(`explain query plan ${sql}`, bindings)
      for (const { detail } of plan) expect(detail, sql).to.match(/^SEARCH /)
    }
    await store.close()
  })
})
