/** Offsets and writers of the commands about assets and markets, and the rules of a market; the layouts stand in the table of `command-frames.ts`. */
import type { FrameBuffer } from '../../values/frames.js'
import { appendCommand } from '../encoding/append-command.js'
import { ASSET_DEFINE, MARKET_AUCTION, MARKET_DEFINE, MARKET_SET_REFERENCE, MARKET_UPDATE } from './command-bytes.js'

/** Byte offsets inside the frames, from the frame's first byte. */
export const ASSET_SCALE = 32
export const ASSET_CODE = 36
export const MARKET_QUOTE = 32
export const MARKET_PRICE_SCALE = 34
export const MARKET_QUANTITY_SCALE = 35
export const MARKET_SYMBOL = 136
export const MARKET_REFERENCE_PRICE = 176
export const SET_REFERENCE_PRICE = 32
export const AUCTION_ENDS_AT = 32
export const RULES = 40

/** The rules of a market in numbers of the frame: enum and flag bytes, units as integers. */
export interface RulesFields {
  state: number
  allowSelfTrade: boolean
  marketBandBps: number
  makerFeePpm: number
  takerFeePpm: number
  maxOpenOrders: number
  tickSize: bigint
  lotSize: bigint
  minQuantity: bigint
  maxQuantity: bigint
  maxPrice: bigint
  minNotional: bigint
  maxNotional: bigint
  priceBandBps: number
  breakerMoveBps: number
  breakerWindowMs: number
  haltMs: number
  auctionMs: number
  auctionRandomMs: number
}

/** Rules that a market may do without: absent they are 0. */
export type OptionalRules = 'maxNotional' | 'priceBandBps' | 'breakerMoveBps' | 'breakerWindowMs' | 'haltMs' | 'auctionMs' | 'auctionRandomMs'

/** Rules as a writer gives them. */
export type RulesInput = Omit<RulesFields, OptionalRules> & Partial<Pick<RulesFields, OptionalRules>>

/** Writes the 96 bytes of market rules at `at`: the same in commands and in events. */
export function writeRules(frames: FrameBuffer, at: number, rules: RulesInput): void {
  frames.u8[at] = rules.state
  frames.u8[at + 1] = rules.allowSelfTrade ? 1 : 0
  frames.u16[(at + 2) >> 1] = rules.marketBandBps
  frames.u32[(at + 4) >> 2] = rules.makerFeePpm
  frames.u32[(at + 8) >> 2] = rules.takerFeePpm
  frames.u32[(at + 12) >> 2] = rules.maxOpenOrders
  const word = (at + 16) >> 3
  frames.i64[word] = rules.tickSize
  frames.i64[word + 1] = rules.lotSize
  frames.i64[word + 2] = rules.minQuantity
  frames.i64[word + 3] = rules.maxQuantity
  frames.i64[word + 4] = rules.maxPrice
  frames.i64[word + 5] = rules.minNotional
  frames.i64[word + 6] = rules.maxNotional ?? 0n
  frames.u16[(at + 72) >> 1] = rules.priceBandBps ?? 0
  frames.u16[(at + 74) >> 1] = rules.breakerMoveBps ?? 0
  frames.u32[(at + 76) >> 2] = rules.breakerWindowMs ?? 0
  frames.u32[(at + 80) >> 2] = rules.haltMs ?? 0
  frames.u32[(at + 84) >> 2] = rules.auctionMs ?? 0
  frames.u32[(at + 88) >> 2] = rules.auctionRandomMs ?? 0
}

/** Reads what {@link writeRules} wrote. */
export function readRules(frames: FrameBuffer, at: number): RulesFields {
  const word = (at + 16) >> 3
  return {
    state: frames.u8[at]!,
    allowSelfTrade: frames.u8[at + 1] === 1,
    marketBandBps: frames.u16[(at + 2) >> 1]!,
    makerFeePpm: frames.u32[(at + 4) >> 2]! | 0,
    takerFeePpm: frames.u32[(at + 8) >> 2]! | 0,
    maxOpenOrders: frames.u32[(at + 12) >> 2]!,
    tickSize: frames.i64[word]!,
    lotSize: frames.i64[word + 1]!,
    minQuantity: frames.i64[word + 2]!,
    maxQuantity: frames.i64[word + 3]!,
    maxPrice: frames.i64[word + 4]!,
    minNotional: frames.i64[word + 5]!,
    maxNotional: frames.i64[word + 6]!,
    priceBandBps: frames.u16[(at + 72) >> 1]!,
    breakerMoveBps: frames.u16[(at + 74) >> 1]!,
    breakerWindowMs: frames.u32[(at + 76) >> 2]!,
    haltMs: frames.u32[(at + 80) >> 2]!,
    auctionMs: frames.u32[(at + 84) >> 2]!,
    auctionRandomMs: frames.u32[(at + 88) >> 2]!,
  }
}

export function writeAssetDefine(frames: FrameBuffer, asset: { code: string; scale: number }): number {
  const offset = appendCommand(frames, ASSET_DEFINE)
  frames.u8[offset + ASSET_SCALE] = asset.scale
  frames.setText(offset + ASSET_CODE, asset.code)
  return offset
}

export function writeMarketDefine(
  frames: FrameBuffer,
  market: { symbol: string; base: number; quote: number; priceScale: number; quantityScale: number; rules: RulesInput; referencePrice?: bigint },
): number {
  const offset = appendCommand(frames, MARKET_DEFINE)
  frames.u16[(offset + 26) >> 1] = market.base
  frames.u16[(offset + MARKET_QUOTE) >> 1] = market.quote
  frames.u8[offset + MARKET_PRICE_SCALE] = market.priceScale
  frames.u8[offset + MARKET_QUANTITY_SCALE] = market.quantityScale
  writeRules(frames, offset + RULES, market.rules)
  frames.setText(offset + MARKET_SYMBOL, market.symbol)
  frames.i64[(offset + MARKET_REFERENCE_PRICE) >> 3] = market.referencePrice ?? 0n
  return offset
}

export function writeMarketUpdate(frames: FrameBuffer, update: { market: number; rules: RulesInput }): number {
  const offset = appendCommand(frames, MARKET_UPDATE)
  frames.u16[(offset + 24) >> 1] = update.market
  writeRules(frames, offset + RULES, update.rules)
  return offset
}

/** `referencePrice` in price units. */
export function writeMarketSetReference(frames: FrameBuffer, market: number, referencePrice: bigint): number {
  const offset = appendCommand(frames, MARKET_SET_REFERENCE)
  frames.u16[(offset + 24) >> 1] = market
  frames.i64[(offset + SET_REFERENCE_PRICE) >> 3] = referencePrice
  return offset
}

export function writeMarketAuction(frames: FrameBuffer, market: number, endsAtUs: number): number {
  const offset = appendCommand(frames, MARKET_AUCTION)
  frames.u16[(offset + 24) >> 1] = market
  frames.f64[(offset + AUCTION_ENDS_AT) >> 3] = endsAtUs
  return offset
}
