/** Reads a new order of Binance's parameters into one of the exchange's own. */
import type { MarketScale } from '@bourse/api'
import type { PlaceOco, PlaceOrder } from '@bourse/client'
import { parseDecimal } from '@bourse/core'
import { BinanceError, missingParameter } from '../binance-error.js'
import type { Parameters } from '../request/parameters.js'
import { ORDER_TYPES, preventionOf, RESPONSE_TYPES, SELF_TRADE_MODES, SIDES, TIMES_IN_FORCE, type BinanceOrderType, type BinanceTimeInForce, type ResponseType } from './order-words.js'

export type ExitLeg = PlaceOco['takeProfit']

export interface OrderInput {
  readonly order: PlaceOrder
  readonly type: BinanceOrderType
  readonly response: ResponseType
}

/** What an order is entered into. */
export interface MarketNow {
  readonly scale: MarketScale
  /** Price units of the last trade, 0 where there was none. */
  readonly referencePrice: bigint
}

type TimeInForce = Lowercase<BinanceTimeInForce>

/** @throws BinanceError for what is missing, malformed or does not belong to the type. */
export function readOrder(parameters: Parameters, market: MarketNow): OrderInput {
  const side = readSide(parameters)
  const type = parameters.choice('type', ORDER_TYPES, new BinanceError(-1116, 'Invalid orderType.'))
  if (type === undefined) throw missingParameter('type')
  const clientOrderId = parameters.clientOrderId('newClientOrderId')
  const order = {
    market: market.scale.market.symbol,
    side,
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    ...readPrevention(parameters),
    ...readTerms(parameters, { type, side, market }),
  }
  return { order, type, response: readResponse(parameters, type === 'MARKET' || type === 'LIMIT' ? 'FULL' : 'ACK') }
}

export function readSide(parameters: Parameters): 'buy' | 'sell' {
  const side = parameters.choice('side', SIDES, new BinanceError(-1117, 'Invalid side.'))
  if (side === undefined) throw missingParameter('side')
  return side === 'BUY' ? 'buy' : 'sell'
}

export function readResponse(parameters: Parameters, usual: ResponseType): ResponseType {
  return parameters.choice('newOrderRespType', RESPONSE_TYPES, new BinanceError(-1130, "Data sent for parameter 'newOrderRespType' is not valid.")) ?? usual
}

export function readPrevention(parameters: Parameters): Pick<PlaceOrder, 'selfTradePrevention'> {
  const mode = parameters.choice('selfTradePreventionMode', SELF_TRADE_MODES)
  return mode === undefined ? {} : { selfTradePrevention: preventionOf(mode) }
}

export function readTimeInForce(parameters: Parameters, name = 'timeInForce'): TimeInForce | undefined {
  return parameters.choice(name, TIMES_IN_FORCE, new BinanceError(-1115, 'Invalid timeInForce.'))?.toLowerCase() as TimeInForce | undefined
}

type Terms = Pick<PlaceOrder, 'orderType' | 'price' | 'quantity' | 'quoteQuantity' | 'timeInForce' | 'postOnly' | 'stopPrice' | 'displayQuantity' | 'trailingBps' | 'activationPrice'>

function readTerms(parameters: Parameters, kind: { type: BinanceOrderType; side: 'buy' | 'sell'; market: MarketNow }): Terms {
  switch (kind.type) {
    case 'LIMIT':
      parameters.refuse('stopPrice', 'trailingDelta', 'quoteOrderQty')
      return { orderType: 'limit', ...limitTerms(parameters), ...iceberg(parameters) }
    case 'LIMIT_MAKER':
      parameters.refuse('stopPrice', 'trailingDelta', 'quoteOrderQty')
      return { orderType: 'limit', postOnly: true, price: parameters.requiredDecimal('price'), quantity: parameters.requiredDecimal('quantity'), ...iceberg(parameters) }
    case 'MARKET':
      return { orderType: 'market', ...marketAmount(parameters) }
    case 'STOP_LOSS_LIMIT':
    case 'TAKE_PROFIT_LIMIT': {
      parameters.refuse('quoteOrderQty')
      if (parameters.has('trailingDelta')) throw new BinanceError(-1128, 'Combination of optional parameters invalid.', { hint: 'A trailingDelta goes with STOP_LOSS and TAKE_PROFIT here, not with their _LIMIT types.' })
      const stopPrice = parameters.requiredDecimal('stopPrice')
      return { orderType: kind.type === 'STOP_LOSS_LIMIT' ? 'stop-limit' : 'take-profit-limit', stopPrice, ...limitTerms(parameters), ...iceberg(parameters) }
    }
    case 'STOP_LOSS':
    case 'TAKE_PROFIT':
      return triggeredMarketTerms(parameters, kind)
  }
}

function limitTerms(parameters: Parameters): { price: string; quantity: string; timeInForce: TimeInForce } {
  const timeInForce = readTimeInForce(parameters)
  if (timeInForce === undefined) throw missingParameter('timeInForce')
  return { timeInForce, quantity: parameters.requiredDecimal('quantity'), price: parameters.requiredDecimal('price') }
}

function iceberg(parameters: Parameters): Pick<PlaceOrder, 'displayQuantity'> {
  const displayQuantity = parameters.decimal('icebergQty')
  return displayQuantity === undefined || Number(displayQuantity) === 0 ? {} : { displayQuantity }
}

function marketAmount(parameters: Parameters): Pick<PlaceOrder, 'quantity' | 'quoteQuantity'> {
  parameters.refuse('price', 'stopPrice', 'timeInForce', 'icebergQty', 'trailingDelta')
  const quoteQuantity = parameters.decimal('quoteOrderQty')
  if (quoteQuantity === undefined) return { quantity: parameters.requiredDecimal('quantity') }
  parameters.refuse('quantity')
  return { quoteQuantity }
}

function triggeredMarketTerms(parameters: Parameters, { type, side, market }: { type: BinanceOrderType; side: 'buy' | 'sell'; market: MarketNow }): Terms {
  parameters.refuse('price', 'timeInForce', 'icebergQty', 'quoteOrderQty')
  const quantity = parameters.requiredDecimal('quantity')
  const trailingBps = parameters.integer('trailingDelta', { least: 1, most: 9_999 })
  const stopPrice = trailingBps === undefined ? parameters.requiredDecimal('stopPrice') : parameters.decimal('stopPrice')
  if (trailingBps === undefined) return { orderType: type === 'STOP_LOSS' ? 'stop-market' : 'take-profit', stopPrice, quantity, ...(side === 'buy' ? { price: capAbove(units(stopPrice!, market), market) } : {}) }
  if (stopPrice !== undefined && type === 'STOP_LOSS') {
    throw new BinanceError(-1128, 'Combination of optional parameters invalid.', { hint: 'A trailing STOP_LOSS follows from the next trade on: leave stopPrice out. A trailing TAKE_PROFIT begins to follow at its stopPrice.' })
  }
  const start = stopPrice === undefined ? market.referencePrice : units(stopPrice, market)
  const highestStop = (start * BigInt(10_000 + trailingBps)) / 10_000n
  return { orderType: 'trailing-stop', trailingBps, quantity, ...(stopPrice === undefined ? {} : { activationPrice: stopPrice }), ...(side === 'buy' ? { price: capAbove(highestStop, market) } : {}) }
}

/** What the services refuse anyway counts as zero here. */
function units(price: string, { scale }: MarketNow): bigint {
  const read = parseDecimal(price, scale.market.priceScale)
  return typeof read === 'string' ? 0n : read
}

/**
 * The price that a triggered buy does not pass, which Binance's parameters do not name: as far above its stop price as
 * a market order may go in this market, in whole ticks.
 */
export function capAbove(price: bigint, { scale }: MarketNow): string {
  const { marketBandBps, tickSize, maxPrice } = scale.market
  const cap = (price * BigInt(10_000 + marketBandBps)) / 10_000n
  const whole = cap - (cap % tickSize)
  return scale.price(whole > maxPrice ? maxPrice - (maxPrice % tickSize) : whole)
}

/** A stop leg of an order list. */
export function stopLeg(leg: { orderType: 'stop-market' | 'stop-limit' | 'take-profit' | 'take-profit-limit'; stopPrice: string; price?: string | undefined; timeInForce?: TimeInForce | undefined; side: 'buy' | 'sell' }, market: MarketNow): ExitLeg {
  const { orderType, stopPrice, side } = leg
  if (orderType === 'stop-limit' || orderType === 'take-profit-limit') {
    if (leg.price === undefined) throw new BinanceError(-1128, 'Combination of optional parameters invalid.', { hint: 'A stop leg with a limit needs its price.' })
    return { orderType, stopPrice, price: leg.price, timeInForce: leg.timeInForce ?? 'gtc' }
  }
  return { orderType, stopPrice, ...(side === 'buy' ? { price: capAbove(units(stopPrice, market), market) } : {}) }
}
