/** Tests of the fold of events into market data, against an independent naive fold. */
import { expect } from 'chai'
import fc from 'fast-check'
import { FrameBuffer } from '../values/frames.js'
import * as event from '../domain/frames/event-frames.js'
import { CANDLE_INTERVALS, type CandleInterval } from './candle-interval.js'
import { foldCandle, type Candle } from './candle.js'
import { MAX_CANDLES } from './candle-series.js'
import { MAX_KEPT_CHANGES, type Depth } from './depth-book.js'
import { MarketData } from './market-data.js'
import { MAX_RECENT_TRADES, type PublicTrade } from './trade-ring.js'

const MINUTE_US = 60_000_000
const START_US = Date.UTC(2024, 1, 28, 23, 58) * 1000

interface Resting {
  market: number
  side: number
  price: bigint
  leaves: bigint
}

/** Writes events as an engine would, and keeps everything in the plainest form. */
class NaiveMarkets {
  readonly frames = new FrameBuffer()
  readonly orders: Resting[] = []
  readonly trades: (PublicTrade & { market: number })[] = []
  /** Sequence of the last change of a book, by market. */
  readonly changed = new Map<number, number>()
  sequence = 0
  timestampUs = START_US

  next(elapsedUs: number): void {
    this.sequence++
    this.timestampUs += elapsedUs
  }

  rest(order: Resting): void {
    this.orders.push({ ...order })
    const offset = this.orderEvent(event.ORDER_RESTED, order)
    this.set(offset, event.STATE_LEAVES_QUANTITY, order.leaves)
  }

  /** `rested` false: an order that never stood in the book loses its remainder. */
  cancel(order: Resting, rested = true): void {
    if (rested) this.orders.splice(this.orders.indexOf(order), 1)
    const offset = this.orderEvent(event.ORDER_CANCELLED, order, rested)
    this.set(offset, event.CANCELLED_QUANTITY, order.leaves)
  }

  reduce(order: Resting, by: bigint, rested = true): void {
    if (rested) order.leaves -= by
    const offset = this.orderEvent(event.ORDER_REDUCED, order, rested)
    this.set(offset, event.REDUCED_QUANTITY, by)
  }

  amend(order: Resting, price: bigint): void {
    this.orders.splice(this.orders.indexOf(order), 1)
    const offset = this.orderEvent(event.ORDER_AMENDED, { ...order, price })
    this.set(offset, event.AMENDED_OLD_PRICE, order.price)
    this.set(offset, event.AMENDED_OLD_LEAVES, order.leaves)
    this.rest({ ...order, price })
  }

  trade(maker: Resting, quantity: bigint): void {
    maker.leaves -= quantity
    if (maker.leaves === 0n) this.orders.splice(this.orders.indexOf(maker), 1)
    const tradeId = this.trades.filter(({ market }) => market === maker.market).length + 1
    const quoteAmount = maker.price * quantity * 3n
    const offset = this.append(event.TRADE_EXECUTED, maker.market)
    this.frames.f64[(offset + event.TRADE_ID) >> 3] = tradeId
    this.frames.u8[offset + event.TRADE_TAKER_SIDE] = 1 - maker.side
    this.set(offset, event.TRADE_PRICE, maker.price)
    this.set(offset, event.TRADE_QUANTITY, quantity)
    this.set(offset, event.TRADE_QUOTE_AMOUNT, quoteAmount)
    const { sequence, timestampUs } = this
    this.trades.push({ market: maker.market, tradeId, sequence, timestampUs, price: maker.price, quantity, quoteAmount, takerSide: maker.side === 0 ? 'sell' : 'buy' })
    this.changed.set(maker.market, sequence)
  }

  levels(market: number, side: number): [bigint, bigint][] {
    const levels = new Map<bigint, bigint>()
    for (const order of this.orders) {
      if (order.market === market && order.side === side) levels.set(order.price, (levels.get(order.price) ?? 0n) + order.leaves)
    }
    return [...levels].sort(([a], [b]) => (a < b === (side === 1) ? -1 : 1))
  }

  candles(market: number, interval: CandleInterval): Candle[] {
    const candles: Candle[] = []
    for (const trade of this.trades) {
      if (trade.market !== market) continue
      const next = foldCandle(interval, candles.at(-1), trade)
      if (next.openTimeUs === candles.at(-1)?.openTimeUs) candles.pop()
      candles.push(next)
    }
    return candles
  }

  private orderEvent(type: number, order: Resting, rested = true): number {
    const offset = this.append(type, order.market)
    this.frames.u8[offset + event.STATE_SIDE] = order.side
    this.frames.u8[offset + event.STATE_RESTED] = rested ? 1 : 0
    this.set(offset, event.STATE_PRICE, order.price)
    if (rested) this.changed.set(order.market, this.sequence)
    return offset
  }

  private append(type: number, market: number): number {
    const offset = this.frames.append(event.EVENT_BYTES[type]!, type)
    this.frames.stamp(offset, this.sequence, this.timestampUs)
    this.frames.u16[(offset + 24) >> 1] = market
    return offset
  }

  private set(offset: number, field: number, value: bigint): void {
    this.frames.i64[(offset + field) >> 3] = value
  }
}

const step = fc.record({
  action: fc.integer({ min: 0, max: 11 }),
  market: fc.integer({ min: 0, max: 2 }),
  side: fc.integer({ min: 0, max: 1 }),
  price: fc.oneof(fc.bigInt({ min: 1n, max: 60n }), fc.bigInt({ min: 2n ** 53n, max: 2n ** 53n + 30n })),
  // Small enough that the largest price times it, times three, stays below 2^62.
  quantity: fc.bigInt({ min: 1n, max: 100n }),
  elapsedUs: fc.oneof(fc.integer({ min: 0, max: 900_000 }), fc.integer({ min: 0, max: 900 * MINUTE_US })),
  pick: fc.nat(),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
const steps = fc.array(step, { minLength: 1, maxLength: 300, size: 'max' })

/** Turns random numbers into one command's events. */
function play(naive: NaiveMarkets, { action, pick, elapsedUs, ...order }: Step): void {
  naive.next(elapsedUs)
  const resting = naive.orders[pick % Math.max(1, naive.orders.length)]
  if (resting === undefined || action < 5) naive.rest({ ...order, leaves: order.quantity })
  else if (action === 5) naive.cancel(resting)
  else if (action === 6 && resting.leaves > 1n) naive.reduce(resting, resting.leaves / 2n)
  else if (action === 7) naive.amend(resting, order.price)
  else if (action === 8) naive.cancel({ ...order, leaves: order.quantity }, false)
  else if (action === 9) naive.reduce({ ...order, leaves: order.quantity }, 1n, false)
  else naive.trade(resting, resting.leaves > 1n && action === 10 ? resting.leaves / 2n : resting.leaves)
}

function fold(data: MarketData, frames: FrameBuffer, from = 0): void {
  data.foldAll(frames, from)
}

function copyOf({ sequence, bids, asks }: Depth): { sequence: number; bids: Map<bigint, bigint>; asks: Map<bigint, bigint> } {
  return { sequence, bids: new Map(bids), asks: new Map(asks) }
}

function fromTrade({ market: _, ...trade }: PublicTrade & { market: number }): PublicTrade {
  return trade
}

describe('Market data', () => {
  it('equals an independent naive fold of the same events', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const naive = new NaiveMarkets()
        for (const each of script) play(naive, each)
        const data = new MarketData()
        fold(data, naive.frames)
        expect(data.sequence).to.equal(naive.sequence)
        for (const market of [0, 1, 2]) {
          const depth = data.depth(market, Infinity)
          expect([depth.bids, depth.asks]).to.deep.equal([naive.levels(market, 0), naive.levels(market, 1)])
          expect(depth.sequence).to.equal(naive.changed.get(market) ?? 0)
          const trades = naive.trades.filter((trade) => trade.market === market).map(fromTrade)
          expect(data.recentTrades(market, 5000)).to.deep.equal(trades.toReversed())
          expect(data.tradesAfter(market, trades.length - 3)).to.deep.equal(trades.slice(-3))
          expect(data.recentTrades(market, 2, 3)).to.deep.equal(trades.slice(0, 2).toReversed())
          for (const interval of CANDLE_INTERVALS) {
            expect(data.candles(market, { interval, limit: 5000 }), interval).to.deep.equal(naive.candles(market, interval))
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('is the same whether or not a snapshot lay between', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (script, cut) => {
        const naive = new NaiveMarkets()
        const early = new MarketData()
        for (const each of script.slice(0, cut % script.length)) play(naive, each)
        fold(early, naive.frames)
        const restored = MarketData.restore(early.snapshot())
        const tail = naive.frames.length
        for (const each of script.slice(cut % script.length)) play(naive, each)
        const whole = new MarketData()
        fold(whole, naive.frames)
        fold(restored, naive.frames, tail)
        expect(restored.snapshot()).to.deep.equal(whole.snapshot())
        expect(restored.ticker(1, naive.timestampUs)).to.deep.equal(whole.ticker(1, naive.timestampUs))
        expect(restored.takeTouchedMarkets().length).to.be.at.most(3)
      }),
      { numRuns: 40 },
    )
  })

  it('gives the ticker of the last 1,440 minutes, whenever it is asked', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 5 }), (script, laterMinutes) => {
        const naive = new NaiveMarkets()
        const data = new MarketData()
        let folded = 0
        for (const each of script) {
          play(naive, each)
          fold(data, naive.frames, folded)
          folded = naive.frames.length
          if (each.pick % 7 === 0) expectTicker(data, naive, naive.timestampUs)
        }
        for (const minutes of laterMinutes) expectTicker(data, naive, naive.timestampUs + minutes * MINUTE_US)
      }),
      { numRuns: 50 },
    )
  })

  it('leads subscribers from one depth to the next without a gap, from the first changes after a restore on', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const naive = new NaiveMarkets()
        const data = new MarketData()
        for (const each of before) play(naive, each)
        fold(data, naive.frames)
        const restored = MarketData.restore(data.snapshot())
        restored.trackDepthChanges()
        const subscriber = restored.depth(0, Infinity, 'published')
        expect(subscriber).to.deep.equal(data.depth(0, Infinity))
        const book = { bids: new Map(subscriber.bids), asks: new Map(subscriber.asks) }
        /** One who began with the state between two publications. */
        let late = { sequence: 0, bids: new Map<bigint, bigint>(), asks: new Map<bigint, bigint>() }
        let sequence = subscriber.sequence
        let folded = naive.frames.length
        for (const each of after) {
          play(naive, each)
          fold(restored, naive.frames, folded)
          folded = naive.frames.length
          if (each.pick % 4 === 1) late = copyOf(restored.depth(0, Infinity))
          if (each.pick % 4 !== 0) continue
          const published = restored.depth(0, Infinity, 'published')
          expect(published.sequence).to.equal(sequence)
          expect(new Map(published.bids)).to.deep.equal(book.bids)
          const changes = restored.takeDepthChanges(0)
          if (changes === undefined) continue
          expect(changes.previousSequence).to.equal(sequence)
          sequence = changes.sequence
          for (const side of ['bids', 'asks'] as const) {
            for (const [price, quantity] of changes[side]) {
              for (const each of [book[side], late[side]]) {
                if (quantity === 0n) each.delete(price)
                else each.set(price, quantity)
              }
            }
          }
          const present = copyOf(restored.depth(0, Infinity))
          expect({ sequence, ...book }).to.deep.equal(present)
          if (late.sequence > 0) expect({ ...late, sequence }).to.deep.equal(present)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('keeps the last thousand trades and the last candles of each interval, and says where memory begins', () => {
    const naive = new NaiveMarkets()
    const data = new MarketData()
    const count = MAX_CANDLES + 200
    for (let i = 0; i < count; i++) {
      naive.next(MINUTE_US)
      naive.rest({ market: 0, side: 1, price: BigInt(100 + (i % 50)), leaves: 2n })
      naive.trade(naive.orders[0]!, 2n)
    }
    fold(data, naive.frames)
    expect(data.recentTrades(0, 5000).map((trade) => trade.tradeId)).to.deep.equal(Array.from({ length: MAX_RECENT_TRADES }, (_, i) => count - i))
    const all = naive.candles(0, '1m')
    expect(data.candles(0, { interval: '1m', limit: 5000 })).to.deep.equal(all.slice(-MAX_CANDLES))
    expect(data.candlesCompleteFromUs(0, '1m')).to.equal(all.at(-MAX_CANDLES)!.openTimeUs)
    expect(data.candlesCompleteFromUs(0, '1h')).to.equal(0)
    const range = { fromUs: all.at(-100)!.openTimeUs, toUs: all.at(-50)!.openTimeUs }
    expect(data.candles(0, { interval: '1m', limit: 10, ...range })).to.deep.equal(all.slice(-60, -50))
    expect(data.candles(0, { interval: '1m', limit: 100, ...range })).to.deep.equal(all.slice(-100, -50))
    const again = MarketData.restore(data.snapshot())
    expect(again.snapshot()).to.deep.equal(data.snapshot())
    expect(again.candlesCompleteFromUs(0, '1m')).to.equal(all.at(-MAX_CANDLES)!.openTimeUs)
  })

  it('tells every candle that changed since it was last asked, closed ones too', () => {
    const naive = new NaiveMarkets()
    const data = new MarketData()
    const trade = (elapsedUs: number): void => {
      const from = naive.frames.length
      naive.next(elapsedUs)
      naive.rest({ market: 0, side: 0, price: 7n, leaves: 1n })
      naive.trade(naive.orders[0]!, 1n)
      fold(data, naive.frames, from)
    }
    trade(0)
    trade(MINUTE_US)
    expect(data.takeChangedCandles(0).map(({ interval, candle }) => `${interval} ${candle.trades}`)).to.deep.equal(
      // 23:58 and 23:59: apart in seconds and minutes, together in everything longer.
      ['1s 1', '1s 1', '1m 1', '1m 1', ...CANDLE_INTERVALS.slice(2).map((interval) => `${interval} 2`)],
    )
    expect(data.takeChangedCandles(0)).to.deep.equal([])
    trade(MINUTE_US)
    const changed = data.takeChangedCandles(0)
    expect(changed.filter(({ interval }) => interval === '1m').map(({ candle }) => candle)).to.deep.equal([data.currentCandle(0, '1m')])
    expect(changed).to.have.lengthOf(CANDLE_INTERVALS.length)
  })

  it('adds volumes up beyond 64 bits', () => {
    const naive = new NaiveMarkets()
    const data = new MarketData()
    const quantity = 2n ** 60n
    for (let i = 0; i < 100; i++) {
      naive.next(1)
      naive.rest({ market: 0, side: 0, price: 1n, leaves: quantity })
      naive.trade(naive.orders[0]!, quantity)
    }
    fold(data, naive.frames)
    expect(data.currentCandle(0, '1M')?.volume).to.equal(quantity * 100n)
    expect(data.ticker(0, naive.timestampUs).quoteVolume).to.equal(quantity * 300n)
    expect(MarketData.restore(data.snapshot()).currentCandle(0, '1d')?.volume).to.equal(quantity * 100n)
  })

  it('keeps a bounded number of changes where nobody takes them, and lets subscribers see the jump', () => {
    const naive = new NaiveMarkets()
    const data = new MarketData()
    data.trackDepthChanges()
    for (let i = 1; i <= MAX_KEPT_CHANGES + 1000; i++) {
      naive.next(1)
      naive.rest({ market: 0, side: 0, price: BigInt(i), leaves: 1n })
      naive.cancel(naive.orders[0]!)
    }
    naive.next(1)
    naive.rest({ market: 0, side: 0, price: 7n, leaves: 1n })
    fold(data, naive.frames)
    const published = data.depth(0, 10, 'published')
    expect(published).to.deep.equal({ ...published, sequence: MAX_KEPT_CHANGES + 1, bids: [], asks: [] })
    const changes = data.takeDepthChanges(0)
    expect([changes?.previousSequence, changes?.sequence, changes?.bids.at(-1)]).to.deep.equal([MAX_KEPT_CHANGES + 1, naive.sequence, [7n, 1n]])
    expect(changes?.bids).to.have.length.below(MAX_KEPT_CHANGES)
  })

  it('names the markets that changed since it was last asked', () => {
    const naive = new NaiveMarkets()
    const data = new MarketData()
    naive.next(1)
    naive.rest({ market: 2, side: 0, price: 1n, leaves: 1n })
    naive.rest({ market: 0, side: 0, price: 1n, leaves: 1n })
    naive.cancel({ market: 1, side: 0, price: 1n, leaves: 1n }, false)
    fold(data, naive.frames)
    expect(data.takeTouchedMarkets()).to.deep.equal([0, 2])
    expect(data.takeTouchedMarkets()).to.deep.equal([])
  })

  it('answers for a market that no event has named, without keeping anything', () => {
    const data = new MarketData()
    const before = data.snapshot()
    expect(data.depth(7, 10)).to.deep.equal({ sequence: 0, timestampUs: 0, bids: [], asks: [] })
    expect(data.ticker(7, START_US).lastPrice).to.equal(undefined)
    expect(data.takeDepthChanges(7)).to.equal(undefined)
    expect(data.snapshot()).to.deep.equal(before)
  })

  it('refuses events that run backwards, and snapshots that are cut or of another format', () => {
    const naive = new NaiveMarkets()
    naive.next(1)
    naive.rest({ market: 0, side: 0, price: 1n, leaves: 1n })
    naive.next(1)
    naive.cancel(naive.orders[0]!)
    const data = new MarketData()
    fold(data, naive.frames)
    expect(() => data.fold(naive.frames, 0)).to.throw('an event of command 1 arrived after command 2')
    const [bytes] = data.snapshot()
    expect(() => MarketData.restore([bytes!.subarray(0, 40)])).to.throw('ends at byte 40 and needs 48')
    expect(() => MarketData.restore([new Uint8Array([...bytes!, ...bytes!])])).to.throw(`ends at byte ${bytes!.length * 2} and needs ${bytes!.length}`)
    expect(() => MarketData.restore([])).to.throw('ends at byte 0')
    expect(() => MarketData.restore([new Uint8Array(Float64Array.of(9, 0, 0, 0).buffer)])).to.throw('format 9')
  })
})

function expectTicker(data: MarketData, naive: NaiveMarkets, nowUs: number): void {
  const firstMinute = Math.floor(nowUs / MINUTE_US) - 1439
  const all = naive.trades.filter((trade) => trade.market === 0)
  const inWindow = all.filter((trade) => Math.floor(trade.timestampUs / MINUTE_US) >= firstMinute)
  const prices = inWindow.map((trade) => trade.price)
  const ticker = data.ticker(0, nowUs)
  const best = (side: number): [bigint, bigint] | undefined => naive.levels(0, side)[0]
  expect([ticker.bid, ticker.ask]).to.deep.equal([best(0), best(1)])
  expect(ticker.lastPrice).to.equal(all.at(-1)?.price)
  expect([ticker.open, ticker.trades]).to.deep.equal([prices[0], prices.length])
  const [lowest, highest] = [prices.toSorted((a, b) => (a < b ? -1 : 1))[0], prices.toSorted((a, b) => (a > b ? -1 : 1))[0]]
  expect([ticker.low, ticker.high]).to.deep.equal([lowest, highest])
  const sum = (values: bigint[]): bigint => values.reduce((total, value) => total + value, 0n)
  expect(ticker.volume).to.equal(sum(inWindow.map((trade) => trade.quantity)))
  expect(ticker.quoteVolume).to.equal(sum(inWindow.map((trade) => trade.quoteAmount)))
  expect(ticker.change).to.equal(prices.length === 0 ? undefined : prices.at(-1)! - prices[0]!)
  if (ticker.change === undefined) expect(ticker.changeBps).to.equal(undefined)
  else {
    // Half rounded away from zero: twice the error is at most the open.
    const error = ticker.change * 10_000n - ticker.changeBps! * prices[0]!
    expect((error < 0n ? -error : error) * 2n <= prices[0]!).to.equal(true)
  }
}
