/** What logs and metrics may know of a request: its id and the pattern of its route. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ProxyTrust } from './origins.js'

export const REQUEST_ID = 'X-Request-Id'
/** What a proxy in front may send as its id. */
const FOREIGN_ID = /^[A-Za-z0-9_-]{8,64}$/

interface Facts {
  readonly requestId: string
  /** Where express does not route it. */
  route?: string
}

const known = new WeakMap<ServerResponse, Facts>()

/** Gives a request an id: that of a trusted proxy in front where it sent one, so that one id leads through both logs. */
export function keepRequestId(request: IncomingMessage, response: ServerResponse, { proxies, newRequestId }: { proxies: ProxyTrust; newRequestId: () => string }): void {
  const given = request.headers['x-request-id']
  const trusted = typeof given === 'string' && FOREIGN_ID.test(given) && proxies(request.socket.remoteAddress ?? '')
  known.set(response, { requestId: trusted ? given : newRequestId() })
}

/** Gives it one where nobody did before. */
export function needRequestId(response: ServerResponse, newRequestId: () => string): void {
  if (!known.has(response)) known.set(response, { requestId: newRequestId() })
}

/** Puts the id into the answer, whoever writes that. */
export function tellRequestId(response: ServerResponse): void {
  response.setHeader(REQUEST_ID, requestIdOf(response))
}

/** The id of a request; empty where nobody gave it one. */
export function requestIdOf(response: ServerResponse): string {
  return known.get(response)?.requestId ?? ''
}

/** Names the route of a request that express does not route. */
export function nameRoute(response: ServerResponse, route: string): void {
  const facts = known.get(response)
  if (facts === undefined) known.set(response, { requestId: '', route })
  else facts.route = route
}

/** The pattern of the route that answered; `other` for files of the terminal and addresses where nothing is. */
export function routeOf(request: IncomingMessage, response: ServerResponse): string {
  const named = known.get(response)?.route
  if (named !== undefined) return named
  const route: unknown = 'route' in request ? request.route : undefined
  if (typeof route !== 'object' || route === null || !('path' in route) || typeof route.path !== 'string') return 'other'
  const base = 'baseUrl' in request && typeof request.baseUrl === 'string' ? request.baseUrl : ''
  return `${base}${route.path}`
}
