/** The newest trades of one market. */
import type { FrameBuffer } from '../values/frames.js'
import type { Side } from '../domain/vocabulary.js'
import { TRADE_ID, TRADE_PRICE, TRADE_QUANTITY, TRADE_QUOTE_AMOUNT, TRADE_TAKER_SIDE } from '../domain/frames/event-frames.js'
import { RowRing } from './row-ring.js'

/** Trades kept in memory for each market. */
export const MAX_RECENT_TRADES = 1000

/** A trade as the public sees it; integers in the units of `TradeExecuted`. */
export interface PublicTrade {
  readonly tradeId: number
  readonly sequence: number
  readonly timestampUs: number
  readonly price: bigint
  readonly quantity: bigint
  readonly quoteAmount: bigint
  readonly takerSide: Side
}

const TRADE_WORDS = 7
const ID = 0
const SEQUENCE = 1
const TIMESTAMP = 2
const PRICE = 3
const QUANTITY = 4
const QUOTE_AMOUNT = 5
/** 0 buy, 1 sell. */
const TAKER_SIDE = 6

export class TradeRing {
  readonly ring = new RowRing(TRADE_WORDS, MAX_RECENT_TRADES)

  /** Adds the `trade.executed` frame at `offset`. */
  add(frames: FrameBuffer, offset: number): void {
    const { ring } = this
    const at = ring.push()
    const word = offset >> 3
    ring.f64[at + ID] = frames.f64[word + (TRADE_ID >> 3)]!
    ring.f64[at + SEQUENCE] = frames.sequence(offset)
    ring.f64[at + TIMESTAMP] = frames.timestampUs(offset)
    ring.i64[at + PRICE] = frames.i64[word + (TRADE_PRICE >> 3)]!
    ring.i64[at + QUANTITY] = frames.i64[word + (TRADE_QUANTITY >> 3)]!
    ring.i64[at + QUOTE_AMOUNT] = frames.i64[word + (TRADE_QUOTE_AMOUNT >> 3)]!
    ring.f64[at + TAKER_SIDE] = frames.u8[offset + TRADE_TAKER_SIDE]!
  }

  get lastPrice(): bigint | undefined {
    return this.ring.count === 0 ? undefined : this.ring.i64[this.ring.at(this.ring.count - 1) + PRICE]!
  }

  /** The newest `limit` trades with an id below `beforeId`, newest first. */
  newest(limit: number, beforeId = Infinity): PublicTrade[] {
    const trades: PublicTrade[] = []
    for (let i = this.ring.count - 1; i >= 0 && trades.length < limit; i--) {
      if (this.id(i) < beforeId) trades.push(this.trade(i))
    }
    return trades
  }

  /** The trades with an id above `tradeId`, oldest first, as far as they are still held. */
  after(tradeId: number): PublicTrade[] {
    let start = this.ring.count
    while (start > 0 && this.id(start - 1) > tradeId) start--
    const trades: PublicTrade[] = []
    for (let i = start; i < this.ring.count; i++) trades.push(this.trade(i))
    return trades
  }

  private id(index: number): number {
    return this.ring.f64[this.ring.at(index) + ID]!
  }

  private trade(index: number): PublicTrade {
    const { i64, f64 } = this.ring
    const at = this.ring.at(index)
    return {
      tradeId: f64[at + ID]!,
      sequence: f64[at + SEQUENCE]!,
      timestampUs: f64[at + TIMESTAMP]!,
      price: i64[at + PRICE]!,
      quantity: i64[at + QUANTITY]!,
      quoteAmount: i64[at + QUOTE_AMOUNT]!,
      takerSide: f64[at + TAKER_SIDE] === 0 ? 'buy' : 'sell',
    }
  }
}
