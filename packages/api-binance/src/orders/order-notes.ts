/** What views of an order need beside the order: its list, and whether it went as far as it could. */
import type { TradingService } from '@bourse/api'
import type { Order } from '@bourse/client'
import { parseDecimal } from '@bourse/core'
import type { OrderLists } from './order-lists.js'

export class OrderNotes {
  constructor(
    private readonly exchange: Pick<TradingService, 'catalog'>,
    private readonly lists: OrderLists,
  ) {}

  /** The name of a list, also before the answer to its placement has been given. */
  listNameOf(orderListId: number, userId: string, orders: readonly Order[]): string {
    return this.lists.nameToCome(userId, orders) ?? this.lists.nameOf(orderListId)
  }

  /** -1 where the order belongs to no list. */
  listIdOf(order: Pick<Order, 'orderId' | 'linkedOrderId'>): number {
    return this.lists.idOf(order)
  }

  /**
   * Whether a market order by quote amount ended because what was left of it bought no further lot, at its average
   * price: Binance calls that filled.
   */
  isSpent({ market: symbol, quoteQuantity, filledQuantity, filledQuote, reason }: Order): boolean {
    const market = this.exchange.catalog.marketBySymbol(symbol)
    if (quoteQuantity === null || reason !== 'market_remainder' || market === undefined) return false
    const quoteScale = this.exchange.catalog.asset(market.quote)!.scale
    const [wanted, spent, filled] = [parseDecimal(quoteQuantity, quoteScale), parseDecimal(filledQuote, quoteScale), parseDecimal(filledQuantity, market.quantityScale)]
    if (typeof wanted === 'string' || typeof spent === 'string' || typeof filled === 'string') return false
    return (wanted - spent) * filled < spent * market.lotSize
  }
}
