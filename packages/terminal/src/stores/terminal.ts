/** Everything that outlives a page, wired together once. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BourseClient, ConnectionState, Exchange } from '@bourse/client'
import type { TextOf } from '../i18n/texts.js'
import { createAccount, type Account } from './account.js'
import { announceEvents } from './announcements.js'
import { createFrameBatch, type FrameBatch } from './frame-batch.js'
import { createNotices, type Notices } from './notices.js'
import type { Preferences } from './preferences.js'
import { createSession, type SessionActions } from './session.js'
import { openTickers, type Tickers } from './tickers.js'

export interface Terminal {
  readonly client: BourseClient
  readonly exchange: Exchange
  readonly preferences: StoreApi<Preferences>
  readonly frames: FrameBatch
  readonly session: SessionActions
  readonly account: Account
  readonly tickers: Tickers
  readonly notices: Notices
  readonly connection: StoreApi<{ readonly state: ConnectionState }>
}

export interface TerminalOptions {
  client: BourseClient
  exchange: Exchange
  preferences: StoreApi<Preferences>
  text: TextOf
}

/** Starts the streams of the whole terminal; the account's follows the session. */
export function openTerminal({ client, exchange, preferences, text }: TerminalOptions): Terminal {
  const frames = createFrameBatch()
  const notices = createNotices()
  const session = createSession(client)
  const account = createAccount(client, frames, {
    ...announceEvents(notices, exchange, text),
    onLoggedOut: () => session.ended(),
  })
  session.store.subscribe(({ user }, before) => {
    if (user?.userId === before.user?.userId) return
    account.close()
    if (user !== null) account.open()
  })
  const connection = createStore<{ readonly state: ConnectionState }>(() => ({ state: client.connection }))
  client.onConnection((state) => connection.setState({ state }))
  const tickers = openTickers(client, frames)
  void session.restore()
  return { client, exchange, preferences, frames, session, account, tickers, notices, connection }
}
