/** A list that is loaded page by page, newest first, and kept up to date by what streams report. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Page } from '@bourse/client'

export interface PagedState<Item> {
  readonly items: readonly Item[]
  /** `idle` before the first page was asked for; `ready` also while more is loaded. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
  readonly loadingMore: boolean
  readonly nextCursor: string | null
  readonly error: unknown
}

export interface PagedList<Item> {
  readonly store: StoreApi<PagedState<Item>>
  /** Loads the first page anew. */
  load(): Promise<void>
  /** Loads the next page; does nothing while one is on its way or after the last. */
  loadMore(): Promise<void>
  /** Replaces what is known by key and puts what is new in front. */
  merge(items: readonly Item[]): void
  clear(): void
}

export interface PagedListOptions<Item> {
  load(cursor: string | undefined): Promise<Page<Item>>
  key(item: Item): string | number
}

export function createPagedList<Item>(options: PagedListOptions<Item>): PagedList<Item> {
  const empty: PagedState<Item> = { items: [], status: 'idle', loadingMore: false, nextCursor: null, error: null }
  const store = createStore<PagedState<Item>>(() => empty)
  /** Answers to questions that were asked before the list was cleared or loaded anew are dropped. */
  let generation = 0
  /** What streams reported while the first page was under way; null when none is. */
  let early: Item[] | null = null

  function mergeInto(items: readonly Item[], changed: readonly Item[]): Item[] {
    const place = new Map(items.map((item, index) => [options.key(item), index]))
    const merged = [...items]
    const fresh: Item[] = []
    for (const item of changed) {
      const index = place.get(options.key(item))
      if (index === undefined) fresh.unshift(item)
      else merged[index] = item
    }
    return [...fresh, ...merged]
  }

  async function load(): Promise<void> {
    const mine = ++generation
    early = []
    store.setState({ status: store.getState().items.length > 0 ? 'ready' : 'loading', loadingMore: false, error: null })
    try {
      const page = await options.load(undefined)
      if (mine !== generation) return
      store.setState({ items: mergeInto(page.items, early ?? []), nextCursor: page.nextCursor, status: 'ready' })
      early = null
    } catch (error) {
      if (mine !== generation) return
      early = null
      store.setState({ status: 'failed', error })
    }
  }

  async function loadMore(): Promise<void> {
    const { nextCursor, loadingMore } = store.getState()
    if (nextCursor === null || loadingMore) return
    const mine = generation
    store.setState({ loadingMore: true })
    try {
      const page = await options.load(nextCursor)
      if (mine !== generation) return
      const { items } = store.getState()
      const known = new Set(items.map(options.key))
      store.setState({ items: [...items, ...page.items.filter((item) => !known.has(options.key(item)))], nextCursor: page.nextCursor, loadingMore: false })
    } catch (error) {
      if (mine === generation) store.setState({ loadingMore: false, error })
    }
  }

  return {
    store,
    load,
    loadMore,
    merge(items) {
      if (items.length === 0) return
      if (store.getState().status === 'idle') return
      early?.push(...items)
      store.setState({ items: mergeInto(store.getState().items, items) })
    },
    clear() {
      generation++
      early = null
      store.setState(empty, true)
    },
  }
}
