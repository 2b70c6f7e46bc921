import type { Event, OrderCancelled, TradeExecuted } from '@bourse/core'
import { expect } from 'chai'
import { onEveryDatabase } from '../test/databases.js'
import { CATALOG, tradingEvents, USERS } from '../test/trading-events.js'
import { InvalidCursorError, openStore, type Page, type Store } from './index.js'

const COMMANDS = 2_000
const EVENTS = tradingEvents(COMMANDS, 5)
const ACCOUNT = 7

onEveryDatabase('history queries', (create) => {
  let store: Store
  beforeEach(async () => {
    store = await (await create()).open()
    await store.projection.apply(EVENTS, COMMANDS, CATALOG)
  })

  it('pages through all orders of an account, newest first, each once, while new ones arrive', async () => {
    const accepted = EVENTS.flatMap((event) => (event.type === 'order.accepted' && event.account === ACCOUNT ? [event.orderId] : []))
    const more = tradingEvents(COMMANDS + 400, 5).filter(({ sequence }) => sequence > COMMANDS)
    const seen: number[] = []
    let arrived = false
    for await (const rows of pages((cursor) => store.history.orders({ account: ACCOUNT, cursor, limit: 7 }))) {
      seen.push(...rows.map(({ orderId }) => orderId))
      if (!arrived) await store.projection.apply(more, COMMANDS + 400, CATALOG)
      arrived = true
    }
    expect(seen).to.deep.equal([...accepted].reverse())
  })

  it('keeps to one market or one asset when asked', async () => {
    const orders = await collect((cursor) => store.history.orders({ account: ACCOUNT, market: 1, cursor, limit: 10 }))
    expect(orders.length).to.be.above(0)
    expect(orders.every(({ market }) => market === 1)).to.equal(true)
    const fills = await collect((cursor) => store.history.fills({ account: ACCOUNT, market: 0, cursor, limit: 10 }))
    expect(fills.length).to.be.above(0)
    expect(fills.every(({ market }) => market === 0)).to.equal(true)
    const entries = await collect((cursor) => store.history.ledger({ account: ACCOUNT, asset: 1, cursor, limit: 10 }))
    expect(entries.length).to.be.above(0)
    expect(entries.every(({ asset }) => asset === 1)).to.equal(true)
  })

  it('shows each order as its last event left it', async () => {
    for (let orderId = 1; orderId < 1_000; orderId += 7) {
      const { last, market, createdSequence } = lastStateOf(orderId)
      const order = await store.history.order(market, orderId)
      expect(order, `order ${orderId}`).to.include({ ...last, createdSequence })
    }
    expect(await store.history.order(0, 999_999)).to.equal(undefined)
  })

  it('tells both sides of a trade, with the client order id', async () => {
    const trade = EVENTS.find((event): event is TradeExecuted => event.type === 'trade.executed')!
    const fills = [trade.maker, trade.taker].map(async ({ orderId }) => (await store.history.fillsOfOrder(trade.market, orderId)).find(({ tradeId }) => tradeId === trade.tradeId))
    const [maker, taker] = await Promise.all(fills)
    expect(maker).to.include({ liquidity: 'maker', clientOrderId: `c-${trade.maker.orderId}`, fee: trade.maker.fee, side: trade.takerSide === 'buy' ? 'sell' : 'buy' })
    expect(taker).to.include({ liquidity: 'taker', clientOrderId: `c-${trade.taker.orderId}`, fee: trade.taker.fee, side: trade.takerSide, quoteAmount: trade.quoteAmount })
  })

  it('lists the fills of an account newest first', async () => {
    const expected = EVENTS.flatMap((event) => (event.type === 'trade.executed' ? [event.maker, event.taker].filter(({ account }) => account === ACCOUNT).map(() => event.sequence) : []))
    const fills = await collect((cursor) => store.history.fills({ account: ACCOUNT, cursor, limit: 9 }))
    expect(fills.map(({ sequence }) => sequence)).to.deep.equal([...expected].reverse())
  })

  it('has ledger entries that add up to what the account owns', async () => {
    const entries = await collect((cursor) => store.history.ledger({ account: ACCOUNT, cursor, limit: 100 }))
    expect(new Set(entries.map(({ entryId }) => entryId)).size).to.equal(entries.length)
    for (const asset of [0, 1, 2]) {
      const total = entries.reduce((sum, entry) => (entry.asset === asset ? sum + entry.amount : sum), 0n)
      expect(total, `asset ${asset}`).to.equal(ownedBy(ACCOUNT, asset))
    }
  })

  it('names the kind of every entry', async () => {
    const accounts = Array.from({ length: USERS }, (_, index) => index + 2)
    const entries = (await Promise.all(accounts.map((account) => collect((cursor) => store.history.ledger({ account, cursor, limit: 500 }))))).flat()
    expect([...new Set(entries.map(({ kind }) => kind))].sort()).to.deep.equal(['deposit', 'fee', 'trade', 'transfer', 'withdrawal'])
    for (const { kind, amount } of entries) {
      if (kind === 'deposit') expect(amount > 0n).to.equal(true)
      if (kind === 'withdrawal') expect(amount < 0n).to.equal(true)
    }
  })

  it('gives trades below an id, newest first', async () => {
    const trades = await store.history.trades({ market: 0, beforeId: 50, limit: 10 })
    expect(trades.map(({ tradeId }) => tradeId)).to.deep.equal([49, 48, 47, 46, 45, 44, 43, 42, 41, 40])
    const [newest] = await store.history.trades({ market: 0, limit: 1 })
    const last = EVENTS.findLast((event): event is TradeExecuted => event.type === 'trade.executed' && event.market === 0)
    expect(newest).to.deep.equal({ market: 0, tradeId: last?.tradeId, price: last?.price, quantity: last?.quantity, quoteAmount: last?.quoteAmount, takerSide: last?.takerSide, timestampUs: last?.timestampUs, sequence: last?.sequence })
  })

  it('gives the newest candles without a beginning, the oldest with one, always oldest first', async () => {
    const all = await store.history.candles({ market: 0, interval: '1m', limit: 1000 })
    expect(all.length).to.be.above(10)
    const at = (index: number): number => all[index]!.openTimeUs / 1_000
    const read = (query: { fromMs?: number; toMs?: number }) => store.history.candles({ market: 0, interval: '1m', limit: 3, ...query })
    expect(await read({})).to.deep.equal(all.slice(-3))
    expect(await read({ toMs: at(5) })).to.deep.equal(all.slice(3, 6))
    expect(await read({ fromMs: at(2) })).to.deep.equal(all.slice(2, 5))
    expect(await read({ fromMs: at(2), toMs: at(3) })).to.deep.equal(all.slice(2, 4))
  })

  it('refuses cursors of its own making only', async () => {
    const { nextCursor } = await store.history.orders({ account: ACCOUNT, limit: 1 })
    for (const cursor of ['', 'x', '1', `${nextCursor ?? ''}=`, Buffer.from('1.2; drop table orders').toString('base64url'), 'a'.repeat(200)]) {
      let caught: unknown
      await store.history.orders({ account: ACCOUNT, cursor, limit: 1 }).catch((error: unknown) => (caught = error))
      expect(caught, JSON.stringify(cursor)).to.be.instanceOf(InvalidCursorError)
    }
  })
})

describe('history queries in SQLite', () => {
  it('walk an index, without sorting and without reading a whole table', async () => {
    const store = await openStore({ file: ':memory:' })
    const statements: { sql: string; bindings: readonly unknown[] }[] = []
    store.knex.on('query', ({ sql, bindings }: { sql: string; bindings: readonly unknown[] }) => statements.push({ sql, bindings }))
    const cursor = Buffer.from('9.9').toString('base64url')
    for (const market of [undefined, 1]) {
      await store.history.orders({ account: 1, market, cursor, limit: 5 })
      await store.history.fills({ account: 1, market, cursor, limit: 5 })
      await store.history.ledger({ account: 1, asset: market, cursor, limit: 5 })
    }
    await store.history.order(1, 1)
    await store.history.trades({ market: 1, beforeId: 5, limit: 5 })
    await store.history.candles({ market: 1, interval: '1m', fromMs: 1, toMs: 2, limit: 5 })
    await store.history.candles({ market: 1, interval: '1m', toMs: 2, limit: 5 })
    for (const { sql, bindings } of statements.splice(0)) {
      const plan: { detail: string }[] = await store.knex.raw(`explain query plan ${sql}`, [...bindings] as string[])
      for (const { detail } of plan) expect(detail, sql).to.match(/^SEARCH /)
    }
    await store.close()
  })
})

async function* pages<Row>(read: (cursor: string | undefined) => Promise<Page<Row>>): AsyncGenerator<readonly Row[]> {
  let cursor: string | undefined
  do {
    const page: Page<Row> = await read(cursor)
    yield page.rows
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}

async function collect<Row>(read: (cursor: string | undefined) => Promise<Page<Row>>): Promise<Row[]> {
  const all: Row[] = []
  for await (const rows of pages(read)) all.push(...rows)
  return all
}

/** The state that the events tell of an order, worked out by another way than the projection. */
function lastStateOf(orderId: number): { last: Record<string, unknown>; market: number; createdSequence: number } {
  const own = EVENTS.filter((event) => ('orderId' in event && event.type !== 'command.repeated' ? event.orderId === orderId : event.type === 'trade.executed' && partyOf(event, orderId) !== undefined))
  const last = own.at(-1)!
  const first = own[0] as Extract<Event, { type: 'order.accepted' }>
  const cancelled = own.find((event): event is OrderCancelled => event.type === 'order.cancelled')
  const state = last.type === 'trade.executed' ? partyOf(last, orderId)! : (last as OrderCancelled)
  const filled = state.filledQuantity
  const status = cancelled !== undefined ? 'cancelled' : state.leavesQuantity === 0n ? 'filled' : filled > 0n ? 'partially_filled' : 'open'
  return {
    market: first.market,
    createdSequence: first.sequence,
    last: { filledQuantity: filled, leavesQuantity: state.leavesQuantity, filledQuote: state.filledQuote, status, reason: cancelled?.reason ?? null, updatedUs: last.timestampUs, sequence: last.sequence },
  }
}

function partyOf(trade: TradeExecuted, orderId: number): TradeExecuted['maker'] | undefined {
  return [trade.maker, trade.taker].find((party) => party.orderId === orderId)
}

/** What an account owns after all events, from the events alone. */
function ownedBy(account: number, asset: number): bigint {
  let total = 0n
  for (const event of EVENTS) {
    if ((event.type === 'transfer.posted' || event.type === 'hold.settled') && event.asset === asset) {
      if (event.to === account) total += event.amount
      if ((event.type === 'transfer.posted' ? event.from : event.account) === account) total -= event.amount
    }
    if (event.type !== 'trade.executed') continue
    const market = CATALOG.market(event.market)!
    for (const party of [event.maker, event.taker]) {
      if (party.account !== account) continue
      const buys = (party === event.taker) === (event.takerSide === 'buy')
      if (asset === market.base) total += buys ? event.quantity * market.baseUnit - party.fee : -event.quantity * market.baseUnit
      if (asset === market.quote) total += buys ? -event.quoteAmount : event.quoteAmount - party.fee
    }
  }
  return total
}
