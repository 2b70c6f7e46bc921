/** Which pages may act with a person's cookie, and where a request really comes from. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

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

/**
 * The address of the one who asks.
 *
 * X-Forwarded-For counts only as far as own proxies wrote it: with `proxies` 1 the last entry, with 2 the one
 * before it. With 0 it is ignored, whatever it says.
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const direct = request.socket.remoteAddress ?? 'unknown'
  if (proxies === 0) return direct
  const header = request.headers['x-forwarded-for']
  const entries = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((entry) => entry.trim()).filter((entry) => entry !== '')
  return entries.at(-proxies) ?? entries[0] ?? direct
}
