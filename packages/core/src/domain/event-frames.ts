/**
 * The binary layout of every event, and the decoder.
 *
 * The header (32 bytes) is described at {@link FrameBuffer}: sequence and timestamp are the command's,
 * `index` counts the events of one command from 0; `account`, `market`, `asset` below mean its fields.
 * Offsets are bytes from the frame's start. Readers that fold many events (market data, projections)
 * read the offsets below and need not decode objects.
 *
 * | event | bytes | header | body |
 * |---|---|---|---|
 * | asset.defined | 72 | asset | 32 u8 scale, 36 text code |
 * | market.defined, market.updated | 192 | market, asset = base | 32 u16 quote, 34 u8 priceScale, 35 u8 quantityScale, 40 rules, 136 text symbol, 176 i64 baseUnit, 184 i64 notionalUnit |
 * | account.opened | 112 | account | 32 u8 kind, 33 u8 purpose, 36 text name, 72 text group, 108 u32 parent + 1 or 0 |
 * | order.accepted | 152 | account, market | order state, 144 i64 held |
 * | order.rested, order.triggered | 144 | account, market | order state |
 * | order.refreshed | 152 | account, market | order state, 144 i64 displayedQuantity |
 * | trade.executed | 200 | market | 32 f64 tradeId, 40 u8 takerSide, 41 u8 makerDone, 42 u8 takerDone, 48 i64 price, 56 i64 quantity, 64 i64 quoteAmount, 72 maker, 136 taker |
 * | trade.executed with special fees | 280 | market | the same, 43 u8 1, 200 special fees of the maker, 240 of the taker |
 * | order.cancelled | 160 | account, market | order state, 144 i64 cancelledQuantity, 152 i64 released |
 * | order.expired | 160 | account, market | as order.cancelled, without a reason |
 * | order.reduced | 160 | account, market | order state, 144 i64 reducedQuantity, 152 i64 released |
 * | order.amended | 168 | account, market | order state, 144 i64 oldPrice, 152 i64 oldLeavesQuantity, 160 i64 heldChange |
 * | transfer.posted | 88 | account = from, asset | 32 u32 to, 40 i64 amount, 48 text requestId |
 * | hold.placed, hold.released | 80 | account, asset | 32 i64 amount, 40 text holdId |
 * | hold.settled | 88 | account, asset | 32 i64 amount, 40 text holdId, 80 u32 to |
 * | command.rejected | 72 | account or none, market or none | 32 u8 code, 33 u8 command type, 36 text clientOrderId |
 * | fee-tier.defined, fee-rate.set, account.updated, order.fee-held | see `fee-frames.ts` | | |
 * | step.rejected | see `replace-frames.ts` | | |
 * | dead-man-switch.set | 40 | account, market or none | 32 f64 firesAtUs (0: disabled) |
 * | dead-man-switch.fired | 40 | account, market or none | 32 f64 dueAtUs |
 * | quotes.protected, quotes.frozen, quotes.unfrozen | see `quote-frames.ts` | | |
 * | command.repeated | 56 | account or none | 33 u8 command type, 40 f64 firstSequence, 48 f64 orderId |
 * | market.reference-set | 40 | market | 32 i64 referencePrice |
 * | market.state-changed | 48 | market | 32 u8 state, 33 u8 reason, 40 f64 untilUs (0: none) |
 * | auction.uncrossed | 56 | market | 32 i64 price, 40 i64 quantity, 48 i64 surplus |
 *
 * Order state, at 32: f64 orderId, 40 u8 side, 41 u8 orderType, 42 u8 timeInForce, 43 u8 selfTradePrevention,
 * 44 u8 postOnly, 45 u8 reason, 46 u8 rested, 47 u8 quote, 48 i64 price, 56 i64 quantity, 64 i64 quoteQuantity,
 * 72 i64 filledQuantity, 80 i64 leavesQuantity, 88 i64 filledQuote, 96 i64 fee, 104 text clientOrderId
 * (empty where the client gave none: then the order id in decimal is the clientOrderId).
 *
 * `order.accepted`, `order.triggered` and `order.amended` of an order with terms are longer by 64 bytes, which follow what the
 * table names: i64 stopPrice, 8 i64 displayQuantity, 16 f64 expiresAtUs, 24 i64 trailingOffset,
 * 32 u32 trailingBps, 40 i64 activationPrice, 48 i64 extreme, 56 f64 siblingOrderId.
 *
 * `trade.executed` of an auction has 1 in byte 44 and is longer by 16 bytes, at its end: i64 bidPrice, i64 askPrice,
 * the limits of the two orders.
 * `order.rested`, `order.cancelled`, `order.expired` and `order.reduced` of a resting iceberg are longer by 8 bytes:
 * i64 displayedQuantity follows what the table names.
 *
 * A party of a trade (maker at 72, taker at 136; 64 bytes): f64 orderId, 8 i64 fee, 16 i64 filledQuantity,
 * 24 i64 leavesQuantity, 32 i64 filledQuote, 40 i64 totalFee, 48 i64 released, 56 u32 account.
 * Special fees of a party: see `fee-frames.ts`.
 */
import { NONE_16, NONE_32, type FrameBuffer } from '../values/frames.js'
import type { MarketSpec } from './catalog.js'
import { readRules } from './command-frames.js'
import { COMMAND_TYPES } from './commands.js'
import { EVENT_TYPES, type Event, type EventBase, type OrderState, type OrderTerms, type TradeParty } from './events.js'
import { FEE_HELD_CHANGE, FEE_HELD_ORDER_ID, FEE_HELD_TOTAL, readFeeRate, readFeeTier, readSettings, readSpecialFee, SETTINGS, SPECIAL_FEE_MAKER, SPECIAL_FEE_TAKER } from './fee-frames.js'
import { FROZEN_UNTIL, readProtection } from './quote-frames.js'
import { REJECT_CODES } from './rejects.js'
import { STEP_CLIENT_ORDER_ID, STEP_CODE, STEP_NAME } from './replace-frames.js'
import { ACCOUNT_KINDS, ACCOUNT_PURPOSES, CANCEL_REASONS, MARKET_STATES, ORDER_TYPES, REPLACE_STEPS, SELF_TRADE_PREVENTIONS, SIDES, STATE_REASONS, TIMES_IN_FORCE } from './vocabulary.js'

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

/** Where the quantity stands by which the level of a resting iceberg changed; 0 in the event of an order that is none. */
function displayedAt(frames: FrameBuffer, offset: number): number {
  const plain = EVENT_BYTES[frames.type(offset)]!
  return frames.size(offset) > plain ? offset + plain : 0
}

/** Where the terms stand in the event at `offset`, or 0 where it carries none. */
export function termsAt(frames: FrameBuffer, offset: number): number {
  const plain = EVENT_BYTES[frames.type(offset)]!
  return frames.size(offset) > plain ? offset + plain : 0
}

/**
 * Reads the event at `offset` as an object.
 *
 * @throws RangeError when no event stands there: frames come from the engine, so that is a broken invariant.
 */
export function decodeEvent(frames: FrameBuffer, offset: number): Event {
  const base = eventBase(frames, offset)
  const i64 = (at: number): bigint => frames.i64[(offset + at) >> 3]!
  const account = frames.account(offset)
  const asset = frames.asset(offset)
  const market = frames.market(offset)
  switch (frames.type(offset)) {
    case ASSET_DEFINED:
      return { type: 'asset.defined', ...base, asset: { id: asset, code: frames.text(offset + DEFINED_CODE), scale: frames.u8[offset + DEFINED_SCALE]! } }
    case MARKET_DEFINED:
      return { type: 'market.defined', ...base, market: marketSpec(frames, offset) }
    case MARKET_UPDATED:
      return { type: 'market.updated', ...base, market: marketSpec(frames, offset) }
    case ACCOUNT_OPENED:
      return {
        type: 'account.opened',
        ...base,
        account,
        name: frames.text(offset + OPENED_NAME),
        kind: word(ACCOUNT_KINDS, frames.u8[offset + OPENED_KIND]),
        group: frames.text(offset + OPENED_GROUP),
        purpose: word(ACCOUNT_PURPOSES, frames.u8[offset + OPENED_PURPOSE]),
        parent: numberOrNone(frames.u32[(offset + OPENED_PARENT) >> 2]!),
      }
    case ORDER_ACCEPTED:
      return { type: 'order.accepted', ...base, ...orderState(frames, offset), ...orderTerms(frames, offset), held: i64(ACCEPTED_HELD) }
    case ORDER_RESTED:
      return { type: 'order.rested', ...base, ...orderState(frames, offset), ...displayed(frames, offset) }
    case ORDER_REFRESHED:
      return { type: 'order.refreshed', ...base, ...orderState(frames, offset), displayedQuantity: i64(RESTED_DISPLAYED) }
    case TRADE_EXECUTED: {
      const special = frames.u8[offset + TRADE_HAS_SPECIAL_FEES] === 1
      return {
        type: 'trade.executed',
        ...base,
        market,
        tradeId: frames.f64[(offset + TRADE_ID) >> 3]!,
        price: i64(TRADE_PRICE),
        quantity: i64(TRADE_QUANTITY),
        quoteAmount: i64(TRADE_QUOTE_AMOUNT),
        takerSide: word(SIDES, frames.u8[offset + TRADE_TAKER_SIDE]),
        maker: { ...tradeParty(frames, offset + TRADE_MAKER, frames.u8[offset + TRADE_MAKER_DONE] === 1), ...(special ? { special: readSpecialFee(frames, offset + SPECIAL_FEE_MAKER) } : {}) },
        taker: { ...tradeParty(frames, offset + TRADE_TAKER, frames.u8[offset + TRADE_TAKER_DONE] === 1), ...(special ? { special: readSpecialFee(frames, offset + SPECIAL_FEE_TAKER) } : {}) },
        ...(isAuctionTrade(frames, offset) ? { auction: { bidPrice: i64(bidPriceAt(frames, offset)), askPrice: i64(askPriceAt(frames, offset)) } } : {}),
      }
    }
    case ORDER_CANCELLED:
      return {
        type: 'order.cancelled',
        ...base,
        ...orderState(frames, offset),
        reason: word(CANCEL_REASONS, frames.u8[offset + STATE_REASON]),
        rested: frames.u8[offset + STATE_RESTED] === 1,
        ...displayed(frames, offset),
        cancelledQuantity: i64(CANCELLED_QUANTITY),
        released: i64(CANCELLED_RELEASED),
      }
    case ORDER_EXPIRED:
      return {
        type: 'order.expired',
        ...base,
        ...orderState(frames, offset),
        rested: frames.u8[offset + STATE_RESTED] === 1,
        ...displayed(frames, offset),
        cancelledQuantity: i64(CANCELLED_QUANTITY),
        released: i64(CANCELLED_RELEASED),
      }
    case ORDER_REDUCED:
      return {
        type: 'order.reduced',
        ...base,
        ...orderState(frames, offset),
        rested: frames.u8[offset + STATE_RESTED] === 1,
        ...displayed(frames, offset),
        reducedQuantity: i64(REDUCED_QUANTITY),
        released: i64(REDUCED_RELEASED),
        reason: word(CANCEL_REASONS, frames.u8[offset + STATE_REASON]),
      }
    case ORDER_AMENDED:
      return {
        type: 'order.amended',
        ...base,
        ...orderState(frames, offset),
        ...orderTerms(frames, offset),
        rested: frames.u8[offset + STATE_RESTED] === 1,
        oldPrice: i64(AMENDED_OLD_PRICE),
        oldLeavesQuantity: i64(AMENDED_OLD_LEAVES),
        heldChange: i64(AMENDED_HELD_CHANGE),
      }
    case ORDER_TRIGGERED:
      return { type: 'order.triggered', ...base, ...orderState(frames, offset), ...orderTerms(frames, offset) }
    case TRANSFER_POSTED:
      return {
        type: 'transfer.posted',
        ...base,
        requestId: frames.text(offset + POSTED_REQUEST_ID),
        from: account,
        to: frames.u32[(offset + POSTED_TO) >> 2]!,
        asset,
        amount: i64(POSTED_AMOUNT),
      }
    case HOLD_PLACED:
      return { type: 'hold.placed', ...base, ...holdFields(frames, offset) }
    case HOLD_SETTLED:
      return { type: 'hold.settled', ...base, ...holdFields(frames, offset), to: frames.u32[(offset + SETTLED_TO) >> 2]! }
    case HOLD_RELEASED:
      return { type: 'hold.released', ...base, ...holdFields(frames, offset) }
    case COMMAND_REJECTED: {
      const code = word(REJECT_CODES, frames.u8[offset + RESULT_CODE])
      if (code === 'none') throw new RangeError(`The reject at byte ${offset} carries no code.`)
      return {
        type: 'command.rejected',
        ...base,
        code,
        command: word(COMMAND_TYPES, frames.u8[offset + RESULT_COMMAND]),
        account: account === NONE_32 ? undefined : account,
        market: market === NONE_16 ? undefined : market,
        clientOrderId: frames.text(offset + REJECTED_CLIENT_ORDER_ID),
      }
    }
    case COMMAND_REPEATED: {
      const command = word(COMMAND_TYPES, frames.u8[offset + RESULT_COMMAND])
      if (command === 'none') throw new RangeError(`The repeated result at byte ${offset} names no command.`)
      return {
        type: 'command.repeated',
        ...base,
        command,
        account: account === NONE_32 ? undefined : account,
        firstSequence: frames.f64[(offset + REPEATED_FIRST_SEQUENCE) >> 3]!,
        orderId: frames.f64[(offset + REPEATED_ORDER_ID) >> 3]!,
      }
    }
    case FEE_TIER_DEFINED:
      return { type: 'fee-tier.defined', ...base, ...readFeeTier(frames, offset), market: market === NONE_16 ? undefined : market }
    case FEE_RATE_SET:
      return { type: 'fee-rate.set', ...base, ...readFeeRate(frames, offset) }
    case ORDER_FEE_HELD:
      return { type: 'order.fee-held', ...base, orderId: frames.f64[(offset + FEE_HELD_ORDER_ID) >> 3]!, account, market, asset, change: i64(FEE_HELD_CHANGE), held: i64(FEE_HELD_TOTAL) }
    case ACCOUNT_UPDATED:
      return { type: 'account.updated', ...base, account, ...readSettings(frames, offset + SETTINGS) }
    case QUOTES_PROTECTED:
      return { type: 'quotes.protected', ...base, ...readProtection(frames, offset) }
    case QUOTES_FROZEN: {
      const { quantity, fills } = readProtection(frames, offset)
      return { type: 'quotes.frozen', ...base, account, market, quantity, fills, untilUs: frames.f64[(offset + FROZEN_UNTIL) >> 3]! || undefined }
    }
    case QUOTES_UNFROZEN:
      return { type: 'quotes.unfrozen', ...base, account, market }
    case DEAD_MAN_SWITCH_SET:
      return { type: 'dead-man-switch.set', ...base, account, market: market === NONE_16 ? undefined : market, firesAtUs: frames.f64[(offset + SWITCH_AT) >> 3]! || undefined }
    case DEAD_MAN_SWITCH_FIRED:
      return { type: 'dead-man-switch.fired', ...base, account, market: market === NONE_16 ? undefined : market, dueAtUs: frames.f64[(offset + SWITCH_AT) >> 3]! }
    case MARKET_REFERENCE_SET:
      return { type: 'market.reference-set', ...base, market, referencePrice: i64(REFERENCE_SET_PRICE) }
    case STEP_REJECTED: {
      const code = word(REJECT_CODES, frames.u8[offset + STEP_CODE])
      if (code === 'none') throw new RangeError(`The refused step at byte ${offset} carries no code.`)
      return { type: 'step.rejected', ...base, step: word(REPLACE_STEPS, frames.u8[offset + STEP_NAME]), code, account, market, clientOrderId: frames.text(offset + STEP_CLIENT_ORDER_ID) }
    }
    case MARKET_STATE_CHANGED:
      return {
        type: 'market.state-changed',
        ...base,
        market,
        state: word(MARKET_STATES, frames.u8[offset + CHANGED_STATE]),
        reason: word(STATE_REASONS, frames.u8[offset + CHANGED_REASON]),
        untilUs: frames.f64[(offset + CHANGED_UNTIL) >> 3]! || undefined,
      }
    case AUCTION_UNCROSSED:
      return { type: 'auction.uncrossed', ...base, market, price: i64(UNCROSSED_PRICE), quantity: i64(UNCROSSED_QUANTITY), surplus: i64(UNCROSSED_SURPLUS) }
    default:
      throw new RangeError(`No event stands at byte ${offset}: type ${frames.type(offset)}, and ${EVENT_TYPES.length - 1} types are known.`)
  }
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

/** Decodes all events of a buffer, or those from `from` on. */
export function decodeEvents(frames: FrameBuffer, from = 0): Event[] {
  const events: Event[] = []
  for (let offset = from; offset < frames.length; offset += frames.size(offset)) events.push(decodeEvent(frames, offset))
  return events
}

function eventBase(frames: FrameBuffer, offset: number): EventBase {
  return {
    sequence: frames.sequence(offset),
    index: frames.u32[(offset + EVENT_INDEX) >> 2]!,
    timestampUs: frames.timestampUs(offset),
  }
}

function orderState(frames: FrameBuffer, offset: number): OrderState {
  const i64 = (at: number): bigint => frames.i64[(offset + at) >> 3]!
  const orderId = frames.f64[(offset + STATE_ORDER_ID) >> 3]!
  return {
    orderId,
    clientOrderId: frames.text(offset + STATE_CLIENT_ORDER_ID) || String(orderId),
    account: frames.account(offset),
    market: frames.market(offset),
    side: word(SIDES, frames.u8[offset + STATE_SIDE]),
    orderType: word(ORDER_TYPES, frames.u8[offset + STATE_ORDER_TYPE]),
    timeInForce: word(TIMES_IN_FORCE, frames.u8[offset + STATE_TIME_IN_FORCE]),
    postOnly: frames.u8[offset + STATE_POST_ONLY] === 1,
    selfTradePrevention: word(SELF_TRADE_PREVENTIONS, frames.u8[offset + STATE_SELF_TRADE_PREVENTION]),
    quote: frames.u8[offset + STATE_QUOTE] === 1,
    price: i64(STATE_PRICE),
    quantity: i64(STATE_QUANTITY),
    quoteQuantity: i64(STATE_QUOTE_QUANTITY),
    filledQuantity: i64(STATE_FILLED_QUANTITY),
    leavesQuantity: i64(STATE_LEAVES_QUANTITY),
    filledQuote: i64(STATE_FILLED_QUOTE),
    fee: i64(STATE_FEE),
  }
}

function orderTerms(frames: FrameBuffer, offset: number): { terms?: OrderTerms } {
  const terms = termsAt(frames, offset)
  if (terms === 0) return {}
  const i64 = (at: number): bigint => frames.i64[(terms + at) >> 3]!
  return {
    terms: {
      stopPrice: i64(TERMS_STOP_PRICE),
      displayQuantity: i64(TERMS_DISPLAY_QUANTITY),
      expiresAtUs: frames.f64[(terms + TERMS_EXPIRES_AT) >> 3]!,
      trailingOffset: i64(TERMS_TRAILING_OFFSET),
      trailingBps: frames.u32[(terms + TERMS_TRAILING_BPS) >> 2]!,
      activationPrice: i64(TERMS_ACTIVATION_PRICE),
      extreme: i64(TERMS_EXTREME),
      siblingOrderId: frames.f64[(terms + TERMS_SIBLING) >> 3]!,
    },
  }
}

function displayed(frames: FrameBuffer, offset: number): { displayedQuantity?: bigint } {
  const at = displayedAt(frames, offset)
  return at === 0 ? {} : { displayedQuantity: frames.i64[at >> 3]! }
}

function tradeParty(frames: FrameBuffer, at: number, done: boolean): TradeParty {
  const i64 = (field: number): bigint => frames.i64[(at + field) >> 3]!
  return {
    orderId: frames.f64[(at + PARTY_ORDER_ID) >> 3]!,
    account: frames.u32[(at + PARTY_ACCOUNT) >> 2]!,
    fee: i64(PARTY_FEE),
    filledQuantity: i64(PARTY_FILLED_QUANTITY),
    leavesQuantity: i64(PARTY_LEAVES_QUANTITY),
    filledQuote: i64(PARTY_FILLED_QUOTE),
    totalFee: i64(PARTY_TOTAL_FEE),
    released: i64(PARTY_RELEASED),
    done,
  }
}

function holdFields(frames: FrameBuffer, offset: number): { holdId: string; account: number; asset: number; amount: bigint } {
  return {
    holdId: frames.text(offset + HOLD_EVENT_ID),
    account: frames.account(offset),
    asset: frames.asset(offset),
    amount: frames.i64[(offset + HOLD_EVENT_AMOUNT) >> 3]!,
  }
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

/** What is written as the number plus 1, or as 0 for none. */
function numberOrNone(written: number): number | undefined {
  return written === 0 ? undefined : written - 1
}

function word<W extends string>(words: readonly W[], code: number | undefined): W {
  const found = words[code ?? -1]
  if (found === undefined) throw new RangeError(`Byte ${code} is none of ${words.join(', ')}.`)
  return found
}
