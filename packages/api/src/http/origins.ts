/** Which pages may act with a person's cookie, and where a request really comes from. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { addressMatcher } from '@bourse/identity'

export interface OriginRules {
  /** Origins beside the request's own host, for example `https://exchange.example` behind a proxy that rewrites Host. */
  readonly allowedOrigins: readonly string[]
}

/** Whether the page that sent this request, if a page did, is one of the exchange's own. Programs send no Origin. */
export function isOwnOrigin(headers: IncomingHttpHeaders, rules: OriginRules): boolean {
  const origin = headers.origin
  if (origin === undefined) return true
  if (rules.allowedOrigins.includes(origin)) return true
  const host = headers.host
  if (host === undefined || !URL.canParse(origin)) return false
  return new URL(origin).host === host.toLowerCase()
}

/** Whether a write that carries the cookie was sent by a page of the exchange: a page says so in Origin or Sec-Fetch-Site. */
export function isOwnPage(headers: IncomingHttpHeaders, rules: OriginRules): boolean {
  if (headers.origin !== undefined) return isOwnOrigin(headers, rules)
  return headers['sec-fetch-site'] === 'same-origin'
}

/** Whether a page sent the request: then the cookie keeps the session and no token is handed to scripts. */
export function isFromPage(headers: IncomingHttpHeaders): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined
}

/** Whether an address is this machine's own. */
export const isLoopbackAddress = addressMatcher(['127.0.0.0/8', '::1'])

/** Whether an address is a proxy of the operator's own, whose word about the caller counts. */
export type ProxyTrust = (address: string) => boolean

/**
 * The address of the one who asks: the first, seen from here, that is not a proxy of the operator's own.
 *
 * X-Forwarded-For is read from its end, and only as far as a trusted proxy wrote it: what a caller wrote into it
 * before has no effect.
 */
export function clientAddress(request: IncomingMessage, proxies: ProxyTrust): string {
  const header = request.headers['x-forwarded-for']
  const entries = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((entry) => entry.trim())
  let address = request.socket.remoteAddress ?? 'unknown'
  while (proxies(address)) {
    const before = entries.pop()
    if (before === undefined || isIP(before) === 0) break
    address = before
  }
  return address
}

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a program of this machine sent the request directly: not through a proxy, and not from a page of a
 * foreign name that resolves to this machine.
 */
export function isLocal({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  const passedOn = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'].some((name) => headers[name] !== undefined)
  const host = URL.canParse(`http://${headers.host}`) ? new URL(`http://${headers.host}`).hostname : ''
  return !passedOn && LOOPBACK_HOSTS.has(host) && /^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '')
}
