/** Every way in which a request can fail, with its HTTP status and stable code; and what other errors become. */
import { OverloadedError } from '@bourse/plugin'
import type { z } from 'zod'

export interface FailureOptions {
  status: number
  /** A reject code of the engine or one of API_ERROR_CODES. */
  code: string
  message: string
  /** The field of the request that is wrong. */
  field?: string | undefined
  retryAfterSeconds?: number
}

/** Thrown by handlers; becomes the answer. Its message is meant for people. */
export class ApiFailure extends Error {
  readonly status: number
  readonly code: string
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(options: FailureOptions) {
    super(options.message)
    this.name = 'ApiFailure'
    this.status = options.status
    this.code = options.code
    this.field = options.field
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

export function notLoggedIn(): ApiFailure {
  return new ApiFailure({ status: 401, code: 'not_logged_in', message: 'This needs a log-in. Log in, or send the header "Authorization: Bearer <token>".' })
}

export function notFound(message: string, field?: string): ApiFailure {
  return new ApiFailure({ status: 404, code: 'not_found', message, field })
}

export function forbidden(message: string): ApiFailure {
  return new ApiFailure({ status: 403, code: 'forbidden', message })
}

export function emailNotVerified(): ApiFailure {
  return new ApiFailure({ status: 403, code: 'email_not_verified', message: 'Prove your e-mail address first: follow the link in the mail that was sent to you, or have a new one sent under Security.' })
}

export function proofRequired(): ApiFailure {
  return new ApiFailure({ status: 403, code: 'proof_required', message: 'This needs a fresh proof of who you are: give your password or second factor to POST /api/v1/security/proof, then try again.' })
}

export function tooManyRequests(retryAfterSeconds: number, message = `Too many requests. Wait ${retryAfterSeconds} s, then go on more slowly.`): ApiFailure {
  return new ApiFailure({ status: 429, code: 'too_many_requests', message, retryAfterSeconds })
}

export function unavailable(message: string): ApiFailure {
  return new ApiFailure({ status: 503, code: 'unavailable', message, retryAfterSeconds: 1 })
}

/** Fields whose values are never repeated in an answer or a log. */
const SECRET_FIELDS = new Set(['password', 'token', 'code', 'ticket', 'response'])
const SHOWN_VALUE_LENGTH = 60

/** The first fault of an input, in words that name the field and the value. */
export function invalidRequest(error: z.ZodError, input: unknown): ApiFailure {
  const issue = error.issues[0]
  if (issue === undefined) return new ApiFailure({ status: 400, code: 'invalid_request', message: 'The request is not valid.' })
  const field = issue.path.map(String).join('.')
  const shown = issue.path.length === 0 || SECRET_FIELDS.has(field) ? '' : shownValue(valueAt(input, issue.path))
  const subject = field === '' ? '' : `${field}: `
  return new ApiFailure({ status: 400, code: 'invalid_request', message: `${subject}${issue.message}${shown}.`, field: field === '' ? undefined : field })
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

function shownValue(value: unknown): string {
  if (value === undefined) return ''
  const text = JSON.stringify(value)
  return `; got ${text.length > SHOWN_VALUE_LENGTH ? `${text.slice(0, SHOWN_VALUE_LENGTH)}…` : text}`
}

/** The writer takes nothing: halted, out of disk, or closing. What stands is still served. */
const EXCHANGE_STOPPED = new Set(['exchange_halted', 'exchange_read_only', 'exchange_closed'])

/** What any thrown thing means to the one who asked; undefined for a fault of the exchange itself, which goes to the log. */
export function failureOf(error: unknown): ApiFailure | undefined {
  if (error instanceof ApiFailure) return error
  if (error instanceof OverloadedError) return new ApiFailure({ status: 503, code: error.code, message: error.message, retryAfterSeconds: 1 })
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? error.code : undefined
  // Errors of the packages below name their own code: a cursor of another list, too many log-ins at once.
  if (code === 'invalid_request') return new ApiFailure({ status: 400, code, message: error.message })
  if (code === 'unavailable' || EXCHANGE_STOPPED.has(String(code))) return unavailable(error.message)
  return bodyFailure(error)
}

/** Faults of body and address that express and its body parser find. */
function bodyFailure(error: Error): ApiFailure | undefined {
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined
  if (status === undefined || status < 400 || status >= 500) return undefined
  const type = 'type' in error ? error.type : undefined
  if (type === 'entity.parse.failed') return new ApiFailure({ status: 400, code: 'invalid_request', message: 'The body is not valid JSON.' })
  if (type === 'entity.too.large') return new ApiFailure({ status: 413, code: 'invalid_request', message: 'The body is too large.' })
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') return new ApiFailure({ status: 415, code: 'invalid_request', message: 'The body must be JSON in UTF-8 without compression.' })
  return new ApiFailure({ status: 400, code: 'invalid_request', message: 'The request could not be read.' })
}
