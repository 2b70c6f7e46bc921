/** The usual order, straight through: a limit order good till cancelled that breaks no rule rests where it meets nobody, and trades where it does. */
import type { FrameBuffer } from '../values/frames.js'
import { ROW_BITS } from '../values/row-memory.js'
import { NO_TEXT as NO_TEXT_HASH } from '../values/text-words.js'
import * as command from '../domain/frames/command-frames.js'
import * as balanceLayout from '../ledger/balance-layout.js'
import * as levelLayout from '../matching/level-layout.js'
import * as marketLayout from '../matching/market-layout.js'
import * as orderLayout from '../matching/order-layout.js'
import * as registers from '../matching/registers.js'
import * as seatLayout from '../matching/seat-layout.js'
import { DONE as WALK_DONE, STOPPED_BY_OWN_ORDER as OWN_ORDER } from '../matching/taker-walk.js'
import * as accountLayout from './account-layout.js'
import { KIND_SYSTEM as SYSTEM_KIND } from './accounts.js'
import { remainderReason } from './remainder-reason.js'
import { nameHash } from './order-names.js'
import type { EngineState } from './state.js'
import { afterTrades } from './trigger-orders.js'

const { LAST_MARKET, LAST_PAYS, LAST_SEAT, STANDING } = accountLayout
const { PLACE_HAS_PRICE, PLACE_POST_ONLY } = command
const { AVAILABLE, HELD } = balanceLayout
const { LEVEL_PRICE } = levelLayout
const {
  MARKET_ALLOW_SELF_TRADE,
  MARKET_BASE,
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
  MARKET_QUOTE_ASSET,
  MARKET_SCHEDULE,
  MARKET_TICK,
  MARKET_WAITING,
  STATE_OPEN,
} = marketLayout
const {
  ALLOW,
  BUY,
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
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_SCHEDULE,
  ORDER_SEAT,
  ORDER_UPDATED,
  POST_ONLY,
} = orderLayout
const { HOLD, LAST_ORDER_ID, TIMESTAMP } = registers
const { SEAT_COUNT } = seatLayout

const KIND_SYSTEM = SYSTEM_KIND
const NO_TEXT = NO_TEXT_HASH
const DONE = WALK_DONE
const STOPPED_BY_OWN_ORDER = OWN_ORDER
const ROW = ROW_BITS
const TWO_32 = 4294967296
/** Places in a frame, in words of 4 bytes; the names of those of 8 bytes say so. */
const ENUMS_WORD = command.PLACE_SIDE >> 2
const FLAGS_WORD = command.PLACE_FLAGS >> 2
const NAME_WORD = command.PLACE_CLIENT_ORDER_ID >> 2
const PRICE_WORD_8 = command.PLACE_PRICE >> 3
const QUANTITY_WORD_8 = command.PLACE_QUANTITY >> 3
/** Bits of the enums that are 0 in a limit order good till cancelled, of either side. */
const NOT_LIMIT_GTC = 0xfffffe
/** Bits of the flags byte that are {@link PLACE_HAS_PRICE} alone in such an order, whether post-only or not. */
const FLAG_BITS = 0xff & ~PLACE_POST_ONLY

/** What {@link isPlain} found for what follows: rows, the hash of the name, and whether the order meets somebody. */
const found = { market: 0, seat: 0, balance: 0, nameHash: 0, crosses: false }

/**
 * Takes a plain order in.
 *
 * @returns false for any other order, of which nothing has been changed: the long way examines it rule by rule.
 */
export function placePlain(state: EngineState, frames: FrameBuffer, offset: number): boolean {
  if (!isPlain(state, frames, offset)) return false
  const order = takeIn(state, frames, offset)
  const enums = frames.u32[(offset >> 3) * 2 + ENUMS_WORD]!
  if (found.crosses) {
    state.out.accepted(order)
    tradeAndRest(state, order, found.market, enums & 1)
  } else {
    state.books.add(order, found.market, enums & 1)
    state.clearing.list(order)
    state.out.acceptedAtRest(order)
  }
  if (state.memory.i32[(found.market & ROW) * 2 + MARKET_WAITING] !== 0) afterTrades(state, found.market)
  return true
}

/** Lets a limit order good till cancelled trade in a market without guards, and rest with what is left. */
export function tradeAndRest(state: EngineState, order: number, market: number, side: number): void {
  const { clearing } = state
  const ended = state.walk.run(order, market, side ^ 1)
  if (ended === DONE) {
    clearing.forget(order)
  } else if (ended < STOPPED_BY_OWN_ORDER) {
    state.books.add(order, market, side)
    clearing.list(order)
    state.out.rested(order)
  } else {
    clearing.cancelRemainder(order, remainderReason(true, ended))
    clearing.forget(order)
  }
}

/** Whether nobody can have anything to say about the order. Sets {@link found}, and the register `HOLD`. */
function isPlain(state: EngineState, frames: FrameBuffer, offset: number): boolean {
  const { u32 } = frames
  const { accounts } = state
  const { i32, i64, f64 } = state.memory
  const word = (offset >> 3) * 2
  const account = u32[word + 1]!
  const marketId = u32[word + 6]! & 0xffff
  const enums = u32[word + ENUMS_WORD]!
  const prevention = enums >>> 24
  if (account >= accounts.end || marketId >= state.markets.rows.length) return false
  if ((enums & NOT_LIMIT_GTC) !== 0 || prevention > ALLOW || (u32[word + FLAGS_WORD]! & FLAG_BITS) !== PLACE_HAS_PRICE) return false
  const side = enums & 1
  const at = accounts.place(account)
  if (i32[at + STANDING]! > KIND_SYSTEM) return false
  const market = state.markets.rows[marketId]! & ROW
  if ((i32[at + LAST_MARKET] !== marketId || i32[at + LAST_SEAT] === 0) && !findsSeat(state, account, marketId, side)) return false
  const seat = i32[at + LAST_SEAT]! & ROW
  const balance = i32[at + LAST_PAYS + side]! & ROW
  if (i32[market * 2 + MARKET_MODE] !== STATE_OPEN || i32[market * 2 + MARKET_PAYS_REBATE] !== 0) return false
  if (prevention === ALLOW && i32[market * 2 + MARKET_ALLOW_SELF_TRADE] === 0) return false

  const price = (u32[word + PRICE_WORD_8 * 2 + 1]! | 0) * TWO_32 + u32[word + PRICE_WORD_8 * 2]!
  const ticks = price / f64[market + MARKET_TICK]!
  if (price <= 0 || price > f64[market + MARKET_MAX_PRICE]! || Math.floor(ticks) !== ticks) return false
  const opposite = i32[market * 2 + MARKET_BEST + (side ^ 1)]! & ROW
  // Sides come at random: a product spares a branch that would be foreseen half the time.
  const crosses = opposite !== 0 && (f64[opposite + LEVEL_PRICE]! - price) * (1 - 2 * side) <= 0
  if (crosses && (u32[word + FLAGS_WORD]! & PLACE_POST_ONLY) !== 0) return false
  const quantity = frames.i64[(offset >> 3) + QUANTITY_WORD_8]!
  if (quantity < i64[market + MARKET_MIN_QUANTITY]! || quantity > i64[market + MARKET_MAX_QUANTITY]!) return false
  if (quantity <= 0n || BigInt.asIntN(64, quantity % i64[market + MARKET_LOT]!) !== 0n) return false
  i64[HOLD] = BigInt.asIntN(64, BigInt.asIntN(64, frames.i64[(offset >> 3) + PRICE_WORD_8]! * quantity) * i64[market + MARKET_NOTIONAL_UNIT]!)
  if (i64[HOLD]! < i64[market + MARKET_MIN_NOTIONAL]!) return false
  if (side !== 0) i64[HOLD] = BigInt.asIntN(64, quantity * i64[market + MARKET_BASE_UNIT]!)
  if (i64[balance + AVAILABLE]! < i64[HOLD]! || i32[seat * 2 + SEAT_COUNT]! >= i32[market * 2 + MARKET_MAX_OPEN_ORDERS]!) return false

  const hash = nameHash(account, u32, word + NAME_WORD)
  found.market = market
  found.seat = seat
  found.balance = balance
  found.nameHash = hash
  found.crosses = crosses
  if (hash === NO_TEXT) return false
  return state.names.isSurelyFree(hash, u32, word + NAME_WORD) || state.names.findHashed(hash, account, u32, word + NAME_WORD) === 0
}

/**
 * Finds the account's seat, or makes it where the account has something to pay with: whether there was a seat is no part
 * of the state, and must not decide about the frames of events.
 */
export function findsSeat(state: EngineState, account: number, marketId: number, side: number): boolean {
  if (state.seats.find(account, marketId) !== 0) return true
  const market = state.markets.rows[marketId]!
  const pays = state.memory.i32[market * 2 + (side === BUY ? MARKET_QUOTE_ASSET : MARKET_BASE)]!
  return state.balances.find(account, pays) !== 0 && state.seats.open(account, market) !== 0
}

/** Makes the order and sets its money aside. @returns its row. */
function takeIn(state: EngineState, frames: FrameBuffer, offset: number): number {
  const word = offset >> 3
  const { market, seat, balance } = found
  const order = state.clearing.orders.take() & ROW
  const { i32, i64, f64 } = state.memory
  const orderId = f64[LAST_ORDER_ID]! + 1
  f64[LAST_ORDER_ID] = orderId
  f64[order + ORDER_ID] = orderId
  i64[order + ORDER_PRICE] = frames.i64[word + PRICE_WORD_8]!
  i64[order + ORDER_LEAVES] = frames.i64[word + QUANTITY_WORD_8]!
  i64[order + ORDER_QUANTITY] = frames.i64[word + QUANTITY_WORD_8]!
  i64[order + ORDER_FILLED] = 0n
  i64[order + ORDER_FILLED_QUOTE] = 0n
  i64[order + ORDER_FEE] = 0n
  i64[order + ORDER_FEE_PREPAID] = 0n
  i64[order + ORDER_HELD] = i64[HOLD]!
  i64[order + ORDER_CREATED] = i64[TIMESTAMP]!
  i64[order + ORDER_UPDATED] = i64[TIMESTAMP]!
  i32[order * 2 + ORDER_LEVEL] = 0
  i32[order * 2 + ORDER_SEAT] = seat
  i32[order * 2 + ORDER_SCHEDULE] = i32[market * 2 + MARKET_SCHEDULE]!
  i32[order * 2 + ORDER_ENUMS] = frames.u32[word * 2 + ENUMS_WORD]!
  i32[order * 2 + ORDER_FLAGS] = (frames.u32[word * 2 + FLAGS_WORD]! & PLACE_POST_ONLY) !== 0 ? POST_ONLY : 0
  i64[(balance & ROW) + AVAILABLE] = BigInt.asIntN(64, i64[(balance & ROW) + AVAILABLE]! - i64[HOLD]!)
  i64[(balance & ROW) + HELD] = BigInt.asIntN(64, i64[(balance & ROW) + HELD]! + i64[HOLD]!)
  state.names.insert(order, found.nameHash, frames, word + (NAME_WORD >> 1))
  return order
}
