/** Short messages that appear in a corner and go away by themselves. */
import { createStore, type StoreApi } from 'zustand/vanilla'

export interface Notice {
  readonly id: number
  readonly kind: 'success' | 'info' | 'error'
  readonly title: string
  readonly detail: string | undefined
}

export interface Notices {
  readonly store: StoreApi<{ readonly notices: readonly Notice[] }>
  show(notice: { kind: Notice['kind']; title: string; detail?: string | undefined }): void
  dismiss(id: number): void
}

const SHOWN_AT_ONCE = 4
const GOES_AWAY_MS = { success: 5000, info: 5000, error: 9000 }

export function createNotices(after: (run: () => void, ms: number) => unknown = setTimeout): Notices {
  const store = createStore<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }))
  let lastId = 0
  const dismiss = (id: number): void => store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }))
  return {
    store,
    dismiss,
    show({ kind, title, detail }) {
      const id = ++lastId
      store.setState(({ notices }) => ({ notices: [...notices, { id, kind, title, detail }].slice(-SHOWN_AT_ONCE) }))
      after(() => dismiss(id), GOES_AWAY_MS[kind])
    },
  }
}
