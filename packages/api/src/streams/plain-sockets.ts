/** The plain WebSocket side of the gateway: requests by id, answered in whatever order they are done, and the streams. */
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { COSTS, KEY_HEADER, Subscription } from '@bourse/client'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { z } from 'zod'
import type { Admission, Admitted } from '../http/admission.js'
import { ApiFailure, failureOf, tooManyRequests } from '../http/failures.js'
import { clientAddress, isOwnOrigin, type OriginRules, type ProxyTrust } from '../http/origins.js'
import { read } from '../http/route.js'
import type { Log } from '../log.js'
import type { OrderEntry } from '../orders/order-entry.js'
import type { TradingService } from '../services.js'
import type { OpenConnections } from './open-connections.js'
import { OutgoingTurn } from './outgoing.js'
import { PlainConnection, PlainRooms } from './plain-connection.js'
import type { SocketCalls } from './socket-calls.js'
import type { SocketRequests } from './socket-requests.js'
import type { Streams } from './streams.js'
import { Subscriptions } from './subscriptions.js'
import type { Upgrades } from './upgrades.js'

export const PLAIN_PATH = '/api/v1/ws'
const MAX_MESSAGE_BYTES = 16_384
/** How often silence and expired log-ins are looked for. */
const CHECK_MS = 15_000
/** How long after a refused cancel-all the next attempt comes. */
const RETRY_MS = 100
/** Requests of one connection that may be under way. */
const MAX_PENDING = 1_024

/** Close codes beyond those of the WebSocket protocol. */
const CLOSE_LOGGED_OUT = 4001
const CLOSE_GOING_AWAY = 1001

/** What a client sends; the answer bears the same id. */
const Request = z.strictObject({ id: z.union([z.string().max(64), z.number().int().safe()]), method: z.string().max(64), params: z.unknown().optional() })
type Request = z.output<typeof Request>
const CancelOnDisconnect = z.strictObject({ enabled: z.boolean() })

export interface PlainSocketsOptions {
  readonly exchange: TradingService
  readonly streams: Streams
  readonly admission: Admission
  readonly calls: SocketCalls
  readonly origins: OriginRules
  readonly proxies: ProxyTrust
  readonly requests: SocketRequests
  readonly orders: Pick<OrderEntry, 'cancelAll'>
  readonly open: OpenConnections
  readonly log: Log
  now(): number
}

/** What a connection carries while it lasts. */
interface Client {
  readonly connection: PlainConnection
  readonly subscriptions: Subscriptions
  pending: number
}

export class PlainSockets {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, clientTracking: false })
  private readonly rooms = new PlainRooms()
  private readonly turn = new OutgoingTurn()
  private readonly clients = new Set<Client>()
  private readonly endings: (() => void)[]
  private readonly cancels = new Set<Promise<void>>()
  private closed = false

  constructor(private readonly options: PlainSocketsOptions) {
    const timer = setInterval(() => this.check(), CHECK_MS)
    timer.unref()
    this.endings = [options.streams.rooms.add(this.rooms), () => clearInterval(timer)]
  }

  attach(upgrades: Upgrades): void {
    this.endings.push(upgrades.mount(PLAIN_PATH, (request, socket, head) => void this.upgrade(request, socket, head)))
  }

  endSession(sessionId: string): void {
    for (const { connection } of this.clients) if (connection.admitted.session?.sessionId === sessionId) connection.close(CLOSE_LOGGED_OUT, 'The session has ended.')
  }

  endKey(key: string): void {
    for (const { connection } of this.clients) if (connection.admitted.apiKey?.key === key) connection.close(CLOSE_LOGGED_OUT, 'The API key has ended.')
  }

  /** Who has sockets open. */
  *admitted(): Iterable<Admitted> {
    for (const { connection } of this.clients) yield connection.admitted
  }

  /** Tells every client to come back, and waits until orders that go with their connections are cancelled. */
  async drain(withinMs: number): Promise<void> {
    const ended = [...this.clients].map(({ connection }) => connection.close(CLOSE_GOING_AWAY, 'The exchange is shutting down. Connect again in a few seconds.'))
    if (ended.length === 0) return
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, Math.min(withinMs, 1_000)).unref())
    await Promise.race([this.allGone(), deadline])
    await Promise.race([Promise.all(this.cancels), deadline])
  }

  close(): void {
    this.closed = true
    for (const end of this.endings) end()
    for (const { connection } of this.clients) connection.terminate()
    this.server.close()
  }

  private async allGone(): Promise<void> {
    while (this.clients.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { origins, proxies, open, admission, log } = this.options
    const address = clientAddress(request, proxies)
    if (!isOwnOrigin(request.headers, origins)) return refuse(socket, 403, 'Pages of other origins may not connect here.')
    if (!(socket instanceof Socket) || this.closed || !open.hasRoom(address)) return refuse(socket, 503, 'There are too many connections. Try again later.')
    const left = open.enter(address)
    socket.once('close', left)
    let admitted: Admitted
    try {
      admitted = await admission.admit(request)
    } catch (error) {
      const failure = failureOf(error)
      if (failure === undefined) log.error('A socket could not be admitted', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      return refuse(socket, failure?.status ?? 503, failure?.message ?? 'The log-in could not be checked. Try again in a moment.')
    }
    if (!socket.destroyed) this.server.handleUpgrade(request, socket, head, (opened) => this.opened(opened, { wire: socket, admitted, request }))
  }

  private opened(socket: WebSocket, { wire, admitted, request }: { wire: Socket; admitted: Admitted; request: IncomingMessage }): void {
    wire.setNoDelay(true)
    const connection = new PlainConnection(admitted, {
      socket,
      wire,
      turn: this.turn,
      onCaughtUp: (_, missed) => this.caughtUp(client, missed),
      onCut: ({ admitted: { address, user } }) => this.options.log.info('A socket was cut: its reader did not keep up', { address, userId: user?.userId }),
    })
    const subscriptions = new Subscriptions(this.options.exchange, this.options.streams, {
      get connected() {
        return connection.connected
      },
      join: (room) => this.rooms.join(room, connection),
      leave: (room) => this.rooms.leave(room, connection),
      send: (message) => connection.send(message),
    })
    const client: Client = { connection, subscriptions, pending: 0 }
    this.clients.add(client)
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) connection.close(1003, 'Messages are text.')
      else void this.received(client, request, data)
    })
    socket.on('pong', () => (connection.alive = true))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => this.left(client))
  }

  private left(client: Client): void {
    if (!this.clients.delete(client)) return
    client.subscriptions.end()
    const { cancelOnDisconnect, admitted } = client.connection
    if (!cancelOnDisconnect || admitted.user === undefined) return
    const cancelled = this.cancelAll(admitted.user.userId).finally(() => this.cancels.delete(cancelled))
    this.cancels.add(cancelled)
  }

  /** However long the exchange is too busy for it. */
  private async cancelAll(userId: string): Promise<void> {
    for (;;) {
      try {
        await this.options.orders.cancelAll(userId, {})
        return
      } catch (error) {
        if (failureOf(error)?.code !== 'queue_full') {
          this.options.log.error('The orders of a lost connection could not be cancelled', { userId, error: String(error) })
          return
        }
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }

  private async received(client: Client, handshake: IncomingMessage, data: RawData): Promise<void> {
    const { connection } = client
    const message = parse(data)
    const request = Request.safeParse(message)
    const id = request.success ? request.data.id : idOf(message)
    if (client.pending >= MAX_PENDING) return connection.send({ id, ...this.options.calls.refusal(tooManyRequests(1, `One connection may have ${MAX_PENDING} requests under way. Wait for some of their answers.`)) })
    client.pending++
    const answer = await (request.success ? this.answer(client, handshake, request.data) : this.options.calls.answer(connection.admitted, COSTS.read, () => Promise.reject(notARequest())))
    client.pending--
    if (answer !== undefined) connection.send({ id, ...answer })
  }

  private answer(client: Client, handshake: IncomingMessage, { id, method, params }: Request): Promise<object | undefined> {
    const { calls, requests } = this.options
    const { connection } = client
    const order = Object.hasOwn(requests, method) ? requests[method] : undefined
    if (order !== undefined) return calls.answer(connection.admitted, order.cost(params), async () => ({ result: await order.run(await calls.userId(connection.admitted, 'trade'), params) }))
    return calls.answer(connection.admitted, COSTS.read, async () => {
      switch (method) {
        case 'subscribe':
          return this.subscribe(client, id, params)
        case 'unsubscribe':
          client.subscriptions.leave(read(Subscription, params))
          return {}
        case 'log-on':
          return this.logOn(client, handshake, params)
        case 'cancel-on-disconnect': {
          await calls.userId(connection.admitted, 'trade')
          connection.cancelOnDisconnect = read(CancelOnDisconnect, params).enabled
          return {}
        }
        default:
          throw new ApiFailure({ status: 404, code: 'not_found', message: `There is no request "${method.slice(0, 64)}" here. See the documentation of the socket.`, field: 'method' })
      }
    })
  }

  private async subscribe({ connection, subscriptions }: Client, id: Request['id'], params: unknown): Promise<undefined> {
    const subscription = read(Subscription, params)
    const give = (snapshot: unknown): void => connection.send({ id, ok: true, snapshot })
    if (subscription.channel === 'account') subscriptions.followAccount(await this.options.calls.userId(connection.admitted, 'read'), give)
    else if (subscription.channel === 'alerts') await subscriptions.followAlerts(await this.options.calls.userId(connection.admitted, 'read'), give)
    else await subscriptions.follow(subscription, give)
    return undefined
  }

  /** For programs that cannot set the headers of the handshake. */
  private async logOn({ connection }: Client, handshake: IncomingMessage, params: unknown): Promise<object> {
    const { token, ...signature } = read(LogOn, params)
    if (connection.admitted.user !== undefined) throw new ApiFailure({ status: 409, code: 'already_logged_on', message: 'This connection is logged on. Open another one to act for somebody else.' })
    const admitted = await this.options.admission.admit(handshake, { token: token ?? '', ...(signature[KEY_HEADER] === undefined ? {} : { signature }) })
    if (admitted.user === undefined) throw new ApiFailure({ status: 401, code: 'not_logged_in', message: 'The token opens no session. Log in, and send the token that you get.' })
    connection.admitted = admitted
    return {}
  }

  /** Snapshots in place of what a slow reader missed; each says so. */
  private caughtUp({ connection, subscriptions }: Client, missed: readonly string[]): void {
    for (const room of missed) {
      const subscription = subscriptions.public.get(room)
      if (subscription !== undefined) connection.send({ ...subscription, gap: true, snapshot: this.options.streams.snapshot(subscription) })
    }
  }

  private check(): void {
    const nowMs = this.options.now()
    for (const { connection } of this.clients) {
      if (!connection.alive) connection.terminate()
      else if (this.options.calls.endsMs(connection.admitted) <= nowMs) connection.close(CLOSE_LOGGED_OUT, 'The log-in has expired.')
      else connection.ping()
    }
  }
}

/** A session's token, or the headers of a signature over `GET` and the path of the socket. */
const LogOn = z.strictObject({ token: z.string().max(200).optional(), 'x-api-key': z.string().max(200).optional(), 'x-api-timestamp': z.string().max(20).optional(), 'x-api-signature': z.string().max(200).optional() })

function parse(data: RawData): unknown {
  try {
    return Buffer.isBuffer(data) ? JSON.parse(data.toString('utf8')) : undefined
  } catch {
    return undefined
  }
}

function idOf(message: unknown): unknown {
  const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : null
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

function notARequest(): ApiFailure {
  return new ApiFailure({ status: 400, code: 'invalid_request', message: 'Send a JSON object with id (a text or a number), method and params.' })
}

function refuse(socket: Duplex, status: number, message: string): void {
  const body = `${message}\n`
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () => socket.destroy())
}
