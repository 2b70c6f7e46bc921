/** Auctions: they are called, come to their end, and trade what is crossed at one price. */
import { NONE_16, NONE_32, type FrameBuffer } from '../values/frames.js'
import { AUCTION_ENDS_AT } from '../domain/frames/command-frames.js'
import * as event from '../domain/frames/event-frames.js'
import { MARKET_STATES, STATE_REASONS } from '../domain/vocabulary.js'
import { auctionResult } from '../matching/auction-price.js'
import { forgetPrices } from '../matching/breaker-window.js'
import * as marketLayout from '../matching/market-layout.js'
import { referencePrice } from '../matching/price-band.js'
import { tradeInAuction } from './auction-trade.js'
import type { WorkItem } from './work-item.js'
import { DEADLINE_MARKET } from './deadline-layout.js'
import { DEADLINE_KINDS } from './deadlines.js'
import { enterState, writeStateChanged } from './market-states.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'
import { afterAuction } from './trigger-orders.js'

const { MARKET_AUCTION_END, MARKET_AUCTION_PRICE, STATE_OPEN } = marketLayout
const AUCTION_END = DEADLINE_KINDS.indexOf('auction-end')
const AUCTION_CALLED = STATE_REASONS.indexOf('auction_called')
const AUCTION_ENDED = STATE_REASONS.indexOf('auction_ended')

/** `market.auction`. */
export function callAuction(state: EngineState, frames: FrameBuffer, offset: number): void {
  const market = state.catalog.market(frames.market(offset))
  const endsAtUs = frames.f64[(offset + AUCTION_ENDS_AT) >> 3]!
  if (market === undefined) reject(state, frames, offset, 'unknown_market')
  else if (!Number.isSafeInteger(endsAtUs) || endsAtUs <= 0) reject(state, frames, offset, 'malformed_frame')
  else if (market.state === 'delisted') reject(state, frames, offset, 'market_not_open')
  else {
    enterState(state, market.id, 'pre-open')
    state.deadlines.set(auctionEnd(state, market.id), endsAtUs)
    writeStateChanged(state, market.id, AUCTION_CALLED)
  }
}

/** The deadline at which the auction of a market ends; made where there was none. */
export function auctionEnd(state: EngineState, marketId: number): number {
  const field = state.markets.rows[marketId]! * 2 + MARKET_AUCTION_END
  const found = state.memory.i32[field]!
  if (found !== 0) return found
  const row = state.deadlines.open({ kind: AUCTION_END, account: 0, market: marketId, order: 0 })
  state.memory.i32[field] = row
  return row
}

/** The call of an auction is over: what can trade does so before anything else happens. */
export function endAuction(state: EngineState, deadline: number): void {
  beginUncross(state, state.memory.i32[deadline * 2 + DEADLINE_MARKET]!, STATE_OPEN)
}

/** Puts it at the end of the backlog to trade what is crossed and then to enter a state of trading. */
export function beginUncross(state: EngineState, market: number, then: number): void {
  state.backlog.push({ kind: 'uncross', account: then, market, reason: 0 })
}

/** Whether the best bid meets the best ask, which only a market that does not trade lets happen. */
export function isCrossed(state: EngineState, market: number): boolean {
  const bid = state.books.best(market, 0)
  const ask = state.books.best(market, 1)
  return bid !== 0 && ask !== 0 && state.books.price(bid) >= state.books.price(ask)
}

/**
 * Trades what is crossed at the one price that is found when it begins, buyers and sellers by price and
 * time, as far as the command has room. @returns whether nothing is left, and the market trades again.
 */
export function uncrossSome(state: EngineState, { account: then, market: marketId }: WorkItem): boolean {
  const market = state.markets.rows[marketId]!
  const { books, memory } = state
  if (memory.f64[market + MARKET_AUCTION_PRICE] === 0) findPrice(state, marketId)
  const price = memory.f64[market + MARKET_AUCTION_PRICE]!
  while (price !== 0) {
    const bid = books.best(market, 0)
    const ask = books.best(market, 1)
    if (bid === 0 || ask === 0 || books.price(bid) < price || books.price(ask) > price) break
    if (state.room === 0) return false
    state.room--
    tradeInAuction(state, { market, buyer: books.head(bid), seller: books.head(ask), price: BigInt(price) })
  }
  memory.f64[market + MARKET_AUCTION_PRICE] = 0
  forgetPrices(memory, market)
  enterState(state, marketId, MARKET_STATES[then]!)
  writeStateChanged(state, marketId, AUCTION_ENDED)
  afterAuction(state, market, BigInt(price))
  return true
}

function findPrice(state: EngineState, marketId: number): void {
  const market = state.markets.rows[marketId]!
  const result = auctionResult(state.memory, state.books, market, referencePrice(state.memory, market))
  if (result === undefined) return
  state.memory.f64[market + MARKET_AUCTION_PRICE] = Number(result.price)
  const at = state.out.begin(event.AUCTION_UNCROSSED, NONE_32, marketId, NONE_16)
  const { i64 } = state.out.frames
  i64[(at + event.UNCROSSED_PRICE) >> 3] = result.price
  i64[(at + event.UNCROSSED_QUANTITY) >> 3] = result.quantity
  i64[(at + event.UNCROSSED_SURPLUS) >> 3] = result.surplus
}
