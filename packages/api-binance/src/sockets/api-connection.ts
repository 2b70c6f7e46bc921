/** A connection to `/ws-api/v3`: the same calls as over HTTP, log-on, and private streams. */
import type { GatewayShare, Log, PlainSocket } from '@bourse/api'
import { BinanceError, missingParameter } from '../binance-error.js'
import type { Call } from '../calls/call.js'
import { RATE_LIMIT_RULES } from '../calls/general-calls.js'
import { knownError } from '../failure-translation.js'
import type { OrderNotes } from '../orders/order-notes.js'
import type { Caller, Callers } from '../request/callers.js'
import type { Door, IncomingCall } from '../request/door.js'
import { Parameters } from '../request/parameters.js'
import type { Spending, Spent } from '../request/spending.js'
import { logged } from '../rest/router.js'
import { openUserStream, type UserStream } from './user-streams.js'

/** Requests of one connection that are on their way at the same time. */
const MAX_IN_FLIGHT = 500
const MAX_USER_STREAMS = 20

export interface ApiServices {
  readonly share: GatewayShare
  readonly calls: ReadonlyMap<string, Call>
  readonly door: Door
  readonly callers: Callers
  readonly spending: Spending
  readonly notes: OrderNotes
  readonly log: Log
}

interface ApiRequest {
  readonly id: string | number | null
  readonly method: string
  readonly incoming: IncomingCall
}

export class ApiConnection {
  private loggedOn: Caller | undefined
  private loggedOnMs = 0
  private inFlight = 0
  private nextStream = 0
  private readonly streams = new Map<number, UserStream>()

  constructor(
    private readonly socket: PlainSocket,
    private readonly services: ApiServices,
    private readonly options: { readonly address: string; readonly connectedMs: number },
  ) {}

  /** The keys that it acts or listens with. */
  get callers(): Caller[] {
    return [...(this.loggedOn === undefined ? [] : [this.loggedOn]), ...[...this.streams.values()].map(({ caller }) => caller)]
  }

  end(): void {
    for (const stream of this.streams.values()) stream.end()
    this.streams.clear()
    this.loggedOn = undefined
  }

  /** Answers one request; several may be on their way, and the answers come as they are ready. */
  async receive(text: string): Promise<void> {
    let id: ApiRequest['id'] = null
    let spent: Spent | undefined
    let tellsLimits = true
    const answer = (status: number, body: object): void => this.socket.send(JSON.stringify({ id, status, ...body, ...(tellsLimits ? { rateLimits: rateLimits(spent) } : {}) }))
    this.inFlight++
    try {
      const message = readMessage(text)
      id = message.id
      tellsLimits = message.params['returnRateLimits'] !== false
      if (this.inFlight > MAX_IN_FLIGHT) throw new BinanceError(-1003, `At most ${MAX_IN_FLIGHT} requests may be on their way. Wait for answers.`, { status: 429, retryAfterSeconds: 1 })
      const request = { ...message, incoming: incomingOf(message.params, this.options.address) }
      answer(200, { result: await this.carryOut(request, (told) => (spent = told)) })
    } catch (error) {
      const known = knownError(error) ?? logged(this.services.log, error, { address: this.options.address })
      const { code, msg, hint, data } = known.body
      const retry = known.options.retryAfterSeconds === undefined ? {} : { retryAfter: this.services.share.services.now() + known.options.retryAfterSeconds * 1_000 }
      const more = data === undefined && known.options.retryAfterSeconds === undefined ? {} : { data: { ...retry, ...data } }
      answer(known.status, { error: { code, msg, ...(hint === undefined ? {} : { hint }), ...more } })
    } finally {
      this.inFlight--
    }
  }

  private async carryOut({ method, incoming }: ApiRequest, tell: (spent: Spent) => void): Promise<unknown> {
    switch (method) {
      case 'session.logon':
        await this.spend(incoming, tell)
        this.loggedOn = await this.proved(incoming)
        this.loggedOnMs = this.now()
        return this.session()
      case 'session.status':
        await this.spend(incoming, tell)
        return this.session()
      case 'session.logout':
        await this.spend(incoming, tell)
        this.loggedOn = undefined
        return this.session()
      case 'userDataStream.subscribe.signature':
        await this.spend(incoming, tell)
        return this.listen(await this.proved(incoming))
      case 'userDataStream.subscribe':
        await this.spend(incoming, tell)
        if (this.loggedOn === undefined) throw new BinanceError(-2015, 'Log on with session.logon first, or use userDataStream.subscribe.signature.', { status: 401 })
        return this.listen(this.loggedOn)
      case 'userDataStream.unsubscribe':
        await this.spend(incoming, tell)
        this.unlisten(incoming.parameters.integer('subscriptionId'))
        return {}
      case 'session.subscriptions':
        return [...this.streams.keys()].map((subscriptionId) => ({ subscriptionId }))
      default:
        return this.call(method, incoming, tell)
    }
  }

  private async call(method: string, incoming: IncomingCall, tell: (spent: Spent) => void): Promise<unknown> {
    const call = this.services.calls.get(method)
    if (call === undefined) throw new BinanceError(-1000, `There is no method ${method.slice(0, 60)}.`)
    return (await this.services.door.enter(call, incoming, { tell, loggedOn: this.loggedOn })).result
  }

  private spend({ address }: IncomingCall, tell: (spent: Spent) => void): Promise<void> {
    this.services.spending.checkBan(address)
    return this.services.spending.spend({ weight: 2, orders: 0 }, { address }).then(tell)
  }

  private proved(incoming: IncomingCall): Promise<Caller> {
    if (incoming.key === undefined) throw missingParameter('apiKey')
    return this.services.callers.admit({ ...incoming, access: 'read', once: false })
  }

  private session(): object {
    const { loggedOn } = this
    return { apiKey: loggedOn?.apiKey.key ?? null, authorizedSince: loggedOn === undefined ? null : this.loggedOnMs, connectedSince: this.options.connectedMs, returnRateLimits: true, serverTime: this.now(), userDataStream: this.streams.size > 0 }
  }

  private async listen(caller: Caller): Promise<object> {
    const { share, notes } = this.services
    if (this.streams.size >= MAX_USER_STREAMS) throw new BinanceError(-1003, `One connection has at most ${MAX_USER_STREAMS} private streams.`, { status: 429 })
    await share.prepareAccount(caller.user.userId)
    const subscriptionId = this.nextStream++
    // The events begin before the answer leaves, so that nothing of what follows on it is missed.
    await new Promise<void>((started) => {
      this.streams.set(subscriptionId, openUserStream({ share, notes, caller, socket: this.socket, wrap: (event) => ({ subscriptionId, event }), started }))
    })
    return { subscriptionId }
  }

  private unlisten(subscriptionId: number | undefined): void {
    for (const [id, stream] of this.streams) {
      if (subscriptionId !== undefined && id !== subscriptionId) continue
      stream.end()
      this.streams.delete(id)
    }
  }

  private now(): number {
    return this.services.share.services.now()
  }
}

function readMessage(text: string): { id: ApiRequest['id']; method: string; params: Readonly<Record<string, unknown>> } {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    throw new BinanceError(-1000, 'The request is not valid JSON.')
  }
  if (typeof message !== 'object' || message === null) throw new BinanceError(-1000, 'The request must be an object.')
  const { id = null, method, params = {} } = message as Readonly<Record<string, unknown>>
  if (id !== null && typeof id !== 'number' && !(typeof id === 'string' && id.length <= 64)) throw new BinanceError(-1102, "Mandatory parameter 'id' was not sent, was empty/null, or malformed.")
  if (typeof method !== 'string') throw missingParameter('method')
  if (typeof params !== 'object' || params === null || Array.isArray(params)) throw missingParameter('params')
  return { id, method, params: params as Readonly<Record<string, unknown>> }
}

/** A signature over a socket is over all other parameters in alphabetical order; some clients escape the values, some do not. */
function incomingOf(params: Readonly<Record<string, unknown>>, address: string): IncomingCall {
  const { signature, apiKey } = params
  const texts = new Map(Object.entries(params).flatMap(([name, value]) => (name === 'signature' || value === null || value === undefined ? [] : [[name, textOf(value)] as const])))
  const sorted = [...texts].sort(([one], [other]) => (one < other ? -1 : 1))
  const payload = sorted.map(([name, value]) => `${name}=${value}`).join('&')
  const escapedPayload = sorted.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  texts.delete('apiKey')
  return { parameters: new Parameters(texts), payload, escapedPayload, address, key: typeof apiKey === 'string' ? apiKey : undefined, signature: typeof signature === 'string' ? signature : undefined }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function rateLimits(spent: Spent | undefined): object[] {
  const [weight, orders] = RATE_LIMIT_RULES
  return [...(spent?.orderCount === undefined ? [] : [{ ...orders, count: spent.orderCount }]), { ...weight, count: spent?.usedWeight ?? 0 }]
}
