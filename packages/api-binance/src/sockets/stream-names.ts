/** The names of public streams, as `btcusdt@depth@100ms`, and what they mean. */
import type { MarketScale } from '@bourse/api'
import type { CandleInterval } from '@bourse/core'
import type { Symbols } from '../symbols.js'
import { INTERVALS } from '../views/market-views.js'

export type StreamKind = 'trade' | 'aggTrade' | 'miniTicker' | 'ticker' | 'bookTicker' | 'kline' | 'depth' | 'partialDepth'

export interface MarketStream {
  /** As it was asked for. */
  readonly name: string
  readonly kind: StreamKind
  readonly scale: MarketScale
  readonly interval?: CandleInterval
  /** Of a partial depth. */
  readonly levels?: number
  /** Shortest time between two messages. */
  readonly everyMs: number
}

/** All markets in one message. */
export interface AllMarketsStream {
  readonly name: string
  readonly kind: 'miniTicker' | 'ticker'
  readonly scale: undefined
  readonly everyMs: number
}

export type PublicStream = MarketStream | AllMarketsStream

const PLAIN: ReadonlySet<string> = new Set(['trade', 'aggTrade', 'miniTicker', 'ticker', 'bookTicker'])
const DEPTH = /^depth(5|10|20)?(@100ms|@1000ms)?$/
const KLINE = /^kline_(\w{2,3})$/

/** Undefined for a name that means nothing here. */
export function readStreamName(name: string, symbols: Symbols): PublicStream | undefined {
  if (name === '!miniTicker@arr' || name === '!ticker@arr') return { name, kind: name === '!ticker@arr' ? 'ticker' : 'miniTicker', scale: undefined, everyMs: 1_000 }
  const at = name.indexOf('@')
  if (at <= 0 || name.length > 60) return undefined
  const scale = scaleOf(name.slice(0, at), symbols)
  const what = name.slice(at + 1)
  if (scale === undefined) return undefined
  if (PLAIN.has(what)) return { name, scale, kind: what as StreamKind, everyMs: what.endsWith('icker') && what !== 'bookTicker' ? 1_000 : 0 }
  const depth = DEPTH.exec(what)
  if (depth !== null) {
    const everyMs = depth[2] === '@100ms' ? 100 : 1_000
    return depth[1] === undefined ? { name, scale, kind: 'depth', everyMs } : { name, scale, kind: 'partialDepth', levels: Number(depth[1]), everyMs }
  }
  const interval = INTERVALS.find((candidate) => candidate === KLINE.exec(what)?.[1])
  return interval === undefined ? undefined : { name, scale, kind: 'kline', interval, everyMs: 0 }
}

function scaleOf(symbol: string, symbols: Symbols): MarketScale | undefined {
  try {
    return symbols.scale(symbol.toUpperCase())
  } catch {
    return undefined
  }
}
