/** A market as `exchangeInfo` describes it. */
import type { MarketScale } from '@bourse/api'
import type { MarketState } from '@bourse/core'
import { ORDER_TYPES, SELF_TRADE_MODES } from '../orders/order-words.js'
import { symbolOf } from '../symbols.js'

const STATUS: Readonly<Record<MarketState, string>> = { open: 'TRADING', 'post-only': 'TRADING', 'cancel-only': 'HALT', halted: 'HALT', 'pre-open': 'AUCTION_MATCH', delisted: 'BREAK' }
const COMMISSION_PRECISION = 8

export function symbolView(scale: MarketScale): object {
  const { market, base, quote } = scale
  return {
    symbol: symbolOf(market.symbol),
    status: STATUS[market.state],
    baseAsset: base.code,
    baseAssetPrecision: base.scale,
    quoteAsset: quote.code,
    quotePrecision: quote.scale,
    quoteAssetPrecision: quote.scale,
    baseCommissionPrecision: COMMISSION_PRECISION,
    quoteCommissionPrecision: COMMISSION_PRECISION,
    orderTypes: ORDER_TYPES,
    icebergAllowed: true,
    ocoAllowed: true,
    otoAllowed: false,
    opoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filters(scale),
    permissions: ['SPOT'],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'EXPIRE_TAKER',
    allowedSelfTradePreventionModes: SELF_TRADE_MODES.filter((mode) => mode !== 'NONE' || market.allowSelfTrade),
  }
}

function filters({ market, price, quantity, quoteAmount }: MarketScale): object[] {
  const lot = { minQty: quantity(market.minQuantity), maxQty: quantity(market.maxQuantity), stepSize: quantity(market.lotSize) }
  const mostNotional = market.maxNotional === 0n ? market.maxPrice * market.maxQuantity * market.notionalUnit : market.maxNotional
  return [
    { filterType: 'PRICE_FILTER', minPrice: price(market.tickSize), maxPrice: price(market.maxPrice), tickSize: price(market.tickSize) },
    { filterType: 'LOT_SIZE', ...lot },
    { filterType: 'MARKET_LOT_SIZE', ...lot },
    { filterType: 'TRAILING_DELTA', minTrailingAboveDelta: 1, maxTrailingAboveDelta: 9_999, minTrailingBelowDelta: 1, maxTrailingBelowDelta: 9_999 },
    { filterType: 'NOTIONAL', minNotional: quoteAmount(market.minNotional), applyMinToMarket: false, maxNotional: quoteAmount(mostNotional), applyMaxToMarket: false, avgPriceMins: 5 },
    { filterType: 'MAX_NUM_ORDERS', maxNumOrders: market.maxOpenOrders },
    { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: market.maxOpenOrders },
  ]
}
