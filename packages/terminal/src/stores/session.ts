/** Who is logged in. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BourseClient } from '@bourse/client'
import type { User } from './wire.js'

export interface SessionState {
  /** False until the exchange has said who is logged in. */
  readonly known: boolean
  readonly user: User | null
}

export interface SessionActions {
  readonly store: StoreApi<SessionState>
  /** Asks the exchange who the cookie belongs to. */
  restore(): Promise<void>
  logIn(email: string, password: string): Promise<void>
  signUp(email: string, password: string): Promise<void>
  logOut(): Promise<void>
  /** Notes that the session ended on the other side. */
  ended(): void
}

export function createSession(client: Pick<BourseClient, 'session' | 'logIn' | 'signUp' | 'logOut'>): SessionActions {
  const store = createStore<SessionState>(() => ({ known: false, user: null }))
  return {
    store,
    async restore() {
      try {
        store.setState({ known: true, user: await client.session() })
      } catch {
        store.setState({ known: true, user: null })
      }
    },
    async logIn(email, password) {
      const { user } = await client.logIn({ email, password })
      store.setState({ known: true, user })
    },
    async signUp(email, password) {
      const { user } = await client.signUp({ email, password })
      store.setState({ known: true, user })
    },
    async logOut() {
      await client.logOut()
      store.setState({ known: true, user: null })
    },
    ended() {
      store.setState({ known: true, user: null })
    },
  }
}
