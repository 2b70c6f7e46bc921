/** The socket.io side of the gateway: who may connect, what they may ask, and what is sent to them. */
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { COSTS, KEY_HEADER, Subscription, type Cost, type StreamMessage } from '@bourse/client'
import type { Admission, Admitted } from '../http/admission.js'
import { failureOf } from '../http/failures.js'
import { clientAddress, isOwnOrigin, type OriginRules, type ProxyTrust } from '../http/origins.js'
import { read } from '../http/route.js'
import type { Log } from '../log.js'
import type { TradingService } from '../services.js'
import type { OpenConnections } from './open-connections.js'
import type { SocketCalls } from './socket-calls.js'
import type { SocketRequests } from './socket-requests.js'
import { boundUnread } from './socket-buffer.js'
import type { Streams } from './streams.js'
import { Subscriptions } from './subscriptions.js'
import { listensByItself, type Upgrades } from './upgrades.js'

const PATH = '/api/v1/stream'
const MAX_MESSAGE_BYTES = 16_384
/** How often sessions of open sockets are checked for having expired. */
const EXPIRY_CHECK_MS = 30_000
/** What sockets are told to wait before they come back. */
const RETRY_AFTER_MS = 1_000
/** How long a socket may take to read why it is let go. */
const FAREWELL_MS = 1_000

export interface SocketGatewayOptions {
  readonly exchange: TradingService
  readonly streams: Streams
  readonly admission: Admission
  readonly calls: SocketCalls
  readonly origins: OriginRules
  readonly proxies: ProxyTrust
  readonly requests: SocketRequests
  readonly open: OpenConnections
  readonly log: Log
  now(): number
}

/** What a connection carries while it lasts. */
interface Connection {
  readonly socket: Socket
  readonly admitted: Admitted
  readonly subscriptions: Subscriptions
}

export class SocketGateway {
  private readonly io: Server
  private readonly connections = new Set<Connection>()
  private readonly endings: (() => void)[] = []
  private admitsUpgrade: (request: IncomingMessage) => boolean = () => true

  constructor(private readonly options: SocketGatewayOptions) {
    this.io = new Server({
      path: PATH,
      transports: ['websocket'],
      serveClient: false,
      destroyUpgrade: false,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      allowRequest: (request, decide) => decide(null, this.admitsUpgrade(request) && isOwnOrigin(request.headers, options.origins) && options.open.hasRoom(clientAddress(request, options.proxies))),
    })
    this.endings.push(
      options.streams.rooms.add({ has: (room) => this.io.of('/').adapter.rooms.has(room), send: (room, message) => void this.io.to(room).emit('message', message) }),
    )
    const expiry = setInterval(() => this.endExpired(), EXPIRY_CHECK_MS)
    expiry.unref()
    this.endings.push(() => clearInterval(expiry))
    this.io.use((socket, next) => void this.admit(socket, next))
    this.io.on('connection', (socket) => this.connected(socket))
  }

  /** @param upgrades who refuses the paths of nobody; socket.io listens to its own path by itself. */
  attach(server: HttpServer, upgrades: Upgrades): void {
    upgrades.mount(PATH, listensByItself)
    this.admitsUpgrade = (request) => upgrades.admits(request)
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

  /** Who has sockets open. */
  *admitted(): Iterable<Admitted> {
    for (const { admitted } of this.connections) yield admitted
  }

  /** Tells every socket why it is let go; resolves after a while whatever happens. */
  async drain(): Promise<void> {
    const gone = [...this.connections].map(({ socket }) => new Promise<void>((resolve) => socket.once('disconnect', () => resolve())))
    this.io.emit('closing', { code: 'shutting_down', message: 'The exchange is shutting down. Connect again in a few seconds; streams go on from their snapshots.', retryAfterMs: RETRY_AFTER_MS })
    this.io.disconnectSockets(true)
    await Promise.race([Promise.all(gone), new Promise((resolve) => setTimeout(resolve, FAREWELL_MS).unref())])
  }

  /** Disconnects every socket at once, and stops publishing. */
  close(): void {
    for (const end of this.endings) end()
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
      if (this.options.calls.endsMs(admitted) <= nowMs) socket.disconnect(true)
    }
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
    const subscriptions = new Subscriptions(this.options.exchange, this.options.streams, {
      get connected() {
        return socket.connected
      },
      join: (room) => void socket.join(room),
      leave: (room) => void socket.leave(room),
      send: (message: StreamMessage) => void socket.emit('message', message),
    })
    const connection: Connection = { socket, admitted, subscriptions }
    this.connections.add(connection)
    const left = this.options.open.enter(admitted.address)
    boundUnread(socket, () => this.options.log.info('A socket was cut: its reader did not keep up', { address: admitted.address, userId: admitted.user?.userId }))
    socket.on('disconnect', () => {
      left()
      this.connections.delete(connection)
      subscriptions.end()
    })
    socket.on('subscribe', (body: unknown, acknowledge: unknown) => this.answer(connection, COSTS.read, acknowledge, () => this.subscribe(connection, body, acknowledge)))
    socket.on('unsubscribe', (body: unknown, acknowledge: unknown) => this.answer(connection, COSTS.read, acknowledge, async () => {
      subscriptions.leave(read(Subscription, body))
      return {}
    }))
    for (const [name, { cost, run }] of Object.entries(this.options.requests)) {
      socket.on(name, (body: unknown, acknowledge: unknown) => this.answer(connection, cost(body), acknowledge, async () => ({ result: await run(await this.options.calls.userId(admitted, 'trade'), body) })))
    }
  }

  private async answer({ admitted }: Connection, cost: Cost, acknowledge: unknown, work: () => Promise<object | undefined>): Promise<void> {
    const answer = await this.options.calls.answer(admitted, cost, work)
    if (answer !== undefined && typeof acknowledge === 'function') Reflect.apply(acknowledge, undefined, [answer])
  }

  private async subscribe({ admitted, subscriptions }: Connection, body: unknown, acknowledge: unknown): Promise<undefined> {
    const subscription = read(Subscription, body)
    const give = (snapshot: unknown): void => {
      if (typeof acknowledge === 'function') Reflect.apply(acknowledge, undefined, [{ ok: true, snapshot }])
    }
    if (subscription.channel === 'account') subscriptions.followAccount(await this.options.calls.userId(admitted, 'read'), give)
    else if (subscription.channel === 'alerts') await subscriptions.followAlerts(await this.options.calls.userId(admitted, 'read'), give)
    else await subscriptions.follow(subscription, give)
    return undefined
  }
}
