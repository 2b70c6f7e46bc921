/** Puts the rules of a market into the row that matching reads. */
import type { MarketSpec } from '../domain/catalog.js'
import { MARKET_STATES } from '../domain/vocabulary.js'
import * as row from '../matching/market-layout.js'
import { FEES } from './accounts.js'
import type { EngineState } from './state.js'

/** Keeps what runs on: the last trade id and, once set, what the price index divides by. */
export function setMarketRow(state: EngineState, market: MarketSpec): void {
  const { f64, i64, i32 } = state.markets
  const at = market.id * row.MARKET_WORDS
  f64[at + row.MARKET_TICK] = Number(market.tickSize)
  f64[at + row.MARKET_MAX_PRICE] = Number(market.maxPrice)
  if (f64[at + row.MARKET_KEY_UNIT] === 0) f64[at + row.MARKET_KEY_UNIT] = Number(market.tickSize)
  i64[at + row.MARKET_LOT] = market.lotSize
  i64[at + row.MARKET_MIN_QUANTITY] = market.minQuantity
  i64[at + row.MARKET_MAX_QUANTITY] = market.maxQuantity
  i64[at + row.MARKET_MIN_NOTIONAL] = market.minNotional
  i64[at + row.MARKET_MAX_NOTIONAL] = market.maxPrice * market.maxQuantity * market.notionalUnit
  i64[at + row.MARKET_NOTIONAL_UNIT] = market.notionalUnit
  i64[at + row.MARKET_BASE_UNIT] = market.baseUnit
  i32[at * 2 + row.MARKET_STATE] = MARKET_STATES.indexOf(market.state)
  i32[at * 2 + row.MARKET_BASE] = market.base
  i32[at * 2 + row.MARKET_QUOTE_ASSET] = market.quote
  i32[at * 2 + row.MARKET_BAND_BPS] = market.marketBandBps
  i32[at * 2 + row.MARKET_SCHEDULE] = state.schedules.open(market.makerFeePpm, market.takerFeePpm)
  i32[at * 2 + row.MARKET_MAX_OPEN_ORDERS] = market.maxOpenOrders
  i32[at * 2 + row.MARKET_ALLOW_SELF_TRADE] = market.allowSelfTrade ? 1 : 0
  i32[at * 2 + row.MARKET_FEES_BASE] = state.balances.open(FEES, market.base)
  i32[at * 2 + row.MARKET_FEES_QUOTE] = state.balances.open(FEES, market.quote)
}
