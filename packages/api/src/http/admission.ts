/** Finds out who sends a request and what they may do, and sees to it that their account exists before they act. */
import type { IncomingMessage } from 'node:http'
import { KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER } from '@bourse/client'
import type { CommandPort } from '@bourse/plugin'
import type { ApiKey, ApiScope, Identity, OpenSession, Person } from '@bourse/identity'
import { emailNotVerified, forbidden, notLoggedIn, unavailable, type ApiFailure } from './failures.js'
import { clientAddress, type ProxyTrust } from './origins.js'
import type { LimitedCaller } from './rate-limits.js'
import type { AccessPolicy } from './route.js'
import type { SessionCookie } from './session-cookie.js'
import type { SignedRequests } from './signed-requests.js'

export interface Admitted {
  /** Whom the request acts for. */
  readonly user: Person | undefined
  readonly session: OpenSession | undefined
  readonly apiKey: ApiKey | undefined
  /** How it was proved. */
  readonly by: 'token' | 'cookie' | 'api-key' | 'nothing'
  readonly address: string
  /** No limits apply: one of the operator's own accounts. */
  readonly unlimited: boolean
  /** Why the person may not trade; undefined when they may. */
  readonly mayNotTrade?: ApiFailure | undefined
}

/** What a person may do before their e-mail address is proved. */
export type UnverifiedMay = 'read' | 'trade' | 'everything'

export interface AdmissionOptions {
  readonly identity: Pick<Identity, 'sessionByToken'>
  readonly signatures: SignedRequests
  readonly port: Pick<CommandPort, 'submit' | 'catalog'>
  readonly cookie: SessionCookie
  /** Own proxies in front of the exchange. */
  readonly proxies: ProxyTrust
  readonly isUnlimited: (userId: string) => boolean
  /** `trade` by default. */
  readonly unverifiedMay?: UnverifiedMay | undefined
}

/** What of a request is not in its head. */
export interface Offer {
  /** The body as it came. */
  readonly body?: string
  /** A token that came by another way than the header: a socket's handshake. */
  readonly token?: string | undefined
  /** The headers of a signature that came in a socket's handshake. */
  readonly signature?: Readonly<Record<string, unknown>>
}

const BEARER = /^Bearer ([A-Za-z0-9_-]{1,200})$/

export class Admission {
  constructor(private readonly options: AdmissionOptions) {}

  /**
   * Reads signature, token or cookie; a token or cookie that opens nothing leaves the caller anonymous.
   *
   * @throws ApiFailure for a request that names an API key and is not the key's.
   */
  async admit(request: IncomingMessage, offer: Offer = {}): Promise<Admitted> {
    const address = clientAddress(request, this.options.proxies)
    const signed = offer.signature ?? request.headers
    if (signed[KEY_HEADER] !== undefined) return this.admitKey(request, { signed, address, body: offer.body ?? '' })
    const header = request.headers.authorization
    const token = offer.token ?? (header === undefined ? undefined : (BEARER.exec(header)?.[1] ?? ''))
    // Whoever names a token means it: a wrong one is not replaced by a cookie.
    const by = token === undefined ? 'cookie' : 'token'
    const secret = token ?? this.options.cookie.read(request.headers)
    const session = secret === undefined || secret === '' ? undefined : await this.options.identity.sessionByToken(secret)
    if (session === undefined) return { user: undefined, session, apiKey: undefined, by: 'nothing', address, unlimited: false }
    return { user: session.user, session, apiKey: undefined, by, address, unlimited: this.options.isUnlimited(session.user.userId), mayNotTrade: this.unverified(session.user) }
  }

  /** Whether nobody has to prove their e-mail address for anything. */
  get trustsUnverified(): boolean {
    return this.options.unverifiedMay === 'everything'
  }

  /** Why a person may not trade, where they may not. */
  unverified({ emailVerified }: Person): ApiFailure | undefined {
    return emailVerified || this.options.unverifiedMay !== 'read' ? undefined : emailNotVerified()
  }

  /** Opens the person's account in the engine unless it is there; more than once does no harm. */
  async prepareAccount(userId: string): Promise<void> {
    const { port } = this.options
    if (port.catalog.accountByName(userId) !== undefined) return
    const result = await port.submit({ type: 'account.open', account: userId, kind: 'user' })
    if (!result.ok && result.reject.code !== 'account_exists') throw unavailable(`The account could not be opened (${result.reject.code}). Try again in a moment.`)
  }

  private async admitKey(request: IncomingMessage, { signed, address, body }: { signed: Readonly<Record<string, unknown>>; address: string; body: string }): Promise<Admitted> {
    const { apiKey, user } = await this.options.signatures.check({
      key: text(signed[KEY_HEADER]),
      timestamp: text(signed[TIMESTAMP_HEADER]),
      signature: text(signed[SIGNATURE_HEADER]),
      method: request.method ?? '',
      path: pathOf(request),
      body,
      address,
    })
    return { user, session: undefined, apiKey, by: 'api-key', address, unlimited: this.options.isUnlimited(user.userId), mayNotTrade: this.unverified(user) }
  }
}

/** Whose budgets of requests are spent. */
export function limitedCaller({ user, apiKey, address }: Admitted): LimitedCaller {
  return { key: apiKey?.key, userId: user?.userId, address }
}

/** The person that a caller with this access acts for; throws the refusal for everybody else. */
export function requireAccess({ user, apiKey, mayNotTrade }: Admitted, access: Exclude<AccessPolicy, 'public'>): Person {
  if (user === undefined) throw notLoggedIn()
  if ((access === 'account' || access === 'operator') && apiKey !== undefined) throw forbidden('API keys may not do this. Log in as the person.')
  if (access === 'operator' && user.role === 'customer') throw forbidden('Only those who work for the operator may do this.')
  if (access === 'trade' && mayNotTrade !== undefined) throw mayNotTrade
  if (apiKey === undefined || access === 'account' || access === 'operator') return user
  requireScope(apiKey, access)
  return user
}

function requireScope({ scopes }: ApiKey, scope: ApiScope): void {
  if (!scopes.includes(scope)) throw forbidden(`The API key may not do this: it lacks the scope "${scope}". Make a key with that scope in the account settings.`)
}

/** What stood in the request line; a socket's handshake is signed without what the transport adds. */
function pathOf(request: IncomingMessage): string {
  const path = 'originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : (request.url ?? '')
  return path.startsWith('/api/v1/stream') ? '/api/v1/stream' : path
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
