/** Serves the routes that programs call most without express in front of them: the same handlers, headers and answers. */
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { writeWholeReply, type HeaderList } from './reply.js'
import { nameRoute, REQUEST_ID, requestIdOf } from './request-facts.js'
import { API_PATH, type Route } from './route.js'
import type { RouteServer } from './route-server.js'
import { securityHeaders } from './security-headers.js'

/** Of a fixed address, with a JSON body, and no downloads. */
const HOT: ReadonlySet<string> = new Set(['POST /orders', 'POST /orders/batch', 'POST /orders/replace', 'POST /quotes'])
/** A larger body is express's to refuse. */
const MAX_BODY_BYTES = 16_384
const JSON_TYPE = /^application\/json(?:;\s*charset=utf-8)?$/i
const NOTHING = {}

export class HotRoutes {
  private readonly byName: ReadonlyMap<string, Route>
  private readonly headers: HeaderList

  constructor(
    routes: readonly Route[],
    private readonly server: RouteServer,
    { production }: { readonly production: boolean },
  ) {
    const hot = routes.filter(({ method, path }) => HOT.has(`${method} ${path}`))
    this.byName = new Map(hot.map((route) => [`${route.method} ${API_PATH}${route.path}`, route]))
    this.headers = [...fixedHeaders(production), 'Cache-Control', 'no-store', REQUEST_ID]
  }

  /** Takes a request on if it is a plain one of these routes; anything else about it is express's business. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const route = this.byName.get(`${request.method} ${request.url}`)
    if (route === undefined) return false
    const { headers } = request
    const bytes = Number(headers['content-length'])
    const isPlain = bytes > 0 && bytes <= MAX_BODY_BYTES && headers['content-encoding'] === undefined && headers['transfer-encoding'] === undefined && headers.expect === undefined && JSON_TYPE.test(headers['content-type'] ?? '')
    if (!isPlain) return false
    nameRoute(response, API_PATH + route.path)
    let text: Buffer | undefined
    // The server's parser gives no more than was announced.
    request.on('data', (chunk: Buffer) => {
      text = text === undefined ? chunk : Buffer.concat([text, chunk])
      if (text.length === bytes) this.answer(route, { request, response, text: text.toString('utf8') }).catch(() => response.destroy())
    })
    return true
  }

  private async answer(route: Route, { request, response, text }: { request: IncomingMessage; response: ServerResponse; text: string }): Promise<void> {
    const requestId = requestIdOf(response)
    const path = request.url!
    const body = readBody(text)
    const answer = body instanceof Error ? this.server.refuse(body, { requestId, method: route.method, route: path }) : await this.server.answer(route, { message: request, requestId, path, params: NOTHING, query: NOTHING, body, text })
    if ('download' in answer) throw new Error(`${route.method} ${route.path} answers with a file: serve it through express.`)
    if (!response.destroyed) writeWholeReply(response, answer, this.headers.concat(requestId))
  }
}

/** As express's reader takes it: an object or a list, and nothing else. */
function readBody(text: string): object | Error {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Told below.
  }
  return Object.assign(new SyntaxError('The body is not valid JSON.'), { status: 400, type: 'entity.parse.failed' })
}

/** The headers that do not depend on the request, computed once. */
function fixedHeaders(production: boolean): string[] {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  securityHeaders(production)(request, response, () => undefined)
  return response.getHeaderNames().flatMap((name) => [name, String(response.getHeader(name))])
}
