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
  /** Asks the exchange who the cookie belongs to, at the beginning and when something about them may have changed. */
  restore(): Promise<void>
  /** Rejects with `second_factor_required` where a code is needed as well. */
  logIn(email: string, password: string, code?: string): Promise<void>
  /** With the answer of a passkey. */
  logInByPasskey(answer: { ticket: string; response: object }): Promise<void>
  /** `language`: of the mails. */
  signUp(email: string, password: string, language: string): Promise<void>
  logOut(): Promise<void>
  /** Notes that the session ended on the other side. */
  ended(): void
}

export function createSession(client: Pick<BourseClient, 'session' | 'logIn' | 'logInByPasskey' | 'signUp' | 'logOut'>): SessionActions {
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
    async logIn(email, password, code) {
      const { user } = await client.logIn({ email, password, ...(code !== undefined && { code }) })
      store.setState({ known: true, user })
    },
    async logInByPasskey(answer) {
      const { user } = await client.logInByPasskey(answer)
      store.setState({ known: true, user })
    },
    async signUp(email, password, language) {
      const { user } = await client.signUp({ email, password, language })
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
