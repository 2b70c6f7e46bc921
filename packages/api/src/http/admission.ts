/** Finds out who sends a request, and sees to it that their account exists before they act. */
import type { IncomingMessage } from 'node:http'
import type { CommandPort } from '@bourse/plugin'
import type { Identity, OpenSession } from '@bourse/identity'
import { unavailable } from './failures.js'
import { clientAddress } from './origins.js'
import type { SessionCookie } from './session-cookie.js'

export interface Admitted {
  readonly session: OpenSession | undefined
  /** How the session was proved. */
  readonly by: 'token' | 'cookie' | 'nothing'
  readonly address: string
  /** No limits apply: one of the operator's own accounts. */
  readonly unlimited: boolean
}

export interface AdmissionOptions {
  readonly identity: Pick<Identity, 'sessionByToken'>
  readonly port: Pick<CommandPort, 'submit' | 'catalog'>
  readonly cookie: SessionCookie
  /** Own proxies in front of the exchange. */
  readonly proxies: number
  readonly isUnlimited: (userId: string) => boolean
}

const BEARER = /^Bearer ([A-Za-z0-9_-]{1,200})$/

export class Admission {
  constructor(private readonly options: AdmissionOptions) {}

  /**
   * Reads token or cookie; one that opens nothing leaves the caller anonymous.
   *
   * @param offeredToken a token that came by another way than the header: a socket's handshake.
   */
  async admit(request: IncomingMessage, offeredToken?: string): Promise<Admitted> {
    const address = clientAddress(request, this.options.proxies)
    const header = request.headers.authorization
    const token = offeredToken ?? (header === undefined ? undefined : (BEARER.exec(header)?.[1] ?? ''))
    // Whoever names a token means it: a wrong one is not replaced by a cookie.
    const by = token === undefined ? 'cookie' : 'token'
    const secret = token ?? this.options.cookie.read(request.headers)
    const session = secret === undefined || secret === '' ? undefined : await this.options.identity.sessionByToken(secret)
    if (session === undefined) return { session, by: 'nothing', address, unlimited: false }
    return { session, by, address, unlimited: this.options.isUnlimited(session.user.userId) }
  }

  /** Opens the person's account in the engine unless it is there; more than once does no harm. */
  async prepareAccount(userId: string): Promise<void> {
    const { port } = this.options
    if (port.catalog.accountByName(userId) !== undefined) return
    const result = await port.submit({ type: 'account.open', account: userId, kind: 'user' })
    if (!result.ok && result.reject.code !== 'account_exists') throw unavailable(`The account could not be opened (${result.reject.code}). Try again in a moment.`)
  }
}
