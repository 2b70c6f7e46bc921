/** The way of one request of the API, whoever received it: admission, origin, limits, account, handler, and an answer in any case. */
import type { IncomingMessage } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { SUB_ACCOUNT_HEADER } from '@bourse/client'
import type { IdempotentAnswers } from '@bourse/store'
import type { OpenSession } from '@bourse/identity'
import type { OwnAccounts } from '../accounts/own-accounts.js'
import type { Log } from '../log.js'
import { limitedCaller, requireAccess, type Admission, type Admitted } from './admission.js'
import { isDownload, type Download } from './download.js'
import { errorBody, internalFailure } from './error-answers.js'
import { ApiFailure, emailNotVerified, failureOf, forbidden, proofRequired, tooManyRequests } from './failures.js'
import { IDEMPOTENCY_HEADER, idempotencyKey, IdempotentRequests, type Answer } from './idempotency.js'
import { clientAddress, isOwnOrigin, isOwnPage, type OriginRules, type ProxyTrust } from './origins.js'
import type { LimitedCaller, LimitState, RateLimits } from './rate-limits.js'
import type { HeaderList, Reply } from './reply.js'
import { RequestCaller, type Cookies } from './request-caller.js'
import { API_PATH, type AccessPolicy, type RawCall, type Route } from './route.js'

export interface RouteServerOptions extends Cookies {
  readonly accounts: Pick<OwnAccounts, 'actingFor'>
  /** Of requests that carry an Idempotency-Key. */
  readonly answers: IdempotentAnswers
  readonly admission: Admission
  readonly limits: RateLimits
  /** Whether somebody who works for the operator is protected well enough to act. */
  readonly isOperatorSafe: (userId: string) => Promise<boolean>
  /** Whether the holder of a session has proved lately who they are. */
  readonly isProved: (session: OpenSession) => boolean
  readonly origins: OriginRules
  /** Own proxies in front of the exchange. */
  readonly proxies: ProxyTrust
  readonly newRequestId: () => string
  readonly log: Log
}

/** A request whose body has been read. */
export interface ApiRequest {
  readonly message: IncomingMessage
  readonly requestId: string
  /** What stood in the request line. */
  readonly path: string
  readonly params: unknown
  readonly query: unknown
  /** The body, read and as it came. */
  readonly body: unknown
  readonly text: string
}

/** A file, which is yet to be written, and what is told with it. */
export type DownloadReply = Download & { readonly headers: HeaderList }

/** Refusals that the same request would meet again; the others may be tried anew under the same key. */
const LASTING_REFUSALS = new Set([403, 404, 409, 422])

export class RouteServer {
  private readonly once: IdempotentRequests

  constructor(private readonly options: RouteServerOptions) {
    const { answers, now, newRequestId } = options
    this.once = new IdempotentRequests({ answers, now, newId: newRequestId, wait: (ms) => setTimeout(ms), refusal: (error) => lastingRefusal(error, newRequestId()) })
  }

  /** Never rejects: a failure is an answer too. */
  async answer(route: Route, request: ApiRequest): Promise<Reply | DownloadReply> {
    const headers: string[] = []
    try {
      return await this.carryOut(route, request, headers)
    } catch (error) {
      return this.refuse(error, { requestId: request.requestId, method: route.method, route: API_PATH + route.path }, headers)
    }
  }

  /** What a failure is answered with. @param facts for the log, where the exchange itself is at fault. */
  refuse(error: unknown, facts: { readonly requestId: string; readonly method: string; readonly route: string }, headers: HeaderList = []): Reply {
    const failure = failureOf(error) ?? internalFailure(this.options.log, error, facts)
    const retry = failure.retryAfterSeconds === undefined ? [] : ['Retry-After', String(failure.retryAfterSeconds)]
    return { status: failure.status, text: JSON.stringify({ error: errorBody(failure, facts.requestId) }), headers: [...headers, ...retry] }
  }

  private async carryOut(route: Route, request: ApiRequest, headers: string[]): Promise<Reply | DownloadReply> {
    const { message } = request
    const admitted = await this.admit(route, request)
    if (route.method !== 'GET') checkOrigin(this.options.origins, admitted, message)
    if (!admitted.unlimited) {
      const state = await this.options.limits.take(route.cost(request.body, request.query), limitedCaller(admitted))
      tellBudgets(headers, state)
      requireAllowed(state)
    }
    const account = route.access === 'public' ? '' : await this.actingAccount(route, route.access, admitted, message)
    const caller = new RequestCaller({ request: message, admitted, account, headers }, this.options)
    const key = route.method === 'POST' && route.access !== 'public' ? idempotencyKey(message.headers[IDEMPOTENCY_HEADER]) : undefined
    const call: RawCall = { caller, params: request.params, query: request.query, body: request.body, idempotencyKey: key }
    if (key !== undefined && admitted.user !== undefined) return this.answerOnce(route, call, { userId: admitted.user.userId, key, request, headers })
    const answer = await route.run(call)
    return isDownload(answer) ? { ...answer, headers } : reply(written(route, answer), headers)
  }

  /** Whoever is refused spends the budget of their address: guessing keys is not free. */
  private async admit(route: Route, { message, text }: ApiRequest): Promise<Admitted> {
    const { admission, proxies } = this.options
    try {
      return await admission.admit(message, { body: text })
    } catch (error) {
      requireAllowed(await this.options.limits.take(route.cost(undefined), { address: clientAddress(message, proxies) } satisfies LimitedCaller))
      throw error
    }
  }

  /** The account that the request acts for, which is open then. */
  private async actingAccount(route: Route, access: Exclude<AccessPolicy, 'public'>, admitted: Admitted, { headers }: IncomingMessage): Promise<string> {
    const { contract } = route
    const userId = await this.prepare(route, admitted, access)
    const named = headers[SUB_ACCOUNT_HEADER]
    if (named === undefined) return userId
    if (!contract.subAccounts || typeof named !== 'string') throw new ApiFailure({ status: 400, code: 'invalid_request', message: `${contract.method} ${contract.path} does not act for sub-accounts. Leave the header X-Sub-Account out.`, field: 'X-Sub-Account' })
    return this.options.accounts.actingFor(userId, named)
  }

  /** Refuses whoever may not, and sees to it that the others have an account. */
  private async prepare({ contract }: Route, admitted: Admitted, access: Exclude<AccessPolicy, 'public'>): Promise<string> {
    const { admission, isProved, isOperatorSafe } = this.options
    const user = requireAccess(admitted, access)
    if (access === 'operator' && !contract.roles.some((role) => role === user.role)) throw forbidden(`Your role (${user.role}) may not do this; it takes one of: ${contract.roles.join(', ')}.`)
    if (access === 'operator' && !(await isOperatorSafe(user.userId))) throw forbidden('Whoever works for the operator needs a second factor here: set up an authenticator app or a passkey under Security first.')
    if (contract.needs.includes('verified') && !user.emailVerified && !admission.trustsUnverified) throw emailNotVerified()
    if (contract.needs.includes('proof') && admitted.session !== undefined && !isProved(admitted.session)) throw proofRequired()
    await admission.prepareAccount(user.userId)
    return user.userId
  }

  private async answerOnce(route: Route, call: RawCall, { userId, key, request, headers }: { userId: string; key: string; request: ApiRequest; headers: string[] }): Promise<Reply> {
    const { repeated, ...answer } = await this.once.once({
      userId,
      key,
      request: { method: route.method, path: request.path, account: call.caller.account, body: request.text },
      keepsAnswer: route.access !== 'account' && route.access !== 'operator',
      carryOut: async () => written(route, await route.run(call)),
    })
    if (repeated) headers.push('Idempotent-Replay', 'true')
    return reply(answer, headers)
  }
}

function written({ contract }: Route, answer: unknown): Answer {
  return answer === undefined ? { status: 204, text: null } : { status: contract.status, text: JSON.stringify(answer) }
}

function reply({ status, text }: Answer, headers: HeaderList): Reply {
  return { status, text, headers }
}

function lastingRefusal(error: unknown, requestId: string): Answer | undefined {
  const failure = failureOf(error)
  if (failure === undefined || !LASTING_REFUSALS.has(failure.status)) return undefined
  return { status: failure.status, text: JSON.stringify({ error: errorBody(failure, requestId) }) }
}

/** A browser sends the cookie along whoever wrote the page, so a write must come from a page of the exchange. */
function checkOrigin(origins: OriginRules, admitted: Admitted, { headers }: IncomingMessage): void {
  if (!isOwnOrigin(headers, origins) || (admitted.by === 'cookie' && !isOwnPage(headers, origins))) {
    throw forbidden(`Pages of ${headers.origin ?? 'an unnamed origin'} may not act here. Use the exchange's own pages, or a token in the header Authorization.`)
  }
}

function requireAllowed({ allowed, retryAfterSeconds }: LimitState): void {
  if (!allowed) throw tooManyRequests(retryAfterSeconds)
}

function tellBudgets(headers: string[], { weight, orders }: LimitState): void {
  headers.push('RateLimit-Limit', String(weight.limit), 'RateLimit-Remaining', String(weight.remaining), 'RateLimit-Reset', String(weight.resetSeconds))
  if (orders !== undefined) headers.push('X-Order-Limit', String(orders.limit), 'X-Order-Remaining', String(orders.remaining))
}
