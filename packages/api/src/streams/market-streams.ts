/** The public streams: depth, trades, candles and tickers, each message built once and sent to all who listen. */
import type { BestPrices, Candle, Depth, Subscription, Ticker, Trade } from '@bourse/client'
import type { TradingService } from '../services.js'
import { marketScale, type MarketScale } from '../views/amounts.js'
import { candleView, depthUpdateView, depthView, tickerView, tradeView } from '../views/market-view.js'
import { DerivedBooks } from './derived-books.js'
import { roomOfOrders } from './order-feeds.js'
import type { Rooms } from './rooms.js'
import { STATUS_ROOM } from './status-stream.js'

/** Shortest time between two updates of the depth, the trades and the candles of a market, unless the options say otherwise. */
const CONFLATION_MS = 50
/** Shortest time between two messages of tickers. */
const TICKER_CONFLATION_MS = 500
/** A ticker's window moves with the clock, without any trade. */
const TICKER_REFRESH_MS = 60_000
const SNAPSHOT_TRADES = 50
const DEFAULT_LEVELS = 100

/** What anybody may listen to. */
export type PublicSubscription = Exclude<Subscription, { channel: 'account' | 'alerts' }>

export interface MarketStreamsOptions {
  readonly exchange: Pick<TradingService, 'marketData' | 'catalog'>
  readonly rooms: Rooms
  /** Shortest time between two updates of a stream. Default 50. */
  readonly conflationMs?: number | undefined
  now(): number
}

/** The room of a subscription; it is also what a socket counts its subscriptions by. */
export function roomOf(subscription: PublicSubscription): string {
  switch (subscription.channel) {
    case 'depth':
      return ['depth', subscription.market, ...(subscription.grouping === undefined ? [] : [subscription.grouping])].join(' ')
    case 'top':
      return ['top', subscription.market, subscription.levels, ...(subscription.grouping === undefined ? [] : [subscription.grouping])].join(' ')
    case 'best':
    case 'trades':
      return `${subscription.channel} ${subscription.market}`
    case 'orders':
      return roomOfOrders(subscription.market)
    case 'candles':
      return `candles ${subscription.market} ${subscription.interval}`
    case 'tickers':
      return 'tickers'
    case 'status':
      return STATUS_ROOM
  }
}

export class MarketStreams {
  /** Id of the last trade of each market that was published. */
  private readonly publishedTrades = new Map<number, number>()
  private readonly staleTickers = new Set<number>()
  private publishing: NodeJS.Timeout | undefined
  private publishedMs = 0
  private readonly tickerTimer: NodeJS.Timeout
  private tickersRefreshedMs = 0
  private readonly derived: DerivedBooks

  constructor(private readonly options: MarketStreamsOptions) {
    this.derived = new DerivedBooks(options.exchange.marketData, options.rooms)
    const { marketData, catalog } = options.exchange
    // What changed before the first subscriber is in the snapshots.
    marketData.takeTouchedMarkets()
    for (const { id } of catalog.markets()) {
      this.publishedTrades.set(id, this.newestTrade(id))
      marketData.takeDepthChanges(id)
      marketData.takeChangedCandles(id)
    }
    this.tickerTimer = setInterval(() => this.publishTickers(), TICKER_CONFLATION_MS)
    this.tickerTimer.unref()
  }

  close(): void {
    clearTimeout(this.publishing)
    clearInterval(this.tickerTimer)
  }

  /** Tells that market data may have changed; publishes at once, or when the conflation time is over. */
  changed(): void {
    if (this.publishing !== undefined) return
    const { conflationMs = CONFLATION_MS, now } = this.options
    const waitMs = Math.max(0, this.publishedMs + conflationMs - now())
    this.publishing = setTimeout(() => this.publish(), Math.min(waitMs, conflationMs))
  }

  /**
   * What a new listener starts from: the state as it was published last, so that the next message follows on it.
   *
   * The listener must join its room in the same turn.
   */
  snapshot(subscription: Extract<PublicSubscription, { channel: 'depth' | 'top' | 'best' | 'trades' | 'candles' | 'tickers' }>): Depth | BestPrices | Trade[] | Candle | Ticker[] | null {
    const { marketData, catalog } = this.options.exchange
    if (subscription.channel === 'tickers') return catalog.markets().map(({ id }) => this.ticker(id))
    const scale = this.scale(subscription.market)
    const { id } = scale.market
    switch (subscription.channel) {
      case 'top':
        return this.derived.top(roomOf(subscription), subscription, scale)
      case 'best':
        return this.derived.best(roomOf(subscription), scale)
      case 'depth':
        if (subscription.grouping !== undefined) return this.derived.depth(roomOf(subscription), { ...subscription, grouping: subscription.grouping }, scale)
        return depthView(marketData.depth(id, subscription.limit ?? DEFAULT_LEVELS, 'published'), scale)
      case 'trades':
        return marketData
          .recentTrades(id, SNAPSHOT_TRADES, (this.publishedTrades.get(id) ?? 0) + 1)
          .map((trade) => tradeView(trade, scale))
          .reverse()
      case 'candles': {
        const candle = marketData.currentCandle(id, subscription.interval)
        return candle === undefined ? null : candleView(candle, scale)
      }
    }
  }

  private publish(): void {
    this.publishing = undefined
    this.publishedMs = this.options.now()
    for (const id of this.options.exchange.marketData.takeTouchedMarkets()) {
      const scale = marketScale(this.options.exchange.catalog, id)
      this.publishDepth(scale)
      this.publishTrades(scale)
      this.publishCandles(scale)
      this.staleTickers.add(id)
    }
  }

  private publishDepth(scale: MarketScale): void {
    const { exchange: { marketData }, rooms } = this.options
    const { id, symbol } = scale.market
    const changes = marketData.takeDepthChanges(id)
    const room = roomOf({ channel: 'depth', market: symbol })
    if (changes === undefined) return
    this.derived.publish(changes, scale)
    if (rooms.has(room)) rooms.send(room, { channel: 'depth', market: symbol, data: depthUpdateView(changes, scale) })
  }

  private publishTrades(scale: MarketScale): void {
    const { exchange: { marketData }, rooms } = this.options
    const { id, symbol } = scale.market
    const before = this.publishedTrades.get(id) ?? 0
    const newest = this.newestTrade(id)
    if (newest === before) return
    this.publishedTrades.set(id, newest)
    const room = roomOf({ channel: 'trades', market: symbol })
    if (rooms.has(room)) rooms.send(room, { channel: 'trades', market: symbol, data: marketData.tradesAfter(id, before).map((trade) => tradeView(trade, scale)) })
  }

  private publishCandles(scale: MarketScale): void {
    const { exchange: { marketData }, rooms } = this.options
    const { id, symbol } = scale.market
    for (const { interval, candle } of marketData.takeChangedCandles(id)) {
      const room = roomOf({ channel: 'candles', market: symbol, interval })
      if (rooms.has(room)) rooms.send(room, { channel: 'candles', market: symbol, interval, data: candleView(candle, scale) })
    }
  }

  private publishTickers(): void {
    const { exchange: { catalog }, rooms, now } = this.options
    if (now() - this.tickersRefreshedMs >= TICKER_REFRESH_MS) {
      this.tickersRefreshedMs = now()
      for (const { id } of catalog.markets()) this.staleTickers.add(id)
    }
    if (this.staleTickers.size === 0) return
    const room = roomOf({ channel: 'tickers' })
    if (rooms.has(room)) rooms.send(room, { channel: 'tickers', data: [...this.staleTickers].map((id) => this.ticker(id)) })
    this.staleTickers.clear()
  }

  private ticker(market: number): Ticker {
    return tickerView(this.options.exchange.marketData.ticker(market, this.options.now() * 1_000), marketScale(this.options.exchange.catalog, market))
  }

  private newestTrade(market: number): number {
    return this.options.exchange.marketData.recentTrades(market, 1)[0]?.tradeId ?? 0
  }

  private scale(symbol: string): MarketScale {
    const market = this.options.exchange.catalog.marketBySymbol(symbol)
    if (market === undefined) throw new RangeError(`There is no market ${symbol}.`)
    return marketScale(this.options.exchange.catalog, market.id)
  }
}
