/** What the processes of one exchange tell each other, so that it is known at every gateway at once. */
import type { WalletChange } from '@bourse/api'
import type { BinanceNote } from '@bourse/api-binance'
import type { Accounts, SessionEnd } from '@bourse/identity'
import type { PriceAlertRow } from '@bourse/store'

export interface Note {
  /** A session that has ended. */
  readonly session?: SessionEnd
  /** An API key that was revoked. */
  readonly key?: string
  /** Somebody of whom something has changed: a proof, a freeze, a second factor. */
  readonly person?: string
  /** There is a mail to be sent. */
  readonly mail?: true
  readonly wallet?: WalletChange
  /** A price alert that has fired. */
  readonly alert?: PriceAlertRow
  readonly binance?: BinanceNote
  /** A market that the engine runs by a newer configuration than the one it was started with. */
  readonly market?: string
}

export interface TellingPeople {
  /** Takes what another process has told. */
  hear(note: Note): void
  close(): void
}

/** Tells other processes what happens to people here, and lets everybody here know what happens there. */
export function tellOfPeople({ identity, apiKeys, journal }: Pick<Accounts, 'identity' | 'apiKeys' | 'journal'>, tell: (note: Note) => void): TellingPeople {
  // What was heard is not told again.
  let hearing = false
  const tellOwn = (note: Note): void => {
    if (!hearing) tell(note)
  }
  const stops = [identity.onSessionEnd((session) => tellOwn({ session })), apiKeys.onEnd((key) => tellOwn({ key })), journal.onChange((person) => tellOwn({ person }))]
  return {
    hear({ session, key, person }) {
      hearing = true
      try {
        if (session !== undefined) identity.tellEnd(session)
        if (key !== undefined) apiKeys.tellEnd(key)
        if (person !== undefined) journal.changed(person)
      } finally {
        hearing = false
      }
    },
    close() {
      for (const stop of stops) stop()
    },
  }
}
