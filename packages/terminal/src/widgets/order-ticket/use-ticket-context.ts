/** What the ticket reckons with: the book as it stands and what is available. */
import { decimal } from '@bourse/core'
import { useMarket, useSelect, useTerminal, useUser } from '../../shell/terminal-context.js'
import type { Side } from '../../stores/wire.js'
import type { TicketContext } from './ticket-preview.js'

export function useTicketContext(side: Side): TicketContext {
  const user = useUser()
  const { account } = useTerminal()
  const { market, units, feed } = useMarket()
  const { bids, asks } = useSelect(feed.bookStore, (state) => state)
  const lastPrice = useSelect(feed.tradesStore, (state) => state.trades[0]?.price)
  const spends = side === 'buy' ? market.quote : market.base
  const scale = side === 'buy' ? units.quoteScale : units.baseScale
  const { ready, balance } = useAvailable(account.store, spends)
  return { units, bids, asks, lastPrice, available: user !== null && ready ? decimal(balance, scale) : null }
}

function useAvailable(store: ReturnType<typeof useTerminal>['account']['store'], asset: string): { ready: boolean; balance: string } {
  const ready = useSelect(store, (state) => state.ready)
  const balance = useSelect(store, (state) => state.balances.get(asset)?.available ?? '0')
  return { ready, balance }
}
