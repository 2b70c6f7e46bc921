/** Compares what the exchange did with what the venue did, update by update and trade by trade, and keeps the count. */
import {
  CANCELLED_QUANTITY,
  COMMAND_REJECTED,
  ORDER_CANCELLED,
  ORDER_EXPIRED,
  ORDER_REDUCED,
  ORDER_RESTED,
  restedAtOnce,
  PARTY_ACCOUNT,
  REDUCED_QUANTITY,
  REJECT_CODES,
  RESULT_CODE,
  STATE_LEAVES_QUANTITY,
  STATE_PRICE,
  STATE_RESTED,
  STATE_SIDE,
  TRADE_EXECUTED,
  TRADE_MAKER,
  TRADE_PRICE,
  TRADE_QUANTITY,
  TRADE_TAKER_SIDE,
  type FrameBuffer,
  type LiveOrder,
  type Side,
} from '@bourse/core'
import { BookSide, type UnitLevel } from './captured-book.js'

/** The best level of each side; undefined where there is none. */
export interface BestLevels {
  readonly bid: UnitLevel | undefined
  readonly ask: UnitLevel | undefined
}

const BUY = 0

/** The quotes as the engine's events tell them, and what else happened in a range of events. */
export class QuotedBook {
  private readonly bids = new BookSide('buy')
  private readonly asks = new BookSide('sell')

  constructor(private readonly isOurs: (account: number) => boolean) {}

  adopt(orders: readonly LiveOrder[]): void {
    this.bids.clear()
    this.asks.clear()
    for (const order of orders) this.side(order.side).change(Number(order.price), Number(order.leavesQuantity))
  }

  best(): BestLevels {
    return { bid: this.bids.best(), ask: this.asks.best() }
  }

  private side(side: Side): BookSide {
    return side === 'buy' ? this.bids : this.asks
  }

  /** Folds the events between two offsets. */
  fold(events: FrameBuffer, from: number, to: number): FoldedEvents {
    const folded: FoldedEvents = { fills: [], reject: undefined }
    for (let offset = from; offset < to; offset += events.size(offset)) {
      const type = events.type(offset)
      if (type === COMMAND_REJECTED) folded.reject = REJECT_CODES[events.u8[offset + RESULT_CODE]!]
      else if (type === TRADE_EXECUTED) this.foldTrade(events, offset, folded)
      else if (this.isOurs(events.account(offset))) this.foldOrder(events, offset, type)
    }
    return folded
  }

  private foldTrade(events: FrameBuffer, offset: number, folded: FoldedEvents): void {
    const price = Number(events.i64[(offset + TRADE_PRICE) >> 3]!)
    const quantity = Number(events.i64[(offset + TRADE_QUANTITY) >> 3]!)
    const ours = this.isOurs(events.u32[(offset + TRADE_MAKER + PARTY_ACCOUNT) >> 2]!)
    const makers = events.u8[offset + TRADE_TAKER_SIDE] === BUY ? this.asks : this.bids
    if (ours) makers.change(price, -quantity)
    folded.fills.push({ price, quantity, ours })
  }

  private foldOrder(events: FrameBuffer, offset: number, type: number): void {
    const side = events.u8[offset + STATE_SIDE] === BUY ? this.bids : this.asks
    const number = (at: number): number => Number(events.i64[(offset + at) >> 3]!)
    if (type === ORDER_RESTED || restedAtOnce(events, offset)) side.change(number(STATE_PRICE), number(STATE_LEAVES_QUANTITY))
    else if ((type === ORDER_CANCELLED || type === ORDER_EXPIRED) && events.u8[offset + STATE_RESTED] === 1) side.change(number(STATE_PRICE), -number(CANCELLED_QUANTITY))
    else if (type === ORDER_REDUCED && events.u8[offset + STATE_RESTED] === 1) side.change(number(STATE_PRICE), -number(REDUCED_QUANTITY))
  }
}

export interface FoldedEvents {
  readonly fills: { readonly price: number; readonly quantity: number; readonly ours: boolean }[]
  reject: string | undefined
}

/** Something that did not come out as captured. Lists are cut at {@link MAX_LISTED}; the counts are not. */
export interface VenueDifference {
  readonly file: string
  readonly line: number
  readonly what: string
  readonly reason: string
}

export const MAX_LISTED = 1_000

/** Counts outcomes by reason and lists the first differences. */
export class OutcomeCount {
  checked = 0
  equal = 0
  readonly byReason: Record<string, number> = {}
  readonly listed: VenueDifference[] = []

  pass(): void {
    this.checked += 1
    this.equal += 1
  }

  fail(difference: VenueDifference): void {
    this.checked += 1
    this.byReason[difference.reason] = (this.byReason[difference.reason] ?? 0) + 1
    if (this.listed.length < MAX_LISTED) this.listed.push(difference)
  }
}

export function samePrices(a: BestLevels, b: BestLevels): boolean {
  return a.bid?.[0] === b.bid?.[0] && a.ask?.[0] === b.ask?.[0]
}

export function sameQuantities(a: BestLevels, b: BestLevels): boolean {
  return a.bid?.[1] === b.bid?.[1] && a.ask?.[1] === b.ask?.[1]
}
