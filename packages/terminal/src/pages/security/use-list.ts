/** A short list that is asked for as a whole, and again after it was changed. */
import { useCallback, useEffect, useState } from 'react'

export interface LoadedList<Item> {
  readonly items: readonly Item[] | undefined
  readonly failed: boolean
  reload(): void
}

/** @param ask must stay the same from one drawing to the next. */
export function useList<Item>(ask: () => Promise<readonly Item[]>): LoadedList<Item> {
  const [items, setItems] = useState<readonly Item[]>()
  const [failed, setFailed] = useState(false)
  const reload = useCallback(() => {
    setFailed(false)
    ask().then(setItems, () => setFailed(true))
  }, [ask])
  useEffect(reload, [reload])
  return { items, failed, reload }
}
