/** One HTTP request to a route of the v1 API: address, log-in, time limit, and an answer that is checked against its schema. */
import { z } from 'zod'
import { SUB_ACCOUNT_HEADER, type AccessPolicy, type RouteContract } from './routes/index.js'
import { signRequest, type ApiCredentials, type SigningClock } from './request-signature.js'
import { ApiError } from './schemas/index.js'
import { ApiRequestError } from './trading-client.js'

/** What a call fills into its route. */
export interface RouteInput {
  readonly params?: Readonly<Record<string, string | number>>
  /** Values that are undefined are left out. */
  readonly query?: object | undefined
  readonly body?: unknown
}

export interface RestOptions {
  baseUrl: string
  /** Read at each request: it changes with log-in and log-out. Empty for cookies. */
  token(): string
  /** The sub-account that requests act for, where their route does. */
  subAccount?: string
  /** Signs every request instead of sending a token. */
  apiKey?: { credentials: ApiCredentials; clock: SigningClock }
  fetch: typeof fetch
  timeoutMs: number
}

type AnyRoute<Answer extends z.ZodType = z.ZodType> = RouteContract<AccessPolicy, z.ZodType, z.ZodType, z.ZodType, Answer>

/** Calls routes of one exchange. */
export type CallRoute = <Answer extends z.ZodType>(route: AnyRoute<Answer>, input?: RouteInput) => Promise<z.output<Answer>>

/** Sends a request of a route and returns the checked answer; rejects with {@link ApiRequestError}. */
export async function callRest<Answer extends z.ZodType>(options: RestOptions, route: AnyRoute<Answer>, input: RouteInput = {}): Promise<z.output<Answer>> {
  const name = `${route.method} ${route.path}`
  const response = await sendRest(options, route, input, AbortSignal.timeout(options.timeoutMs))
  const text = await response.text().catch((cause: unknown) => {
    throw unavailable(`${name} got no whole answer from the exchange: ${describe(cause)}. Check the network, then try again.`)
  })
  const told = text === '' ? undefined : parseJson(text)
  if (response.status >= 400) throw refusal(name, response.status, told)
  const answer = route.answer.safeParse(told)
  if (!answer.success) {
    throw new ApiRequestError('internal', `The answer to ${name} does not fit version 1 of the API (${z.prettifyError(answer.error)}). Client and exchange are probably of different versions.`, response.status)
  }
  return answer.data
}

/** Asks for a file and returns its bytes as they come; nothing is kept in memory. */
export async function downloadRest(options: RestOptions, route: AnyRoute, input: RouteInput): Promise<ReadableStream<Uint8Array>> {
  const response = await sendRest(options, route, input)
  if (response.status >= 400 || response.body === null) throw refusal(`${route.method} ${route.path}`, response.status, parseJson(await response.text()))
  return response.body
}

async function sendRest(options: RestOptions, route: AnyRoute, input: RouteInput, signal?: AbortSignal): Promise<Response> {
  const { method } = route
  const headers: Record<string, string> = { accept: 'application/json' }
  const token = options.token()
  if (token !== '') headers['authorization'] = `Bearer ${token}`
  if (input.body !== undefined) headers['content-type'] = 'application/json'
  if (options.subAccount !== undefined && route.subAccounts) headers[SUB_ACCOUNT_HEADER] = options.subAccount
  const path = `/api/v1${pathOf(route.path, input.params ?? {})}${queryText(input.query)}`
  const body = input.body === undefined ? '' : JSON.stringify(input.body)
  if (options.apiKey !== undefined) {
    const { credentials, clock } = options.apiKey
    Object.assign(headers, await signRequest(credentials, { timestampMs: clock.next(), method, path, body }))
  }
  try {
    return await options.fetch(`${options.baseUrl}${path}`, { method, headers, credentials: 'same-origin', ...(signal === undefined ? {} : { signal }), ...(body === '' ? {} : { body }) })
  } catch (cause) {
    throw unavailable(`${method} ${route.path} got no answer from the exchange: ${describe(cause)}. Check the address and the network, then try again.`)
  }
}

/** An error for an exchange that cannot be reached. */
export function unavailable(message: string): ApiRequestError {
  return new ApiRequestError('unavailable', message, 0)
}

function refusal(name: string, status: number, body: unknown): ApiRequestError {
  const told = ApiError.safeParse(body)
  if (told.success) return new ApiRequestError(told.data.error.code, told.data.error.message, status, told.data.error.field)
  return new ApiRequestError(status >= 500 ? 'unavailable' : 'invalid_request', `${name} was answered with status ${status} by something that is not the exchange's API. Check the address.`, status)
}

function pathOf(path: string, params: Readonly<Record<string, string | number>>): string {
  return path.replaceAll(/:([A-Za-z]+)/g, (_parameter, name: string) => encodeURIComponent(params[name] ?? ''))
}

function queryText(query: object = {}): string {
  const values = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) values.set(name, String(value))
  const text = values.toString()
  return text === '' ? '' : `?${text}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return cause.cause instanceof Error ? `${cause.message} (${cause.cause.message})` : cause.message
}
