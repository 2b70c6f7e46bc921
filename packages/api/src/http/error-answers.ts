/** What a failure looks like to the one who asked. */
import type { ApiError } from '@bourse/client'
import { errorDocs } from '../documents/error-catalogue.js'
import type { Log } from '../log.js'
import { ApiFailure } from './failures.js'

/** What of a failure goes out; nothing of its cause or stack. */
export function errorBody(failure: ApiFailure, requestId: string): ApiError['error'] {
  return { code: failure.code, message: failure.message, ...(failure.field === undefined ? {} : { field: failure.field }), docs: errorDocs(failure.code), requestId }
}

/** A fault of the exchange itself: logged whole, told without detail. */
export function internalFailure(log: Log, error: unknown, facts: Readonly<Record<string, unknown>>): ApiFailure {
  log.error('A request failed through a fault of the exchange', { ...facts, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  return new ApiFailure({ status: 500, code: 'internal', message: `The exchange failed to answer; its operator finds the cause in the log under ${String(facts['requestId'])}.` })
}
