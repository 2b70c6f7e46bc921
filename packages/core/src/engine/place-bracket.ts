/** `order.place-bracket`: an order, and two exits that trade back what it bought or sold. */
import type { FrameBuffer } from '../values/frames.js'
import { isEmptyInWords } from '../values/text-words.js'
import * as command from '../domain/frames/command-frames.js'
import * as frame from '../domain/frames/linked-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { BRACKET_MODES, ORDER_TYPES } from '../domain/vocabulary.js'
import { MARKET_MAX_OPEN_ORDERS } from '../matching/market-layout.js'
import { BRACKET, BUY, ORDER_FLAGS, ORDER_ID, SELL } from '../matching/order-layout.js'
import { SEAT_COUNT } from '../matching/seat-layout.js'
import { pricesFault } from './examine-conditional.js'
import type { SpecialOrder } from './special-order.js'
import { areSoundExits, isWellFormedLeg, profitOf, readLeg, type ExitPair } from './examine-oco.js'
import { examineOrder, intake } from './examine-order.js'
import { accept } from './accept-order.js'
import { enter } from './place-order.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'
import { afterTrades } from './trigger-orders.js'

const LIMIT = ORDER_TYPES.indexOf('limit')
const COMPLETE = BRACKET_MODES.indexOf('complete')

export function placeBracket(state: EngineState, frames: FrameBuffer, offset: number): void {
  const fault = examineOrder(state, frames, offset) ?? exitsFault(state, frames, offset)
  if (fault !== undefined) {
    if (fault !== 'repeated') reject(state, frames, offset, fault)
    return
  }
  const { market } = intake
  const order = accept(state, frames, offset)
  const { f64, i32 } = state.memory
  i32[order * 2 + ORDER_FLAGS] = i32[order * 2 + ORDER_FLAGS]! | BRACKET
  const exits = readExits(state, frames, offset)
  const complete = frames.u8[offset + frame.BRACKET_MODE] === COMPLETE
  state.brackets.open({ entryId: f64[order + ORDER_ID]!, market, complete, ...exits, takeProfitId: 0, stopLossId: 0, covered: 0n, gone: undefined })
  state.out.accepted(order)
  enter(state, order, frames.u32[(offset + command.PLACE_SIDE) >> 2]!)
  afterTrades(state, market)
}

/** What is wrong with the exits, once the entry has passed. */
function exitsFault(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const { u8, u32, i64 } = frames
  const legs = [offset + frame.BRACKET_TAKE_PROFIT, offset + frame.BRACKET_STOP_LOSS]
  if (u8[offset + frame.BRACKET_MODE]! >= BRACKET_MODES.length || !legs.every((at) => isWellFormedLeg(frames, at))) return 'malformed_frame'
  const hasNames = legs.some((at) => !isEmptyInWords(u32, (at + frame.LEG_CLIENT_ORDER_ID) >> 2))
  const { takeProfit, stopLoss } = readExits(state, frames, offset)
  if (hasNames || !areSoundExits(takeProfit, stopLoss)) return 'invalid_combination'
  const price = i64[(offset + command.PLACE_PRICE) >> 3]!
  const profit = profitOf(takeProfit)
  const isBetween = takeProfit.side === BUY ? profit < price && price < stopLoss.stopPrice : profit > price && price > stopLoss.stopPrice
  if (u8[offset + command.PLACE_ORDER_TYPE] === LIMIT && !isBetween) return 'invalid_combination'
  const fault = pricesFault(state, takeProfit) ?? pricesFault(state, stopLoss)
  if (fault !== undefined) return fault
  const { i32 } = state.memory
  return i32[intake.seat * 2 + SEAT_COUNT]! + 3 > i32[intake.market * 2 + MARKET_MAX_OPEN_ORDERS]! ? 'too_many_open_orders' : undefined
}

function readExits(state: EngineState, frames: FrameBuffer, offset: number): { takeProfit: SpecialOrder; stopLoss: SpecialOrder } {
  const pair: ExitPair = {
    account: frames.account(offset),
    market: state.markets.rows[frames.market(offset)]!,
    side: frames.u8[offset + command.PLACE_SIDE] === BUY ? SELL : BUY,
    selfTradePrevention: frames.u8[offset + command.PLACE_SELF_TRADE_PREVENTION]!,
    quantity: 0n,
  }
  return { takeProfit: readLeg(frames, offset + frame.BRACKET_TAKE_PROFIT, pair), stopLoss: readLeg(frames, offset + frame.BRACKET_STOP_LOSS, pair) }
}
