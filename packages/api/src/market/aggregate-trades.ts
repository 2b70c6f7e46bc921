/** Trades that one order took at one price, told as one. */
import type { PublicTrade } from '@bourse/core'

/** Sums in the units of `PublicTrade`. */
export interface AggregateTrade extends PublicTrade {
  /** `tradeId` is the first of them. */
  readonly lastTradeId: number
}

/** Puts neighbouring trades of the same command, side and price together; the order stays. */
export function aggregated(trades: readonly PublicTrade[]): AggregateTrade[] {
  const together: AggregateTrade[] = []
  for (const trade of trades) {
    const last = together.at(-1)
    if (last === undefined || !belongsTo(last, trade)) together.push({ ...trade, lastTradeId: trade.tradeId })
    else together[together.length - 1] = { ...last, lastTradeId: trade.tradeId, quantity: last.quantity + trade.quantity, quoteAmount: last.quoteAmount + trade.quoteAmount }
  }
  return together
}

function belongsTo(one: PublicTrade, other: PublicTrade): boolean {
  return one.sequence === other.sequence && one.takerSide === other.takerSide && one.price === other.price
}
