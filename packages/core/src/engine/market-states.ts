/** The states of a market: how one is entered, and how every change is told. */
import { NONE_16, NONE_32 } from '../values/frames.js'
import * as event from '../domain/frames/event-frames.js'
import { MARKET_STATES, STATE_REASONS, type MarketState } from '../domain/vocabulary.js'
import { MARKET_AUCTION_END, MARKET_HALTED_AT, MARKET_ID } from '../matching/market-layout.js'
import { DEADLINE_AT } from './deadline-layout.js'
import type { EngineState } from './state.js'

const CIRCUIT_BREAKER = STATE_REASONS.indexOf('circuit_breaker')

/** The circuit breaker stops trading; the writer answers with an auction. */
export function haltMarket(state: EngineState, market: number): void {
  const marketId = state.memory.i32[market * 2 + MARKET_ID]!
  enterState(state, marketId, 'halted')
  state.breakerHalts++
  state.memory.f64[market + MARKET_HALTED_AT] = state.timestampUs
  writeStateChanged(state, marketId, CIRCUIT_BREAKER)
}

/** Puts a market into a state; an auction that was called is off where it is not `pre-open`. The caller tells it. */
export function enterState(state: EngineState, marketId: number, to: MarketState): void {
  const spec = state.catalog.market(marketId)!
  state.catalog.setMarket({ ...spec, state: to })
  state.markets.setState(marketId, to)
  state.memory.f64[state.markets.rows[marketId]! + MARKET_HALTED_AT] = 0
  if (to !== 'pre-open') forgetAuction(state, marketId)
}

/** Takes back the end of an auction that was called. */
export function forgetAuction(state: EngineState, marketId: number): void {
  const deadline = state.memory.i32[state.markets.rows[marketId]! * 2 + MARKET_AUCTION_END]!
  if (deadline !== 0) state.deadlines.unset(deadline)
}

/** When the auction of a market ends, microseconds; 0 where none was called. */
export function auctionEndUs(state: EngineState, market: number): number {
  const deadline = state.memory.i32[market * 2 + MARKET_AUCTION_END]!
  return deadline !== 0 && state.deadlines.isSet(deadline) ? state.memory.f64[deadline + DEADLINE_AT]! : 0
}

/** When a market that the breaker halted may be called to its auction, microseconds; 0 where the breaker did not halt it. */
export function haltEndUs(state: EngineState, market: number): number {
  const haltedAt = state.memory.f64[market + MARKET_HALTED_AT]!
  return haltedAt === 0 ? 0 : haltedAt + state.catalog.market(state.memory.i32[market * 2 + MARKET_ID]!)!.haltMs * 1000
}

/** Tells the present state; `reason` is a code of `STATE_REASONS`. */
export function writeStateChanged(state: EngineState, marketId: number, reason: number): void {
  const at = state.out.begin(event.MARKET_STATE_CHANGED, NONE_32, marketId, NONE_16)
  const { u8, f64 } = state.out.frames
  u8[at + event.CHANGED_STATE] = MARKET_STATES.indexOf(state.catalog.market(marketId)!.state)
  u8[at + event.CHANGED_REASON] = reason
  const market = state.markets.rows[marketId]!
  f64[(at + event.CHANGED_UNTIL) >> 3] = auctionEndUs(state, market) || haltEndUs(state, market)
}
