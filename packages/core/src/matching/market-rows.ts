/** The rules of every market in numbers, one row each; the row is the market's id. */
import { TypedRows } from '../values/typed-rows.js'
import * as marketLayout from './market-layout.js'

const { MARKET_WORDS } = marketLayout

export class MarketRows extends TypedRows {
  constructor() {
    super(MARKET_WORDS, 4, 0)
  }

  /** A 32-bit field of a market. */
  field(market: number, field: number): number {
    return this.i32[market * 2 * MARKET_WORDS + field]!
  }
}
