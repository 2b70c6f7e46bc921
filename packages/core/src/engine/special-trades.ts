/**
 * Pays a trade in which an order has fee terms of its own: each party receives the whole amount and then pays its fee,
 * in the asset and out of the money that its terms say; from the fee come the share of a referrer and the maker's rebate.
 */
import { NONE_16, NONE_32, type FrameBuffer } from '../values/frames.js'
import type { RowMemory } from '../values/row-memory.js'
import * as event from '../domain/frames/event-frames.js'
import type { SpecialFee } from '../domain/events/events.js'
import * as frame from '../domain/frames/fee-frames.js'
import type { FeeSource } from '../domain/vocabulary.js'
import { AVAILABLE, HELD } from '../ledger/balance-layout.js'
import * as layout from '../ledger/fee-layout.js'
import { convertedFee } from '../ledger/fee-rates.js'
import { chargeFee, rebateOf, shareOf } from '../ledger/fees.js'
import * as market from '../matching/market-layout.js'
import * as orders from '../matching/order-layout.js'
import { BASE_AMOUNT, BUYER_FEE, FREED, QUANTITY, QUOTE_AMOUNT } from '../matching/registers.js'
import { SEAT_ACCOUNT, SEAT_BASE, SEAT_MARKET, SEAT_MARKET_ID, SEAT_QUOTE } from '../matching/seat-layout.js'
import { FEES } from './accounts.js'
import { InvariantViolation } from './invariant-violation.js'
import { FEE_PARTS, type FeeTables, type OrderFees } from './order-fees.js'

const { BUY, ORDER_ENUMS, ORDER_FLAGS, ORDER_SCHEDULE, ORDER_SEAT, SPECIAL_FEES } = orders
const MILLION = 1_000_000n

/** What one party of a trade is charged. */
interface Charge {
  readonly order: number
  readonly feeAsset: number
  /** Units of the fee asset. */
  readonly fee: bigint
  readonly source: FeeSource
  /** What the rates are taken of, and what a unit of it is in the fee asset. */
  readonly amount: bigint
  readonly feeAssetAmount: bigint
  readonly assetAmount: bigint
}

/** The fee of a party in units of its fee asset, and what else there is to tell of it. */
export interface PaidFee {
  readonly fee: bigint
  readonly special: SpecialFee
}

export interface PaidFees {
  readonly taker: PaidFee
  readonly maker: PaidFee
}

/** Completes the event of a trade that has room for them with the special fees of its parties. */
export function writeSpecialFees(frames: FrameBuffer, at: number, paid: PaidFees): void {
  frames.u8[at + event.TRADE_HAS_SPECIAL_FEES] = 1
  frame.writeSpecialFee(frames, at + frame.SPECIAL_FEE_TAKER, paid.taker.special)
  frame.writeSpecialFee(frames, at + frame.SPECIAL_FEE_MAKER, paid.maker.special)
}

export class SpecialTrades {
  private readonly memory: RowMemory

  constructor(
    private readonly tables: FeeTables,
    private readonly fees: OrderFees,
  ) {
    this.memory = tables.memory
  }

  /** Pays the trade whose quantity and amounts stand in the registers, where `Clearing.trade` has put them, and writes its event. */
  trade(taker: number, maker: number): void {
    for (const order of [taker, maker]) this.add(order + orders.ORDER_FILLED_QUOTE, this.memory.i64[QUOTE_AMOUNT]!)
    const paid = this.settle(taker, maker, { inAuction: false })
    writeSpecialFees(this.tables.out.frames, this.writeTrade({ taker, maker, paid }), paid)
  }

  /**
   * Pays what the registers say. In an auction nobody took from the other: both pay the rate of a taker, and nobody gets a rebate.
   *
   * @returns what the event tells of the fees.
   */
  settle(taker: number, maker: number, { inAuction }: { inAuction: boolean }): PaidFees {
    const takerBuys = this.isBuy(taker)
    this.payPrincipal(takerBuys ? taker : maker, takerBuys ? maker : taker)
    const takerCharge = this.charge(taker, layout.TAKER_RATE)
    const makerCharge = this.charge(maker, inAuction ? layout.TAKER_RATE : layout.MAKER_RATE)
    const takerShare = this.share(takerCharge)
    const makerShare = this.share(makerCharge)
    const rebate = inAuction ? 0n : this.rebate(maker, takerCharge, takerCharge.fee - takerShare.referral)
    this.pay(FEES, takerCharge.feeAsset, takerCharge.fee - takerShare.referral - rebate)
    this.pay(FEES, makerCharge.feeAsset, makerCharge.fee - makerShare.referral)
    const takerSpecial: SpecialFee = { ...takerShare, feeReleased: this.fees.releaseSurplus(taker), rebate: 0n }
    const makerSpecial: SpecialFee = { ...makerShare, feeReleased: this.fees.releaseSurplus(maker), rebate }
    return { taker: { fee: takerCharge.fee, special: takerSpecial }, maker: { fee: makerCharge.fee, special: makerSpecial } }
  }

  private payPrincipal(buyer: number, seller: number): void {
    const { i32, i64 } = this.memory
    const [quote, base, freed] = [i64[QUOTE_AMOUNT]!, i64[BASE_AMOUNT]!, i64[FREED]!]
    this.add(buyer + orders.ORDER_HELD, -quote - freed)
    this.add(seller + orders.ORDER_HELD, -base)
    const buyerSeat = i32[buyer * 2 + ORDER_SEAT]! * 2
    const sellerSeat = i32[seller * 2 + ORDER_SEAT]! * 2
    this.add(i32[buyerSeat + SEAT_QUOTE]! + HELD, -quote - freed)
    this.add(i32[buyerSeat + SEAT_QUOTE]! + AVAILABLE, freed)
    this.add(i32[sellerSeat + SEAT_BASE]! + HELD, -base)
    this.add(i32[buyerSeat + SEAT_BASE]! + AVAILABLE, base)
    this.add(i32[sellerSeat + SEAT_QUOTE]! + AVAILABLE, quote)
  }

  /** Takes the fee of a party: out of its hold for fees, else in the chosen asset, else of what it received. */
  private charge(order: number, rate: number): Charge {
    const { i32, i64 } = this.memory
    const terms = i32[order * 2 + ORDER_SCHEDULE]!
    const hasTerms = (i32[order * 2 + ORDER_FLAGS]! & SPECIAL_FEES) !== 0
    if (hasTerms && i64[terms + rate]! > 0n) {
      const chosen = i32[terms * 2 + layout.CHARGED_IN_QUOTE] === 0 ? this.chargeChosen(order, rate) : this.chargeHold(order, rate)
      if (chosen !== undefined) {
        this.add(terms + layout.ASSET_FEE, chosen.fee)
        return chosen
      }
    }
    return this.chargeReceived(order, rate)
  }

  private chargeReceived(order: number, rate: number): Charge {
    const { i32, i64 } = this.memory
    const place = this.isBuy(order) ? BASE_AMOUNT : QUOTE_AMOUNT
    const terms = i32[order * 2 + ORDER_SCHEDULE]!
    const charge = { order, feeAsset: this.receivedAsset(order), source: 'received', amount: i64[place]!, feeAssetAmount: 1n, assetAmount: 1n } as const
    if (i64[terms + rate]! <= 0n) return { ...charge, fee: 0n }
    chargeFee(i64, order + orders.ORDER_FEE_PREPAID, place, terms + rate, BUYER_FEE)
    const fee = i64[BUYER_FEE]!
    this.add(order + orders.ORDER_FEE, fee)
    this.add(i32[i32[order * 2 + ORDER_SEAT]! * 2 + (this.isBuy(order) ? SEAT_BASE : SEAT_QUOTE)]! + AVAILABLE, -fee)
    return { ...charge, fee }
  }

  /** The whole fee in the chosen asset, at the present rate; undefined where there is no rate or not enough of the asset. */
  private chargeChosen(order: number, rate: number): Charge | undefined {
    const { i32, i64 } = this.memory
    const terms = i32[order * 2 + ORDER_SCHEDULE]!
    const feeAsset = i32[terms * 2 + layout.FEE_ASSET]! - 1
    const found = feeAsset < 0 ? undefined : this.tables.rates.find(feeAsset, this.receivedAsset(order))
    if (found === undefined) return undefined
    const amount = i64[this.isBuy(order) ? BASE_AMOUNT : QUOTE_AMOUNT]!
    const fee = convertedFee(amount, i64[terms + rate]!, found)
    const balance = this.tables.balances.find(i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_ACCOUNT]!, feeAsset)
    if (fee > this.tables.balances.available(balance)) return undefined
    this.add(balance + AVAILABLE, -fee)
    return { order, feeAsset, fee, source: 'available', amount, feeAssetAmount: found.feeAssetAmount, assetAmount: found.assetAmount }
  }

  /** The fee in the quote asset, out of what a buy has set aside for it; undefined where that is not enough. */
  private chargeHold(order: number, rate: number): Charge | undefined {
    const { i32, i64 } = this.memory
    const terms = i32[order * 2 + ORDER_SCHEDULE]!
    const amount = i64[QUOTE_AMOUNT]!
    const before = i64[terms + layout.HELD_FRACTION]!
    const exact = before + amount * i64[terms + rate]! * (MILLION - BigInt(i32[terms * 2 + layout.QUOTE_DISCOUNT_PPM]!))
    const rest = exact % FEE_PARTS
    const fee = exact / FEE_PARTS + (rest > 0n ? 1n : 0n) - (before > 0n ? 1n : 0n)
    if (fee > i64[terms + layout.FEE_HELD]!) return undefined
    i64[terms + layout.HELD_FRACTION] = rest
    this.add(terms + layout.FEE_HELD, -fee)
    this.add(i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_QUOTE]! + HELD, -fee)
    return { order, feeAsset: i32[terms * 2 + layout.FEE_ASSET]! - 1, fee, source: 'held', amount, feeAssetAmount: 1n, assetAmount: 1n }
  }

  /** Pays the referrer its share of a fee. @returns what the event tells of the fee. */
  private share({ order, feeAsset, fee, source }: Charge): Omit<SpecialFee, 'rebate' | 'feeReleased'> {
    const { i32, i64 } = this.memory
    const terms = i32[order * 2 + ORDER_SCHEDULE]!
    if ((i32[order * 2 + ORDER_FLAGS]! & SPECIAL_FEES) === 0) return { feeAsset, source, assetFee: 0n, referrer: undefined, referral: 0n }
    const referrer = i32[terms * 2 + layout.REFERRER]! - 1
    const referral = referrer < 0 ? 0n : shareOf(fee, i32[terms * 2 + layout.REFERRAL_PPM]!)
    if (referral > 0n) this.pay(referrer, feeAsset, referral)
    return { feeAsset, source, assetFee: i64[terms + layout.ASSET_FEE]!, referrer: referrer < 0 ? undefined : referrer, referral }
  }

  /** Pays the maker its rebate on what the taker's fee was taken of, in the same asset, never more than there is of the fee. @returns the rebate. */
  private rebate(maker: number, taker: Charge, most: bigint): bigint {
    const { i32, i64 } = this.memory
    const rate = i64[i32[maker * 2 + ORDER_SCHEDULE]! + layout.MAKER_RATE]!
    if (rate >= 0n) return 0n
    const rebate = rebateOf({ ...taker, ratePpm: -rate, most })
    if (rebate > 0n) this.pay(i32[i32[maker * 2 + ORDER_SEAT]! * 2 + SEAT_ACCOUNT]!, taker.feeAsset, rebate)
    return rebate
  }

  /** Appends the event but for the special fees. @returns its offset. */
  private writeTrade({ taker, maker, paid }: { taker: number; maker: number; paid: PaidFees }): number {
    const { i32, i64: cells, f64: doubles } = this.memory
    const seat = i32[taker * 2 + ORDER_SEAT]! * 2
    const offset = this.tables.out.beginLong(event.TRADE_EXECUTED, frame.SPECIAL_TRADE_BYTES, { account: NONE_32, market: i32[seat + SEAT_MARKET_ID]!, asset: NONE_16 })
    const { u8, f64, i64 } = this.tables.out.frames
    f64[(offset + event.TRADE_ID) >> 3] = doubles[i32[seat + SEAT_MARKET]! + market.MARKET_LAST_TRADE]!
    u8[offset + event.TRADE_TAKER_SIDE] = i32[taker * 2 + ORDER_ENUMS]! & 0xff
    u8[offset + event.TRADE_MAKER_DONE] = this.isDone(maker) ? 1 : 0
    u8[offset + event.TRADE_TAKER_DONE] = this.isDone(taker) ? 1 : 0
    i64[(offset + event.TRADE_PRICE) >> 3] = cells[maker + orders.ORDER_PRICE]!
    i64[(offset + event.TRADE_QUANTITY) >> 3] = cells[QUANTITY]!
    i64[(offset + event.TRADE_QUOTE_AMOUNT) >> 3] = cells[QUOTE_AMOUNT]!
    this.writeParty(offset + event.TRADE_MAKER, maker, paid.maker.fee)
    this.writeParty(offset + event.TRADE_TAKER, taker, paid.taker.fee)
    return offset
  }

  private writeParty(at: number, order: number, fee: bigint): void {
    const { i32, i64: cells, f64: doubles } = this.memory
    const { u32, f64, i64 } = this.tables.out.frames
    f64[(at + event.PARTY_ORDER_ID) >> 3] = doubles[order + orders.ORDER_ID]!
    i64[(at + event.PARTY_FEE) >> 3] = fee
    i64[(at + event.PARTY_FILLED_QUANTITY) >> 3] = cells[order + orders.ORDER_FILLED]!
    i64[(at + event.PARTY_LEAVES_QUANTITY) >> 3] = cells[order + orders.ORDER_LEAVES]!
    i64[(at + event.PARTY_FILLED_QUOTE) >> 3] = cells[order + orders.ORDER_FILLED_QUOTE]!
    i64[(at + event.PARTY_TOTAL_FEE) >> 3] = cells[order + orders.ORDER_FEE]!
    // Only a buyer can have held more than it paid.
    i64[(at + event.PARTY_RELEASED) >> 3] = this.isBuy(order) ? cells[FREED]! : 0n
    u32[(at + event.PARTY_ACCOUNT) >> 2] = i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_ACCOUNT]!
  }

  private isBuy(order: number): boolean {
    return (this.memory.i32[order * 2 + ORDER_ENUMS]! & 0xff) === BUY
  }

  private isDone(order: number): boolean {
    const { i32, i64 } = this.memory
    if ((i32[order * 2 + ORDER_FLAGS]! & orders.BY_QUOTE) === 0) return i64[order + orders.ORDER_LEAVES]! === 0n
    return i64[order + orders.ORDER_FILLED_QUOTE]! === i64[order + orders.ORDER_QUANTITY]!
  }

  private receivedAsset(order: number): number {
    const { i32 } = this.memory
    return i32[i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_MARKET]! * 2 + (this.isBuy(order) ? market.MARKET_BASE : market.MARKET_QUOTE_ASSET)]!
  }

  /** Adds to a balance that is there already: see `OrderFees.openBalances`. */
  private pay(account: number, asset: number, amount: bigint): void {
    if (amount === 0n) return
    const balance = this.tables.balances.find(account, asset)
    if (balance === 0) throw new InvariantViolation(`Account ${account} has no balance of asset ${asset} for what a fee pays it.`)
    this.add(balance + AVAILABLE, amount)
  }

  private add(cell: number, amount: bigint): void {
    const { i64 } = this.memory
    i64[cell] = i64[cell]! + amount
  }
}
