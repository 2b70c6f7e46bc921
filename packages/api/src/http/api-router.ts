/** Serves the table of routes through express: reads what was asked, has it carried out, and writes the answer. */
import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import { sendDownload } from './download.js'
import { notFound } from './failures.js'
import { setHeaders, writeReply } from './reply.js'
import { requestIdOf, routeOf } from './request-facts.js'
import { ACCESS_POLICIES, type Route } from './route.js'
import type { RouteServer } from './route-server.js'

const MAX_BODY = '16kb'

/** @throws Error for a route without a known access policy, or for two routes of the same address. */
export function createApiRouter(routes: readonly Route[], server: RouteServer): Router {
  checkRoutes(routes)
  const router = express.Router({ caseSensitive: true, strict: true })
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })
  router.use(express.json({ limit: MAX_BODY, strict: true, inflate: false, verify: keepText }))
  for (const route of routes) {
    const handler = (request: Request, response: Response): Promise<void> => serve(server, route, request, response)
    if (route.method === 'GET') router.get(route.path, handler)
    else if (route.method === 'POST') router.post(route.path, handler)
    else if (route.method === 'PUT') router.put(route.path, handler)
    else if (route.method === 'PATCH') router.patch(route.path, handler)
    else router.delete(route.path, handler)
  }
  router.use((request) => {
    throw notFound(`There is no ${request.method} /api/v1${request.path}. See the list of routes in the documentation.`)
  })
  router.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(error)
    else writeReply(response, server.refuse(error, { requestId: requestIdOf(response), method: request.method, route: routeOf(request, response) }))
  })
  return router
}

function checkRoutes(routes: readonly Route[]): void {
  const seen = new Set<string>()
  for (const { method, path, access, contract } of routes) {
    const name = `${method} ${path}`
    if ((access === 'operator') !== contract.roles.length > 0) throw new Error(`The route ${name} must name roles exactly when its access policy is "operator".`)
    if (!ACCESS_POLICIES.includes(access)) {
      throw new Error(`The route ${name} declares the access policy "${String(access)}". Declare one of ${ACCESS_POLICIES.join(', ')}; the exchange does not start without.`)
    }
    if (seen.has(name)) throw new Error(`The route ${name} is declared twice.`)
    seen.add(name)
  }
}

async function serve(server: RouteServer, route: Route, request: Request, response: Response): Promise<void> {
  const answer = await server.answer(route, { message: request, requestId: requestIdOf(response), path: request.originalUrl, params: request.params, query: request.query, body: request.body, text: texts.get(request) ?? '' })
  if (!('download' in answer)) return writeReply(response, answer)
  setHeaders(response, answer.headers)
  await sendDownload(response, answer)
}

/** The bodies of requests as they came, for their signatures. */
const texts = new WeakMap<object, string>()

function keepText(request: object, _response: unknown, bytes: Buffer): void {
  texts.set(request, bytes.toString('utf8'))
}
