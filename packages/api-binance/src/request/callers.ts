/** Finds out whose call it is: by API key, signature, time and scope, with Binance's rules. */
import { requestDigest, type OneTimeRequests } from '@bourse/api'
import type { ApiKey, ApiKeys, CheckSignatureResult, ListenKeys, Person } from '@bourse/identity'
import { BinanceError, missingParameter, rejectedKey } from '../binance-error.js'
import type { Parameters } from './parameters.js'

/** `key`: the key alone, without a signature. The others are what the signed key must be allowed. */
export type KeyAccess = 'key' | 'read' | 'trade' | 'withdraw'

export interface Caller {
  readonly user: Person
  readonly apiKey: ApiKey
  readonly address: string
}

export interface SignedCall {
  readonly access: KeyAccess
  /** Taken once only: what places orders or moves money. */
  readonly once: boolean
  readonly key: string | undefined
  readonly payload: string
  /** The same with escaped values, where a client may have signed that. */
  readonly escapedPayload?: string | undefined
  readonly signature: string | undefined
  readonly parameters: Parameters
  readonly address: string
}

const KEY = /^[A-Za-z0-9_-]{1,128}$/
const TIMESTAMP = /^[0-9]{13}(?:[0-9]{3})?$/
const USUAL_WINDOW_MS = 5_000
const MAX_WINDOW_MS = 60_000
/** A clock may be this much ahead. */
const AHEAD_MS = 1_000
/** For so long a signed call could be taken again. */
const REMEMBERED_MS = MAX_WINDOW_MS + AHEAD_MS

export interface CallersOptions {
  readonly keys: Pick<ApiKeys, 'check' | 'recognise'>
  readonly listenKeys: Pick<ListenKeys, 'keyOf'>
  readonly oneTimeRequests: OneTimeRequests
  now(): number
}

export class Callers {
  constructor(private readonly options: CallersOptions) {}

  /** @throws BinanceError saying why the call is not the key's, or not allowed to it. */
  async admit(call: SignedCall): Promise<Caller> {
    const { access, parameters, address, payload } = call
    const key = readKey(call.key)
    if (access === 'key') return { ...admitted(await this.options.keys.recognise({ key, address })), address }
    this.checkTime(parameters)
    if (call.signature === undefined || call.signature === '') throw missingParameter('signature')
    const { apiKey, user } = admitted(await this.checkSignature(call, { key, signature: call.signature }))
    requireScope(apiKey, access)
    if (call.once) await this.takeOnce(key, payload)
    return { apiKey, user, address }
  }

  /** The same caller, as their key stands now. @throws BinanceError -2015 where it is no more. */
  async still({ apiKey: { key }, address }: Caller): Promise<Caller> {
    return { ...admitted(await this.options.keys.recognise({ key, address })), address }
  }

  /** Whose private stream a listen key opens; undefined where it opens none, or none any more, or not from this address. */
  async listener(listenKey: string, address: string): Promise<Caller | undefined> {
    const key = await this.options.listenKeys.keyOf(listenKey)
    if (key === undefined) return undefined
    const result = await this.options.keys.recognise({ key, address })
    return result.ok ? { user: result.user, apiKey: result.apiKey, address } : undefined
  }

  /** @throws BinanceError -1021 for a call out of its time. */
  checkTime(parameters: Parameters): void {
    const timestamp = parameters.required('timestamp')
    if (!TIMESTAMP.test(timestamp)) throw new BinanceError(-1100, "Illegal characters found in parameter 'timestamp'; legal range is '^[0-9]{1,20}$'.")
    // Microseconds are taken too.
    const timestampMs = Number(timestamp.slice(0, 13))
    const nowMs = this.options.now()
    if (timestampMs >= nowMs + AHEAD_MS) throw new BinanceError(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    if (nowMs - timestampMs > receiveWindowMs(parameters)) throw new BinanceError(-1021, 'Timestamp for this request is outside of the recvWindow.')
  }

  private async checkSignature({ payload, escapedPayload, address }: SignedCall, { key, signature }: { key: string; signature: string }): Promise<CheckSignatureResult> {
    const result = await this.options.keys.check({ key, signature, payload, address })
    if (result.ok || result.code !== 'wrong_signature' || escapedPayload === undefined || escapedPayload === payload) return result
    return this.options.keys.check({ key, signature, payload: escapedPayload, address })
  }

  private async takeOnce(key: string, payload: string): Promise<void> {
    const taken = await this.options.oneTimeRequests.take(requestDigest(key, payload), { nowMs: this.options.now(), rememberedMs: REMEMBERED_MS })
    if (taken === 'full') throw new BinanceError(-1003, 'Too many requests.', { status: 429, retryAfterSeconds: 1 })
    if (taken === 'repeated') throw new BinanceError(-2010, 'Duplicate order sent.', { hint: 'This signed request was taken before. Give each order a newClientOrderId of its own, or sign again with the present timestamp.' })
  }
}

export function requireScope({ scopes }: ApiKey, scope: Exclude<KeyAccess, 'key'>): void {
  if (!scopes.includes(scope)) throw rejectedKey(`The API key lacks the scope "${scope}".`)
}

function readKey(key: string | undefined): string {
  if (key === undefined || !KEY.test(key)) throw new BinanceError(-2014, 'API-key format invalid.', { status: 401 })
  return key
}

function admitted(result: CheckSignatureResult): { apiKey: ApiKey; user: Person } {
  if (result.ok) return result
  if (result.code === 'wrong_signature') throw new BinanceError(-1022, 'Signature for this request is not valid.')
  throw rejectedKey(result.message)
}

/** Up to three decimals are taken, as Binance does. */
function receiveWindowMs(parameters: Parameters): number {
  const text = parameters.optional('recvWindow')
  if (text === undefined) return USUAL_WINDOW_MS
  const window = /^[0-9]{1,6}(?:\.[0-9]{1,3})?$/.test(text) ? Number(text) : NaN
  if (!(window <= MAX_WINDOW_MS)) throw new BinanceError(-1131, "Parameter 'recvWindow' must be less than 60000.")
  return window
}
