/** Who may read `/metrics`: programs of this machine, or whoever knows the token. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isLoopbackAddress } from './origins.js'

export interface MetricsPage {
  readonly contentType: string
  text(): Promise<string>
  /** Where there is one, everybody needs it, programs of this machine too: `Authorization: Bearer <token>`. */
  readonly token?: string | undefined
}

/** What a proxy adds to a request that it passes on: then the one who asks is not on this machine. */
const PROXY_HEADERS = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'] as const

export function mayReadMetrics({ headers, socket }: IncomingMessage, token: string | undefined): boolean {
  if (token !== undefined && token !== '') return isSame(headers.authorization ?? '', `Bearer ${token}`)
  return isLoopbackAddress(socket.remoteAddress ?? '') && PROXY_HEADERS.every((name) => headers[name] === undefined)
}

/** Compares in a time that does not tell how much of it fits. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(a!, b!)
}
