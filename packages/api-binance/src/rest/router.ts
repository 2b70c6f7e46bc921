/** Serves the table of calls over HTTP, with Binance's headers and errors. */
import type { Log, ProxyTrust } from '@bourse/api'
import { clientAddress } from '@bourse/api'
import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import type { IncomingMessage } from 'node:http'
import { BinanceError, internalError } from '../binance-error.js'
import type { Call } from '../calls/call.js'
import { knownError } from '../failure-translation.js'
import type { Door } from '../request/door.js'
import { readSignedText } from '../request/signed-text.js'
import type { Spent } from '../request/spending.js'

const MAX_BODY = '16kb'
const KEY_HEADER = 'x-mbx-apikey'

export interface RestOptions {
  /** Where the router is mounted; it serves the calls below. */
  readonly prefix: string
  readonly calls: readonly Call[]
  readonly door: Door
  readonly proxies: ProxyTrust
  readonly log: Log
}

/** @throws Error for two calls of one address. */
export function createRestRouter(options: RestOptions): Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })
  // Whatever a client calls its body, the signature is over its bytes.
  router.use(express.text({ type: () => true, limit: MAX_BODY, inflate: false, defaultCharset: 'utf-8' }))
  const seen = new Set<string>()
  for (const call of options.calls) {
    for (const whole of call.paths.filter((path) => path.startsWith(`${options.prefix}/`))) {
      const path = whole.slice(options.prefix.length)
      const name = `${call.method} ${path}`
      if (seen.has(name)) throw new Error(`The call ${name} is declared twice.`)
      seen.add(name)
      const handler = (request: Request, response: Response): Promise<void> => serve(options, call, request, response)
      if (call.method === 'GET') router.get(path, handler)
      else if (call.method === 'POST') router.post(path, handler)
      else if (call.method === 'PUT') router.put(path, handler)
      else router.delete(path, handler)
    }
  }
  router.use((_request, response) => {
    response.status(404).json({ code: -1000, msg: 'There is no such call here. See docs/binance.md for those that there are.' })
  })
  router.use((error: unknown, request: Request, response: Response, next: NextFunction) => answerError(options.log, error, { request, response, next }))
  return router
}

async function serve({ door, proxies }: RestOptions, call: Call, request: Request, response: Response): Promise<void> {
  const body: unknown = request.body
  const { parameters, payload, signature } = readSignedText(queryOf(request), typeof body === 'string' ? body : '')
  const key = request.headers[KEY_HEADER]
  const incoming = { parameters, payload, signature, key: typeof key === 'string' ? key : undefined, address: clientAddress(request, proxies) }
  const { result } = await door.enter(call, incoming, { tell: (spent) => tell(response, spent) })
  response.json(result)
}

function queryOf({ originalUrl }: { originalUrl: string } & IncomingMessage): string {
  const mark = originalUrl.indexOf('?')
  return mark < 0 ? '' : originalUrl.slice(mark + 1)
}

function tell(response: Response, { usedWeight, orderCount }: Spent): void {
  response.set('X-MBX-USED-WEIGHT', String(usedWeight))
  response.set('X-MBX-USED-WEIGHT-1M', String(usedWeight))
  if (orderCount !== undefined) response.set('X-MBX-ORDER-COUNT-10S', String(orderCount))
}

function answerError(log: Log, error: unknown, { request, response, next }: { request: Request; response: Response; next: NextFunction }): void {
  if (response.headersSent) {
    next(error)
    return
  }
  const known = knownError(error) ?? logged(log, error, { method: request.method, path: request.path })
  if (known.options.retryAfterSeconds !== undefined) response.set('Retry-After', String(known.options.retryAfterSeconds))
  response.status(known.status).json(known.body)
}

/** A fault of the exchange itself: logged whole, told without detail. */
export function logged(log: Log, error: unknown, facts: Readonly<Record<string, unknown>>): BinanceError {
  log.error('A call of the Binance interface failed through a fault of the exchange', { ...facts, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  return internalError()
}
