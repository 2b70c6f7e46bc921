/**
 * The binary layout of the commands and events about quotes. `quote.place`, the one command whose size varies,
 * stands in the table of `command-frames.ts`.
 *
 * | frame | bytes | header | body |
 * |---|---|---|---|
 * | quote.protect, quotes.protected | 56 | account, market | 32 i64 quantity, 40 u32 fills, 44 u32 windowMs, 48 u32 frozenMs, 52 zero |
 * | quote.reset-protection, quotes.unfrozen | 32 | account, market | |
 * | quotes.frozen | 56 | account, market | 32 i64 quantity, 40 u32 fills, 44 zero, 48 f64 untilUs (0: until reset) |
 */
import type { FrameBuffer } from '../../values/frames.js'
import { COMMAND_BYTES, QUOTE_ENTRY_BYTES, QUOTE_PLACE, QUOTE_PROTECT, QUOTE_RESET_PROTECTION } from './command-frames.js'

/** Byte offsets from the frame's first byte. */
export const QUOTE_BIDS = 32
export const QUOTE_ASKS = 34
export const QUOTE_SELF_TRADE_PREVENTION = 36
export const QUOTE_FLAGS = 37
export const QUOTE_ENTRIES = 40

/** In commands and events about protections. */
export const PROTECT_QUANTITY = 32
export const PROTECT_FILLS = 40
export const PROTECT_WINDOW_MS = 44
export const PROTECT_FROZEN_MS = 48
export const FROZEN_UNTIL = 48

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

/** 0 where there is no limit of the kind. */
export interface QuoteProtectFields {
  account: number
  market: number
  /** Quantity units. */
  quantity: bigint
  fills: number
  windowMs: number
  frozenMs: number
}

export function writeQuoteProtect(frames: FrameBuffer, protection: QuoteProtectFields): number {
  const offset = frames.append(COMMAND_BYTES[QUOTE_PROTECT]!, QUOTE_PROTECT)
  frames.u32[(offset + 4) >> 2] = protection.account
  frames.u16[(offset + 24) >> 1] = protection.market
  writeProtection(frames, offset, protection)
  return offset
}

/** Writes what the command and the event of a protection have in common, but for the header. */
export function writeProtection(frames: FrameBuffer, offset: number, protection: Omit<QuoteProtectFields, 'account' | 'market'>): void {
  frames.i64[(offset + PROTECT_QUANTITY) >> 3] = protection.quantity
  frames.u32[(offset + PROTECT_FILLS) >> 2] = protection.fills
  frames.u32[(offset + PROTECT_WINDOW_MS) >> 2] = protection.windowMs
  frames.u32[(offset + PROTECT_FROZEN_MS) >> 2] = protection.frozenMs
}

/** Reads what {@link writeQuoteProtect} wrote. */
export function readProtection(frames: FrameBuffer, offset: number): QuoteProtectFields {
  return {
    account: frames.account(offset),
    market: frames.market(offset),
    quantity: frames.i64[(offset + PROTECT_QUANTITY) >> 3]!,
    fills: frames.u32[(offset + PROTECT_FILLS) >> 2]!,
    windowMs: frames.u32[(offset + PROTECT_WINDOW_MS) >> 2]!,
    frozenMs: frames.u32[(offset + PROTECT_FROZEN_MS) >> 2]!,
  }
}

export function writeQuoteResetProtection(frames: FrameBuffer, account: number, market: number): number {
  const offset = frames.append(COMMAND_BYTES[QUOTE_RESET_PROTECTION]!, QUOTE_RESET_PROTECTION)
  frames.u32[(offset + 4) >> 2] = account
  frames.u16[(offset + 24) >> 1] = market
  return offset
}
