/** Turns the table of routes into an express router: admission, limits, answers and errors are the same for all. */
import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import type { Log } from '../log.js'
import { requireAccess, type Admission, type Admitted } from './admission.js'
import { ApiFailure, failureOf, forbidden, notFound, tooManyRequests } from './failures.js'
import { clientAddress, isFromPage, isOwnOrigin, isOwnPage, type OriginRules } from './origins.js'
import type { BudgetState, RateLimits } from './rate-limits.js'
import { ACCESS_POLICIES, type Caller, type Route } from './route.js'
import type { SessionCookie } from './session-cookie.js'

const MAX_BODY = '16kb'

export interface ApiRouterOptions {
  readonly routes: readonly Route[]
  readonly admission: Admission
  readonly limits: RateLimits
  readonly cookie: SessionCookie
  readonly origins: OriginRules
  /** Own proxies in front of the exchange. */
  readonly proxies: number
  readonly now: () => number
  readonly newRequestId: () => string
  readonly log: Log
}

/** @throws Error for a route without a known access policy, or for two routes of the same address. */
export function createApiRouter(options: ApiRouterOptions): Router {
  checkRoutes(options.routes)
  const router = express.Router({ caseSensitive: true, strict: true })
  router.use((request, response, next) => {
    response.locals['requestId'] = options.newRequestId()
    response.set('X-Request-Id', String(response.locals['requestId']))
    response.set('Cache-Control', 'no-store')
    next()
  })
  router.use(express.json({ limit: MAX_BODY, strict: true, inflate: false, verify: keepRawBody }))
  for (const route of options.routes) {
    const handler = (request: Request, response: Response): Promise<void> => serve(options, route, request, response)
    if (route.method === 'GET') router.get(route.path, handler)
    else if (route.method === 'POST') router.post(route.path, handler)
    else if (route.method === 'PATCH') router.patch(route.path, handler)
    else router.delete(route.path, handler)
  }
  router.use((request) => {
    throw notFound(`There is no ${request.method} /api/v1${request.path}. See the list of routes in the documentation.`)
  })
  router.use((error: unknown, request: Request, response: Response, next: NextFunction) => answerError(options.log, error, { request, response, next }))
  return router
}

function checkRoutes(routes: readonly Route[]): void {
  const seen = new Set<string>()
  for (const { method, path, access } of routes) {
    const name = `${method} ${path}`
    if (!ACCESS_POLICIES.includes(access)) {
      throw new Error(`The route ${name} declares the access policy "${String(access)}". Declare one of ${ACCESS_POLICIES.join(', ')}; the exchange does not start without.`)
    }
    if (seen.has(name)) throw new Error(`The route ${name} is declared twice.`)
    seen.add(name)
  }
}

async function serve(options: ApiRouterOptions, route: Route, request: Request, response: Response): Promise<void> {
  const { headers } = request
  const admitted = await admit(options, route, request)
  if (route.method !== 'GET') checkOrigin(options.origins, admitted, request)
  if (!admitted.unlimited) {
    const state = options.limits.take(route.budget, admitted.user?.userId ?? admitted.address)
    tellBudget(response, state)
    if (!state.allowed) throw tooManyRequests(state.retryAfterSeconds)
  }
  if (route.access !== 'public') await options.admission.prepareAccount(requireAccess(admitted, route.access).userId)
  const caller: Caller<'public'> = {
    user: admitted.user,
    session: admitted.session,
    address: admitted.address,
    fromPage: isFromPage(headers),
    keepSession: (token, expiresMs) => response.append('Set-Cookie', options.cookie.keep(token, Math.floor((expiresMs - options.now()) / 1_000))),
    clearSession: () => response.append('Set-Cookie', options.cookie.clear()),
  }
  const answer = await route.run({ caller, params: request.params, query: request.query, body: request.body as unknown })
  if (answer === undefined) response.status(204).end()
  else response.status(route.status).json(answer)
}

/** Whoever is refused spends the budget of their address: guessing keys is not free. */
async function admit({ admission, limits, proxies }: ApiRouterOptions, route: Route, request: Request): Promise<Admitted> {
  try {
    return await admission.admit(request, { body: rawBodies.get(request) ?? '' })
  } catch (error) {
    const state = limits.take(route.budget, clientAddress(request, proxies))
    throw state.allowed ? error : tooManyRequests(state.retryAfterSeconds)
  }
}

/** The bodies of requests as they came, for their signatures. */
const rawBodies = new WeakMap<object, string>()

function keepRawBody(request: object, _response: unknown, bytes: Buffer): void {
  rawBodies.set(request, bytes.toString('utf8'))
}

/** A browser sends the cookie along whoever wrote the page, so a write must come from a page of the exchange. */
function checkOrigin(origins: OriginRules, admitted: Admitted, request: Request): void {
  if (!isOwnOrigin(request.headers, origins) || (admitted.by === 'cookie' && !isOwnPage(request.headers, origins))) {
    throw forbidden(`Pages of ${request.headers.origin ?? 'an unnamed origin'} may not act here. Use the exchange's own pages, or a token in the header Authorization.`)
  }
}

function tellBudget(response: Response, state: BudgetState): void {
  response.set('RateLimit-Limit', String(state.limit))
  response.set('RateLimit-Remaining', String(state.remaining))
  response.set('RateLimit-Reset', String(state.resetSeconds))
}

function answerError(log: Log, error: unknown, exchange: { request: Request; response: Response; next: NextFunction }): void {
  const { request, response, next } = exchange
  const requestId = String(response.locals['requestId'])
  const failure = failureOf(error) ?? internalFailure(log, error, { requestId, method: request.method, path: request.path })
  if (response.headersSent) {
    next(error)
    return
  }
  if (failure.retryAfterSeconds !== undefined) response.set('Retry-After', String(failure.retryAfterSeconds))
  response.status(failure.status).json({ error: errorBody(failure, requestId) })
}

/** What of a failure goes out; nothing of its cause or stack. */
export function errorBody(failure: ApiFailure, requestId: string): { code: string; message: string; field?: string; requestId: string } {
  return { code: failure.code, message: failure.message, ...(failure.field === undefined ? {} : { field: failure.field }), requestId }
}

/** A fault of the exchange itself: logged whole, told without detail. */
export function internalFailure(log: Log, error: unknown, facts: Readonly<Record<string, unknown>>): ApiFailure {
  log.error('A request failed through a fault of the exchange', { ...facts, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  return new ApiFailure({ status: 500, code: 'internal', message: `The exchange failed to answer; its operator finds the cause in the log under ${String(facts['requestId'])}.` })
}
