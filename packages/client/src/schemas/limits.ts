/** How much may be asked in how short a time: the numbers that the gateway enforces and the documentation tells. */

/** A budget is spent by requests and fills again evenly within its window. */
export interface RateBudget {
  readonly windowSeconds: number
  /** By whom it is counted; every one that applies is spent, and the first that is empty refuses. */
  readonly key: number
  readonly user: number
  readonly address: number
  /** Of an address, for all that is asked there without a log-in. */
  readonly anonymous: number
}

export interface RateLimitRules {
  /** Weight: what requests cost the exchange. */
  readonly weight: RateBudget
  /** Orders: every order that is placed, changed or cancelled; a list counts each. */
  readonly orders: RateBudget
}

export const RATE_LIMITS: RateLimitRules = {
  weight: { windowSeconds: 60, key: 6_000, user: 12_000, address: 24_000, anonymous: 6_000 },
  orders: { windowSeconds: 10, key: 2_000, user: 4_000, address: 8_000, anonymous: 2_000 },
}
