/** Public stream messages as Binance writes them. */
import { aggregated, type DayTicker, type MarketScale } from '@bourse/api'
import type { Candle, Trade } from '@bourse/client'
import { candleCloseTimeUs, parseDecimal, type BestPrices, type CandleInterval } from '@bourse/core'
import { symbolOf } from '../symbols.js'
import { aggregateView, dayTickerView } from './market-views.js'

interface At {
  readonly scale: MarketScale
  readonly nowMs: number
}

function head(event: string, { scale, nowMs }: At): { e: string; E: number; s: string } {
  return { e: event, E: nowMs, s: symbolOf(scale.market.symbol) }
}

export function tradeEvent(trade: Trade, at: At): object {
  return { ...head('trade', at), t: trade.tradeId, p: trade.price, q: trade.quantity, T: trade.timestampMs, m: trade.takerSide === 'sell', M: true }
}

export function aggregateTradeEvents(trades: readonly Trade[], at: At): object[] {
  const { market, quote } = at.scale
  const parsed = trades.map(({ price, quantity, quoteAmount, timestampMs, ...trade }) => ({
    ...trade,
    timestampUs: timestampMs * 1_000,
    price: units(price, market.priceScale),
    quantity: units(quantity, market.quantityScale),
    quoteAmount: units(quoteAmount, quote.scale),
  }))
  return aggregated(parsed).map((trade) => ({ ...head('aggTrade', at), ...aggregateView(trade, at.scale) }))
}

/** The exchange wrote it, so it can be read. */
function units(text: string, scale: number): bigint {
  const parsed = parseDecimal(text, scale)
  if (typeof parsed === 'string') throw new RangeError(`"${text}" is no amount (${parsed}).`)
  return parsed
}

export function klineEvent(candle: Candle, { interval, closed, ...at }: At & { readonly interval: CandleInterval; readonly closed: boolean }): object {
  const { scale } = at
  return {
    ...head('kline', at),
    k: {
      t: candle.openTimeMs,
      T: candleCloseTimeUs(interval, candle.openTimeMs * 1_000) / 1_000 - 1,
      s: symbolOf(scale.market.symbol),
      i: interval,
      f: -1,
      L: -1,
      o: candle.open,
      c: candle.close,
      h: candle.high,
      l: candle.low,
      v: candle.volume,
      n: candle.trades,
      x: closed,
      q: candle.quoteVolume,
      V: scale.quantity(0n),
      Q: scale.quoteAmount(0n),
      B: '0',
    },
  }
}

export function miniTickerEvent(ticker: DayTicker, at: At): object {
  const { lastPrice, openPrice, highPrice, lowPrice, volume, quoteVolume } = dayTickerView(ticker, at.scale)
  return { ...head('24hrMiniTicker', at), c: lastPrice, o: openPrice, h: highPrice, l: lowPrice, v: volume, q: quoteVolume }
}

export function tickerEvent(ticker: DayTicker, at: At): object {
  const view = dayTickerView(ticker, at.scale)
  return {
    ...head('24hrTicker', at),
    p: view.priceChange,
    P: view.priceChangePercent,
    w: view.weightedAvgPrice,
    x: view.prevClosePrice,
    c: view.lastPrice,
    Q: view.lastQty,
    b: view.bidPrice,
    B: view.bidQty,
    a: view.askPrice,
    A: view.askQty,
    o: view.openPrice,
    h: view.highPrice,
    l: view.lowPrice,
    v: view.volume,
    q: view.quoteVolume,
    O: view.openTime,
    C: view.closeTime,
    F: view.firstId,
    L: view.lastId,
    n: view.count,
  }
}

export function bookTickerEvent({ bid, ask }: BestPrices, sequence: number, { market, price, quantity }: MarketScale): object {
  return {
    u: sequence,
    s: symbolOf(market.symbol),
    b: price(bid?.[0] ?? 0n),
    B: quantity(bid?.[1] ?? 0n),
    a: price(ask?.[0] ?? 0n),
    A: quantity(ask?.[1] ?? 0n),
  }
}

export function depthEvent(changes: { U: number; u: number; b: [string, string][]; a: [string, string][] }, at: At): object {
  return { ...head('depthUpdate', at), ...changes }
}
