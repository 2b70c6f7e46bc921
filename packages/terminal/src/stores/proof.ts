/** Asks again who one is when a sensitive change needs it, and then goes on with the change. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { ApiRequestError } from '@bourse/client'

/** The person closed the question: nothing was done, and nothing has to be said about it. */
export class ProofCancelled extends Error {
  constructor() {
    super('The proof was cancelled.')
    this.name = 'ProofCancelled'
  }
}

export interface ProofState {
  /** While the question is on the screen. */
  readonly asking: boolean
}

export interface Proof {
  readonly store: StoreApi<ProofState>
  /** Does it; where the exchange demands a proof, asks for one and does it again. */
  withProof<Result>(action: () => Promise<Result>): Promise<Result>
  given(): void
  cancelled(): void
}

export function createProof(): Proof {
  const store = createStore<ProofState>(() => ({ asking: false }))
  let waiting: { resolve(): void; reject(error: Error): void }[] = []
  const end = (settle: (one: (typeof waiting)[number]) => void): void => {
    const settled = waiting
    waiting = []
    store.setState({ asking: false })
    settled.forEach(settle)
  }
  return {
    store,
    async withProof(action) {
      try {
        return await action()
      } catch (error) {
        if (!(error instanceof ApiRequestError) || error.code !== 'proof_required') throw error
      }
      await new Promise<void>((resolve, reject) => {
        waiting.push({ resolve, reject })
        store.setState({ asking: true })
      })
      return action()
    },
    given: () => end(({ resolve }) => resolve()),
    cancelled: () => end(({ reject }) => reject(new ProofCancelled())),
  }
}
