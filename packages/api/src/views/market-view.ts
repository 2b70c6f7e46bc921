/** Public market data as the API writes it. */
import { formatDecimal, type Candle as CoreCandle, type Depth as CoreDepth, type DepthChanges, type DepthLevel, type PublicTrade, type Ticker as CoreTicker } from '@bourse/core'
import type { BestPrices, Candle, Depth, DepthUpdate, Ticker, Trade } from '@bourse/client'
import type { TradeRow } from '@bourse/store'
import { milliseconds, type MarketScale } from './amounts.js'

export function depthView(depth: CoreDepth, scale: MarketScale): Depth {
  return {
    market: scale.market.symbol,
    sequence: depth.sequence,
    timestampMs: milliseconds(depth.timestampUs),
    bids: levels(depth.bids, scale),
    asks: levels(depth.asks, scale),
  }
}

/** @param depth with at least the best level of each side. */
export function bestPricesView({ bids: [bid], asks: [ask], sequence, timestampUs }: CoreDepth, scale: MarketScale): BestPrices {
  return {
    market: scale.market.symbol,
    bid: bid === undefined ? null : scale.price(bid[0]),
    bidQuantity: bid === undefined ? null : scale.quantity(bid[1]),
    ask: ask === undefined ? null : scale.price(ask[0]),
    askQuantity: ask === undefined ? null : scale.quantity(ask[1]),
    timestampMs: milliseconds(timestampUs),
    sequence,
  }
}

export function depthUpdateView(changes: DepthChanges, scale: MarketScale): DepthUpdate {
  return { ...depthView(changes, scale), previousSequence: changes.previousSequence }
}

function levels(list: readonly DepthLevel[], scale: MarketScale): [string, string][] {
  return list.map(([price, quantity]) => [scale.price(price), quantity === 0n ? '0' : scale.quantity(quantity)])
}

export function tradeView(trade: PublicTrade | TradeRow, scale: MarketScale): Trade {
  return {
    tradeId: trade.tradeId,
    price: scale.price(trade.price),
    quantity: scale.quantity(trade.quantity),
    quoteAmount: scale.quoteAmount(trade.quoteAmount),
    takerSide: trade.takerSide,
    timestampMs: milliseconds(trade.timestampUs),
    sequence: trade.sequence,
  }
}

export function candleView(candle: CoreCandle, scale: MarketScale): Candle {
  return {
    openTimeMs: milliseconds(candle.openTimeUs),
    open: scale.price(candle.open),
    high: scale.price(candle.high),
    low: scale.price(candle.low),
    close: scale.price(candle.close),
    volume: scale.quantity(candle.volume),
    quoteVolume: scale.quoteAmount(candle.quoteVolume),
    trades: candle.trades,
  }
}

export function tickerView(ticker: CoreTicker, scale: MarketScale): Ticker {
  const price = (units: bigint | undefined): string | null => (units === undefined ? null : scale.price(units))
  return {
    market: scale.market.symbol,
    lastPrice: price(ticker.lastPrice),
    open: price(ticker.open),
    high: price(ticker.high),
    low: price(ticker.low),
    volume: scale.quantity(ticker.volume),
    quoteVolume: scale.quoteAmount(ticker.quoteVolume),
    trades: ticker.trades,
    change: price(ticker.change),
    changePercent: ticker.changeBps === undefined ? null : formatDecimal(ticker.changeBps, 2),
    bid: price(ticker.bid?.[0]),
    bidQuantity: ticker.bid === undefined ? null : scale.quantity(ticker.bid[1]),
    ask: price(ticker.ask?.[0]),
    askQuantity: ticker.ask === undefined ? null : scale.quantity(ticker.ask[1]),
    timestampMs: milliseconds(ticker.timestampUs),
    sequence: ticker.sequence,
  }
}
