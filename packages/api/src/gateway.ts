/** The gateway: everything that the exchange offers over HTTP and sockets, put together from its services. */
import type { Server as HttpServer } from 'node:http'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { DurableReads } from './durable-reads.js'
import { Admission } from './http/admission.js'
import { createApiRouter } from './http/api-router.js'
import { failureOf } from './http/failures.js'
import { RateLimits } from './http/rate-limits.js'
import { SignedRequests } from './http/signed-requests.js'
import type { Route } from './http/route.js'
import { securityHeaders } from './http/security-headers.js'
import { SessionCache } from './http/session-cache.js'
import { SessionCookie } from './http/session-cookie.js'
import { createTerminalSite } from './http/terminal-site.js'
import { OrderEntry } from './orders/order-entry.js'
import { apiKeyRoutes } from './routes/api-key-routes.js'
import { authRoutes } from './routes/auth-routes.js'
import { marketRoutes } from './routes/market-routes.js'
import { orderRoutes } from './routes/order-routes.js'
import { walletRoutes } from './routes/wallet-routes.js'
import type { GatewayServices } from './services.js'
import { SocketGateway } from './streams/socket-gateway.js'
import { orderRequests } from './streams/socket-requests.js'

export interface Gateway {
  /** Give it to http.createServer, then attach the server for the sockets. */
  readonly app: Express
  /** The table of all routes of the API, as it is served. */
  readonly routes: readonly Route[]
  attach(server: HttpServer): void
  /** Disconnects every socket and stops publishing; the HTTP server is its owner's to close. */
  close(): void
}

/**
 * Puts the gateway together; nothing listens yet.
 *
 * @example
 * const gateway = createGateway(services)
 * const server = createServer(gateway.app)
 * gateway.attach(server)
 * server.listen(3000)
 */
export function createGateway(services: GatewayServices): Gateway {
  const { exchange, identity, apiKeys, wallet, production, log } = services
  const now = (): number => services.now()
  const proxies = services.proxies ?? 0
  const origins = { allowedOrigins: services.allowedOrigins ?? [] }
  const cookie = new SessionCookie(production)
  const limits = new RateLimits(now)
  const sessions = new SessionCache(identity, now)
  const signatures = new SignedRequests(apiKeys, now)
  const admission = new Admission({ identity: sessions, signatures, port: exchange, cookie, proxies, isUnlimited: (userId) => services.isUnlimited?.(userId) ?? false })
  const reads = new DurableReads(exchange)
  const orders = new OrderEntry(exchange, services.history, reads)
  const routes = [...marketRoutes(services), ...authRoutes(services, admission), ...apiKeyRoutes(services), ...orderRoutes(services, orders, reads), ...walletRoutes(services)]
  const newRequestId = (): string => services.randomId()
  const sockets = new SocketGateway({ exchange, reads, admission, limits, origins, proxies, requests: orderRequests(orders), log, now, newRequestId })
  const endings = [
    identity.onSessionEnd(({ sessionId }) => {
      sessions.ended(sessionId)
      sockets.endSession(sessionId)
    }),
    apiKeys.onEnd((key) => sockets.endKey(key)),
    wallet.onChange(({ userId, ...changed }) => sockets.streams.walletChanged(userId, changed)),
  ]

  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(securityHeaders(production))
  app.get('/health', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok', sequence: exchange.sequence })
  })
  app.use('/api/v1', createApiRouter({ routes, admission, limits, cookie, origins, proxies, now, newRequestId, log }))
  app.get('/brand/:file', (request, response, next) => serveBrandFile(services, request, response, next))
  if (services.terminalDir !== undefined) app.use(createTerminalSite({ dir: services.terminalDir, brand: () => services.presentation().brand }))
  app.use((_request, response) => {
    response.status(404).type('text').send('There is nothing at this address.\n')
  })
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => answerPlainly(services, error, { request, response, next }))

  return {
    app,
    routes,
    attach: (server) => sockets.attach(server),
    close() {
      for (const end of endings) end()
      sockets.close()
      reads.close()
    },
  }
}

/** The logo under its own address; a picture that is opened as a page may load and run nothing. */
function serveBrandFile({ logo, presentation }: GatewayServices, request: Request, response: Response, next: NextFunction): void {
  if (logo === undefined || request.path !== presentation().brand.logoUrl) return next()
  response
    .set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox")
    .set('Cache-Control', 'no-cache')
    .type(logo.contentType)
    .send(Buffer.from(logo.bytes))
}

/** Errors outside the API: addresses that cannot be read, files that are not there. */
function answerPlainly({ log }: GatewayServices, error: unknown, exchange: { request: Request; response: Response; next: NextFunction }): void {
  const { request, response, next } = exchange
  if (response.headersSent) {
    next(error)
    return
  }
  const failure = failureOf(error)
  if (failure === undefined) log.error('A page could not be served', { path: request.path, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  response
    .status(failure?.status ?? 500)
    .type('text')
    .send(`${failure?.message ?? 'The exchange failed to answer.'}\n`)
}
