/** The gateway: everything that the exchange offers over HTTP and sockets, put together from its services. */
import type { RequestListener, Server as HttpServer } from 'node:http'
import { addressMatcher } from '@bourse/identity'
import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import { followFreezes } from './account-freezes.js'
import { balanceAdjustment } from './balance-adjustments.js'
import { OwnAccounts } from './accounts/own-accounts.js'
import { AlertWatch } from './alerts/alert-watch.js'
import { DurableReads } from './durable-reads.js'
import type { GatewayShare } from './gateway-share.js'
import { guardWithdrawals } from './guarded-wallet.js'
import { Admission } from './http/admission.js'
import { createApiRouter } from './http/api-router.js'
import { HotRoutes } from './http/hot-routes.js'
import { createDocumentsSite } from './http/documents-site.js'
import { failureOf } from './http/failures.js'
import { needRequestId, requestIdOf, tellRequestId } from './http/request-facts.js'
import { MemoryRateLimits } from './http/rate-limits.js'
import { SignedRequests } from './http/signed-requests.js'
import { TakenRequests } from './http/taken-requests.js'
import { API_PATH, type Route } from './http/route.js'
import { RouteServer } from './http/route-server.js'
import { securityHeaders } from './http/security-headers.js'
import { SessionCache } from './http/session-cache.js'
import { SessionCookie } from './http/session-cookie.js'
import { createTerminalSite } from './http/terminal-site.js'
import { MarketQueries } from './market/market-queries.js'
import { OrderEntry } from './orders/order-entry.js'
import { OrderQueries } from './orders/order-queries.js'
import { accountRoutes } from './routes/account-routes.js'
import { alertRoutes } from './routes/alert-routes.js'
import { apiKeyRoutes } from './routes/api-key-routes.js'
import { authRoutes } from './routes/auth-routes.js'
import { sessionBeginner } from './routes/begin-session.js'
import { historyRoutes } from './routes/history-routes.js'
import { marketRoutes } from './routes/market-routes.js'
import { operatorRoutes } from './routes/operator-routes.js'
import { orderRoutes } from './routes/order-routes.js'
import { outboxRoutes } from './routes/outbox-routes.js'
import { secondFactorRoutes } from './routes/second-factor-routes.js'
import { securityRoutes } from './routes/security-routes.js'
import { walletRoutes } from './routes/wallet-routes.js'
import type { GatewayServices } from './services.js'
import { watchLogIns } from './streams/log-in-watch.js'
import { OpenConnections } from './streams/open-connections.js'
import { PlainSockets } from './streams/plain-sockets.js'
import { SocketCalls } from './streams/socket-calls.js'
import { SocketGateway } from './streams/socket-gateway.js'
import { orderRequests } from './streams/socket-requests.js'
import { Streams } from './streams/streams.js'
import { Upgrades } from './streams/upgrades.js'

export interface Gateway {
  /** Give it to http.createServer, then attach the server for the sockets. */
  readonly app: RequestListener
  /** The table of all routes of the API, as it is served. */
  readonly routes: readonly Route[]
  /** Where other interfaces on the same server mount their WebSocket paths. */
  readonly upgrades: Upgrades
  /** What other interfaces on the same server work with. */
  readonly share: GatewayShare
  /** Serves a path and everything below it by another interface's router. */
  mount(path: string, router: Router): void
  attach(server: HttpServer): void
  /** Refuses new requests of sockets, waits for those under way, tells every socket that the exchange is going and lets it go; resolves after a while whatever happens. */
  drain(withinMs: number): Promise<void>
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
export function createGateway(given: GatewayServices): Gateway {
  const services = { ...given, wallet: guardWithdrawals(given) }
  const { exchange, identity, apiKeys, accounts, wallet, production, log } = services
  const now = (): number => services.now()
  const proxies = addressMatcher(services.proxies ?? [])
  const origins = { allowedOrigins: services.allowedOrigins ?? [] }
  const cookie = new SessionCookie(production)
  const deviceCookie = new SessionCookie(production, 'device')
  const limits = services.limits ?? new MemoryRateLimits(now)
  const oneTimeRequests = services.oneTimeRequests ?? new TakenRequests()
  const sessions = new SessionCache(identity, now)
  const signatures = new SignedRequests(apiKeys, now, oneTimeRequests)
  const admission = new Admission({ identity: sessions, signatures, port: exchange, cookie, proxies, isUnlimited: (userId) => services.isUnlimited?.(userId) ?? false, unverifiedMay: services.unverifiedMay })
  const reads = new DurableReads(exchange)
  const orders = new OrderEntry(exchange, services.history, reads)
  const markets = new MarketQueries(services)
  const ownAccounts = new OwnAccounts(exchange, services.records.subAccounts, now)
  const alerts = services.alerts ?? new AlertWatch({ exchange, alerts: services.records.priceAlerts, log })
  const beginSession = sessionBeginner(identity, admission)
  accounts.approvals.register(balanceAdjustment({ exchange, identity, prepareAccount: (userId) => admission.prepareAccount(userId) }))
  const isOperatorSafe = async (userId: string): Promise<boolean> => !production || (await accounts.secondFactors.protects(userId))
  const routes = [
    ...marketRoutes(services, markets), ...authRoutes(services, beginSession), ...securityRoutes(services, beginSession), ...secondFactorRoutes(services, beginSession), ...apiKeyRoutes(services),
    ...orderRoutes(services, orders), ...historyRoutes(services, reads), ...walletRoutes(services), ...operatorRoutes(services), ...accountRoutes(services, ownAccounts), ...alertRoutes(services, alerts), ...(services.showsOutbox === true ? outboxRoutes(services) : []),
  ]
  const newRequestId = (): string => services.randomId()
  const upgrades = new Upgrades()
  const openConnections = new OpenConnections()
  const streams = new Streams({ exchange, reads, alerts, conflationMs: services.conflationMs, now })
  const calls = new SocketCalls({ admission, limits, log, now, newRequestId })
  const carried = { open: openConnections, exchange, streams, admission, calls, origins, proxies, requests: orderRequests(orders), log, now }
  const sockets = new SocketGateway(carried)
  const plainSockets = new PlainSockets({ ...carried, orders })
  const endSession = (sessionId: string): void => {
    sessions.ended(sessionId)
    sockets.endSession(sessionId)
    plainSockets.endSession(sessionId)
  }
  const endKey = (key: string): void => {
    sockets.endKey(key)
    plainSockets.endKey(key)
  }
  const endings = [
    identity.onSessionEnd(({ sessionId }) => endSession(sessionId)),
    apiKeys.onEnd((key) => endKey(key)),
    accounts.journal.onChange((userId) => sessions.personChanged(userId)),
    followFreezes(services),
    watchLogIns({ identity, apiKeys, open: () => [...sockets.admitted(), ...plainSockets.admitted()], log }),
    wallet.onChange(({ userId, ...changed }) => streams.accounts.walletChanged(userId, changed)),
  ]

  const beside = express.Router({ caseSensitive: true, strict: true })
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(securityHeaders(production))
  app.use(createDocumentsSite({ name: () => services.presentation().brand.name, routes: routes.map(({ contract }) => contract) }))
  const server = new RouteServer({ accounts: ownAccounts, answers: services.records.idempotentAnswers, admission, limits, cookie, deviceCookie, isProved: (session) => accounts.security.isProved(session), isOperatorSafe, origins, proxies, now, newRequestId, log })
  const hot = new HotRoutes(routes, server, { production })
  app.use(API_PATH, createApiRouter(routes, server))
  app.use(beside)
  app.get('/brand/:file', (request, response, next) => serveBrandFile(services, request, response, next))
  if (services.terminalDir !== undefined) app.use(createTerminalSite({ dir: services.terminalDir, brand: () => services.presentation().brand }))
  app.use((_request, response) => {
    response.status(404).type('text').send('There is nothing at this address.\n')
  })
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => answerPlainly(services, error, { response, next }))

  return {
    app: (request, response) => {
      needRequestId(response, newRequestId)
      if (hot.take(request, response)) return
      tellRequestId(response)
      app(request, response)
    },
    routes,
    upgrades,
    share: {
      services, markets, alerts, orders, orderQueries: new OrderQueries(services, reads), reads, limits, oneTimeRequests, origins, proxies, streams, openConnections,
      prepareAccount: (userId) => admission.prepareAccount(userId),
      mayNotTrade: (user) => admission.unverified(user),
    },
    mount: (path, router) => void beside.use(path, router),
    attach(server) {
      upgrades.attach(server)
      sockets.attach(server, upgrades)
      plainSockets.attach(upgrades)
    },
    async drain(withinMs) {
      calls.draining = true
      await calls.inFlight.idle(withinMs)
      await Promise.all([sockets.drain(), plainSockets.drain(withinMs)])
    },
    close() {
      for (const end of endings) end()
      sockets.close()
      alerts.close()
      plainSockets.close()
      streams.close()
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
function answerPlainly({ log }: GatewayServices, error: unknown, exchange: { response: Response; next: NextFunction }): void {
  const { response, next } = exchange
  if (response.headersSent) {
    next(error)
    return
  }
  const failure = failureOf(error)
  if (failure === undefined) log.error('A page could not be served', { requestId: requestIdOf(response), error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  response
    .status(failure?.status ?? 500)
    .type('text')
    .send(`${failure?.message ?? 'The exchange failed to answer.'}\n`)
}
