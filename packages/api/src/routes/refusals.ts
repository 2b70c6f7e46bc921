/** What refusals of identity become in the API: status, code and the field that is wrong. */
import { ApiFailure, tooManyRequests } from '../http/failures.js'

/** Log-ins, codes and passkeys that were not right. */
export function refusedProof({ code, message, retryAfterMs }: { code: string; message: string; retryAfterMs?: number | undefined }): ApiFailure {
  if (code === 'too_many_requests') return tooManyRequests(Math.ceil((retryAfterMs ?? 60_000) / 1_000), message)
  if (code === 'account_frozen') return new ApiFailure({ status: 422, code, message })
  if (code === 'conflict' || code === 'too_many_passkeys') return new ApiFailure({ status: 409, code, message })
  return new ApiFailure({ status: 401, code, message, field: code === 'second_factor_required' || code === 'wrong_code' ? 'code' : undefined })
}

export function weakPassword({ code, message }: { code: string; message: string }): ApiFailure {
  return new ApiFailure({ status: 422, code, message, field: 'password' })
}

export function linkExpired({ code, message }: { code: string; message: string }): ApiFailure {
  return new ApiFailure({ status: 422, code, message, field: 'token' })
}
