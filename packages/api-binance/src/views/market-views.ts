/** Public market data as Binance writes it. */
import { milliseconds, weightedPrice, type AggregateTrade, type DayTicker, type MarketScale, type WindowTicker } from '@bourse/api'
import { candleCloseTimeUs, candleOpenTimeUs, formatDecimal, type BestPrices, type Candle, type CandleInterval, type Depth, type DepthLevel, type PublicTrade } from '@bourse/core'
import { symbolOf } from '../symbols.js'

export const INTERVALS = ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M'] as const satisfies readonly CandleInterval[]

export function levels(list: readonly DepthLevel[], scale: MarketScale): [string, string][] {
  return list.map(([price, quantity]) => [scale.price(price), scale.quantity(quantity)])
}

export function depthView({ sequence, bids, asks }: Depth, scale: MarketScale): object {
  return { lastUpdateId: sequence, bids: levels(bids, scale), asks: levels(asks, scale) }
}

export function tradeView(trade: PublicTrade, scale: MarketScale): object {
  return {
    id: trade.tradeId,
    price: scale.price(trade.price),
    qty: scale.quantity(trade.quantity),
    quoteQty: scale.quoteAmount(trade.quoteAmount),
    time: milliseconds(trade.timestampUs),
    isBuyerMaker: trade.takerSide === 'sell',
    isBestMatch: true,
  }
}

/** The id of an aggregated trade is that of its first trade. */
export function aggregateView(trade: AggregateTrade, scale: MarketScale): object {
  return {
    a: trade.tradeId,
    p: scale.price(trade.price),
    q: scale.quantity(trade.quantity),
    f: trade.tradeId,
    l: trade.lastTradeId,
    T: milliseconds(trade.timestampUs),
    m: trade.takerSide === 'sell',
    M: true,
  }
}

export type Kline = [openTime: number, open: string, high: string, low: string, close: string, volume: string, closeTime: number, quoteVolume: string, trades: number, takerBase: string, takerQuote: string, unused: string]

/** What takers bought is not counted by the candles of the exchange; both figures are 0. */
export function klineView(candle: Candle, interval: CandleInterval, scale: MarketScale): Kline {
  return [
    milliseconds(candle.openTimeUs), scale.price(candle.open), scale.price(candle.high), scale.price(candle.low), scale.price(candle.close), scale.quantity(candle.volume),
    milliseconds(candleCloseTimeUs(interval, candle.openTimeUs)) - 1, scale.quoteAmount(candle.quoteVolume), candle.trades, scale.quantity(0n), scale.quoteAmount(0n), '0',
  ]
}

/** Which rows are wanted: up to an instant, and as many as `limit` of the newest or of the oldest. */
export interface KlineWindow {
  readonly untilUs: number
  readonly limit: number
  readonly newest: boolean
}

/** Clients of Binance expect a row for every interval: where nothing traded, one at the last price. At least the wanted rows, oldest first. */
export function withoutGaps(candles: readonly Candle[], interval: CandleInterval, { untilUs, limit, newest }: KlineWindow): Candle[] {
  const lengthUs = candleCloseTimeUs(interval, candleOpenTimeUs(interval, untilUs)) - candleOpenTimeUs(interval, untilUs)
  const earliestUs = newest ? candleOpenTimeUs(interval, Math.max(0, untilUs - limit * lengthUs)) : 0
  const all: Candle[] = []
  for (const [index, candle] of candles.entries()) {
    all.push(candle)
    const nextUs = candles[index + 1]?.openTimeUs ?? untilUs + 1
    const { close } = candle
    let openTimeUs = Math.max(candleCloseTimeUs(interval, candle.openTimeUs), earliestUs)
    for (; openTimeUs < nextUs && (newest || all.length < limit); openTimeUs = candleCloseTimeUs(interval, openTimeUs)) {
      all.push({ openTimeUs, open: close, high: close, low: close, close, volume: 0n, quoteVolume: 0n, trades: 0 })
    }
  }
  return all
}

function price(units: bigint | undefined, scale: MarketScale): string {
  return scale.price(units ?? 0n)
}

function best({ bid, ask }: BestPrices, scale: MarketScale): { bidPrice: string; bidQty: string; askPrice: string; askQty: string } {
  return { bidPrice: price(bid?.[0], scale), bidQty: scale.quantity(bid?.[1] ?? 0n), askPrice: price(ask?.[0], scale), askQty: scale.quantity(ask?.[1] ?? 0n) }
}

export function bookTickerView(ticker: BestPrices, scale: MarketScale): object {
  return { symbol: symbolOf(scale.market.symbol), ...best(ticker, scale) }
}

/** Prices of a window without trades are the last price, its change 0. */
export function miniTickerView(ticker: WindowTicker, scale: MarketScale) {
  const last = price(ticker.lastPrice, scale)
  const orLast = (units: bigint | undefined): string => (units === undefined ? last : scale.price(units))
  return {
    symbol: symbolOf(scale.market.symbol),
    openPrice: orLast(ticker.open),
    highPrice: orLast(ticker.high),
    lowPrice: orLast(ticker.low),
    lastPrice: last,
    volume: scale.quantity(ticker.volume),
    quoteVolume: scale.quoteAmount(ticker.quoteVolume),
    openTime: milliseconds(ticker.openTimeUs),
    closeTime: milliseconds(ticker.closeTimeUs),
    firstId: ticker.firstTradeId ?? -1,
    lastId: ticker.trades === 0 ? -1 : (ticker.lastTradeId ?? -1),
    count: ticker.trades,
  }
}

export function windowTickerView(ticker: WindowTicker, scale: MarketScale) {
  const { symbol, ...mini } = miniTickerView(ticker, scale)
  return {
    symbol,
    priceChange: price(ticker.change, scale),
    priceChangePercent: formatDecimal((ticker.changeBps ?? 0n) * 10n, 3),
    weightedAvgPrice: price(weightedPrice(ticker, scale.market) ?? ticker.lastPrice, scale),
    ...mini,
  }
}

export function dayTickerView(ticker: DayTicker, scale: MarketScale) {
  return {
    ...windowTickerView(ticker, scale),
    prevClosePrice: price(ticker.previousClose ?? ticker.open ?? ticker.lastPrice, scale),
    lastQty: scale.quantity(ticker.lastQuantity ?? 0n),
    ...best(ticker, scale),
  }
}
