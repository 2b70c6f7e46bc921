/** Takes in a pair of exits that has been examined: two linked orders, of which one rests or both wait. */
import { FrameBuffer, TEXT_BYTES } from '../values/frames.js'
import * as command from '../domain/frames/command-frames.js'
import { ORDER_TYPES } from '../domain/vocabulary.js'
import { MARKET_ID } from '../matching/market-layout.js'
import { HOLD } from '../matching/registers.js'
import type { SpecialOrder } from './special-order.js'
import { intake } from './examine-order.js'
import { nameHash } from './order-names.js'
import { accept } from './accept-order.js'
import type { EngineState } from './state.js'

const LIMIT = ORDER_TYPES.indexOf('limit')
const exitFrames = new FrameBuffer(command.COMMAND_BYTES[command.ORDER_PLACE_SPECIAL])

/** An exit, and where the name that the client gave it stands. */
export interface NamedExit {
  readonly order: SpecialOrder
  readonly frames?: FrameBuffer
  /** Byte of the name in the frames. */
  readonly nameAt?: number
}

/**
 * Makes both orders and links them. The take-profit leg is the older one, and holds for both.
 *
 * @param hold what the dearer leg needs; it must be available.
 * @param isMet a limit leg that would trade at once stays outside the book; the caller triggers it.
 * @returns the rows of the two orders.
 */
export function enterExits(state: EngineState, takeProfit: NamedExit, stopLoss: NamedExit, hold: bigint, isMet = false): { takeProfit: number; stopLoss: number } {
  const first = acceptExit(state, takeProfit, hold)
  const second = acceptExit(state, stopLoss, 0n)
  state.linked.join(first, second)
  state.out.acceptedSpecial(first)
  state.out.acceptedSpecial(second)
  state.clearing.list(first)
  state.clearing.list(second)
  if (takeProfit.order.orderType === LIMIT && !isMet) {
    state.books.add(first, takeProfit.order.market, takeProfit.order.side)
    state.out.rested(first)
  } else {
    state.waiting.wait(first)
  }
  state.waiting.wait(second)
  return { takeProfit: first, stopLoss: second }
}

function acceptExit(state: EngineState, { order, frames, nameAt }: NamedExit, hold: bigint): number {
  const marketId = state.memory.i32[order.market * 2 + MARKET_ID]!
  exitFrames.clear()
  command.writeOrderPlaceSpecial(exitFrames, {
    ...order,
    market: marketId,
    // A limit exit has to rest, and says so.
    flags: order.flags | (order.orderType === LIMIT ? command.PLACE_POST_ONLY : 0),
    clientOrderId: '',
    flags2: 0,
  })
  if (frames !== undefined && nameAt !== undefined) exitFrames.bytes.set(frames.bytes.subarray(nameAt, nameAt + TEXT_BYTES), command.PLACE_CLIENT_ORDER_ID)
  intake.nameHash = nameHash(order.account, exitFrames.u32, command.PLACE_CLIENT_ORDER_ID >> 2)
  intake.market = order.market
  intake.seat = state.seats.find(order.account, marketId)
  intake.limit = Number(order.price)
  intake.hasSettings = state.accounts.hasSettings(order.account)
  state.memory.i64[HOLD] = hold
  const row = accept(state, exitFrames, 0)
  state.terms.attachFrom(row, exitFrames, 0)
  return row
}
