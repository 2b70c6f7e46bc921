/** Events of plain orders, as `engine/event-writer.ts` and `engine/clearing.ts` write them. */
import {
  ACCEPTED_HELD,
  BASE_AMOUNT,
  BUYER_FEE,
  CANCELLED_QUANTITY,
  CANCELLED_RELEASED,
  EVENT_FLAGS,
  EVENT_INDEX,
  FREED,
  MARKET_LAST_TRADE,
  NAMED,
  ORDER_ACCEPTED,
  ORDER_ACCEPTED_BYTES,
  ORDER_CANCELLED,
  ORDER_CANCELLED_BYTES,
  ORDER_ENUMS,
  ORDER_FEE,
  ORDER_FILLED,
  ORDER_FILLED_QUOTE,
  ORDER_FLAGS,
  ORDER_HELD,
  ORDER_ID,
  ORDER_LEAVES,
  ORDER_NAME,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_RESTED,
  ORDER_RESTED_BYTES,
  ORDER_SEAT,
  PARTY_ACCOUNT,
  PARTY_FEE,
  PARTY_FILLED_QUANTITY,
  PARTY_FILLED_QUOTE,
  PARTY_LEAVES_QUANTITY,
  PARTY_ORDER_ID,
  PARTY_RELEASED,
  PARTY_TOTAL_FEE,
  POST_ONLY,
  QUANTITY,
  QUOTE_AMOUNT,
  REASON_REQUESTED,
  SEAT_ACCOUNT,
  SEAT_MARKET_ID,
  SELLER_FEE,
  SEQUENCE,
  STATE_CLIENT_ORDER_ID,
  STATE_FEE,
  STATE_FILLED_QUANTITY,
  STATE_FILLED_QUOTE,
  STATE_LEAVES_QUANTITY,
  STATE_ORDER_ID,
  STATE_PRICE,
  STATE_QUANTITY,
  STATE_QUOTE_QUANTITY,
  STATE_SIDE,
  TIMESTAMP,
  TRADE_EXECUTED,
  TRADE_EXECUTED_BYTES,
  TRADE_ID,
  TRADE_MAKER,
  TRADE_PRICE,
  TRADE_QUANTITY,
  TRADE_QUOTE_AMOUNT,
  TRADE_TAKER,
  TRADE_TAKER_SIDE,
} from './layouts'
import { at, int, long } from './memory'

/** Where the next event goes, and its place among those of its command. */
export let out: usize = 0
export let index: i32 = 0

const NO_ASSET: i32 = 0xffff << 16
const NO_ACCOUNT: i32 = -1
/** Bits of the word that holds whether the order is post-only, the reason and whether it rests. */
const REASON_SHIFT: i32 = 8
const RESTED_BIT: i32 = 1 << 16
const MAKER_DONE_BIT: i32 = 1 << 8
const TAKER_DONE_BIT: i32 = 1 << 16

@inline
export function writeTo(place: usize): void {
  out = place
}

@inline
export function beginCommand(): void {
  index = 0
}

@inline
export function accepted(order: usize): void {
  const event = orderEvent(ORDER_ACCEPTED, ORDER_ACCEPTED_BYTES, order, 0)
  store<i64>(event, long(order, ORDER_LEAVES), STATE_LEAVES_QUANTITY)
  store<i64>(event, long(order, ORDER_HELD), ACCEPTED_HELD)
}

/** Of an order that came to rest as it was accepted: one frame for both events. */
@inline
export function acceptedAtRest(order: usize): void {
  const event = orderEvent(ORDER_ACCEPTED, ORDER_ACCEPTED_BYTES, order, RESTED_BIT)
  store<i64>(event, long(order, ORDER_LEAVES), STATE_LEAVES_QUANTITY)
  store<i64>(event, long(order, ORDER_HELD), ACCEPTED_HELD)
  index++
}

@inline
export function rested(order: usize): void {
  const event = orderEvent(ORDER_RESTED, ORDER_RESTED_BYTES, order, 0)
  store<i64>(event, long(order, ORDER_LEAVES), STATE_LEAVES_QUANTITY)
}

/** To be called while the order still has its leaves and its hold. */
@inline
export function cancelledAtRest(order: usize): void {
  const event = orderEvent(ORDER_CANCELLED, ORDER_CANCELLED_BYTES, order, RESTED_BIT | (REASON_REQUESTED << REASON_SHIFT))
  store<i64>(event, 0, STATE_LEAVES_QUANTITY)
  store<i64>(event, long(order, ORDER_LEAVES), CANCELLED_QUANTITY)
  store<i64>(event, long(order, ORDER_HELD), CANCELLED_RELEASED)
}

/** Writes the event of the trade that the registers describe. */
export function traded(taker: usize, maker: usize, market: usize, side: i32): void {
  const event = header(TRADE_EXECUTED, TRADE_EXECUTED_BYTES, NO_ACCOUNT, int(at(int(maker, ORDER_SEAT)), SEAT_MARKET_ID))
  store<i64>(event, long(market, MARKET_LAST_TRADE), TRADE_ID)
  const makerDone = long(maker, ORDER_LEAVES) == 0 ? MAKER_DONE_BIT : 0
  const takerDone = long(taker, ORDER_LEAVES) == 0 ? TAKER_DONE_BIT : 0
  store<i64>(event, side | makerDone | takerDone, TRADE_TAKER_SIDE)
  store<i64>(event, long(maker, ORDER_PRICE), TRADE_PRICE)
  store<i64>(event, long(0, QUANTITY), TRADE_QUANTITY)
  store<i64>(event, long(0, QUOTE_AMOUNT), TRADE_QUOTE_AMOUNT)
  const takerFee = side == 0 ? long(0, BUYER_FEE) : long(0, SELLER_FEE)
  const makerFee = side == 0 ? long(0, SELLER_FEE) : long(0, BUYER_FEE)
  party(event + TRADE_MAKER, maker, makerFee, 0)
  party(event + TRADE_TAKER, taker, takerFee, long(0, FREED))
}

@inline
function party(place: usize, order: usize, fee: i64, released: i64): void {
  store<i64>(place, long(order, ORDER_ID), PARTY_ORDER_ID)
  store<i64>(place, fee, PARTY_FEE)
  store<i64>(place, long(order, ORDER_FILLED), PARTY_FILLED_QUANTITY)
  store<i64>(place, long(order, ORDER_LEAVES), PARTY_LEAVES_QUANTITY)
  store<i64>(place, long(order, ORDER_FILLED_QUOTE), PARTY_FILLED_QUOTE)
  store<i64>(place, long(order, ORDER_FEE), PARTY_TOTAL_FEE)
  store<i64>(place, released, PARTY_RELEASED)
  store<i64>(place, <u32>int(at(int(order, ORDER_SEAT)), SEAT_ACCOUNT), PARTY_ACCOUNT)
}

/** Writes the order state but for what is left; that and what follows it are the caller's. */
function orderEvent(type: i32, bytes: i32, order: usize, bits: i32): usize {
  const seat = at(int(order, ORDER_SEAT))
  const flags = int(order, ORDER_FLAGS)
  const event = header(type, bytes, int(seat, SEAT_ACCOUNT), int(seat, SEAT_MARKET_ID))
  store<i64>(event, long(order, ORDER_ID), STATE_ORDER_ID)
  store<i32>(event, int(order, ORDER_ENUMS), STATE_SIDE)
  store<i32>(event, (flags & POST_ONLY) | bits, EVENT_FLAGS)
  store<i64>(event, long(order, ORDER_PRICE), STATE_PRICE)
  store<i64>(event, long(order, ORDER_QUANTITY), STATE_QUANTITY)
  store<i64>(event, 0, STATE_QUOTE_QUANTITY)
  store<i64>(event, long(order, ORDER_FILLED), STATE_FILLED_QUANTITY)
  store<i64>(event, long(order, ORDER_FILLED_QUOTE), STATE_FILLED_QUOTE)
  store<i64>(event, long(order, ORDER_FEE), STATE_FEE)
  // Row 0 reads as zeros: no name.
  const name = ((flags & NAMED) == 0 ? 0 : order) + (ORDER_NAME << 3)
  store<i64>(event, load<i64>(name), STATE_CLIENT_ORDER_ID)
  store<i64>(event, load<i64>(name, 8), STATE_CLIENT_ORDER_ID + 8)
  store<i64>(event, load<i64>(name, 16), STATE_CLIENT_ORDER_ID + 16)
  store<i64>(event, load<i64>(name, 24), STATE_CLIENT_ORDER_ID + 24)
  store<i64>(event, load<i64>(name, 32), STATE_CLIENT_ORDER_ID + 32)
  return event
}

@inline
function header(type: i32, bytes: i32, account: i32, market: i32): usize {
  const event = out
  out = event + bytes
  store<i32>(event, bytes | (type << 16))
  store<i32>(event, account, 4)
  store<i64>(event, long(0, SEQUENCE), 8)
  store<i64>(event, long(0, TIMESTAMP), 16)
  store<i32>(event, market | NO_ASSET, 24)
  store<i32>(event, index++, EVENT_INDEX)
  return event
}
