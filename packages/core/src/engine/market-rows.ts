/** The rows of the markets that matching reads, and the rules put into them. */
import { NumberedRows } from '../values/memory-table.js'
import { RowPool, type RowMemory } from '../values/row-memory.js'
import type { MarketSpec } from '../domain/catalog.js'
import { MARKET_STATES, type MarketState } from '../domain/vocabulary.js'
import type { Balances } from '../ledger/balances.js'
import type { FeeSchedules } from '../ledger/fees.js'
import { forgetPrices } from '../matching/breaker-window.js'
import * as market from '../matching/market-layout.js'
import { FEES } from './accounts.js'

const LEAST_MARKETS = 64

/** References of markets' rows, a word of 8 bytes each. */
class MarketList extends NumberedRows {
  constructor(memory: RowMemory) {
    super(memory, 1, LEAST_MARKETS)
  }

  push(row: number): void {
    this.memory.i32[this.place(this.add())] = row
  }
}

export class MarketRows {
  /** Rows by the number of the market. */
  readonly rows: number[] = []
  /** The same in the memory, where the kernel finds them. */
  readonly listed: MarketList
  private readonly pool: RowPool

  constructor(
    private readonly memory: RowMemory,
    private readonly balances: Balances,
    private readonly schedules: FeeSchedules,
  ) {
    this.pool = new RowPool(memory, market.MARKET_WORDS, market.MARKET_STATE)
    this.listed = new MarketList(memory)
  }

  get count(): number {
    return this.rows.length
  }

  /** Takes a row for the market whose number is the next one. */
  open(spec: MarketSpec): number {
    const row = this.pool.take()
    this.rows.push(row)
    this.listed.push(row)
    this.memory.i32[row * 2 + market.MARKET_ID] = spec.id
    this.memory.f64[row + market.MARKET_KEY_UNIT] = Number(spec.tickSize)
    this.setRules(spec)
    return row
  }

  /** Keeps what runs on: the ends of the book, the last trade id, what the price index divides by. */
  setRules(spec: MarketSpec): void {
    const row = this.rows[spec.id]!
    const schedule = this.schedules.open(spec.makerFeePpm, spec.takerFeePpm)
    const feesBase = this.balances.open(FEES, spec.base)
    const feesQuote = this.balances.open(FEES, spec.quote)
    const { f64, i64, i32 } = this.memory
    f64[row + market.MARKET_TICK] = Number(spec.tickSize)
    f64[row + market.MARKET_MAX_PRICE] = Number(spec.maxPrice)
    i64[row + market.MARKET_LOT] = spec.lotSize
    i64[row + market.MARKET_MIN_QUANTITY] = spec.minQuantity
    i64[row + market.MARKET_MAX_QUANTITY] = spec.maxQuantity
    i64[row + market.MARKET_MIN_NOTIONAL] = spec.minNotional
    i64[row + market.MARKET_NOTIONAL_UNIT] = spec.notionalUnit
    i64[row + market.MARKET_BASE_UNIT] = spec.baseUnit
    const bound = spec.maxPrice * spec.maxQuantity * spec.notionalUnit
    const isCapped = spec.maxNotional !== 0n && spec.maxNotional < bound
    i64[row + market.MARKET_MAX_NOTIONAL] = isCapped ? spec.maxNotional : bound
    i32[row * 2 + market.MARKET_PRICE_BAND_BPS] = spec.priceBandBps
    i32[row * 2 + market.MARKET_MODE] = (isCapped ? market.CAPPED : 0) | (spec.priceBandBps > 0 ? market.BANDED : 0) | (spec.breakerMoveBps > 0 ? market.BREAKER : 0)
    const quarterUs = spec.breakerWindowMs * 250
    if (f64[row + market.MARKET_QUARTER_US] !== quarterUs) forgetPrices(this.memory, row)
    f64[row + market.MARKET_QUARTER_US] = quarterUs
    i32[row * 2 + market.MARKET_BREAKER_BPS] = spec.breakerMoveBps
    i32[row * 2 + market.MARKET_BASE] = spec.base
    i32[row * 2 + market.MARKET_QUOTE_ASSET] = spec.quote
    i32[row * 2 + market.MARKET_BAND_BPS] = spec.marketBandBps
    i32[row * 2 + market.MARKET_SCHEDULE] = schedule
    i32[row * 2 + market.MARKET_PAYS_REBATE] = spec.makerFeePpm < 0 ? 1 : 0
    i32[row * 2 + market.MARKET_MAX_OPEN_ORDERS] = spec.maxOpenOrders
    i32[row * 2 + market.MARKET_ALLOW_SELF_TRADE] = spec.allowSelfTrade ? 1 : 0
    i32[row * 2 + market.MARKET_FEES_BASE] = feesBase
    i32[row * 2 + market.MARKET_FEES_QUOTE] = feesQuote
    this.setState(spec.id, spec.state)
  }

  setState(marketId: number, state: MarketState): void {
    const fields = this.rows[marketId]! * 2
    const { i32 } = this.memory
    i32[fields + market.MARKET_STATE] = MARKET_STATES.indexOf(state)
    i32[fields + market.MARKET_MODE] = (i32[fields + market.MARKET_MODE]! & ~market.STATE_BITS) | MARKET_STATES.indexOf(state)
  }

  /** Gives a reference price, in price units, that counts until the next trade. */
  setReference(marketId: number, reference: bigint): void {
    const row = this.rows[marketId]!
    const { f64, i64 } = this.memory
    i64[row + market.MARKET_REFERENCE] = reference
    f64[row + market.MARKET_REFERENCE_TRADE] = f64[row + market.MARKET_LAST_TRADE]!
  }

  /** The reference price that was given and has not been superseded by a trade; 0: none. */
  givenReference(row: number): bigint {
    const { f64, i64 } = this.memory
    return f64[row + market.MARKET_REFERENCE_TRADE] === f64[row + market.MARKET_LAST_TRADE] ? i64[row + market.MARKET_REFERENCE]! : 0n
  }
}
