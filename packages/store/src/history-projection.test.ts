import { CANDLE_INTERVALS, foldCandle, MAX_AMOUNT, type Candle, type CandleInterval, type Catalog, type Event, type TradeExecuted, type TransferPosted } from '@bourse/core'
import { expect } from 'chai'
import fc from 'fast-check'
import { onEveryDatabase } from '../test/databases.js'
import { failure } from '../test/failure.js'
import { ASSETS, CATALOG, MARKETS, tradingEvents } from '../test/trading-events.js'
import { HISTORY_TABLES } from './history-tables.js'
import type { Store } from './index.js'

const COMMANDS = 1_500
const NO_MARKETS: Catalog = { ...CATALOG, market: () => undefined }

onEveryDatabase('history projection', (create) => {
  it('gives the same rows however the events are cut into batches, and again after a rebuild', async () => {
    const events = tradingEvents(COMMANDS)
    const whole = await (await create()).open()
    await whole.projection.apply(events, COMMANDS, CATALOG)
    const expected = await allRows(whole)
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: COMMANDS }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(cuts, async (sequences) => {
        await whole.projection.reset()
        expect(await whole.projection.cursor()).to.equal(0)
        await applyInParts(whole, events, sequences)
        expect(await allRows(whole)).to.deep.equal(expected)
        expect(await whole.projection.cursor()).to.equal(COMMANDS)
      }),
      { numRuns: 4 },
    )
  })

  it('commits rows and cursor together or not at all, and goes on where it was', async () => {
    const events = tradingEvents(COMMANDS)
    const database = await create()
    const store = await database.open()
    await store.projection.apply(upTo(events, 700), 700, CATALOG)
    const before = await allRows(store)
    expect(await failure(store.projection.apply(events, COMMANDS, NO_MARKETS))).to.contain('catalog')
    expect(await store.projection.cursor()).to.equal(700)
    expect(await allRows(store)).to.deep.equal(before)
    const reopened = await database.open()
    await reopened.projection.apply(events, COMMANDS, CATALOG)
    const whole = await (await create()).open()
    await whole.projection.apply(events, COMMANDS, CATALOG)
    expect(await allRows(reopened)).to.deep.equal(await allRows(whole))
  })

  it('changes nothing when a batch comes again', async () => {
    const events = tradingEvents(300)
    const store = await (await create()).open()
    await Promise.all([store.projection.apply(events, 300, CATALOG), store.projection.apply(events, 300, CATALOG)])
    const before = await allRows(store)
    await store.projection.apply(upTo(events, 200), 200, CATALOG)
    expect(await store.projection.cursor()).to.equal(300)
    expect(await allRows(store)).to.deep.equal(before)
  })

  it('advances over commands without events', async () => {
    const store = await (await create()).open()
    await store.projection.apply([], 12, CATALOG)
    expect(await store.projection.cursor()).to.equal(12)
  })

  it('has ledger entries that sum to zero in each asset, over all accounts', async () => {
    const store = await (await create()).open()
    await store.projection.apply(tradingEvents(COMMANDS, 9), COMMANDS, CATALOG)
    const sums: Record<string, unknown>[] = await store.knex('ledger_entries').select('asset').sum('amount as sum').groupBy('asset').orderBy('asset')
    expect(sums.map(({ asset, sum }) => [asset, String(sum)])).to.deep.equal(ASSETS.map(({ id }) => [BigInt(id), '0']))
  })

  it('has the candles that the fold in memory gives, in every interval', async () => {
    const store = await (await create()).open()
    const events = tradingEvents(COMMANDS, 3)
    await applyInParts(store, events, [100, 101, 900])
    for (const { id } of MARKETS) {
      for (const interval of CANDLE_INTERVALS) {
        const trades = events.filter((event): event is TradeExecuted => event.type === 'trade.executed' && event.market === id)
        const stored = await everyCandle(store, id, interval)
        expect(stored, `${interval} of market ${id}`).to.deep.equal(folded(interval, trades))
      }
    }
  })

  it('keeps the largest amounts and volumes beyond 64 bits exactly', async () => {
    const store = await (await create()).open()
    const transfer: TransferPosted = { type: 'transfer.posted', sequence: 1, index: 0, timestampUs: 1, requestId: `quote"back\\slash{,}'`, from: 0, to: 2, asset: 0, amount: MAX_AMOUNT }
    const trade = tradingEvents(400).find((event): event is TradeExecuted => event.type === 'trade.executed')!
    const trades = [2, 3, 4].map((sequence): TradeExecuted => ({ ...trade, sequence, index: 0, tradeId: sequence, market: 1, quantity: 2n ** 40n, price: 2n ** 62n - 1n, quoteAmount: MAX_AMOUNT }))
    await store.projection.apply([transfer, ...trades], 4, CATALOG)
    const { rows } = await store.history.ledger({ account: 2, asset: 0, limit: 1000 })
    const deposit = rows.find(({ kind }) => kind === 'deposit')
    expect(deposit?.amount).to.equal(MAX_AMOUNT)
    expect(deposit?.reference).to.equal(transfer.requestId)
    const [candle] = await store.history.candles({ market: 1, interval: '1M', limit: 1 })
    expect(candle?.quoteVolume).to.equal(3n * MAX_AMOUNT)
    expect(candle?.high).to.equal(2n ** 62n - 1n)
  })
})

function upTo(events: readonly Event[], sequence: number): Event[] {
  return events.filter((event) => event.sequence <= sequence)
}

/** Applies events that end with command COMMANDS in parts that end with the given ones. */
async function applyInParts(store: Store, events: readonly Event[], sequences: readonly number[]): Promise<void> {
  let from = 0
  for (const through of [...new Set([...sequences, COMMANDS])].sort((a, b) => a - b)) {
    await store.projection.apply(events.filter(({ sequence }) => sequence > from && sequence <= through), through, CATALOG)
    from = through
  }
}

async function allRows(store: Store): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {}
  for (const { name, key } of HISTORY_TABLES) tables[name] = await store.knex(name).orderBy([...key])
  return tables
}

async function everyCandle(store: Store, market: number, interval: CandleInterval): Promise<Candle[]> {
  const candles: Candle[] = []
  for (let fromMs: number | undefined = 0; fromMs !== undefined; ) {
    const part = await store.history.candles({ market, interval, fromMs, limit: 100 })
    candles.push(...part)
    fromMs = part.length < 100 ? undefined : part.at(-1)!.openTimeUs / 1_000 + 1
  }
  return candles
}

function folded(interval: CandleInterval, trades: readonly TradeExecuted[]): Candle[] {
  const candles: Candle[] = []
  for (const trade of trades) {
    const candle = foldCandle(interval, candles.at(-1), trade)
    if (candles.at(-1)?.openTimeUs === candle.openTimeUs) candles.pop()
    candles.push(candle)
  }
  return candles
}
