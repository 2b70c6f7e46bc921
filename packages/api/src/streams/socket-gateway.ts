/** The socket.io side of the gateway: who may connect, what they may ask, and what is sent to them. */
import type { Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { KEY_HEADER, Subscription, type StreamMessage } from '@bourse/client'
import { internalFailure, errorBody } from '../http/api-router.js'
import { requireAccess, type Admission, type Admitted } from '../http/admission.js'
import { ApiFailure, failureOf, notLoggedIn, tooManyRequests } from '../http/failures.js'
import { clientAddress, isOwnOrigin, type OriginRules } from '../http/origins.js'
import type { BudgetKind, RateLimits } from '../http/rate-limits.js'
import { read } from '../http/route.js'
import type { DurableReads } from '../durable-reads.js'
import type { Log } from '../log.js'
import type { TradingService } from '../services.js'
import { AccountStreams, type AccountListener } from './account-streams.js'
import { MarketStreams, roomOf } from './market-streams.js'
import type { SocketRequests } from './socket-requests.js'
import { boundUnread } from './socket-buffer.js'

const PATH = '/api/v1/stream'
const MAX_MESSAGE_BYTES = 16_384
const MAX_SOCKETS = 20_000
const MAX_SOCKETS_OF_ONE_ADDRESS = 500
const MAX_SUBSCRIPTIONS = 200
/** How often sessions of open sockets are checked for having expired. */
const EXPIRY_CHECK_MS = 30_000

export interface SocketGatewayOptions {
  readonly exchange: TradingService
  readonly reads: DurableReads
  readonly admission: Admission
  readonly limits: RateLimits
  readonly origins: OriginRules
  readonly proxies: number
  readonly requests: SocketRequests
  readonly log: Log
  now(): number
  newRequestId(): string
}

/** What a connection carries while it lasts. */
interface Connection {
  readonly socket: Socket
  readonly admitted: Admitted
  readonly rooms: Set<string>
  /** How the account's stream reaches the socket, while it is subscribed. */
  listener: AccountListener | undefined
}

type Acknowledge = (answer: object) => void

export class SocketGateway {
  private readonly io: Server
  private readonly market: MarketStreams
  private readonly accounts: AccountStreams
  private readonly connections = new Set<Connection>()
  private readonly byAddress = new Map<string, number>()
  private readonly endings: (() => void)[] = []

  constructor(private readonly options: SocketGatewayOptions) {
    const { exchange } = options
    this.io = new Server({
      path: PATH,
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      allowRequest: (request, decide) => decide(null, isOwnOrigin(request.headers, options.origins) && this.hasRoom(clientAddress(request, options.proxies))),
    })
    this.market = new MarketStreams({
      exchange,
      rooms: { has: (room) => this.io.of('/').adapter.rooms.has(room), send: (room, message) => void this.io.to(room).emit('message', message) },
      now: () => options.now(),
    })
    this.accounts = new AccountStreams(exchange, options.reads)
    this.endings.push(
      exchange.onCommitted((batch) => {
        this.market.changed()
        this.accounts.committed(batch)
      }),
    )
    const expiry = setInterval(() => this.endExpired(), EXPIRY_CHECK_MS)
    expiry.unref()
    this.endings.push(() => clearInterval(expiry))
    this.io.use((socket, next) => void this.admit(socket, next))
    this.io.on('connection', (socket) => this.connected(socket))
  }

  get streams(): AccountStreams {
    return this.accounts
  }

  attach(server: HttpServer): void {
    this.io.attach(server)
  }

  /** Cuts the sockets of a session that has ended. */
  endSession(sessionId: string): void {
    this.endSessions((session) => session.sessionId === sessionId)
  }

  /** Cuts the sockets that were opened with an API key that is no more. */
  endKey(key: string): void {
    for (const { socket, admitted } of this.connections) if (admitted.apiKey?.key === key) socket.disconnect(true)
  }

  /** Tells every socket that the exchange is going, and stops publishing. */
  close(): void {
    for (const end of this.endings) end()
    this.market.close()
    this.io.disconnectSockets(true)
    this.io.engine?.close()
  }

  private endSessions(ended: (session: { sessionId: string }) => boolean): void {
    for (const { socket, admitted } of this.connections) {
      if (admitted.session !== undefined && ended(admitted.session)) socket.disconnect(true)
    }
  }

  private endExpired(): void {
    const nowMs = this.options.now()
    for (const { socket, admitted } of this.connections) {
      const endsMs = admitted.session?.expiresMs ?? admitted.apiKey?.expiresMs ?? Infinity
      if (endsMs <= nowMs) socket.disconnect(true)
    }
  }

  private hasRoom(address: string): boolean {
    return this.connections.size < MAX_SOCKETS && (this.byAddress.get(address) ?? 0) < MAX_SOCKETS_OF_ONE_ADDRESS
  }

  private async admit(socket: Socket, next: (error?: Error) => void): Promise<void> {
    const offered: Readonly<Record<string, unknown>> = socket.handshake.auth
    const token = offered['token']
    let refusal: Error | undefined
    try {
      const signature = offered[KEY_HEADER] === undefined ? {} : { signature: offered }
      socket.data['admitted'] = await this.options.admission.admit(socket.request, { token: typeof token === 'string' ? token : undefined, ...signature })
    } catch (error) {
      const failure = failureOf(error)
      if (failure !== undefined) return next(new Error(failure.message))
      this.options.log.error('A socket could not be admitted', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      refusal = new Error('The log-in could not be checked. Try again in a moment.')
    }
    next(refusal)
  }

  private connected(socket: Socket): void {
    const admitted = socket.data['admitted'] as Admitted
    const connection: Connection = {
      socket,
      admitted,
      rooms: new Set(),
      listener: undefined,
    }
    this.connections.add(connection)
    this.byAddress.set(admitted.address, (this.byAddress.get(admitted.address) ?? 0) + 1)
    boundUnread(socket, () => this.options.log.info('A socket was cut: its reader did not keep up', { address: admitted.address, userId: admitted.user?.userId }))
    socket.on('disconnect', () => this.disconnected(connection))
    socket.on('subscribe', (body: unknown, acknowledge: unknown) => this.answer(connection, 'read', acknowledge, () => this.subscribe(connection, body, acknowledge)))
    socket.on('unsubscribe', (body: unknown, acknowledge: unknown) => this.answer(connection, 'read', acknowledge, () => this.unsubscribe(connection, body)))
    for (const [name, request] of Object.entries(this.options.requests)) {
      socket.on(name, (body: unknown, acknowledge: unknown) =>
        this.answer(connection, 'order', acknowledge, async () => ({ result: await request(await this.userId(connection, 'trade'), body) })),
      )
    }
  }

  private disconnected(connection: Connection): void {
    const { admitted } = connection
    this.connections.delete(connection)
    const others = (this.byAddress.get(admitted.address) ?? 1) - 1
    if (others > 0) this.byAddress.set(admitted.address, others)
    else this.byAddress.delete(admitted.address)
    this.leaveAccount(connection)
  }

  /** Runs one request within its budget and acknowledges what came of it; undefined has been acknowledged already. */
  private async answer(connection: Connection, budget: BudgetKind, acknowledge: unknown, work: () => Promise<object | undefined>): Promise<void> {
    const reply: Acknowledge = typeof acknowledge === 'function' ? (answer) => void Reflect.apply(acknowledge, undefined, [answer]) : () => undefined
    try {
      this.spend(connection, budget)
      const answer = await work()
      if (answer !== undefined) reply({ ok: true, ...answer })
    } catch (error) {
      const requestId = this.options.newRequestId()
      const failure = failureOf(error) ?? internalFailure(this.options.log, error, { requestId })
      reply({ ok: false, error: { ...errorBody(failure, requestId), status: failure.status } })
    }
  }

  private spend({ admitted }: Connection, budget: BudgetKind): void {
    if (admitted.unlimited) return
    const state = this.options.limits.take(budget, admitted.user?.userId ?? admitted.address)
    if (!state.allowed) throw tooManyRequests(state.retryAfterSeconds)
  }

  /** The person behind the socket, whose account then exists. */
  private async userId({ admitted }: Connection, access: 'read' | 'trade'): Promise<string> {
    if ((admitted.session?.expiresMs ?? admitted.apiKey?.expiresMs ?? Infinity) <= this.options.now()) throw notLoggedIn()
    const { userId } = requireAccess(admitted, access)
    await this.options.admission.prepareAccount(userId)
    return userId
  }

  /**
   * Joins and acknowledges with the snapshot in one turn, so that no update falls between them and none comes first.
   */
  private async subscribe(connection: Connection, body: unknown, acknowledge: unknown): Promise<undefined> {
    const subscription = read(Subscription, body)
    const { socket, rooms } = connection
    const reply = (snapshot: unknown): void => {
      if (typeof acknowledge === 'function') Reflect.apply(acknowledge, undefined, [{ ok: true, snapshot }])
    }
    if (subscription.channel === 'account') {
      this.joinAccount(connection, await this.userId(connection, 'read'), reply)
      return undefined
    }
    if ('market' in subscription && this.options.exchange.catalog.marketBySymbol(subscription.market) === undefined) {
      throw new ApiFailure({ status: 404, code: 'unknown_market', message: `There is no market ${subscription.market}. GET /api/v1/exchange lists them.`, field: 'market' })
    }
    const room = roomOf(subscription)
    if (!rooms.has(room) && rooms.size >= MAX_SUBSCRIPTIONS) throw tooManyRequests(1, `One connection follows at most ${MAX_SUBSCRIPTIONS} streams. Unsubscribe from some, or open another connection.`)
    rooms.add(room)
    reply(this.market.snapshot(subscription))
    void socket.join(room)
    return undefined
  }

  private async unsubscribe(connection: Connection, body: unknown): Promise<object> {
    const subscription = read(Subscription, body)
    if (subscription.channel === 'account') {
      this.leaveAccount(connection)
      return {}
    }
    const room = roomOf(subscription)
    connection.rooms.delete(room)
    await connection.socket.leave(room)
    return {}
  }

  /** A second subscription replaces the first: its snapshot is newer. */
  private joinAccount(connection: Connection, userId: string, reply: (snapshot: unknown) => void): void {
    const { socket } = connection
    this.leaveAccount(connection)
    const listener: AccountListener = {
      get open() {
        return connection.listener === listener
      },
      start: reply,
      send: (message: StreamMessage) => void socket.emit('message', message),
    }
    if (!socket.connected) return
    connection.listener = listener
    this.accounts.join(userId, listener)
  }

  private leaveAccount(connection: Connection): void {
    const { listener, admitted } = connection
    if (listener === undefined || admitted.user === undefined) return
    connection.listener = undefined
    this.accounts.leave(admitted.user.userId, listener)
  }
}
