/** Makes the messages of one public stream out of those of v1. */
import { candleView, marketScale, roomOf, type GatewayShare } from '@bourse/api'
import type { StreamMessage } from '@bourse/client'
import { depthView } from '../views/market-views.js'
import { aggregateTradeEvents, bookTickerEvent, depthEvent, klineEvent, miniTickerEvent, tickerEvent, tradeEvent } from '../views/stream-views.js'
import { DepthChanges } from './depth-changes.js'
import { KlineFollower } from './kline-follower.js'
import type { MarketStream, PublicStream } from './stream-names.js'

/** One stream while somebody listens. */
export interface StreamSource {
  /** The room of v1 whose messages it needs. */
  readonly room: string
  /** What a new listener is told at once, so that a quiet market is no silent one. */
  first(): object | undefined
  receive(message: StreamMessage): void
  /** Called often: sends what is due. */
  tick(): void
}

export interface SourceOptions {
  readonly share: GatewayShare
  readonly send: (data: object) => void
}

export function streamSource(stream: PublicStream, options: SourceOptions): StreamSource {
  if (stream.scale === undefined || stream.kind === 'ticker' || stream.kind === 'miniTicker') return tickers(stream, options)
  switch (stream.kind) {
    case 'trade':
    case 'aggTrade':
      return trades(stream, options)
    case 'bookTicker':
      return bookTicker(stream, options)
    case 'kline':
      return klines(stream, options)
    case 'depth':
      return depthDiffs(stream, options)
    case 'partialDepth':
      return partialDepth(stream, options)
  }
}

const NOTHING = (): undefined => undefined

function trades({ scale, kind }: MarketStream, { share, send }: SourceOptions): StreamSource {
  return {
    room: roomOf({ channel: 'trades', market: scale.market.symbol }),
    first: NOTHING,
    tick: NOTHING,
    receive(message) {
      if (message.channel !== 'trades') return
      const at = { scale, nowMs: share.services.now() }
      for (const event of kind === 'trade' ? message.data.map((trade) => tradeEvent(trade, at)) : aggregateTradeEvents(message.data, at)) send(event)
    },
  }
}

function bookTicker({ scale }: MarketStream, { share, send }: SourceOptions): StreamSource {
  const { marketData } = share.services.exchange
  let told = ''
  const present = (sequence: number): object => bookTickerEvent(marketData.best(scale.market.id), sequence, scale)
  const key = (event: object): string => JSON.stringify({ ...event, u: 0 })
  return {
    room: roomOf({ channel: 'depth', market: scale.market.symbol }),
    first: () => present(marketData.depth(scale.market.id, 1).sequence),
    tick: NOTHING,
    receive(message) {
      if (message.channel !== 'depth') return
      const event = present(message.data.sequence)
      if (key(event) === told) return
      told = key(event)
      send(event)
    },
  }
}

function klines({ scale, interval = '1m' }: MarketStream, { share, send }: SourceOptions): StreamSource {
  const { services } = share
  const present = services.exchange.marketData.currentCandle(scale.market.id, interval)
  const event = (candle: Parameters<typeof klineEvent>[0], closed: boolean): object => klineEvent(candle, { scale, interval, closed, nowMs: services.now() })
  const follower = new KlineFollower(interval, present && candleView(present, scale), (candle, closed) => send(event(candle, closed)))
  return {
    room: roomOf({ channel: 'candles', market: scale.market.symbol, interval }),
    first() {
      const candle = follower.present(services.now())
      return candle && event(candle, false)
    },
    tick: () => follower.tick(services.now()),
    receive(message) {
      if (message.channel === 'candles') follower.changed(message.data, services.now())
    },
  }
}

/** Sends at most once in its time, and what came meanwhile as one. */
class Pace {
  private lastMs = 0
  private due = false

  constructor(
    private readonly everyMs: number,
    private readonly now: () => number,
    private readonly send: () => void,
  ) {}

  changed(): void {
    this.due = true
    this.tick()
  }

  tick(): void {
    if (!this.due || this.now() - this.lastMs < this.everyMs) return
    this.due = false
    this.lastMs = this.now()
    this.send()
  }
}

function depthDiffs({ scale, everyMs }: MarketStream, { share, send }: SourceOptions): StreamSource {
  const changes = new DepthChanges()
  const now = (): number => share.services.now()
  const pace = new Pace(everyMs, now, () => {
    const taken = changes.take()
    if (taken !== undefined) send(depthEvent(taken, { scale, nowMs: now() }))
  })
  return {
    room: roomOf({ channel: 'depth', market: scale.market.symbol }),
    first: NOTHING,
    tick: () => pace.tick(),
    receive(message) {
      if (message.channel !== 'depth') return
      changes.add(message.data)
      pace.changed()
    },
  }
}

function partialDepth({ scale, everyMs, levels = 20 }: MarketStream, { share, send }: SourceOptions): StreamSource {
  const { exchange, now } = share.services
  const present = (): object => depthView(exchange.marketData.depth(scale.market.id, levels), scale)
  const pace = new Pace(everyMs, now, () => send(present()))
  return {
    room: roomOf({ channel: 'depth', market: scale.market.symbol }),
    first: present,
    tick: () => pace.tick(),
    receive(message) {
      if (message.channel === 'depth') pace.changed()
    },
  }
}

/** Tickers of one market or, as a list, of those that changed. */
function tickers({ kind, scale, everyMs }: PublicStream, { share, send }: SourceOptions): StreamSource {
  const { markets, services } = share
  const changed = new Set<string>()
  const events = (symbols: Iterable<string>): object[] => {
    const nowMs = services.now()
    return [...symbols].flatMap((symbol) => {
      const own = scale?.market.symbol === symbol ? scale : undefined
      const known = own ?? scaleOfMarket(share, symbol)
      if (known === undefined) return []
      const ticker = markets.dayTicker(known.market.id)
      return [kind === 'ticker' ? tickerEvent(ticker, { scale: known, nowMs }) : miniTickerEvent(ticker, { scale: known, nowMs })]
    })
  }
  const pace = new Pace(everyMs, () => services.now(), () => {
    const list = events(changed)
    changed.clear()
    if (scale === undefined) send(list)
    else if (list[0] !== undefined) send(list[0])
  })
  return {
    room: roomOf({ channel: 'tickers' }),
    first() {
      if (scale !== undefined) return events([scale.market.symbol])[0]
      return events(services.exchange.catalog.markets().filter(({ state }) => state !== 'delisted').map(({ symbol }) => symbol))
    },
    tick: () => pace.tick(),
    receive(message) {
      if (message.channel !== 'tickers') return
      const wanted = message.data.filter(({ market }) => scale === undefined || market === scale.market.symbol)
      for (const { market } of wanted) changed.add(market)
      if (wanted.length > 0) pace.changed()
    },
  }
}

function scaleOfMarket({ services: { exchange } }: GatewayShare, symbol: string): ReturnType<typeof marketScale> | undefined {
  const market = exchange.catalog.marketBySymbol(symbol)
  return market === undefined ? undefined : marketScale(exchange.catalog, market.id)
}
