/** Limits of requests that nobody reaches, for tests that try many things and not the limits. */
import type { RateLimits } from '../src/http/rate-limits.js'

export const NO_LIMITS: RateLimits = {
  take: () => ({ allowed: true, retryAfterSeconds: 0, weight: { limit: 1_000_000, remaining: 1_000_000, resetSeconds: 0 }, orders: undefined }),
}
