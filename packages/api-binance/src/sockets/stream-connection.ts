/** A connection to `/ws` or `/stream`: subscribes, unsubscribes, lists. */
import type { GatewayShare, PlainSocket } from '@bourse/api'
import type { OrderNotes } from '../orders/order-notes.js'
import type { Caller, Callers } from '../request/callers.js'
import type { Spending } from '../request/spending.js'
import type { Symbols } from '../symbols.js'
import type { PublicStreams, StreamListener } from './public-streams.js'
import { readStreamName } from './stream-names.js'
import { openUserStream, type UserStream } from './user-streams.js'

/** As many as Binance lets one connection follow. */
export const MAX_STREAMS = 1_024
/** No public stream has such a name. */
const LISTEN_KEY = /^[a-f0-9]{64}$/

export interface StreamServices {
  readonly share: GatewayShare
  readonly symbols: Symbols
  readonly notes: OrderNotes
  readonly callers: Callers
  readonly streams: PublicStreams
  readonly spending: Spending
}

/** Refused in the way of the stream connections. */
class StreamError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message)
  }
}

interface StreamRequest {
  readonly method?: unknown
  readonly params?: unknown
  readonly id?: unknown
}

export class StreamConnection implements StreamListener {
  combined: boolean
  private readonly names = new Set<string>()
  private readonly userStreams = new Map<string, UserStream>()

  constructor(
    readonly socket: PlainSocket,
    private readonly services: StreamServices,
    private readonly options: { readonly address: string; readonly combined: boolean },
  ) {
    this.combined = options.combined
  }

  /** The keys whose private events it gets. */
  get callers(): Caller[] {
    return [...this.userStreams.values()].map(({ caller }) => caller)
  }

  /** Streams that the address of the connection names; those that mean nothing are left out, as Binance does. */
  begin(names: readonly string[], listeners: ReadonlyMap<string, Caller>): void {
    for (const name of names) this.open(name, listeners, { strict: false })
  }

  end(): void {
    for (const name of this.names) this.services.streams.unsubscribe(name, this)
    for (const stream of this.userStreams.values()) stream.end()
    this.names.clear()
    this.userStreams.clear()
  }

  /** Ends the private streams whose listen key was closed, or not kept alive. */
  async endExpired(): Promise<void> {
    const { callers, share } = this.services
    for (const [name, stream] of this.userStreams) {
      if ((await callers.listener(name, this.options.address)) !== undefined) continue
      stream.end()
      this.userStreams.delete(name)
      const event = { e: 'listenKeyExpired', E: share.services.now(), listenKey: name }
      this.socket.send(JSON.stringify(this.combined ? { stream: name, data: event } : event))
    }
  }

  /** Answers one request. */
  async receive(text: string): Promise<void> {
    let id: unknown = null
    try {
      const request = parsed(text)
      if (typeof request.id === 'string' || typeof request.id === 'number') id = request.id
      await this.services.spending.spend({ weight: 1, orders: 0 }, { address: this.options.address })
      this.socket.send(JSON.stringify({ result: await this.carryOut(request), id }))
    } catch (error) {
      const { code, message } = error instanceof StreamError ? error : { code: 3, message: error instanceof Error ? error.message : 'Too many requests' }
      this.socket.send(JSON.stringify({ error: { code, msg: message }, id }))
    }
  }

  private async carryOut({ method, params }: StreamRequest): Promise<unknown> {
    switch (method) {
      case 'SUBSCRIBE':
        await this.subscribeAll(nameList(params))
        return null
      case 'UNSUBSCRIBE':
        for (const name of nameList(params)) this.unsubscribe(name)
        return null
      case 'LIST_SUBSCRIPTIONS':
        return [...this.names, ...this.userStreams.keys()]
      case 'SET_PROPERTY':
        this.setProperty(params)
        return null
      case 'GET_PROPERTY':
        return this.combined
      default:
        throw new StreamError(2, `Invalid request: unknown variant \`${String(method).slice(0, 40)}\`, expected one of \`SUBSCRIBE\`, \`UNSUBSCRIBE\`, \`LIST_SUBSCRIPTIONS\`, \`SET_PROPERTY\`, \`GET_PROPERTY\``)
    }
  }

  private async subscribeAll(names: readonly string[]): Promise<void> {
    const listeners = await findListeners(names.filter((name) => !this.userStreams.has(name)), this.services, this.options.address)
    for (const name of names) this.open(name, listeners, { strict: true })
  }

  private open(name: string, listeners: ReadonlyMap<string, Caller>, { strict }: { strict: boolean }): void {
    if (this.userStreams.has(name)) return
    const caller = listeners.get(name)
    if (caller === undefined) return this.subscribe(name, { strict })
    const { share, notes } = this.services
    const wrap = (event: object): object => (this.combined ? { stream: name, data: event } : event)
    if (this.socket.open) this.userStreams.set(name, openUserStream({ share, notes, caller, socket: this.socket, wrap }))
  }

  private subscribe(name: string, { strict }: { strict: boolean }): void {
    const stream = readStreamName(name, this.services.symbols)
    if (stream === undefined) {
      if (strict) throw new StreamError(2, `Invalid request: there is no stream ${name.slice(0, 60)}`)
      return
    }
    if (this.names.has(name)) return
    if (this.names.size >= MAX_STREAMS) throw new StreamError(3, `One connection follows at most ${MAX_STREAMS} streams`)
    this.names.add(name)
    this.services.streams.subscribe(stream, this)
  }

  private unsubscribe(name: string): void {
    if (this.names.delete(name)) this.services.streams.unsubscribe(name, this)
    this.userStreams.get(name)?.end()
    this.userStreams.delete(name)
  }

  private setProperty(params: unknown): void {
    const [name, value] = Array.isArray(params) ? (params as unknown[]) : []
    if (name !== 'combined' || typeof value !== 'boolean') throw new StreamError(2, 'Invalid request: the property `combined` is true or false')
    this.combined = value
  }
}

/**
 * The listen keys among the names of streams, with those whose private streams they open.
 *
 * @throws BinanceError 429: they are looked for in the database, so guessing is not free.
 */
export async function findListeners(names: readonly string[], { share, callers, spending }: Pick<StreamServices, 'share' | 'callers' | 'spending'>, address: string): Promise<ReadonlyMap<string, Caller>> {
  const listeners = new Map<string, Caller>()
  for (const name of new Set(names)) {
    if (!LISTEN_KEY.test(name)) continue
    await spending.spend({ weight: 1, orders: 0 }, { address })
    const caller = await callers.listener(name, address)
    if (caller === undefined) continue
    await share.prepareAccount(caller.user.userId)
    listeners.set(name, caller)
  }
  return listeners
}

function parsed(text: string): StreamRequest {
  let request: unknown
  try {
    request = JSON.parse(text)
  } catch {
    throw new StreamError(3, 'Invalid JSON: expected value')
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request)) throw new StreamError(2, 'Invalid request: it must be an object')
  return request
}

function nameList(params: unknown): string[] {
  if (!Array.isArray(params) || params.length > MAX_STREAMS || !params.every((name) => typeof name === 'string')) throw new StreamError(2, 'Invalid request: `params` must be a list of stream names')
  return params
}
