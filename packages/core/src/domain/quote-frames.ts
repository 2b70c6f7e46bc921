/** The frame of `quote.place`, the one command whose size varies; its layout stands in the table of `command-frames.ts`. */
import type { FrameBuffer } from '../values/frames.js'
import { COMMAND_BYTES, QUOTE_ENTRY_BYTES, QUOTE_PLACE } from './command-frames.js'

/** Byte offsets from the frame's first byte. */
export const QUOTE_BIDS = 32
export const QUOTE_ASKS = 34
export const QUOTE_SELF_TRADE_PREVENTION = 36
export const QUOTE_FLAGS = 37
export const QUOTE_ENTRIES = 40

/** Flags of `quote.place`. */
export const QUOTE_POST_ONLY = 1

/** A level in units of the market. */
export interface QuoteEntryFields {
  price: bigint
  quantity: bigint
}

export interface QuotePlaceFields {
  account: number
  market: number
  /** Place in `SELF_TRADE_PREVENTIONS`. */
  selfTradePrevention: number
  postOnly: boolean
  /** Best price first; both sides together at most `MAX_QUOTE_ENTRIES`. */
  bids: readonly QuoteEntryFields[]
  asks: readonly QuoteEntryFields[]
}

export function writeQuotePlace(frames: FrameBuffer, ladder: QuotePlaceFields): number {
  const entries = [...ladder.bids, ...ladder.asks]
  const offset = frames.append(COMMAND_BYTES[QUOTE_PLACE]! + entries.length * QUOTE_ENTRY_BYTES, QUOTE_PLACE)
  frames.u32[(offset + 4) >> 2] = ladder.account
  frames.u16[(offset + 24) >> 1] = ladder.market
  frames.u16[(offset + QUOTE_BIDS) >> 1] = ladder.bids.length
  frames.u16[(offset + QUOTE_ASKS) >> 1] = ladder.asks.length
  frames.u8[offset + QUOTE_SELF_TRADE_PREVENTION] = ladder.selfTradePrevention
  frames.u8[offset + QUOTE_FLAGS] = ladder.postOnly ? QUOTE_POST_ONLY : 0
  let word = (offset + QUOTE_ENTRIES) >> 3
  for (const { price, quantity } of entries) {
    frames.i64[word] = price
    frames.i64[word + 1] = quantity
    word += 2
  }
  return offset
}
