/** Entries with two exits: what they bought or sold so far is what the exits trade back. */
import type { RowMemory } from '../values/row-memory.js'
import { ASSET_FEE, FEE_ASSET } from '../ledger/fee-layout.js'
import { MARKET_BASE, MARKET_BASE_UNIT, MARKET_ID, MARKET_WAITING } from '../matching/market-layout.js'
import * as layout from '../matching/order-layout.js'
import { SEAT_MARKET } from '../matching/seat-layout.js'
import type { SpecialOrder } from './special-order.js'

/** One bracket, as long as its entry lives or has fills that the exits do not know of. */
export interface Bracket {
  /** Order id of the entry. */
  readonly entryId: number
  /** Row of the market. */
  readonly market: number
  /** Whether the exits wait until the entry is filled in full. */
  readonly complete: boolean
  /** The exits as they will be, without a quantity. */
  readonly takeProfit: SpecialOrder
  readonly stopLoss: SpecialOrder
  /** Order ids of the exits, 0 before they start. */
  takeProfitId: number
  stopLossId: number
  /** Quantity units that the exits got so far. */
  covered: bigint
  /** Of an entry that is gone; before, its row tells. `opened` is what {@link Brackets.openedBy} said. */
  gone: { readonly opened: bigint; readonly inFull: boolean } | undefined
}

export class Brackets {
  /** By the order id of the entry, in ascending order. */
  readonly all = new Map<number, Bracket>()
  /** By the order ids of the exits. */
  private readonly byExit = new Map<number, Bracket>()
  /** Entries that traded or ended since the exits were last fitted. */
  private readonly touched = new Set<number>()

  constructor(private readonly memory: RowMemory) {}

  /** Watches an entry. */
  open(bracket: Bracket): void {
    this.all.set(bracket.entryId, bracket)
    this.watch(bracket.market, 1)
    if (bracket.takeProfitId !== 0) this.link(bracket, bracket.takeProfitId, bracket.stopLossId)
  }

  /** Notes the exits of a bracket. */
  link(bracket: Bracket, takeProfitId: number, stopLossId: number): void {
    bracket.takeProfitId = takeProfitId
    bracket.stopLossId = stopLossId
    this.byExit.set(takeProfitId, bracket)
    this.byExit.set(stopLossId, bracket)
  }

  /** The bracket that an exit belongs to. */
  ofExit(order: number): Bracket | undefined {
    return this.byExit.size === 0 ? undefined : this.byExit.get(this.memory.f64[order + layout.ORDER_ID]!)
  }

  ofEntry(order: number): Bracket | undefined {
    return this.all.get(this.memory.f64[order + layout.ORDER_ID]!)
  }

  /** An entry has traded. */
  touch(order: number): void {
    this.touched.add(this.memory.f64[order + layout.ORDER_ID]!)
  }

  /** The row of an entry is about to be freed: what it traded is written down. */
  leave(order: number): void {
    const bracket = this.ofEntry(order)
    if (bracket === undefined) return
    const { i32, i64 } = this.memory
    const isByQuote = (i32[order * 2 + layout.ORDER_FLAGS]! & layout.BY_QUOTE) !== 0
    const wanted = i64[order + layout.ORDER_QUANTITY]!
    bracket.gone = { opened: this.openedBy(order), inFull: isByQuote ? i64[order + layout.ORDER_FILLED_QUOTE] === wanted : i64[order + layout.ORDER_FILLED] === wanted }
    this.touch(order)
  }

  /** What the exits have to trade back, base units: what the entry sold, or received and did not pay away in fees. */
  openedBy(order: number): bigint {
    const { i32, i64 } = this.memory
    const market = i32[i32[order * 2 + layout.ORDER_SEAT]! * 2 + SEAT_MARKET]!
    const filled = i64[order + layout.ORDER_FILLED]! * i64[market + MARKET_BASE_UNIT]!
    // A sale pays its fee out of its proceeds.
    if ((i32[order * 2 + layout.ORDER_ENUMS]! & 0xff) === layout.SELL) return filled
    const received = filled - i64[order + layout.ORDER_FEE]!
    if ((i32[order * 2 + layout.ORDER_FLAGS]! & layout.SPECIAL_FEES) === 0) return received
    // A fee in a chosen asset is no part of the order's own, even where the asset is the one that it buys.
    const terms = i32[order * 2 + layout.ORDER_SCHEDULE]!
    return i32[terms * 2 + FEE_ASSET]! - 1 === i32[market * 2 + MARKET_BASE] ? received - i64[terms + ASSET_FEE]! : received
  }

  /** The brackets of a market to fit exits to: those that were touched, or all; oldest first. */
  take(market: number, every: boolean): readonly Bracket[] {
    const found: Bracket[] = []
    for (const bracket of this.all.values()) {
      if (bracket.market === market && (every || this.touched.has(bracket.entryId))) found.push(bracket)
    }
    this.touched.clear()
    return found
  }

  get hasTouched(): boolean {
    return this.touched.size > 0
  }

  /** Forgets a bracket; its exits, if there are any, go on as a pair. */
  close(bracket: Bracket): void {
    this.all.delete(bracket.entryId)
    this.byExit.delete(bracket.takeProfitId)
    this.byExit.delete(bracket.stopLossId)
    this.watch(bracket.market, -1)
  }

  /** A market with brackets looks at its trades as one with waiting orders does. */
  private watch(market: number, change: number): void {
    const { i32 } = this.memory
    i32[market * 2 + MARKET_WAITING] = i32[market * 2 + MARKET_WAITING]! + change
  }

  /** Number of the market of a bracket. */
  marketId(bracket: Bracket): number {
    return this.memory.i32[bracket.market * 2 + MARKET_ID]!
  }
}
