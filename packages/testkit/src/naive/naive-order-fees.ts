/** The fees of single orders in the naive engine: what an order is charged, in which asset and out of which money. */
import type { FeeRateFields, FeeSource, MarketSpec, SpecialFee } from '@bourse/core'
import { available, pay, payFromHeld, setAside } from './naive-ledger.js'
import { ceilDivide, feeOf, hasSpecialFees, type NaiveOrder, type NaiveOrderFees } from './naive-order.js'
import { FEES, type NaiveRun, type NaiveState } from './naive-state.js'

const PPM = 1_000_000n
/** Fees out of a hold are exact in these parts of a unit. */
const PARTS = PPM * PPM

/** What an order that is being accepted gets from its account's settings. */
export function feesOf(state: NaiveState, order: { account: number; side: 'buy' | 'sell'; spec: MarketSpec }): NaiveOrderFees {
  const { feeAsset, referrer, referralPpm } = state.accounts[order.account]!.settings
  const { quote } = order.spec
  const quoteDiscountPpm = order.side === 'buy' && feeAsset === quote ? rateOf(state, quote, quote)?.discountPpm : undefined
  return { feeAsset, referrer, referralPpm, quoteDiscountPpm, assetFee: 0n, held: 0n, exactPaid: 0n }
}

export function rateOf(state: NaiveState, feeAsset: number | undefined, asset: number): FeeRateFields | undefined {
  return state.rates.find((rate) => rate.feeAsset === feeAsset && rate.asset === asset)
}

/** What must be set aside for fees to come by a buy that holds so much and is charged in the quote asset. */
export function neededFeeHold({ fees, makerFeePpm, takerFeePpm }: NaiveOrder, held: bigint): bigint {
  if (fees.quoteDiscountPpm === undefined) return 0n
  const exact = held * BigInt(Math.max(makerFeePpm, takerFeePpm)) * (PPM - BigInt(fees.quoteDiscountPpm))
  return ceilDivide(fees.exactPaid + exact, PARTS) - ceilDivide(fees.exactPaid, PARTS)
}

/** Sets aside what the fees of an accepted order may need; where that is not there any more, it is charged like others. */
export function attachFees(run: NaiveRun, order: NaiveOrder): void {
  if (!refitFeeHold(run, order)) order.fees.quoteDiscountPpm = undefined
}

/** Fits what is set aside for fees to what an order holds now; tells whether that could be done. */
export function refitFeeHold(run: NaiveRun, order: NaiveOrder): boolean {
  const change = neededFeeHold(order, order.held) - order.fees.held
  if (change > available(run.state, order.account, run.state.markets[order.market]!.spec.quote)) return false
  changeFeeHold(run, order, change)
  return true
}

/** Gives back what a gone order still has set aside for fees. */
export function releaseFeeHold(run: NaiveRun, order: NaiveOrder): void {
  changeFeeHold(run, order, -order.fees.held)
}

function changeFeeHold(run: NaiveRun, order: NaiveOrder, change: bigint): void {
  if (change === 0n) return
  const { quote } = run.state.markets[order.market]!.spec
  setAside(run.state, { account: order.account, asset: quote, amount: change })
  order.fees.held += change
  run.emit({ type: 'order.fee-held', orderId: order.orderId, account: order.account, market: order.market, asset: quote, change, held: order.fees.held })
}

/** The fee of a party in its fee asset; and what else there is to tell, where one of the two has special fees. */
export interface PaidFee {
  readonly fee: bigint
  readonly special: SpecialFee | undefined
}

/** Charges the taker, then the maker; shares their fees with referrers; pays the maker's rebate where there are any. */
export function chargeBoth(state: NaiveState, { taker, maker, rebates }: { taker: ChargedParty; maker: ChargedParty; rebates: boolean }): { taker: PaidFee; maker: PaidFee } {
  const takerCharge = charge(state, taker)
  const makerCharge = charge(state, maker)
  const takerShare = share(state, taker.order, takerCharge)
  const makerShare = share(state, maker.order, makerCharge)
  const rebate = rebates ? payRebate(state, maker.order, { ...takerCharge, left: takerCharge.fee - takerShare.referral }) : 0n
  const takerSpecial: SpecialFee = { ...takerShare, feeReleased: releaseSurplus(state, taker.order), rebate: 0n }
  const makerSpecial: SpecialFee = { ...makerShare, feeReleased: releaseSurplus(state, maker.order), rebate }
  const isSpecial = hasSpecialFees(taker.order) || hasSpecialFees(maker.order)
  return {
    taker: { fee: takerCharge.fee, special: isSpecial ? takerSpecial : undefined },
    maker: { fee: makerCharge.fee, special: isSpecial ? makerSpecial : undefined },
  }
}

/** One party of a trade: its order, its rate in it, and what it receives. */
export interface ChargedParty {
  readonly order: NaiveOrder
  readonly ratePpm: number
  readonly asset: number
  readonly amount: bigint
  readonly quote: number
  readonly quoteAmount: bigint
}

interface NaiveCharge {
  readonly feeAsset: number
  readonly source: FeeSource
  readonly fee: bigint
  /** What a maker's rebate is taken of: so much, of which `assetAmount` are worth `feeAssetAmount`. */
  readonly amount: bigint
  readonly feeAssetAmount: bigint
  readonly assetAmount: bigint
}

/** Pays the fee of one fill to the fees account: out of the hold for fees, else in the chosen asset, else of what was received. */
function charge(state: NaiveState, party: ChargedParty): NaiveCharge {
  const { order, ratePpm } = party
  const chosen = ratePpm <= 0 ? undefined : order.fees.quoteDiscountPpm === undefined ? chargeChosen(state, party) : chargeHold(state, party)
  if (chosen === undefined) return chargeReceived(state, party)
  order.fees.assetFee += chosen.fee
  return chosen
}

/** In all, an order pays the exact sum of amount x rate, rounded up. */
function chargeReceived(state: NaiveState, { order, ratePpm, asset, amount }: ChargedParty): NaiveCharge {
  const before = feeOf(order)
  if (ratePpm > 0) order.exactFee += amount * BigInt(ratePpm)
  const fee = feeOf(order) - before
  pay(state, { from: order.account, to: FEES, asset, amount: fee })
  return { feeAsset: asset, source: 'received', fee, amount, feeAssetAmount: 1n, assetAmount: 1n }
}

/** All of the fee in the chosen asset, or nothing of it. */
function chargeChosen(state: NaiveState, { order, ratePpm, asset, amount }: ChargedParty): NaiveCharge | undefined {
  const { feeAsset } = order.fees
  const rate = rateOf(state, feeAsset, asset)
  if (feeAsset === undefined || rate === undefined) return undefined
  const { feeAssetAmount, assetAmount } = rate
  const fee = ceilDivide(amount * BigInt(ratePpm) * (PPM - BigInt(rate.discountPpm)) * feeAssetAmount, PARTS * assetAmount)
  if (fee > available(state, order.account, feeAsset)) return undefined
  pay(state, { from: order.account, to: FEES, asset: feeAsset, amount: fee })
  return { feeAsset, source: 'available', fee, amount, feeAssetAmount, assetAmount }
}

function chargeHold(state: NaiveState, { order, ratePpm, quote, quoteAmount }: ChargedParty): NaiveCharge | undefined {
  const { fees } = order
  const exact = fees.exactPaid + quoteAmount * BigInt(ratePpm) * (PPM - BigInt(fees.quoteDiscountPpm!))
  const fee = ceilDivide(exact, PARTS) - ceilDivide(fees.exactPaid, PARTS)
  if (fee > fees.held) return undefined
  fees.exactPaid = exact
  fees.held -= fee
  payFromHeld(state, { from: order.account, to: FEES, asset: quote, amount: fee })
  return { feeAsset: quote, source: 'held', fee, amount: quoteAmount, feeAssetAmount: 1n, assetAmount: 1n }
}

/** Pays the referrer of an order its share of a fee, rounded down. Tells what the trade's event says of the fee. */
function share(state: NaiveState, order: NaiveOrder, { feeAsset, source, fee }: NaiveCharge): Omit<SpecialFee, 'rebate' | 'feeReleased'> {
  const { referrer, referralPpm } = order.fees
  const referral = referrer === undefined ? 0n : (fee * BigInt(referralPpm)) / PPM
  if (referrer !== undefined) pay(state, { from: FEES, to: referrer, asset: feeAsset, amount: referral })
  return { feeAsset, source, assetFee: hasSpecialFees(order) ? order.fees.assetFee : 0n, referrer, referral }
}

/** Pays a maker with a negative rate its rebate, rounded down, out of what is left of the taker's fee. */
function payRebate(state: NaiveState, maker: NaiveOrder, taker: NaiveCharge & { left: bigint }): bigint {
  if (maker.makerFeePpm >= 0) return 0n
  const due = (taker.amount * BigInt(-maker.makerFeePpm) * taker.feeAssetAmount) / (PPM * taker.assetAmount)
  const rebate = due < taker.left ? due : taker.left
  pay(state, { from: FEES, to: maker.account, asset: taker.feeAsset, amount: rebate })
  return rebate
}

/** Gives back, without an event of its own, what an order need not set aside for fees any more. */
function releaseSurplus(state: NaiveState, order: NaiveOrder): bigint {
  const surplus = order.fees.held - neededFeeHold(order, order.held)
  if (surplus <= 0n) return 0n
  order.fees.held -= surplus
  setAside(state, { account: order.account, asset: state.markets[order.market]!.spec.quote, amount: -surplus })
  return surplus
}
