/** The type bytes of the events, the sizes of their frames and the offsets in them; `event-frames.ts` shows the layouts. */
import type { FrameBuffer } from '../../values/frames.js'

/** Type bytes of the events: places in `EVENT_TYPES`. */
export const ASSET_DEFINED = 1
export const MARKET_DEFINED = 2
export const MARKET_UPDATED = 3
export const ACCOUNT_OPENED = 4
export const ORDER_ACCEPTED = 5
export const ORDER_RESTED = 6
export const TRADE_EXECUTED = 7
export const ORDER_CANCELLED = 8
export const ORDER_REDUCED = 9
export const ORDER_AMENDED = 10
export const TRANSFER_POSTED = 11
export const HOLD_PLACED = 12
export const HOLD_SETTLED = 13
export const HOLD_RELEASED = 14
export const COMMAND_REJECTED = 15
export const COMMAND_REPEATED = 16
export const FEE_TIER_DEFINED = 17
export const ACCOUNT_UPDATED = 18
export const DEAD_MAN_SWITCH_SET = 19
export const DEAD_MAN_SWITCH_FIRED = 20
export const MARKET_REFERENCE_SET = 21
export const ORDER_EXPIRED = 22
export const QUOTES_PROTECTED = 23
export const QUOTES_FROZEN = 24
export const QUOTES_UNFROZEN = 25
export const ORDER_TRIGGERED = 26
export const STEP_REJECTED = 27
export const MARKET_STATE_CHANGED = 28
export const AUCTION_UNCROSSED = 29
export const FEE_RATE_SET = 30
export const ORDER_FEE_HELD = 31
export const ORDER_REFRESHED = 32

/** Bytes of a frame by its type byte. */
export const EVENT_BYTES: readonly number[] = [
  ...[0, 72, 192, 192, 112, 152, 144, 200, 160, 160, 168, 88, 80, 88, 80, 72, 56, 48, 48, 40, 40, 40],
  // order.expired
  160,
  // quotes.protected, quotes.frozen, quotes.unfrozen
  ...[56, 56, 32],
  // order.triggered
  144,
  // step.rejected
  72,
  // market.state-changed, auction.uncrossed
  ...[48, 56],
  // fee-rate.set, order.fee-held
  ...[56, 56],
  // order.refreshed
  152,
]

/** Offset of the u32 place among the events of one command. */
export const EVENT_INDEX = 28

/** Order state, in every `order.` event. */
export const STATE_ORDER_ID = 32
export const STATE_SIDE = 40
export const STATE_ORDER_TYPE = 41
export const STATE_TIME_IN_FORCE = 42
export const STATE_SELF_TRADE_PREVENTION = 43
export const STATE_POST_ONLY = 44
export const STATE_REASON = 45
export const STATE_RESTED = 46
/** In place of 1 in that byte of an `order.amended`: the order stays where it stands. */
export const KEEPS_PLACE = 2
export const STATE_QUOTE = 47
export const STATE_PRICE = 48
export const STATE_QUANTITY = 56
export const STATE_QUOTE_QUANTITY = 64
export const STATE_FILLED_QUANTITY = 72
export const STATE_LEAVES_QUANTITY = 80
export const STATE_FILLED_QUOTE = 88
export const STATE_FEE = 96
export const STATE_CLIENT_ORDER_ID = 104
/** What follows the order state. */
export const ACCEPTED_HELD = 144
export const CANCELLED_QUANTITY = 144
export const CANCELLED_RELEASED = 152
export const REDUCED_QUANTITY = 144
export const REDUCED_RELEASED = 152
export const AMENDED_OLD_PRICE = 144
export const AMENDED_OLD_LEAVES = 152
export const AMENDED_HELD_CHANGE = 160

/** Of an iceberg; `order.refreshed` always has it. */
export const RESTED_DISPLAYED = 144
export const CANCELLED_DISPLAYED = 160
export const REDUCED_DISPLAYED = 160

/** What follows in an event of an order with terms, from {@link termsAt} on. */
export const TERMS_BYTES = 64
export const TERMS_STOP_PRICE = 0
export const TERMS_DISPLAY_QUANTITY = 8
export const TERMS_EXPIRES_AT = 16
export const TERMS_TRAILING_OFFSET = 24
export const TERMS_TRAILING_BPS = 32
export const TERMS_ACTIVATION_PRICE = 40
export const TERMS_EXTREME = 48
export const TERMS_SIBLING = 56

export const TRADE_ID = 32
export const TRADE_TAKER_SIDE = 40
export const TRADE_MAKER_DONE = 41
export const TRADE_TAKER_DONE = 42
export const TRADE_HAS_SPECIAL_FEES = 43
export const TRADE_PRICE = 48
export const TRADE_QUANTITY = 56
export const TRADE_QUOTE_AMOUNT = 64
export const TRADE_MAKER = 72
export const TRADE_TAKER = 136
/** 1 in a trade of an auction, which is longer by {@link AUCTION_TRADE_BYTES}. */
export const TRADE_IN_AUCTION = 44
export const AUCTION_TRADE_BYTES = 16
/** Inside a party of a trade. */
export const PARTY_ORDER_ID = 0
export const PARTY_FEE = 8
export const PARTY_FILLED_QUANTITY = 16
export const PARTY_LEAVES_QUANTITY = 24
export const PARTY_FILLED_QUOTE = 32
export const PARTY_TOTAL_FEE = 40
export const PARTY_RELEASED = 48
export const PARTY_ACCOUNT = 56

export const POSTED_TO = 32
export const POSTED_AMOUNT = 40
export const POSTED_REQUEST_ID = 48
export const HOLD_EVENT_AMOUNT = 32
export const HOLD_EVENT_ID = 40
export const SETTLED_TO = 80
export const DEFINED_SCALE = 32
export const DEFINED_CODE = 36
export const DEFINED_QUOTE = 32
export const DEFINED_PRICE_SCALE = 34
export const DEFINED_QUANTITY_SCALE = 35
export const DEFINED_RULES = 40
export const DEFINED_SYMBOL = 136
export const DEFINED_BASE_UNIT = 176
export const DEFINED_NOTIONAL_UNIT = 184
export const REFERENCE_SET_PRICE = 32
export const CHANGED_STATE = 32
export const CHANGED_REASON = 33
export const CHANGED_UNTIL = 40
export const UNCROSSED_PRICE = 32
export const UNCROSSED_QUANTITY = 40
export const UNCROSSED_SURPLUS = 48
export const OPENED_KIND = 32
export const OPENED_PURPOSE = 33
export const OPENED_NAME = 36
export const OPENED_GROUP = 72
export const OPENED_PARENT = 108
export const RESULT_CODE = 32
export const RESULT_COMMAND = 33
export const REJECTED_CLIENT_ORDER_ID = 36
export const REPEATED_FIRST_SEQUENCE = 40
export const REPEATED_ORDER_ID = 48
export const SWITCH_AT = 32

/** Where the terms stand in the event at `offset`, or 0 where it carries none. */
export function termsAt(frames: FrameBuffer, offset: number): number {
  const size = frames.size(offset)
  // They come last: an iceberg that keeps its place tells what it displays before them.
  return size > EVENT_BYTES[frames.type(offset)]! ? offset + size - TERMS_BYTES : 0
}

/** Whether an `order.accepted` tells of the order's rest too: it met nobody, and `order.rested` has no frame of its own. */
export function restedAtOnce(frames: FrameBuffer, offset: number): boolean {
  return frames.u8[offset + STATE_RESTED] === 1 && frames.type(offset) === ORDER_ACCEPTED
}

/** Whether a `trade.executed` came of an auction. */
export function isAuctionTrade(frames: FrameBuffer, offset: number): boolean {
  return frames.u8[offset + TRADE_IN_AUCTION] === 1
}

/** Where the limit of the buyer stands in a trade of an auction, from the frame's first byte. */
export function bidPriceAt(frames: FrameBuffer, offset: number): number {
  return frames.size(offset) - AUCTION_TRADE_BYTES
}

/** The same of the seller. */
export function askPriceAt(frames: FrameBuffer, offset: number): number {
  return frames.size(offset) - AUCTION_TRADE_BYTES + 8
}
