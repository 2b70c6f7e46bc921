/** Carries out what is asked over a socket of whatever kind: within its budgets, for the one who is logged in, and answered whatever happens. */
import type { Cost } from '@bourse/client'
import { limitedCaller, requireAccess, type Admission, type Admitted } from '../http/admission.js'
import { errorBody, internalFailure } from '../http/error-answers.js'
import { failureOf, notLoggedIn, tooManyRequests, unavailable } from '../http/failures.js'
import type { LimitState, RateLimits } from '../http/rate-limits.js'
import { InFlight } from '../in-flight.js'
import type { Log } from '../log.js'

export interface SocketCallsOptions {
  readonly admission: Admission
  readonly limits: RateLimits
  readonly log: Log
  now(): number
  newRequestId(): string
}

/** What a socket is answered. */
export type SocketAnswer = { readonly ok: true } | { readonly ok: false; readonly error: ReturnType<typeof errorBody> & { readonly status: number } }

export class SocketCalls {
  readonly inFlight = new InFlight()
  /** Takes nothing new: the exchange is shutting down. */
  draining = false

  constructor(private readonly options: SocketCallsOptions) {}

  /** Runs one request within its budgets; undefined where the work has answered already. */
  async answer(admitted: Admitted, cost: Cost, work: () => Promise<object | undefined>): Promise<SocketAnswer | undefined> {
    const left = this.inFlight.enter()
    try {
      if (this.draining) throw unavailable('The exchange is shutting down and takes nothing new. Nothing was changed; try again in a few seconds.')
      const spent = this.spend(admitted, cost)
      if (spent !== undefined) await spent
      const answer = await work()
      return answer === undefined ? undefined : { ok: true, ...answer }
    } catch (error) {
      return this.refusal(error)
    } finally {
      left()
    }
  }

  refusal(error: unknown): SocketAnswer {
    const requestId = this.options.newRequestId()
    const failure = failureOf(error) ?? internalFailure(this.options.log, error, { requestId })
    return { ok: false, error: { ...errorBody(failure, requestId), status: failure.status } }
  }

  /** When the log-in of a socket ends, in milliseconds since 1970. */
  endsMs({ session, apiKey }: Admitted): number {
    return session?.expiresMs ?? apiKey?.expiresMs ?? Infinity
  }

  /** The person behind a socket, whose account then exists. */
  async userId(admitted: Admitted, access: 'read' | 'trade'): Promise<string> {
    if (this.endsMs(admitted) <= this.options.now()) throw notLoggedIn()
    const { userId } = requireAccess(admitted, access)
    await this.options.admission.prepareAccount(userId)
    return userId
  }

  /** Where limits are counted in this process nothing is waited for. */
  private spend(admitted: Admitted, cost: Cost): Promise<void> | undefined {
    if (admitted.unlimited) return undefined
    const state = this.options.limits.take(cost, limitedCaller(admitted))
    if (state instanceof Promise) return state.then(requireAllowed)
    requireAllowed(state)
    return undefined
  }
}

function requireAllowed({ allowed, retryAfterSeconds }: LimitState): void {
  if (!allowed) throw tooManyRequests(retryAfterSeconds)
}
