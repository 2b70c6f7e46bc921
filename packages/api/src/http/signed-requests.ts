/** Takes each request that was signed with an API key once, and only near the time that it bears. */
import { SIGNATURE_WINDOW_MS, signedPayload } from '@bourse/client'
import type { ApiKey, ApiKeys, Person } from '@bourse/identity'
import { ApiFailure, forbidden, tooManyRequests } from './failures.js'
import { requestDigest, TakenRequests, type OneTimeRequests } from './taken-requests.js'

export interface SignedRequest {
  readonly key: string
  /** As in the header: milliseconds since 1970. */
  readonly timestamp: string
  readonly signature: string
  readonly method: string
  readonly path: string
  readonly body: string
  readonly address: string
}

/** A request is out of time after twice the window at the latest: once as early, once as late as may be. */
const REMEMBERED_MS = 2 * SIGNATURE_WINDOW_MS
const TIMESTAMP = /^[1-9]\d{12,15}$/

export class SignedRequests {
  constructor(
    private readonly keys: Pick<ApiKeys, 'check'>,
    private readonly now: () => number,
    private readonly taken: OneTimeRequests = new TakenRequests(),
  ) {}

  /** @throws ApiFailure saying why the request is not the key's: 401, 403, or 409 for one that was taken before. */
  async check(request: SignedRequest): Promise<{ apiKey: ApiKey; user: Person }> {
    const timestampMs = TIMESTAMP.test(request.timestamp) ? Number(request.timestamp) : NaN
    const nowMs = this.now()
    if (!(Math.abs(nowMs - timestampMs) <= SIGNATURE_WINDOW_MS)) {
      throw new ApiFailure({ status: 401, code: 'request_out_of_time', message: `The request bears the time ${request.timestamp.slice(0, 20) || 'none'} and arrived at ${nowMs}; at most ${SIGNATURE_WINDOW_MS} ms may lie between. Set the clock, or read GET /api/v1/time.` })
    }
    const payload = signedPayload({ timestampMs, method: request.method, path: request.path, body: request.body })
    const result = await this.keys.check({ key: request.key, signature: request.signature, payload, address: request.address })
    if (!result.ok) {
      if (result.code === 'address_not_allowed') throw forbidden(result.message)
      throw new ApiFailure({ status: 401, code: 'not_logged_in', message: result.message })
    }
    await this.takeOnce(request.key, payload, nowMs)
    return { apiKey: result.apiKey, user: result.user }
  }

  private async takeOnce(key: string, payload: string, nowMs: number): Promise<void> {
    const taken = await this.taken.take(requestDigest(key, payload), { nowMs, rememberedMs: REMEMBERED_MS })
    if (taken === 'full') throw tooManyRequests(1)
    if (taken === 'repeated') throw new ApiFailure({ status: 409, code: 'request_repeated', message: 'This signed request was taken before. Sign each request anew, with the present time.' })
  }
}
