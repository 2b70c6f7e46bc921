/** The outermost door of the HTTP server: request ids, health and readiness, metrics, and no new work while the exchange starts or ends. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { addressMatcher } from '@bourse/identity'
import { InFlight } from '../in-flight.js'
import { errorBody } from './error-answers.js'
import { ApiFailure } from './failures.js'
import { mayReadMetrics, type MetricsPage } from './metrics-page.js'
import { clientAddress, isLoopbackAddress, type ProxyTrust } from './origins.js'
import { keepRequestId, requestIdOf, routeOf, tellRequestId } from './request-facts.js'

/** `starting`: the journal is being replayed. `draining`: what has begun is finished, nothing new is taken. */
export type DoorState = 'starting' | 'open' | 'draining'

export interface Readiness {
  readonly ready: boolean
  /** What was looked at, by name: `ok`, or a word for what is wrong. Public: no addresses, no messages of errors. */
  readonly checks: Readonly<Record<string, string>>
}

/** One request that has been answered, for logs and metrics: nothing in it is a secret. */
export interface AnsweredRequest {
  readonly requestId: string
  readonly method: string
  /** The pattern of the route (`/api/v1/orders/:orderId`), never the address itself. */
  readonly route: string
  /** 0 when the caller had gone before there was an answer. */
  readonly status: number
  readonly durationMs: number
  /** Looked up when it is read. */
  readonly address: string
}

export interface FrontDoorOptions {
  /** Addresses and ranges of own proxies, whose X-Forwarded-For and X-Request-Id count. */
  readonly proxies?: readonly string[]
  /** Production: refuses those who speak plain HTTP from another machine and are no proxy of ours. */
  readonly refusePlainHttp: boolean
  readonly readiness: () => Promise<Readiness>
  readonly metrics?: MetricsPage | undefined
  readonly newRequestId: () => string
  /** Milliseconds that only go forward. */
  readonly now: () => number
  readonly onAnswered?: (request: AnsweredRequest) => void
}

const RETRY_AFTER_SECONDS = { starting: 5, draining: 5 } as const
const MESSAGES = {
  starting: 'The exchange is starting. Try again in a few seconds.',
  draining: 'The exchange is shutting down and takes nothing new. Try again in a few seconds.',
} as const

export class FrontDoor {
  state: DoorState = 'starting'
  private readonly inFlight = new InFlight()
  private readonly proxies: ProxyTrust
  private inside: RequestListener | undefined
  private insideTellsIds = false
  private readonly trusted = new WeakMap<object, boolean>()

  constructor(private readonly options: FrontDoorOptions) {
    this.proxies = addressMatcher(options.proxies ?? [])
  }

  /** Requests that have come and are not answered yet. */
  get requestsInFlight(): number {
    return this.inFlight.count
  }

  /** Lets requests in. @param tellsRequestIds whoever is inside puts the ids into the answers, as the gateway does. */
  open(inside: RequestListener, { tellsRequestIds = false } = {}): void {
    this.inside = inside
    this.insideTellsIds = tellsRequestIds
    this.state = 'open'
  }

  /** Lets nobody in for now: what is behind it has gone and will come back. */
  close(): void {
    this.state = 'starting'
  }

  /** Takes nothing new from now on; resolves when what had begun is answered, or after a while. Tells whether all of it was. */
  drain(withinMs: number): Promise<boolean> {
    this.state = 'draining'
    return this.inFlight.idle(withinMs)
  }

  /** Why a request may not enter, as for those who ask for another protocol; undefined where it may. */
  refusal(request: IncomingMessage): ApiFailure | undefined {
    if (this.state !== 'open') {
      return new ApiFailure({ status: 503, code: 'unavailable', message: MESSAGES[this.state], retryAfterSeconds: RETRY_AFTER_SECONDS[this.state] })
    }
    if (this.options.refusePlainHttp && !this.isTrusted(request.socket)) {
      return new ApiFailure({ status: 403, code: 'forbidden', message: 'This exchange is reached over https:// only, through its own proxy.' })
    }
    return undefined
  }

  /** Asked once a connection. */
  private isTrusted(socket: IncomingMessage['socket']): boolean {
    const known = this.trusted.get(socket)
    if (known !== undefined) return known
    const peer = socket.remoteAddress ?? ''
    const trusted = isLoopbackAddress(peer) || this.proxies(peer)
    this.trusted.set(socket, trusted)
    return trusted
  }

  /** Give it to http.createServer. */
  readonly handle: RequestListener = (request, response) => {
    keepRequestId(request, response, { proxies: this.proxies, newRequestId: this.options.newRequestId })
    const path = pathOf(request)
    if (path === '/health' || path === '/ready' || path === '/metrics') {
      tellRequestId(response)
      void this.answerOperator(path, request, response)
      return
    }
    this.watch(request, response)
    const refusal = this.refusal(request)
    if (refusal !== undefined || !this.insideTellsIds) tellRequestId(response)
    if (refusal !== undefined) answerFailure(response, refusal)
    else this.inside!(request, response)
  }

  private watch(request: IncomingMessage, response: ServerResponse): void {
    const left = this.inFlight.enter()
    const { now, onAnswered } = this.options
    const startedMs = now()
    const { proxies } = this
    response.once('close', () => {
      left()
      onAnswered?.({
        requestId: requestIdOf(response),
        method: request.method ?? '',
        route: routeOf(request, response),
        status: response.writableFinished ? response.statusCode : 0,
        durationMs: now() - startedMs,
        get address() {
          return clientAddress(request, proxies)
        },
      })
    })
  }

  private async answerOperator(path: '/health' | '/ready' | '/metrics', request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      answerFailure(response, new ApiFailure({ status: 405, code: 'not_found', message: `${path} answers GET only.` }))
    } else if (path === '/health') answerJson(response, 200, { status: 'ok' })
    else if (path === '/ready') await this.answerReady(response)
    else await this.answerMetrics(request, response)
  }

  private async answerReady(response: ServerResponse): Promise<void> {
    if (this.state !== 'open') {
      response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS[this.state]))
      answerJson(response, 503, { status: this.state, checks: {} })
      return
    }
    const { ready, checks } = await this.options.readiness().catch((): Readiness => ({ ready: false, checks: { readiness: 'failed' } }))
    answerJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'unready', checks })
  }

  private async answerMetrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metrics } = this.options
    if (metrics === undefined || !mayReadMetrics(request, metrics.token)) {
      answerFailure(response, new ApiFailure({ status: 404, code: 'not_found', message: 'There is nothing at this address.' }))
      return
    }
    try {
      const text = await metrics.text()
      response.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text)
    } catch {
      answerFailure(response, new ApiFailure({ status: 500, code: 'internal', message: 'The metrics could not be gathered.' }))
    }
  }
}

function answerFailure(response: ServerResponse, failure: ApiFailure): void {
  if (failure.retryAfterSeconds !== undefined) {
    response.setHeader('Retry-After', String(failure.retryAfterSeconds))
    // The caller's next try shall find another process, or this one started again.
    response.setHeader('Connection', 'close')
  }
  answerJson(response, failure.status, { error: errorBody(failure, requestIdOf(response)) })
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
  response.end(JSON.stringify(body))
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}
