/** A client of the binary order entry: logs on, numbers requests, takes answers, and comes back after a lost connection. Node only. */
import { createHmac } from 'node:crypto'
import { connect as connectSocket, type Socket } from 'node:net'
import { FrameBuffer, encodeCommand, type Command, type EncodeFault, type RejectCode } from '@bourse/core'
import type { ApiCredentials } from '../request-signature.js'
import { decodeAnswer, ANSWER_NUMBER, type Answer, type ServerReject } from './answers.js'
import { FrameStream } from './frame-stream.js'
import {
  ASSET, CANCEL_ON_DISCONNECT, FORGET_EARLIER, HEARTBEAT, HELLO, HELLO_NONCE, LOG_OFF, logOffReason, LOGGED_ON, LOGGED_ON_FLAGS, LOGGED_ON_HEARTBEAT_MS, LOGGED_ON_MAX_IN_FLIGHT, LOGGED_ON_NEXT_REQUEST, LOGGED_ON_RESENT_FROM,
  logOnPayload, MARKET, NONCE_BYTES, NUMBER, SESSION_IS_NEW, writeHeartbeat, writeLogOff, writeLogOn, type LogOffReason,
} from './messages.js'
import { OWN_ACCOUNT, SessionCatalog } from './session-catalog.js'

/** The commands that a session may send; the account is its own. */
export type EntryCommand = Unowned<
  Extract<Command, { type: 'order.place' | 'order.cancel' | 'order.reduce' | 'order.amend' | 'order.cancel-all' | 'order.cancel-all-after' | 'order.cancel-replace' | 'order.place-oco' | 'order.place-bracket' | 'quote.place' | 'quote.protect' | 'quote.reset-protection' }>
>
type Unowned<Each> = Each extends unknown ? Omit<Each, 'account'> : never

export interface OrderEntryClientOptions {
  readonly host: string
  readonly port: number
  readonly credentials: ApiCredentials
  /** 1 to 36 printable ASCII characters; each name is a session of its own. Default `main`. */
  readonly session?: string
  /** All orders of the account are cancelled when the connection ends, however it does. Default false. */
  readonly cancelOnDisconnect?: boolean
  /** Begins anew even if the server remembers one of this name. Default false. */
  readonly forgetEarlier?: boolean
  /** How long each side may be silent, 500 to 60,000. Default 5,000. */
  readonly heartbeatMs?: number
  /** How long a log-on may take. Default 10,000. */
  readonly timeoutMs?: number
  /** Waits before attempts to connect again; undefined: it does not. */
  readonly reconnectMs?: number
  /** Called with answers that came together, before the promises of their requests are resolved: `frames` from one offset to another, read only. */
  onFrames?(frames: FrameBuffer, from: number, to: number): void
  /** Called with every answer. */
  onAnswer?(answer: Answer): void
  /** Called when a connection has ended. */
  onEnd?(reason: LogOffReason | 'connection_lost'): void
  /** Called when a connection stands, with what became of the session meanwhile. */
  onOpen?(opened: Opened): void
}

export interface Opened {
  /** The server knows of no connection of the session before. */
  readonly isNew: boolean
  /** Answers that were made and could not be sent again, by their numbers; undefined where none is missing. Ask for the orders over REST. */
  readonly lost: { readonly from: number; readonly to: number } | undefined
}

/** A request that the exchange refused, or of which nobody knows what became of it. */
export class OrderEntryError extends Error {
  constructor(
    /** A reject code of the engine or the server; `not_sent`: it did not reach the server; `outcome_unknown`: it may have happened. */
    readonly code: RejectCode | ServerReject | 'not_sent',
    message: string,
  ) {
    super(message)
    this.name = 'OrderEntryError'
  }
}

interface Waiting {
  resolve(answer: Answer): void
  reject(error: Error): void
}

/**
 * Connects and logs on.
 *
 * @throws Error as a rejection when the server refuses the log-on, or does not answer in time.
 *
 * @example
 * const entry = await connectOrderEntry({ host: '127.0.0.1', port: 9400, credentials: { key, secret }, cancelOnDisconnect: true })
 * const answer = await entry.submit({ type: 'order.place', market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '64000.00', quantity: '0.50000' })
 */
export async function connectOrderEntry(options: OrderEntryClientOptions): Promise<OrderEntryClient> {
  const client = new OrderEntryClient(options)
  await client.connect()
  return client
}

export class OrderEntryClient {
  readonly catalog = new SessionCatalog()
  /** Commands that may wait for their answers, as the server said. */
  maxInFlight = 0
  /** Where {@link OrderEntryClient.write} writes; sent at once by {@link OrderEntryClient.flush}. */
  private readonly out = new FrameBuffer(1 << 16)
  private socket: Socket | undefined
  private stream = new FrameStream(1 << 16)
  private nextRequest = 1
  private lastAnswer = 0
  private readonly waiting = new Map<number, Waiting>()
  private flushing = false
  private isOpen = false
  private closed = false
  private wasOpened = false
  private reason: LogOffReason | 'connection_lost' = 'connection_lost'
  private heartbeat: NodeJS.Timeout | undefined
  private retry: NodeJS.Timeout | undefined
  private connecting: { resolve(): void; reject(error: Error): void } | undefined

  constructor(private readonly options: OrderEntryClientOptions) {}

  get connected(): boolean {
    return this.isOpen
  }

  /** The number that the next request bears. */
  get next(): number {
    return this.nextRequest
  }

  /** Connects and logs on. */
  connect(): Promise<void> {
    const { host, port, timeoutMs = 10_000 } = this.options
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.connecting = undefined
        this.socket?.destroy()
        reject(new Error(`No log-on to ${host}:${port} within ${timeoutMs} ms. Check the address, and whether order entry is switched on there.`))
      }, timeoutMs)
      const settled = (): void => {
        clearTimeout(timer)
        this.connecting = undefined
      }
      this.connecting = {
        resolve: () => {
          settled()
          resolve()
        },
        reject: (error) => {
          settled()
          reject(error)
        },
      }
      this.dial()
    })
  }

  /**
   * Sends a command, together with those that are sent in the same turn; resolves to the first answer that bears its number.
   *
   * @throws OrderEntryError as a rejection when it is refused, or when nobody knows what became of it.
   */
  submit(command: EntryCommand): Promise<Answer> {
    if (!this.isOpen) return Promise.reject(new OrderEntryError('not_sent', 'The connection is not open: the command was not sent.'))
    let fault: EncodeFault | undefined
    const request = this.write((frames) => {
      const before = frames.length
      fault = encodeCommand({ ...command, account: OWN_ACCOUNT } as Command, this.catalog, frames)
      if (fault !== undefined) frames.length = before
    })
    if (fault !== undefined) return Promise.reject(new OrderEntryError(fault.code, fault.message))
    this.flushSoon()
    return new Promise((resolve, reject) => this.waiting.set(request, { resolve, reject }))
  }

  /**
   * Writes commands with the writers of `@bourse/core`, the account left zero, and numbers them; they leave with {@link OrderEntryClient.flush}.
   *
   * @returns the number of the first.
   */
  write(encode: (frames: FrameBuffer) => void): number {
    const { out } = this
    const first = this.nextRequest
    let offset = out.length
    encode(out)
    for (; offset < out.length; offset += out.size(offset)) {
      out.u32[(offset + 4) >> 2] = 0
      out.f64[(offset + NUMBER) >> 3] = this.nextRequest++
    }
    return first
  }

  /** Sends what was written, in one piece. @returns whether the socket takes more without waiting. */
  flush(): boolean {
    this.flushing = false
    const { out, socket } = this
    if (out.length === 0 || socket === undefined) return true
    const taken = socket.write(out.bytes.slice(0, out.length))
    out.clear()
    return taken
  }

  /** Logs off. */
  close(): void {
    this.closed = true
    clearTimeout(this.retry)
    if (this.socket === undefined) return
    this.flush()
    writeLogOff(this.out, 'requested')
    this.flush()
    this.socket.end()
  }

  /** Cuts the connection, as a failing network does. */
  cut(): void {
    this.socket?.destroy()
  }

  private dial(): void {
    const socket = connectSocket({ host: this.options.host, port: this.options.port, noDelay: true })
    this.socket = socket
    this.stream = new FrameStream(1 << 16)
    this.reason = 'connection_lost'
    socket.on('data', (chunk) => this.received(chunk))
    socket.on('error', (error) => this.connecting?.reject(error))
    socket.on('close', () => this.ended())
  }

  private received(chunk: Uint8Array): void {
    const frames = this.stream.take(chunk)
    if (frames === undefined) return void this.socket?.destroy()
    let from = 0
    for (let offset = 0; offset < frames.length; offset += frames.size(offset)) {
      const type = frames.type(offset)
      if (type < HELLO) continue
      this.answers(frames, from, offset)
      from = offset + frames.size(offset)
      this.message(frames, offset, type)
    }
    this.answers(frames, from, frames.length)
  }

  private answers(frames: FrameBuffer, from: number, to: number): void {
    if (from === to) return
    const { onFrames, onAnswer } = this.options
    onFrames?.(frames, from, to)
    const decodes = onAnswer !== undefined || this.waiting.size > 0
    for (let offset = from; offset < to; offset += frames.size(offset)) {
      this.lastAnswer = frames.f64[(offset + ANSWER_NUMBER) >> 3]!
      if (decodes) this.answer(decodeAnswer(frames, offset))
    }
  }

  private answer(answer: Answer): void {
    this.options.onAnswer?.(answer)
    const waiting = this.waiting.get(answer.request)
    if (waiting === undefined) return
    this.waiting.delete(answer.request)
    if (answer.type === 'rejected') waiting.reject(new OrderEntryError(answer.code, `The exchange refused ${answer.command}: ${answer.code}.`))
    else waiting.resolve(answer)
  }

  private message(frames: FrameBuffer, offset: number, type: number): void {
    if (type === HELLO) void this.logOn(frames.bytes.slice(offset + HELLO_NONCE, offset + HELLO_NONCE + NONCE_BYTES))
    else if (type === LOGGED_ON) this.opened(frames, offset)
    else if (type === MARKET) this.catalog.addMarket(frames, offset)
    else if (type === ASSET) this.catalog.addAsset(frames, offset)
    else if (type === LOG_OFF) this.reason = logOffReason(frames, offset)
    else if (type !== HEARTBEAT) this.socket?.destroy()
  }

  private async logOn(nonce: Uint8Array): Promise<void> {
    const { credentials, session = 'main', cancelOnDisconnect = false, forgetEarlier = false, heartbeatMs = 5_000 } = this.options
    // What was forgotten once is this client's own from then on.
    const flags = (cancelOnDisconnect ? CANCEL_ON_DISCONNECT : 0) | (forgetEarlier && !this.wasOpened ? FORGET_EARLIER : 0)
    const terms = { nonce, key: credentials.key, session, flags, heartbeatMs, lastAnswer: this.lastAnswer }
    const payload = logOnPayload(terms)
    const isHmac = 'secret' in credentials
    const signature = isHmac ? createHmac('sha256', credentials.secret).update(payload).digest() : Buffer.from(await credentials.sign(payload), 'base64')
    this.out.clear()
    writeLogOn(this.out, { ...terms, kind: isHmac ? 'hmac' : 'ed25519', signature })
    this.flush()
  }

  private opened(frames: FrameBuffer, offset: number): void {
    const float = (at: number): number => frames.f64[(offset + at) >> 3]!
    const isNew = (frames.u8[offset + LOGGED_ON_FLAGS]! & SESSION_IS_NEW) !== 0
    const resentFrom = float(LOGGED_ON_RESENT_FROM)
    const lost = !isNew && resentFrom > this.lastAnswer + 1 ? { from: this.lastAnswer + 1, to: resentFrom - 1 } : undefined
    this.settle({ isNew, received: float(LOGGED_ON_NEXT_REQUEST), lost: lost !== undefined })
    this.nextRequest = float(LOGGED_ON_NEXT_REQUEST)
    this.maxInFlight = frames.u32[(offset + LOGGED_ON_MAX_IN_FLIGHT) >> 2]!
    this.lastAnswer = resentFrom - 1
    this.isOpen = this.wasOpened = true
    const heartbeatMs = frames.u32[(offset + LOGGED_ON_HEARTBEAT_MS) >> 2]!
    this.heartbeat = setInterval(() => {
      writeHeartbeat(this.out)
      this.flush()
    }, heartbeatMs / 2)
    // The catalog follows in the same piece.
    queueMicrotask(() => {
      this.options.onOpen?.({ isNew, lost })
      this.connecting?.resolve()
    })
  }

  /** What became of the requests of the connection before: those that arrived are answered again, as far as the server still knows. */
  private settle({ isNew, received, lost }: { isNew: boolean; received: number; lost: boolean }): void {
    for (const [request, { reject }] of this.waiting) {
      if (!isNew && request >= received) reject(new OrderEntryError('not_sent', 'The connection was lost before the command arrived: it has not happened.'))
      else if (isNew || lost) reject(new OrderEntryError('outcome_unknown', 'The connection was lost and the server does not know the session any more: look at the orders, or send the command again with the same clientOrderId and idempotent.'))
      else continue
      this.waiting.delete(request)
    }
  }

  private ended(): void {
    clearInterval(this.heartbeat)
    const { reconnectMs, onEnd } = this.options
    this.isOpen = false
    this.socket = undefined
    this.out.clear()
    onEnd?.(this.reason)
    this.connecting?.reject(new Error(`The server ended the log-on: ${this.reason}.`))
    if (this.closed || reconnectMs === undefined) return this.settleAll()
    this.retry = setTimeout(() => this.dial(), reconnectMs)
  }

  private settleAll(): void {
    for (const { reject } of this.waiting.values()) reject(new OrderEntryError('outcome_unknown', 'The connection ended before the answer came: look at the orders, or send the command again with the same clientOrderId and idempotent.'))
    this.waiting.clear()
  }

  private flushSoon(): void {
    if (this.flushing) return
    this.flushing = true
    queueMicrotask(() => this.flush())
  }
}
