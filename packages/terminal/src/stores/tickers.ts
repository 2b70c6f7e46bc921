/** The last 24 hours of every market, kept live. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BourseClient } from '@bourse/client'
import type { FrameBatch } from './frame-batch.js'
import { keepStream } from './stream-keeper.js'
import type { Ticker } from './wire.js'

export interface TickersState {
  readonly byMarket: ReadonlyMap<string, Ticker>
  readonly ready: boolean
}

export interface Tickers {
  readonly store: StoreApi<TickersState>
  stop(): void
}

export function openTickers(client: Pick<BourseClient, 'subscribe'>, frames: FrameBatch): Tickers {
  const store = createStore<TickersState>(() => ({ byMarket: new Map(), ready: false }))
  const latest = new Map<string, Ticker>()
  const publish = (): void => store.setState({ byMarket: new Map(latest), ready: true })
  const take = (tickers: readonly Ticker[]): void => {
    for (const ticker of tickers) latest.set(ticker.market, ticker)
    frames.schedule(publish)
  }
  const stream = keepStream(client, { channel: 'tickers' }, { onSnapshot: take, onMessage: ({ data }) => take(data) })
  return { store, stop: () => stream.stop() }
}
