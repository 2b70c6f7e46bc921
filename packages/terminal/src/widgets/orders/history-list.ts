/** One's own past, a page at a time: what both lists of it do alike. */
import { useEffect } from 'react'
import { useMarket, useSelect, useTerminal, useUser } from '../../shell/terminal-context.js'
import type { PagedList, PagedState } from '../../stores/paged-list.js'
import { useMarketFilter } from './AccountList.js'

/** With fewer rows after the choice of markets the next page is loaded at once. */
const FILLS_THE_SCREEN = 20

export interface HistoryList<Item> {
  /** Those of the chosen markets, newest first. */
  readonly shown: readonly Item[]
  readonly status: PagedState<Item>['status']
  readonly loadingMore: boolean
  /** What a download of the same rows is limited to; undefined for all markets. */
  readonly market: string | undefined
}

/** Loads the list once somebody is logged in, and further pages until the screen is full. */
export function useHistoryList<Item extends { readonly market: string }>(list: PagedList<Item>): HistoryList<Item> {
  const user = useUser()
  const { preferences } = useTerminal()
  const allMarkets = useSelect(preferences, (state) => state.allMarkets)
  const { market } = useMarket()
  const { items, status, loadingMore, nextCursor } = useSelect(list.store, (state) => state)
  useEffect(() => {
    if (user !== null && status === 'idle') void list.load()
  }, [user, list, status])
  const shown = items.filter(useMarketFilter(market.symbol))
  const tooFew = shown.length < FILLS_THE_SCREEN && nextCursor !== null
  useEffect(() => {
    if (tooFew && !loadingMore) void list.loadMore()
  }, [tooFew, loadingMore, list])
  return { shown, status, loadingMore, market: allMarkets ? undefined : market.symbol }
}
