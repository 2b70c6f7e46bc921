/** Decodes the events about assets and markets. */
import type { FrameBuffer } from '../../values/frames.js'
import type { MarketSpec } from '../catalog.js'
import { eventBase, i64At, word } from './decode-fields.js'
import {
  CHANGED_REASON,
  CHANGED_STATE,
  CHANGED_UNTIL,
  DEFINED_BASE_UNIT,
  DEFINED_CODE,
  DEFINED_NOTIONAL_UNIT,
  DEFINED_PRICE_SCALE,
  DEFINED_QUANTITY_SCALE,
  DEFINED_QUOTE,
  DEFINED_RULES,
  DEFINED_SCALE,
  DEFINED_SYMBOL,
  REFERENCE_SET_PRICE,
  UNCROSSED_PRICE,
  UNCROSSED_QUANTITY,
  UNCROSSED_SURPLUS,
} from '../frames/event-layout.js'
import type { AssetDefined, AuctionUncrossed, MarketDefined, MarketReferenceSet, MarketStateChanged, MarketUpdated } from '../events/events.js'
import { readRules } from '../frames/market-frames.js'
import { MARKET_STATES, STATE_REASONS } from '../vocabulary.js'

export function decodeAssetDefined(frames: FrameBuffer, offset: number): AssetDefined {
  const asset = frames.asset(offset)
  return { type: 'asset.defined', ...eventBase(frames, offset), asset: { id: asset, code: frames.text(offset + DEFINED_CODE), scale: frames.u8[offset + DEFINED_SCALE]! } }
}

export function decodeMarketDefined(frames: FrameBuffer, offset: number): MarketDefined {
  return { type: 'market.defined', ...eventBase(frames, offset), market: marketSpec(frames, offset) }
}

export function decodeMarketUpdated(frames: FrameBuffer, offset: number): MarketUpdated {
  return { type: 'market.updated', ...eventBase(frames, offset), market: marketSpec(frames, offset) }
}

export function decodeMarketReferenceSet(frames: FrameBuffer, offset: number): MarketReferenceSet {
  const market = frames.market(offset)
  return { type: 'market.reference-set', ...eventBase(frames, offset), market, referencePrice: i64At(frames, offset + REFERENCE_SET_PRICE) }
}

export function decodeMarketStateChanged(frames: FrameBuffer, offset: number): MarketStateChanged {
  const market = frames.market(offset)
  return {
    type: 'market.state-changed',
    ...eventBase(frames, offset),
    market,
    state: word(MARKET_STATES, frames.u8[offset + CHANGED_STATE]),
    reason: word(STATE_REASONS, frames.u8[offset + CHANGED_REASON]),
    untilUs: frames.f64[(offset + CHANGED_UNTIL) >> 3]! || undefined,
  }
}

export function decodeAuctionUncrossed(frames: FrameBuffer, offset: number): AuctionUncrossed {
  const market = frames.market(offset)
  return { type: 'auction.uncrossed', ...eventBase(frames, offset), market, price: i64At(frames, offset + UNCROSSED_PRICE), quantity: i64At(frames, offset + UNCROSSED_QUANTITY), surplus: i64At(frames, offset + UNCROSSED_SURPLUS) }
}

function marketSpec(frames: FrameBuffer, offset: number): MarketSpec {
  const { state, ...rules } = readRules(frames, offset + DEFINED_RULES)
  return {
    id: frames.market(offset),
    symbol: frames.text(offset + DEFINED_SYMBOL),
    base: frames.asset(offset),
    quote: frames.u16[(offset + DEFINED_QUOTE) >> 1]!,
    priceScale: frames.u8[offset + DEFINED_PRICE_SCALE]!,
    quantityScale: frames.u8[offset + DEFINED_QUANTITY_SCALE]!,
    baseUnit: frames.i64[(offset + DEFINED_BASE_UNIT) >> 3]!,
    notionalUnit: frames.i64[(offset + DEFINED_NOTIONAL_UNIT) >> 3]!,
    ...rules,
    state: word(MARKET_STATES, state),
  }
}
