/** Checks of the states of markets: auctions, halts, and the breaker's window. */
import { MARKET_STATES } from '../domain/vocabulary.js'
import { WINDOW_QUARTERS } from '../matching/breaker-window.js'
import * as market from '../matching/market-layout.js'
import { InvariantViolation } from './invariant-violation.js'
import { auctionEndUs } from './market-states.js'
import type { EngineState } from './state.js'

/** @throws InvariantViolation naming the market where something does not hold. */
export function checkStates(state: EngineState): void {
  for (const [id, row] of state.markets.rows.entries()) checkMarket(state, id, row)
}

function checkMarket(state: EngineState, id: number, row: number): void {
  const { i32, f64 } = state.memory
  const { symbol, state: told } = state.catalog.market(id)!
  const code = i32[row * 2 + market.MARKET_STATE]!
  const require = (holds: boolean, what: string): void => {
    if (!holds) throw new InvariantViolation(`Market ${symbol}, ${told}: ${what}.`)
  }
  require(code === MARKET_STATES.indexOf(told), `its row says state ${code}`)
  require((i32[row * 2 + market.MARKET_MODE]! & market.STATE_BITS) === code, `its mode says state ${i32[row * 2 + market.MARKET_MODE]! & market.STATE_BITS}`)
  require(auctionEndUs(state, row) === 0 || told === 'pre-open', 'an auction is called')
  require(f64[row + market.MARKET_HALTED_AT] === 0 || told === 'halted', 'the breaker is said to have halted it')
  const isUncrossing = state.backlog.some((item) => item.kind === 'uncross' && item.market === id)
  require(f64[row + market.MARKET_AUCTION_PRICE] === 0 || (isUncrossing && told === 'pre-open'), 'it has the price of an auction that nobody uncrosses')
  for (let quarter = 0; quarter < WINDOW_QUARTERS; quarter++) {
    const low = f64[row + market.MARKET_WINDOW_LOW + quarter]!
    const high = f64[row + market.MARKET_WINDOW_HIGH + quarter]!
    require(low <= high && (low === 0) === (high === 0), `a quarter of its window goes from ${low} to ${high}`)
  }
}
