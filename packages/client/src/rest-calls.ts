/** One HTTP request to the v1 API: address, log-in, time limit, and an answer that is checked against its schema. */
import { z } from 'zod'
import { signRequest, type ApiCredentials, type SigningClock } from './request-signature.js'
import { ApiError } from './schemas/index.js'
import { ApiRequestError } from './trading-client.js'

export type QueryValues = Record<string, string | number | undefined>

export interface RestRequest<Answer extends z.ZodType> {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** After `/api/v1`. */
  path: string
  query?: QueryValues
  body?: unknown
  answer: Answer
}

export interface RestOptions {
  baseUrl: string
  /** Read at each request: it changes with log-in and log-out. Empty for cookies. */
  token(): string
  /** Signs every request instead of sending a token. */
  apiKey?: { credentials: ApiCredentials; clock: SigningClock }
  fetch: typeof fetch
  timeoutMs: number
}

/** A call whose answer carries nothing. */
export const Nothing = z.undefined()

/** Sends the request and returns the checked answer; rejects with {@link ApiRequestError}. */
export async function callRest<Answer extends z.ZodType>(options: RestOptions, request: RestRequest<Answer>): Promise<z.output<Answer>> {
  const name = `${request.method} ${request.path}`
  const headers: Record<string, string> = { accept: 'application/json' }
  const token = options.token()
  if (token !== '') headers['authorization'] = `Bearer ${token}`
  if (request.body !== undefined) headers['content-type'] = 'application/json'
  const path = `/api/v1${request.path}${queryText(request.query)}`
  const body = request.body === undefined ? '' : JSON.stringify(request.body)
  if (options.apiKey !== undefined) {
    const { credentials, clock } = options.apiKey
    Object.assign(headers, await signRequest(credentials, { timestampMs: clock.next(), method: request.method, path, body }))
  }
  let status: number
  let text: string
  try {
    const response = await options.fetch(`${options.baseUrl}${path}`, {
      method: request.method,
      headers,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(options.timeoutMs),
      ...(body === '' ? {} : { body }),
    })
    status = response.status
    text = await response.text()
  } catch (cause) {
    throw unavailable(`${name} got no answer from the exchange: ${describe(cause)}. Check the address and the network, then try again.`)
  }
  const told = text === '' ? undefined : parseJson(text)
  if (status >= 400) throw refusal(name, status, told)
  const answer = request.answer.safeParse(told)
  if (!answer.success) {
    throw new ApiRequestError('internal', `The answer to ${name} does not fit version 1 of the API (${z.prettifyError(answer.error)}). Client and exchange are probably of different versions.`, status)
  }
  return answer.data
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

function queryText(query: QueryValues | undefined): string {
  const values = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) values.set(name, String(value))
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
