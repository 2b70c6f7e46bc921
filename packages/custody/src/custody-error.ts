/** Refusals of custody: something that the person who asked can understand and change. */
import type { RejectCode } from '@bourse/core'

export type CustodyErrorCode = RejectCode | 'invalid_request' | 'invalid_address' | 'conflict' | 'deposit_unavailable' | 'withdrawal_unavailable'

/** Nothing was changed. `code` is one of the API's error codes or a reject code of the engine. */
export class CustodyError extends Error {
  constructor(
    readonly code: CustodyErrorCode,
    message: string,
    /** The field of the request that is wrong, where there is one. */
    readonly field?: 'asset' | 'address' | 'amount' | 'requestId' | 'cursor',
  ) {
    super(message)
    this.name = 'CustodyError'
  }
}
