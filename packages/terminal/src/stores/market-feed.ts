/** Live order book and trades of one market, held outside React and published once per frame. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { createOrderBook, type BookLevel, type BourseClient } from '@bourse/client'
import type { FrameBatch } from './frame-batch.js'
import { keepStream } from './stream-keeper.js'
import type { Trade } from './wire.js'

/** Levels a side that the book starts with: enough for the coarsest grouping. */
const BOOK_LEVELS = 1000
const TRADES_KEPT = 500

export interface BookState {
  /** False before the first snapshot, and after a gap until the next. */
  readonly ready: boolean
  /** Best first. */
  readonly bids: readonly BookLevel[]
  readonly asks: readonly BookLevel[]
}

export interface TradesState {
  /** Newest first. */
  readonly trades: readonly Trade[]
  readonly ready: boolean
}

export interface MarketFeed {
  readonly market: string
  readonly bookStore: StoreApi<BookState>
  readonly tradesStore: StoreApi<TradesState>
  stop(): void
}

/** Puts trades, oldest first as they arrive, in front of those known, newest first; none twice. */
export function prependTrades(known: readonly Trade[], arrived: readonly Trade[], keep: number): Trade[] {
  const newest = known[0]?.tradeId ?? 0
  const fresh = arrived.filter((trade) => trade.tradeId > newest).reverse()
  return [...fresh, ...known].slice(0, keep)
}

export function openMarketFeed(client: Pick<BourseClient, 'subscribe'>, market: string, frames: FrameBatch): MarketFeed {
  const book = createOrderBook()
  const bookStore = createStore<BookState>(() => ({ ready: false, bids: [], asks: [] }))
  const tradesStore = createStore<TradesState>(() => ({ trades: [], ready: false }))

  const publishBook = (): void => bookStore.setState({ ready: book.ready, bids: book.bids(), asks: book.asks() })
  const depth = keepStream(client, { channel: 'depth', market, limit: BOOK_LEVELS }, {
    onSnapshot: (snapshot) => {
      book.reset(snapshot)
      frames.schedule(publishBook)
    },
    onMessage: ({ data }) => {
      if (book.update(data) === 'gap') depth.restart()
      frames.schedule(publishBook)
    },
  })

  let trades: Trade[] = []
  let tradesReady = false
  const publishTrades = (): void => tradesStore.setState({ trades, ready: tradesReady })
  const tape = keepStream(client, { channel: 'trades', market }, {
    onSnapshot: (snapshot) => {
      trades = prependTrades(trades, snapshot, TRADES_KEPT)
      tradesReady = true
      frames.schedule(publishTrades)
    },
    onMessage: ({ data }) => {
      trades = prependTrades(trades, data, TRADES_KEPT)
      frames.schedule(publishTrades)
    },
  })

  return {
    market,
    bookStore,
    tradesStore,
    stop() {
      depth.stop()
      tape.stop()
    },
  }
}
