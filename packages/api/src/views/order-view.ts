/** Orders and fills as the API writes them. */
import { formatDecimal, type Catalog } from '@bourse/core'
import type { Fill, Order } from '@bourse/client'
import type { FillRow } from '@bourse/store'
import type { FillRecord, OrderRecord } from '../orders/order-record.js'
import { marketScale, milliseconds, type MarketScale } from './amounts.js'

export function orderView(order: OrderRecord, catalog: Catalog): Order {
  const scale = marketScale(catalog, order.market)
  const feeAsset = order.side === 'buy' ? scale.base : scale.quote
  return {
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    market: scale.market.symbol,
    side: order.side,
    orderType: order.orderType,
    timeInForce: order.timeInForce,
    postOnly: order.postOnly,
    price: order.price === 0n ? null : scale.price(order.price),
    quantity: order.quantity === 0n ? null : scale.quantity(order.quantity),
    quoteQuantity: order.quoteQuantity === 0n ? null : scale.quoteAmount(order.quoteQuantity),
    filledQuantity: scale.quantity(order.filledQuantity),
    leavesQuantity: scale.quantity(order.leavesQuantity),
    filledQuote: scale.quoteAmount(order.filledQuote),
    selfTradePrevention: order.selfTradePrevention,
    ...termsView(order, scale),
    averagePrice: averagePrice(order, scale),
    fee: formatDecimal(order.fee, feeAsset.scale),
    feeAsset: feeAsset.code,
    status: order.status,
    reason: order.reason,
    createdMs: milliseconds(order.createdUs),
    updatedMs: milliseconds(order.updatedUs),
    sequence: order.sequence,
  }
}

/** What a special order has beyond a plain one, each null where it has none. */
function termsView({ terms }: OrderRecord, scale: MarketScale): Pick<Order, 'stopPrice' | 'displayQuantity' | 'expiresMs' | 'trailingOffset' | 'trailingBps' | 'activationPrice' | 'linkedOrderId'> {
  const price = (units: bigint | undefined): string | null => (units === undefined || units === 0n ? null : scale.price(units))
  return {
    stopPrice: price(terms?.stopPrice),
    displayQuantity: terms === undefined || terms.displayQuantity === 0n ? null : scale.quantity(terms.displayQuantity),
    expiresMs: terms === undefined || terms.expiresAtUs === 0 ? null : milliseconds(terms.expiresAtUs),
    trailingOffset: price(terms?.trailingOffset),
    trailingBps: terms === undefined || terms.trailingBps === 0 ? null : terms.trailingBps,
    activationPrice: price(terms?.activationPrice),
    linkedOrderId: terms === undefined || terms.siblingOrderId === 0 ? null : terms.siblingOrderId,
  }
}

/** For display: rounded down to the decimals of the market's prices. */
function averagePrice(order: OrderRecord, scale: MarketScale): string | null {
  if (order.filledQuantity === 0n) return null
  return scale.price(order.filledQuote / (order.filledQuantity * scale.market.notionalUnit))
}

export function fillView({ order, trade, party, liquidity }: FillRecord, catalog: Catalog): Fill {
  const { market, orderId, clientOrderId, side } = order
  const { tradeId, price, quantity, quoteAmount, timestampUs, sequence } = trade
  return fillRowView({ market, orderId, clientOrderId, side, tradeId, price, quantity, quoteAmount, fee: party.fee, feeAsset: party.special?.feeAsset ?? null, liquidity, timestampUs, sequence }, catalog)
}

export function fillRowView(fill: Omit<FillRow, 'account'>, catalog: Catalog): Fill {
  const scale = marketScale(catalog, fill.market)
  const feeAsset = (fill.feeAsset === null ? undefined : catalog.asset(fill.feeAsset)) ?? (fill.side === 'buy' ? scale.base : scale.quote)
  return {
    tradeId: fill.tradeId,
    orderId: fill.orderId,
    clientOrderId: fill.clientOrderId,
    market: scale.market.symbol,
    side: fill.side,
    price: scale.price(fill.price),
    quantity: scale.quantity(fill.quantity),
    quoteAmount: scale.quoteAmount(fill.quoteAmount),
    fee: formatDecimal(fill.fee, feeAsset.scale),
    feeAsset: feeAsset.code,
    liquidity: fill.liquidity,
    timestampMs: milliseconds(fill.timestampUs),
    sequence: fill.sequence,
  }
}
