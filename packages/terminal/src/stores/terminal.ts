/** Everything that outlives a page, wired together once. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BourseClient, ConnectionState, Exchange } from '@bourse/client'
import type { TextOf } from '../i18n/texts.js'
import { createAccount, type Account } from './account.js'
import { groupThousands } from '../format/amounts.js'
import { announceEvents } from './announcements.js'
import { createFrameBatch, type FrameBatch } from './frame-batch.js'
import { createNotices, type Notices } from './notices.js'
import { createPriceAlerts, type PriceAlerts } from './price-alerts.js'
import type { Preferences } from './preferences.js'
import { createProof, type Proof } from './proof.js'
import { createSession, type SessionActions } from './session.js'
import { openTickers, type Tickers } from './tickers.js'

export interface Terminal {
  readonly client: BourseClient
  readonly exchange: Exchange
  readonly preferences: StoreApi<Preferences>
  readonly frames: FrameBatch
  readonly session: SessionActions
  readonly proof: Proof
  readonly account: Account
  readonly tickers: Tickers
  readonly alerts: PriceAlerts
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
  const proof = createProof()
  const account = createAccount(client, frames, {
    ...announceEvents(notices, exchange, text),
    onLoggedOut: () => session.ended(),
  })
  const alerts = createPriceAlerts(client, ({ market, firedPrice, price, note }) => {
    notices.show({ kind: 'info', title: text('notice.alertFired', { market: market.replace('-', '/'), price: groupThousands(firedPrice ?? price) }), ...(note !== '' && { detail: note }) })
  })
  session.store.subscribe(({ user }, before) => {
    if (user?.userId === before.user?.userId) return
    account.close()
    alerts.close()
    if (user === null) return
    account.open()
    alerts.open()
  })
  const connection = createStore<{ readonly state: ConnectionState }>(() => ({ state: client.connection }))
  client.onConnection((state) => connection.setState({ state }))
  const tickers = openTickers(client, frames)
  void session.restore()
  return { client, exchange, preferences, frames, session, proof, account, tickers, alerts, notices, connection }
}
