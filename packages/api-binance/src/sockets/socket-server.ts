/** Takes the WebSocket connections of the interface, beside those of v1 on the same server. */
import { clientAddress, isOwnOrigin, OutgoingTurn, PlainSocket, type Gateway } from '@bourse/api'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { BinanceError } from '../binance-error.js'
import type { Caller, Callers } from '../request/callers.js'
import { ApiConnection, type ApiServices } from './api-connection.js'
import { findListeners, MAX_STREAMS, StreamConnection, type StreamServices } from './stream-connection.js'

const MAX_MESSAGE_BYTES = 64_000
/** How often the keys of open connections are looked at: they expire, and other processes revoke them. */
const KEY_CHECK_MS = 10_000
/** How long what has begun may take when the exchange goes. */
const ANSWER_MS = 5_000
/** How long clients have to say good-bye. */
const GOOD_BYE_MS = 1_000

interface Connection {
  readonly callers: Caller[]
  receive(text: string): Promise<void>
  /** Ends what has been opened by a name that leads nowhere any more. */
  endExpired?(): Promise<void>
  end(): void
}

/** A connection that is about to begin. */
interface Opened {
  readonly request: IncomingMessage
  readonly wire: Duplex
  readonly address: string
  /** The listen keys in its address. */
  readonly listeners: ReadonlyMap<string, Caller>
}

export interface SocketServerOptions extends ApiServices, StreamServices {
  readonly gateway: Pick<Gateway, 'upgrades'>
  readonly keyCheckMs?: number | undefined
}

export class SocketServer {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, clientTracking: false })
  private readonly turn = new OutgoingTurn()
  private readonly open = new Map<Connection, PlainSocket>()
  private readonly endings: (() => void)[]
  private readonly answering = new Set<Promise<void>>()
  private closing = false

  constructor(private readonly options: SocketServerOptions) {
    const { upgrades } = options.gateway
    const keyCheck = setInterval(() => this.checkKeys(options.callers).catch((error: unknown) => options.log.error('The keys of open connections could not be looked at', { error: String(error) })), options.keyCheckMs ?? KEY_CHECK_MS)
    keyCheck.unref()
    this.endings = [
      () => clearInterval(keyCheck),
      upgrades.mount('/ws', (request, socket, head) => this.upgrade(request, socket, head)),
      upgrades.mount('/stream', (request, socket, head) => this.upgrade(request, socket, head)),
      upgrades.mount('/ws-api/v3', (request, socket, head) => this.upgrade(request, socket, head)),
    ]
  }

  /** Cuts the connections that act or listen with a key that is no more. */
  endKey(key: string): void {
    for (const [connection, socket] of this.open) if (connection.callers.some(({ apiKey }) => apiKey.key === key)) socket.close(1_008, 'The API key is no more')
  }

  /** Takes nothing new, lets what has begun be answered, and says good-bye. */
  async close(): Promise<void> {
    for (const end of this.endings) end()
    this.closing = true
    await Promise.race([Promise.all(this.answering), new Promise((resolve) => setTimeout(resolve, ANSWER_MS).unref())])
    for (const socket of this.open.values()) socket.close(1_001, 'The exchange is going')
    setTimeout(() => this.terminate(), GOOD_BYE_MS).unref()
    this.server.close()
  }

  private terminate(): void {
    for (const socket of this.open.values()) socket.terminate()
  }

  private receive(connection: Connection, text: string): void {
    if (this.closing) return
    const answering = connection.receive(text).finally(() => this.answering.delete(answering))
    this.answering.add(answering)
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { origins, proxies, openConnections } = this.options.share
    const address = clientAddress(request, proxies)
    if (!isOwnOrigin(request.headers, origins)) return refuse(socket, '403 Forbidden')
    if (!openConnections.hasRoom(address)) return refuse(socket, '503 Service Unavailable')
    void this.admit({ request, socket, head, address })
  }

  /** Looks first whose streams the address names: who has an open connection hears every event from then on. */
  private async admit({ request, socket, head, address }: { request: IncomingMessage; socket: Duplex; head: Buffer; address: string }): Promise<void> {
    const ignore = (): void => undefined
    socket.on('error', ignore)
    try {
      const listeners = await findListeners(streamNames(request), this.options, address)
      if (!this.options.share.openConnections.hasRoom(address)) return refuse(socket, '503 Service Unavailable')
      socket.off('error', ignore)
      if (!socket.destroyed) this.server.handleUpgrade(request, socket, head, (opened) => this.opened(opened, { request, wire: socket, address, listeners }))
    } catch (error) {
      refuse(socket, error instanceof BinanceError && error.status === 429 ? '429 Too Many Requests' : '503 Service Unavailable')
    }
  }

  private opened(webSocket: WebSocket, { request, wire, address, listeners }: Opened): void {
    const left = this.options.share.openConnections.enter(address)
    const socket = new PlainSocket(webSocket, { wire, turn: this.turn, onCut: (reason) => this.options.log.info('A socket of the Binance interface was cut', { reason, address }) })
    const connection = pathOf(request).startsWith('/ws-api/') ? new ApiConnection(socket, this.options, { address, connectedMs: this.options.share.services.now() }) : this.streamConnection(socket, { request, address, listeners })
    this.open.set(connection, socket)
    webSocket.on('message', (data, isBinary) => {
      if (isBinary) socket.close(1_003, 'Send text')
      else this.receive(connection, textOf(data))
    })
    webSocket.on('close', () => {
      left()
      connection.end()
      this.open.delete(connection)
    })
  }

  private streamConnection(socket: PlainSocket, { request, address, listeners }: Omit<Opened, 'wire'>): StreamConnection {
    const [, kind, first] = pathOf(request).split('/')
    const connection = new StreamConnection(socket, this.options, { address, combined: kind === 'stream' && first !== 'ws' })
    connection.begin(streamNames(request), listeners)
    return connection
  }

  private async checkKeys(callers: Callers): Promise<void> {
    for (const [connection, socket] of this.open) {
      for (const caller of connection.callers) {
        const lost = await callers.still(caller).then(() => false, () => true)
        if (lost) socket.close(1_008, 'The API key is no more')
      }
      await connection.endExpired?.()
    }
  }
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return new URL(url, 'ws://exchange').pathname
}

/** The streams that the address of a connection names. */
function streamNames({ url = '/' }: IncomingMessage): string[] {
  const { pathname, searchParams } = new URL(url, 'ws://exchange')
  const segments = pathname.split('/').slice(1)
  if (segments[0] === 'ws-api') return []
  // Clients that open several connections number them.
  const inPath = segments.slice(1).filter((segment) => segment !== '' && segment !== 'ws' && !/^\d+$/.test(segment))
  const inQuery = (searchParams.get('streams') ?? '').split('/').filter((name) => name !== '')
  return [...inPath.map(unescaped), ...inQuery].slice(0, MAX_STREAMS)
}

function unescaped(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString('utf8') : Buffer.from(data as Buffer).toString('utf8')
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}
