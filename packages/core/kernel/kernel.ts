/**
 * Applies plain commands, one after another, in the engine's own memory: limit orders good till cancelled that break no
 * rule, their trades with plain orders, and their cancels. The same is written in TypeScript (`engine/plain-order.ts`
 * and what it calls), which takes every command that is not plain: the kernel stops at it, having changed nothing.
 */
import {
  ACCOUNT_WORDS,
  ACCOUNTS,
  AFTER_TRADES,
  ALLOW,
  AVAILABLE,
  CANCEL_BYTES,
  COMMAND_OUT,
  EVENT_COUNT,
  FIRST_SEAT,
  FRAME_HEADER_BYTES,
  HELD,
  HOLD,
  IDS,
  KIND_SYSTEM,
  LAST_MARKET,
  LAST_ORDER_ID,
  LAST_PAYS,
  LAST_SEAT,
  LEVEL_HEAD,
  LEVEL_NODES,
  LEVEL_ORDER_PRICE,
  LEVEL_QUANTITY,
  LEVELS,
  MARKET_ALLOW_SELF_TRADE,
  MARKET_BASE_UNIT,
  MARKET_BEST,
  MARKET_LOT,
  MARKET_MAX_OPEN_ORDERS,
  MARKET_MAX_PRICE,
  MARKET_MAX_QUANTITY,
  MARKET_MIN_NOTIONAL,
  MARKET_MIN_QUANTITY,
  MARKET_MODE,
  MARKET_NOTIONAL_UNIT,
  MARKET_PAYS_REBATE,
  MARKET_ROW,
  MARKET_SCHEDULE,
  MARKET_TICK,
  MARKET_WAITING,
  NAMED,
  NAMES,
  NEEDS_ROOM,
  NEEDS_SEAT,
  NEXT_DEADLINE,
  NEXT_FRAME,
  NO_TEXT,
  NODE_WORDS,
  NODES,
  NOT_PLAIN,
  ORDER_CANCEL,
  ORDER_CREATED,
  ORDER_ENUMS,
  ORDER_FEE,
  ORDER_FEE_PREPAID,
  ORDER_FILLED,
  ORDER_FILLED_QUOTE,
  ORDER_FLAGS,
  ORDER_HELD,
  ORDER_ID,
  ORDER_LEAVES,
  ORDER_LEVEL,
  ORDER_NAME,
  ORDER_NEXT,
  ORDER_PLACE,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_ROW,
  ORDER_SCHEDULE,
  ORDER_SEAT,
  ORDER_UPDATED,
  ORDER_WORDS,
  ORDERS,
  OUT_END,
  OUT_NEXT,
  OUT_START,
  PLACE_BYTES,
  PLACE_CLIENT_ORDER_ID,
  PLACE_FLAGS,
  PLACE_HAS_PRICE,
  PLACE_POST_ONLY,
  PLACE_PRICE,
  PLACE_QUANTITY,
  PLACE_SIDE,
  POST_ONLY,
  REFERENCE_CLIENT_ORDER_ID,
  REFERENCE_ORDER_ID,
  ROWS_END,
  ROWS_FIRST,
  SEAT_ACCOUNT,
  SEAT_COUNT,
  SEAT_GROUP,
  SEAT_MARKET,
  SEAT_MARKET_ID,
  SEAT_NEXT,
  SEAT_PAYS,
  SEQUENCE,
  STANDING,
  STATE_OPEN,
  TIMESTAMP,
  WALKS_ON,
} from './layouts'
import { addOrder, removeOrder } from './books'
import { findOrder, forget, list, releaseHold, trade, unlist } from './clearing'
import { accepted, acceptedAtRest, beginCommand, cancelledAtRest, index, out, rested, writeTo } from './events'
import { at, double, freshWords, hasFreeRow, hasRoomForOne, int, long, referenceOf, registersOf, setDouble, setInt, setLong, takeRow, tell, told } from './memory'
import { findNamed, insertName, isFree, mayBeNumber, nameHash } from './names'

/** What {@link place} answers when the command is done; the codes that the engine is told are among the layouts. */
const DONE: i32 = 0
/** Bytes that the events of one command take but for its trades, with room to spare. */
const EVENT_ROOM: usize = 1024
/** Bits of the enums that are 0 in a limit order good till cancelled, of either side. */
const NOT_LIMIT_GTC: i32 = 0xfffffe
/** Bits of the flags byte that are `PLACE_HAS_PRICE` alone in such an order, whether post-only or not. */
const FLAG_BITS: i32 = 0xff & ~PLACE_POST_ONLY
/** Seats of an account that are passed over to find the one in a market. */
const SEATS: i32 = 16

export { lookAhead } from './ahead'

/**
 * Applies the whole frames from one byte of the memory to another.
 *
 * @returns why it stopped: `DONE`, or a code of the layouts; `NEXT_FRAME` is where.
 */
export function run(from: usize, to: usize): i32 {
  let frame = from
  let code = DONE
  writeTo(<usize>told(OUT_START))
  while (frame + FRAME_HEADER_BYTES <= to) {
    const first = load<u32>(frame)
    const end = frame + (first & 0xffff)
    if (end > to) break
    if (!hasRoom()) {
      code = NEEDS_ROOM
      break
    }
    const time = load<f64>(frame, 16)
    if (load<f64>(frame, 8) != double(0, SEQUENCE) + 1 || !(time >= double(0, TIMESTAMP)) || double(0, NEXT_DEADLINE) <= time) {
      code = NOT_PLAIN
      break
    }
    tell(COMMAND_OUT, <i32>out)
    const head = first & 0xffffff
    if (head == ((ORDER_PLACE << 16) | PLACE_BYTES)) code = place(frame)
    else if (head == ((ORDER_CANCEL << 16) | CANCEL_BYTES)) code = cancel(frame)
    else code = NOT_PLAIN
    if (code == NOT_PLAIN || code == NEEDS_SEAT) break
    frame = end
    if (code != DONE) break
  }
  tell(NEXT_FRAME, <i32>frame)
  tell(OUT_NEXT, <i32>out)
  tell(EVENT_COUNT, index)
  return code
}

/** Whether whatever a plain command may add has room. */
@inline
function hasRoom(): bool {
  return (
    out + EVENT_ROOM <= <usize>told(OUT_END) &&
    hasFreeRow(registersOf(ORDERS)) &&
    hasFreeRow(registersOf(LEVELS)) &&
    freshWords(registersOf(NODES)) >= LEVEL_NODES * NODE_WORDS &&
    hasRoomForOne(registersOf(IDS)) &&
    hasRoomForOne(registersOf(NAMES))
  )
}

/** Keeps the sequence and the time of a command that will be done. */
@inline
function begin(frame: usize): void {
  setDouble(0, SEQUENCE, load<f64>(frame, 8))
  setDouble(0, TIMESTAMP, load<f64>(frame, 16))
  beginCommand()
}

function place(frame: usize): i32 {
  const account = load<i32>(frame, 4)
  const marketId = <i32>load<u16>(frame, 24)
  const enums = load<i32>(frame, PLACE_SIDE)
  const flags = <i32>load<u8>(frame, PLACE_FLAGS)
  const prevention = <i32>(<u32>enums >>> 24)
  if (<u32>account >= <u32>int(registersOf(ACCOUNTS), ROWS_END)) return NOT_PLAIN
  if ((enums & NOT_LIMIT_GTC) != 0 || prevention > ALLOW || (flags & FLAG_BITS) != PLACE_HAS_PRICE) return NOT_PLAIN
  const side = enums & 1
  const holder = (<usize>int(registersOf(ACCOUNTS), ROWS_FIRST) << 2) + ((<usize>account * ACCOUNT_WORDS) << 3)
  if (int(holder, STANDING) > KIND_SYSTEM) return NOT_PLAIN
  if ((int(holder, LAST_MARKET) != marketId || int(holder, LAST_SEAT) == 0) && !findsSeat(holder, marketId)) return NEEDS_SEAT
  const seat = at(int(holder, LAST_SEAT))
  const balance = at(int(holder, LAST_PAYS + <usize>side))
  const market = at(int(seat, SEAT_MARKET))
  if (int(market, MARKET_MODE) != STATE_OPEN || int(market, MARKET_PAYS_REBATE) != 0) return NOT_PLAIN
  if (prevention == ALLOW && int(market, MARKET_ALLOW_SELF_TRADE) == 0) return NOT_PLAIN

  const price = load<i64>(frame, PLACE_PRICE)
  const ticks = <f64>price / double(market, MARKET_TICK)
  if (price <= 0 || <f64>price > double(market, MARKET_MAX_PRICE) || Math.floor(ticks) != ticks) return NOT_PLAIN
  const opposite = at(int(market, MARKET_BEST + <usize>(side ^ 1)))
  const crosses = opposite != 0 && (side == 0 ? long(opposite, LEVEL_ORDER_PRICE) <= price : long(opposite, LEVEL_ORDER_PRICE) >= price)
  if (crosses && (flags & PLACE_POST_ONLY) != 0) return NOT_PLAIN
  const quantity = load<i64>(frame, PLACE_QUANTITY)
  if (quantity <= 0 || quantity < long(market, MARKET_MIN_QUANTITY) || quantity > long(market, MARKET_MAX_QUANTITY) || quantity % long(market, MARKET_LOT) != 0) return NOT_PLAIN
  const notional = price * quantity * long(market, MARKET_NOTIONAL_UNIT)
  if (notional < long(market, MARKET_MIN_NOTIONAL)) return NOT_PLAIN
  const hold = side == 0 ? notional : quantity * long(market, MARKET_BASE_UNIT)
  if (long(balance, AVAILABLE) < hold || int(seat, SEAT_COUNT) >= int(market, MARKET_MAX_OPEN_ORDERS)) return NOT_PLAIN

  const name = frame + PLACE_CLIENT_ORDER_ID
  const hash = nameHash(account, name)
  if (hash == NO_TEXT || mayBeNumber(name) || !isFree(hash, account, name)) return NOT_PLAIN

  begin(frame)
  const order = takeRow(registersOf(ORDERS), ORDER_WORDS, ORDER_NEXT)
  const orderId = double(0, LAST_ORDER_ID) + 1
  setDouble(0, LAST_ORDER_ID, orderId)
  setLong(0, HOLD, hold)
  setDouble(order, ORDER_ID, orderId)
  setLong(order, ORDER_PRICE, price)
  setLong(order, ORDER_LEAVES, quantity)
  setLong(order, ORDER_QUANTITY, quantity)
  setLong(order, ORDER_FILLED, 0)
  setLong(order, ORDER_FILLED_QUOTE, 0)
  setLong(order, ORDER_FEE, 0)
  setLong(order, ORDER_FEE_PREPAID, 0)
  setLong(order, ORDER_HELD, hold)
  setLong(order, ORDER_CREATED, long(0, TIMESTAMP))
  setLong(order, ORDER_UPDATED, long(0, TIMESTAMP))
  setInt(order, ORDER_LEVEL, 0)
  setInt(order, ORDER_SEAT, referenceOf(seat))
  setInt(order, ORDER_SCHEDULE, int(market, MARKET_SCHEDULE))
  setInt(order, ORDER_ENUMS, enums)
  setInt(order, ORDER_FLAGS, ((flags & PLACE_POST_ONLY) != 0 ? POST_ONLY : 0) | NAMED)
  setLong(balance, AVAILABLE, long(balance, AVAILABLE) - hold)
  setLong(balance, HELD, long(balance, HELD) + hold)
  insertName(order, hash, name)

  if (crosses) {
    accepted(order)
    if (!walk(order, market, side)) {
      tell(ORDER_ROW, referenceOf(order))
      return WALKS_ON
    }
  } else {
    addOrder(order, market, side)
    list(order)
    acceptedAtRest(order)
  }
  if (int(market, MARKET_WAITING) == 0) return DONE
  tell(ORDER_ROW, referenceOf(order))
  tell(MARKET_ROW, referenceOf(market))
  return AFTER_TRADES
}

/**
 * Trades the order with the best of the other side until it is done or out of its limit, and lets it rest with what is left.
 *
 * @returns whether it came to that: TypeScript goes on where somebody stands next who is not plain.
 */
function walk(taker: usize, market: usize, side: i32): bool {
  const limit = long(taker, ORDER_PRICE)
  const prevention = <i32>(<u32>int(taker, ORDER_ENUMS) >>> 24)
  const group = int(at(int(taker, ORDER_SEAT)), SEAT_GROUP)
  const best = MARKET_BEST + <usize>(side ^ 1)
  let leaves = long(taker, ORDER_LEAVES)
  for (let level = at(int(market, best)); level != 0; level = at(int(market, best))) {
    const price = long(level, LEVEL_ORDER_PRICE)
    if (side == 0 ? price > limit : price < limit) break
    const maker = at(int(level, LEVEL_HEAD))
    const isPlainMaker = isPlain(maker) && (prevention == ALLOW || int(at(int(maker, ORDER_SEAT)), SEAT_GROUP) != group)
    if (!isPlainMaker || out + EVENT_ROOM > <usize>told(OUT_END)) {
      tell(MARKET_ROW, referenceOf(market))
      return false
    }
    const offered = long(maker, ORDER_LEAVES)
    const traded = leaves < offered ? leaves : offered
    leaves -= traded
    setLong(taker, ORDER_LEAVES, leaves)
    setLong(maker, ORDER_LEAVES, offered - traded)
    setLong(level, LEVEL_QUANTITY, long(level, LEVEL_QUANTITY) - traded)
    trade(taker, maker, market, side, traded)
    if (traded == offered) {
      removeOrder(maker)
      unlist(maker)
      forget(maker)
    }
    if (leaves == 0) {
      forget(taker)
      return true
    }
  }
  addOrder(taker, market, side)
  list(taker)
  rested(taker)
  return true
}

function cancel(frame: usize): i32 {
  const account = load<i32>(frame, 4)
  const orderId = load<f64>(frame, REFERENCE_ORDER_ID)
  const name = frame + REFERENCE_CLIENT_ORDER_ID
  let order: usize
  if (orderId != 0) {
    if (!isEmpty(name)) return NOT_PLAIN
    order = findOrder(orderId)
  } else {
    const hash = nameHash(account, name)
    if (hash == NO_TEXT || mayBeNumber(name)) return NOT_PLAIN
    order = findNamed(hash, account, name)
  }
  if (order == 0 || !isPlain(order)) return NOT_PLAIN
  const seat = at(int(order, ORDER_SEAT))
  if (int(seat, SEAT_ACCOUNT) != account || int(seat, SEAT_MARKET_ID) != <i32>load<u16>(frame, 24)) return NOT_PLAIN
  begin(frame)
  cancelledAtRest(order)
  removeOrder(order)
  releaseHold(order, int(order, ORDER_ENUMS) & 1)
  unlist(order)
  forget(order)
  return DONE
}

/** Whether a resting order is nothing but a limit order with a name, or without. */
@inline
function isPlain(order: usize): bool {
  const flags = int(order, ORDER_FLAGS)
  return (flags & ~(NAMED | POST_ONLY)) == 0 && ((flags & NAMED) == 0 || !mayBeNumber(order + (ORDER_NAME << 3)))
}

/** Finds the account's seat in a market, and keeps it as the one used last. */
function findsSeat(holder: usize, marketId: i32): bool {
  let seat = at(int(holder, FIRST_SEAT))
  for (let passed = 0; seat != 0 && passed < SEATS; passed++) {
    if (int(seat, SEAT_MARKET_ID) == marketId) {
      setInt(holder, LAST_SEAT, referenceOf(seat))
      setInt(holder, LAST_MARKET, marketId)
      setInt(holder, LAST_PAYS, int(seat, SEAT_PAYS))
      setInt(holder, LAST_PAYS + 1, int(seat, SEAT_PAYS + 1))
      return true
    }
    seat = at(int(seat, SEAT_NEXT))
  }
  return false
}

@inline
function isEmpty(name: usize): bool {
  return (load<i64>(name) | load<i64>(name, 8) | load<i64>(name, 16) | load<i64>(name, 24) | <i64>load<u32>(name, 32)) == 0
}
