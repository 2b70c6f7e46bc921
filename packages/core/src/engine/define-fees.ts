/** `fees.define-tier` and `fees.set-rate`: what decides the fees of orders and fills to come. */
import { MAX_AMOUNT } from '../values/decimal.js'
import { NONE_16, NONE_32, type FrameBuffer } from '../values/frames.js'
import * as event from '../domain/frames/event-frames.js'
import * as fees from '../domain/frames/fee-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { MAX_FEE_PPM } from '../ledger/fees.js'
import { ORDER_FLAGS, ORDER_ID, ORDER_SEAT_NEXT, SPECIAL_FEES } from '../matching/order-layout.js'
import { SEAT_HEAD } from '../matching/seat-layout.js'
import { FEES } from './accounts.js'
import { coversRebates, feeBookOf } from './rebate-cover.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'

const MILLION_PPM = 1_000_000

export function defineFeeTier(state: EngineState, frames: FrameBuffer, offset: number): void {
  const tier = fees.readFeeTier(frames, offset)
  const fault = tierFault(state, tier)
  if (fault !== undefined) {
    reject(state, frames, offset, fault)
    return
  }
  state.tiers.define({ ...tier, schedule: state.schedules.open(tier.makerFeePpm, tier.takerFeePpm) })
  const at = state.out.begin(event.FEE_TIER_DEFINED, NONE_32, tier.market, NONE_16)
  fees.writeFeeTier(state.out.frames, at, tier)
}

function tierFault(state: EngineState, { market, tier, makerFeePpm, takerFeePpm }: fees.FeeTierFields): RejectCode | undefined {
  if (market !== NONE_16 && market >= state.markets.count) return 'unknown_market'
  if (tier === 0 || !areRatesSound(makerFeePpm, takerFeePpm)) return 'invalid_definition'
  const book = feeBookOf(state)
  const others = book.tiers.filter((known) => known.market !== market || known.tier !== tier)
  return coversRebates({ ...book, tiers: [...others, { market, tier, makerFeePpm, takerFeePpm }] }) ? undefined : 'rebate_not_covered'
}

/** Whether rates in parts per million are within their bounds; a negative maker rate is a rebate. */
export function areRatesSound(makerFeePpm: number, takerFeePpm: number): boolean {
  return makerFeePpm >= -MAX_FEE_PPM && makerFeePpm <= MAX_FEE_PPM && takerFeePpm >= 0 && takerFeePpm <= MAX_FEE_PPM
}

export function setFeeRate(state: EngineState, frames: FrameBuffer, offset: number): void {
  const rate = fees.readFeeRate(frames, offset)
  const fault = rateFault(state, rate)
  if (fault !== undefined) {
    reject(state, frames, offset, fault)
    return
  }
  state.rates.set(rate)
  openFeeBalances(state)
  const at = state.out.begin(event.FEE_RATE_SET, NONE_32, NONE_16, rate.asset)
  fees.writeFeeRate(state.out.frames, at, rate)
}

function rateFault(state: EngineState, rate: fees.FeeRateFields): RejectCode | undefined {
  const { feeAsset, asset, feeAssetAmount, assetAmount, discountPpm } = rate
  if (state.catalog.asset(feeAsset) === undefined || state.catalog.asset(asset) === undefined) return 'unknown_asset'
  if (feeAssetAmount < 0n || feeAssetAmount > MAX_AMOUNT || assetAmount <= 0n || assetAmount > MAX_AMOUNT || discountPpm > MILLION_PPM) return 'invalid_definition'
  if (feeAssetAmount === 0n) return undefined
  if (feeAsset === asset && feeAssetAmount !== assetAmount) return 'invalid_definition'
  const book = feeBookOf(state)
  const others = book.rates.filter((known) => known.feeAsset !== feeAsset || known.asset !== asset)
  return coversRebates({ ...book, rates: [...others, rate] }) ? undefined : 'rebate_not_covered'
}

/** Makes the balances that fees in chosen assets are paid into: see `OrderFees.openBalances`. */
export function openFeeBalances(state: EngineState): void {
  for (const asset of state.rates.feeAssets) state.balances.open(FEES, asset)
  for (const order of ordersWithFeeTerms(state)) state.orderFees.openBalances(order)
}

/** By order id; every live order is listed under its seat. */
export function ordersWithFeeTerms(state: EngineState): number[] {
  const found: number[] = []
  // Most exchanges have none, and the snapshot of a million orders is in a hurry.
  if (state.orderFees.terms.live === 0) return found
  const { i32, f64 } = state.memory
  for (const seat of state.seats.rows()) {
    for (let row = i32[seat * 2 + SEAT_HEAD]!; row !== 0; row = i32[row * 2 + ORDER_SEAT_NEXT]!) {
      if ((i32[row * 2 + ORDER_FLAGS]! & SPECIAL_FEES) !== 0) found.push(row)
    }
  }
  return found.sort((a, b) => f64[a + ORDER_ID]! - f64[b + ORDER_ID]!)
}
