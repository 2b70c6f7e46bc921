/** The client's one socket: requests with an acknowledgement, and streams that survive a lost connection. */
import { io, type Socket } from 'socket.io-client'
import type { ConnectionState } from './bourse-client.js'
import { unavailable } from './rest-calls.js'
import type { StreamMessage, Subscription } from './schemas/index.js'
import { ApiRequestError, type StreamChannel, type StreamListener, type StreamSnapshots } from './trading-client.js'

export interface SocketLinkOptions {
  baseUrl: string
  /** What proves to the exchange who connects; asked at each connection. */
  handshake(): Promise<object>
  timeoutMs: number
  reconnectDelayMs: { first: number; longest: number }
}

/** How the exchange acknowledges; it is trusted to keep to its schemas, which its own tests check. */
type Acknowledgement = { ok: true; result?: unknown; snapshot?: unknown } | { ok: false; error: { code: string; message: string; field?: string; status?: number } }

/** One listener of one stream. */
interface Listening {
  readonly subscription: Subscription
  /** It has the snapshot of this connection; until then it gets no messages. */
  live: boolean
  onSnapshot(snapshot: unknown): void
  onMessage(message: unknown): void
  onEnd(error: ApiRequestError): void
  /** The call of subscribe that still waits for the first snapshot. */
  pending: { resolve(): void; reject(error: ApiRequestError): void } | undefined
}

export class SocketLink {
  state: ConnectionState = 'idle'
  private socket: Socket | undefined
  private retry: ReturnType<typeof setTimeout> | undefined
  /** Listeners by the name that messages of their stream carry. */
  private readonly streams = new Map<string, Set<Listening>>()
  private readonly stateListeners = new Set<(state: ConnectionState) => void>()

  constructor(private readonly options: SocketLinkOptions) {}

  onState(listener: (state: ConnectionState) => void): () => void {
    this.stateListeners.add(listener)
    return () => this.stateListeners.delete(listener)
  }

  /** Resolves once connected; rejects with `unavailable` when that takes too long, and goes on trying. */
  connect(): Promise<void> {
    this.open()
    if (this.state === 'connected') return Promise.resolve()
    return new Promise((resolve, reject) => {
      const end = this.onState((state) => {
        if (state === 'connecting') return
        finish()
        if (state === 'connected') resolve()
        else reject(unavailable('The client was closed while it was connecting.'))
      })
      const timer = setTimeout(() => {
        finish()
        reject(unavailable(`No connection to ${this.options.baseUrl || 'the exchange'} within ${this.options.timeoutMs} ms. It goes on trying; check the address and the network.`))
      }, this.options.timeoutMs)
      const finish = (): void => {
        clearTimeout(timer)
        end()
      }
    })
  }

  /** Connects again, so that the exchange learns who is logged in now. */
  reconnect(): void {
    if (this.socket === undefined) return
    this.socket.disconnect()
    this.setState('connecting')
    this.socket.connect()
  }

  close(): void {
    clearTimeout(this.retry)
    this.socket?.disconnect()
    this.setState('closed')
    const streams = [...this.streams.values()]
    this.streams.clear()
    for (const stream of streams) for (const { pending } of stream) pending?.reject(unavailable('The client was closed.'))
  }

  /** Sends a request over the open socket and resolves to its result. */
  request(event: string, body: unknown): Promise<unknown> {
    const socket = this.socket
    if (socket === undefined || !socket.connected) return Promise.reject(unavailable(`${event} was not sent: the connection is not open.`))
    return new Promise((resolve, reject) => {
      socket.timeout(this.options.timeoutMs).emit(event, body, (lost: Error | null, answer: Acknowledgement) => {
        if (lost !== null) reject(unavailable(`${event} was sent but not acknowledged. It may or may not have happened: look at the orders, or send it again with the same clientOrderId.`))
        else if (answer.ok) resolve(answer.result)
        else reject(refused(answer.error))
      })
    })
  }

  subscribe<Channel extends StreamChannel>(subscription: Extract<Subscription, { channel: Channel }>, listener: StreamListener<Channel>): Promise<() => void> {
    this.open()
    const key = streamKey(subscription)
    const stream = this.streams.get(key) ?? new Set()
    this.streams.set(key, stream)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.leave(key, listening)
        reject(unavailable(`No snapshot of the stream ${key} within ${this.options.timeoutMs} ms. Check the connection, then subscribe again.`))
      }, this.options.timeoutMs)
      // The key ties snapshots and messages to the channel: a listener only ever meets its own.
      const listening: Listening = {
        subscription,
        live: false,
        onSnapshot: (snapshot) => listener.onSnapshot(snapshot as StreamSnapshots[Channel]),
        onMessage: (message) => listener.onMessage(message as Extract<StreamMessage, { channel: Channel }>),
        onEnd: (error) => listener.onEnd?.(error),
        pending: {
          resolve: () => {
            clearTimeout(timer)
            resolve(() => this.leave(key, listening))
          },
          reject: (error) => {
            clearTimeout(timer)
            reject(error)
          },
        },
      }
      stream.add(listening)
      if (this.state === 'connected') this.ask(key, listening)
    })
  }

  private leave(key: string, listening: Listening): void {
    const stream = this.streams.get(key)
    if (stream === undefined || !stream.delete(listening) || stream.size > 0) return
    this.streams.delete(key)
    if (this.socket?.connected === true) this.socket.emit('unsubscribe', listening.subscription)
  }

  /**
   * Asks for a stream and hands over its snapshot.
   *
   * All of it happens inside the acknowledgement's own call: the first update may be the very next packet.
   */
  private ask(key: string, listening: Listening): void {
    this.socket!.emit('subscribe', listening.subscription, (answer: Acknowledgement) => {
      const stream = this.streams.get(key)
      if (stream === undefined || !stream.has(listening)) return
      const { pending } = listening
      listening.pending = undefined
      if (answer.ok) {
        listening.live = true
        listening.onSnapshot(answer.snapshot)
        pending?.resolve()
        return
      }
      stream.delete(listening)
      if (stream.size === 0) this.streams.delete(key)
      const error = refused(answer.error)
      if (pending === undefined) listening.onEnd(error)
      else pending.reject(error)
    })
  }

  private open(): void {
    if (this.state === 'closed') throw unavailable('This client was closed; create a new one.')
    if (this.socket !== undefined) return
    const { baseUrl, handshake, reconnectDelayMs } = this.options
    const settings = {
      path: '/api/v1/stream',
      transports: ['websocket'],
      forceNew: true,
      withCredentials: true,
      reconnectionDelay: reconnectDelayMs.first,
      reconnectionDelayMax: reconnectDelayMs.longest,
      auth: (send: (data: object) => void) => void handshake().then(send, () => send({})),
    }
    const socket = baseUrl === '' ? io(settings) : io(baseUrl, settings)
    this.socket = socket
    this.setState('connecting')
    socket.on('connect', () => {
      this.setState('connected')
      for (const [key, stream] of this.streams) for (const listening of stream) this.ask(key, listening)
    })
    socket.on('disconnect', (reason) => {
      for (const stream of this.streams.values()) for (const listening of stream) listening.live = false
      if (this.state === 'closed') return
      this.setState('connecting')
      // A socket that the server ended does not come back by itself.
      if (reason === 'io server disconnect') this.retry = setTimeout(() => socket.connect(), reconnectDelayMs.first)
    })
    socket.on('connect_error', () => {
      // Refused by the server's own word, not by the network: then only this starts another attempt.
      if (this.state !== 'closed' && !socket.active) this.retry = setTimeout(() => socket.connect(), reconnectDelayMs.longest)
    })
    socket.on('message', (message: StreamMessage) => this.deliver(message))
  }

  private deliver(message: StreamMessage): void {
    const stream = this.streams.get(streamKey(message))
    if (stream === undefined) return
    for (const listening of stream) if (listening.live) listening.onMessage(message)
  }

  private setState(state: ConnectionState): void {
    if (this.state === state) return
    this.state = state
    for (const listener of [...this.stateListeners]) listener(state)
  }
}

/** One name for a subscription and for the messages that belong to it. */
function streamKey(stream: { channel: string; market?: string; interval?: string; levels?: number; grouping?: string | undefined }): string {
  return [stream.channel, stream.market, stream.interval, stream.levels, stream.grouping].filter((part) => part !== undefined).join(' ')
}

function refused(error: { code: string; message: string; field?: string; status?: number }): ApiRequestError {
  return new ApiRequestError(error.code, error.message, error.status ?? 422, error.field)
}
