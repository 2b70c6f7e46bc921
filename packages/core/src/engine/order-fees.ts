/**
 * The fees of orders as they are fixed at acceptance, and the fee terms of orders that pay or get other than the plain
 * fee: a rebate, a fee in a chosen asset, a share for a referrer. What a trade then charges stands in `special-trades.ts`.
 */
import type { FrameBuffer } from '../values/frames.js'
import { RowPool, type RowMemory } from '../values/row-memory.js'
import * as event from '../domain/frames/event-frames.js'
import * as frame from '../domain/frames/fee-frames.js'
import type { Balances } from '../ledger/balances.js'
import * as layout from '../ledger/fee-layout.js'
import type { FeeRates } from '../ledger/fee-rates.js'
import type { FeeSchedules } from '../ledger/fees.js'
import type { FeeTiers } from '../ledger/fee-tiers.js'
import * as market from '../matching/market-layout.js'
import * as orders from '../matching/order-layout.js'
import * as seats from '../matching/seat-layout.js'
import type { Accounts } from './accounts.js'
import type { EventWriter } from './event-writer.js'

const { BUY, ORDER_ENUMS, ORDER_FLAGS, ORDER_HELD, ORDER_ID, ORDER_SCHEDULE, ORDER_SEAT, SPECIAL_FEES } = orders
/** Parts in which fees held in quote are exact. */
export const FEE_PARTS = 1_000_000_000_000n
const MILLION = 1_000_000n

/** The tables that fees work on. */
export interface FeeTables {
  readonly memory: RowMemory
  readonly accounts: Accounts
  readonly balances: Balances
  readonly schedules: FeeSchedules
  readonly tiers: FeeTiers
  readonly rates: FeeRates
  readonly out: EventWriter
}

/** What the rates of an order, and its hold for fees, follow from. */
export interface FeePayer {
  readonly account: number
  /** Row of the market. */
  readonly market: number
  readonly isBuy: boolean
}

export class OrderFees {
  /** Fee terms of live orders. */
  readonly terms: RowPool
  private readonly memory: RowMemory

  constructor(private readonly tables: FeeTables) {
    this.memory = tables.memory
    this.terms = new RowPool(tables.memory, layout.TERMS_WORDS, layout.TERMS_LINK)
  }

  /**
   * Gives an order that is being accepted, its money set aside, the rates of its account and where needed fee terms of
   * its own; sets aside what it may have to pay in fees in the quote asset, unless that is not there any more.
   */
  attach(order: number, account: number, marketRow: number): void {
    const { i32, i64 } = this.memory
    const { accounts } = this.tables
    const schedule = this.scheduleOf(account, marketRow)
    i32[order * 2 + ORDER_SCHEDULE] = schedule
    // An account that is no more than in a tier pays plainly, at the rates of its tier.
    if (!accounts.hasFeeTerms(account) && i64[schedule + layout.MAKER_RATE]! >= 0n) return
    const { feeAsset, referrer, referralPpm } = accounts.settings(account)
    const payer: FeePayer = { account, market: marketRow, isBuy: (i32[order * 2 + ORDER_ENUMS]! & 0xff) === BUY }
    const row = this.open(order, schedule)
    i32[row * 2 + layout.FEE_ASSET] = feeAsset === undefined ? 0 : feeAsset + 1
    i32[row * 2 + layout.REFERRER] = referrer === undefined ? 0 : referrer + 1
    i32[row * 2 + layout.REFERRAL_PPM] = referralPpm
    const discountPpm = this.quoteDiscount(payer)
    if (discountPpm !== undefined) {
      i32[row * 2 + layout.CHARGED_IN_QUOTE] = 1
      i32[row * 2 + layout.QUOTE_DISCOUNT_PPM] = discountPpm
      if (!this.refit(order)) i32.fill(0, row * 2 + layout.CHARGED_IN_QUOTE, row * 2 + layout.QUOTE_DISCOUNT_PPM + 1)
    }
    this.openBalances(order)
  }

  /** What an order of so much has to set aside for fees beside it, quote units; 0 where its fees are not charged so. */
  holdFor(payer: FeePayer, held: bigint): bigint {
    const discountPpm = this.quoteDiscount(payer)
    return discountPpm === undefined ? 0n : heldFee(0n, held * this.highestRate(this.scheduleOf(payer.account, payer.market)) * (MILLION - BigInt(discountPpm)))
  }

  /** What an order has set aside for fees beside its price, quote units. */
  heldOf(order: number): bigint {
    const { i32, i64 } = this.memory
    return (i32[order * 2 + ORDER_FLAGS]! & SPECIAL_FEES) === 0 ? 0n : i64[i32[order * 2 + ORDER_SCHEDULE]! + layout.FEE_HELD]!
  }

  /** By how much what is set aside for an order's fees would have to grow if it held so much; negative: shrink. */
  holdChange(order: number, held: bigint): bigint {
    const { i32, i64 } = this.memory
    if ((i32[order * 2 + ORDER_FLAGS]! & SPECIAL_FEES) === 0) return 0n
    const row = i32[order * 2 + ORDER_SCHEDULE]!
    if (i32[row * 2 + layout.CHARGED_IN_QUOTE] === 0) return 0n
    const factor = this.highestRate(row) * (MILLION - BigInt(i32[row * 2 + layout.QUOTE_DISCOUNT_PPM]!))
    return heldFee(i64[row + layout.HELD_FRACTION]!, held * factor) - i64[row + layout.FEE_HELD]!
  }

  /**
   * Fits what is set aside for an order's fees to what the order holds now.
   *
   * @returns false where it would have to grow and the account has not so much: then nothing has changed.
   */
  refit(order: number): boolean {
    const change = this.holdChange(order, this.memory.i64[order + ORDER_HELD]!)
    if (change > this.tables.balances.available(this.quoteBalance(order))) return false
    if (change !== 0n) this.changeHold(order, change)
    return true
  }

  /** Gives back without an event of its own what an order need not set aside for fees any more. @returns how much. */
  releaseSurplus(order: number): bigint {
    const surplus = -this.holdChange(order, this.memory.i64[order + ORDER_HELD]!)
    if (surplus <= 0n) return 0n
    const row = this.memory.i32[order * 2 + ORDER_SCHEDULE]!
    this.memory.i64[row + layout.FEE_HELD] = this.memory.i64[row + layout.FEE_HELD]! - surplus
    this.tables.balances.release(this.quoteBalance(order), surplus)
    return surplus
  }

  /** Gives an order fee terms of its own, with the rates of a schedule. @returns their row. */
  open(order: number, schedule: number): number {
    const row = this.terms.take()
    const { i32, i64, f64 } = this.memory
    f64.fill(0, row, row + layout.TERMS_WORDS)
    i64[row + layout.MAKER_RATE] = i64[schedule + layout.MAKER_RATE]!
    i64[row + layout.TAKER_RATE] = i64[schedule + layout.TAKER_RATE]!
    i32[order * 2 + ORDER_SCHEDULE] = row
    i32[order * 2 + ORDER_FLAGS] = i32[order * 2 + ORDER_FLAGS]! | SPECIAL_FEES
    return row
  }

  /** Frees the fee terms of an order that is gone, and gives back what they still hold. */
  detach(order: number): void {
    const row = this.memory.i32[order * 2 + ORDER_SCHEDULE]!
    const held = this.memory.i64[row + layout.FEE_HELD]!
    if (held !== 0n) this.changeHold(order, -held)
    this.terms.release(row)
  }

  /**
   * Makes the balances that trades of an order may pay into, so that none of them has to make one: the memory must not
   * grow while an order walks through the book.
   */
  openBalances(order: number): void {
    const { balances, rates } = this.tables
    const { i32, i64 } = this.memory
    const row = i32[order * 2 + ORDER_SCHEDULE]!
    const seat = i32[order * 2 + ORDER_SEAT]! * 2
    const marketRow = i32[seat + seats.SEAT_MARKET]!
    const account = i32[seat + seats.SEAT_ACCOUNT]!
    const referrer = i32[row * 2 + layout.REFERRER]! - 1
    const feeAsset = i32[row * 2 + layout.FEE_ASSET]! - 1
    if (referrer >= 0) {
      balances.open(referrer, i32[marketRow * 2 + market.MARKET_BASE]!)
      balances.open(referrer, this.memory.i32[marketRow * 2 + market.MARKET_QUOTE_ASSET]!)
      if (feeAsset >= 0) balances.open(referrer, feeAsset)
    }
    if (i64[row + layout.MAKER_RATE]! < 0n) for (const asset of rates.feeAssets) balances.open(account, asset)
  }

  /** Copies terms as they stand in a snapshot. */
  restore(order: number, words: BigInt64Array): void {
    const row = this.open(order, this.memory.i32[order * 2 + ORDER_SCHEDULE]!)
    this.memory.i64.set(words, row + layout.ASSET_FEE)
    this.openBalances(order)
  }

  /** The words of an order's terms that {@link restore} takes. */
  saved(order: number): BigInt64Array {
    const row = this.memory.i32[order * 2 + ORDER_SCHEDULE]!
    return this.memory.i64.slice(row + layout.ASSET_FEE, row + layout.ASSET_FEE + SAVED_WORDS)
  }

  /** The tier's rates in the market, else the tier's for all markets, else the market's own. */
  private scheduleOf(account: number, row: number): number {
    const { i32 } = this.memory
    return this.tables.tiers.schedule(this.tables.accounts.feeTier(account), i32[row * 2 + market.MARKET_ID]!) || i32[row * 2 + market.MARKET_SCHEDULE]!
  }

  /** The discount with which a buy pays its fees in the quote asset; undefined where it does not. */
  private quoteDiscount({ account, market: row, isBuy }: FeePayer): number | undefined {
    const quote = this.memory.i32[row * 2 + market.MARKET_QUOTE_ASSET]!
    if (!isBuy || this.tables.accounts.settings(account).feeAsset !== quote) return undefined
    return this.tables.rates.find(quote, quote)?.discountPpm
  }

  /** Of a row of rates, in parts per million; a rebate counts as none. */
  private highestRate(row: number): bigint {
    const { i64 } = this.memory
    const [maker, taker] = [i64[row + layout.MAKER_RATE]!, i64[row + layout.TAKER_RATE]!]
    return maker > taker ? maker : taker
  }

  private quoteBalance(order: number): number {
    const { i32 } = this.memory
    return i32[i32[order * 2 + ORDER_SEAT]! * 2 + seats.SEAT_QUOTE]!
  }

  private changeHold(order: number, change: bigint): void {
    const { i32, i64, f64 } = this.memory
    const row = i32[order * 2 + ORDER_SCHEDULE]!
    const seat = i32[order * 2 + ORDER_SEAT]! * 2
    i64[row + layout.FEE_HELD] = i64[row + layout.FEE_HELD]! + change
    this.tables.balances.hold(this.quoteBalance(order), change)
    const quote = i32[i32[seat + seats.SEAT_MARKET]! * 2 + market.MARKET_QUOTE_ASSET]!
    const at = this.tables.out.begin(event.ORDER_FEE_HELD, i32[seat + seats.SEAT_ACCOUNT]!, i32[seat + seats.SEAT_MARKET_ID]!, quote)
    const out: FrameBuffer = this.tables.out.frames
    out.f64[(at + frame.FEE_HELD_ORDER_ID) >> 3] = f64[order + ORDER_ID]!
    out.i64[(at + frame.FEE_HELD_CHANGE) >> 3] = change
    out.i64[(at + frame.FEE_HELD_TOTAL) >> 3] = i64[row + layout.FEE_HELD]!
  }
}

/** Words of the terms from the charged fee on, without the link. */
export const SAVED_WORDS = 6

/** What must be there for fees of `exact` parts to come after `fraction` parts that rounding up has paid for already. */
function heldFee(fraction: bigint, exact: bigint): bigint {
  return (fraction + exact + FEE_PARTS - 1n) / FEE_PARTS - (fraction > 0n ? 1n : 0n)
}
