/** What the public sees of the markets, folded from the engine's events: depth, trades, candles, tickers. No clock. */
import type { FrameBuffer } from '../values/frames.js'
import type { ImageMemory } from '../values/memory-image.js'
import {
  isAuctionTrade,
  askPriceAt,
  bidPriceAt,
  AMENDED_OLD_LEAVES,
  AMENDED_OLD_PRICE,
  CANCELLED_DISPLAYED,
  CANCELLED_QUANTITY,
  EVENT_BYTES,
  MARKET_DEFINED,
  ORDER_AMENDED,
  ORDER_CANCELLED,
  ORDER_EXPIRED,
  ORDER_REDUCED,
  ORDER_REFRESHED,
  ORDER_ACCEPTED,
  ORDER_RESTED,
  REDUCED_DISPLAYED,
  REDUCED_QUANTITY,
  RESTED_DISPLAYED,
  STATE_LEAVES_QUANTITY,
  STATE_PRICE,
  STATE_RESTED,
  STATE_SIDE,
  TRADE_EXECUTED,
  TRADE_PRICE,
  TRADE_QUANTITY,
  TRADE_QUOTE_AMOUNT,
  TRADE_TAKER_SIDE,
} from '../domain/frames/event-frames.js'
import type { CandleInterval } from './candle-interval.js'
import type { Candle } from './candle.js'
import type { BestPrices, Depth, DepthChanges } from './depth-book.js'
import type { DepthView } from './depth-levels.js'
import type { ChangedCandle } from './market-candles.js'
import { marketDataBytes, MarketRecord, readMarketData, writeMarketData } from './market-data-snapshot.js'
import { makeTicker, type Ticker } from './ticker.js'
import type { PublicTrade } from './trade-ring.js'

/** Frames of these sizes tell of orders that hide nothing; those of icebergs are longer. */
const RESTED_BYTES = EVENT_BYTES[ORDER_RESTED]!
const CANCELLED_BYTES = EVENT_BYTES[ORDER_CANCELLED]!
const REDUCED_BYTES = EVENT_BYTES[ORDER_REDUCED]!

/** Place of `buy` in `SIDES`: the byte of a side in a frame. */
const BUY = 0
/** Room for snapshots to grow into, beyond twice their present length. */
const SNAPSHOT_ROOM_BYTES = 4 << 20

/** Answers for a market without events. */
const NEW_MARKET = new MarketRecord()

export interface CandleQuery {
  readonly interval: CandleInterval
  /** The newest so many. */
  readonly limit: number
  /** Open times from here on. */
  readonly fromUs?: number
  /** Open times before this. */
  readonly toUs?: number
}

/**
 * A fold of event frames: the same events in the same order give the same answers, on any machine,
 * and whether or not a snapshot lay between.
 *
 * Markets are named by their number; one that no event has named yet answers like one without orders and trades.
 *
 * @example
 * const data = new MarketData()
 * data.foldAll(events)
 * data.depth(0, 20).bids // [[price, quantity], ...] best first
 */
export class MarketData {
  private lastSequence = 0
  private lastTimestampUs = 0
  private readonly markets: MarketRecord[] = []
  private tracksDepth = false

  /** Continues from what {@link MarketData.snapshot} gave; events up to its sequence must not be folded again. */
  static restore(parts: readonly Uint8Array[]): MarketData {
    const state = readMarketData(parts[0] ?? new Uint8Array())
    const data = new MarketData()
    data.lastSequence = state.sequence
    data.lastTimestampUs = state.timestampUs
    for (const record of state.markets) data.markets.push(record)
    return data
  }

  /** Sequence of the last command of which an event was folded, 0 at first. */
  get sequence(): number {
    return this.lastSequence
  }

  /** Timestamp of that command. */
  get timestampUs(): number {
    return this.lastTimestampUs
  }

  /** Folds the event at `offset`; see {@link foldAll}. */
  fold(frames: FrameBuffer, offset: number): void {
    this.foldAll(frames, offset, offset + frames.size(offset))
  }

  /**
   * Folds the events from one offset to another, by default all. Answers are right once all events of a command were folded.
   *
   * @throws Error when events run backwards or take from a level that does not hold so much: faults of the caller.
   */
  foldAll(frames: FrameBuffer, from = 0, to = frames.length): void {
    const { u8, u16, f64 } = frames
    for (let offset = from; offset < to; offset += u16[offset >> 1]!) {
      const word = offset >> 3
      const sequence = f64[word + 1]!
      if (sequence < this.lastSequence) throw new Error(`Market data: an event of command ${sequence} arrived after command ${this.lastSequence}. Fold the events once and in order.`)
      this.lastSequence = sequence
      this.lastTimestampUs = f64[word + 2]!
      const type = u8[offset + 2]!
      if (type === TRADE_EXECUTED) this.trade(frames, offset)
      else if (type === ORDER_ACCEPTED) {
        if (u8[offset + STATE_RESTED] === 1) this.grow(frames, offset, STATE_LEAVES_QUANTITY)
      } else this.foldOther(frames, offset, type)
    }
  }

  private foldOther(frames: FrameBuffer, offset: number, type: number): void {
    switch (type) {
      case MARKET_DEFINED:
        this.record(frames.market(offset))
        return
      case ORDER_RESTED:
      case ORDER_REFRESHED:
        this.grow(frames, offset, frames.size(offset) === RESTED_BYTES ? STATE_LEAVES_QUANTITY : RESTED_DISPLAYED)
        return
      case ORDER_CANCELLED:
      case ORDER_EXPIRED:
        if (frames.u8[offset + STATE_RESTED] === 1) this.shrink(frames, offset, STATE_PRICE, frames.size(offset) === CANCELLED_BYTES ? CANCELLED_QUANTITY : CANCELLED_DISPLAYED)
        return
      case ORDER_REDUCED:
        if (frames.u8[offset + STATE_RESTED] === 1) this.shrink(frames, offset, STATE_PRICE, frames.size(offset) === REDUCED_BYTES ? REDUCED_QUANTITY : REDUCED_DISPLAYED)
        return
      case ORDER_AMENDED:
        if (frames.u8[offset + STATE_RESTED] === 1) this.shrink(frames, offset, AMENDED_OLD_PRICE, AMENDED_OLD_LEAVES)
        return
      default:
        return
    }
  }

  /**
   * The best `limit` levels of each side.
   *
   * `current` is the state after the last event; `published` the state after the last
   * {@link MarketData.takeDepthChanges}: give subscribers this one, its sequence is the
   * `previousSequence` of the changes that follow.
   */
  depth(market: number, limit: number, view: DepthView = 'current'): Depth {
    return (this.markets[market] ?? NEW_MARKET).book.read(limit, view)
  }

  best(market: number): BestPrices {
    return (this.markets[market] ?? NEW_MARKET).book.best()
  }

  /** Keeps the changes of depth from here on: call it once the journal has been replayed, before the first subscriber. */
  trackDepthChanges(): void {
    this.tracksDepth = true
    for (const { book } of this.markets) book.track()
  }

  /**
   * What leads from the last taken depth to the present one; undefined when no command changed it
   * since. The first changes lead from the depth at {@link MarketData.trackDepthChanges}. Sequences
   * are those of commands, so they mean the same after a restart.
   */
  takeDepthChanges(market: number): DepthChanges | undefined {
    return this.markets[market]?.book.take()
  }

  /** Newest first, at most the last 1,000; with `beforeId` only older ones. */
  recentTrades(market: number, limit: number, beforeId?: number): PublicTrade[] {
    return (this.markets[market] ?? NEW_MARKET).trades.newest(limit, beforeId)
  }

  /** Trades with a higher id, oldest first, as far as they are among the last 1,000. */
  tradesAfter(market: number, tradeId: number): PublicTrade[] {
    return (this.markets[market] ?? NEW_MARKET).trades.after(tradeId)
  }

  /** Oldest first, among the last 1,500 of the interval; intervals without a trade have none. */
  candles(market: number, query: CandleQuery): Candle[] {
    return (this.markets[market] ?? NEW_MARKET).candles.of(query.interval).read(query.limit, query.fromUs, query.toUs)
  }

  /** No candle that opened at or after this instant is missing in memory; 0 while none has been dropped. */
  candlesCompleteFromUs(market: number, interval: CandleInterval): number {
    return (this.markets[market] ?? NEW_MARKET).candles.of(interval).completeFromUs()
  }

  /** The newest candle of an interval. */
  currentCandle(market: number, interval: CandleInterval): Candle | undefined {
    return this.candles(market, { interval, limit: 1 })[0]
  }

  /** The candles of all intervals that are new or changed since the last call, oldest first in each. */
  takeChangedCandles(market: number): ChangedCandle[] {
    return this.markets[market]?.candles.takeChanged() ?? []
  }

  /** The last 24 h as they are at `nowUs`, in whole minutes. */
  ticker(market: number, nowUs: number): Ticker {
    const { trades, book, candles, ticker } = this.markets[market] ?? NEW_MARKET
    return makeTicker({
      sequence: this.lastSequence,
      timestampUs: nowUs,
      lastPrice: trades.lastPrice,
      best: book.best(),
      day: ticker.read(candles.of('1m'), nowUs),
    })
  }

  /** The markets whose depth or trades changed since the last call, in ascending order: those for which there is something to take. */
  takeTouchedMarkets(): number[] {
    const markets: number[] = []
    for (const [market, record] of this.markets.entries()) {
      if (record.touched) markets.push(market)
      record.touched = false
    }
    return markets
  }

  /**
   * The whole state for {@link MarketData.restore}; equal states give equal bytes. Call between commands.
   *
   * @param memory where to; the bytes are overwritten by the next snapshot that is taken into it. By default they last.
   */
  snapshot(memory?: ImageMemory): Uint8Array[] {
    return [writeMarketData({ sequence: this.lastSequence, timestampUs: this.lastTimestampUs, markets: this.markets }, memory)]
  }

  /** Gets the memory for {@link MarketData.snapshot} ready, a little at each step. */
  prepareSnapshot(memory: ImageMemory): Iterable<void> {
    const bytes = marketDataBytes(this.markets)
    return memory.prepare([{ bytes, capacity: SNAPSHOT_ROOM_BYTES + 2 * bytes }])
  }

  private trade(frames: FrameBuffer, offset: number): void {
    const record = this.change(frames, offset)
    const { book } = record
    if (isAuctionTrade(frames, offset)) {
      book.bids.remove(frames.u32, frames.i64, offset + bidPriceAt(frames, offset), offset + TRADE_QUANTITY)
      book.asks.remove(frames.u32, frames.i64, offset + askPriceAt(frames, offset), offset + TRADE_QUANTITY)
    } else {
      const makers = frames.u8[offset + TRADE_TAKER_SIDE] === BUY ? book.asks : book.bids
      makers.remove(frames.u32, frames.i64, offset + TRADE_PRICE, offset + TRADE_QUANTITY)
    }
    record.trades.add(frames, offset)
    const word = offset >> 3
    record.candles.add(frames.timestampUs(offset), frames.i64, word + (TRADE_PRICE >> 3), word + (TRADE_QUANTITY >> 3), word + (TRADE_QUOTE_AMOUNT >> 3))
  }

  private grow(frames: FrameBuffer, offset: number, quantityAt: number): void {
    const { book } = this.change(frames, offset)
    const levels = frames.u8[offset + STATE_SIDE] === BUY ? book.bids : book.asks
    levels.add(frames.u32, frames.i64, offset + STATE_PRICE, offset + quantityAt)
  }

  private shrink(frames: FrameBuffer, offset: number, priceAt: number, quantityAt: number): void {
    const { book } = this.change(frames, offset)
    const levels = frames.u8[offset + STATE_SIDE] === BUY ? book.bids : book.asks
    levels.remove(frames.u32, frames.i64, offset + priceAt, offset + quantityAt)
  }

  /** The market of a frame that changes its book. */
  private change(frames: FrameBuffer, offset: number): MarketRecord {
    const record = this.record(frames.market(offset))
    record.touched = true
    record.book.touch(this.lastSequence, this.lastTimestampUs)
    return record
  }

  private record(market: number): MarketRecord {
    while (this.markets.length <= market) {
      const record = new MarketRecord()
      if (this.tracksDepth) record.book.track()
      this.markets.push(record)
    }
    return this.markets[market]!
  }
}
