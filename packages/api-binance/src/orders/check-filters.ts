/** The filters of a market for an order that is only tried: what can be told without the engine. */
import type { MarketScale } from '@bourse/api'
import type { PlaceOrder } from '@bourse/client'
import { parseDecimal } from '@bourse/core'
import { BinanceError } from '../binance-error.js'

/** @throws BinanceError -1013 naming the filter. */
export function checkFilters(order: PlaceOrder, { market }: MarketScale): void {
  const prices = [order.price, order.stopPrice, order.activationPrice].flatMap((text) => (text === undefined ? [] : [parseDecimal(text, market.priceScale)]))
  for (const price of prices) if (typeof price === 'string' || price <= 0n || price % market.tickSize !== 0n || price > market.maxPrice) throw new BinanceError(-1013, 'Filter failure: PRICE_FILTER')
  if (order.quantity === undefined) return
  const quantity = parseDecimal(order.quantity, market.quantityScale)
  if (typeof quantity === 'string' || quantity % market.lotSize !== 0n || quantity < market.minQuantity || quantity > market.maxQuantity) throw new BinanceError(-1013, 'Filter failure: LOT_SIZE')
  const price = order.price === undefined ? undefined : parseDecimal(order.price, market.priceScale)
  if (typeof price === 'bigint' && price * quantity * market.notionalUnit < market.minNotional) throw new BinanceError(-1013, 'Filter failure: NOTIONAL')
}
