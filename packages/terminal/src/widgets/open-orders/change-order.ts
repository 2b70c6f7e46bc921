/** What changing an open order means: which fields differ, and what the order is worth. */
import { formatDecimal } from '@bourse/core'
import type { ChangeOrder } from '@bourse/client'
import { groupThousands, trimZeros } from '../../format/amounts.js'
import { marketUnits, notionalOf, readAmount, type MarketUnits } from '../../stores/market-units.js'
import type { Exchange, Market, Order } from '../../stores/wire.js'
import type { TextKey } from '../../i18n/text-keys.js'

/** Price x quantity of a limit order in the quote asset; what was filled so far for market orders. */
export function orderTotal(order: Order, exchange: Exchange): string {
  const market = exchange.markets.find(({ symbol }) => symbol === order.market)
  if (market === undefined) return '–'
  if (order.price === null || order.quantity === null) return groupThousands(trimZeros(order.filledQuote, 2))
  const units = marketUnits(market, exchange.assets)
  const [price, quantity] = [readAmount(order.price, units.priceScale), readAmount(order.quantity, units.quantityScale)]
  if (price === null || quantity === null) return '–'
  return groupThousands(trimZeros(formatDecimal(notionalOf(price, quantity, units), units.quoteScale), 2))
}

export type OrderChange = { readonly ok: true; readonly change: ChangeOrder | null } | { readonly ok: false; readonly field: 'price' | 'quantity'; readonly text: TextKey; readonly values: Record<string, string> }

/** The change to send for what was typed; null when nothing differs. */
export function readOrderChange(order: Order, typed: { price: string; quantity: string }, market: Market, units: MarketUnits): OrderChange {
  const price = readAmount(typed.price, units.priceScale)
  if (price === null || price === 0n || price % units.tick !== 0n) return { ok: false, field: 'price', text: 'ticket.problem.priceTick', values: { step: market.tickSize } }
  const quantity = readAmount(typed.quantity, units.quantityScale)
  if (quantity === null || quantity === 0n || quantity % units.lot !== 0n) return { ok: false, field: 'quantity', text: 'ticket.problem.quantityLot', values: { step: market.lotSize } }
  const filled = readAmount(order.filledQuantity, units.quantityScale) ?? 0n
  if (quantity <= filled) return { ok: false, field: 'quantity', text: 'orders.problem.belowFilled', values: { filled: order.filledQuantity } }
  const change: ChangeOrder = { market: order.market, orderId: order.orderId }
  if (price !== readAmount(order.price ?? '', units.priceScale)) change.price = formatDecimal(price, units.priceScale)
  if (quantity !== readAmount(order.quantity ?? '', units.quantityScale)) change.quantity = formatDecimal(quantity, units.quantityScale)
  return { ok: true, change: change.price === undefined && change.quantity === undefined ? null : change }
}
