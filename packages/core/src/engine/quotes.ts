/** `quote.place`: replaces the ladder of orders that a market maker quotes in a market. */
import { FrameBuffer } from '../values/frames.js'
import * as command from '../domain/frames/command-frames.js'
import * as quote from '../domain/frames/quote-frames.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import * as marketLayout from '../matching/market-layout.js'
import { BUY, ORDER_ENUMS, ORDER_FLAGS, ORDER_ID, ORDER_LEAVES, QUOTE, SELL } from '../matching/order-layout.js'
import { HOLD } from '../matching/registers.js'
import { intake } from './examine-order.js'
import { entryPrice, entryQuantity, examineQuotes, ladder } from './examine-quotes.js'
import { accept } from './accept-order.js'
import { enter } from './place-order.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'
import { afterTrades } from './trigger-orders.js'

const QUOTE_REPLACED = CANCEL_REASONS.indexOf('quote_replaced')
/** More words than the rows of one order and of its level take. */
const WORDS_PER_ENTRY = 64

/**
 * First withdraws or reduces what stands, the oldest quote first. Then accepts all that is new, so that the money
 * for all of it is set aside before anything can trade, and lets one after another trade and rest: the bids from
 * the best, then the asks from the best, each as the limit order that it is.
 *
 * Makes at most three events an entry and one a withdrawn quote, besides those of trades and of self-trade prevention.
 */
export function placeQuotes(state: EngineState, frames: FrameBuffer, offset: number): void {
  const fault = examineQuotes(state, frames, offset)
  if (fault !== undefined) {
    reject(state, frames, offset, fault)
    return
  }
  state.memory.reserve(ladder.count * WORDS_PER_ENTRY)
  const ids = withdraw(state, frames, offset)
  const order = orderFrame(frames, offset)
  const accepted: number[] = []
  for (let entry = 0; entry < ladder.count; entry++) {
    if (ladder.kept[entry] === 1 || entryQuantity(frames, offset, entry) === 0n) continue
    accepted.push(acceptQuote(state, order, { isBid: entry < ladder.bids, price: entryPrice(frames, offset, entry), quantity: entryQuantity(frames, offset, entry) }))
    ids.push(state.lastOrderId)
  }
  for (const row of accepted) enter(state, row, state.memory.i32[row * 2 + ORDER_ENUMS]!)
  // Without a seat nothing was entered.
  const seat = state.seats.find(frames.account(offset), frames.market(offset))
  if (seat !== 0) state.quotes.replace(seat, ids)
  if (state.memory.i32[ladder.market * 2 + marketLayout.MARKET_WAITING] !== 0) afterTrades(state, ladder.market)
}

/** Cancels the quotes that the new ladder has no place for. @returns the ids of those that go on, oldest first. */
function withdraw(state: EngineState, frames: FrameBuffer, offset: number): number[] {
  const { i64, f64 } = state.memory
  const ids: number[] = []
  for (const [place, row] of ladder.standing.entries()) {
    const entry = ladder.entryOf[place]!
    if (entry < 0) {
      state.clearing.cancelResting(row, QUOTE_REPLACED)
      continue
    }
    const leaves = i64[row + ORDER_LEAVES]!
    const wanted = entryQuantity(frames, offset, entry)
    if (wanted < leaves) state.clearing.reduceResting(row, BigInt.asIntN(64, leaves - wanted), QUOTE_REPLACED)
    ids.push(f64[row + ORDER_ID]!)
  }
  return ids
}

const orderFrames = new FrameBuffer(command.COMMAND_BYTES[command.ORDER_PLACE])

/** The frame of the limit orders that the ladder consists of, all but side, price and quantity. */
function orderFrame(frames: FrameBuffer, offset: number): FrameBuffer {
  const isPostOnly = frames.u8[offset + quote.QUOTE_FLAGS] === quote.QUOTE_POST_ONLY
  orderFrames.clear()
  command.writeOrderPlace(orderFrames, {
    account: frames.account(offset),
    market: frames.market(offset),
    side: BUY,
    orderType: 0,
    timeInForce: 0,
    selfTradePrevention: frames.u8[offset + quote.QUOTE_SELF_TRADE_PREVENTION]!,
    flags: command.PLACE_HAS_PRICE | (isPostOnly ? command.PLACE_POST_ONLY : 0),
    price: 0n,
    quantity: 0n,
    clientOrderId: '',
  })
  return orderFrames
}

/** Makes the order of an entry, and leaves `intake` as it is for all of them. @returns its row. */
function acceptQuote(state: EngineState, order: FrameBuffer, entry: { isBid: boolean; price: bigint; quantity: bigint }): number {
  const { i64 } = state.memory
  const { market } = ladder
  order.u8[command.PLACE_SIDE] = entry.isBid ? BUY : SELL
  order.i64[command.PLACE_PRICE >> 3] = entry.price
  order.i64[command.PLACE_QUANTITY >> 3] = entry.quantity
  intake.market = market
  intake.seat = state.seats.find(order.account(0), order.market(0))
  intake.limit = Number(entry.price)
  intake.unfillable = false
  intake.hasSettings = state.accounts.hasSettings(order.account(0))
  i64[HOLD] = entry.isBid ? entry.price * entry.quantity * i64[market + marketLayout.MARKET_NOTIONAL_UNIT]! : entry.quantity * i64[market + marketLayout.MARKET_BASE_UNIT]!
  const row = accept(state, order, 0)
  const { i32 } = state.memory
  i32[row * 2 + ORDER_FLAGS] = i32[row * 2 + ORDER_FLAGS]! | QUOTE
  state.out.accepted(row)
  return row
}
