/** The first mutations of a placement: the examined order gets its row, its name and its hold. */
import type { FrameBuffer } from '../values/frames.js'
import { ROW_BITS } from '../values/row-memory.js'
import * as command from '../domain/frames/command-frames.js'
import * as balanceLayout from '../ledger/balance-layout.js'
import * as marketLayout from '../matching/market-layout.js'
import * as orderLayout from '../matching/order-layout.js'
import * as registers from '../matching/registers.js'
import * as seatLayout from '../matching/seat-layout.js'
import { intake } from './examine-order.js'
import { remember } from './request-memory.js'
import type { EngineState } from './state.js'

const { PLACE_BY_QUOTE, PLACE_CLIENT_ORDER_ID, PLACE_IDEMPOTENT, PLACE_POST_ONLY } = command
const { AVAILABLE, HELD } = balanceLayout
const { MARKET_PAYS_REBATE, MARKET_SCHEDULE } = marketLayout
const {
  BY_QUOTE,
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
const { SEAT_PAYS } = seatLayout

/** Places in a frame, in words of 4 bytes and (name and quantity) of 8: a shifted offset needs no check for overflow. */
const ENUMS_WORD = command.PLACE_SIDE >> 2
const FLAGS_WORD = command.PLACE_FLAGS >> 2
const NAME_WORD = command.PLACE_CLIENT_ORDER_ID >> 3
const QUANTITY_WORD = command.PLACE_QUANTITY >> 3
const ROW = ROW_BITS
const TWO_32 = 4294967296

/** Makes the examined order and sets its money aside: the first mutations; the caller writes the event. @returns the order's row. */
export function accept(state: EngineState, frames: FrameBuffer, offset: number): number {
  const word = offset >> 3
  const account = frames.u32[word * 2 + 1]!
  const market = intake.market & ROW
  const seat = (intake.seat !== 0 ? intake.seat : state.seats.open(account, market)) & ROW
  const order = state.clearing.orders.take() & ROW
  const { f64, i64, i32 } = state.memory
  const enums = frames.u32[word * 2 + ENUMS_WORD]!
  const flags = frames.u32[word * 2 + FLAGS_WORD]!
  const isNamed = frames.u32[(word + NAME_WORD) * 2] !== 0
  const orderId = f64[LAST_ORDER_ID]! + 1
  f64[LAST_ORDER_ID] = orderId
  if (!isNamed && state.names.takes(account, orderId)) passOverNames(state, account)

  f64[order + ORDER_ID] = f64[LAST_ORDER_ID]!
  const high = Math.floor(intake.limit / TWO_32)
  i32[(order + ORDER_PRICE) * 2] = intake.limit - high * TWO_32
  i32[(order + ORDER_PRICE) * 2 + 1] = high
  i64[order + ORDER_QUANTITY] = frames.i64[word + QUANTITY_WORD]!
  i64[order + ORDER_LEAVES] = frames.i64[word + QUANTITY_WORD]!
  i64[order + ORDER_FILLED] = 0n
  i64[order + ORDER_FILLED_QUOTE] = 0n
  i64[order + ORDER_FEE] = 0n
  i64[order + ORDER_FEE_PREPAID] = 0n
  i64[order + ORDER_HELD] = i64[HOLD]!
  f64[order + ORDER_CREATED] = f64[TIMESTAMP]!
  f64[order + ORDER_UPDATED] = f64[TIMESTAMP]!
  i32[order * 2 + ORDER_LEVEL] = 0
  i32[order * 2 + ORDER_SEAT] = seat
  i32[order * 2 + ORDER_SCHEDULE] = i32[market * 2 + MARKET_SCHEDULE]!
  i32[order * 2 + ORDER_ENUMS] = enums
  i32[order * 2 + ORDER_FLAGS] = (flags & PLACE_POST_ONLY) !== 0 ? POST_ONLY : 0
  if ((flags & PLACE_BY_QUOTE) !== 0) {
    i32[order * 2 + ORDER_FLAGS] = BY_QUOTE
    i64[order + ORDER_LEAVES] = 0n
  }
  if (isNamed) state.names.insert(order, intake.nameHash, frames, word + NAME_WORD)

  const balance = i32[seat * 2 + SEAT_PAYS + (enums & 1)]! & ROW
  i64[balance + AVAILABLE] = BigInt.asIntN(64, i64[balance + AVAILABLE]! - i64[HOLD]!)
  i64[balance + HELD] = BigInt.asIntN(64, i64[balance + HELD]! + i64[HOLD]!)
  if ((flags & PLACE_IDEMPOTENT) !== 0) {
    remember(state, { window: state.orderRequests, frames, offset, textAt: PLACE_CLIENT_ORDER_ID, scope: account, orderId: f64[LAST_ORDER_ID]! })
  }
  if (intake.hasSettings || i32[market * 2 + MARKET_PAYS_REBATE] !== 0) state.orderFees.attach(order, account, market)
  return order
}

/** Goes on to the next order id that the account's client has not used as a name. */
function passOverNames(state: EngineState, account: number): void {
  const { f64 } = state.memory
  do f64[LAST_ORDER_ID] = f64[LAST_ORDER_ID]! + 1
  while (state.names.takes(account, f64[LAST_ORDER_ID]!))
}
