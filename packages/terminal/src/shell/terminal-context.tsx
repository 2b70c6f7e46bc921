/** Hands the terminal, and the market that is traded, to the components below. */
import { createContext, useContext, type ReactNode } from 'react'
import { useStore, type StoreApi } from 'zustand'
import type { Terminal } from '../stores/terminal.js'
import type { MarketFeed } from '../stores/market-feed.js'
import type { MarketUnits } from '../stores/market-units.js'
import type { TicketStore } from '../widgets/order-ticket/ticket-store.js'
import type { Market, Ticker, User } from '../stores/wire.js'

const TerminalContext = createContext<Terminal | null>(null)

export function TerminalProvider({ terminal, children }: { terminal: Terminal; children: ReactNode }) {
  return <TerminalContext value={terminal}>{children}</TerminalContext>
}

export function useTerminal(): Terminal {
  const terminal = useContext(TerminalContext)
  if (terminal === null) throw new Error('useTerminal was called outside TerminalProvider.')
  return terminal
}

/** One market on the screen: its rules, its live data and the ticket that is filled in for it. */
export interface TradedMarket {
  readonly market: Market
  readonly units: MarketUnits
  readonly feed: MarketFeed
  readonly ticket: TicketStore
}

const MarketContext = createContext<TradedMarket | null>(null)

export function MarketProvider({ traded, children }: { traded: TradedMarket; children: ReactNode }) {
  return <MarketContext value={traded}>{children}</MarketContext>
}

export function useMarket(): TradedMarket {
  const traded = useContext(MarketContext)
  if (traded === null) throw new Error('useMarket was called outside MarketProvider.')
  return traded
}

export function useUser(): User | null {
  return useStore(useTerminal().session.store, (state) => state.user)
}

export function useTicker(market: string): Ticker | undefined {
  return useStore(useTerminal().tickers.store, (state) => state.byMarket.get(market))
}

/** A value of one of the terminal's stores. */
export function useSelect<State, Value>(store: StoreApi<State>, select: (state: State) => Value): Value {
  return useStore(store, select)
}
