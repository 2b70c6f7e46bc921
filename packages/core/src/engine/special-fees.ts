/**
 * Orders whose fee is not simply kept back from what they receive: those of a maker that gets a rebate.
 * Such orders have fee terms of their own, and a trade in which one takes part is paid here.
 */
import { NONE_16, NONE_32 } from '../values/frames.js'
import { RowPool, type RowMemory } from '../values/row-memory.js'
import * as event from '../domain/event-frames.js'
import * as frame from '../domain/fee-frames.js'
import type { Balances } from '../ledger/balances.js'
import { AVAILABLE, HELD } from '../ledger/balance-layout.js'
import { MAKER_RATE, TAKER_RATE, TERMS_LINK, TERMS_WORDS } from '../ledger/fee-layout.js'
import { chargeFee, rebateOf, type FeeSchedules } from '../ledger/fees.js'
import type { FeeTiers } from '../ledger/fee-tiers.js'
import * as market from '../matching/market-layout.js'
import * as orders from '../matching/order-layout.js'
import { BASE_AMOUNT, BUYER_FEE, FREED, QUANTITY, QUOTE_AMOUNT } from '../matching/registers.js'
import { SEAT_ACCOUNT, SEAT_BASE, SEAT_MARKET, SEAT_MARKET_ID, SEAT_QUOTE } from '../matching/seat-layout.js'
import type { Accounts } from './accounts.js'
import type { EventWriter } from './event-writer.js'

/** The tables that special fees work on. */
export interface FeeTables {
  readonly memory: RowMemory
  readonly accounts: Accounts
  readonly balances: Balances
  readonly schedules: FeeSchedules
  readonly tiers: FeeTiers
  readonly out: EventWriter
}

/** What one party of a trade is charged. */
interface Charge {
  readonly order: number
  /** Units of the received asset. */
  readonly fee: bigint
  /** Balance row of the fees account that gets it. */
  readonly feesRow: number
  /** Units of the received asset, the fee included. */
  readonly received: bigint
}

export class SpecialFees {
  /** Fee terms of live orders. */
  readonly terms: RowPool
  private readonly memory: RowMemory

  constructor(private readonly tables: FeeTables) {
    this.memory = tables.memory
    this.terms = new RowPool(tables.memory, TERMS_WORDS, TERMS_LINK)
  }

  /**
   * Gives an order that is being accepted the rates of its account's tier in its market: the tier's own there, else the
   * tier's for all markets, else the market's. Where they include a rebate, the order gets fee terms of its own.
   */
  attach(order: number, account: number, marketRow: number): void {
    const { i32 } = this.memory
    const { accounts, schedules, tiers } = this.tables
    const tier = accounts.feeTier(account)
    const schedule = tiers.schedule(tier, i32[marketRow * 2 + market.MARKET_ID]!) || i32[marketRow * 2 + market.MARKET_SCHEDULE]!
    i32[order * 2 + orders.ORDER_SCHEDULE] = schedule
    if (schedules.makerPpm(schedule) < 0) this.open(order, schedule)
  }

  /** Gives an order fee terms of its own, with the rates of a schedule. @returns their row. */
  open(order: number, schedule: number): number {
    const row = this.terms.take()
    const { i32, i64, f64 } = this.memory
    f64.fill(0, row, row + TERMS_WORDS)
    i64[row + MAKER_RATE] = i64[schedule + MAKER_RATE]!
    i64[row + TAKER_RATE] = i64[schedule + TAKER_RATE]!
    i32[order * 2 + orders.ORDER_SCHEDULE] = row
    i32[order * 2 + orders.ORDER_FLAGS] = i32[order * 2 + orders.ORDER_FLAGS]! | orders.SPECIAL_FEES
    return row
  }

  /** Frees the fee terms of an order that is gone. */
  detach(order: number): void {
    this.terms.release(this.memory.i32[order * 2 + orders.ORDER_SCHEDULE]!)
  }

  /**
   * Pays the trade whose quantity and amounts stand in the registers, where `Clearing.trade` has put them: the principal in full, then the fee of the taker
   * and that of the maker out of what each received, then the rebate of the maker out of the taker's fee.
   */
  trade(taker: number, maker: number): void {
    const { i32 } = this.memory
    const takerBuys = (i32[taker * 2 + orders.ORDER_ENUMS]! & 0xff) === orders.BUY
    this.payPrincipal(takerBuys ? taker : maker, takerBuys ? maker : taker)
    const takerCharge = this.charge(taker, TAKER_RATE)
    const makerCharge = this.charge(maker, MAKER_RATE)
    const rebate = this.rebate(maker, takerCharge)
    this.move(takerCharge.feesRow, takerCharge.fee - rebate)
    this.move(makerCharge.feesRow, makerCharge.fee)
    this.writeTrade(takerCharge, makerCharge, rebate)
  }

  private payPrincipal(buyer: number, seller: number): void {
    const { i32, i64 } = this.memory
    const [quote, base, freed] = [i64[QUOTE_AMOUNT]!, i64[BASE_AMOUNT]!, i64[FREED]!]
    for (const order of [buyer, seller]) this.add(order + orders.ORDER_FILLED_QUOTE, quote)
    this.add(buyer + orders.ORDER_HELD, -quote - freed)
    this.add(seller + orders.ORDER_HELD, -base)
    const buyerSeat = i32[buyer * 2 + orders.ORDER_SEAT]! * 2
    const sellerSeat = i32[seller * 2 + orders.ORDER_SEAT]! * 2
    this.add(i32[buyerSeat + SEAT_QUOTE]! + HELD, -quote - freed)
    this.add(i32[buyerSeat + SEAT_QUOTE]! + AVAILABLE, freed)
    this.add(i32[sellerSeat + SEAT_BASE]! + HELD, -base)
    this.add(i32[buyerSeat + SEAT_BASE]! + AVAILABLE, base)
    this.add(i32[sellerSeat + SEAT_QUOTE]! + AVAILABLE, quote)
  }

  /** Takes the fee of a party from what it received. */
  private charge(order: number, rate: number): Charge {
    const { i32, i64 } = this.memory
    const isBuy = (i32[order * 2 + orders.ORDER_ENUMS]! & 0xff) === orders.BUY
    const amount = isBuy ? BASE_AMOUNT : QUOTE_AMOUNT
    const seat = i32[order * 2 + orders.ORDER_SEAT]! * 2
    const feesRow = i32[i32[seat + SEAT_MARKET]! * 2 + (isBuy ? market.MARKET_FEES_BASE : market.MARKET_FEES_QUOTE)]!
    const terms = i32[order * 2 + orders.ORDER_SCHEDULE]!
    if (i64[terms + rate]! <= 0n) return { order, fee: 0n, feesRow, received: i64[amount]! }
    chargeFee(i64, order + orders.ORDER_FEE_FRACTION, amount, terms + rate, BUYER_FEE)
    const fee = i64[BUYER_FEE]!
    this.add(order + orders.ORDER_FEE, fee)
    this.move(i32[seat + (isBuy ? SEAT_BASE : SEAT_QUOTE)]!, -fee)
    return { order, fee, feesRow, received: i64[amount]! }
  }

  /** Pays the maker its rebate on what the taker received, never more than the taker's fee. @returns the rebate. */
  private rebate(maker: number, taker: Charge): bigint {
    const { i32, i64 } = this.memory
    const rate = i64[i32[maker * 2 + orders.ORDER_SCHEDULE]! + MAKER_RATE]!
    if (rate >= 0n) return 0n
    const rebate = rebateOf(taker.received, -rate, taker.fee)
    const takerBuys = (i32[taker.order * 2 + orders.ORDER_ENUMS]! & 0xff) === orders.BUY
    this.move(i32[i32[maker * 2 + orders.ORDER_SEAT]! * 2 + (takerBuys ? SEAT_BASE : SEAT_QUOTE)]!, rebate)
    return rebate
  }

  private writeTrade(taker: Charge, maker: Charge, rebate: bigint): void {
    const { i32, i64: cells, f64: doubles } = this.memory
    const seat = i32[taker.order * 2 + orders.ORDER_SEAT]! * 2
    const offset = this.tables.out.beginLong(event.TRADE_EXECUTED, frame.SPECIAL_TRADE_BYTES, { account: NONE_32, market: i32[seat + SEAT_MARKET_ID]!, asset: NONE_16 })
    const { frames } = this.tables.out
    const { u8, f64, i64 } = frames
    f64[(offset + event.TRADE_ID) >> 3] = doubles[i32[seat + SEAT_MARKET]! + market.MARKET_LAST_TRADE]!
    u8[offset + event.TRADE_TAKER_SIDE] = i32[taker.order * 2 + orders.ORDER_ENUMS]! & 0xff
    u8[offset + event.TRADE_MAKER_DONE] = this.isDone(maker.order) ? 1 : 0
    u8[offset + event.TRADE_TAKER_DONE] = this.isDone(taker.order) ? 1 : 0
    u8[offset + event.TRADE_HAS_SPECIAL_FEES] = 1
    i64[(offset + event.TRADE_PRICE) >> 3] = cells[maker.order + orders.ORDER_PRICE]!
    i64[(offset + event.TRADE_QUANTITY) >> 3] = cells[QUANTITY]!
    i64[(offset + event.TRADE_QUOTE_AMOUNT) >> 3] = cells[QUOTE_AMOUNT]!
    this.writeParty(offset + event.TRADE_MAKER, maker)
    this.writeParty(offset + event.TRADE_TAKER, taker)
    frame.writeSpecialFee(frames, offset + frame.SPECIAL_FEE_MAKER, { rebate })
    frame.writeSpecialFee(frames, offset + frame.SPECIAL_FEE_TAKER, { rebate: 0n })
  }

  private writeParty(at: number, { order, fee }: Charge): void {
    const { i32, i64: cells, f64: doubles } = this.memory
    const { u32, f64, i64 } = this.tables.out.frames
    f64[(at + event.PARTY_ORDER_ID) >> 3] = doubles[order + orders.ORDER_ID]!
    i64[(at + event.PARTY_FEE) >> 3] = fee
    i64[(at + event.PARTY_FILLED_QUANTITY) >> 3] = cells[order + orders.ORDER_FILLED]!
    i64[(at + event.PARTY_LEAVES_QUANTITY) >> 3] = cells[order + orders.ORDER_LEAVES]!
    i64[(at + event.PARTY_FILLED_QUOTE) >> 3] = cells[order + orders.ORDER_FILLED_QUOTE]!
    i64[(at + event.PARTY_TOTAL_FEE) >> 3] = cells[order + orders.ORDER_FEE]!
    // Only a buyer can have held more than it paid.
    i64[(at + event.PARTY_RELEASED) >> 3] = (i32[order * 2 + orders.ORDER_ENUMS]! & 0xff) === orders.BUY ? cells[FREED]! : 0n
    u32[(at + event.PARTY_ACCOUNT) >> 2] = i32[i32[order * 2 + orders.ORDER_SEAT]! * 2 + SEAT_ACCOUNT]!
  }

  private isDone(order: number): boolean {
    const { i32, i64 } = this.memory
    if ((i32[order * 2 + orders.ORDER_FLAGS]! & orders.BY_QUOTE) === 0) return i64[order + orders.ORDER_LEAVES]! === 0n
    return i64[order + orders.ORDER_FILLED_QUOTE]! === i64[order + orders.ORDER_QUANTITY]!
  }

  /** Changes what is available in a balance row. */
  private move(row: number, amount: bigint): void {
    this.add(row + AVAILABLE, amount)
  }

  private add(cell: number, amount: bigint): void {
    const { i64 } = this.memory
    i64[cell] = i64[cell]! + amount
  }
}
