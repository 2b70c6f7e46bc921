import { expect } from 'chai'
import { createEngine, encodeCommand, FrameBuffer, MarketData, type Command } from '@bourse/core'
import { RULES } from '../../../core/test/small-exchange.js'
import type { CandlesQuery } from './candles-query.js'
import { LONGEST_WINDOW_MS, windowTicker } from './window-ticker.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOON = Date.UTC(2026, 0, 15, 12)

/** A market in memory that trades at chosen times, one unit of quantity each. */
class TimedMarket {
  readonly data = new MarketData()
  private readonly engine = createEngine()
  private readonly frames = new FrameBuffer()
  private readonly events = new FrameBuffer()

  constructor() {
    this.run({ type: 'asset.define', code: 'BTC', scale: 8 }, 0)
    this.run({ type: 'asset.define', code: 'USD', scale: 6 }, 0)
    this.run({ ...RULES, type: 'market.define', symbol: 'BTC-USD', base: 'BTC', quote: 'USD', priceScale: 2, quantityScale: 3 }, 0)
    for (const account of ['ann', 'bob']) {
      this.run({ type: 'account.open', account, kind: 'user' }, 0)
      for (const asset of ['BTC', 'USD']) this.run({ type: 'ledger.transfer', requestId: `${account}-${asset}`, from: 'world', to: account, asset, amount: '1000000' }, 0)
    }
  }

  trade(price: string, atMs: number): void {
    for (const [account, side] of [['ann', 'sell'], ['bob', 'buy']] as const) this.run({ type: 'order.place', account, market: 'BTC-USD', side, orderType: 'limit', price, quantity: '0.001' }, atMs)
  }

  ticker(fromMs: number, nowMs: number): ReturnType<typeof windowTicker> {
    const candles = async ({ interval, fromMs: from = 0, toMs = Infinity, limit }: CandlesQuery) => this.data.candles(0, { interval, limit, fromUs: from * 1_000, toUs: toMs * 1_000 + 1 })
    return windowTicker(this.data, candles, { market: 0, fromMs, nowMs })
  }

  private run(command: Command, atMs: number): void {
    this.frames.clear()
    this.events.clear()
    const fault = encodeCommand(command, this.engine.catalog, this.frames)
    if (fault !== undefined) throw new Error(fault.message)
    this.frames.stamp(0, this.engine.sequence + 1, atMs * 1_000)
    this.engine.apply(this.frames, 0, this.events)
    this.data.foldAll(this.events)
  }
}

describe('The ticker of a window', () => {
  const market = new TimedMarket()
  const now = NOON + 30 * MINUTE
  before(() => {
    market.trade('90', NOON - 3 * HOUR)
    market.trade('100', NOON - HOUR - 20 * MINUTE)
    market.trade('120', NOON - HOUR + 40 * MINUTE)
    market.trade('110', NOON + 10 * MINUTE)
  })

  it('begins with a minute, wherever that lies in an hour, and ends now', async () => {
    const ticker = await market.ticker(now - 110 * MINUTE + 59_999, now)
    expect(ticker).to.include({ open: 10_000n, high: 12_000n, low: 10_000n, lastPrice: 11_000n, change: 1_000n, changeBps: 1_000n, volume: 3n, trades: 3, firstTradeId: 2, lastTradeId: 4 })
    expect([ticker.openTimeUs, ticker.closeTimeUs]).to.deep.equal([(now - 110 * MINUTE) * 1_000, now * 1_000])
    expect((await market.ticker(now - 109 * MINUTE, now)).firstTradeId).to.equal(3)
  })

  it('may lie within one hour, and span days', async () => {
    expect(await market.ticker(NOON + MINUTE, now)).to.include({ open: 11_000n, trades: 1, firstTradeId: 4 })
    expect(await market.ticker(NOON, now)).to.include({ open: 11_000n, trades: 1 })
    expect(await market.ticker(now - 7 * 24 * HOUR, now)).to.include({ open: 9_000n, low: 9_000n, trades: 4, firstTradeId: 1, quoteVolume: 420_000n })
    expect((await market.ticker(0, now)).openTimeUs).to.equal((now - LONGEST_WINDOW_MS) * 1_000)
  })

  it('without a trade knows the last price and nothing else', async () => {
    expect(await market.ticker(NOON + 11 * MINUTE, now)).to.include({ lastPrice: 11_000n, open: undefined, change: undefined, volume: 0n, trades: 0, firstTradeId: undefined, lastTradeId: 4 })
  })
})
