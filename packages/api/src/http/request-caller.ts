/** The one who sent a request, as handlers see them; what few handlers ask for is found out when they do. */
import type { IncomingMessage } from 'node:http'
import type { OpenSession, Person, SessionOrigin } from '@bourse/identity'
import type { Admitted } from './admission.js'
import { isFromPage, isLocal } from './origins.js'
import type { Caller } from './route.js'
import type { SessionCookie } from './session-cookie.js'

const MAX_USER_AGENT = 300
/** As long as browsers let a cookie live. */
const DEVICE_SECONDS = 400 * 24 * 3_600

export interface Cookies {
  readonly cookie: SessionCookie
  /** By which a browser is known again. */
  readonly deviceCookie: SessionCookie
  readonly now: () => number
}

export interface CallerFacts {
  readonly request: IncomingMessage
  readonly admitted: Admitted
  readonly account: string
  /** Where cookies are put. */
  readonly headers: string[]
}

export class RequestCaller implements Caller<'public'> {
  constructor(
    private readonly facts: CallerFacts,
    private readonly cookies: Cookies,
  ) {}

  get user(): Person | undefined {
    return this.facts.admitted.user
  }

  get account(): string {
    return this.facts.account
  }

  get session(): OpenSession | undefined {
    return this.facts.admitted.session
  }

  get address(): string {
    return this.facts.admitted.address
  }

  get fromPage(): boolean {
    return isFromPage(this.facts.request.headers)
  }

  get isLocal(): boolean {
    return isLocal(this.facts.request)
  }

  get origin(): SessionOrigin {
    const { headers } = this.facts.request
    return { address: this.address, userAgent: headers['user-agent']?.slice(0, MAX_USER_AGENT), deviceToken: this.cookies.deviceCookie.read(headers), fromPage: this.fromPage }
  }

  keepSession(token: string, expiresMs: number): void {
    this.setCookie(this.cookies.cookie.keep(token, Math.floor((expiresMs - this.cookies.now()) / 1_000)))
  }

  clearSession(): void {
    this.setCookie(this.cookies.cookie.clear())
  }

  keepDevice(token: string): void {
    this.setCookie(this.cookies.deviceCookie.keep(token, DEVICE_SECONDS))
  }

  private setCookie(cookie: string): void {
    this.facts.headers.push('Set-Cookie', cookie)
  }
}
